package lettre

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"guichet.example/segur"
)

func TestTemplateOfTheDayIsTheLatestBegun(t *testing.T) {
	j := func(a, m, d int) segur.Jour { return segur.Jour{Annee: a, Mois: m, Jour: d} }
	ms := Modeles{
		{ID: "c", Genre: GenreAvis, Depuis: j(2024, 1, 1)},
		{ID: "a", Genre: GenreAvis, Depuis: j(2022, 1, 1)},
		{ID: "b", Genre: GenreAvis, Depuis: j(2023, 1, 1)},
		{ID: "x", Genre: GenreRefus, Depuis: j(2023, 6, 1)},
	}
	for jour, attendu := range map[segur.Jour]string{j(2022, 12, 31): "a", j(2023, 1, 1): "b", j(2023, 12, 31): "b", j(2024, 1, 1): "c", j(2030, 1, 1): "c", j(2021, 12, 31): ""} {
		m, err := ms.Pour(GenreAvis, jour)
		if m.ID != attendu || (err == nil) != (attendu != "") {
			t.Errorf("%s: got %q, %v", jour, m.ID, err)
		}
	}
}

func TestEveryKindHasATemplate(t *testing.T) {
	vus := map[string]bool{}
	for _, m := range ModelesFournis() {
		if vus[m.ID] || !strings.HasPrefix(m.ID, string(m.Genre)+"/") || m.Objet == "" || len(m.Ouverture) == 0 {
			t.Errorf("template %+v", m)
		}
		vus[m.ID] = true
		for _, s := range append(append(append([]string{m.Objet}, m.Ouverture...), m.Cloture...), m.Recours...) {
			if strings.Contains(s, "'") {
				t.Errorf("%s: typewriter apostrophe in %q", m.ID, s)
			}
		}
	}
	if n := len(lettres(t, cadre())); n != 8 || len(vus) < n {
		t.Errorf("%d kinds, %d templates", n, len(vus))
	}
}

func TestOperatorsTemplateIsUsedAndChecked(t *testing.T) {
	c := cadre()
	c.Modeles = Modeles{{ID: "avis/a-nous", Genre: GenreAvis, Depuis: segur.Jour{Annee: 2023, Mois: 1, Jour: 1}, Objet: "Payé : {total}", Ouverture: []string{"Bonjour {fournisseur}."}}}
	d, err := Avis(c, paiement(t, 1))
	if err != nil || d.Objet() != "Payé : 255,00\u00a0€" || d.Modele() != "avis/a-nous" {
		t.Fatalf("%+v, %v", d, err)
	}
	for _, faux := range []string{"{inconnu}", "{total", "{}"} {
		c.Modeles[0].Objet = faux
		if _, err := Avis(c, paiement(t, 1)); err == nil || !strings.Contains(err.Error(), "mots possibles") {
			t.Errorf("%s: got %v", faux, err)
		}
	}
	if _, err := Refus(c, []Refusee{{demande(1), raisons, nil}}); err == nil {
		t.Error("a letter without template is written")
	}
}

func TestImpossibleLettersAreRefused(t *testing.T) {
	e, m := etapes(t, false)
	bonne := []Accordee{{demande(1), m, e, nil}}
	for nom, gater := range map[string]func(*Cadre){
		"no sender": func(c *Cadre) { c.Emetteur.Nom = "" }, "no addressee": func(c *Cadre) { c.Destinataire.Nom = "" },
		"no reference": func(c *Cadre) { c.Reference = "" }, "no day": func(c *Cadre) { c.Date = segur.Jour{} }, "no instant": func(c *Cadre) { c.CreeLe = time.Time{} },
	} {
		c := cadre()
		gater(&c)
		if _, err := Attribution(c, bonne); err == nil {
			t.Errorf("%s: no error", nom)
		}
	}
	c := cadre()
	indu := Indu{Demande: demande(1), Verse: 25500, Montant: 25500, Avant: c.Date, IBAN: "FR76"}
	trop, rien, sansIBAN, retenue := indu, indu, indu, paiement(t, 1)
	trop.Montant++
	rien.Montant = 0
	sansIBAN.IBAN = ""
	retenue.Retenues = []Retenue{{"ASP-1/REC1", "ASP-1", 25501}}
	erreurs := map[string]error{}
	noter := func(nom string) func(*Document, error) { return func(_ *Document, err error) { erreurs[nom] = err } }
	noter("nothing granted")(Attribution(c, nil))
	noter("nothing refused")(Refus(c, nil))
	noter("refused without reason")(Refus(c, []Refusee{{Demande: demande(1)}}))
	noter("modification without reason")(Modification(c, Correction{Demande: demande(1), Echeance: c.Date}))
	noter("modification without end")(Modification(c, Correction{Demande: demande(1), Motifs: raisons}))
	noter("more than was paid")(Recouvrement(c, trop))
	noter("nothing to give back")(Recouvrement(c, rien))
	noter("no way to pay")(Recouvrement(c, sansIBAN))
	noter("nothing paid")(Avis(c, Paiement{}))
	noter("more held back than paid")(Avis(c, retenue))
	for nom, err := range erreurs {
		if err == nil {
			t.Errorf("%s: no error", nom)
		}
	}
	if _, err := Recouvrement(c, indu); err != nil {
		t.Errorf("all that was paid can be claimed: %v", err)
	}
}

func TestNoticeSumsToTheCent(t *testing.T) {
	p := paiement(t, 6)
	p.Retenues = []Retenue{{"ASP-1/REC1", "ASP-1", 1000}, {"ASP-2/REC2", "ASP-2", 234}}
	if p.Total() != 4*25500+2*59500-1234 {
		t.Errorf("total %s", p.Total())
	}
	d, err := Avis(cadre(), p)
	if err != nil || !strings.Contains(d.Objet(), p.Total().Francais()) {
		t.Errorf("%v, %v", d, err)
	}
	var b bytes.Buffer
	p.Lignes[0].NumeroEditeur = "=1+1"
	if err := AvisCSV(&b, p); err != nil {
		t.Fatal(err)
	}
	s, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Error("no mark of UTF-8")
	}
	r := csv.NewReader(strings.NewReader(s))
	r.Comma = ';'
	lignes, err := r.ReadAll()
	if err != nil || len(lignes) != 9 {
		t.Fatalf("%d lines, %v", len(lignes), err)
	}
	var somme segur.Montant
	for _, l := range lignes[1:] {
		signe := segur.Montant(1)
		v, moins := strings.CutPrefix(l[7], "-")
		if moins {
			signe = -1
		}
		m, err := segur.LireMontant(strings.Replace(v, ",", ".", 1))
		if err != nil {
			t.Fatal(err)
		}
		somme += signe * m
	}
	if somme != p.Total() {
		t.Errorf("the lines sum to %s, the notice to %s", somme, p.Total())
	}
	if lignes[1][3] != "'=1+1" {
		t.Errorf("a formula passes: %q", lignes[1][3])
	}
}

func TestWindows1252(t *testing.T) {
	for s, attendu := range map[string]string{
		"é€Œ’–…": "\xe9\x80\x8c\x92\x96\x85", "e\u0301": "\xe9", "1\u202f000": "1\xa0000", "ŁłŐ−": "LlO\x96", "健": "?", "a\u202eb\x07": "ab", "a\tb\nc": "a b\nc", "≤ ≥": "<= >=",
	} {
		if obtenu := cp1252(s); obtenu != attendu {
			t.Errorf("%q: got %q, expected %q", s, obtenu, attendu)
		}
	}
}
