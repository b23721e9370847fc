package piece

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

func comparer(t *testing.T, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestGoodZipIsReceivedWhole(t *testing.T) {
	t.Parallel()
	bon := []entree{{nom: nomBDC1, contenu: pdf(0)}, {nom: nomHT1, contenu: imagePNG(t), stocke: true}, {nom: nomBDC2, contenu: imageJPEG(t)}}
	for nom, b := range map[string][]byte{
		"plain":    forger(bon...),
		"zip64":    forgerZip(true, bon...),
		"prefixed": append([]byte("#!/bin/sh\n"), forger(bon...)...),
		"Go":       parGo(t, bon),
	} {
		t.Run(nom, func(t *testing.T) {
			l := lireZip(t, b)
			comparer(t, codes(l), []string(nil))
			for i, p := range l.Pieces {
				if !p.Recue() || p.SHA256 != sha256.Sum256(bon[i].contenu) || p.Taille != int64(len(bon[i].contenu)) || p.Source != "lot.zip" {
					t.Errorf("%+v", p)
				}
			}
			if c := Couvrir(attendues(), l); !c.Complete {
				t.Errorf("%+v", c)
			}
		})
	}
}

// parGo is an archive as archive/zip streams it: sizes behind the data.
func parGo(t *testing.T, es []entree) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range es {
		f, err := w.Create(e.nom)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(e.contenu)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTraps(t *testing.T) {
	t.Parallel()
	bon := pdf(0)
	for nom, c := range map[string]struct {
		es   []entree
		want []string
	}{
		"parent":              {[]entree{{nom: "../" + nomBDC1, contenu: bon}}, []string{"../" + nomBDC1 + ":2440"}},
		"absolute":            {[]entree{{nom: "/" + nomBDC1, contenu: bon}}, []string{"/" + nomBDC1 + ":2440"}},
		"in a folder":         {[]entree{{nom: "pieces/" + nomBDC1, contenu: bon}}, []string{"pieces/" + nomBDC1 + ":2440"}},
		"backslash":           {[]entree{{nom: `pieces\` + nomBDC1, contenu: bon}}, []string{`pieces\` + nomBDC1 + ":2440"}},
		"drive":               {[]entree{{nom: "C:" + nomBDC1, contenu: bon}}, []string{"C:" + nomBDC1 + ":2440"}},
		"data stream":         {[]entree{{nom: nomBDC1 + ":x", contenu: bon}}, []string{nomBDC1 + ":x:2440"}},
		"dots":                {[]entree{{nom: "..", contenu: bon}}, []string{"..:2440"}},
		"no name":             {[]entree{{nom: "", contenu: bon}}, []string{":2440"}},
		"NUL":                 {[]entree{{nom: nomBDC1 + "\x00.pdf", contenu: bon}}, []string{nomBDC1 + "\x00.pdf:2440"}},
		"right-to-left":       {[]entree{{nom: "PHA\u202efdp.exe", contenu: bon}}, []string{"PHA\u202efdp.exe:2440"}},
		"Latin-1 name":        {[]entree{{nom: "re\xe7u.pdf", contenu: bon}}, []string{"re\xe7u.pdf:2440"}},
		"accented name":       {[]entree{{nom: "reçu.pdf", contenu: bon, flags: 0x800}}, []string{"reçu.pdf:2444"}},
		"folder":              {[]entree{{nom: "pieces/", stocke: true}}, []string{"pieces/:2441"}},
		"folder upwards":      {[]entree{{nom: "../", stocke: true}}, []string{"../:2440"}},
		"folder by Unix mode": {[]entree{{nom: "pieces", stocke: true, attrs: 0x41ed << 16}}, []string{"pieces:2441"}},
		"folder by DOS mode":  {[]entree{{nom: "pieces", stocke: true, attrs: 0x10}}, []string{"pieces:2441"}},
		"link":                {[]entree{{nom: nomBDC1, contenu: bon, attrs: 0xa1ff << 16, createur: 3 << 8}}, []string{nomBDC1 + ":2443"}},
		"link said from DOS":  {[]entree{{nom: nomBDC1, contenu: bon, attrs: 0xa1ff << 16}}, []string{nomBDC1 + ":2443"}},
		"pipe":                {[]entree{{nom: nomBDC1, contenu: bon, attrs: 0x11ff << 16, createur: 3 << 8}}, []string{nomBDC1 + ":2443"}},
		"twice":               {[]entree{{nom: nomBDC1, contenu: bon}, {nom: nomHT1, contenu: imagePNG(t)}, {nom: nomBDC1, contenu: bon}}, []string{nomBDC1 + ":2442", nomBDC1 + ":2442"}},
		"twice but for case":  {[]entree{{nom: nomBDC1, contenu: bon}, {nom: "pha-lgo-va1-bdc-00001.PDF", contenu: bon}}, []string{nomBDC1 + ":2442", "pha-lgo-va1-bdc-00001.PDF:2442"}},
		"other case":          {[]entree{{nom: "pha-lgo-va1-bdc-00001.PDF", contenu: bon}}, []string{"pha-lgo-va1-bdc-00001.PDF:2444"}},
		"encrypted":           {[]entree{{nom: nomBDC1, contenu: bon, flags: 1}}, []string{nomBDC1 + ":2446"}},
		"encrypted strongly":  {[]entree{{nom: nomBDC1, contenu: bon, flags: 0x41}}, []string{nomBDC1 + ":2446"}},
		"encrypted by AES":    {[]entree{{nom: nomBDC1, contenu: bon, methode: 99}}, []string{nomBDC1 + ":2446"}},
		"bzip2":               {[]entree{{nom: nomBDC1, contenu: bon, methode: 12}}, []string{nomBDC1 + ":2447"}},
		"bomb":                {[]entree{{nom: nomBDC1, contenu: make([]byte, 8<<20)}}, []string{nomBDC1 + ":2448"}},
		"wrong CRC":           {[]entree{{nom: nomBDC1, contenu: bon, crc: v(7)}}, []string{nomBDC1 + ":2449"}},
		"no CRC":              {[]entree{{nom: nomBDC1, contenu: bon, crc: v(0)}}, []string{nomBDC1 + ":2449"}},
		"no CRC, stored":      {[]entree{{nom: nomBDC1, contenu: bon, crc: v(0), stocke: true}}, []string{nomBDC1 + ":2449"}},
		"says less":           {[]entree{{nom: nomBDC1, contenu: bon, taille: v(10)}}, []string{nomBDC1 + ":2449"}},
		"says more":           {[]entree{{nom: nomBDC1, contenu: bon, taille: v(1000)}}, []string{nomBDC1 + ":2449"}},
		"bomb that says less": {[]entree{{nom: nomBDC1, contenu: make([]byte, 8<<20), taille: v(100)}}, []string{nomBDC1 + ":2449"}},
		"says it is empty":    {[]entree{{nom: nomBDC1, contenu: bon, taille: v(0)}}, []string{nomBDC1 + ":2450"}},
		"past the end":        {[]entree{{nom: nomBDC1, contenu: bon, compresse: v(1 << 20)}}, []string{nomBDC1 + ":2449"}},
		"garbage deflated":    {[]entree{{nom: nomBDC1, contenu: bon, stocke: true, methode: 8}}, []string{nomBDC1 + ":2449"}},
		"empty":               {[]entree{{nom: nomBDC1}}, []string{nomBDC1 + ":2450"}},
		"empty, stored":       {[]entree{{nom: nomBDC1, stocke: true}}, []string{nomBDC1 + ":2450"}},
		"unexpected":          {[]entree{{nom: "autre.pdf", contenu: bon}}, []string{"autre.pdf:2444"}},
		"braces in a name":    {[]entree{{nom: "{proche}.pdf", contenu: bon}}, []string{"{proche}.pdf:2444"}},
		"zip in a PDF's name": {[]entree{{nom: nomBDC1, contenu: forger()}}, []string{nomBDC1 + ":2455"}},
	} {
		t.Run(nom, func(t *testing.T) {
			t.Parallel()
			temoin := entree{nom: nomBDC2, contenu: imageJPEG(t)}
			l := lireZip(t, forger(append(slices.Clone(c.es), temoin)...))
			comparer(t, codes(l), c.want)
			if p := l.Pieces[len(l.Pieces)-1]; !p.Recue() || p.Nom != nomBDC2 {
				t.Errorf("the good entry beside it: %+v", p)
			}
		})
	}
}

func TestSizesOnBothSidesOfTheLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		taille int
		want   []string
	}{
		{segur.PieceProduiteMax, nil},
		{segur.PieceProduiteMax + 1, []string{nomBDC1 + ":9440"}},
		{segur.PieceMax, []string{nomBDC1 + ":9440"}},
		{segur.PieceMax + 1, []string{nomBDC1 + ":2451"}},
	} {
		contenu := pdf(c.taille)
		for _, stocke := range []bool{true, false} {
			l := lireZip(t, forger(entree{nom: nomBDC1, contenu: contenu, stocke: stocke}))
			want := c.want
			if !stocke && c.taille > segur.PieceMax {
				want = []string{nomBDC1 + ":2448"} // such padding deflates out of measure
			}
			comparer(t, codes(l), want)
		}
		p := controleur().Fichier(t.Context(), nomBDC1, bytes.NewReader(contenu), int64(c.taille))
		comparer(t, codes(Lot{Pieces: []Piece{p}}), c.want)
		if p.Recue() != (c.taille <= segur.PieceMax) {
			t.Errorf("%d: %+v", c.taille, p)
		}
	}
	p := controleur().Fichier(t.Context(), nomBDC1, bytes.NewReader(nil), 0)
	comparer(t, codes(Lot{Pieces: []Piece{p}}), []string{nomBDC1 + ":2450"})
}

// zeros is an archive full of blanks before its bytes: its size is looked at,
// not its bulk.
type zeros struct {
	avant int64
	b     *bytes.Reader
}

func (z zeros) ReadAt(b []byte, off int64) (int, error) {
	if off >= z.avant {
		return z.b.ReadAt(b, off-z.avant)
	}
	n := int(min(int64(len(b)), z.avant-off))
	clear(b[:n])
	if n < len(b) {
		m, err := z.b.ReadAt(b[n:], 0)
		return n + m, err
	}
	return n, nil
}

func TestZipSizesOnBothSidesOfTheLimits(t *testing.T) {
	t.Parallel()
	b := forger(entree{nom: nomBDC2, contenu: imageJPEG(t)})
	for _, c := range []struct {
		taille int64
		want   []string
	}{
		{segur.ZipProduitMax, nil},
		{segur.ZipProduitMax + 1, []string{"lot.zip:9441"}},
		{segur.ZipMax, []string{"lot.zip:9441"}},
		{segur.ZipMax + 1, []string{"lot.zip:2473"}},
	} {
		l := controleur().Zip(t.Context(), "lot.zip", zeros{c.taille - int64(len(b)), bytes.NewReader(b)}, c.taille)
		comparer(t, codes(l), c.want)
		if recue := len(l.Pieces) == 1 && l.Pieces[0].Recue(); recue != (c.taille <= segur.ZipMax) {
			t.Errorf("%d: received %t", c.taille, recue)
		}
	}
}

func TestEntriesOnBothSidesOfTheLimit(t *testing.T) {
	t.Parallel()
	es := make([]entree, EntreesMax)
	for i := range es {
		es[i] = entree{nom: "x" + entier(i) + ".pdf", stocke: true}
	}
	if l := lireZip(t, forger(es...)); l.Condamne() || len(l.Pieces) != EntreesMax {
		t.Errorf("%d entries: %v", EntreesMax, l.Constats)
	}
	comparer(t, codes(lireZip(t, forger(append(es, entree{nom: "x"})...))), []string{"lot.zip:2474"})
	// A directory that goes on behind the number that it says: 65536 more.
	b := forger(make([]entree, 1<<16+3)...)
	comparer(t, codes(lireZip(t, b)), []string{"lot.zip:2474"})
	// Few entries, but a directory out of measure.
	es = make([]entree, 40)
	for i := range es {
		es[i] = entree{nom: strings.Repeat("x", 40_000), stocke: true}
	}
	comparer(t, codes(lireZip(t, forger(es...))), []string{"lot.zip:2474"})
}

func TestArchivesThatAreNone(t *testing.T) {
	t.Parallel()
	bon := forger(entree{nom: nomBDC1, contenu: pdf(0)})
	zip64 := forgerZip(true, entree{nom: nomBDC1, contenu: pdf(0)})
	for nom, c := range map[string]struct {
		b    []byte
		want string
	}{
		"nothing":             {nil, "2472"},
		"no entry":            {forger(), "2472"},
		"text":                {[]byte("bonjour"), "2470"},
		"rar":                 {[]byte("Rar!\x1a\x07\x00"), "2470"},
		"cut":                 {bon[:len(bon)-30], "2471"},
		"cut by a byte":       {bon[:len(bon)-1], "2471"},
		"cut to its head":     {bon[:10], "2471"},
		"beginning lost":      {bon[len(bon)-60:], "2471"},
		"directory lost":      {append([]byte("PK\x03\x04"), bon[len(bon)-22:]...), "2471"},
		"zip64 end elsewhere": {bytes.Replace(zip64, []byte("PK\x06\x06"), []byte("PK\x06\x00"), 1), "2471"},
	} {
		t.Run(nom, func(t *testing.T) {
			l := lireZip(t, c.b)
			comparer(t, codes(l), []string{"lot.zip:" + c.want})
			if !l.Condamne() || l.Erreur != nil {
				t.Errorf("%+v", l)
			}
		})
	}
}

// What the directory condemns must cost nothing: no byte of data is read.
func TestCondemnedArchiveIsNotRead(t *testing.T) {
	t.Parallel()
	gros := bytes.Repeat([]byte("%PDF-1.4 "), 40_000)
	chevauche := []entree{{nom: nomBDC1, contenu: gros, stocke: true}, {nom: nomHT1, contenu: gros, stocke: true, surEntree: 1}, {nom: "a/b", contenu: gros}}
	lourd := append(bombe(), entree{nom: nomBDC1, contenu: gros, stocke: true}, entree{nom: "a/b", contenu: gros})
	for code, es := range map[string][]entree{"2476": chevauche, "2475": lourd} {
		b := forger(es...)
		e := &espion{ReaderAt: bytes.NewReader(b)}
		l := controleur().Zip(t.Context(), "lot.zip", e, int64(len(b)))
		got := codes(l)
		if got[0] != "lot.zip:"+code || !slices.Contains(got, "a/b:2440") || slices.Contains(got, nomBDC1+":2449") {
			t.Errorf("%s: %v", code, got)
		}
		for _, p := range l.Pieces {
			if p.Recue() {
				t.Errorf("%s: received %s", code, p.Nom)
			}
		}
		debut := bytes.Index(b, gros)
		for _, off := range e.lus {
			if off > int64(debut) && off < int64(debut+len(gros)) && off < int64(len(b))-70_000 {
				t.Errorf("%s: data read at %d of %d", code, off, len(b))
			}
		}
	}
}

// Reading that fails is nobody's fault but ours: no verdict.
func TestReadingErrorIsNoVerdict(t *testing.T) {
	t.Parallel()
	b := forger(entree{nom: nomBDC2, contenu: imageJPEG(t)})
	n := int64(len(b))
	l := controleur().Zip(t.Context(), "lot.zip", &espion{ReaderAt: bytes.NewReader(b), jusque: 2 * n}, n)
	if !errors.Is(l.Erreur, errPanne) || len(codes(l)) != 0 {
		t.Errorf("%+v", l)
	}
	p := controleur().Fichier(t.Context(), nomBDC2, &espion{ReaderAt: bytes.NewReader(b), jusque: n}, n)
	if !errors.Is(p.Erreur, errPanne) || p.Refusee() || p.Recue() {
		t.Errorf("%+v", p)
	}
	// A file shorter than the caller said.
	p = controleur().Fichier(t.Context(), nomBDC2, bytes.NewReader(b), n+1)
	if p.Erreur == nil || p.Refusee() {
		t.Errorf("%+v", p)
	}
	ctx, annuler := context.WithCancelCause(t.Context())
	annuler(errPanne)
	if l := controleur().Zip(ctx, "lot.zip", bytes.NewReader(b), n); !errors.Is(l.Pieces[0].Erreur, errPanne) {
		t.Errorf("%+v", l.Pieces)
	}
}

func TestOnlyGoodDocumentsAreHandedOver(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	recus := map[string]int{}
	c := controleur()
	c.Recevoir = func(p Piece, contenu []byte) error {
		mu.Lock()
		defer mu.Unlock()
		recus[p.Nom] += len(contenu)
		if p.Nom == nomHT1 {
			return errPanne
		}
		return nil
	}
	b := forger(entree{nom: nomBDC1, contenu: pdf(0)}, entree{nom: nomHT1, contenu: imagePNG(t)}, entree{nom: nomBDC2, contenu: imagePNG(t)})
	l := c.Zip(t.Context(), "lot.zip", bytes.NewReader(b), int64(len(b)))
	comparer(t, recus, map[string]int{nomBDC1: len(pdf(0)), nomHT1: len(imagePNG(t))})
	if !l.Pieces[0].Recue() || !errors.Is(l.Pieces[1].Erreur, errPanne) || !l.Pieces[2].Refusee() {
		t.Errorf("%+v", l.Pieces)
	}
}

func TestReaderOfPDFThatFailsIsNoVerdict(t *testing.T) {
	t.Parallel()
	b := []byte("%PDF-1.4 %panne")
	p := controleur().Fichier(t.Context(), nomBDC1, bytes.NewReader(b), int64(len(b)))
	if !errors.Is(p.Erreur, errPanne) || p.Refusee() {
		t.Errorf("%+v", p)
	}
	c := controleur()
	c.PDF = nil
	if p := c.Fichier(t.Context(), nomBDC1, bytes.NewReader(b), int64(len(b))); !errors.Is(p.Erreur, ErrSansLecteurPDF) || p.Refusee() {
		t.Errorf("%+v", p)
	}
}

func TestWithoutRequestsTheExtensionDecides(t *testing.T) {
	t.Parallel()
	c := &Controleur{SansDemandes: true, PDF: fauxPDF{}}
	b := forger(entree{nom: "a.pdf", contenu: pdf(0)}, entree{nom: "b.png", contenu: imagePNG(t)}, entree{nom: "c.jpg", contenu: imageJPEG(t)},
		entree{nom: "d.docx", contenu: []byte("PK\x03\x04")}, entree{nom: "e", contenu: pdf(0)}, entree{nom: "f.pdf", contenu: imageJPEG(t)})
	l := c.Zip(t.Context(), "lot.zip", bytes.NewReader(b), int64(len(b)))
	comparer(t, codes(l), []string{"d.docx:2444", "e:2444", "f.pdf:2455"})
}

func TestNearNamesAreSuggested(t *testing.T) {
	t.Parallel()
	for _, nom := range []string{"pha-lgo-va1-bdc-00001.PDF", nomBDC1 + ".pdf", "PHA_LGO_Va1_BDC_00001.pdf", "PHA-LGO-Va1-BDC-00001.jpeg", " " + nomBDC1} {
		l := lireZip(t, forger(entree{nom: nom, contenu: pdf(0)}))
		if m := l.Pieces[0].Constats[0].Message; !strings.Contains(m, nomBDC1+" »") || !strings.Contains(m, "La demande 00001") {
			t.Errorf("%s: %s", nom, m)
		}
	}
	if m := lireZip(t, forger(entree{nom: "x.pdf", contenu: pdf(0)})).Pieces[0].Constats[0].Message; strings.Contains(m, "La demande") {
		t.Error(m)
	}
}

func TestNamesAreShownHarmless(t *testing.T) {
	t.Parallel()
	l := lireZip(t, forger(entree{nom: "a\x1b[31m\xff\u202e{lieux}.pdf", contenu: pdf(0)}, entree{nom: strings.Repeat("é", 200), contenu: pdf(0), flags: 0x800}))
	m := l.Pieces[0].Constats[0].Message
	if !strings.Contains(m, `« a\u001b[31m\xff\u202e{lieux}.pdf »`) {
		t.Error(m)
	}
	if m := l.Pieces[1].Constats[0].Message; !strings.Contains(m, strings.Repeat("é", visibleMax)+"… »") {
		t.Error(m)
	}
}

func FuzzZip(f *testing.F) {
	f.Add(forger())
	f.Add(forger(entree{nom: nomBDC1, contenu: pdf(0)}, entree{nom: nomHT1, contenu: imagePNG(f), stocke: true}))
	f.Add(forgerZip(true, entree{nom: nomBDC2, contenu: imageJPEG(f)}, entree{nom: "../x", contenu: []byte("x"), flags: 1}))
	f.Add(forger(entree{nom: nomBDC1, contenu: pdf(0)}, entree{nom: nomHT1, contenu: pdf(0), surEntree: 1}))
	f.Fuzz(func(t *testing.T, b []byte) {
		l := lireZip(t, b)
		if l.Erreur != nil {
			t.Fatal("reading memory cannot fail:", l.Erreur)
		}
		if len(l.Pieces) > EntreesMax || len(l.Pieces) == 0 && len(l.Constats) == 0 {
			t.Fatal("neither pieces nor constats, or too many", len(l.Pieces))
		}
		for _, p := range l.Pieces {
			if p.Erreur != nil {
				t.Fatal(p.Erreur)
			}
			if l.Condamne() && p.Recue() || p.Recue() && (p.Taille < 1 || p.Taille > segur.PieceMax || p.Format == "") {
				t.Fatalf("received: %+v", p)
			}
		}
		verifierJSON(t, Couvrir(attendues(), l).AppendJSON(nil))
	})
}
