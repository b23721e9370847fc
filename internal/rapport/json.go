package rapport

import (
	"bytes"
	"errors"

	"guichet.example/segur"
)

// jsonEcrivain writes the control report of the contracts: one object, or an
// array of them. A file that was not read has an "erreur" and no verdict.
type jsonEcrivain struct {
	*tampon
	o Options
	n int
}

func (j *jsonEcrivain) Resultat(r Resultat) error {
	switch {
	case j.o.Plusieurs && j.n == 0:
		j.ecrire("[\n")
	case j.o.Plusieurs:
		j.ecrire(",\n")
	case j.n > 0:
		return errors.New("rapport: a second result needs Options.Plusieurs")
	}
	j.n++
	if r.Rapport == nil {
		j.nonLu(&r)
		return j.vider()
	}
	plus := r.Plus
	if r.Erreur != "" {
		plus = bytes.Clone(plus)
		if len(plus) > 0 {
			plus = append(plus, ",\n  "...)
		}
		plus = append(segur.AppendMembreJSON(append(plus, `"erreur": {`...), "message", r.Erreur), '}')
	}
	if j.vider() == nil {
		j.err = r.Rapport.EcrireJSON(j.w, j.o.Outil, r.Fichier, j.o.Premier, plus)
	}
	if !j.o.Plusieurs {
		j.ecrire("\n")
	}
	return j.vider()
}

// nonLu writes a file that could not be read.
func (j *jsonEcrivain) nonLu(r *Resultat) {
	b := segur.AppendMembreJSON(append(j.b, "{\n  \"outil\": {"...), "nom", j.o.Outil.Nom)
	b = segur.AppendMembreJSON(append(b, ", "...), "version", j.o.Outil.Version)
	b = segur.AppendMembreJSON(append(b, "},\n  \"fichier\": {"...), "nom", r.Fichier.Nom)
	if r.Fichier.Chemin != "" && r.Fichier.Chemin != r.Fichier.Nom {
		b = segur.AppendMembreJSON(append(b, ", "...), "chemin", r.Fichier.Chemin)
	}
	b = append(segur.AppendMembreJSON(append(b, "},\n  \"erreur\": {"...), "message", r.Erreur), '}')
	if len(r.Plus) > 0 {
		b = append(append(b, ",\n  "...), r.Plus...)
	}
	j.b = append(b, "\n}"...)
	if !j.o.Plusieurs {
		j.b = append(j.b, '\n')
	}
}

func (j *jsonEcrivain) Fin() error {
	switch {
	case j.o.Plusieurs && j.n == 0:
		j.ecrire("[]\n")
	case j.o.Plusieurs:
		j.ecrire("\n]\n")
	}
	return j.vider()
}
