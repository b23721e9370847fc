package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"

	"guichet.example/e2e/banc"
	"guichet.example/internal/lecteurpdf"
	"guichet.example/segur/piece"
)

// TestMain lets the test program be its own reader of PDF documents, as the
// real one is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == piece.ArgumentLecteurPDF {
		os.Exit(lecteurpdf.Executer(os.Args[2:]))
	}
	if f := os.Getenv(banc.VariableHorloge); f != "" {
		os.Exit(portailDecale(f))
	}
	os.Exit(m.Run())
}

// portailDecale is the command itself, with a clock that is off by as many
// seconds as a file says: what package banc runs where it moves the time.
func portailDecale(fichier string) int {
	maintenant := func() time.Time {
		b, err := os.ReadFile(fichier)
		n, err2 := strconv.Atoi(string(b))
		if err := errors.Join(err, err2); err != nil {
			panic(err)
		}
		return time.Now().Add(time.Duration(n) * time.Second)
	}
	ctx, arreter := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer arreter()
	return run(ctx, environnement{entree: os.Stdin, sortie: os.Stdout, erreur: os.Stderr, variable: os.Getenv, maintenant: maintenant}, os.Args[1:])
}
