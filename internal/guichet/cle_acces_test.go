package guichet_test

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/cle"
	"guichet.example/internal/cle/cletest"
	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

const origineCles = "https://portail.example"

// avecCles opens passkeys on a portal.
func avecCles(t *testing.T, m *guichettest.Monde) {
	t.Helper()
	x, err := cle.Ouvrir(origineCles, "Essai")
	if err != nil {
		t.Fatal(err)
	}
	m.Equiper(t, func(w *guichet.Monde) { w.Cles = x })
}

// enregistrer adds a passkey of a new device to an account.
func enregistrer(t *testing.T, m *guichettest.Monde, a *guichet.Acteur, nom string) (d *cletest.Appareil, codes []string) {
	t.Helper()
	d = cletest.Nouveau(origineCles)
	q, err := m.Guichet.PreparerCle(t.Context(), a, phrase, nom)
	if err != nil {
		t.Fatal(err)
	}
	if codes, err = m.Guichet.AjouterCle(t.Context(), a, q.Ceremonie, d.Creer(t, q.Options), ""); err != nil {
		t.Fatal(err)
	}
	return d, codes
}

func entrerParCle(t *testing.T, m *guichettest.Monde, d *cletest.Appareil, defi string) (string, *guichet.Acteur, error) {
	t.Helper()
	q, err := m.Guichet.PreparerEntreeCle(t.Context(), defi, guichet.Origine{Adresse: adresse})
	if err != nil {
		t.Fatal(err)
	}
	return m.Guichet.ConnecterCle(t.Context(), q.Ceremonie, d.Repondre(t, q.Options), guichet.Origine{Adresse: adresse})
}

// A passkey signs in without a name; several are kept, each under its name; one
// that is taken away opens nothing.
func TestPasskeySignsInWithoutAName(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		avecCles(t, m)
		ctx, c := t.Context(), compte(t, m, "claude@agence.example")
		session, a, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse})
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.Guichet.PreparerCle(ctx, a, "un autre mot de passe", "téléphone")
		exigerGenre(t, err, guichet.Invalide)
		_, err = m.Guichet.PreparerCle(ctx, a, phrase, " ")
		exigerGenre(t, err, guichet.Invalide)
		telephone, codes := enregistrer(t, m, a, "téléphone")
		if len(codes) != 10 {
			t.Fatalf("%d recovery codes come with the first key", len(codes))
		}
		_, err = m.Guichet.ActeurDeSession(ctx, session, adresse)
		exigerGenre(t, err, guichet.NonIdentifie) // the other sessions ended
		bureau, codes2 := enregistrer(t, m, a, "clé du bureau")
		if codes2 != nil {
			t.Error("recovery codes are given again")
		}
		for _, d := range []*cletest.Appareil{telephone, bureau} {
			s, x, err := entrerParCle(t, m, d, "")
			if err != nil || x.ID != c.ID {
				t.Fatal(err)
			}
			if x, err = m.Guichet.ActeurDeSession(ctx, s, adresse); err != nil || x.Moyen != guichet.ParCle {
				t.Errorf("%+v, %v", x, err)
			}
		}
		ks, err := m.Guichet.Cles(ctx, a)
		slices.SortFunc(ks, func(x, y guichet.CleAcces) int { return strings.Compare(y.Nom, x.Nom) }) // made in the same instant
		if err != nil || len(ks) != 2 || ks[0].Nom != "téléphone" || ks[0].Usage.IsZero() || ks[0].Poignee != ks[1].Poignee {
			t.Fatalf("%+v, %v", ks, err)
		}
		exigerGenre(t, m.Guichet.RetirerCle(ctx, a, ks[0].Identifiant, "un autre mot de passe"), guichet.Invalide)
		exigerGenre(t, m.Guichet.RetirerCle(ctx, a, "inconnue", phrase), guichet.Inconnu)
		if err := m.Guichet.RetirerCle(ctx, a, ks[0].Identifiant, phrase); err != nil {
			t.Fatal(err)
		}
		_, _, err = entrerParCle(t, m, telephone, "")
		exigerGenre(t, err, guichet.NonIdentifie)
		// With the last of them go the recovery codes, and the second step.
		if err := m.Guichet.RetirerCle(ctx, a, ks[1].Identifiant, phrase); err != nil {
			t.Fatal(err)
		}
		if _, n, err := m.Guichet.EtatSecondFacteur(ctx, a); err != nil || n != 0 {
			t.Errorf("%d codes left, %v", n, err)
		}
		if _, _, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse}); err != nil {
			t.Error(err)
		}
	})
}

// With a passkey the password alone opens nothing: the key, or a recovery
// code, comes behind it, and the key must be of the same account.
func TestPasskeyAsSecondFactor(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		avecCles(t, m)
		ctx, c := t.Context(), compte(t, m, "claude@agence.example")
		_, a, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse})
		if err != nil {
			t.Fatal(err)
		}
		d, codes := enregistrer(t, m, a, "téléphone")
		autre := compte(t, m, "alix@agence.example")
		_, b, err := m.Guichet.Connecter(ctx, autre.Identifiant, phrase, guichet.Origine{Adresse: adresse})
		if err != nil {
			t.Fatal(err)
		}
		deAlix, _ := enregistrer(t, m, b, "téléphone")
		attendre := func() string {
			t.Helper()
			_, _, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse})
			var r *guichet.SecondFacteurRequis
			if !errors.As(err, &r) || r.Code || !r.Cles {
				t.Fatalf("%+v, %v", r, err)
			}
			return r.Defi
		}
		defi := attendre()
		_, _, err = entrerParCle(t, m, deAlix, defi)
		exigerGenre(t, err, guichet.NonIdentifie)
		if _, x, err := entrerParCle(t, m, d, defi); err != nil || x.ID != c.ID {
			t.Fatal(err)
		}
		_, err = m.Guichet.PreparerEntreeCle(ctx, defi, guichet.Origine{Adresse: adresse})
		exigerGenre(t, err, guichet.NonIdentifie) // that sign-in is used up
		if _, _, err := m.Guichet.ConnecterSecondFacteur(ctx, attendre(), codes[0], guichet.Origine{Adresse: adresse}); err != nil {
			t.Error(err)
		}
		_, _, err = m.Guichet.ConnecterSecondFacteur(ctx, attendre(), codes[0], guichet.Origine{Adresse: adresse})
		exigerGenre(t, err, guichet.NonIdentifie)
		// Somebody who guesses codes does not keep the key out.
		for i := range 25 {
			o := guichet.Origine{Adresse: netip.AddrFrom4([4]byte{203, 0, 113, byte(i)})}
			_, _, err := m.Guichet.ConnecterSecondFacteur(ctx, attendre(), "123456", o)
			if g := guichet.GenreDe(err); g != guichet.NonIdentifie && g != guichet.TropSouvent {
				t.Fatal(err)
			}
		}
		if _, _, err := entrerParCle(t, m, d, attendre()); err != nil {
			t.Error(err)
		}
	})
}

// An answer serves once, within five minutes, for what it was asked for, and
// only while the account is open.
func TestPasskeyCeremoniesServeOnce(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	ctx, c := t.Context(), compte(t, m, "claude@agence.example")
	_, a, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse})
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Guichet.PreparerCle(ctx, a, phrase, "téléphone")
	exigerGenre(t, err, guichet.Conflit) // no passkeys on this portal
	avecCles(t, m)
	d, _ := enregistrer(t, m, a, "téléphone")
	ici := guichet.Origine{Adresse: adresse}
	q, err := m.Guichet.PreparerEntreeCle(ctx, "", ici)
	if err != nil {
		t.Fatal(err)
	}
	reponse := d.Repondre(t, q.Options)
	if _, _, err := m.Guichet.ConnecterCle(ctx, q.Ceremonie, reponse, ici); err != nil {
		t.Fatal(err)
	}
	_, _, err = m.Guichet.ConnecterCle(ctx, q.Ceremonie, reponse, ici)
	exigerGenre(t, err, guichet.NonIdentifie)
	if q, err = m.Guichet.PreparerEntreeCle(ctx, "", ici); err != nil {
		t.Fatal(err)
	}
	_, _, err = m.Guichet.ConnecterCle(ctx, q.Ceremonie, reponse, ici) // of the earlier challenge
	exigerGenre(t, err, guichet.NonIdentifie)
	if q, err = m.Guichet.PreparerEntreeCle(ctx, "", ici); err != nil {
		t.Fatal(err)
	}
	m.Horloge.Avancer(5 * time.Minute)
	_, _, err = m.Guichet.ConnecterCle(ctx, q.Ceremonie, d.Repondre(t, q.Options), ici)
	exigerGenre(t, err, guichet.NonIdentifie)
	// A ceremony of adding is of one account.
	ajout, err := m.Guichet.PreparerCle(ctx, a, phrase, "autre")
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Guichet.AjouterCle(ctx, m.Acteur("auditeur"), ajout.Ceremonie, cletest.Nouveau(origineCles).Creer(t, ajout.Options), "")
	exigerGenre(t, err, guichet.NonIdentifie)
	c.Actif = false
	if err := m.Guichet.Installer(ctx, c, ""); err != nil {
		t.Fatal(err)
	}
	_, _, err = entrerParCle(t, m, d, "")
	exigerGenre(t, err, guichet.NonIdentifie)
}
