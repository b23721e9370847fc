package guichet_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// temoignage says who came back from an identity provider. What a real one
// says, and how it is verified, is tried in internal/identite and cmd/guichet.
type temoignage struct {
	i   guichet.IdentiteProuvee
	err error
}

func (x *temoignage) Nom() string                   { return "Identité" }
func (x *temoignage) Pour(agent bool) bool          { return agent }
func (x *temoignage) Depart(context.Context) string { return "" }
func (x *temoignage) Adresse(_ context.Context, q guichet.SecretsIdentite) (string, error) {
	return "https://identite.example/?state=" + q.Etat, x.err
}

func (x *temoignage) Echanger(context.Context, string, guichet.SecretsIdentite) (*guichet.IdentiteProuvee, error) {
	i := x.i
	return &i, x.err
}

// revenir signs in by the provider, and comes back as the browser that left.
func revenir(t *testing.T, m *guichettest.Monde) (*guichet.Acteur, error) {
	t.Helper()
	ici := guichet.Origine{Adresse: adresse}
	a, temoin, err := m.Guichet.DebuterIdentite(t.Context(), "/demandes", ici)
	if err != nil {
		return nil, err
	}
	_, etat, _ := strings.Cut(a, "state=")
	s, x, suite, err := m.Guichet.ConnecterIdentite(t.Context(), guichet.RetourIdentite{Temoin: temoin, Etat: etat, Code: "code"}, ici)
	if err == nil && (s == "" || !strings.HasPrefix(string(x.Moyen), string(guichet.ParIdentite)) || suite != "/demandes") {
		t.Errorf("%q, %+v, %q", s, x, suite)
	}
	return x, err
}

// An identity is bound to the account whose name is the address vouched for,
// once, and opens that one from then on, whatever address comes later.
func TestIdentiteBindsOnce(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		x := &temoignage{i: guichet.IdentiteProuvee{Emetteur: "https://identite.example", Sujet: "s1", Courriel: "Claude@Agence.example"}}
		m.Equiper(t, func(w *guichet.Monde) { w.Identites = x })
		ctx, c := t.Context(), compte(t, m, "claude@agence.example")
		for range 2 {
			if a, err := revenir(t, m); err != nil || a.ID != c.ID {
				t.Fatal(err)
			}
			x.i.Courriel = "" // bound: no address is needed
		}
		var lies int
		if err := m.Base.Lire(ctx, func(tx guichet.Tx) error {
			es, err := tx.EntreesDe(c.Identifiant, 100)
			for _, e := range es {
				if e.Acte == string(guichet.LierIdentite) {
					lies++
				}
			}
			return err
		}); err != nil || lies != 1 {
			t.Errorf("%d bindings in the journal, %v", lies, err)
		}
		refuser := func(quoi string) {
			t.Helper()
			if a, err := revenir(t, m); guichet.GenreDe(err) != guichet.NonIdentifie || a != nil {
				t.Errorf("%s: %+v, %v", quoi, a, err)
			}
		}
		x.i.Sujet = "s2"
		refuser("no address vouched for")
		x.i.Courriel = c.Identifiant
		refuser("another subject of the account's address")
		x.i.Courriel = "personne@agence.example"
		refuser("nobody's address")
		x.i.Courriel = "a.gestionnaire"
		refuser("a side that does not sign in by it")
		if _, err := m.Guichet.CompteNomme(ctx, "personne@agence.example"); !errors.Is(err, guichet.ErrAbsent) {
			t.Errorf("an account was made: %v", err)
		}
		x.i.Sujet = "s1"
		c.Actif = false
		if err := m.Guichet.Installer(ctx, c, ""); err != nil {
			t.Fatal(err)
		}
		refuser("an account out of use")
	})
}

// What comes back is of the browser and of the request that left, once.
func TestIdentiteComesBackOnce(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	ctx, ici := t.Context(), guichet.Origine{Adresse: adresse}
	x := &temoignage{i: guichet.IdentiteProuvee{Emetteur: "https://identite.example", Sujet: "s1", Courriel: compte(t, m, "claude@agence.example").Identifiant}}
	m.Equiper(t, func(w *guichet.Monde) { w.Identites = x })
	partir := func() (etat, temoin string) {
		a, temoin, err := m.Guichet.DebuterIdentite(ctx, "/", ici)
		if err != nil {
			t.Fatal(err)
		}
		_, etat, _ = strings.Cut(a, "state=")
		return etat, temoin
	}
	essayer := func(r guichet.RetourIdentite) error {
		_, _, _, err := m.Guichet.ConnecterIdentite(ctx, r, ici)
		return err
	}
	etat, temoin := partir()
	autreEtat, autreTemoin := partir()
	exigerGenre(t, essayer(guichet.RetourIdentite{Temoin: autreTemoin, Etat: etat, Code: "c"}), guichet.NonIdentifie) // a code slipped to another browser
	exigerGenre(t, essayer(guichet.RetourIdentite{Etat: autreEtat, Code: "c"}), guichet.NonIdentifie)
	if err := essayer(guichet.RetourIdentite{Temoin: temoin, Etat: etat, Code: "c"}); err != nil {
		t.Error(err)
	}
	exigerGenre(t, essayer(guichet.RetourIdentite{Temoin: temoin, Etat: etat, Code: "c"}), guichet.NonIdentifie)
	etat, temoin = partir()
	exigerGenre(t, essayer(guichet.RetourIdentite{Temoin: temoin, Etat: etat, Erreur: "access_denied"}), guichet.NonIdentifie)
}

// An account with a second factor is asked for it behind the provider, unless
// the provider asked for two itself.
func TestIdentiteAsksForTheSecondFactor(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	equiper(t, m)
	a, _, _ := avecSecond(t, m)
	x := &temoignage{i: guichet.IdentiteProuvee{Emetteur: "https://identite.example", Sujet: "s1", Courriel: a.Identifiant}}
	m.Equiper(t, func(w *guichet.Monde) { w.Identites = x })
	_, err := revenir(t, m)
	var r *guichet.SecondFacteurRequis
	if !errors.As(err, &r) || !r.Code {
		t.Fatal(err)
	}
	x.i.Fort = true
	if _, err := revenir(t, m); err != nil {
		t.Error(err)
	}
	x.err = &guichet.Error{Genre: guichet.Indisponible, Message: "Identité ne répond pas."}
	_, err = revenir(t, m)
	exigerGenre(t, err, guichet.Indisponible)
}
