package guichet

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// CleAcces is a passkey of an account: the public half of a key that never
// leaves the person's device.
type CleAcces struct {
	Identifiant string // of the credential, base64url
	CompteID    CompteID
	Poignee     string // how devices name the account, base64url: chance, the same for all its keys
	Nom         string // as its owner calls it
	Charge      []byte // public key, counter and flags, as the port writes them
	Cree        time.Time
	Usage       time.Time // last sign-in; zero = never
}

// TitulaireCle is the account that a passkey is made for, as its device shows
// it.
type TitulaireCle struct {
	Poignee, Identifiant, Nom string
}

// AuthentificateurCles speaks WebAuthn for the portal's public address. It
// always asks for user verification: the device checks a finger, a face or a
// code, so that one gesture is two factors. defi is chance that the caller
// brings; options goes to the browser, etat stays here until the answer comes.
// An answer that does not hold is an error of kind NonIdentifie or Invalide.
type AuthentificateurCles interface {
	// Origines lists the addresses of pages on which passkeys work.
	Origines() []string
	DebuterAjout(t TitulaireCle, deja []CleAcces, defi []byte) (options, etat []byte, err error)
	// FinirAjout gives the new key's Identifiant and Charge.
	FinirAjout(t TitulaireCle, etat, reponse []byte) (*CleAcces, error)
	// DebuterEntree asks for one of the keys, or for any that the device has
	// for the portal when there is none.
	DebuterEntree(t TitulaireCle, cles []CleAcces, defi []byte) (options, etat []byte, err error)
	// FinirEntree finds the key by trouver and gives it back as it is to be
	// kept: with its new counter.
	FinirEntree(etat, reponse []byte, trouver func(identifiant, poignee string) (*CleAcces, error)) (*CleAcces, error)
}

// UsageCeremonie is what a ceremony is for.
type UsageCeremonie string

// The uses of ceremonies.
const (
	CeremonieAjoutCle  UsageCeremonie = "ajout_cle"
	CeremonieEntreeCle UsageCeremonie = "entree_cle"
	CeremonieIdentite  UsageCeremonie = "identite"
)

// Ceremonie is what waits between two pages of a sign-in. It serves once.
type Ceremonie struct {
	Empreinte string // SHA-256 of the secret that names it
	Usage     UsageCeremonie
	Charge    []byte // JSON of its use
	Expire    time.Time
}

const (
	dureeCeremonie   = 5 * time.Minute
	clesMax          = 10
	nomCleMax        = 60
	compteurCle      = "cle:"
	ceremoniesReseau = 300 // begun from one network in a window
)

// errCles refuses what needs passkeys where there are none.
func errCles() error {
	return erreur(Conflit, "Ce portail n’a pas d’adresse publique (GUICHET_ADRESSE) : les clés d’accès n’y sont pas ouvertes. Prévenez son exploitant.")
}

// ClesOuvertes lists the addresses on which passkeys work; none = nowhere.
func (g *Guichet) ClesOuvertes() []string {
	if g.m.Cles == nil {
		return nil
	}
	return g.m.Cles.Origines()
}

// ajoutCle is what waits for a new passkey.
type ajoutCle struct {
	Compte  CompteID
	Poignee string
	Nom     string
	Etat    json.RawMessage
}

// DebutCle is what a browser needs for the next step: the options of WebAuthn
// and the secret of the ceremony.
type DebutCle struct {
	Ceremonie string          `json:"ceremonie"`
	Options   json.RawMessage `json:"options"`
}

// PreparerCle begins to add a passkey to the actor's account, given the present
// password.
func (g *Guichet) PreparerCle(ctx context.Context, a *Acteur, motDePasse, nom string) (*DebutCle, error) {
	if g.m.Cles == nil {
		return nil, errCles()
	}
	if nom = strings.TrimSpace(nom); nom == "" || len([]rune(nom)) > nomCleMax || !lisible(nom) {
		return nil, erreur(Invalide, "Donnez à la clé d’accès un nom de 1 à %d caractères, pour la reconnaître : « téléphone », « clé du bureau ».", nomCleMax)
	}
	if err := g.exigerPresent(ctx, a, motDePasse); err != nil {
		return nil, err
	}
	var deja []CleAcces
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		deja, err = tx.ClesAcces(a.ID)
		return err
	}); err != nil {
		return nil, err
	}
	if len(deja) >= clesMax {
		return nil, erreur(Conflit, "Vous avez déjà %d clés d’accès. Retirez-en une avant d’en ajouter une autre.", clesMax)
	}
	t := TitulaireCle{Identifiant: a.Identifiant, Nom: a.Nom}
	if len(deja) > 0 {
		t.Poignee = deja[0].Poignee
	} else {
		b, err := g.octets(32)
		if err != nil {
			return nil, err
		}
		t.Poignee = base64.RawURLEncoding.EncodeToString(b)
	}
	defi, err := g.octets(32)
	if err != nil {
		return nil, err
	}
	options, etat, err := g.m.Cles.DebuterAjout(t, deja, defi)
	if err != nil {
		return nil, err
	}
	var secret string
	err = g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		secret, err = g.poserCeremonie(tx, CeremonieAjoutCle, ajoutCle{a.ID, t.Poignee, nom, etat})
		return err
	})
	return &DebutCle{Ceremonie: secret, Options: options}, err
}

// AjouterCle keeps the passkey that a device has made. With the first second
// factor of an account come recovery codes: they are shown once. The actor's
// other sessions end.
func (g *Guichet) AjouterCle(ctx context.Context, a *Acteur, ceremonie string, reponse []byte, session string) (codes []string, err error) {
	if g.m.Cles == nil {
		return nil, errCles()
	}
	var q ajoutCle
	if err := g.prendreCeremonie(ctx, ceremonie, CeremonieAjoutCle, &q); err != nil {
		return nil, err
	}
	if q.Compte != a.ID {
		return nil, errCeremonie()
	}
	cle, err := g.m.Cles.FinirAjout(TitulaireCle{Poignee: q.Poignee, Identifiant: a.Identifiant, Nom: a.Nom}, q.Etat, reponse)
	if err != nil {
		return nil, err
	}
	cle.CompteID, cle.Poignee, cle.Nom, cle.Cree = a.ID, q.Poignee, q.Nom, g.m.Horloge()
	nouveaux, empreintes, err := nouveauxCodes(g.m.Hasard)
	if err != nil {
		return nil, err
	}
	err = g.faire(ctx, operation{acteur: a, action: GererCles, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		codes = nil
		if err := tx.AjouterCleAcces(cle); errors.Is(err, ErrDoublon) {
			return nil, "", erreur(Conflit, "Cette clé d’accès est déjà enregistrée.")
		} else if err != nil {
			return nil, "", err
		}
		if n, err := tx.CodesSecours(a.ID); err != nil {
			return nil, "", err
		} else if n == 0 {
			codes = nouveaux
			if err := tx.PoserCodesSecours(a.ID, empreintes); err != nil {
				return nil, "", err
			}
		}
		return nil, "ajouter " + q.Nom, g.couper(tx, a.ID, session)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// Cles lists the actor's own passkeys, oldest first.
func (g *Guichet) Cles(ctx context.Context, a *Acteur) (cs []CleAcces, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		cs, err = tx.ClesAcces(a.ID)
		return err
	})
	return cs, err
}

// RetirerCle ends one of the actor's own passkeys, given the present password.
// With the last second factor go the recovery codes.
func (g *Guichet) RetirerCle(ctx context.Context, a *Acteur, identifiant, motDePasse string) error {
	if err := g.exigerPresent(ctx, a, motDePasse); err != nil {
		return err
	}
	return g.faire(ctx, operation{acteur: a, action: GererCles, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		cs, err := tx.ClesAcces(a.ID)
		if err != nil {
			return nil, "", err
		}
		i := slices.IndexFunc(cs, func(c CleAcces) bool { return c.Identifiant == identifiant })
		if i < 0 {
			return nil, "", erreur(Inconnu, "Cette clé d’accès n’existe pas, ou est déjà retirée.")
		}
		actif, err := telephone(tx, a.ID)
		if err == nil && !actif && len(cs) == 1 {
			err = tx.PoserCodesSecours(a.ID, nil)
		}
		return nil, "retirer " + cs[i].Nom, errors.Join(err, tx.OterCleAcces(a.ID, identifiant))
	})
}

// entreeCle is what waits for a passkey to sign in.
type entreeCle struct {
	Defi string // of a sign-in whose password was right; "" = none was given
	Etat json.RawMessage
}

// PreparerEntreeCle begins a sign-in by passkey: without a name, or as the
// second step of a sign-in that waits (defi).
func (g *Guichet) PreparerEntreeCle(ctx context.Context, defi string, o Origine) (*DebutCle, error) {
	if g.m.Cles == nil {
		return nil, errCles()
	}
	if err := g.freiner(ctx, compteurCle, reseauDe(o.Adresse), ceremoniesReseau, fenetreReseau); err != nil {
		return nil, err
	}
	var t TitulaireCle
	var cles []CleAcces
	if defi != "" {
		if err := g.m.Base.Lire(ctx, func(tx Tx) error {
			_, c, err := g.defiValable(tx, defi)
			if err != nil {
				return err
			}
			t.Identifiant, t.Nom = c.Identifiant, c.Nom
			cles, err = tx.ClesAcces(c.ID)
			return err
		}); err != nil {
			return nil, err
		}
		if len(cles) == 0 {
			return nil, erreur(Conflit, "Ce compte n’a pas de clé d’accès.")
		}
		t.Poignee = cles[0].Poignee
	}
	hasard, err := g.octets(32)
	if err != nil {
		return nil, err
	}
	options, etat, err := g.m.Cles.DebuterEntree(t, cles, hasard)
	if err != nil {
		return nil, err
	}
	var secret string
	err = g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		secret, err = g.poserCeremonie(tx, CeremonieEntreeCle, entreeCle{defi, etat})
		return err
	})
	return &DebutCle{Ceremonie: secret, Options: options}, err
}

// ConnecterCle signs in by passkey and returns the secret of a new session. All
// that does not hold is refused alike.
func (g *Guichet) ConnecterCle(ctx context.Context, ceremonie string, reponse []byte, o Origine) (secret string, a *Acteur, err error) {
	if g.m.Cles == nil {
		return "", nil, errCles()
	}
	var q entreeCle
	if err := g.prendreCeremonie(ctx, ceremonie, CeremonieEntreeCle, &q); err != nil {
		return "", nil, err
	}
	// The key is judged in the transaction that keeps its new counter: of two
	// answers of one counter, one signs in.
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		cle, err := g.m.Cles.FinirEntree(q.Etat, reponse, func(identifiant, poignee string) (*CleAcces, error) {
			c, err := tx.CleAcces(identifiant)
			if err == nil && poignee != "" && !memeEmpreinte(c.Poignee, poignee) {
				err = ErrAbsent
			}
			return c, err
		})
		if err != nil {
			return absentCle(err)
		}
		c, err := tx.Compte(cle.CompteID)
		if err != nil {
			return err
		}
		if !g.ouvert(c) {
			return errEntreeCle()
		}
		if err := g.memeDefi(tx, q.Defi, c.ID); err != nil {
			return err
		}
		cle.Usage = g.m.Horloge()
		if err := tx.MajCleAcces(cle); err != nil {
			return err
		}
		a = &Acteur{Compte: *c, Adresse: o.Adresse}
		secret, err = g.laisserEntrer(tx, a, ParCle, o.Navigateur)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	return secret, a, nil
}

// memeDefi uses up the sign-in that a key is the second step of; it must be of
// the same account.
func (g *Guichet) memeDefi(tx Tx, defi string, c CompteID) error {
	if defi == "" {
		return nil
	}
	l, x, err := g.defiValable(tx, defi)
	if err != nil {
		return err
	}
	if x.ID != c {
		return errEntreeCle()
	}
	return tx.OterLien(l.Empreinte)
}

func errEntreeCle() error {
	return erreur(NonIdentifie, "Cette clé d’accès n’ouvre aucun compte. Connectez-vous avec votre mot de passe, puis enregistrez-la sur la page de votre compte.")
}

func absentCle(err error) error {
	if errors.Is(err, ErrAbsent) {
		return errEntreeCle()
	}
	return err
}

func errCeremonie() error {
	return erreur(NonIdentifie, "Cette connexion a expiré, ou a déjà servi. Recommencez.")
}

// octets is n bytes of chance.
func (g *Guichet) octets(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(g.m.Hasard, b); err != nil {
		return nil, fmt.Errorf("randomness: %w", err)
	}
	return b, nil
}

// poserCeremonie keeps what waits, and returns the secret that names it.
func (g *Guichet) poserCeremonie(tx Tx, u UsageCeremonie, charge any) (string, error) {
	b, err := json.Marshal(charge)
	if err != nil {
		return "", err
	}
	secret, empreinte, err := nouveauSecret(g.m.Hasard, "")
	if err != nil {
		return "", err
	}
	return secret, tx.PoserCeremonie(&Ceremonie{Empreinte: empreinte, Usage: u, Charge: b, Expire: g.m.Horloge().Add(dureeCeremonie)})
}

// prendreCeremonie takes up what waited: once, whatever becomes of it.
func (g *Guichet) prendreCeremonie(ctx context.Context, secret string, u UsageCeremonie, charge any) error {
	var c *Ceremonie
	err := g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		c, err = tx.PrendreCeremonie(empreinteSecret(secret), u)
		return err
	})
	if errors.Is(err, ErrAbsent) || err == nil && !g.m.Horloge().Before(c.Expire) {
		return errCeremonie()
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(c.Charge, charge)
}
