//go:build !leger

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"guichet.example/internal/api/client"
	"guichet.example/internal/atelier/envoi"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/suivi"
	"guichet.example/segur"
)

// suivre is the command: the ledger, brought up to date by the portal when one
// is named, then the table.
func suivre(c *contexte) (err error) {
	jour, err := c.jour()
	if err != nil {
		return err
	}
	limite, err := c.limite()
	if err != nil {
		return err
	}
	f, err := c.filtreSuivi()
	if err != nil {
		return err
	}
	if err := c.formeSoldables(); err != nil {
		return err
	}
	if c.valeur("sortie") == "xlsx" && c.terminal {
		return usage("un classeur ne s’affiche pas dans un terminal : segur suivre --sortie xlsx > suivi.xlsx")
	}
	r, ecarts, err := c.registreSuivi()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Fermer()) }()
	if c.oui("soldables") {
		return c.ecrireSoldables(suivi.Soldables(r, jour, limite))
	}
	w := bufio.NewWriter(c.sortie)
	err = c.direSuivi(w, suivi.Lignes(r, f), jour, ecarts)
	return errors.Join(err, w.Flush())
}

// ecrireSoldables writes which balances can be claimed, for this command and
// for "segur solder".
func (c *contexte) ecrireSoldables(ss []suivi.Soldable) error {
	w := bufio.NewWriter(c.sortie)
	err := c.direSoldables(w, ss, c.valeur("limite") != "")
	return errors.Join(err, w.Flush())
}

// formeSoldables refuses the form that the list of balances does not have,
// before anything is read.
func (c *contexte) formeSoldables() error {
	if c.oui("soldables") && c.valeur("sortie") == "html" {
		return usage("--soldables n’a pas de forme html ; formes admises : texte, csv, xlsx, json")
	}
	return nil
}

// limite is the day of --limite; the zero day = none.
func (c *contexte) limite() (segur.Jour, error) {
	v := c.valeur("limite")
	if v == "" {
		return segur.Jour{}, nil
	}
	j, err := segur.LireJour(v)
	if err != nil {
		return j, usage("--limite : %v", err)
	}
	return j, nil
}

// filtreSuivi reads the filters; a status that does not exist is a mistake,
// not an empty table.
func (c *contexte) filtreSuivi() (suivi.Filtre, error) {
	f := suivi.Filtre{Statuts: c.valeurs["statut"], Type: segur.TypeDemande(c.valeur("type")), Acteur: c.valeur("acteur"), Texte: c.valeur("cherche"), Depot: c.valeur("fichier")}
	var connus []string
	for _, e := range suivi.Etats() {
		connus = append(connus, e.Statut)
	}
	for _, s := range f.Statuts {
		if e := suivi.EtatDe(s); e.Libelle == segur.Visible(s, 40) {
			return f, usage("--statut vaut « %s » ; statuts connus : %s.%s", s, strings.Join(connus, ", "), suggestion(s, connus))
		}
	}
	return f, nil
}

// registreSuivi opens the ledger: to read, or to note what the portal says, and
// then tells where the two do not agree.
func (c *contexte) registreSuivi() (*registre.Registre, *suivi.Ecarts, error) {
	dossier := c.valeur("dossier")
	if c.valeur("portail") == "" && c.variable(variablePortail) == "" {
		r, err := c.lireRegistre(dossier)
		return r, nil, err
	}
	p, err := c.portail()
	if err != nil {
		return nil, nil, err
	}
	r, err := c.ouvrirRegistre(dossier, false)
	if err != nil {
		return nil, nil, err
	}
	ctx, arreter := interruptible()
	defer arreter()
	e, err := c.releverPortail(ctx, p, r)
	if err != nil {
		return nil, nil, errors.Join(err, r.Fermer())
	}
	return r, e, nil
}

// releverPortail notes the state of every request of the account, once the
// returned files that an earlier run could not fetch are read: without them
// nothing tells which requests are ours.
func (c *contexte) releverPortail(ctx context.Context, p *client.Client, r *registre.Registre) (*suivi.Ecarts, error) {
	var lus []registre.StatutPortail
	b := c.nouvelleBarre()
	defer b.effacer()
	inconnus, err := envoi.LireRetours(ctx, p, r)
	if err != nil {
		return nil, err
	}
	err = p.Demandes(ctx, "", func(d client.Demande) error {
		lus = append(lus, registre.StatutPortail{NumeroASP: d.NumeroASP, NumeroEditeur: d.NumeroEditeur, Type: d.Type, Statut: d.Statut, ProchainActeur: d.ProchainActeur,
			Echeance: d.Echeance, PiecesManquantes: d.PiecesManquantes, Montants: registre.Montants(d.Montants)})
		b.avancer(fmt.Sprintf("portail : %d demandes lues", len(lus)), 0, -1)
		return nil
	})
	if err != nil {
		return nil, err
	}
	v, err := r.NoterStatuts(p.Adresse(), lus)
	if err != nil {
		return nil, err
	}
	b.effacer()
	if !c.oui("quiet") {
		c.prevenir("%d demandes au portail, %d ont changé depuis le dernier relevé", len(lus), v.Nouveaux)
	}
	c.direEcarts(&v, inconnus)
	e := &suivi.Ecarts{Inconnus: inconnus}
	for i := range v.Autres {
		e.Autres = append(e.Autres, v.Autres[i].Portail.NumeroEditeur)
	}
	for _, d := range v.Absentes {
		e.Absentes = append(e.Absentes, d.NumeroEditeur)
	}
	return e, nil
}

// direEcarts says where the portal and the ledger do not agree, asked to be
// quiet or not: nothing of it is in the table, and only JSON has it besides.
func (c *contexte) direEcarts(v *registre.Releve, inconnus []string) {
	citer := func(n int, un func(i int) string) string {
		var mots []string
		for i := range min(n, 3) {
			mots = append(mots, un(i))
		}
		s := strings.Join(mots, ", ")
		if n > 3 {
			s += fmt.Sprintf(" et %d de plus", n-3)
		}
		return s
	}
	if n := len(v.Autres); n > 0 {
		c.prevenir("au portail, des demandes portent un numéro de ce registre et ne sont pas les siennes (%d) : %s. Un autre registre, ou une copie de celui-ci, a utilisé ces numéros ; leur état n’a pas été repris. "+
			"Pour les comparer : segur registre verifier AUTRE-REGISTRE. Une demande préparée sous un tel numéro sera refusée au dépôt, et « segur reprendre » lui en donnera un neuf",
			n, citer(n, func(i int) string {
				a := &v.Autres[i]
				return fmt.Sprintf("%s (au portail %s ; ici %s)", segur.Visible(a.Portail.NumeroEditeur, 20), segur.Visible(a.Portail.NumeroASP, 40), situation(a.Demande))
			}))
	}
	if n := len(v.Absentes); n > 0 {
		c.prevenir("le portail ne liste pas des demandes que le registre y sait déposées (%d) : %s. Vérifiez que l’adresse et le jeton sont ceux du compte qui les a déposées ; leur dernier état connu reste affiché",
			n, citer(n, func(i int) string { return v.Absentes[i].NumeroEditeur + " (" + situation(v.Absentes[i]) + ")" }))
	}
	if n := len(inconnus); n > 0 {
		c.prevenir("le portail ne connaît pas des dépôts que le registre dit envoyés (%d) : %s. Vérifiez l’adresse et le jeton, puis relancez « segur deposer » sur leur dossier",
			n, citer(n, func(i int) string { return inconnus[i] }))
	}
}

// situation is where the ledger has a request, in a few words.
func situation(d *registre.Demande) string {
	s := "« " + suivi.EtatDe(d.Statut()).Libelle + " »"
	if d.NumeroASP != "" {
		s += ", " + segur.Visible(d.NumeroASP, 40)
	}
	return s
}

// direSuivi writes the table of requests in the form asked for.
func (c *contexte) direSuivi(w io.Writer, ls []suivi.Ligne, jour segur.Jour, e *suivi.Ecarts) error {
	b, t := suivi.Faire(ls), suivi.Table(ls)
	switch forme := c.valeur("sortie"); forme {
	case "html":
		return suivi.EcrireHTML(w, jour.String(), &b, t)
	case "json":
		_, err := w.Write(append(suivi.AppendJSON(nil, jour, &b, t, e), '\n'))
		return err
	case "texte":
		if !c.oui("quiet") || len(ls) > 0 {
			if err := t.Texte(w); err != nil {
				return err
			}
		}
		return c.direBilan(w, &b)
	default:
		return t.Ecrire(w, forme)
	}
}

func (c *contexte) direBilan(w io.Writer, b *suivi.Bilan) error {
	if c.oui("quiet") || len(b.ParStatut) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	for _, k := range b.Comptes() {
		if _, err := fmt.Fprintf(w, "%18s  %s\n", k.Valeur, k.Libelle); err != nil {
			return err
		}
	}
	for _, e := range b.ParStatut {
		if e.Acteur == "fournisseur" && e.Action != "" {
			if _, err := fmt.Fprintf(w, "À faire : %d « %s » → %s\n", e.Nombre, e.Libelle, e.Action); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *contexte) direSoldables(w io.Writer, ss []suivi.Soldable, limite bool) error {
	if err := suivi.TableSoldables(ss, limite).Ecrire(w, c.valeur("sortie")); err != nil {
		return err
	}
	if c.valeur("sortie") != "texte" || c.oui("quiet") {
		return nil
	}
	n, total := 0, segur.Montant(0)
	for i := range ss {
		if ss[i].Oui {
			n++
			total += ss[i].Montants.Solde
		}
	}
	phrase := "solde peut être demandé"
	if n > 1 {
		phrase = "soldes peuvent être demandés"
	}
	_, err := fmt.Fprintf(w, "\n%d %s aujourd’hui, pour %s.\n", n, phrase, total.Francais())
	return err
}
