package atelier

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

// Scans are found by the column, by a pattern or by the FINESS number; two
// that fit are never chosen between.
func TestScansTrouves(t *testing.T) {
	for nom, c := range map[string]struct {
		fichiers []string
		colonne  string
		motif    string
		source   string
		code     string
	}{
		"by name":              {[]string{"a.pdf", "b.pdf"}, "b.pdf", "", "b.pdf", ""},
		"without extension":    {[]string{"a.pdf", "b.pdf"}, "b", "", "b.pdf", ""},
		"other letter case":    {[]string{"B.PDF"}, "b.pdf", "", "B.PDF", ""},
		"in a folder":          {[]string{"2023/b.pdf"}, `C:\scans\b.pdf`, "", "2023/b.pdf", ""},
		"jpeg for jpg":         {[]string{"b.jpeg"}, "b.jpg", "", "b.jpeg", ""},
		"same name twice":      {[]string{"x/b.pdf", "y/b.pdf"}, "b.pdf", "", "", "4102"},
		"two extensions":       {[]string{"b.pdf", "b.png"}, "b", "", "", "4102"},
		"leaving the folder":   {[]string{"b.pdf"}, "../../etc/passwd", "", "", "4101"},
		"pattern":              {[]string{"BC-0001 signé.pdf", "BC-0002.pdf"}, "", "{N° commande}*.pdf", "BC-0001 signé.pdf", ""},
		"pattern fits two":     {[]string{"BC-0001 a.pdf", "BC-0001 b.pdf"}, "", "{N° commande}*.pdf", "", "4102"},
		"pattern fits none":    {[]string{"a.pdf"}, "", "{N° commande}*.pdf", "", "4101"},
		"FINESS":               {[]string{"scan_" + finess(1) + "_signe.pdf", finess(2) + ".pdf"}, "", "", "scan_" + finess(1) + "_signe.pdf", ""},
		"FINESS, proof aside":  {[]string{finess(1) + "_bdc.pdf", finess(1) + "_attestation.pdf"}, "", "", finess(1) + "_bdc.pdf", ""},
		"FINESS twice":         {[]string{finess(1) + "_1.pdf", finess(1) + "_2.pdf"}, "", "", "", "4102"},
		"nothing":              {[]string{"autre.pdf"}, "", "", "", "4101"},
		"no accepted format":   {[]string{"b.tiff"}, "b.tiff", "", "", "4104"},
		"hidden files aside":   {[]string{".b.pdf", "b.pdf"}, "b", "", "b.pdf", ""},
		"accents in the names": {[]string{"été.pdf"}, "été.pdf", "", "été.pdf", ""},
	} {
		dossier := t.TempDir()
		for _, f := range c.fichiers {
			poser(t, filepath.Join(dossier, f), pdf(f, 0))
		}
		l := lireTexte(t, changer(listeDe(1), 1, "Scan BDC", c.colonne), OptionsListe{})
		s, err := OuvrirScans(dossier)
		if err != nil {
			t.Fatal(err)
		}
		m := &Correspondance{}
		if c.motif != "" {
			m.Scans = map[string]string{"BON_COMMANDE": c.motif}
		}
		if err := s.Apparier(jeu(t), l, m); err != nil {
			t.Fatal(err)
		}
		var source string
		if ps := l.Commandes[0].Pieces; len(ps) == 1 {
			source, err = filepath.Rel(dossier, ps[0].Source)
		}
		var want []string
		if c.code != "" {
			want = []string{"2:" + c.code}
		}
		if d := cmp.Diff(want, codesDe(l.Constats)); d != "" || source != c.source || err != nil {
			t.Errorf("%s: %q, want %q %s", nom, source, c.source, d)
		}
	}
}

// Wrong or oversized scans are refused at their row; a ".jpeg" becomes JPG,
// its copy ".jpg", and originals do not change.
func TestScansRefusesOuRenommes(t *testing.T) {
	for nom, c := range map[string]struct {
		fichier string
		octets  []byte
		codes   []string
	}{
		"jpeg":            {"b.jpeg", imageJPEG(t), nil},
		"png":             {"b.png", imagePNG(t, 8), nil},
		"PNG named pdf":   {"b.pdf", imagePNG(t, 8), []string{"2:2455"}},
		"encrypted":       {"b.pdf", []byte("%PDF-1.4\n%chiffre"), []string{"2:2456"}},
		"empty":           {"b.pdf", nil, []string{"2:2450"}},
		"cut":             {"b.jpg", imageJPEG(t)[:200], []string{"2:2461"}},
		"3,000,000 bytes": {"b.pdf", pdf("x", segur.PieceProduiteMax), nil},
		"one byte more":   {"b.pdf", pdf("x", segur.PieceProduiteMax+1), []string{"2:4105"}},
	} {
		dossier := t.TempDir()
		chemin := poser(t, filepath.Join(dossier, c.fichier), c.octets)
		l := lireTexte(t, changer(listeDe(1), 1, "Scan BDC", c.fichier), OptionsListe{})
		if d := cmp.Diff(c.codes, codesDe(juger(t, l, dossier))); d != "" {
			t.Errorf("%s: %s", nom, d)
		}
		if b, err := os.ReadFile(chemin); err != nil || string(b) != string(c.octets) {
			t.Errorf("%s: the original changed", nom)
		}
		if nom == "jpeg" {
			if got := nommeurDe(jeu(t)).nom(&l.Commandes[0].Pieces[0], "00001"); got != "PHA-LGO-Va1-BDC-00001.jpg" {
				t.Errorf("the copy is called %s", got)
			}
		}
	}
}

// A document of one order is not that of another; the supplier's own proof
// may serve all.
func TestScanPartage(t *testing.T) {
	dossier := scans(t, t.TempDir(), 2)
	poser(t, filepath.Join(dossier, "attestation.pdf"), pdf("attestation", 0))
	texte := changer(changer(listeDe(2), 1, "Régime", "HT"), 2, "Régime", "HT")
	l := lireTexte(t, texte, OptionsListe{})
	s, err := OuvrirScans(dossier)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Apparier(jeu(t), l, &Correspondance{Scans: map[string]string{"PREUVE_HT": "attestation.pdf"}}); err != nil || len(l.Constats) > 0 {
		t.Fatal(err, codesDe(l.Constats))
	}
	if n := len(l.Commandes[1].Pieces); n != 2 || len(s.Inutilises()) != 0 {
		t.Errorf("%d pieces, unused: %v", n, s.Inutilises())
	}
	l = lireTexte(t, changer(listeDe(2), 2, "Scan BDC", "bc_0001.pdf"), OptionsListe{})
	if d := cmp.Diff([]string{"3:4103"}, codesDe(juger(t, l, dossier))); d != "" {
		t.Error(d)
	}
}

// A link that leads out of the folder shows nothing of what is there.
func TestLienHorsDuDossier(t *testing.T) {
	dehors := poser(t, filepath.Join(t.TempDir(), "secret.pdf"), pdf("secret", 0))
	dossier := t.TempDir()
	if err := os.Symlink(dehors, filepath.Join(dossier, "bc_0001.pdf")); err != nil {
		t.Skip("no links here:", err)
	}
	l := lireTexte(t, listeDe(1), OptionsListe{})
	if d := cmp.Diff([]string{"2:4101"}, codesDe(juger(t, l, dossier))); d != "" {
		t.Error(d)
	}
}
