package guichet

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"net/netip"
	"strconv"
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
	essaisSecond  = 20 // of one account, from anywhere, in the window of sign-ins
	prefixeSecond = "second:"
)

// SecondFacteurRequis is the error of a sign-in whose password was right and
// which waits for a code. Defi names this sign-in to
// [Guichet.ConnecterSecondFacteur].
type SecondFacteurRequis struct{ Defi string }

func (*SecondFacteurRequis) Error() string { return "Donnez le code de votre application." }

// optionsTOTP are those that every application on telephones knows.
func optionsTOTP() totp.ValidateOpts {
	return totp.ValidateOpts{Period: periodeTOTP, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
}

func lieuSecond(c CompteID) string { return prefixeSecond + strconv.FormatInt(int64(c), 10) }

// EtatSecondFacteur tells whether the actor's second factor is in use and how
// many recovery codes are left.
func (g *Guichet) EtatSecondFacteur(ctx context.Context, a *Acteur) (actif bool, codes int, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		s, err := tx.SecondFacteur(a.ID)
		if errors.Is(err, ErrAbsent) {
			return nil
		}
		if err == nil {
			actif = s.Actif
			codes, err = tx.CodesSecours(a.ID)
		}
		return err
	})
	return actif, codes, err
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
		return nil, "activer", errors.Join(tx.PoserSecondFacteur(s), tx.PoserCodesSecours(a.ID, empreintes), tx.OterSessions(a.ID, empreinteSecret(session)))
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// RetirerSecondFacteur ends the actor's second factor, given the present
// password.
func (g *Guichet) RetirerSecondFacteur(ctx context.Context, a *Acteur, motDePasse string) error {
	if err := g.exigerPresent(ctx, a, motDePasse); err != nil {
		return err
	}
	return g.faire(ctx, operation{acteur: a, action: GererSecondFacteur, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		return nil, "retirer", tx.OterSecondFacteur(a.ID)
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

// defier begins the second step of a sign-in, when the account has one.
func (g *Guichet) defier(ctx context.Context, c CompteID) error {
	var defi string
	err := g.m.Base.Lire(ctx, func(tx Tx) error {
		s, err := tx.SecondFacteur(c)
		if err == nil && !s.Actif {
			err = ErrAbsent
		}
		return err
	})
	if err != nil {
		return presence(err)
	}
	if err := g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		defi, err = g.nouveauLien(tx, c, LienDefi, dureeDefi)
		return err
	}); err != nil {
		return err
	}
	return &SecondFacteurRequis{Defi: defi}
}

// ConnecterSecondFacteur ends a sign-in with a code of the telephone or a
// recovery code, and returns the secret of a new session. Wrong codes end the
// sign-in after a few; the account's owner can still begin another one.
func (g *Guichet) ConnecterSecondFacteur(ctx context.Context, defi, code string, adresse netip.Addr, navigateur string) (secret string, a *Acteur, err error) {
	var faute error
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		faute = nil
		l, c, err := g.lienValable(tx, defi, LienDefi)
		if GenreDe(err) == Inconnu {
			faute = erreur(NonIdentifie, "Cette connexion a expiré. Recommencez.")
			return nil
		}
		if err != nil {
			return err
		}
		bon, err := g.jugerCode(tx, c.ID, code)
		if err != nil {
			return err
		}
		a = &Acteur{Compte: *c, Adresse: adresse}
		if !bon {
			faute = erreur(NonIdentifie, "Ce code n’est pas le bon.")
			return g.noterMauvaisCode(tx, l)
		}
		if err := tx.OterLiens(c.ID, LienDefi); err != nil {
			return err
		}
		secret, err = g.ouvrirSession(tx, a, navigateur)
		return err
	})
	if err = errors.Join(faute, err); err != nil {
		return "", nil, err
	}
	return secret, a, nil
}

// jugerCode takes a code of the telephone, or a recovery code.
func (g *Guichet) jugerCode(tx Tx, c CompteID, code string) (bool, error) {
	n, err := tx.Essais(lieuSecond(c), "", g.m.Horloge().Add(-fenetreEssais))
	if err != nil {
		return false, err
	}
	if n >= essaisSecond {
		return false, erreur(TropSouvent, "Trop de codes faux. Réessayez dans quelques minutes.")
	}
	s, err := tx.SecondFacteur(c)
	if err != nil {
		return false, err
	}
	if net := codeNet(code); len(net) == 16 {
		return tx.UtiliserCodeSecours(c, empreinteSecret(net))
	}
	return g.prendreCode(tx, s, code)
}

func (g *Guichet) noterMauvaisCode(tx Tx, l *Lien) error {
	if err := tx.PoserEssai(lieuSecond(l.CompteID), "", g.m.Horloge()); err != nil {
		return err
	}
	if l.Essais++; l.Essais >= essaisDefi {
		return tx.OterLiens(l.CompteID, LienDefi)
	}
	return tx.MajLien(l)
}

// ouvrirSession opens a session of an actor who has proved who he is.
func (g *Guichet) ouvrirSession(tx Tx, a *Acteur, navigateur string) (string, error) {
	secret, empreinte, err := nouveauSecret(g.m.Hasard, "")
	if err != nil {
		return "", err
	}
	maintenant := g.m.Horloge()
	return secret, tx.PoserSession(&Session{Empreinte: empreinte, CompteID: a.ID, Cree: maintenant, Expire: maintenant.Add(dureeSession), Adresse: a.Adresse.String(), Navigateur: visible(navigateur)})
}
