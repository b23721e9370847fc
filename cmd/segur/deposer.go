//go:build !leger

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"guichet.example/internal/atelier/envoi"
	"guichet.example/internal/atelier/registre"
)

// deposer is the command: it sends file after file, and tells of each as soon
// as it is known.
func deposer(c *contexte) (err error) {
	jour, err := c.jour()
	if err != nil {
		return err
	}
	fichiers, err := envoi.Rassembler(c.args)
	if err != nil {
		return err
	}
	p, err := c.portail()
	if err != nil {
		return err
	}
	reg, err := c.registreDepot()
	if err != nil {
		return err
	}
	if reg != nil {
		defer func() { err = errors.Join(err, reg.Fermer()) }()
	}
	ctx, arreter := interruptible()
	defer arreter()
	b := c.nouvelleBarre()
	x := &envoi.Expediteur{Portail: p, Registre: reg, Remplacer: ecrireAtomique, Partiel: c.oui("partiel"), Redater: c.oui("redater"), Corriger: c.oui("corriger"), Jour: jour}
	if chemin := c.valeur("certificat"); chemin != "" {
		if x.Certificat, err = envoi.LireCertificat(chemin); err != nil {
			return usage("--certificat %s : %s", chemin, enFrancais(err))
		}
	}
	if x.Redater && reg == nil {
		return usage("--redater a besoin du registre, qui tient les numéros de fichier : donnez son dossier par --registre")
	}
	rs, echec := c.envoyerTout(ctx, x, fichiers, b)
	if err := c.direDepots(rs); err != nil {
		return err
	}
	if echec != nil {
		return fmt.Errorf("%w. Relancez la même commande : rien ne sera déposé deux fois, seul ce qui manque sera envoyé", echec)
	}
	for _, r := range rs {
		if r.Refuse() {
			return statut(statutRefuse)
		}
	}
	return nil
}

// envoyerTout stops at the first failure of the tool: what follows would most
// likely meet it too.
func (c *contexte) envoyerTout(ctx context.Context, x *envoi.Expediteur, fichiers []envoi.Fichier, b *barre) ([]*envoi.Resultat, error) {
	var rs []*envoi.Resultat
	for i := range fichiers {
		f := &fichiers[i]
		x.Progres = func(e envoi.Etape, fait, total int64) {
			b.avancer(fmt.Sprintf("%s (%d/%d) : %s", f.Nom, i+1, len(fichiers), e), fait, total)
		}
		r, err := x.Envoyer(ctx, f)
		b.effacer()
		if r != nil && (err == nil || r.Depot != "") {
			rs = append(rs, r)
		}
		if err != nil {
			return rs, fmt.Errorf("%s : %s", f.Nom, situe(err))
		}
	}
	return rs, nil
}

// registreDepot opens the ledger of what is sent; nil when there is none,
// which is said.
func (c *contexte) registreDepot() (*registre.Registre, error) {
	if d := c.valeur("registre"); d != "" {
		return c.ouvrirRegistre(d, false)
	}
	if d, ok := trouverRegistre(c.args[0]); ok {
		return c.ouvrirRegistre(d, false)
	}
	if !c.oui("quiet") {
		c.prevenir("pas de registre près de %s : le dépôt se fait sans lui (--registre DOSSIER en désigne un)", c.args[0])
	}
	return nil, nil
}

// direDepots prints the results in the form asked for.
func (c *contexte) direDepots(rs []*envoi.Resultat) error {
	w := bufio.NewWriter(c.sortie)
	if c.valeur("sortie") == "json" {
		if _, err := w.Write(append(envoi.AppendJSON(nil, rs), '\n')); err != nil {
			return err
		}
		return w.Flush()
	}
	for _, r := range rs {
		if !c.oui("quiet") || r.Refuse() {
			if _, err := w.WriteString(r.Texte()); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}
