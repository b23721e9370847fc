package segur

import (
	"io"
	"strconv"
)

// Fichier tells which file a report is about. The caller hashes it, once,
// while it reads or receives it.
type Fichier struct {
	Nom    string // without folders
	Chemin string // as the person gave it; "" = the same as Nom
	Taille int64
	SHA256 string // hexadecimal
}

// Outil names the program that made a report.
type Outil struct{ Nom, Version string }

// AppendJSON writes the control report behind dst, in the shape that the
// project's contracts fix: one object, keys in that order, no line end behind
// it. plus, when not empty, is JSON text of further members ("pieces": …)
// added at its end. premier keeps only the first error of each request.
func (r *Rapport) AppendJSON(dst []byte, o Outil, f Fichier, premier bool, plus []byte) []byte {
	return r.appendJSON(dst, o, f, premier, plus, func(b []byte) []byte { return b })
}

// morceau is from which size EcrireJSON writes what it has.
const morceau = 1 << 14

// EcrireJSON is [Rapport.AppendJSON] to a writer, without ever holding the
// whole text.
func (r *Rapport) EcrireJSON(w io.Writer, o Outil, f Fichier, premier bool, plus []byte) error {
	var err error
	b := r.appendJSON(make([]byte, 0, morceau+1<<12), o, f, premier, plus, func(b []byte) []byte {
		if len(b) < morceau {
			return b
		}
		if err == nil {
			_, err = w.Write(b)
		}
		return b[:0]
	})
	if err == nil {
		_, err = w.Write(b)
	}
	return err
}

func (r *Rapport) appendJSON(dst []byte, o Outil, f Fichier, premier bool, plus []byte, vider func([]byte) []byte) []byte {
	b := r.appendTete(dst, o, f)
	n := 0
	for k := range r.Structure() {
		b = vider(k.AppendJSON(ouvrir(b, &n, "\n    ")))
	}
	b = append(b, "],\n  \"demandes\": ["...)
	n = 0
	for d := range r.Demandes() {
		b = vider(d.appendJSON(ouvrir(b, &n, "\n    "), premier))
	}
	b = append(b, ']')
	if len(plus) > 0 {
		b = append(append(b, ",\n  "...), plus...)
	}
	return append(b, "\n}"...)
}

// appendTete writes what comes before the constats.
func (r *Rapport) appendTete(dst []byte, o Outil, f Fichier) []byte {
	b := AppendMembreJSON(append(dst, "{\n  \"outil\": {"...), "nom", o.Nom)
	b = AppendMembreJSON(append(b, ", "...), "version", o.Version)
	b = AppendMembreJSON(append(b, "},\n  \"regles\": {"...), "id", r.jeu.ID)
	b = AppendMembreJSON(append(b, ", "...), "version", r.jeu.Version)
	b = AppendMembreJSON(append(b, ", "...), "empreinte", r.jeu.Empreinte())
	b = AppendMembreJSON(append(b, "},\n  \"fichier\": {"...), "nom", f.Nom)
	if f.Chemin != "" && f.Chemin != f.Nom {
		b = AppendMembreJSON(append(b, ", "...), "chemin", f.Chemin)
	}
	b = strconv.AppendInt(append(b, ", \"taille\": "...), f.Taille, 10)
	b = AppendMembreJSON(append(b, ", "...), "sha256", f.SHA256)
	b = AppendMembreJSON(append(b, "},\n  "...), "verdict", string(r.Verdict()))
	b = r.bilan.appendJSON(append(b, ",\n  "...))
	return append(b, ",\n  \"structure\": ["...)
}

// ouvrir begins the n-th element of a list.
func ouvrir(b []byte, n *int, blanc string) []byte {
	if *n > 0 {
		b = append(b, ',')
	}
	*n++
	return append(b, blanc...)
}

func (x Bilan) appendJSON(b []byte) []byte {
	b = append(b, `"bilan": {"demandes": `...)
	b = strconv.AppendInt(b, int64(x.Demandes), 10)
	b = strconv.AppendInt(append(b, `, "acceptees": `...), int64(x.Acceptees), 10)
	b = strconv.AppendInt(append(b, `, "rejetees": `...), int64(x.Rejetees), 10)
	b = strconv.AppendInt(append(b, `, "erreurs": `...), int64(x.Erreurs), 10)
	b = strconv.AppendInt(append(b, `, "avertissements": `...), int64(x.Avertissements), 10)
	return append(b, '}')
}

func (d Demande) appendJSON(b []byte, premier bool) []byte {
	b = strconv.AppendInt(append(b, `{"rang": `...), int64(d.rang), 10)
	b = append(b, `, "numLigne": `...)
	// As written: a whole number may be longer than 64 bits.
	if v := d.slot(d.r.jeu.plan.numLigne); v.jeton() == jetonNombre && entierSimple(d.r.d[v.deb():v.fin()]) {
		b = append(b, d.r.d[v.deb():v.fin()]...)
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `, "numeroEditeur": `...)
	if v := d.valeur("numeroEditeur"); v.jeton() == jetonChaine {
		b = AppendTexteJSON(b, d.r.texte(v))
	} else {
		b = append(b, "null"...)
	}
	b = strconv.AppendBool(append(b, `, "acceptee": `...), d.Acceptee())
	b = AppendMembreJSON(append(b, ", "...), "codeTraitement", d.CodeTraitement().String())
	b = AppendMembreJSON(append(b, ", "...), "libelleTraitement", d.LibelleTraitement())
	b = append(b, `, "constats": [`...)
	n := 0
	if premier {
		if k, ok := d.Premier(); ok {
			b = k.AppendJSON(ouvrir(b, &n, "\n      "))
		}
	} else {
		for k := range d.Constats() {
			b = k.AppendJSON(ouvrir(b, &n, "\n      "))
		}
	}
	return append(b, "]}"...)
}

// AppendJSON writes one constat behind dst, in the shape of the contracts.
func (k *Constat) AppendJSON(dst []byte) []byte {
	b := AppendMembreJSON(append(dst, '{'), "code", k.Code.String())
	b = AppendMembreJSON(append(b, ", "...), "gravite", string(k.Gravite))
	b = AppendMembreJSON(append(b, ", "...), "balise", k.Balise)
	b = AppendMembreJSON(append(b, ", "...), "pointeur", k.Pointeur)
	b = strconv.AppendInt(append(b, `, "ligne": `...), int64(k.Ligne), 10)
	b = strconv.AppendInt(append(b, `, "colonne": `...), int64(k.Colonne), 10)
	b = AppendMembreJSON(append(b, ", "...), "message", k.Message)
	b = AppendMembreJSON(append(b, ", "...), "attendu", k.Attendu)
	b = AppendMembreJSON(append(b, ", "...), "recu", k.Recu)
	b = AppendMembreJSON(append(b, ", "...), "remede", k.Remede)
	b = AppendMembreJSON(append(b, ", "...), "reference", k.Reference)
	return append(b, '}')
}

// AppendMembreJSON writes a member whose value is a text; cle is a plain word.
func AppendMembreJSON(b []byte, cle, valeur string) []byte {
	b = append(append(append(b, '"'), cle...), `": `...)
	return AppendTexteJSON(b, valeur)
}
