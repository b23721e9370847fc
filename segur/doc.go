// Package segur is the format of the funding requests of the French "Ségur
// numérique" for pharmacy software, and its control: what a supplier writes,
// what the paying agency refuses, and the file that comes back.
//
// Start at [JeuPour], which gives the rule set in force, and [Jeu.Controler],
// which controls a file and returns a [Rapport]: every fault with its code,
// place, sentence and remedy. [Rapport.Retour] makes the returned file.
// [Jeu.Catalogue], [Jeu.Schema] and [Jeu.Modele] print the same table that the
// checker obeys.
//
// The package is pure: no clock, no network, no files, no global state. The
// day and the bytes come in as values. It imports jsontext and
// golang.org/x/text besides the standard library, and nothing of this project.
//
// # Compatibility
//
// A code of the catalogue keeps its meaning for ever; it may be retired, never
// reused. The keys of the JSON report, exported names and the spelling of
// balises stay. Sentences (Message, Attendu, Remede, labels) may be improved
// at any time: programs must not compare them. Two controls of the same bytes,
// the same day and the same [Jeu.Empreinte] give the same verdict and codes.
//
// References such as §3.2 are sections of the official document
// DTJSONAVANCE-PHA-LGO-Va1 of 04/11/2022; D1, D2… are the project's decisions
// where that document leaves a point open, listed in docs/reference/decisions.md.
package segur
