package piece

import (
	"strings"

	"guichet.example/segur"
)

// Attendue is a supporting document that a request declares.
type Attendue struct {
	Rang          int    // position of the request in its file, from 1
	NumeroEditeur string // as the request writes it
	NomFichier    string
	Format        string // value of formatFichier that the name stands for: "PDF"
	Type          string // value of typeFichier that the name stands for: "BON_COMMANDE"
}

// Attendues lists what the requests of a report declare, accepted or not, in
// their order. A name that [segur.Jeu.LireNomPiece] does not read, and one that
// its request repeats, is left out: the control report already says so.
func Attendues(r *segur.Rapport) []Attendue {
	var as []Attendue
	for d := range r.Demandes() {
		debut := len(as)
	pieces:
		for p := range d.Pieces() {
			n, err := r.Jeu().LireNomPiece(p.NomFichier)
			if err != nil {
				continue
			}
			for _, a := range as[debut:] {
				if a.NomFichier == p.NomFichier {
					continue pieces
				}
			}
			as = append(as, Attendue{d.Rang(), d.NumeroEditeur(), p.NomFichier, n.Format, n.Type})
		}
	}
	return as
}

// index finds declared documents by their names.
type index struct {
	parNom   map[string]*Attendue // byte for byte
	parForme map[string]*Attendue // by forme, to suggest
}

func indexer(as []Attendue) index {
	x := index{make(map[string]*Attendue, len(as)), make(map[string]*Attendue, len(as))}
	for i := range as {
		x.parNom[as[i].NomFichier] = &as[i]
		x.parForme[forme(as[i].NomFichier)] = &as[i]
	}
	return x
}

// proche is a sentence that names the declared document which a name almost
// is, behind a space; "" when there is none.
func (x index) proche(nom string) string {
	a, ok := x.parForme[forme(nom)]
	if !ok {
		return ""
	}
	return " La demande " + visible(a.NumeroEditeur) + " déclare « " + visible(a.NomFichier) + " » : le nom doit être identique, majuscules et extension comprises."
}

// forme is a name without what people get wrong: case, extension, blanks.
func forme(nom string) string {
	nom = strings.ToLower(strings.TrimSpace(nom))
	for {
		court := nom
		for _, ext := range []string{".pdf", ".png", ".jpg", ".jpeg"} {
			court = strings.TrimSpace(strings.TrimSuffix(court, ext))
		}
		if court == nom {
			return strings.ReplaceAll(nom, "_", "-")
		}
		nom = court
	}
}
