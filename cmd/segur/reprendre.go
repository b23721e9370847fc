//go:build !leger

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/rendu"
	"guichet.example/internal/atelier/reprise"
	"guichet.example/segur"
)

// reprendreRun is one run of "segur reprendre".
type reprendreRun struct {
	*contexte
	jour      segur.Jour
	reg       *registre.Registre
	barre     *barre
	lus       []*reprise.Lu
	refusees  []*reprise.Refusee
	deja      []string // corrections applied before
	preparees []reprise.Preparee
	aCorriger []string // lists that were written
}

// reprendre is the command: returned files into the ledger, refusals
// explained, what can go again prepared, what cannot listed to be corrected.
func reprendre(c *contexte) (err error) {
	k := &reprendreRun{contexte: c, barre: c.nouvelleBarre()}
	if _, err := os.Stat(filepath.Join(k.dossier(), registre.NomRegistre)); err != nil && len(c.args) == 0 && c.valeur("corrections") == "" {
		return usage("il manque le fichier retour, et il n’y a pas de registre dans %s. Usage : segur reprendre RETOUR… ; ou les lignes corrigées : segur reprendre --corrections FICHIER ; ou, dans le dossier du registre, segur reprendre : ce que « segur deposer » y a lu", k.dossier())
	}
	if k.jour, err = c.jour(); err != nil {
		return err
	}
	retours, err := retoursDe(c.args)
	if err != nil {
		return err
	}
	if k.reg, err = c.ouvrirRegistre(k.dossier(), false); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.reg.Fermer()) }()
	for _, chemin := range retours {
		lu, err := reprise.Lire(k.reg, chemin)
		if err != nil {
			return fmt.Errorf("%s : %s", chemin, enFrancais(err))
		}
		k.lus = append(k.lus, lu)
	}
	if k.refusees, err = reprise.Refusees(k.reg, k.jour); err != nil {
		return err
	}
	if err := k.appliquerCorrections(); err != nil {
		return err
	}
	if !c.oui("plan") {
		if err := k.preparer(); err != nil {
			return err
		}
	}
	if err := k.dire(); err != nil {
		return err
	}
	if slices.ContainsFunc(k.refusees, func(x *reprise.Refusee) bool { return !x.Prete }) {
		return statut(statutRefuse)
	}
	return nil
}

// dossier is the working folder: named, or that of the first returned file.
func (k *reprendreRun) dossier() string {
	if d := k.valeur("dossier"); d != "" {
		return d
	}
	depuis := k.valeur("corrections")
	if len(k.args) > 0 {
		depuis = k.args[0]
	}
	if d, ok := trouverRegistre(depuis); ok {
		return d
	}
	return "."
}

// retoursDe lists returned files: files given, and those that "segur deposer"
// has put into folders.
func retoursDe(chemins []string) ([]string, error) {
	var rs []string
	for _, c := range chemins {
		info, err := os.Stat(c)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			rs = append(rs, c)
			continue
		}
		la, err := os.ReadDir(c)
		if err != nil {
			return nil, err
		}
		n := len(rs)
		for _, d := range la {
			if d.Type().IsRegular() && filepath.Ext(d.Name()) == ".retour" {
				rs = append(rs, filepath.Join(c, d.Name()))
			}
		}
		if len(rs) == n {
			return nil, fmt.Errorf("%s : aucun fichier .retour dans ce dossier ; donnez le fichier retour lui-même", c)
		}
	}
	return rs, nil
}

// appliquerCorrections reads the corrected rows, type by type as they come.
func (k *reprendreRun) appliquerCorrections() error {
	chemin := k.valeur("corrections")
	if chemin == "" {
		return nil
	}
	genre := segur.Avance
	if len(k.refusees) > 0 && !slices.ContainsFunc(k.refusees, func(x *reprise.Refusee) bool { return x.Type == segur.Avance }) {
		genre = segur.Solde
	}
	jeu, err := segur.JeuPour(genre, k.jour)
	if err != nil {
		return usage("%v", err)
	}
	l, err := atelier.LireListe(chemin, atelier.OptionsListe{Jeu: jeu})
	if err != nil {
		return fmt.Errorf("%s : %s", chemin, enFrancais(err))
	}
	if len(l.Questions) > 0 || atelier.Refuse(l.Constats) {
		return k.refuserListe(jeu, l)
	}
	if dossier := k.valeur("scans"); dossier != "" {
		if err := apparierCorrections(dossier, jeu, l); err != nil {
			return err
		}
	}
	if k.deja, err = reprise.Appliquer(k.reg, k.refusees, l, k.jour); err != nil {
		return usage("%s : %v", chemin, err)
	}
	return nil
}

// refuserListe reports the cells of a list of corrections that cannot be read;
// nothing is prepared then.
func (k *reprendreRun) refuserListe(jeu *segur.Jeu, l *atelier.Lecture) error {
	b := &rendu.Bilan{Outil: segur.Outil{Nom: "segur", Version: version}, Jeu: jeu, Jour: k.jour, Lecture: l, Constats: l.Constats, Largeur: k.largeur, Quiet: k.oui("quiet")}
	if err := rendu.Ecrire(k.valeur("sortie"), k.sortie, b); err != nil {
		return err
	}
	return statut(statutRefuse)
}

// apparierCorrections looks for the scans of corrected rows; those that are
// not in the folder are the originals of the ledger.
func apparierCorrections(dossier string, jeu *segur.Jeu, l *atelier.Lecture) error {
	scans, err := atelier.OuvrirScans(dossier)
	if err != nil {
		return fmt.Errorf("--scans %s", situe(err))
	}
	return scans.Apparier(jeu, l, nil)
}

// preparer writes the folders of what is ready and the lists of what is not.
func (k *reprendreRun) preparer() error {
	pdf, fermer := k.lecteurPDF()
	defer fermer()
	ctx, arreter := interruptible()
	defer arreter()
	p := &reprise.Preparation{Registre: k.reg, Jour: k.jour, Outil: segur.Outil{Nom: "segur", Version: version}, PDF: pdf, Vers: k.valeur("vers"), Avancer: k.barre.avancer}
	var err error
	k.preparees, err = p.Preparer(ctx, k.refusees)
	k.barre.effacer()
	if err != nil {
		return fmt.Errorf("%s ; ce qui n’est pas préparé pourra l’être en relançant la même commande", situe(err))
	}
	restent := slices.DeleteFunc(slices.Clone(k.refusees), func(x *reprise.Refusee) bool { return x.Prete })
	return reprise.ParGroupe(restent, k.jour, func(g reprise.Groupe, rs []*reprise.Refusee) error {
		return k.lister(reprise.ACorriger(g.Jeu, rs))
	})
}

// lister writes a list of corrections beside the ledger, unless the same one
// is there: what a person has begun to correct is never written over.
func (k *reprendreRun) lister(octets []byte) error {
	base := filepath.Join(k.reg.Dossier(), "a-corriger-"+k.jour.ISO())
	deja, err := filepath.Glob(base + "*.csv")
	if err != nil {
		return err
	}
	for _, chemin := range deja {
		if b, err := os.ReadFile(chemin); err == nil && bytes.Equal(b, octets) {
			k.aCorriger = append(k.aCorriger, chemin)
			return nil
		}
	}
	chemin, err := reprise.Libre(base, ".csv")
	if err != nil {
		return err
	}
	k.aCorriger = append(k.aCorriger, chemin)
	return ecrireAtomique(chemin, octets)
}
