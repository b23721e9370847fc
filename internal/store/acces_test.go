package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/guichet"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		_, c, _ := socle(t, b)
		s := &guichet.Session{Empreinte: "s1", CompteID: c.ID, Cree: maintenant, Vue: maintenant, Expire: maintenant.Add(time.Hour), Adresse: "192.0.2.1", Navigateur: "essai", Moyen: guichet.ParCle}
		autre := *s
		autre.Empreinte, autre.Cree = "s2", maintenant.Add(time.Second)
		ecrire(t, b, func(tx guichet.Tx) error { return errors.Join(tx.PoserSession(s), tx.PoserSession(&autre)) })
		s.Vue = maintenant.Add(10 * time.Minute)
		ecrire(t, b, func(tx guichet.Tx) error { return tx.ToucherSession("s1", s.Vue) })
		lire(t, b, func(tx guichet.Tx) error {
			lues, err := tx.Sessions(c.ID)
			if diff := cmp.Diff([]guichet.Session{autre, *s}, lues, memeInstant()); diff != "" {
				t.Error(diff)
			}
			return err
		})
		ecrire(t, b, func(tx guichet.Tx) error { return tx.OterSessions(c.ID, "s1") })
		lire(t, b, func(tx guichet.Tx) error {
			_, un := tx.SessionDe("s1")
			if _, err := tx.SessionDe("s2"); !errors.Is(err, guichet.ErrAbsent) {
				t.Errorf("the other session: %v", err)
			}
			return un
		})
	})
}

func TestClesAcces(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		_, c, _ := socle(t, b)
		k := &guichet.CleAcces{Identifiant: "abc", CompteID: c.ID, Poignee: "p", Nom: "téléphone", Charge: []byte(`{"a": 1}`), Cree: maintenant}
		ecrire(t, b, func(tx guichet.Tx) error { return tx.AjouterCleAcces(k) })
		if err := b.Ecrire(t.Context(), func(tx guichet.Tx) error { return tx.AjouterCleAcces(k) }); !errors.Is(err, guichet.ErrDoublon) {
			t.Errorf("the same key twice: %v", err)
		}
		k.Charge, k.Usage = []byte(`{"a": 2}`), maintenant.Add(time.Hour)
		ecrire(t, b, func(tx guichet.Tx) error { return tx.MajCleAcces(k) })
		lire(t, b, func(tx guichet.Tx) error {
			ks, err := tx.ClesAcces(c.ID)
			if diff := cmp.Diff([]guichet.CleAcces{*k}, ks, memeInstant()); diff != "" {
				t.Error(diff)
			}
			return err
		})
		ecrire(t, b, func(tx guichet.Tx) error { return tx.OterCleAcces(c.ID+1, "abc") }) // another account's: nothing
		ecrire(t, b, func(tx guichet.Tx) error { _, err := tx.CleAcces("abc"); return err })
		ecrire(t, b, func(tx guichet.Tx) error { return tx.OterCleAcces(c.ID, "abc") })
		lire(t, b, func(tx guichet.Tx) error {
			if _, err := tx.CleAcces("abc"); !errors.Is(err, guichet.ErrAbsent) {
				t.Errorf("a key taken away: %v", err)
			}
			return nil
		})
	})
}

func TestIdentitesCeremoniesAppareils(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		_, c, _ := socle(t, b)
		i := &guichet.Identite{Emetteur: "https://e.example", Sujet: "s", CompteID: c.ID, Cree: maintenant, Usage: maintenant}
		q := &guichet.Ceremonie{Empreinte: "q", Usage: guichet.CeremonieIdentite, Charge: []byte(`{}`), Expire: maintenant.Add(time.Minute)}
		ecrire(t, b, func(tx guichet.Tx) error {
			return errors.Join(tx.PoserIdentite(i), tx.PoserCeremonie(q), tx.PoserAppareil("a", c.ID, maintenant.Add(time.Hour)))
		})
		i.Usage = maintenant.Add(time.Minute)
		ecrire(t, b, func(tx guichet.Tx) error { return tx.PoserIdentite(i) })
		lire(t, b, func(tx guichet.Tx) error {
			lue, err := tx.Identite(i.Emetteur, i.Sujet)
			if diff := cmp.Diff(i, lue, memeInstant()); diff != "" {
				t.Error(diff)
			}
			toutes, err2 := tx.Identites(c.ID)
			if len(toutes) != 1 {
				t.Errorf("%+v", toutes)
			}
			for _, x := range []struct {
				empreinte string
				compte    guichet.CompteID
				quand     time.Time
				want      bool
			}{{"a", c.ID, maintenant, true}, {"a", c.ID + 1, maintenant, false}, {"b", c.ID, maintenant, false}, {"a", c.ID, maintenant.Add(time.Hour), false}} {
				if connu, err := tx.Appareil(x.empreinte, x.compte, x.quand); err != nil || connu != x.want {
					t.Errorf("%+v: %v, %v", x, connu, err)
				}
			}
			return errors.Join(err, err2)
		})
		ecrire(t, b, func(tx guichet.Tx) error {
			if _, err := tx.PrendreCeremonie("q", guichet.CeremonieEntreeCle); !errors.Is(err, guichet.ErrAbsent) {
				t.Errorf("taken for another use: %v", err)
			}
			lue, err := tx.PrendreCeremonie("q", guichet.CeremonieIdentite)
			if diff := cmp.Diff(q, lue, memeInstant()); diff != "" {
				t.Error(diff)
			}
			if _, err := tx.PrendreCeremonie("q", guichet.CeremonieIdentite); !errors.Is(err, guichet.ErrAbsent) {
				t.Errorf("taken twice: %v", err)
			}
			return errors.Join(err, tx.OterIdentites(c.ID), tx.OterAppareils(c.ID))
		})
		lire(t, b, func(tx guichet.Tx) error {
			toutes, err := tx.Identites(c.ID)
			connu, err2 := tx.Appareil("a", c.ID, maintenant)
			if len(toutes) != 0 || connu {
				t.Errorf("left over: %+v, %v", toutes, connu)
			}
			return errors.Join(err, err2)
		})
	})
}
