package atelier

import (
	"fmt"
	"strconv"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// lireEntete reads the columns that fill the header: all rows must agree, for
// a file has one number and one SIRET.
func (l *Lecture) lireEntete(m *Correspondance) error {
	l.Entete = map[string]string{}
	for k := range l.Colonnes {
		c := &l.Colonnes[k]
		if c.Entete == "" {
			continue
		}
		for i := range l.Table.Lignes {
			v := l.Table.Lignes[i].Cellules[k]
			switch deja := l.Entete[c.Entete]; {
			case v == "" || v == deja:
			case deja == "":
				l.Entete[c.Entete] = v
			default:
				return fmt.Errorf("ligne %d, colonne « %s » : « %s » après « %s » ; un fichier n’a qu’un %s : préparez une liste par %s",
					l.Table.Lignes[i].Numero, c.Titre, segur.Visible(v, 30), segur.Visible(deja, 30), c.Entete, c.Entete)
			}
		}
	}
	for _, cle := range []string{"numeroAns", "SIRET"} {
		if v := m.Constantes[cle]; v != "" {
			l.Entete[cle] = v
		}
	}
	return nil
}

// signalerDoubles warns of orders of one pharmacy, day and amount.
func (l *Lecture) signalerDoubles(jeu *segur.Jeu) {
	f, d, m := rangChamp(jeu, baliseFiness), rangChamp(jeu, baliseDate), rangChamp(jeu, baliseMontant)
	if f < 0 || d < 0 || m < 0 {
		return
	}
	vues := make(map[[3]string]int, len(l.Commandes))
	for i := range l.Commandes {
		c := &l.Commandes[i]
		cle := [3]string{c.Valeurs[f], c.Valeurs[d], c.Valeurs[m]}
		if cle[0] == "" {
			continue
		}
		if avant, ok := vues[cle]; ok {
			l.Constats = append(l.Constats, constat(c, i+1, catalogue.AvertDouble, mots{detail: "la ligne " + strconv.Itoa(l.Commandes[avant].Source.Ligne)}))
			continue
		}
		vues[cle] = i
	}
}

// DejaPreparees warns of orders whose pharmacy and amount the ledger has
// already, in a request that was not refused.
func (l *Lecture) DejaPreparees(jeu *segur.Jeu, connues []*registre.Demande) []Constat {
	type cle struct {
		finess string
		ht     segur.Montant
	}
	parCle := make(map[cle]*registre.Demande, len(connues))
	for _, d := range connues {
		if d.Type == jeu.Type && !d.Rejetee {
			parCle[cle{d.FINESSGeo, d.Montants.HT}] = d
		}
	}
	if len(parCle) == 0 {
		return nil
	}
	var ks []Constat
	r := reperesDe(jeu)
	for i := range l.Commandes {
		c := &l.Commandes[i]
		m, err := r.calcul(c)
		if err != nil {
			continue // the control says what is wrong with it
		}
		if d := parCle[cle{texteJSON(c.valeur(r.finess)), m.HT}]; d != nil {
			ks = append(ks, constat(c, i+1, catalogue.AvertDeja, mots{detail: "numéro " + d.NumeroEditeur + ", fichier " + d.Depot.Fichier.Nom}))
		}
	}
	return ks
}
