package guichet

import (
	"context"
	"time"
)

// Sign-in is slowed for whoever is wrong again and again, and for nobody else:
// failures count for one account from one network, or from one browser that
// the account is known to use. A stranger's mistakes never make the owner wait.
const (
	echecsLibres  = 8 // of one account from one place, before the first wait
	attenteMin    = 15 * time.Second
	attenteMax    = 15 * time.Minute
	fenetreEchecs = 24 * time.Hour

	// One network that is wrong about many accounts tries them one after the
	// other; browsers that an account knows are not concerned.
	echecsReseau   = 100
	fenetreReseau  = 15 * time.Minute
	compteurReseau = "reseau:"

	placeAppareil      = "appareil:"
	compteurMotDePasse = "mot_de_passe:" // and the name that was typed
)

// attenteEchecs is how long after the last of n failures the next try is
// refused: it doubles from attenteMin to attenteMax.
func attenteEchecs(n int) time.Duration {
	if n < echecsLibres {
		return 0
	}
	d := attenteMin
	for range n - echecsLibres {
		if d *= 2; d >= attenteMax {
			return attenteMax
		}
	}
	return d
}

// TropTot is the cause of a refusal for too many failures: when to try again.
type TropTot struct{ Attente time.Duration }

func (*TropTot) Error() string { return "trop d’échecs" }

// place is where failures of a counter are counted: the browser when the
// account knows it, else the network.
func (g *Guichet) place(tx Tx, c *Compte, o Origine) (place string, connu bool, err error) {
	place = reseauDe(o.Adresse)
	if c == nil || o.Appareil == "" {
		return place, false, nil
	}
	empreinte := empreinteSecret(o.Appareil)
	if connu, err = tx.Appareil(empreinte, c.ID, g.m.Horloge()); err != nil || !connu {
		return place, false, err
	}
	return placeAppareil + empreinte, true, nil
}

// tenter counts a try of a secret before it is judged, so that tries made at
// once are all counted, and refuses it when it comes too early. leve takes the
// count back once the secret was right.
func (g *Guichet) tenter(ctx context.Context, compteur string, trouver func(Tx) (*Compte, error), o Origine) (leve func(Tx) error, err error) {
	var place string
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		c, err := trouver(tx)
		if presence(err) != nil {
			return err
		}
		connu := false
		if place, connu, err = g.place(tx, c, o); err != nil {
			return err
		}
		if err := g.freinerEchecs(tx, compteur, place); err != nil {
			return err
		}
		maintenant := g.m.Horloge()
		if !connu {
			n, err := tx.Essais(compteurReseau, place, maintenant.Add(-fenetreReseau))
			if err != nil {
				return err
			}
			if n >= echecsReseau {
				return tropTot(attenteMin)
			}
			if err := tx.PoserEssai(compteurReseau, place, maintenant); err != nil {
				return err
			}
		}
		return tx.PoserEssai(compteur, place, maintenant)
	})
	return func(tx Tx) error { return tx.OterEssais(compteur, place) }, err
}

// freinerEchecs refuses a try that comes too early after failures.
func (g *Guichet) freinerEchecs(tx Tx, compteur, place string) error {
	maintenant := g.m.Horloge()
	n, err := tx.Essais(compteur, place, maintenant.Add(-fenetreEchecs))
	if err != nil || n < echecsLibres {
		return err
	}
	dernier, err := tx.DernierEssai(compteur, place)
	if err != nil {
		return err
	}
	if reste := dernier.Add(attenteEchecs(n)).Sub(maintenant); reste > 0 {
		return tropTot(reste)
	}
	return nil
}

// tropTot refuses a try; the sentence is the same for every account, known or
// not.
func tropTot(reste time.Duration) error {
	e := erreur(TropSouvent, "Trop d’essais depuis votre réseau. Réessayez dans quelques minutes.")
	e.Cause = &TropTot{Attente: reste}
	return e
}

// dureeAppareil is how long a browser stays known after a sign-in.
const dureeAppareil = 180 * 24 * time.Hour

// RetenirAppareil makes the browser of an actor who has just signed in known
// for his account, and returns the secret that it keeps; "" when it is known
// already.
func (g *Guichet) RetenirAppareil(ctx context.Context, a *Acteur, appareil string) (secret string, err error) {
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		maintenant := g.m.Horloge()
		if appareil != "" {
			if connu, err := tx.Appareil(empreinteSecret(appareil), a.ID, maintenant); err != nil || connu {
				return err
			}
		}
		var empreinte string
		if secret, empreinte, err = nouveauSecret(g.m.Hasard, ""); err != nil {
			return err
		}
		return tx.PoserAppareil(empreinte, a.ID, maintenant.Add(dureeAppareil))
	})
	return secret, err
}
