package guichet_test

import (
	"io"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// tout is every row of the store as text, but for what stands in it by right.
func tout(t *testing.T, m *guichettest.Monde, n guichet.NumeroASP) string {
	t.Helper()
	v, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), n)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for k, x := range v.Demande.Champs {
		b.WriteString(k + "=" + x + "\n")
	}
	d, err := m.Guichet.Depot(t.Context(), m.Acteur("auditeur"), v.Demande.DepotID)
	if err != nil {
		t.Fatal(err)
	}
	b.Write(d.Depot.Rapport)
	if err := m.Base.Lire(t.Context(), func(tx guichet.Tx) error {
		ns, err := tx.Notes(n)
		for _, x := range ns {
			b.WriteString(x.Texte + "\n" + x.Motif + "\n")
		}
		if err != nil {
			return err
		}
		ls, err := tx.Lettres(n)
		for _, l := range ls {
			b.WriteString(l.Charge.Message + "\n" + l.Charge.Motif + "\n")
		}
		if err != nil {
			return err
		}
		for _, f := range []func(guichet.DepotID) ([]byte, error){tx.Recu, tx.Retour} {
			c, err := f(v.Demande.DepotID)
			if err != nil {
				return err
			}
			b.Write(c)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, p := range v.Historique {
		b.WriteString(p.Detail + "\n")
	}
	b.WriteString(strings.Join(entrees(t, m, string(n), "corriger"), "\n"))
	return b.String()
}

// A refused request is forgotten once nobody can contest it: no name, contact
// or document is left, one of the same deposit keeps all of its own, and the
// journal still verifies.
func TestErasureForgetsPeopleAndKeepsProofs(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ds := m.Deposer(t, "a.gestionnaire", 2).Demandes
		n, autre := ds[0].NumeroASP, ds[1].NumeroASP
		m.Completer(t, "a.gestionnaire", n)
		m.Completer(t, "a.gestionnaire", autre)
		avant := tout(t, m, n)
		var noms []string
		v, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), n)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []string{"certificatsServeur.numeroCarteCPX", "certificatsServeur.nomAdminTechnique", "certificatsServeur.emailAdminTechnique", "beneficiaire.nomResponsable"} {
			x := v.Demande.Champs[b]
			if !strings.Contains(avant, x) || x == "" || x == "null" {
				t.Fatalf("%s is not in the request: %s", b, avant)
			}
			noms = append(noms, x)
		}
		m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Prendre})
		m.Agir(t, "instructeur1", n, m.Modification())
		m.Agir(t, "a.gestionnaire", n, guichet.ActeDemande{Action: guichet.Corriger, Champs: guichet.Champs{"beneficiaire.nomResponsable": `"PERSONNE-CORRIGÉE"`, "commande.regimeTVA": `"TTC"`}})
		corrections := entrees(t, m, string(n), "corriger")
		if want := "a.gestionnaire fait a_modifier → deposee ; beneficiaire.nomResponsable, commande.regimeTVA ; beneficiaire.nomResponsable : " + noms[3] + ` → "PERSONNE-CORRIGÉE"`; len(corrections) != 1 || corrections[0] != want {
			t.Errorf("the journal says %q, want %q", corrections, want)
		}
		m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Prendre})
		m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.ProposerRefus, Motifs: []string{"ineligible"}})
		m.Agir(t, "decideur", n, guichet.ActeDemande{Action: guichet.Renvoyer, Motif: "Madame Personne a téléphoné"})
		m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.ProposerRefus, Motifs: []string{"ineligible"}})
		for _, texte := range []string{"Rappeler Madame Personne au 00 00 00 00 00", "Madame Personne est en congé"} {
			if err := m.Guichet.Noter(t.Context(), m.Acteur("instructeur1"), n, texte); err != nil {
				t.Fatal(err)
			}
		}
		if v, err = m.Guichet.Demande(t.Context(), m.Acteur("instructeur1"), n); err != nil || len(v.Notes) != 2 {
			t.Fatal(err, v.Notes)
		}
		if err := m.Guichet.BarrerNote(t.Context(), m.Acteur("instructeur1"), n, v.Notes[1].ID, "C’était Madame Personne fille"); err != nil {
			t.Fatal(err)
		}
		if k := strings.Count(tout(t, m, n), "Madame Personne"); k != 4 { // an act, two notes, why one is struck
			t.Fatalf("%d free texts name a person", k)
		}
		admin := m.Acteur("administrateur")
		if err := m.Guichet.EffacerDemande(t.Context(), admin, n, "x"); guichet.GenreDe(err) != guichet.Conflit || !strings.Contains(err.Error(), "instruction a besoin") {
			t.Errorf("under way: %v", err)
		}
		m.Agir(t, "decideur", n, guichet.ActeDemande{Action: guichet.Decider, Sens: "refus", Motifs: []string{"ineligible"}})
		if err := m.Guichet.EffacerDemande(t.Context(), admin, n, "x"); guichet.GenreDe(err) != guichet.Conflit || !strings.Contains(err.Error(), "contestée jusqu’au 03/09/2023") {
			t.Errorf("contestable: %v", err)
		}
		m.Horloge.Avancer(70 * 24 * 3600e9)
		if err := m.Guichet.EffacerDemande(t.Context(), m.Acteur("auditeur"), n, "x"); guichet.GenreDe(err) != guichet.Interdit {
			t.Errorf("by an auditeur: %v", err)
		}
		if err := m.Guichet.EffacerDemande(t.Context(), admin, n, "Courrier du 1er septembre"); err != nil {
			t.Fatal(err)
		}
		apres := tout(t, m, n)
		for _, x := range noms {
			if k := strings.Count(avant, x) - strings.Count(apres, x); k == 0 {
				t.Errorf("%s is still there: %s", x, apres)
			}
		}
		if strings.Contains(apres, "Madame Personne") || strings.Contains(apres, "PERSONNE-CORRIGÉE") {
			t.Error("a free text, or what was corrected, is still there")
		}
		if _, _, err := m.Guichet.OuvrirPiece(t.Context(), m.Acteur("instructeur2"), n, v.Pieces[0].Nom); guichet.GenreDe(err) != guichet.Inconnu {
			t.Errorf("its document opens: %v", err)
		}
		w, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), autre)
		if err != nil || w.Demande.Champs["beneficiaire.nomResponsable"] != noms[3] {
			t.Errorf("the neighbour lost its own: %v", err)
		}
		if _, r, err := m.Guichet.OuvrirPiece(t.Context(), m.Acteur("instructeur2"), autre, w.Pieces[0].Nom); err != nil {
			t.Error(err)
		} else if b, _ := io.ReadAll(r); len(b) == 0 {
			t.Error("the neighbour's document is empty")
		}
		if err := m.Guichet.EffacerDemande(t.Context(), admin, n, "x"); guichet.GenreDe(err) != guichet.Conflit {
			t.Errorf("twice: %v", err)
		}
		verifierSommes(t, m)
	})
}
