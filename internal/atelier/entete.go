package atelier

import (
	"fmt"
	"strconv"
	"strings"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// lireEntete reads the columns that fill the header, but for what is known of
// it: all rows must agree, for a file has one number and one SIRET.
func (l *Lecture) lireEntete(connu Entete, m *Correspondance) error {
	l.Entete = map[string]string{}
	for cle, v := range map[string]string{"numeroAns": connu.NumeroAns, "SIRET": connu.SIRET} {
		if v == "" {
			v = m.Constantes[cle]
		}
		if v != "" {
			l.Entete[cle] = v
		}
	}
	for k := range l.Colonnes {
		c := &l.Colonnes[k]
		if c.Entete == "" {
			continue
		}
		if v := l.Entete[c.Entete]; v != "" {
			c.Note = "non lue : " + c.Entete + " est donné, " + segur.Visible(v, 20)
			continue
		}
		if err := l.lireColonneEntete(k, c); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lecture) lireColonneEntete(k int, c *Colonne) error {
	vu, ou := "", 0
	for i := range l.Table.Lignes {
		v := strings.Join(strings.Fields(l.Table.Lignes[i].Cellules[k]), "")
		switch n := l.Table.Lignes[i].Numero; {
		case v == "" || v == vu:
		case scientifique(v):
			return fmt.Errorf("ligne %d, colonne « %s » : « %s » est une notation scientifique, le tableur a perdu les derniers chiffres ; attendu : le %s en entier. Mettez la colonne au format texte et ressaisissez-le, ou donnez-le par %s",
				n, c.Titre, segur.Visible(v, 30), c.Entete, optionEntete(c.Entete))
		case vu == "":
			vu, ou = v, n
		default:
			return fmt.Errorf("colonne « %s » : « %s » en ligne %d, « %s » en ligne %d ; attendu : un seul %s, celui du fournisseur. Si la colonne est celle de vos clients, donnez le vôtre par %s : elle ne sera pas lue. Sinon préparez une liste par %s",
				c.Titre, segur.Visible(vu, 30), ou, segur.Visible(v, 30), n, c.Entete, optionEntete(c.Entete), c.Entete)
		}
	}
	if vu != "" {
		l.Entete[c.Entete] = vu
	}
	return nil
}

// optionEntete is the flag of "segur preparer" that gives a value of the
// header.
func optionEntete(cle string) string {
	if cle == "SIRET" {
		return "--siret"
	}
	return "--numero-ans"
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
		if cle[0] == "" || cle[1] == "" || cle[2] == "" { // what could not be read is not the same
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
