package atelier

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/segur"
)

// valeurListe is the allowed value that differs by letter case only, or that
// a usual word stands for; else the text itself.
func valeurListe(c *segur.Champ, v string) string {
	for _, a := range c.Valeurs {
		if strings.EqualFold(a, v) {
			return a
		}
	}
	mots := map[string]string{}
	if c.Cle == "statutAdminTechnique" {
		mots = map[string]string{"editeur": "E", "pharmacien": "P", "pharmacienne": "P"}
	}
	if a, ok := mots[plat(v)]; ok {
		return a
	}
	return v
}

// operateur is the code of a cell that holds a code or a label.
func (x *liste) operateur(c *Commande, rang int, col *Colonne, v string) (string, bool) {
	if _, ok := segur.OperateurDe(v); ok {
		return v, true
	}
	if code, ok := x.m.Operateurs[v]; ok {
		return code, code != ""
	}
	if x.libelles == nil {
		x.libelles = map[string][]string{}
		for _, o := range segur.Operateurs() {
			x.libelles[plat(o.Libelle)] = append(x.libelles[plat(o.Libelle)], o.Code)
		}
	}
	switch codes := x.libelles[plat(v)]; {
	case len(codes) == 1:
		x.Corrections = append(x.Corrections, Correction{rang, c.Source.Ligne, col.Titre, v, codes[0], true})
		return codes[0], true
	case len(codes) > 1:
		x.noter(c, rang, col, catalogue.Operateur, mots{valeur: v, detail: strings.Join(codes, ", ")})
		return "", false
	}
	if x.vus[v] == "" {
		x.vus[v] = " "
		var proches []string
		for _, o := range segur.ChercherOperateurs(v, 4) {
			proches = append(proches, o.Code+" ("+o.Libelle+")")
		}
		if len(proches) > 1 {
			x.vus[v] = strings.Join(proches, ", ")
		}
	}
	if proches := x.vus[v]; proches != " " {
		x.noter(c, rang, col, catalogue.Operateur, mots{valeur: v, detail: proches})
		return "", false
	}
	return v, true
}

// majuscules offers a name in capitals, or writes it so when the person has
// said that it may.
func (x *liste) majuscules(rang int, col *Colonne, v string) string {
	if strings.IndexFunc(v, func(r rune) bool { return unicode.IsLower(r) || unicode.IsTitle(r) }) < 0 {
		return v
	}
	faite := x.o.Corriger || col.Lire == LireMajuscules
	haut := strings.ToUpper(v)
	if rang > 0 {
		x.Corrections = append(x.Corrections, Correction{rang, x.Table.Lignes[rang-1].Numero, col.Titre, v, haut, faite})
	}
	if faite {
		return haut
	}
	return v
}

// telephone warns of a French number that lost its zero in a spreadsheet.
func (x *liste) telephone(c *Commande, rang int, champ *segur.Champ, col *Colonne, v string) string {
	if !strings.HasPrefix(champ.Cle, "tel") || utf8.RuneCountInString(v) != 9 || !chiffres(v) || v[0] == '0' {
		return v
	}
	x.Corrections = append(x.Corrections, Correction{rang, c.Source.Ligne, col.Titre, v, "0" + v, x.o.Corriger})
	if x.o.Corriger {
		return "0" + v
	}
	x.noter(c, rang, col, catalogue.AvertZero, mots{valeur: v, propose: "0" + v})
	return v
}

// finess offers the zero that a spreadsheet takes from the departments 01 to
// 09; the control refuses the number without it, and looks at its key.
func (x *liste) finess(c *Commande, rang int, col *Colonne, v string) string {
	if len(v) != 8 || !chiffres(v) || v[0] == '0' || rang == 0 {
		return v
	}
	x.Corrections = append(x.Corrections, Correction{rang, c.Source.Ligne, col.Titre, v, "0" + v, x.o.Corriger})
	if x.o.Corriger {
		return "0" + v
	}
	return v
}
