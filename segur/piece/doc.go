// Package piece controls supporting documents: a file, a folder or a zip,
// against what requests declare. It reads and never extracts: nothing is
// written anywhere, and at no time does it hold more than a few documents.
//
// Start at [Attendues], which lists what a control report declares, and at
// [Controleur], whose methods Fichier, Dossier and Zip look at one place each.
// [Couvrir] then puts what several places hold side by side: received, missing,
// refused. Every refusal has a code of [Catalogue].
//
// Documents come from strangers. A zip is judged by its directory before a byte
// of its data is read, no size that it declares is trusted, and PDF documents
// are opened by another process, through [LecteurPDF].
//
// # A refusal and an error are two things
//
// A [Constat] says what is wrong with a document. An error (Piece.Erreur,
// Lot.Erreur) says that this program could not look: the document is neither
// received nor refused, and nothing may be concluded.
//
// The package imports guichet.example/segur and jsontext besides the standard
// library; it must never import a PDF library, a web server or a database.
package piece
