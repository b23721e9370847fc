package atelier

import (
	"fmt"
	"slices"
	"strings"

	"guichet.example/segur"
)

// Colonne is what one column of a list was understood to be. At most one of
// Balise, Entete, Scan and Extra is set; with none the column is not used.
type Colonne struct {
	Titre   string
	Balise  string // leaf it fills
	Entete  string // numeroAns or SIRET
	Scan    string // typeFichier of the scan it names
	Extra   string // x_… name
	Lire    Lecteur
	Declare bool   // a mapping says so; otherwise it was guessed
	Note    string // French; why it is not used, or how it is read

	force  int    // how sure the guess is
	proche string // leaf that the heading of a column not used comes near to
}

// Utile tells whether the column is used.
func (c *Colonne) Utile() bool { return c.Balise+c.Entete+c.Scan+c.Extra != "" }

// Question is what the headings leave open. Unanswered, the list is not read.
type Question struct {
	Sujet   Sujet
	Titre   string // heading it is about; "" = none
	Balise  string // leaf it is about
	Phrase  string // French
	Remede  string // French: how to answer without being asked
	Reponse []string
}

// Sujet is what a question is about.
type Sujet string

// The subjects of questions.
const (
	SujetMontant Sujet = "montant" // with or without tax: LireHT, LireTTC
	SujetDouble  Sujet = "double"  // which of several headings fills a leaf
	SujetManque  Sujet = "manque"  // which heading, or constant, fills a leaf that is required
)

// Forces of a guess: the name of the format itself, its title, a synonym, a
// heading that contradicts it a little.
const (
	forceRien = iota
	forceReserve
	forceSynonyme
	forceTitre
	forceNom
)

// noms are all headings known of a rule set, flat, with what they stand for.
type noms map[string]Colonne

func nomsDe(jeu *segur.Jeu) noms {
	n := noms{}
	mettre := func(titre string, c Colonne, force int) {
		if c.force = force; n[titre].force < force {
			n[titre] = c
		}
	}
	for t, liste := range synonymesScans() {
		if tp, ok := jeu.TypePiece(t); ok {
			for _, s := range append(liste, plat(t), plat(tp.Titre), plat("scan "+tp.Titre), plat("scan "+t), plat(tp.Abrege)) {
				mettre(s, Colonne{Scan: t}, forceSynonyme)
			}
		}
	}
	if len(jeu.Pieces) > 0 {
		mettre("piecesjustificativesnomfichier", Colonne{Scan: jeu.Pieces[0].Valeur}, forceNom)
	}
	for i := range jeu.Champs {
		c := &jeu.Champs[i]
		if !deLaListe(c) {
			mettre(plat(c.Balise()), Colonne{Note: "se remplit toute seule"}, forceNom)
			mettre(plat(c.Cle), Colonne{Note: "se remplit toute seule"}, forceReserve)
			continue
		}
		v := Colonne{Balise: c.Balise()}
		mettre(plat(c.Balise()), v, forceNom)
		mettre(plat(c.Cle), v, forceNom)
		mettre(plat(c.Titre), v, forceTitre)
		for _, s := range synonymes()[v.Balise] {
			force := forceSynonyme
			if strings.Contains(s, "ttc") {
				force = forceReserve
			}
			mettre(s, v, force)
		}
	}
	for cle, liste := range synonymesEntete() {
		for _, s := range append(liste, plat(cle)) {
			mettre(s, Colonne{Entete: cle}, forceNom)
		}
	}
	return n
}

// de is what a heading stands for; a Colonne that is not Utile when unknown.
func (n noms) de(titre string) Colonne {
	if c, ok := n[plat(titre)]; ok {
		return c
	}
	return n[platTitre(titre)]
}

// colonnes reads headings: by the mapping first, then by their names.
func colonnes(jeu *segur.Jeu, entetes []string, m *Correspondance) ([]Colonne, []Question, error) {
	connus := nomsDe(jeu)
	cols := make([]Colonne, len(entetes))
	restent := map[string]int{}
	for i := range m.Colonnes {
		restent[plat(m.Colonnes[i].Titre)] = i
	}
	titres := uniques(entetes)
	for i, titre := range titres {
		p := plat(titre)
		if k, ok := restent[p]; ok && p != "" {
			v := &m.Colonnes[k]
			cols[i] = Colonne{Titre: titre, Balise: v.Balise, Scan: v.Scan, Extra: v.Extra, Lire: v.Lire, Declare: true, force: forceNom + 1}
			if v.Ignorer {
				cols[i].Note = "ignorée par la correspondance"
			}
			delete(restent, p)
			continue
		}
		cols[i] = devinerColonne(connus, entetes[i])
		if cols[i].Titre = titre; cols[i].Extra != "" {
			cols[i].Extra = strings.ToLower(titre) // two of one name both travel
		}
	}
	for _, k := range m.Colonnes {
		if _, reste := restent[plat(k.Titre)]; reste && !k.Ignorer {
			return nil, nil, fmt.Errorf("la correspondance parle d’une colonne « %s », que la liste n’a pas.%s", segur.Visible(k.Titre, 60), vouliezVous(k.Titre, titres))
		}
	}
	qs := departager(cols)
	for b := range m.Constantes {
		for i := range cols {
			if cols[i].Balise == b || cols[i].Entete == b {
				if cols[i].Declare {
					return nil, nil, fmt.Errorf("la correspondance donne à %s une constante et la colonne « %s »", b, cols[i].Titre)
				}
				cols[i] = Colonne{Titre: cols[i].Titre, Note: "remplacée par une constante de la correspondance"}
			}
		}
	}
	return cols, append(qs, questions(jeu, cols, m)...), nil
}

// uniques are headings by which columns can be told apart: the second of two
// that are the same is "Téléphone (2)".
func uniques(entetes []string) []string {
	titres := make([]string, len(entetes))
	fois := make(map[string]int, len(entetes))
	for i, t := range entetes {
		p := plat(t)
		if titres[i] = t; p != "" {
			if fois[p]++; fois[p] > 1 {
				titres[i] = fmt.Sprintf("%s (%d)", t, fois[p])
			}
		}
	}
	return titres
}

func devinerColonne(connus noms, titre string) Colonne {
	p := plat(titre)
	if strings.HasPrefix(strings.ToLower(titre), prefixeExtra) {
		return Colonne{Titre: titre, Extra: strings.ToLower(titre), force: forceNom}
	}
	c := connus.de(titre)
	if c.Titre = titre; c.Utile() || c.Note != "" {
		return c
	}
	if p == plat(TitreMotif) || p == "" {
		return Colonne{Titre: titre, Note: "ignorée"}
	}
	var liste []string
	for n, v := range connus {
		if v.Balise != "" && len(n) > 3 {
			liste = append(liste, n)
		}
	}
	slices.Sort(liste)
	if v := segur.PlusProche(p, liste); v != "" {
		return Colonne{Titre: titre, Note: "titre inconnu, ressemble à " + connus[v].Balise + " : à dire dans la correspondance", proche: connus[v].Balise}
	}
	return Colonne{Titre: titre, Note: "titre inconnu, ignorée"}
}

// departager leaves each leaf one column: the one that is surest. Two that are
// equally sure are a question.
func departager(cols []Colonne) []Question {
	var qs []Question
	parUsage := map[string][]int{}
	var ordre []string
	for i := range cols {
		u := cols[i].Balise + cols[i].Entete + cols[i].Scan + cols[i].Extra
		if u == "" {
			continue
		}
		if parUsage[u] == nil {
			ordre = append(ordre, u)
		}
		parUsage[u] = append(parUsage[u], i)
	}
	for _, u := range ordre {
		is := parUsage[u]
		slices.SortStableFunc(is, func(a, b int) int { return cols[b].force - cols[a].force })
		if len(is) > 1 && cols[is[0]].force == cols[is[1]].force {
			q := Question{Sujet: SujetDouble, Balise: u, Titre: cols[is[0]].Titre, Remede: "Dites laquelle dans la correspondance, et mettez \"ignorer\": true à l’autre."}
			for _, i := range is {
				q.Reponse = append(q.Reponse, cols[i].Titre)
			}
			q.Phrase = fmt.Sprintf("Plusieurs colonnes peuvent remplir %s : « %s ».", u, strings.Join(q.Reponse, " », « "))
			qs = append(qs, q)
		}
		for _, i := range is[1:] {
			cols[i] = Colonne{Titre: cols[i].Titre, Note: "non utilisée : « " + cols[is[0]].Titre + " » remplit " + u}
		}
	}
	return qs
}

// questions lists what is open: an amount of unknown nature is asked only when
// its values make it doubtful, see [liste.lire].
func questions(jeu *segur.Jeu, cols []Colonne, m *Correspondance) []Question {
	var qs []Question
	remplies := map[string]bool{}
	for i := range cols {
		c := &cols[i]
		remplies[c.Balise] = true
		if c.Balise != baliseMontant || c.Lire != "" {
			continue
		}
		p := plat(c.Titre)
		switch {
		case strings.Contains(p, "ttc"):
			qs = append(qs, Question{Sujet: SujetMontant, Titre: c.Titre, Balise: c.Balise, Reponse: []string{string(LireTTC), string(LireHT)},
				Phrase: fmt.Sprintf("La colonne « %s » semble contenir des montants TTC, et le format veut du hors taxe.", c.Titre),
				Remede: "Confirmez la conversion par \"lire\": \"TTC\" dans la correspondance, ou donnez une colonne hors taxe."})
		case c.force >= forceTitre || p == "ht" || strings.HasSuffix(p, "ht") || strings.Contains(p, "horstaxe"):
			c.Note = titreHT
		}
	}
	for i := range jeu.Champs {
		f := &jeu.Champs[i]
		if b := f.Balise(); deLaListe(f) && !f.Facultatif && !remplies[b] && m.Constantes[b] == "" {
			q := Question{Sujet: SujetManque, Balise: b, Phrase: fmt.Sprintf("Aucune colonne ne remplit %s (%s).", b, f.Titre),
				Remede: "Ajoutez la colonne, ou dites dans la correspondance laquelle la remplit, ou donnez une constante."}
			for k := range cols {
				switch c := &cols[k]; {
				case c.Utile() || c.Titre == "":
				case c.proche == b: // the likely one first
					q.Phrase += fmt.Sprintf(" « %s » y ressemble.", segur.Visible(c.Titre, 60))
					q.Reponse = slices.Insert(q.Reponse, 0, c.Titre)
				default:
					q.Reponse = append(q.Reponse, c.Titre)
				}
			}
			qs = append(qs, q)
		}
	}
	return qs
}

// titreHT notes a heading that says "without tax".
const titreHT = "montants hors taxe, d’après le titre"

// TitreMotif heads the column of reasons in the list of what was left out; it
// is not read back.
const TitreMotif = "(motif du rejet)"
