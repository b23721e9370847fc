// Package registre is the ledger of the supplier's workshop: which numbers
// were given to which order, what was deposited, what came back.
//
// It is one append-only text, [NomRegistre], in the working folder: a JSON line
// an entry, each with the hash of the one before, written and fsynced before
// anybody relies on it. A number written there is given for ever. A process
// killed at any byte loses at most the entry it was writing; the torn tail is
// cut off when the ledger is next opened to write, and that is said.
//
// Start at [Ouvrir], which takes the lock, and [Registre.Preparer], the entry
// that everything else refers to. [Lire] needs no lock. [Comparer] tells
// whether two copies of a ledger have diverged.
//
// It must never import the workshop above it, nor ask for the time itself.
package registre
