// Package atelier is the supplier's workshop: from a list of orders and a
// folder of scans to a deposit that the agency accepts.
//
// Start at [LireListe], which turns a CSV or XLSX into one [Commande] a row,
// then follow the data: [Scans.Apparier] finds the documents, [Controler] and
// [ControlerPieces] judge with the engine of package segur, [Planifier] makes
// groups, names and zips, and [Plan.Ecrire] writes the folder, whole or not at
// all, and records it in the ledger (package registre).
//
// Nothing is guessed in silence. What was understood of a list is in
// [Lecture]; what can be read two ways is a [Constat] of its row or a
// [Question] about a heading. Amounts are exact texts and whole cents.
//
// The package must never print, ask for the time, reach a network or import
// the portal.
package atelier
