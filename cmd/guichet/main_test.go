package main

import (
	"os"
	"testing"

	"guichet.example/internal/lecteurpdf"
	"guichet.example/segur/piece"
)

// TestMain lets the test program be its own reader of PDF documents, as the
// real one is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == piece.ArgumentLecteurPDF {
		os.Exit(lecteurpdf.Executer(os.Args[2:]))
	}
	os.Exit(m.Run())
}
