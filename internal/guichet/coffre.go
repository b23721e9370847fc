package guichet

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// CleTaille is the length of the key of the safe, in bytes.
const CleTaille = 32

// errCoffre refuses what needs the safe when the portal has no key.
func errCoffre() error {
	return erreur(Conflit, "Ce portail n’a pas de clé de coffre (GUICHET_CLE) : cette fonction n’est pas ouverte. Prévenez son exploitant.")
}

// nomCle names a key, so that what it sealed says so. It tells nothing of the
// key: 32 bits of a hash of 256.
func nomCle(cle []byte) string {
	somme := sha256.Sum256(append([]byte("guichet : nom de la clé du coffre\n"), cle...))
	return hex.EncodeToString(somme[:4])
}

// coffre is the cipher that keeps secrets which must be read again: those of
// second factors and of webhooks.
func coffre(cle []byte) (cipher.AEAD, error) {
	if len(cle) != CleTaille {
		return nil, errCoffre()
	}
	b, err := aes.NewCipher(cle)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}

// sceller encrypts a secret by the present key. lieu says what it is and whose:
// the sealed text opens nowhere else. It is NAME.BASE64, NAME that of the key.
func (g *Guichet) sceller(clair, lieu string) (string, error) {
	c, err := coffre(g.m.Cle)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, c.NonceSize())
	if _, err := io.ReadFull(g.m.Hasard, nonce); err != nil {
		return "", fmt.Errorf("randomness: %w", err)
	}
	return nomCle(g.m.Cle) + "." + base64.RawStdEncoding.EncodeToString(c.Seal(nonce, nonce, []byte(clair), []byte(lieu))), nil
}

// ouvrirScelle decrypts what sceller made for the same place, by either key. What was sealed before keys had names is tried with each.
func (g *Guichet) ouvrirScelle(scelle, lieu string) (string, error) {
	if len(g.m.Cle) != CleTaille {
		return "", errCoffre()
	}
	nom, texte, nomme := strings.Cut(scelle, ".")
	if !nomme {
		texte = scelle
	}
	err := errors.New("no key of that name")
	for _, cle := range [][]byte{g.m.Cle, g.m.CleAncienne} {
		if len(cle) == 0 || nomme && nom != nomCle(cle) {
			continue
		}
		var clair string
		if clair, err = ouvrirPar(cle, texte, lieu); err == nil {
			return clair, nil
		}
	}
	return "", &Error{Genre: Interne, Message: "Un secret gardé ne s’ouvre pas : la clé du coffre n’est pas celle qui l’a fermé.", Cause: err}
}

func ouvrirPar(cle []byte, texte, lieu string) (string, error) {
	c, err := coffre(cle)
	if err != nil {
		return "", err
	}
	b, err := base64.RawStdEncoding.DecodeString(texte)
	if err == nil && len(b) < c.NonceSize() {
		err = errors.New("sealed text is too short")
	}
	if err == nil {
		b, err = c.Open(nil, b[:c.NonceSize()], b[c.NonceSize():], []byte(lieu))
	}
	return string(b), err
}

// CoffreRenouvele is what became of the sealed secrets.
type CoffreRenouvele struct {
	Scelles int // anew, by the present key
	Deja    int // sealed by it before
}

// RenouvelerCoffre seals by the present key all that another one sealed, in one
// transaction with its journal entry: all of it, or nothing when a secret does
// not open. Done again, it finds nothing to do. Portals that serve meanwhile
// must have both keys.
func (g *Guichet) RenouvelerCoffre(ctx context.Context) (c CoffreRenouvele, err error) {
	if len(g.m.Cle) != CleTaille {
		return c, errCoffre()
	}
	err = g.faire(ctx, operation{acteur: Operateur(), action: RenouvelerCle, objet: "coffre:" + nomCle(g.m.Cle)}, func(tx Tx, _ *operation) (any, string, error) {
		c = CoffreRenouvele{}
		ss, err := tx.SecondsFacteurs()
		if err != nil {
			return nil, "", err
		}
		for i := range ss {
			if err := g.resceller(&c, &ss[i].Scelle, lieuSecond(ss[i].CompteID), func() error { return tx.PoserSecondFacteur(&ss[i]) }); err != nil {
				return nil, "", err
			}
		}
		bs, err := tx.AbonnementsTous()
		if err != nil {
			return nil, "", err
		}
		for i := range bs {
			if err := g.resceller(&c, &bs[i].Scelle, lieuWebhook(bs[i].FournisseurID, bs[i].URL), func() error { return tx.PoserAbonnement(&bs[i]) }); err != nil {
				return nil, "", err
			}
		}
		return nil, fmt.Sprintf("%d scellés de nouveau, %d l’étaient déjà", c.Scelles, c.Deja), nil
	})
	return c, err
}

// resceller seals one secret by the present key, and keeps it.
func (g *Guichet) resceller(c *CoffreRenouvele, scelle *string, lieu string, garder func() error) error {
	if strings.HasPrefix(*scelle, nomCle(g.m.Cle)+".") {
		c.Deja++
		return nil
	}
	clair, err := g.ouvrirScelle(*scelle, lieu)
	if err != nil {
		return err
	}
	if *scelle, err = g.sceller(clair, lieu); err != nil {
		return err
	}
	c.Scelles++
	return garder()
}
