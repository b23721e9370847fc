package guichet

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// SecondFacteur is the second factor of an account: a secret shared with the
// person's telephone (RFC 6238).
type SecondFacteur struct {
	CompteID CompteID
	Scelle   string // the secret, sealed
	Actif    bool   // false until a first code proves that it is shared
	Pas      int64  // last period whose code was taken; no earlier one works
	Cree     time.Time
}

const (
	periodeTOTP   = 30
	essaisDefi    = 5  // wrong codes for one sign-in
	essaisSecond  = 20 // of one account, from all browsers that it does not know, in fenetreSecond
	fenetreSecond = 15 * time.Minute
	prefixeSecond = "second:"
)

// SecondFacteurRequis is the error of a sign-in whose password was right and
// which waits for a code or a passkey. Defi names this sign-in to
// [Guichet.ConnecterSecondFacteur] and [Guichet.ConnecterCle].
type SecondFacteurRequis struct {
	Defi string
	Code bool // the telephone is in use: else a code is one of the recovery codes
	Cles bool // the account has passkeys
}

func (*SecondFacteurRequis) Error() string { return "Donnez le code de votre application." }

// optionsTOTP are those that every application on telephones knows.
func optionsTOTP() totp.ValidateOpts {
	return totp.ValidateOpts{Period: periodeTOTP, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
}

func lieuSecond(c CompteID) string { return prefixeSecond + strconv.FormatInt(int64(c), 10) }

// EtatSecondFacteur tells whether the actor's telephone is in use as a second
// factor and how many recovery codes are left.
func (g *Guichet) EtatSecondFacteur(ctx context.Context, a *Acteur) (actif bool, codes int, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		if actif, err = telephone(tx, a.ID); err == nil {
			codes, err = tx.CodesSecours(a.ID)
		}
		return err
	})
	return actif, codes, err
}

// telephone tells whether codes of a telephone are in use.
func telephone(tx Tx, c CompteID) (bool, error) {
	s, err := tx.SecondFacteur(c)
	if err != nil {
		return false, presence(err)
	}
	return s.Actif, nil
}

// PreparationSecondFacteur is shown once.
type PreparationSecondFacteur struct {
	Secret string // to type by hand
	URL    string // otpauth://…
	QR     []byte // the same, PNG
}

// PreparerSecondFacteur makes a new secret, given the present password. It
// does nothing until [Guichet.ActiverSecondFacteur].
func (g *Guichet) PreparerSecondFacteur(ctx context.Context, a *Acteur, motDePasse string) (*PreparationSecondFacteur, error) {
	if err := g.exigerPresent(ctx, a, motDePasse); err != nil {
		return nil, err
	}
	cle, err := totp.Generate(totp.GenerateOpts{Issuer: "Guichet Ségur", AccountName: a.Identifiant, Period: periodeTOTP, SecretSize: 20, Rand: g.m.Hasard})
	if err != nil {
		return nil, err
	}
	scelle, err := g.sceller(cle.Secret(), lieuSecond(a.ID))
	if err != nil {
		return nil, err
	}
	image, err := cle.Image(240, 240)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image); err != nil {
		return nil, err
	}
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		if s, err := tx.SecondFacteur(a.ID); err == nil && s.Actif {
			return erreur(Conflit, "Votre second facteur est déjà en service ; retirez-le avant d’en choisir un autre.")
		} else if err != nil && !errors.Is(err, ErrAbsent) {
			return err
		}
		return tx.PoserSecondFacteur(&SecondFacteur{CompteID: a.ID, Scelle: scelle, Cree: g.m.Horloge()})
	})
	return &PreparationSecondFacteur{Secret: cle.Secret(), URL: cle.URL(), QR: b.Bytes()}, err
}

// ActiverSecondFacteur puts the prepared second factor into use, given a code
// of it, and returns recovery codes: each works once in place of a code. They
// are shown once and kept as hashes. The actor's other sessions end.
func (g *Guichet) ActiverSecondFacteur(ctx context.Context, a *Acteur, code, session string) (codes []string, err error) {
	codes, empreintes, err := nouveauxCodes(g.m.Hasard)
	if err != nil {
		return nil, err
	}
	err = g.faire(ctx, operation{acteur: a, action: GererSecondFacteur, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		s, err := tx.SecondFacteur(a.ID)
		if err != nil {
			return nil, "", absent(err, "Aucun second facteur n’est préparé : recommencez.")
		}
		if s.Actif {
			return nil, "", erreur(Conflit, "Votre second facteur est déjà en service.")
		}
		if bon, err := g.prendreCode(tx, s, code); err != nil {
			return nil, "", err
		} else if !bon {
			return nil, "", erreur(Invalide, "Ce code n’est pas le bon. Vérifiez l’heure de votre téléphone, attendez le code suivant et réessayez.")
		}
		s.Actif = true
		return nil, "activer", errors.Join(tx.PoserSecondFacteur(s), tx.PoserCodesSecours(a.ID, empreintes), g.couper(tx, a.ID, session))
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// RetirerSecondFacteur ends the codes of the actor's telephone, given the
// present password. Recovery codes stay while he has passkeys.
func (g *Guichet) RetirerSecondFacteur(ctx context.Context, a *Acteur, motDePasse string) error {
	if err := g.exigerPresent(ctx, a, motDePasse); err != nil {
		return err
	}
	return g.faire(ctx, operation{acteur: a, action: GererSecondFacteur, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		cles, err := tx.ClesAcces(a.ID)
		if err != nil {
			return nil, "", err
		}
		if len(cles) == 0 {
			err = tx.PoserCodesSecours(a.ID, nil)
		}
		return nil, "retirer", errors.Join(err, tx.OterSecondFacteur(a.ID))
	})
}

// presence drops the error of an object that is not there.
func presence(err error) error {
	if errors.Is(err, ErrAbsent) {
		return nil
	}
	return err
}

// prendreCode takes a code of the present period, the one before or the next:
// telephones are a little early or late. A period's code works once, and none
// before it works any more.
func (g *Guichet) prendreCode(tx Tx, s *SecondFacteur, code string) (bool, error) {
	secret, err := g.ouvrirScelle(s.Scelle, lieuSecond(s.CompteID))
	if err != nil {
		return false, err
	}
	pas := g.m.Horloge().Unix() / periodeTOTP
	for p := max(pas-1, s.Pas+1); p <= pas+1; p++ {
		attendu, err := totp.GenerateCodeCustom(secret, time.Unix(p*periodeTOTP, 0), optionsTOTP())
		if err != nil {
			return false, err
		}
		if memeEmpreinte(attendu, codeNet(code)) {
			s.Pas = p
			return true, tx.PoserSecondFacteur(s)
		}
	}
	return false, nil
}

// defier begins the second step of a sign-in, when the account has one: the
// codes of a telephone, or passkeys.
func (g *Guichet) defier(tx Tx, c CompteID) (*SecondFacteurRequis, error) {
	var r SecondFacteurRequis
	var err error
	if r.Code, err = telephone(tx, c); err != nil {
		return nil, err
	}
	cles, err := tx.ClesAcces(c)
	if err != nil {
		return nil, err
	}
	if r.Cles = len(cles) > 0; !r.Code && !r.Cles {
		return nil, nil //nolint:nilnil // nothing more is asked
	}
	r.Defi, err = g.nouveauLien(tx, c, LienDefi, dureeDefi)
	return &r, err
}

// ConnecterSecondFacteur ends a sign-in with a code of the telephone or a
// recovery code, and returns the secret of a new session. Wrong codes end the
// sign-in after a few; the account's owner can still begin another one.
func (g *Guichet) ConnecterSecondFacteur(ctx context.Context, defi, code string, o Origine) (secret string, a *Acteur, err error) {
	var faute error
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		faute = nil
		l, c, err := g.defiValable(tx, defi)
		if GenreDe(err) == NonIdentifie {
			faute = err
			return nil
		}
		if err != nil {
			return err
		}
		place, err := g.placeCode(tx, c, o)
		if err != nil {
			return err
		}
		bon, err := g.jugerCode(tx, c.ID, code)
		if err != nil {
			return err
		}
		a = &Acteur{Compte: *c, Adresse: o.Adresse}
		if !bon {
			faute = erreur(NonIdentifie, "Ce code n’est pas le bon.")
			return g.noterMauvaisCode(tx, l, place)
		}
		if err := errors.Join(tx.OterLien(l.Empreinte), tx.OterEssais(lieuSecond(c.ID), place)); err != nil {
			return err
		}
		secret, err = g.laisserEntrer(tx, a, ParCode, o.Navigateur)
		return err
	})
	if err = errors.Join(faute, err); err != nil {
		return "", nil, err
	}
	return secret, a, nil
}

// defiValable finds a sign-in that waits for its second step.
func (g *Guichet) defiValable(tx Tx, defi string) (*Lien, *Compte, error) {
	l, c, err := g.lienValable(tx, defi, LienDefi)
	if GenreDe(err) == Inconnu {
		return nil, nil, erreur(NonIdentifie, "Cette connexion a expiré. Recommencez.")
	}
	return l, c, err
}

// placeCode is where wrong codes of an account are counted, and refuses one
// that comes too early. Browsers that the account does not know share one more
// count: whoever has the password and many addresses gains nothing by them, and
// the owner's browser is not concerned.
func (g *Guichet) placeCode(tx Tx, c *Compte, o Origine) (string, error) {
	place, connu, err := g.place(tx, c, o)
	if err != nil {
		return "", err
	}
	if err := g.freinerEchecs(tx, lieuSecond(c.ID), place); err != nil || connu {
		return place, err
	}
	n, err := tx.Essais(lieuSecond(c.ID), "", g.m.Horloge().Add(-fenetreSecond))
	if err == nil && n >= essaisSecond {
		err = erreur(TropSouvent, "Trop de codes faux. Réessayez dans quelques minutes, avec une clé d’accès ou depuis un navigateur qui a déjà servi.")
	}
	return place, err
}

// jugerCode takes a code of the telephone, or a recovery code.
func (g *Guichet) jugerCode(tx Tx, c CompteID, code string) (bool, error) {
	if net := codeNet(code); len(net) == signesCode || len(net) == signesAncien {
		return tx.UtiliserCodeSecours(c, empreinteSecret(net))
	}
	s, err := tx.SecondFacteur(c)
	if err != nil || !s.Actif {
		return false, presence(err)
	}
	return g.prendreCode(tx, s, code)
}

func (g *Guichet) noterMauvaisCode(tx Tx, l *Lien, place string) error {
	maintenant := g.m.Horloge()
	if err := tx.PoserEssai(lieuSecond(l.CompteID), place, maintenant); err != nil {
		return err
	}
	if !strings.HasPrefix(place, placeAppareil) {
		if err := tx.PoserEssai(lieuSecond(l.CompteID), "", maintenant); err != nil {
			return err
		}
	}
	if l.Essais++; l.Essais >= essaisDefi {
		return tx.OterLien(l.Empreinte)
	}
	return tx.MajLien(l)
}
