package guichet

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
)

// CleTaille is the length of the key of the safe, in bytes.
const CleTaille = 32

// errCoffre refuses what needs the safe when the portal has no key.
func errCoffre() error {
	return erreur(Conflit, "Ce portail n’a pas de clé de coffre (GUICHET_CLE) : cette fonction n’est pas ouverte. Prévenez son exploitant.")
}

// coffre is the cipher that keeps secrets which must be read again: those of
// second factors and of webhooks.
func (g *Guichet) coffre() (cipher.AEAD, error) {
	if len(g.m.Cle) != CleTaille {
		return nil, errCoffre()
	}
	b, err := aes.NewCipher(g.m.Cle)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}

// sceller encrypts a secret. lieu says what it is and whose: the sealed text
// opens nowhere else.
func (g *Guichet) sceller(clair, lieu string) (string, error) {
	c, err := g.coffre()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, c.NonceSize())
	if _, err := io.ReadFull(g.m.Hasard, nonce); err != nil {
		return "", fmt.Errorf("randomness: %w", err)
	}
	return base64.RawStdEncoding.EncodeToString(c.Seal(nonce, nonce, []byte(clair), []byte(lieu))), nil
}

// ouvrirScelle decrypts what sceller made for the same place.
func (g *Guichet) ouvrirScelle(scelle, lieu string) (string, error) {
	c, err := g.coffre()
	if err != nil {
		return "", err
	}
	b, err := base64.RawStdEncoding.DecodeString(scelle)
	if err == nil && len(b) < c.NonceSize() {
		err = errors.New("sealed text is too short")
	}
	if err == nil {
		b, err = c.Open(nil, b[:c.NonceSize()], b[c.NonceSize():], []byte(lieu))
	}
	if err != nil {
		return "", &Error{Genre: Interne, Message: "Un secret gardé ne s’ouvre pas : la clé du coffre n’est pas celle qui l’a fermé.", Cause: err}
	}
	return string(b), nil
}
