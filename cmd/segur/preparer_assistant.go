//go:build !leger

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/catalogue"
	"guichet.example/segur"
)

// assistant asks on standard error and hears on standard input, so that
// results stay alone on standard output.
type assistant struct {
	*preparation
	lignes *bufio.Reader
}

// rondesMax bounds how often a list is read again: each round answers all
// questions of the last.
const rondesMax = 10

// assister asks what is open, shows what was understood, saves the mapping and
// returns the list as read with it.
func (p *preparation) assister(l *atelier.Lecture, o atelier.OptionsListe) (*atelier.Lecture, error) {
	a := &assistant{preparation: p, lignes: bufio.NewReader(p.entree)}
	if o.Correspondance == nil {
		o.Correspondance = &atelier.Correspondance{}
	}
	m := o.Correspondance
	var err error
	for ronde := 0; ; ronde++ {
		if ronde == rondesMax {
			return nil, usage("les réponses se contredisent : écrivez la correspondance à la main")
		}
		fige(m, l)
		suite, err := a.interroger(m, l)
		if err != nil {
			return nil, err
		}
		if !suite {
			break
		}
		if l, err = atelier.LireListe(p.args[0], o); err != nil {
			return nil, fmt.Errorf("%s : %s", p.args[0], enFrancais(err))
		}
	}
	if err := a.enTete(m, l); err != nil {
		return nil, err
	}
	a.apercu(l)
	if err := a.enregistrer(m); err != nil {
		return nil, err
	}
	p.correspondance = m
	l, err = atelier.LireListe(p.args[0], o)
	return l, err
}

// fige writes into the mapping what was guessed and is not in question.
func fige(m *atelier.Correspondance, l *atelier.Lecture) {
	m.Feuille = l.Table.Feuille
	for i := range l.Colonnes {
		c := &l.Colonnes[i]
		deja := slices.ContainsFunc(m.Colonnes, func(v atelier.ColonneVoulue) bool { return v.Titre == c.Titre })
		doute := slices.ContainsFunc(l.Questions, func(q atelier.Question) bool { return slices.Contains(q.Reponse, c.Titre) || q.Titre == c.Titre })
		if !deja && !doute && c.Utile() && c.Entete == "" {
			m.Colonnes = append(m.Colonnes, atelier.ColonneVoulue{Titre: c.Titre, Balise: c.Balise, Scan: c.Scan, Extra: c.Extra, Lire: c.Lire})
		}
	}
}

// interroger asks every question; it tells whether the list must be read
// again.
func (a *assistant) interroger(m *atelier.Correspondance, l *atelier.Lecture) (bool, error) {
	for _, q := range l.Questions {
		if err := a.demander(m, q); err != nil {
			return false, err
		}
	}
	if len(l.Questions) > 0 {
		return true, nil
	}
	return a.interrogerValeurs(m, l)
}

func (a *assistant) demander(m *atelier.Correspondance, q atelier.Question) error {
	poser := func(v atelier.ColonneVoulue) {
		m.Colonnes = slices.DeleteFunc(m.Colonnes, func(k atelier.ColonneVoulue) bool { return k.Titre == v.Titre })
		m.Colonnes = append(m.Colonnes, v)
	}
	switch q.Sujet {
	case atelier.SujetMontant:
		i, err := a.choisir(q.Phrase, []string{"elle est TTC : convertir en hors taxe, au centime", "elle est hors taxe malgré son titre"})
		if err != nil {
			return err
		}
		poser(atelier.ColonneVoulue{Titre: q.Titre, Balise: q.Balise, Lire: []atelier.Lecteur{atelier.LireTTC, atelier.LireHT}[i]})
	case atelier.SujetDouble:
		i, err := a.choisir(q.Phrase+" Laquelle ?", q.Reponse)
		if err != nil {
			return err
		}
		for k, t := range q.Reponse {
			if k != i {
				poser(atelier.ColonneVoulue{Titre: t, Ignorer: true})
			} else if v := a.voulue(t, q.Balise); v.Titre != "" {
				poser(v)
			}
		}
	case atelier.SujetManque:
		i, err := a.choisir(q.Phrase+" Où la trouver ?", append(slices.Clone(q.Reponse), "la même valeur pour toutes les commandes"))
		if err != nil {
			return err
		}
		if i < len(q.Reponse) {
			poser(atelier.ColonneVoulue{Titre: q.Reponse[i], Balise: q.Balise})
			return nil
		}
		v, err := a.lire("Valeur de " + q.Balise + " : ")
		if err != nil {
			return err
		}
		if m.Constantes == nil {
			m.Constantes = map[string]string{}
		}
		m.Constantes[q.Balise] = v
	}
	return nil
}

// voulue is what a mapping says of a column that was chosen; the zero value for
// one of the header, which is read by its heading.
func (a *assistant) voulue(titre, usage string) atelier.ColonneVoulue {
	f, connu := a.jeu.Champ(usage)
	_, scan := a.jeu.TypePiece(usage)
	switch {
	case scan:
		return atelier.ColonneVoulue{Titre: titre, Scan: usage}
	case strings.HasPrefix(usage, "x_"):
		return atelier.ColonneVoulue{Titre: titre, Extra: usage}
	case connu && f.Balise() == usage && usage != "SIRET" && usage != "numeroAns":
		return atelier.ColonneVoulue{Titre: titre, Balise: usage}
	}
	return atelier.ColonneVoulue{}
}

// interrogerValeurs asks what cells leave open: amounts that may be with tax,
// names to be put in capitals, labels of several operators.
func (a *assistant) interrogerValeurs(m *atelier.Correspondance, l *atelier.Lecture) (bool, error) {
	vus := map[string]bool{}
	for _, k := range l.Constats {
		switch {
		case k.Code == catalogue.MontantTTC && !vus[k.Titre]:
			vus[k.Titre] = true
			i, err := a.choisir(fmt.Sprintf("Colonne « %s », ligne %d : %s", k.Titre, k.Rangee, k.Message), []string{"la colonne est TTC : convertir en hors taxe, au centime", "la colonne est hors taxe"})
			if err != nil {
				return false, err
			}
			lireComme(m, k.Titre, []atelier.Lecteur{atelier.LireTTC, atelier.LireHT}[i])
		case k.Code == catalogue.Operateur && !vus["op:"+k.Valeur]:
			vus["op:"+k.Valeur] = true
			if err := a.demanderOperateur(m, k.Valeur); err != nil {
				return false, err
			}
		}
	}
	for _, c := range l.Corrections {
		if f, ok := a.jeu.Champ(baliseDe(l, c.Titre)); !ok || f.Genre != segur.GenreMajuscules || c.Faite || vus[c.Titre] {
			continue
		}
		vus[c.Titre] = true
		i, err := a.choisir(fmt.Sprintf("Colonne « %s » : des noms sont en minuscules, et l’agence les veut en majuscules.\n    - %s\n    + %s\n  Les mettre en majuscules ?", c.Titre, segur.Visible(c.Avant, 60), segur.Visible(c.Apres, 60)), []string{"oui, toute la colonne", "non, je corrigerai la liste"})
		if err != nil {
			return false, err
		}
		if i == 0 {
			lireComme(m, c.Titre, atelier.LireMajuscules)
		} else {
			delete(vus, c.Titre)
			return false, nil
		}
	}
	return len(vus) > 0, nil
}

func baliseDe(l *atelier.Lecture, titre string) string {
	for i := range l.Colonnes {
		if l.Colonnes[i].Titre == titre {
			return l.Colonnes[i].Balise
		}
	}
	return ""
}

func lireComme(m *atelier.Correspondance, titre string, lire atelier.Lecteur) {
	for i := range m.Colonnes {
		if m.Colonnes[i].Titre == titre {
			m.Colonnes[i].Lire = lire
		}
	}
}

func (a *assistant) demanderOperateur(m *atelier.Correspondance, libelle string) error {
	ops := segur.ChercherOperateurs(libelle, 8)
	var choix []string
	for _, o := range ops {
		choix = append(choix, o.Code+" "+o.Libelle)
	}
	i, err := a.choisir("Opérateur « "+segur.Visible(libelle, 60)+" » : lequel est-ce ?", append(choix, "aucun : ne pas le renseigner"))
	if err != nil {
		return err
	}
	if m.Operateurs == nil {
		m.Operateurs = map[string]string{}
	}
	m.Operateurs[libelle] = ""
	if i < len(ops) {
		m.Operateurs[libelle] = ops[i].Code
	}
	return nil
}

// enTete asks for the numbers that every file begins with, until they can be
// right: a mapping that keeps a wrong one would be refused each time.
func (a *assistant) enTete(m *atelier.Correspondance, l *atelier.Lecture) error {
	for {
		demandes := 0
		lu := map[string]string{}
		for _, cle := range []string{"numeroAns", "SIRET"} {
			if lu[cle] = l.Entete[cle]; lu[cle] != "" {
				continue
			}
			f, _ := a.jeu.Champ(cle)
			v, err := a.lire(f.Titre + " (" + atelier.AttenduListe(f) + ") : ")
			if err != nil {
				return err
			}
			lu[cle] = strings.Join(strings.Fields(v), "")
			demandes++
		}
		o := &atelier.Cadre{Jeu: a.jeu, Jour: a.jour, Entete: atelier.Entete{NumeroAns: lu["numeroAns"], SIRET: lu["SIRET"]}}
		_, err := atelier.Controler(o, nil)
		if err != nil && demandes > 0 {
			fmt.Fprintln(a.erreur, err)
			continue
		}
		for cle, v := range lu {
			if l.Entete[cle] == "" {
				if m.Constantes == nil {
					m.Constantes = map[string]string{}
				}
				m.Constantes[cle] = v
			}
		}
		return nil
	}
}

// apercu shows the first orders as they will be written.
func (a *assistant) apercu(l *atelier.Lecture) {
	fmt.Fprintln(a.erreur, "\nAperçu des premières commandes :")
	for i := range l.Commandes[:min(3, len(l.Commandes))] {
		fmt.Fprintf(a.erreur, "  ligne %d\n", l.Commandes[i].Source.Ligne)
		for k := range l.Colonnes {
			if c := &l.Colonnes[k]; c.Balise != "" {
				fmt.Fprintf(a.erreur, "    %-45s %-24s → %s\n", c.Balise, segur.Visible(l.Table.Lignes[i].Cellules[k], 24), segur.Visible(l.Commandes[i].Valeur(a.jeu, c.Balise), 40))
			}
		}
	}
}

// enregistrer saves the mapping where the line says, or beside the list.
func (a *assistant) enregistrer(m *atelier.Correspondance) error {
	chemin := a.valeur("correspondance")
	if chemin == "" {
		chemin = filepath.Join(filepath.Dir(a.args[0]), "correspondance.json")
	}
	i, err := a.choisir("Enregistrer la correspondance dans "+chemin+" ?", []string{"oui", "non"})
	if err != nil || i == 1 {
		return err
	}
	octets, err := m.Ecrire()
	if err != nil {
		return err
	}
	if err := ecrireAtomique(chemin, octets); err != nil {
		return err
	}
	fmt.Fprintf(a.erreur, "Enregistrée. La prochaine fois : segur preparer %s --correspondance %s\n", a.args[0], chemin)
	return nil
}

// choisir asks for one of several answers, by its number.
func (a *assistant) choisir(phrase string, choix []string) (int, error) {
	fmt.Fprintf(a.erreur, "\n? %s\n", phrase)
	for i, c := range choix {
		fmt.Fprintf(a.erreur, "  %d. %s\n", i+1, c)
	}
	for {
		v, err := a.lire(fmt.Sprintf("Votre choix (1 à %d) : ", len(choix)))
		if err != nil {
			return 0, err
		}
		if n, err := strconv.Atoi(v); err == nil && n >= 1 && n <= len(choix) {
			return n - 1, nil
		}
		fmt.Fprintf(a.erreur, "« %s » n’est pas un nombre de 1 à %d.\n", segur.Visible(v, 20), len(choix))
	}
}

// lire reads one answer that is not empty.
func (a *assistant) lire(invite string) (string, error) {
	for {
		_, _ = io.WriteString(a.erreur, invite)
		ligne, err := a.lignes.ReadString('\n')
		if v := strings.TrimSpace(ligne); v != "" {
			return v, nil
		}
		if errors.Is(err, io.EOF) {
			return "", usage("l’assistant attend une réponse et l’entrée est finie ; rien n’a été écrit")
		}
		if err != nil {
			return "", err
		}
	}
}
