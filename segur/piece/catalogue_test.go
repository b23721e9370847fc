package piece

import (
	"bytes"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"guichet.example/segur"
)

// cas makes, for every code of the catalogue, the situation that gives it.
func cas(t *testing.T) map[segur.Code]func() []Constat {
	zip := func(es ...entree) func() []Constat {
		return func() []Constat { return tous(lireZip(t, forger(es...))) }
	}
	octets := func(b []byte) func() []Constat {
		return func() []Constat { return tous(lireZip(t, b)) }
	}
	// grand is an archive whose size alone is looked at, up to its end.
	grand := func(taille int64) func() []Constat {
		return func() []Constat {
			return tous(controleur().Zip(t.Context(), "lot.zip", bytes.NewReader(nil), taille))
		}
	}
	pdfDe := func(mot string) func() []Constat {
		return zip(entree{nom: nomBDC1, contenu: []byte("%PDF-1.4\n" + mot)})
	}
	bon := pdf(0)
	coupee := imageJPEG(t)
	return map[segur.Code]func() []Constat{
		CodeChemin:         zip(entree{nom: "../" + nomBDC1, contenu: bon}),
		CodeDossier:        zip(entree{nom: "pieces/", stocke: true}),
		CodeDoublon:        zip(entree{nom: nomBDC1, contenu: bon}, entree{nom: nomBDC1, contenu: bon}),
		CodeLien:           zip(entree{nom: nomBDC1, contenu: []byte("/etc/passwd"), attrs: 0xa1ff << 16, createur: 3 << 8}),
		CodeInattendue:     zip(entree{nom: "facture.pdf", contenu: bon}),
		CodeManquante:      func() []Constat { return []Constat{Couvrir(attendues()).Demandes[0].Manquantes[0].Constat} },
		CodeEntreeChiffree: zip(entree{nom: nomBDC1, contenu: bon, flags: 1}),
		CodeMethode:        zip(entree{nom: nomBDC1, contenu: bon, methode: 12}),
		CodeBombe:          zip(entree{nom: nomBDC1, contenu: bytes.Repeat([]byte{0}, 4<<20)}),
		CodeEndommagee:     zip(entree{nom: nomBDC1, contenu: bon, crc: v(1)}),
		CodeVide:           zip(entree{nom: nomBDC1}),
		CodeTropGrosse:     zip(entree{nom: nomBDC1, contenu: pdf(segur.PieceMax + 1), stocke: true}),
		CodeContenu:        zip(entree{nom: nomBDC2, contenu: imagePNG(t)}),
		CodePDFChiffre:     pdfDe("%chiffre"),
		CodePDFIllisible:   pdfDe("%illisible"),
		CodePDFSansPage:    pdfDe("%sanspage"),
		CodePDFLimites:     pdfDe("%limites"),
		CodeImageIllisible: zip(entree{nom: nomBDC2, contenu: []byte("\xff\xd8\xff\xda\x00\x02\xff\xd9")}),
		CodeImageCoupee:    zip(entree{nom: nomBDC2, contenu: coupee[:len(coupee)-2]}),
		CodePasZip:         octets([]byte("%PDF-1.4")),
		CodeZipIllisible:   octets([]byte("PK\x03\x04")),
		CodeZipVide:        octets(forger()),
		CodeZipTropGros:    grand(segur.ZipMax + 1),
		CodeTropEntrees:    zip(make([]entree, EntreesMax+1)...),
		CodeZipBombe:       zip(bombe()...),
		CodeChevauchement:  zip(entree{nom: nomBDC1, contenu: bon}, entree{nom: nomHT1, contenu: bon, surEntree: 1}),
		AvertPieceLourde:   zip(entree{nom: nomBDC1, contenu: pdf(segur.PieceProduiteMax + 1), stocke: true}),
		AvertZipLourd:      grand(segur.ZipProduitMax + 1),
	}
}

// bombe declares more than an archive may, each entry being small enough.
func bombe() []entree {
	es := make([]entree, TotalMax/segur.PieceMax+1)
	for i := range es {
		es[i] = entree{nom: "x" + entier(i), contenu: []byte("x"), stocke: true, taille: v(max32)}
	}
	return es
}

func tous(l Lot) []Constat {
	ks := slices.Clone(l.Constats)
	for _, p := range l.Pieces {
		ks = append(ks, p.Constats...)
	}
	return ks
}

func TestEveryCodeHasACase(t *testing.T) {
	t.Parallel()
	cs := cas(t)
	accolade := regexp.MustCompile(`\{\w+\}`)
	for _, e := range Catalogue() {
		t.Run(e.Code.String(), func(t *testing.T) {
			faire, ok := cs[e.Code]
			if !ok {
				t.Fatalf("code %s (%s) has no case", e.Code, e.Titre)
			}
			ks := faire()
			i := slices.IndexFunc(ks, func(k Constat) bool { return k.Code == e.Code })
			if i < 0 {
				t.Fatalf("found %v", ks)
			}
			k := ks[i]
			if s := k.Message + k.Attendu + k.Remede; accolade.MatchString(s) || strings.Contains(s, "'") {
				t.Errorf("word left in braces or straight apostrophe: %s", s)
			}
			if k.Gravite != e.Gravite || k.Message == "" || k.Attendu == "" || k.Remede == "" {
				t.Errorf("incomplete: %+v", k)
			}
		})
	}
}

func TestCatalogueIsWellFormed(t *testing.T) {
	t.Parallel()
	cat := Catalogue()
	if len(cat) != len(cas(t)) {
		t.Errorf("%d codes, %d cases", len(cat), len(cas(t)))
	}
	for i, e := range cat {
		if i > 0 && cat[i-1].Code >= e.Code {
			t.Errorf("%s after %s", e.Code, cat[i-1].Code)
		}
		erreur := e.Code >= 2440 && e.Code <= 2479 && e.Gravite == segur.Erreur
		averti := e.Code >= 9440 && e.Code <= 9449 && e.Gravite == segur.Avertissement
		if !erreur && !averti || e.Balise != "piecesJustificatives" || e.Titre == "" || e.Reference == "" {
			t.Errorf("%+v", e)
		}
	}
	if _, ok := Entree(2479); ok {
		t.Error("an entry for a code that is not given")
	}
}

// The sentences spell limits out; they must be those that the code applies.
func TestSentencesTellTheRealLimits(t *testing.T) {
	t.Parallel()
	for code, n := range map[segur.Code]int64{
		CodeTropGrosse: segur.PieceMax, CodeBombe: segur.PieceMax, CodeZipTropGros: segur.ZipMax, CodeTropEntrees: EntreesMax,
		CodeZipBombe: TotalMax, AvertPieceLourde: segur.PieceProduiteMax, AvertZipLourd: segur.ZipProduitMax,
	} {
		if e, _ := Entree(code); !strings.Contains(e.Attendu, entier(n)) {
			t.Errorf("%s: %q does not tell %d", code, e.Attendu, n)
		}
	}
}

// No code of this package may mean something else in a rule set.
func TestCodesAreNotThoseOfTheRuleSets(t *testing.T) {
	t.Parallel()
	n := 0
	for _, j := range segur.Jeux() {
		for _, e := range j.Catalogue() {
			n++
			if _, ok := Entree(e.Code); ok {
				t.Errorf("%s: %s is in both catalogues", j.ID, e.Code)
			}
		}
	}
	if n == 0 {
		t.Fatal("no rule set")
	}
}

func TestFolderGivesTheSameVerdictsAsAZip(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		nomBDC1:              {Data: pdf(0)},
		nomHT1:               {Data: imageJPEG(t)},
		nomBDC2:              {Data: []byte("x"), Mode: fs.ModeSymlink},
		"sous/" + nomBDC2:    {Data: imageJPEG(t)},
		"vide.pdf":           {},
		"JSON-ABC.json":      {Data: []byte("{}")},
		"pha-lgo-va1-ht.PNG": {Data: imagePNG(t)},
	}
	garder := func(nom string) bool { return !strings.HasSuffix(nom, ".json") }
	l := controleur().Dossier(t.Context(), "scans", fsys, garder)
	if l.Erreur != nil {
		t.Fatal(l.Erreur)
	}
	comparer(t, codes(l), []string{nomBDC2 + ":2443", nomHT1 + ":2455", "pha-lgo-va1-ht.PNG:2444", "sous:2441", "vide.pdf:2444"})
	if p := l.Pieces[0]; p.Nom != nomBDC1 || !p.Recue() || p.Pages != 1 || p.Source != "scans" {
		t.Errorf("%+v", p)
	}
}

func TestFolderThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	if l := controleur().Dossier(t.Context(), "scans", fstest.MapFS{".": {Data: []byte("x")}}, nil); l.Erreur == nil {
		t.Errorf("%+v", l)
	}
}
