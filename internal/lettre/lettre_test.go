package lettre

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"guichet.example/segur"
)

var update = flag.Bool("update", false, "write the goldens again")

func cadre() Cadre {
	return Cadre{
		Emetteur: Partie{Nom: "Agence fictive de paiement", Service: "Pôle Ségur numérique", Adresse: []string{"1 place de l’Exemple", "00000 VILLE-EXEMPLE"}, Courriel: "segur@agence.example"},
		Destinataire: Partie{Nom: "Éditions Œuvre & Santé <SARL>", Service: "À l’attention de la gestionnaire",
			Adresse: []string{"12 rue de l’Invention", "00001 BOURG-FICTIF"}, SIRET: "00000000000000"},
		Lieu: "Ville-Exemple", Date: segur.Jour{Annee: 2023, Mois: 7, Jour: 1}, Reference: "DEC-2023-000042",
		Signataire: "Pour l’agence, le décideur",
		CreeLe:     time.Date(2023, 7, 1, 14, 5, 6, 0, time.FixedZone("CEST", 7200)),
	}
}

func etapes(t testing.TB, solde bool) ([]segur.Etape, segur.Montant) {
	t.Helper()
	c, err := segur.BaremePHA.Calculer(70833, "TTC")
	if err != nil {
		t.Fatal(err)
	}
	if solde {
		return c.Etapes, c.Solde
	}
	return c.Etapes[:3], c.Avance
}

func demande(i int) Demande {
	return Demande{NumeroASP: fmt.Sprintf("ASP-2023-%06d-K", i), NumeroEditeur: fmt.Sprintf("%05d", i), Type: segur.Avance, Beneficiaire: "777777777"}
}

func paiement(t testing.TB, n int) Paiement {
	p := Paiement{Lot: "LOT-000042", Date: segur.Jour{Annee: 2023, Mois: 7, Jour: 5}, IBAN: "FR7630006000011234567890189"}
	for i := range n {
		e, m := etapes(t, i%3 == 2)
		d := demande(i + 1)
		if i%3 == 2 {
			d.Type = segur.Solde
		}
		p.Lignes = append(p.Lignes, LignePayee{d, m, e})
	}
	return p
}

func depot(n int) Depot {
	d := Depot{
		ID: "DEP-2023-0007", Type: segur.Avance, NumeroAns: "1234567890", NomFichier: "JSON-1234567890-20230701-001.json", Taille: 222333,
		SHA256: strings.Repeat("0123456789abcdef", 4), RecuLe: time.Date(2023, 7, 1, 14, 5, 6, 0, time.FixedZone("CEST", 7200)), Deposant: "deposante@editeur.example",
		Regles: "PHA-LGO-Va1/avance, version 2022-11-04", EmpreinteRegles: "sha256:" + strings.Repeat("ab", 32), Entree: 1234, Empreinte: "sha256:" + strings.Repeat("cd", 32),
	}
	for i := range n {
		l := LigneDepot{Rang: i + 1, NumeroEditeur: fmt.Sprintf("%05d", i+1), NumeroASP: demande(i + 1).NumeroASP, Code: "0000", Libelle: "Demande acceptée"}
		if i%4 == 3 {
			l.NumeroASP, l.Code, l.Libelle = "", "2103", "Le montant doit être écrit avec exactement deux décimales, par exemple 708.33"
		}
		d.Lignes = append(d.Lignes, l)
	}
	return d
}

var raisons = []Motif{
	{"M012", "Le bon de commande n’est pas signé", "Faites signer le bon de commande par le titulaire de l’officine et déposez-le de nouveau.", "§3.4"},
	{"M020", "La date du bon de commande et celle de la demande diffèrent", "", ""},
}

var ancienne = Ancienne{Refus: true, Date: segur.Jour{Annee: 2023, Mois: 6, Jour: 2}, Reference: "ASP-2023-000002-K/REF1", Motif: "La signature figurait au verso."}

// lettres makes one letter of each kind.
func lettres(t testing.TB, c Cadre) map[Genre]*Document {
	t.Helper()
	e, m := etapes(t, false)
	faites := map[Genre]*Document{}
	faire := func(d *Document, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		faites[d.Genre()] = d
	}
	faire(Attribution(c, []Accordee{{demande(1), m, e, nil}, {demande(2), m, e, &ancienne}}))
	faire(Refus(c, []Refusee{{demande(3), raisons, nil}, {demande(4), raisons[:1], nil}}))
	faire(Modification(c, Correction{demande(5), raisons, []Cible{{"commande.dateCommande", "Date de la commande"}, {"piecesJustificatives", ""}},
		segur.Jour{Annee: 2023, Mois: 8, Jour: 31}, "Bonjour,\n\nLe cachet de l’officine est illisible : pouvez-vous numériser la page en 300 ppp ?\n\nMerci !"}))
	faire(Recouvrement(c, Indu{Demande: demande(6), Controle: "CTRL-2024-03", Verse: 25500, Montant: 10000, Motif: "Logiciel non installé dans l’officine",
		Avant: segur.Jour{Annee: 2024, Mois: 3, Jour: 1}, IBAN: "FR76 3000 6000 0112 3456 7890 189", Compensation: true}))
	faire(Retrait(c, demande(7), ancienne))
	faire(Constat(c, Ecart{Demande: demande(6), Controle: "CTRL-2024-03", Verse: 25500, Observations: "Le logiciel n’est pas installé dans l’officine.", Avant: segur.Jour{Annee: 2024, Mois: 2, Jour: 1}}))
	faire(Recepisse(c, depot(8)))
	faire(Avis(c, paiement(t, 7)))
	return faites
}

func TestLettersAreTheGoldenPages(t *testing.T) {
	for g, d := range lettres(t, cadre()) {
		var b bytes.Buffer
		if err := d.HTML(&b, ""); err != nil {
			t.Fatal(err)
		}
		chemin := filepath.Join("testdata", string(g)+".html")
		if *update {
			if err := os.WriteFile(chemin, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		attendu, err := os.ReadFile(chemin)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(attendu), b.String()); d != "" {
			t.Errorf("%s: %s", g, d)
		}
	}
}

// What a screen reader and a browser need of every letter.
func TestPagesAreAccessible(t *testing.T) {
	for g, d := range lettres(t, cadre()) {
		var b bytes.Buffer
		if err := d.HTML(&b, "n0nce"); err != nil {
			t.Fatal(err)
		}
		s := b.String()
		for _, x := range []string{`<html lang="fr">`, `<meta charset="utf-8">`, `<title>` + "", `<main>`, `<header>`, `<footer>`, `<style nonce="n0nce">`} {
			if !strings.Contains(s, x) {
				t.Errorf("%s has no %s", g, x)
			}
		}
		if n := strings.Count(s, "<h1>"); n != 1 {
			t.Errorf("%s has %d h1", g, n)
		}
		if tables := strings.Count(s, "<table>"); tables != strings.Count(s, "<caption>") || tables > 0 && !(strings.Contains(s, `scope="col"`) && strings.Contains(s, `scope="row"`)) {
			t.Errorf("%s has a table without caption or heads", g)
		}
		if m := regexp.MustCompile(`(?i)<script|style="|\son[a-z]+=|https?:|<SARL>|<nil>|%!`).FindString(s); m != "" {
			t.Errorf("%s holds %q", g, m)
		}
		if !strings.Contains(s, "Éditions Œuvre &amp; Santé &lt;SARL&gt;") {
			t.Errorf("%s does not name its addressee, escaped", g)
		}
	}
}

func TestPDFIsTheSameTwiceAndDated(t *testing.T) {
	for g, d := range lettres(t, cadre()) {
		var une, deux bytes.Buffer
		if err := d.PDF(&une); err != nil {
			t.Fatal(err)
		}
		if err := d.PDF(&deux); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(une.Bytes(), deux.Bytes()) {
			t.Errorf("%s: two writings differ", g)
		}
		if !bytes.Contains(une.Bytes(), []byte("/CreationDate (D:20230701120506")) {
			t.Errorf("%s: not the creation date of the frame", g)
		}
		if !bytes.Contains(une.Bytes(), []byte("/Lang (fr)")) {
			t.Errorf("%s: no language", g)
		}
	}
}

// texte reads a PDF back with poppler.
func texte(t *testing.T, d *Document) string {
	t.Helper()
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed (Debian: poppler-utils)")
	}
	var b bytes.Buffer
	if err := d.PDF(&b); err != nil {
		t.Fatal(err)
	}
	chemin := filepath.Join(t.TempDir(), "lettre.pdf")
	if err := os.WriteFile(chemin, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(pdftotext, "-layout", "-enc", "UTF-8", chemin, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), "\u00a0", " ") // as poppler has them or not
}

func TestPDFShowsFrench(t *testing.T) {
	l := lettres(t, cadre())
	for g, attendus := range map[Genre][]string{
		GenreAttribution:  {"Éditions Œuvre & Santé <SARL>", "Décision d’attribution", "1er juillet 2023", "255,00 €", "ASP-2023-000001-K", "Page 1 sur 1", "510,00 €"},
		GenreRefus:        {"M012 – Le bon de commande n’est pas signé (§3.4)", "Ce que vous pouvez faire", "segur reprendre"},
		GenreModification: {"31 août 2023", "Le cachet de l’officine est illisible", "commande.dateCommande"},
		GenreRecouvrement: {"100,00 €", "155,00 €", "CTRL-2024-03"},
		GenreRecepisse:    {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "14:05:06 (UTC+02:00)", "refusée", "222 333 octets"},
		GenreAvis:         {"FR76 … 0189", "LOT-000042", "595,00 €", "2 465,00 €"},
	} {
		s := texte(t, l[g])
		for _, a := range attendus {
			if !strings.Contains(s, a) {
				t.Errorf("%s does not show %q:\n%s", g, a, s)
			}
		}
		questions := map[Genre]int{GenreAvis: 1, GenreModification: 1}[g] // the rest would be signs that the font has not
		if strings.Count(s, "?") != questions || strings.Contains(s, "{") {
			t.Errorf("%s shows a hole:\n%s", g, s)
		}
	}
}

func TestLongNoticeHasNumberedPages(t *testing.T) {
	d, err := Avis(cadre(), paiement(t, 800))
	if err != nil {
		t.Fatal(err)
	}
	s := texte(t, d)
	m := regexp.MustCompile(`Page 1 sur (\d+)`).FindStringSubmatch(s)
	if m == nil || len(m[1]) < 2 {
		t.Fatalf("pages are not numbered: %v", m)
	}
	if !strings.Contains(s, "Page "+m[1]+" sur "+m[1]) {
		t.Error("the last page is not numbered")
	}
	for i := range 800 {
		if n := strings.Count(s, demande(i+1).NumeroASP); n != 1 {
			t.Fatalf("request %d stands %d times", i+1, n)
		}
	}
	if n := strings.Count(s, "N° éditeur"); n < 10 {
		t.Errorf("the head of the table stands only %d times", n)
	}
}

func TestSandboxMarksEveryPage(t *testing.T) {
	c := cadre()
	c.BacASable = true
	d, err := Avis(c, paiement(t, 60))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := d.HTML(&b, ""); err != nil || !strings.Contains(b.String(), essai) {
		t.Errorf("the page is not marked (%v)", err)
	}
	s := texte(t, d)
	if pages := strings.Count(s, "\f"); pages < 2 || strings.Count(s, essai) != pages {
		t.Errorf("%d pages, %d marks", pages, strings.Count(s, essai))
	}
}

// A name of anything must never stop a letter or leave its cell.
func TestHostileTextsAreWritten(t *testing.T) {
	for _, s := range []string{"健康", "\u202egnp.exe", "a\x00b", strings.Repeat("W", 5000), strings.Repeat("mot ", 5000), "{nombre}", "\xff\xfe", "{{.}}<script>"} {
		c := cadre()
		c.Destinataire.Nom = "N " + s
		d := demande(1)
		d.NumeroASP = "A " + s
		e, m := etapes(t, false)
		doc, err := Attribution(c, []Accordee{{d, m, e, nil}})
		if err != nil {
			t.Fatalf("%.20q: %v", s, err)
		}
		var b bytes.Buffer
		if err := doc.PDF(&b); err != nil {
			t.Errorf("%.20q: %v", s, err)
		}
		b.Reset()
		if err := doc.HTML(&b, ""); err != nil || strings.Contains(b.String(), "<script") {
			t.Errorf("%.20q: %v", s, err)
		}
	}
}

func BenchmarkAvis800(b *testing.B) {
	d, err := Avis(cadre(), paiement(b, 800))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := d.PDF(&bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
}

// Every letter drawn as a picture: its pages have ink, and none of it in the
// margins, where a printer would cut it, however long the words are.
func TestNoInkInTheMargins(t *testing.T) {
	pdftoppm, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is not installed (Debian: poppler-utils)")
	}
	l := lettres(t, cadre())
	long := strings.Repeat("Anticonstitutionnellement", 12)
	d, err := Refus(cadre(), []Refusee{{Demande: demande(1), Motifs: []Motif{{Code: "M012", Libelle: long}}}})
	if err != nil {
		t.Fatal(err)
	}
	l["mot très long"] = d
	dossier := t.TempDir()
	for g, d := range l {
		var b bytes.Buffer
		if err := d.PDF(&b); err != nil {
			t.Fatal(err)
		}
		const points = 36 // an inch
		c := exec.Command(pdftoppm, "-gray", "-r", "36", "-", filepath.Join(dossier, string(g)))
		c.Stdin = &b
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v %s", g, err, out)
		}
		pages, err := filepath.Glob(filepath.Join(dossier, string(g)+"-*.pgm"))
		if err != nil || len(pages) == 0 {
			t.Fatalf("%s: no page (%v)", g, err)
		}
		for _, p := range pages {
			if n, bord := encre(t, p, points/4); n < 200 || bord > 0 {
				t.Errorf("%s: %d points of ink, %d of them within 6 mm of the edge", filepath.Base(p), n, bord)
			}
		}
	}
}

// encre counts the points of a picture that are not white, and those of them
// that lie within marge of its edge.
func encre(t *testing.T, chemin string, marge int) (n, bord int) {
	t.Helper()
	b, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	var large, haut, max int
	if _, err := fmt.Sscanf(string(b[:min(len(b), 40)]), "P5\n%d %d\n%d", &large, &haut, &max); err != nil {
		t.Fatalf("%s: %v", chemin, err)
	}
	for i, gris := range b[len(b)-large*haut:] {
		if gris > 200 {
			continue
		}
		n++
		if x, y := i%large, i/large; x < marge || y < marge || x >= large-marge || y >= haut-marge {
			bord++
		}
	}
	return n, bord
}
