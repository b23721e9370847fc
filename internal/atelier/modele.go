package atelier

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"guichet.example/internal/atelier/tableur"
	"guichet.example/segur"
)

// ColonneModele is one column of the blank list, made from the table of fields.
type ColonneModele struct {
	Titre, Exemple, Aide, Attendu string
	Obligatoire                   bool
	Choix                         []string // allowed values; nil = free
	Operateur                     bool     // codes of section 4
}

// ColonnesModele lists the columns of the blank list: what a list may fill, a
// scan for each type of piece, and one free column.
func ColonnesModele(jeu *segur.Jeu) []ColonneModele {
	var cs []ColonneModele
	for i := range jeu.Champs {
		f := &jeu.Champs[i]
		if !deLaListe(f) {
			continue
		}
		c := ColonneModele{Titre: f.Balise(), Exemple: strings.Trim(f.Exemple, `"`), Aide: f.Aide, Attendu: AttenduListe(f), Obligatoire: !f.Facultatif, Choix: f.Valeurs}
		switch f.Genre {
		case segur.GenreBooleen:
			c.Choix, c.Exemple = []string{"oui", "non"}, "oui"
		case segur.GenreMontant:
			c.Exemple = strings.Replace(c.Exemple, ".", ",", 1)
		case segur.GenreOperateur:
			c.Operateur = true
		case segur.GenreFiness:
			c.Exemple = "990000010"
		}
		cs = append(cs, c)
	}
	for _, p := range jeu.Pieces {
		c := ColonneModele{Titre: "scan " + p.Valeur, Exemple: strings.ToLower(p.Abrege) + "-0001.pdf", Aide: "Nom du fichier scanné : " + p.Titre + ".", Attendu: "un fichier du dossier --scans", Obligatoire: p.SousRegime == ""}
		if p.SousRegime != "" {
			c.Exemple = ""
			c.Aide += " Seulement sous le régime " + p.SousRegime + "."
		}
		cs = append(cs, c)
	}
	return append(cs, ColonneModele{Titre: "x_reference", Exemple: "BC-0001", Aide: "Vos propres colonnes, aussi nombreuses que vous voulez, commencent par x_ : elles suivent la demande dans le registre et dans tous les rapports.", Attendu: "ce que vous voulez"})
}

// AttenduListe is what a cell of a list, or an answer, may hold for a field:
// French, and freer than JSON.
func AttenduListe(f *segur.Champ) string {
	switch f.Genre {
	case segur.GenreMontant:
		return "un montant hors taxe : 708,33 ou 1 050,00 €"
	case segur.GenreDate:
		return "une date : 03/02/2023"
	case segur.GenreBooleen:
		return "oui ou non"
	case segur.GenreListe:
		return strings.Join(f.Valeurs, " ou ")
	case segur.GenreOperateur:
		return "un code de la section 4, ou rien"
	}
	s := strings.NewReplacer(" entre guillemets", "", ", sans guillemets", "", ", ou null", ", ou rien").Replace(f.Attendu)
	return s
}

// ModeleCSV is the blank list with one fictitious row to replace, as French
// spreadsheets open it.
func ModeleCSV(jeu *segur.Jeu) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	var titres, exemples []string
	for _, c := range ColonnesModele(jeu) {
		titres, exemples = append(titres, c.Titre), append(exemples, c.Exemple)
	}
	if err := w.WriteAll([][]string{titres, exemples}); err != nil {
		return nil, fmt.Errorf("write the model: %w", err)
	}
	return b.Bytes(), nil
}

// rangsModele is how many rows of the blank workbook have choices and notes.
const rangsModele = 5000

// ModeleXLSX is the blank list as a workbook: drop-down lists, a note at each
// column, a sheet that explains them and one of the operators.
func ModeleXLSX(jeu *segur.Jeu) ([]byte, error) {
	m := tableur.Modele{Feuille: "Commandes", Rangs: rangsModele, Notes: [][]string{{"Colonne", "Obligatoire", "Attendu", "Explication"}}}
	codes, libelles := []string{"Code opérateur"}, []string{"Opérateur de messagerie"}
	for _, o := range segur.Operateurs() {
		codes, libelles = append(codes, o.Code), append(libelles, o.Libelle)
	}
	m.Listes = [][]string{codes, libelles}
	for _, c := range ColonnesModele(jeu) {
		k := tableur.ColonneModele{Titre: c.Titre, Exemple: c.Exemple, Note: c.Aide + " Attendu : " + c.Attendu + ".", Obligatoire: c.Obligatoire, Choix: c.Choix}
		if c.Operateur {
			k.Liste = 1
		}
		m.Colonnes = append(m.Colonnes, k)
		m.Notes = append(m.Notes, []string{c.Titre, map[bool]string{true: "oui", false: "non"}[c.Obligatoire], c.Attendu, c.Aide})
	}
	return m.Ecrire()
}
