//go:build unix

package piece

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// programme writes a shell script that plays the reader.
func programme(t *testing.T, corps string) *ProcessusPDF {
	t.Helper()
	chemin := filepath.Join(t.TempDir(), "lecteur")
	if err := os.WriteFile(chemin, []byte("#!/bin/sh\nPATH=/bin:/usr/bin\n"+corps), 0o755); err != nil {
		t.Fatal(err)
	}
	p := NewProcessusPDF([]string{chemin})
	t.Cleanup(func() { p.Close() })
	return p
}

const salut = "echo 'lecteur-pdf 1'\n"

// boucle answers every document of 5 bytes.
func boucle(reponse string) string {
	return salut + "while [ $(head -c 9 | wc -c) = 9 ]; do " + reponse + "; done\n"
}

var document = []byte("%PDF-")

func TestAnswersOfTheProgram(t *testing.T) {
	t.Parallel()
	for reponse, c := range map[string]struct {
		pages int
		want  error
	}{
		"echo ok 3":      {3, nil},
		"echo ok 0":      {0, nil},
		"echo chiffre":   {0, ErrPDFChiffre},
		"echo illisible": {0, ErrPDFIllisible},
	} {
		p := programme(t, boucle(reponse))
		for range 3 {
			if n, err := p.Lire(t.Context(), document); n != c.pages || !errors.Is(err, c.want) {
				t.Errorf("%s: %d %v", reponse, n, err)
			}
		}
	}
}

func TestOtherProgramIsAnErrorOfTheTool(t *testing.T) {
	t.Parallel()
	for nom, corps := range map[string]string{
		"echoes":             "echo x; cat",
		"ends":               "exit 0",
		"other version":      "echo 'lecteur-pdf 99'; cat",
		"unknown answer":     boucle("echo bonjour"),
		"negative answer":    boucle("echo ok -1"),
		"answer without end": boucle("printf '%2000d' 1"),
	} {
		p := programme(t, corps)
		if _, err := p.Lire(t.Context(), document); err == nil || verdict(err) {
			t.Errorf("%s: %v", nom, err)
		}
	}
	if _, err := NewProcessusPDF([]string{filepath.Join(t.TempDir(), "rien")}).Lire(t.Context(), document); err == nil || verdict(err) {
		t.Error(err)
	}
}

func TestDocumentThatKillsTheProgramTwiceIsRefused(t *testing.T) {
	t.Parallel()
	trace := filepath.Join(t.TempDir(), "trace")
	p := programme(t, "echo x >>"+trace+"\n"+salut+"head -c 9 >/dev/null; exit 2")
	if _, err := p.Lire(t.Context(), document); !errors.Is(err, ErrPDFLimites) {
		t.Error(err)
	}
	if b, _ := os.ReadFile(trace); string(b) != "x\nx\n" {
		t.Errorf("started %d times", len(b)/2)
	}
}

// A process killed from outside says nothing about the document.
func TestProgramThatDiesOnceIsStartedAgain(t *testing.T) {
	t.Parallel()
	p := programme(t, salut+`if mkdir "$0.mort" 2>/dev/null; then exit 2; fi; `+boucle("echo ok 1")[len(salut):])
	if n, err := p.Lire(t.Context(), document); n != 1 || err != nil {
		t.Error(n, err)
	}
}

func TestDocumentThatTakesTooLongIsRefusedAndTheNextIsNot(t *testing.T) {
	t.Parallel()
	p := programme(t, salut+`if mkdir "$0.lent" 2>/dev/null; then exec sleep 60; fi; `+boucle("echo ok 1")[len(salut):])
	p.Delai = 300 * time.Millisecond
	debut := time.Now()
	if _, err := p.Lire(t.Context(), make([]byte, 1<<20)); !errors.Is(err, ErrPDFLimites) {
		t.Error(err)
	}
	if d := time.Since(debut); d > 5*time.Second {
		t.Error("took", d)
	}
	p.Delai = delaiDefaut
	if n, err := p.Lire(t.Context(), document); n != 1 || err != nil {
		t.Error(n, err)
	}
}

func TestGivenUpByTheCallerIsNoVerdict(t *testing.T) {
	t.Parallel()
	ctx, annuler := context.WithCancelCause(t.Context())
	p := programme(t, salut+"exec sleep 60")
	time.AfterFunc(100*time.Millisecond, func() { annuler(errPanne) })
	if _, err := p.Lire(ctx, document); !errors.Is(err, errPanne) || verdict(err) {
		t.Error(err)
	}
}

func TestTwoProcessesAtMostAndNoneAfterClose(t *testing.T) {
	t.Parallel()
	trace := filepath.Join(t.TempDir(), "trace")
	p := programme(t, "echo x >>"+trace+"\n"+boucle("echo ok 1"))
	var g sync.WaitGroup
	for range 20 {
		g.Go(func() {
			if n, err := p.Lire(t.Context(), document); n != 1 || err != nil {
				t.Error(n, err)
			}
		})
	}
	g.Wait()
	if b, _ := os.ReadFile(trace); len(b) == 0 || len(b)/2 > enfantsMax {
		t.Errorf("%d processes", len(b)/2)
	}
	p.Close()
	if _, err := p.Lire(t.Context(), document); err == nil || verdict(err) {
		t.Error(err)
	}
}

func TestCommandOfTheReader(t *testing.T) {
	t.Parallel()
	moi, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for chemin, want := range map[string]string{"": moi, "/un/programme": "/un/programme"} {
		if c, err := CommandeLecteurPDF(chemin); err != nil || !slices.Equal(c, []string{want, ArgumentLecteurPDF}) {
			t.Error(c, err)
		}
	}
	// The arguments of the command come first, then the deadline.
	p := programme(t, salut+`head -c 9 >/dev/null; [ "$*" = "`+ArgumentLecteurPDF+` -delai 12s" ] && echo ok 7`)
	p.commande = append(p.commande, ArgumentLecteurPDF)
	if n, err := p.Lire(t.Context(), document); n != 7 || err != nil {
		t.Error(n, err)
	}
}
