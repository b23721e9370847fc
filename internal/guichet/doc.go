// Package guichet is the agency's business: accounts, deposits, supporting
// documents, instruction, decisions, payments, audits and the journal.
//
// Start at [Guichet], whose methods are the services; statut.go holds the life
// of a request as data, droits.go who may do what. A service checks the right
// of its caller itself, whatever the route did before, and writes its change
// together with its journal entry, or neither.
//
// The package declares the ports it needs (base.go) and imports the format; it
// must never import a database driver, HTTP or a template.
package guichet
