package contrat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// entreeJournal is one entry, with the object it was read from.
type entreeJournal struct {
	Numero                         int
	Date, Acteur, Acte, Objet      string
	Resultat                       string
	Empreinte, EmpreintePrecedente string
	brute                          objet
}

// journalDepuis reads the journal from an entry on, to its end.
func (d *demo) journalDepuis(t testing.TB, n int) []entreeJournal {
	t.Helper()
	auditeur := d.agent(t, "auditeur")
	var tout []entreeJournal
	for range 10000 {
		r := auditeur.appeler(t, "GET", fmt.Sprint("/api/v1/journal?depuis=", n), nil).exige(t, "lire le journal", 200)
		clesDe(t, r, "entrees", "suivant")
		dec := json.NewDecoder(bytes.NewReader(r.corps))
		dec.UseNumber()
		var brut struct{ Entrees []objet }
		if err := dec.Decode(&brut); err != nil {
			t.Fatal(err)
		}
		p := lire[struct {
			Entrees []entreeJournal
			Suivant *int
		}](t, r)
		for i := range p.Entrees {
			p.Entrees[i].brute = brut.Entrees[i]
		}
		tout = append(tout, p.Entrees...)
		if p.Suivant == nil {
			return tout
		}
		if *p.Suivant <= n {
			t.Fatalf("suivant %d après depuis=%d", *p.Suivant, n)
		}
		n = *p.Suivant
	}
	t.Fatal("le journal ne finit pas")
	return nil
}

// pour gives the entries of an object and an act.
func (d *demo) entrees(t testing.TB, objet, acte string) (fait, refuse int) {
	t.Helper()
	for _, e := range d.journalDepuis(t, 1) {
		if e.Objet == objet && e.Acte == acte {
			if e.Resultat == "fait" {
				fait++
			} else {
				refuse++
			}
		}
	}
	return fait, refuse
}

// TestOutsiderRecomputesTheWholeChain is the promise of the journal.
func TestOutsiderRecomputesTheWholeChain(t *testing.T) {
	t.Parallel()
	d := partage(t, "journal")
	d.enEtat(t, "payee", ligne{valeurs: map[string]string{"beneficiaire.nomResponsable": `"D’ÉTÉ <&> \\ 😀"`}})
	entrees := d.journalDepuis(t, 1)
	if len(entrees) < 8 {
		t.Fatalf("%d entrées au journal", len(entrees))
	}
	precedente := "sha256:" + strings.Repeat("0", 64)
	for i, e := range entrees {
		exigeCles(t, "entrée du journal", e.brute, "numero", "date", "acteur", "acte", "objet", "resultat", "empreinte", "empreintePrecedente")
		if e.Numero != i+1 || e.EmpreintePrecedente != precedente || e.Resultat != "fait" && e.Resultat != "refuse" {
			t.Fatalf("entrée %d : %+v, attendu la suite de %s", i+1, e, precedente)
		}
		if _, err := time.Parse(time.RFC3339, e.Date); err != nil {
			t.Errorf("entrée %d : date %q", e.Numero, e.Date)
		}
		sans := avec(e.brute, "empreinte", nil)
		var b bytes.Buffer
		if err := canonique(&b, sans); err != nil {
			t.Fatalf("entrée %d : %v", e.Numero, err)
		}
		if veut := "sha256:" + sha(b.Bytes()); e.Empreinte != veut {
			t.Fatalf("entrée %d : empreinte %s, recalculée %s sur %s", e.Numero, e.Empreinte, veut, b.String())
		}
		precedente = e.Empreinte
	}
	milieu := d.journalDepuis(t, 5)
	if len(milieu) < len(entrees)-4 || milieu[0].Numero != 5 || milieu[0].Empreinte != entrees[4].Empreinte {
		t.Errorf("depuis=5 commence à %d", milieu[0].Numero)
	}
	if fin := d.journalDepuis(t, 1<<30); len(fin) != 0 {
		t.Errorf("depuis au-delà de la fin : %d entrées", len(fin))
	}
}

func TestJournalIsForItsReaders(t *testing.T) {
	t.Parallel()
	d := partage(t, "journal")
	for _, c := range d.comptes() {
		veut := 403
		if c.Role == "auditeur" || c.Role == "administrateur" {
			veut = 200
		}
		d.client(c).appeler(t, "GET", "/api/v1/journal", nil).veut(t, "journal : auditeur, administrateur", veut)
	}
	for _, depuis := range []string{"x", "-1", "1.5", "99999999999999999999", "1e3", "%00"} {
		d.agent(t, "auditeur").appeler(t, "GET", "/api/v1/journal?depuis="+depuis, nil).veut(t, "depuis mauvais", 400, 422)
	}
}

func TestEachActLeavesOneEntry(t *testing.T) {
	t.Parallel()
	d := partage(t, "journal")
	f, i := d.fournisseur(0), d.agent(t, "instructeur")
	l := f.garnir(ligne{})
	dep := f.deposer(t, l)
	asp := dep.Demandes[0].NumeroASP
	f.verser(t, dep.ID, zipPieces(l[0].pieces()...)).exige(t, "pièces", 200)
	compte := func(quoi, objet, acte string, fait, refuse int) {
		t.Helper()
		if a, b := d.entrees(t, objet, acte); a != fait || b != refuse {
			t.Errorf("%s : %d fait et %d refuse pour %s de %s, attendu %d et %d", quoi, a, b, acte, objet, fait, refuse)
		}
	}
	compte("un dépôt", dep.ID, "deposer", 1, 0)
	d.agent(t, "decideur").agir(t, asp, objet{"acte": "prendre"}).exige(t, "403", 403)
	compte("refusé par 403", asp, "prendre", 0, 1)
	f.agir(t, asp, objet{"acte": "prendre"}).exige(t, "403", 403)
	compte("refusé par 403 au fournisseur", asp, "prendre", 0, 2)
	i.agir(t, asp, objet{"acte": "valider"}).exige(t, "409", 409)
	compte("409 n’est pas un acte", asp, "valider", 0, 0)
	i.faire(t, asp, objet{"acte": "prendre"})
	compte("fait", asp, "prendre", 1, 2)
	i.agir(t, asp, objet{"acte": "prendre"})
	compte("fait deux fois", asp, "prendre", 1, 2)
	i.faire(t, asp, d.validation(t, asp))
	compte("valider", asp, "valider", 1, 0)
	d.agent(t, "decideur").appeler(t, "POST", "/api/v1/decisions", objet{"sens": "attribution", "numerosASP": []string{asp}, "apercu": true}).exige(t, "aperçu", 200)
	compte("un aperçu ne décide pas", asp, "decider", 0, 0)
	d.agent(t, "decideur").appeler(t, "POST", "/api/v1/decisions", objet{"sens": "attribution", "numerosASP": []string{asp}}).exige(t, "sélection", 200)
	compte("décidée en sélection", asp, "decider", 1, 0)
	lot := d.preparerLot(t, []string{asp})
	compte("préparé", lot.ID, "preparer", 1, 0)
	d.agirLot(t, d.agent(t, "comptable"), lot.ID, objet{"acte": "approuver"}).exige(t, "403", 403)
	compte("approuvé par le même", lot.ID, "approuver", 0, 1)
	d.agirLot(t, d.agent(t, "comptable", 1), lot.ID, objet{"acte": "approuver"}).exige(t, "200", 200)
	compte("approuvé", lot.ID, "approuver", 1, 1)
	d.agirLot(t, d.agent(t, "comptable", 1), lot.ID, objet{"acte": "regler", "date": aujourdhui().ISO()}).exige(t, "200", 200)
	compte("réglé", lot.ID, "regler", 1, 0)
	for _, e := range d.journalDepuis(t, 1) {
		if e.Objet == lot.ID && e.Acte == "preparer" && e.Acteur != d.agent(t, "comptable").Utilisateur {
			t.Errorf("acteur de l’entrée %q, attendu l’utilisateur %q", e.Acteur, d.agent(t, "comptable").Utilisateur)
		}
	}
}

// Nothing else than what it should leaves an entry; its own portal, so that
// the count is only ours.
func TestWhatLeavesNoEntry(t *testing.T) {
	t.Parallel()
	d := demarrer(t, t.TempDir())
	f := d.fournisseur(0)
	dep := f.deposer(t, f.garnir(ligne{}))
	asp := dep.Demandes[0].NumeroASP
	personnels := []string{"TITULAIRE IMAGINAIRE", "titulaire.imaginaire@officine.example", "2100000017"}
	fin := func() int { return len(d.journalDepuis(t, 1)) }
	fin()
	// Reading the journal may be an entry too: count what one reading leaves.
	a := fin()
	cout := fin() - a
	avant := fin()
	d.anonyme().appeler(t, "POST", "/api/v1/controles", fichier(f.NumeroAns, f.Siret, f.garnir(ligne{})), "Content-Type", "application/json").exige(t, "simulateur", 200)
	d.anonyme().appeler(t, "GET", "/livez", nil)
	f.appeler(t, "GET", cheminDemande(asp), nil)
	if n := fin() - cout; n != avant {
		t.Errorf("le simulateur et la lecture par le fournisseur laissent %d entrées", n-avant)
	}
	avant = fin()
	d.agent(t, "instructeur").voir(t, asp)
	if n := fin() - cout; n != avant+1 {
		t.Errorf("la lecture d’une demande par un agent laisse %d entrées, attendu une", n-avant)
	}
	for _, e := range d.journalDepuis(t, 1) {
		b, _ := json.Marshal(e.brute)
		for _, p := range personnels {
			if bytes.Contains(b, []byte(p)) {
				t.Errorf("l’entrée %d porte %q", e.Numero, p)
			}
		}
	}
}
