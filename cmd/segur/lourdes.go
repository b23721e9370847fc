//go:build !leger

package main

import (
	"guichet.example/internal/lecteurpdf"
	"guichet.example/segur/piece"
)

// The program is built in two ways from one package (docs/decisions/0006).
// Without a tag it is complete: one file that does everything. With the tag
// "leger" it is the front that scripts call thousands of times: it links no
// heavy library, and what needs one it hands over to the complete program.
//
// A heavy command has its row in commandes.go like any other. Its function, say
// preparer, stands in a file of its own that begins with //go:build !leger, and
// lourdes_leger.go has one line for it. A build that lacks one does not compile.
//
// The light build for GOOS=js is what the portal's simulator runs in browsers
// (docs/decisions/0019): navigateur_js.go.

// servirLecteur does the work of a PDF reader when the hidden argument asks for
// one, and tells that it did.
func servirLecteur(args []string) (statut int, servi bool) {
	if len(args) == 0 || args[0] != piece.ArgumentLecteurPDF {
		return 0, false
	}
	return lecteurpdf.Executer(args[1:]), true
}

// commandeLecteurPDF is the command line of a reader of PDF documents: this
// very program. The other build looks for the complete one.
func commandeLecteurPDF(func(string) string) ([]string, error) {
	return piece.CommandeLecteurPDF("")
}
