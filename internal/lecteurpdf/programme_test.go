package lecteurpdf

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// The test's own program is the reader, as a command is one: by the hidden argument.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == piece.ArgumentLecteurPDF {
		os.Exit(Executer(os.Args[2:]))
	}
	os.Exit(m.Run())
}

func lecteur(t *testing.T) *piece.ProcessusPDF {
	t.Helper()
	commande, err := piece.CommandeLecteurPDF("")
	if err != nil {
		t.Fatal(err)
	}
	p := piece.NewProcessusPDF(commande)
	t.Cleanup(func() { p.Close() })
	return p
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"x"}, {"-delai"}, {"-delai", "x"}, {"-delai", "0s"}, {"-delai", "1s", "x"}} {
		if s := Executer(args); s != 2 {
			t.Error(args, s)
		}
	}
	if d, err := lireArguments([]string{"-delai", "12s"}); d != 12*time.Second || err != nil {
		t.Error(d, err)
	}
}

func TestProtocol(t *testing.T) {
	t.Parallel()
	var entree, sortie bytes.Buffer
	for _, b := range [][]byte{document(""), []byte("%PDF-"), document("/Encrypt 99 0 R"), {}, document("")} {
		entree.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b))))
		entree.Write(b)
	}
	if err := Servir(&entree, &sortie, time.Minute); err != nil {
		t.Fatal(err)
	}
	want := []string{piece.SalutPDF, "ok 2", "illisible", "chiffre", "illisible", "ok 2", ""}
	if d := cmp.Diff(want, strings.Split(sortie.String(), "\n")); d != "" {
		t.Error(d)
	}
	for nom, b := range map[string][]byte{
		"too long":     binary.BigEndian.AppendUint32(nil, segur.PieceMax+1),
		"cut length":   {0, 0},
		"cut document": {0, 0, 0, 9, 1},
	} {
		if err := Servir(bytes.NewReader(b), new(bytes.Buffer), time.Minute); err == nil {
			t.Error(nom, "is no end of input")
		}
	}
}

// The whole chain: the program, its pool, and the verdicts of package piece.
func TestProgramThroughItsPool(t *testing.T) {
	t.Parallel()
	p := lecteur(t)
	const nom = "PHA-LGO-Va1-BDC-00001.pdf"
	c := piece.Controleur{SansDemandes: true, PDF: p}
	for _, essai := range []struct {
		b    []byte
		want []segur.Code
	}{
		{document(""), nil},
		{document("/Encrypt 99 0 R"), []segur.Code{piece.CodePDFChiffre}},
		{[]byte("%PDF-1.4 coupé"), []segur.Code{piece.CodePDFIllisible}},
		{composer("", catalogue, "<</Type/Pages/Kids[]/Count 0>>"), []segur.Code{piece.CodePDFSansPage}},
		{document(""), nil},
	} {
		r := c.Fichier(t.Context(), nom, bytes.NewReader(essai.b), int64(len(essai.b)))
		var got []segur.Code
		for _, k := range r.Constats {
			got = append(got, k.Code)
		}
		if d := cmp.Diff(essai.want, got); d != "" || r.Erreur != nil {
			t.Error(d, r.Erreur)
		}
	}
}

// A document given too little time is refused, and the next one is read.
func TestProgramThatIsTooSlow(t *testing.T) {
	t.Parallel()
	p := lecteur(t)
	if _, err := p.Lire(context.Background(), document("")); err != nil {
		t.Fatal(err)
	}
	p.Delai = time.Nanosecond
	if _, err := p.Lire(context.Background(), document("")); !errors.Is(err, piece.ErrPDFLimites) {
		t.Error(err)
	}
	p.Delai = time.Minute
	if n, err := p.Lire(context.Background(), document("")); n != 2 || err != nil {
		t.Error(n, err)
	}
}

// The limit of memory is real: the program asked to hold more than it may ends.
func TestMemoryIsBounded(t *testing.T) {
	if os.Getenv("ESSAI_MEMOIRE") != "" {
		if err := limiterMemoire(64 << 20); err != nil {
			os.Exit(0)
		}
		b := make([]byte, 1<<30)
		for i := range b {
			b[i] = 1
		}
		os.Exit(0)
	}
	if runtime.GOOS != "linux" {
		t.Skip("no hard limit on this system")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestMemoryIsBounded$")
	cmd.Env = append(os.Environ(), "ESSAI_MEMOIRE=1")
	if sortie, err := cmd.CombinedOutput(); err == nil {
		t.Errorf("the program held 1 GiB: %s", sortie)
	}
}
