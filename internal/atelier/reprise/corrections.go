package reprise

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/tableau"
	"guichet.example/segur"
)

// ColonneRemplace is the column of a list of corrections that names the
// refused numeroEditeur of each row.
const ColonneRemplace = "x_remplace"

// ACorriger is the list of requests that must be corrected, as a CSV for
// French spreadsheets: the number that each row stands for, its values, its
// scans, the supplier's own columns, and why it was refused. What is not wrong
// can be left as it is. All requests are of one type.
func ACorriger(jeu *segur.Jeu, rs []*Refusee) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	champs := champsListe(jeu)
	extras := colonnesExtras(rs)
	titres := []string{ColonneRemplace}
	for _, c := range champs {
		titres = append(titres, c.Balise())
	}
	for i := range jeu.Pieces {
		titres = append(titres, "scan "+jeu.Pieces[i].Valeur)
	}
	_ = w.Write(append(append(titres, extras...), atelier.TitreMotif)) // a buffer takes everything
	for _, x := range rs {
		l := []string{x.NumeroEditeur}
		for _, c := range champs {
			l = append(l, cellule(c, x.Commande.Valeur(jeu, c.Balise())))
		}
		for i := range jeu.Pieces {
			l = append(l, scanDe(&x.Commande, jeu.Pieces[i].Valeur))
		}
		for _, e := range extras {
			l = append(l, valeurExtra(x.Extras, e))
		}
		l = append(l, strings.TrimSpace(x.Code+" "+x.motifs()))
		for i := range l {
			l[i] = tableau.Neutre(l[i])
		}
		_ = w.Write(l)
	}
	w.Flush()
	return b.Bytes()
}

// motifs are the reasons: our control's, or the agency's label.
func (x *Refusee) motifs() string {
	var ms []string
	for i := range x.Constats {
		if k := &x.Constats[i]; k.Gravite == segur.Erreur {
			ms = append(ms, k.Balise+" : "+k.Message)
		}
	}
	if len(ms) == 0 {
		return segur.Visible(x.Explication, 300)
	}
	return strings.Join(ms, " | ")
}

// champsListe are the leaves that a list fills.
func champsListe(jeu *segur.Jeu) []*segur.Champ {
	var cs []*segur.Champ
	for i := range jeu.Champs {
		c := &jeu.Champs[i]
		switch c.Genre {
		case segur.GenreRang, segur.GenreNul, segur.GenreNumero, segur.GenreReference, segur.GenreNomPiece, segur.GenreFormatPiece, segur.GenreTypePiece:
			continue
		}
		if c.Genre != segur.GenreListe || len(c.Valeurs) > 1 {
			cs = append(cs, c)
		}
	}
	return cs
}

// cellule is a value as a French spreadsheet has it.
func cellule(c *segur.Champ, brut string) string {
	switch v := jsontext.Value(brut); v.Kind() {
	case '"':
		if s, err := jsontext.AppendUnquote(nil, brut); err == nil {
			return string(s)
		}
	case 't':
		return "oui"
	case 'f':
		return "non"
	case 'n':
		return ""
	}
	if c.Genre == segur.GenreMontant {
		return strings.Replace(brut, ".", ",", 1)
	}
	return brut
}

func scanDe(c *atelier.Commande, valeur string) string {
	for i := range c.Pieces {
		if c.Pieces[i].Type == valeur && c.Pieces[i].Source != "" {
			return filepath.Base(c.Pieces[i].Source)
		}
	}
	return ""
}

func colonnesExtras(rs []*Refusee) []string {
	var noms []string
	for _, x := range rs {
		for _, e := range x.Extras {
			if !slices.Contains(noms, e.Colonne) && e.Colonne != ColonneRemplace {
				noms = append(noms, e.Colonne)
			}
		}
	}
	return noms
}

func valeurExtra(xs []registre.Extra, colonne string) string {
	for _, x := range xs {
		if x.Colonne == colonne {
			return x.Valeur
		}
	}
	return ""
}

// Appliquer puts corrected rows in the place of the refused requests that they
// name, and judges them again. A row whose request was taken up before is left
// aside and told in deja: the same list twice changes nothing. Documents come
// from the row when they were found for it, else from the ledger. Errors are
// French: a row without a number, or with one that is not refused.
func Appliquer(r *registre.Registre, rs []*Refusee, l *atelier.Lecture, jour segur.Jour) (deja []string, err error) {
	vus := map[string]int{}
	for i := range l.Commandes {
		c := l.Commandes[i]
		numero := strings.ToUpper(valeurExtra(c.Extras, ColonneRemplace))
		if numero == "" {
			return nil, fmt.Errorf("ligne %d : la colonne %s est vide ; elle doit nommer le numéro refusé que la ligne remplace", c.Source.Ligne, ColonneRemplace)
		}
		if avant := vus[numero]; avant > 0 {
			return nil, fmt.Errorf("lignes %d et %d : toutes deux remplacent le numéro %s", avant, c.Source.Ligne, segur.Visible(numero, 20))
		}
		vus[numero] = c.Source.Ligne
		k := slices.IndexFunc(rs, func(x *Refusee) bool { return strings.ToUpper(x.NumeroEditeur) == numero })
		if k < 0 {
			if !reprise(r, numero) {
				return nil, fmt.Errorf("ligne %d : %s n’est pas le numéro d’une demande refusée à reprendre ; lisez d’abord son fichier retour (segur reprendre RETOUR)", c.Source.Ligne, segur.Visible(numero, 20))
			}
			deja = append(deja, numero)
			continue
		}
		if err := rs[k].corriger(c, jour); err != nil {
			return nil, err
		}
	}
	return deja, juger(rs, jour)
}

// reprise tells a number that another one stands for already.
func reprise(r *registre.Registre, numero string) bool {
	for _, t := range []segur.TypeDemande{segur.Avance, segur.Solde} {
		if d, ok := r.Demande(t, numero); ok && d.RemplaceePar != "" {
			return true
		}
	}
	return false
}

// corriger takes the values of a row; what no row can say stays.
func (x *Refusee) corriger(c atelier.Commande, jour segur.Jour) error {
	jeu, err := segur.JeuPour(x.Type, jour)
	if err != nil {
		return err
	}
	c.Extras = slices.DeleteFunc(slices.Clone(c.Extras), func(e registre.Extra) bool { return e.Colonne == ColonneRemplace })
	c.Remplace, c.Numero = x.Commande.Remplace, x.Commande.Numero
	if x.Type == segur.Solde {
		c.Poser(jeu, "numeroASP", x.Commande.Valeur(jeu, "numeroASP"))
	}
	for _, p := range x.Commande.Pieces {
		t, ok := jeu.TypePiece(p.Type)
		inutile := ok && t.SousRegime != "" && t.SousRegime != c.Regime(jeu)
		if !inutile && !slices.ContainsFunc(c.Pieces, func(q atelier.Piece) bool { return q.Type == p.Type }) {
			c.Pieces = append(c.Pieces, p)
		}
	}
	x.Commande, x.Corrigee = c, true
	return nil
}
