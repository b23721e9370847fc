package guichet_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// dus is what the dry run says, by rule.
func dus(t *testing.T, m *guichettest.Monde) map[string]guichet.ADue {
	t.Helper()
	ds, err := m.Guichet.AEffacerMaintenant(t.Context(), m.Acteur("auditeur"))
	if err != nil {
		t.Fatal(err)
	}
	par := map[string]guichet.ADue{}
	for _, d := range ds {
		par[d.Code] = d
	}
	return par
}

// Years later everything whose time is over is announced, then erased, once;
// what somebody still owes stays, bytes that another request has stay, and the
// journal and every sum verify.
func TestRetentionErasesWhatIsDueAndProvesTheRest(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		var mag guichet.Magasin
		m.Equiper(t, func(w *guichet.Monde) { mag = w.Magasin })
		payees, refusee := m.Amener(t, guichet.Payee, 2), m.Amener(t, guichet.Refusee, 1)[0]
		m.Amener(t, guichet.Annulee, 1)
		enCours := m.Amener(t, guichet.EnInstruction, 1)[0]
		indu(t, m, payees[1], "10.00", "")
		v, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), refusee)
		if err != nil {
			t.Fatal(err)
		}
		octets := v.Pieces[0].SHA256
		if d := dus(t, m); d["demande_close"].Nombre+d["demande_payee"].Nombre+d["adresses_journal"].Nombre != 0 {
			t.Errorf("due on the first day: %+v", d)
		}
		m.Horloge.Avancer(11 * 366 * 24 * time.Hour)
		d := dus(t, m)
		if x := d["demande_payee"]; x.Nombre != 1 || x.Exemples[0] != string(payees[0]) || len(x.Retenues) != 1 || !strings.Contains(x.Retenues[0], "reste à rendre") {
			t.Errorf("paid: %+v", x)
		}
		if x := d["demande_close"]; x.Nombre != 2 || d["adresses_journal"].Nombre != 1 {
			t.Errorf("%+v", d)
		}
		for _, compte := range []string{"auditeur", "comptable1", "a.gestionnaire"} {
			if _, err := m.Guichet.EffacerDu(t.Context(), m.Acteur(compte)); guichet.GenreDe(err) != guichet.Interdit {
				t.Errorf("%s erases: %v", compte, err)
			}
		}
		faits, err := m.Guichet.EffacerDu(t.Context(), m.Acteur("administrateur"))
		if err != nil || faits["demande_payee"] != 1 || faits["demande_close"] != 2 || faits["adresses_journal"] < 10 {
			t.Fatalf("%v, %v", err, faits)
		}
		if d := dus(t, m); d["demande_close"].Nombre+d["demande_payee"].Nombre != 0 {
			t.Errorf("due after the erasure: %+v", d)
		}
		if _, _, err := mag.Ouvrir(t.Context(), octets); !errors.Is(err, guichet.ErrAbsent) {
			t.Errorf("the bytes of an erased document: %v", err)
		}
		for n, efface := range map[guichet.NumeroASP]bool{payees[0]: true, refusee: true, payees[1]: false, enCours: false} {
			x, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), n)
			if err != nil || !x.Demande.Efface.IsZero() != efface || strings.Contains(x.Demande.Champs["beneficiaire.nomResponsable"], "effacé") != efface {
				t.Errorf("%s: %v, erased %v, %s", n, err, x.Demande.Efface, x.Demande.Champs["beneficiaire.nomResponsable"])
			}
			if n == payees[0] && x.Demande.Montants.Verse != 255_00 {
				t.Errorf("money was erased: %+v", x.Demande.Montants)
			}
		}
		verifierSommes(t, m)
		if es, err := m.Guichet.Lectures(t.Context(), m.Acteur("auditeur"), guichet.FiltreLecture{Objet: string(refusee), Max: 10}); err != nil || len(es) < 2 || es[0].Acteur != "auditeur" {
			t.Errorf("readings: %v, %+v", err, es)
		}
	})
}

// Documents that two requests share outlive the first of them.
func TestSharedBytesOutliveOneErasure(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	var mag guichet.Magasin
	m.Equiper(t, func(w *guichet.Monde) { mag = w.Magasin })
	ds := m.Deposer(t, "a.gestionnaire", 2).Demandes
	const meme = "%PDF-1.7\nle même pour deux\n%%EOF\n"
	for _, d := range ds {
		c, err := m.Guichet.DeposerPiece(t.Context(), m.Acteur("a.gestionnaire"), d.NumeroASP, d.Declarees()[0].Nom, strings.NewReader(meme), int64(len(meme)))
		if err != nil || len(c.Refusees) > 0 {
			t.Fatal(err, c)
		}
	}
	sha := ""
	for i, d := range ds {
		v := m.Agir(t, "a.gestionnaire", d.NumeroASP, guichet.ActeDemande{Action: guichet.Annuler})
		sha = v.Pieces[0].SHA256
		if err := m.Guichet.EffacerDemande(t.Context(), m.Acteur("administrateur"), d.NumeroASP, "Courrier"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := mag.Ouvrir(t.Context(), sha); (err == nil) != (i == 0) {
			t.Errorf("after erasure %d: %v", i+1, err)
		}
	}
}

// Nobody has to think of it: at night the clock carries retention out, the
// journal says so even when nothing was due, and the page says when it was and
// when it will be. A setting leaves it to people.
func TestClockCarriesRetentionOut(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		n := m.Amener(t, guichet.Annulee, 1)[0]
		ctx, auditeur := t.Context(), m.Acteur("auditeur")
		rythme := func() guichet.RythmeConservation {
			t.Helper()
			r, err := m.Guichet.RythmeConservation(ctx, auditeur)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		efface := func() bool {
			t.Helper()
			v, err := m.Guichet.Demande(ctx, auditeur, n)
			if err != nil {
				t.Fatal(err)
			}
			return !v.Demande.Efface.IsZero()
		}
		cadencer := func() {
			t.Helper()
			if err := m.Guichet.Cadencer(ctx); err != nil {
				t.Fatal(err)
			}
			travailler(t, m)
		}
		if r := rythme(); !r.Dernier.Quand.IsZero() || r.Prochain.UTC().Format("2006-01-02T15:04") != "2023-07-04T01:00" {
			t.Errorf("before any passage: %+v", r)
		}
		// The hour of the first day is over: the first passage waits for a night.
		if cadencer(); !rythme().Dernier.Quand.IsZero() {
			t.Errorf("on the day of the upgrade: %+v", rythme())
		}
		m.Horloge.Avancer(jour)
		cadencer()
		if r := rythme(); efface() || !r.Dernier.Quand.Equal(m.Horloge.Maintenant()) || !r.Dernier.Automatique() || r.Dernier.Resume() != "Rien n’était à effacer." {
			t.Errorf("first day: %+v", r)
		}
		m.Equiper(t, func(w *guichet.Monde) { w.ConservationManuelle = true })
		m.Horloge.Avancer(3 * 366 * jour)
		if cadencer(); efface() || !rythme().Prochain.IsZero() {
			t.Error("erased though people are to do it")
		}
		m.Equiper(t, func(w *guichet.Monde) { w.ConservationManuelle = false })
		m.Horloge.Avancer(14 * time.Hour) // 00:00 in Paris
		if cadencer(); efface() {
			t.Error("erased before its hour")
		}
		m.Horloge.Avancer(3 * time.Hour)
		if cadencer(); !efface() || rythme().Dernier.Faits["demande_close"] != 1 {
			t.Errorf("at its hour: %+v", rythme())
		}
		es, err := m.Guichet.Journal(ctx, auditeur, 0, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		var passages []string
		for i := range es {
			if es[i].Acte == string(guichet.EffacerDonnees) && es[i].Objet == "conservation" {
				passages = append(passages, es[i].Acteur+": "+es[i].DetailLisible())
			}
		}
		if len(passages) != 2 || !strings.Contains(passages[0], "systeme: ") || !strings.Contains(passages[0], "demande_close 0") || !strings.Contains(passages[1], "demande_close 1") {
			t.Errorf("in the journal: %q", passages)
		}
		verifierSommes(t, m)
	})
}
