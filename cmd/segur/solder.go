//go:build !leger

package main

import (
	"errors"
	"path/filepath"
	"slices"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/rendu"
	"guichet.example/internal/atelier/reprise"
	"guichet.example/internal/atelier/solde"
	"guichet.example/internal/atelier/suivi"
	"guichet.example/segur"
)

// solder is the command: the list to fill in, or the balance files made of the
// filled one, by the same steps as "segur preparer".
func solder(c *contexte) error {
	p := &preparation{contexte: c, barre: c.nouvelleBarre(), dossier: c.valeur("dossier")}
	var err error
	if p.jour, err = c.jour(); err != nil {
		return err
	}
	if p.jeu, err = segur.JeuPour(segur.Solde, p.jour); err != nil {
		return usage("%v", err)
	}
	if err := c.formeSoldables(); err != nil {
		return err
	}
	ss, err := p.soldables()
	if err != nil {
		return err
	}
	if c.oui("modele") {
		return p.modeleSolde(ss)
	}
	if c.oui("soldables") {
		return c.ecrireSoldables(ss)
	}
	if len(c.args) == 0 {
		return usage("il manque la liste des soldes. « segur solder --modele > soldes.csv » l’écrit avec tout ce que le registre sait ; remplissez les factures, puis : segur solder soldes.csv --scans DOSSIER")
	}
	if err := p.lireCorrespondance(); err != nil {
		return err
	}
	if err := p.destinationSolde(); err != nil {
		return err
	}
	return p.soldesDe(ss)
}

// soldables judges the advances of the ledger.
func (p *preparation) soldables() (ss []suivi.Soldable, err error) {
	limite, err := p.limite()
	if err != nil {
		return nil, err
	}
	r, err := p.lireRegistre(p.dossier)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Fermer()) }()
	return suivi.Soldables(r, p.jour, limite), nil
}

// modeleSolde writes the list to fill in.
func (p *preparation) modeleSolde(ss []suivi.Soldable) (err error) {
	r, err := p.lireRegistre(p.dossier)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Fermer()) }()
	octets, n, err := solde.Modele(r, p.jeu, ss)
	if err != nil {
		return err
	}
	if n == 0 {
		p.prevenir("aucun solde ne peut être demandé aujourd’hui ; « segur suivre --soldables » dit pourquoi")
	}
	_, err = p.sortie.Write(octets)
	return err
}

func (p *preparation) destinationSolde() (err error) {
	if p.vers = p.valeur("vers"); p.vers == "" {
		p.vers, err = reprise.Libre(filepath.Join(p.dossier, "soldes-"+p.jour.ISO()), "")
		return err
	}
	if err := atelier.VerifierDestination(p.vers); err != nil {
		return usage("--vers : %s", enFrancais(err))
	}
	return nil
}

// soldesDe reads the filled list, judges it and writes.
func (p *preparation) soldesDe(ss []suivi.Soldable) error {
	l, err := p.lireListe()
	if err != nil {
		return err
	}
	b := &rendu.Bilan{Outil: segur.Outil{Nom: "segur", Version: version}, Jeu: p.jeu, Jour: p.jour, Lecture: l, Partiel: p.oui("partiel"),
		SansScan: p.valeur("scans") == "", Couleur: p.couleur(), Largeur: p.largeur, Quiet: p.oui("quiet")}
	if len(l.Questions) > 0 || len(l.Commandes) == 0 {
		return p.rendre(b)
	}
	es := solde.Reunir(l, p.jeu, ss)
	e, err := solde.Entete(l, es, ss)
	if err != nil {
		return usage("%s : %v", p.args[0], err)
	}
	if e == (atelier.Entete{}) {
		for _, x := range es { // not one row can be claimed: no header to judge them by
			b.Constats = append(b.Constats, x.Constat())
		}
		return p.rendre(b)
	}
	o := &atelier.Cadre{Jeu: p.jeu, Jour: p.jour, Outil: b.Outil, Avancer: p.barre.avancer, Entete: e}
	if err := p.juger(o, b); err != nil {
		return err
	}
	for _, x := range es {
		b.Constats = append(b.Constats, x.Constat())
	}
	slices.SortStableFunc(b.Constats, func(x, y atelier.Constat) int { return x.Rang - y.Rang })
	bonnes, _ := atelier.Ecarter(l.Commandes, b.Constats)
	if len(bonnes) == 0 || len(bonnes) < len(l.Commandes) && !b.Partiel {
		return p.rendre(b)
	}
	if err := p.ecrire(o, b, bonnes); err != nil {
		return err
	}
	return p.rendre(b)
}
