package reprise

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// atelierTest is a working folder where n orders were prepared.
type atelierTest struct {
	t       *testing.T
	dossier string
	reg     *registre.Registre
	json    []byte // the file prepared
}

func jeu(t *testing.T) *segur.Jeu {
	t.Helper()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func photo(t *testing.T, n int) []byte {
	t.Helper()
	i := image.NewGray(image.Rect(0, 0, 8, 8))
	i.SetGray(n%8, n/8%8, color.Gray{255})
	var b bytes.Buffer
	if err := png.Encode(&b, i); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func nouveau(t *testing.T, n int) *atelierTest {
	t.Helper()
	a := &atelierTest{t: t, dossier: t.TempDir()}
	reg, err := registre.Ouvrir(a.dossier, registre.Options{Maintenant: func() time.Time { return time.Unix(0, 0).UTC() }})
	if err != nil {
		t.Fatal(err)
	}
	a.reg = reg
	t.Cleanup(func() {
		if err := reg.Fermer(); err != nil {
			t.Error(err)
		}
	})
	if err := os.Mkdir(filepath.Join(a.dossier, "scans"), 0o700); err != nil {
		t.Fatal(err)
	}
	rapport := jeu(t).Controler(jeu(t).Exemple(n), segur.JourExemple, segur.Options{})
	var cs []atelier.Commande
	for d := range rapport.Demandes() {
		c := atelier.Commande{Source: registre.Source{Fichier: "commandes.csv", Ligne: d.Rang() + 1}, Extras: []registre.Extra{{Colonne: "x_agence", Valeur: "Lyon"}}}
		for i := range jeu(t).Champs {
			b := jeu(t).Champs[i].Balise()
			c.Poser(jeu(t), b, string(d.Brut(b)))
		}
		source := filepath.Join(a.dossier, "scans", fmt.Sprintf("scan%d.png", d.Rang()))
		if err := os.WriteFile(source, photo(t, d.Rang()), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Pieces = []atelier.Piece{{Type: "BON_COMMANDE", Source: source}}
		cs = append(cs, c)
	}
	r := a.preparer(cs)
	if a.json, err = os.ReadFile(filepath.Join(r.Dossier, segur.NomExemple(1))); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *atelierTest) preparer(cs []atelier.Commande) *atelier.Resultat {
	a.t.Helper()
	c := &atelier.Cadre{Jeu: jeu(a.t), Jour: segur.JourExemple, Entete: atelier.Entete{NumeroAns: "9999999999", SIRET: "00000000000000"}}
	if ks, err := atelier.ControlerPieces(a.t.Context(), c, cs, nil); err != nil || atelier.Refuse(ks) {
		a.t.Fatal(ks, err)
	}
	p, err := atelier.Planifier(c, cs, a.reg)
	if err != nil {
		a.t.Fatal(err)
	}
	r, err := p.Ecrire(a.t.Context(), filepath.Join(a.dossier, "depot"), a.reg)
	if err != nil {
		a.t.Fatal(err)
	}
	return r
}

// rendre is the returned file of the deposit, where some numbers are refused
// with a code and a label.
func (a *atelierTest) rendre(refus map[string]string) string {
	a.t.Helper()
	rapport := jeu(a.t).Controler(a.json, segur.JourExemple, segur.Options{})
	var numeros []string
	for d := range rapport.Demandes() {
		numeros = append(numeros, d.NumeroEditeur())
	}
	b := rapport.Retour(segur.Numeros{ImpID: "IMP-1", NumeroASP: func(rang int) string {
		if refus[numeros[rang-1]] != "" {
			return ""
		}
		return fmt.Sprintf("ASP-%06d", rang)
	}})
	texte := string(b)
	for n, code := range refus {
		i := strings.Index(texte, `"numeroEditeur": "`+n+`"`)
		if i < 0 {
			a.t.Fatal("no request " + n)
		}
		fin := strings.Replace(texte[i:], `"codeTraitement": "0000"`, `"codeTraitement": "`+code+`"`, 1)
		texte = texte[:i] + strings.Replace(fin, segur.LibelleAccepte, "Refus "+code, 1)
	}
	chemin := filepath.Join(a.dossier, "retour.json")
	if err := os.WriteFile(chemin, []byte(texte), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return chemin
}

func (a *atelierTest) refusees() []*Refusee {
	a.t.Helper()
	rs, err := Refusees(a.reg, segur.JourExemple)
	if err != nil {
		a.t.Fatal(err)
	}
	return rs
}

func (a *atelierTest) reprendre(rs []*Refusee) []Preparee {
	a.t.Helper()
	p := &Preparation{Registre: a.reg, Jour: segur.JourExemple}
	faites, err := p.Preparer(context.Background(), rs)
	if err != nil {
		a.t.Fatal(err)
	}
	return faites
}

func (a *atelierTest) lire(csv string) *atelier.Lecture {
	a.t.Helper()
	l := a.lireBrut(csv)
	if atelier.Refuse(l.Constats) {
		a.t.Fatalf("%+v", l.Constats)
	}
	return l
}

func (a *atelierTest) lireBrut(csv string) *atelier.Lecture {
	a.t.Helper()
	chemin := filepath.Join(a.dossier, "corrigees.csv")
	if err := os.WriteFile(chemin, []byte(csv), 0o600); err != nil {
		a.t.Fatal(err)
	}
	l, err := atelier.LireListe(chemin, atelier.OptionsListe{Jeu: jeu(a.t)})
	if err != nil || len(l.Questions) > 0 {
		a.t.Fatalf("%v, %+v", err, l.Questions)
	}
	return l
}

// TestPeineDemandeRefuseeChangeDeNumero: the pain is that
// a refused request must change its number, so its files change their names,
// its zip and its JSON too. One step does it, and links old to new.
func TestPeineDemandeRefuseeChangeDeNumero(t *testing.T) {
	a := nouveau(t, 3)
	lu, err := Lire(a.reg, a.rendre(map[string]string{"00002": "3030"}))
	if err != nil || lu.Acceptees != 2 || lu.Refusees != 1 || lu.Deja {
		t.Fatalf("%+v, %v", lu, err)
	}
	rs := a.refusees()
	if len(rs) != 1 || !rs[0].Prete || !strings.Contains(rs[0].Explication, "déjà servi") {
		t.Fatalf("%+v", rs)
	}
	faites := a.reprendre(rs)
	if d := cmp.Diff([][2]string{{"00002", "00004"}}, faites[0].Paires); d != "" {
		t.Fatal(d)
	}
	depot := a.reg.Depots()[1]
	b, err := os.ReadFile(filepath.Join(faites[0].Dossier, depot.Fichier.Nom))
	if err != nil || !bytes.Contains(b, []byte(`"PHA-LGO-Va1-BDC-00004.png"`)) || bytes.Contains(b, []byte(`"00002"`)) || bytes.Contains(b, []byte("-00002")) {
		t.Errorf("%v\n%s", err, b)
	}
	z, err := zip.OpenReader(filepath.Join(faites[0].Dossier, depot.Zips[0].Nom))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if len(z.File) != 1 || z.File[0].Name != "PHA-LGO-Va1-BDC-00004.png" {
		t.Errorf("%+v", z.File)
	}
	ancienne, _ := a.reg.Demande(segur.Avance, "00002")
	neuve, _ := a.reg.Demande(segur.Avance, "00004")
	if ancienne.RemplaceePar != "00004" || neuve.Remplace != "00002" || neuve.Extras[0].Valeur != "Lyon" || ancienne.Statut() != registre.StatutReprise {
		t.Errorf("%+v %+v", ancienne, neuve)
	}
}

// TestTwiceChangesNothing: the same returned file and the same corrections, a
// second time, leave the ledger and the folder as they are.
func TestTwiceChangesNothing(t *testing.T) {
	a := nouveau(t, 3)
	retour := a.rendre(map[string]string{"00001": "3030", "00003": "KO-77"})
	if _, err := Lire(a.reg, retour); err != nil {
		t.Fatal(err)
	}
	csv := string(ACorriger(jeu(t), a.refusees()[1:]))
	corriger := func() ([]*Refusee, []string) {
		rs := a.refusees()
		deja, err := Appliquer(a.reg, rs, a.lire(csv), segur.JourExemple)
		if err != nil {
			t.Fatal(err)
		}
		return rs, deja
	}
	rs, _ := corriger()
	if n := len(a.reprendre(rs)[0].Paires); n != 2 {
		t.Fatalf("%d requests taken up", n)
	}
	entrees, _ := a.reg.Tete()
	noms, err := os.ReadDir(a.dossier)
	if err != nil {
		t.Fatal(err)
	}
	lu, err := Lire(a.reg, retour)
	if err != nil || !lu.Deja {
		t.Errorf("%+v, %v", lu, err)
	}
	rs, deja := corriger()
	if len(rs) != 0 || !slices.Equal(deja, []string{"00003"}) || len(a.reprendre(rs)) != 0 {
		t.Errorf("%+v, %v", rs, deja)
	}
	apres, err := os.ReadDir(a.dossier)
	if n, _ := a.reg.Tete(); err != nil || n != entrees || len(apres) != len(noms) {
		t.Errorf("%d entries instead of %d, %d files instead of %d", n, entrees, len(apres), len(noms))
	}
}

// TestUnknownRefusalWaitsForAPerson: the agency's own code means nothing to
// us and our control finds nothing: nothing leaves by itself.
func TestUnknownRefusalWaitsForAPerson(t *testing.T) {
	a := nouveau(t, 2)
	if _, err := Lire(a.reg, a.rendre(map[string]string{"00002": "KO-77"})); err != nil {
		t.Fatal(err)
	}
	rs := a.refusees()
	if rs[0].Prete || !strings.Contains(rs[0].Phrase(), "KO-77") || len(a.reprendre(rs)) != 0 {
		t.Errorf("%+v", rs[0])
	}
	csv := string(ACorriger(jeu(t), rs))
	for _, want := range []string{"x_remplace;", ";708,33;", ";scan2.png;", ";Lyon;", "KO-77 Refus KO-77"} {
		if !strings.Contains(csv, want) {
			t.Errorf("the list of corrections has no %q:\n%s", want, csv)
		}
	}
	l := a.lire(strings.Replace(csv, "708,33", "650,00", 1))
	if _, err := Appliquer(a.reg, rs, l, segur.JourExemple); err != nil {
		t.Fatal(err)
	}
	if !rs[0].Prete || !rs[0].Corrigee {
		t.Fatalf("%+v", rs[0].Constats)
	}
	a.reprendre(rs)
	if d, ok := a.reg.Demande(segur.Avance, "00003"); !ok || d.Montants.HT != 65000 {
		t.Errorf("%+v", d)
	}
}

func TestFaultyCorrectionIsTold(t *testing.T) {
	a := nouveau(t, 2)
	if _, err := Lire(a.reg, a.rendre(map[string]string{"00002": "KO-77"})); err != nil {
		t.Fatal(err)
	}
	rs := a.refusees()
	csv := string(ACorriger(jeu(t), rs))
	for change, dit := range map[[2]string]string{
		{"00002;", "00009;"}: "pas le numéro d’une demande refusée",
		{"00002;", "00001;"}: "pas le numéro d’une demande refusée",
		{"00002;", ";"}:      "x_remplace est vide",
	} {
		if _, err := Appliquer(a.reg, a.refusees(), a.lire(strings.Replace(csv, change[0], change[1], 1)), segur.JourExemple); err == nil || !strings.Contains(err.Error(), dit) {
			t.Errorf("%v: %v", change, err)
		}
	}
	if _, err := Appliquer(a.reg, rs, a.lire(strings.Replace(csv, "TTC", "HT", 1)), segur.JourExemple); err != nil {
		t.Fatal(err)
	}
	if rs[0].Prete || len(rs[0].Constats) == 0 {
		t.Errorf("HT without its proof is ready: %+v", rs[0])
	}
}

// TestVanishedScanIsTold: an original that was moved since.
func TestVanishedScanIsTold(t *testing.T) {
	a := nouveau(t, 2)
	if _, err := Lire(a.reg, a.rendre(map[string]string{"00002": "3030"})); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(a.dossier, "scans", "scan2.png")); err != nil {
		t.Fatal(err)
	}
	rs := a.refusees()
	if faites := a.reprendre(rs); len(faites) != 0 || rs[0].Prete || !strings.Contains(rs[0].Phrase(), "n’est plus là") {
		t.Errorf("%+v, %s", faites, rs[0].Phrase())
	}
}

// TestSameNumberOfTwoCopiesIsSeenInTheReturnedFile: a colleague's copy of the
// ledger gave the same number to another pharmacy.
func TestSameNumberOfTwoCopiesIsSeenInTheReturnedFile(t *testing.T) {
	a := nouveau(t, 2)
	chemin := a.rendre(nil)
	b, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	i := bytes.Index(b, []byte(`"FINESSGeo": "99`))
	copy(b[i+len(`"FINESSGeo": "99`):], "777777")
	if err := os.WriteFile(chemin, b, 0o600); err != nil {
		t.Fatal(err)
	}
	avant, _ := a.reg.Tete()
	if _, err := Lire(a.reg, chemin); err == nil || !strings.Contains(err.Error(), "deux copies du registre") {
		t.Errorf("err = %v", err)
	}
	if apres, _ := a.reg.Tete(); apres != avant {
		t.Error("the ledger changed")
	}
}

// TestEveryFaultOfARefusedRequestIsListedAtOnce: the agency tells the first
// fault only, and k faults would cost k deposits; the list has all of them.
func TestEveryFaultOfARefusedRequestIsListedAtOnce(t *testing.T) {
	a := nouveau(t, 2)
	if _, err := Lire(a.reg, a.rendre(map[string]string{"00002": "KO-77"})); err != nil {
		t.Fatal(err)
	}
	rs := a.refusees()
	csv := strings.NewReplacer(";03/02/2023;", ";31/02/2023;", ";2100000001;", ";21;").Replace(string(ACorriger(jeu(t), rs)))
	l := a.lireBrut(csv)
	if _, err := Appliquer(a.reg, rs, l, segur.JourExemple); err != nil {
		t.Fatal(err)
	}
	liste := string(ACorriger(jeu(t), rs))
	if rs[0].Prete || !strings.Contains(liste, "numeroCarteCPX") || !strings.Contains(liste, "dateCommande : ") {
		t.Errorf("%v\n%s", rs[0].Prete, liste)
	}
}

// TestKnownCodeIsExplainedByOurCatalogue: labels that explain nothing. A label
// that is not ours is kept in front: the agency's codes may mean other things.
func TestKnownCodeIsExplainedByOurCatalogue(t *testing.T) {
	e, ok := jeu(t).Entree(2127)
	if !ok {
		t.Fatal("no code 2127")
	}
	e = e.Lisible()
	for libelle, want := range map[string]string{e.Titre: e.Message, "Refus 2127": "Refus 2127 (d’après notre catalogue : " + e.Message + ")"} {
		a := nouveau(t, 2)
		chemin := a.rendre(map[string]string{"00002": "2127"})
		b, err := os.ReadFile(chemin)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(chemin, bytes.ReplaceAll(b, []byte("Refus 2127"), []byte(libelle)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Lire(a.reg, chemin); err != nil {
			t.Fatal(err)
		}
		if x := a.refusees()[0]; x.Libelle != libelle || x.Explication != want || x.Remede != e.Remede || x.Remede == "" {
			t.Errorf("label %q: %q, %q", libelle, x.Explication, x.Remede)
		}
	}
}

// TestPortalsRefusalIsExplainedWithItsValue: of "le montant « … » € HT dépasse
// le plafond, … € HT" nobody could tell which amount.
func TestPortalsRefusalIsExplainedWithItsValue(t *testing.T) {
	a := nouveau(t, 2)
	if _, err := Lire(a.reg, a.rendre(map[string]string{"00001": "3030", "00002": "3031"})); err != nil {
		t.Fatal(err)
	}
	brule, plafond := a.refusees()[0], a.refusees()[1]
	if !strings.Contains(brule.Explication, "« 00001 »") || !strings.Contains(plafond.Explication, "708,33") || strings.Contains(plafond.Explication, "…") || plafond.Prete {
		t.Errorf("%q, %q", brule.Explication, plafond.Explication)
	}
}
