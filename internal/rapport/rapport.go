package rapport

import (
	"fmt"
	"io"
	"iter"

	"guichet.example/segur"
)

// Resultat is one file of a run: its report, or why it could not be read.
type Resultat struct {
	Fichier segur.Fichier  // name as given on the command line, size, hash
	Rapport *segur.Rapport // nil when the file could not be read
	Octets  []byte         // the bytes controlled, from which source lines are shown

	// Erreur is a French sentence, required when Rapport is nil: why the file
	// could not be read; else what beside it could not be looked at (an archive
	// of pieces that does not open). It is a failure of the tool, never a
	// verdict (D10).
	Erreur string
	// Note is a French sentence on what was looked at beside the file ("4
	// pièces attendues, 4 reçues"), shown under the verdict; may be "".
	Note string
	// Plus is JSON text of further members for the JSON form, for example
	// `"pieces": {…}`; it may be empty.
	Plus []byte
	// Pieces are constats about the supporting documents; may be empty.
	Pieces []segur.Constat
}

// Ecrivain writes one form. Resultat is called once a file, in order, then Fin
// once; Fin must be called even when there was no result, for the forms that
// have a beginning and an end. Neither may be called by two goroutines at once.
// A Resultat, its bytes and its report may be used again for something else as
// soon as the call returns. An error is that of the underlying writer; once
// there was one, nothing more is written.
type Ecrivain interface {
	Resultat(Resultat) error
	Fin() error
}

// Options are what a form may know beyond the results. The zero value is good
// for every form.
type Options struct {
	Outil     segur.Outil // program that made the reports
	Couleur   bool        // texte: ANSI colours
	Largeur   int         // texte: columns of the terminal; 0 = 100
	Plusieurs bool        // several paths were given: JSON is an array
	Premier   bool        // only the first error of each request
	Quiet     bool        // texte: one line a file
	Date      string      // day the control stands for, as people read it; may be ""

	// Entree looks up a code that is not in the rule set's catalogue, such as
	// those of Resultat.Pieces; may be nil.
	Entree func(segur.Code) (segur.Entree, bool)
}

// Formes are the names of the forms, the usual one first.
func Formes() []string { return []string{"texte", "json", "html", "csv", "sarif", "junit"} }

// Nouveau returns the writer of a form. It writes to w in large pieces and
// never closes it. The error is French: the form does not exist.
func Nouveau(forme string, w io.Writer, o Options) (Ecrivain, error) {
	t := &tampon{w: w}
	switch forme {
	case "texte":
		return nouveauTexte(t, o), nil
	case "json":
		return &jsonEcrivain{tampon: t, o: o}, nil
	case "html":
		return nouveauHTML(t, o), nil
	case "csv":
		return nouveauCSV(t, o), nil
	case "sarif":
		return nouveauSARIF(t, o), nil
	case "junit":
		return nouveauJUnit(t, o), nil
	}
	return nil, fmt.Errorf("la forme «\u00a0%s\u00a0» n’existe pas\u202f; formes admises\u00a0: texte, json, html, csv, sarif, junit", forme)
}

// constat is a constat with the names of its request.
type constat struct {
	segur.Constat
	piece    bool   // about a supporting document
	numero   string // numeroEditeur as written, "" when it is no text or unknown
	numLigne int64  // -1 when unreadable or unknown
}

// cible tells documents apart, which have no pointer.
func (k *constat) cible() string {
	if k.piece {
		return k.Recu
	}
	return ""
}

// situe tells whether the constat points into the bytes controlled.
func (k *constat) situe(octets []byte) bool {
	return (k.Deb != 0 || k.Fin != 0) && k.Deb <= k.Fin && k.Fin <= len(octets) && !k.piece
}

// constats yields everything found: structure, then requests, then pieces.
// premier keeps only the first error of each request.
func (r *Resultat) constats(premier bool) iter.Seq[constat] {
	return func(yield func(constat) bool) {
		if r.Rapport != nil {
			for k := range r.Rapport.Structure() {
				if !yield(constat{Constat: k, numLigne: -1}) {
					return
				}
			}
			for d := range r.Rapport.Demandes() {
				for k := range constatsDe(d, premier) {
					if !yield(k) {
						return
					}
				}
			}
		}
		for _, k := range r.Pieces {
			if !yield(r.constatPiece(k)) {
				return
			}
		}
	}
}

// constatsDe yields the constats of one request.
func constatsDe(d segur.Demande, premier bool) iter.Seq[constat] {
	return func(yield func(constat) bool) {
		if d.NbConstats() == 0 {
			return
		}
		modele := nommer(d)
		if premier {
			if k, ok := d.Premier(); ok {
				modele.Constat = k
				yield(modele)
			}
			return
		}
		for k := range d.Constats() {
			modele.Constat = k
			if !yield(modele) {
				return
			}
		}
	}
}

func nommer(d segur.Demande) constat {
	k := constat{numero: d.NumeroEditeur(), numLigne: -1}
	if n, ok := d.NumLigne(); ok {
		k.numLigne = n
	}
	return k
}

func (r *Resultat) constatPiece(p segur.Constat) constat {
	k := constat{numLigne: -1}
	if r.Rapport != nil {
		if d, ok := r.Rapport.Demande(p.Rang); ok {
			k = nommer(d)
		}
	}
	k.Constat, k.piece = p, true
	return k
}

// entree finds what the catalogues say of a code; ok is false when they do not
// know it, and the entry then only has its number.
func (o *Options) entree(r *segur.Rapport, code segur.Code) (segur.Entree, bool) {
	if r != nil {
		if e, ok := r.Jeu().Entree(code); ok {
			return e, true
		}
	}
	if o.Entree != nil {
		if e, ok := o.Entree(code); ok {
			return e, true
		}
	}
	return segur.Entree{Code: code}, false
}

// titre is the title of a constat's code, or its own message.
func (o *Options) titre(r *segur.Rapport, k *constat) string {
	if e, ok := o.entree(r, k.Code); ok {
		return e.Titre
	}
	return k.Message
}

// nomAffiche is how a file is called in front of people.
func nomAffiche(f *segur.Fichier) string {
	nom := f.Chemin
	if nom == "" {
		nom = f.Nom
	}
	if nom == "-" {
		return "entrée standard"
	}
	return segur.Visible(nom, 0)
}
