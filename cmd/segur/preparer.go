//go:build !leger

package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/rendu"
	"guichet.example/segur"
)

// memoireVisee is the memory above which garbage is collected, and never
// before: 20,000 orders without scans end before it, and with scans stay under
// 200 MiB.
const memoireVisee = 150 << 20

// preparation is one run of "segur preparer".
type preparation struct {
	*contexte
	jeu            *segur.Jeu
	jour           segur.Jour
	correspondance *atelier.Correspondance
	vers, dossier  string // of the deposit, of the ledger
	barre          *barre
}

// preparer is the command: it reads, controls, plans and writes, in that
// order, and reports in the form asked for.
func preparer(c *contexte) error {
	if c.valeur("type") == "solde" {
		return usage("les soldes se préparent depuis le registre, sans liste à recopier : « segur solder »")
	}
	jeu, err := c.jeuDemande()
	if err != nil {
		return err
	}
	if c.valeur("modele") != "" {
		return c.modeleListe(jeu)
	}
	if len(c.args) == 0 {
		return usage("il manque la liste des commandes (CSV ou XLSX). Usage : segur preparer LISTE --scans DOSSIER ; « segur preparer --modele=xlsx > commandes.xlsx » en écrit une à remplir")
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(memoireVisee)
	p := &preparation{contexte: c, jeu: jeu, barre: c.nouvelleBarre()}
	if p.jour, err = c.jour(); err != nil {
		return err
	}
	if err := p.lireCorrespondance(); err != nil {
		return err
	}
	p.situer()
	if !c.oui("plan") {
		// Known before the work rather than after it.
		if err := atelier.VerifierDestination(p.vers); err != nil {
			return usage("--vers : %s", enFrancais(err))
		}
		if err := p.acheverDabord(); err != nil {
			return err
		}
	}
	return p.derouler()
}

// acheverDabord gives the folder of a preparation that was killed at its very
// end its name, and stops there: the same command again would prepare the same
// orders twice.
func (p *preparation) acheverDabord() (err error) {
	caches := append(atelier.Inacheves(p.dossier), atelier.Inacheves(filepath.Dir(filepath.Clean(p.vers)))...)
	if _, err := os.Stat(filepath.Join(p.dossier, registre.NomRegistre)); err != nil || len(caches) == 0 {
		return nil //nolint:nilerr // no ledger yet: nothing can wait for its end
	}
	r, err := registre.Ouvrir(p.dossier, p.optionsRegistre())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Fermer()) }()
	p.direAvis(r)
	publie, err := atelier.Achever(r)
	if err == nil && publie != "" {
		err = fmt.Errorf("la préparation précédente avait été interrompue juste avant sa fin ; elle était complète et son dossier est %s. Rien d’autre n’a été préparé : déposez-le par « segur deposer %s », ou relancez cette commande pour préparer aussi cette liste", publie, publie)
	}
	return err
}

// situer chooses the folders: the ledger is the one at or above the deposit,
// where "segur deposer" looks for it.
func (p *preparation) situer() {
	p.vers, p.dossier = p.valeur("vers"), p.valeur("dossier")
	if p.dossier == "" {
		p.dossier = "."
		if p.vers != "" {
			p.dossier = filepath.Dir(filepath.Clean(p.vers))
		}
		if d, ok := trouverRegistre(p.dossier); ok {
			p.dossier = d
		}
	}
	if p.vers != "" {
		return
	}
	base := filepath.Join(p.dossier, "depot-"+p.jour.ISO())
	p.vers = base
	for n := 2; ; n++ {
		if _, err := os.Lstat(p.vers); err != nil {
			return
		}
		p.vers = base + "-" + strconv.Itoa(n)
	}
}

// derouler is the work, step by step.
func (p *preparation) derouler() error {
	l, err := p.lireListe()
	if err != nil {
		return err
	}
	b := &rendu.Bilan{Outil: segur.Outil{Nom: "segur", Version: version}, Jeu: p.jeu, Jour: p.jour, Lecture: l, Partiel: p.oui("partiel"),
		SansScan: p.valeur("scans") == "", Couleur: p.couleur(), Largeur: p.largeur, Quiet: p.oui("quiet")}
	if len(l.Questions) > 0 || len(l.Commandes) == 0 {
		return p.rendre(b)
	}
	durcis, err := p.durcis(p.jeu, p.jour)
	if err != nil {
		return err
	}
	o := &atelier.Cadre{Jeu: p.jeu, Jour: p.jour, Outil: b.Outil, Durcis: durcis, Avancer: p.barre.avancer,
		Entete: atelier.Entete{NumeroAns: l.Entete["numeroAns"], SIRET: l.Entete["SIRET"]}}
	if err := p.juger(o, b); err != nil {
		return err
	}
	bonnes, _ := atelier.Ecarter(l.Commandes, b.Constats)
	if len(bonnes) == 0 || len(bonnes) < len(l.Commandes) && !b.Partiel {
		return p.rendre(b)
	}
	if p.oui("plan") {
		err = p.montrer(o, b, bonnes)
	} else {
		err = p.ecrire(o, b, bonnes)
	}
	if err != nil {
		return err
	}
	return p.rendre(b)
}

// juger finds scans and runs every control.
func (p *preparation) juger(o *atelier.Cadre, b *rendu.Bilan) error {
	l := b.Lecture
	var scans *atelier.Scans
	if dossier := p.valeur("scans"); dossier == "" {
		atelier.DeclarerPieces(p.jeu, l.Commandes)
	} else {
		var err error
		if scans, err = atelier.OuvrirScans(dossier); err != nil {
			return fmt.Errorf("--scans %s", situe(err))
		}
		if err := scans.Apparier(p.jeu, l, p.correspondance); err != nil {
			return usage("%v", err)
		}
		b.Inutiles = scans.Inutilises()
	}
	deja, err := p.dejaPreparees(l)
	if err != nil {
		return err
	}
	ks, err := atelier.Controler(o, l.Commandes)
	if err != nil {
		return usage("%v", err)
	}
	pdf, fermer := p.lecteurPDF()
	defer fermer()
	ctx, arreter := interruptible()
	defer arreter()
	ps, err := atelier.ControlerPieces(ctx, o, l.Commandes, pdf)
	p.barre.effacer()
	if err != nil {
		return fmt.Errorf("%s ; rien n’a été écrit", situe(err))
	}
	b.Constats = l.Reunir(p.jeu, deja, ks, ps)
	return nil
}

// dejaPreparees warns of orders that the ledger has already.
func (p *preparation) dejaPreparees(l *atelier.Lecture) ([]atelier.Constat, error) {
	r, err := registre.Lire(p.dossier, p.optionsRegistre())
	if errors.Is(err, registre.ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return l.DejaPreparees(p.jeu, r.Demandes()), nil
}

// montrer plans with the numbers that the ledger would give.
func (p *preparation) montrer(o *atelier.Cadre, b *rendu.Bilan, cs []atelier.Commande) error {
	r, err := registre.Lire(p.dossier, p.optionsRegistre())
	if errors.Is(err, registre.ErrAbsent) {
		r, err = new(registre.Registre), nil
	}
	if err != nil {
		return err
	}
	b.Plan, err = atelier.Planifier(o, cs, r.Apercu())
	return err
}

// ecrire takes numbers from the ledger and writes the deposit.
func (p *preparation) ecrire(o *atelier.Cadre, b *rendu.Bilan, cs []atelier.Commande) (err error) {
	if err := os.MkdirAll(p.dossier, 0o755); err != nil {
		return err
	}
	r, err := p.ouvrirRegistre(p.dossier, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Fermer()) }()
	if b.Plan, err = atelier.Planifier(o, cs, r); err != nil {
		return err
	}
	if len(cs) < len(b.Lecture.Commandes) {
		b.Plan.Annexes = map[string][]byte{atelier.NomACorriger: b.Lecture.Ecartees(b.Constats)}
	}
	ctx, arreter := interruptible()
	defer arreter()
	_, err = b.Plan.Ecrire(ctx, p.vers, r)
	p.barre.effacer()
	if err != nil {
		return fmt.Errorf("%s ; rien n’est préparé, le registre est intact, les numéros réservés pour cet essai ne resserviront pas", situe(err))
	}
	b.Dossier = p.vers
	return nil
}

// rendre prints the report; its verdict is the exit status.
func (p *preparation) rendre(b *rendu.Bilan) error {
	p.barre.effacer()
	sortie := bufio.NewWriter(p.sortie)
	if err := rendu.Ecrire(p.valeur("sortie"), sortie, b); err != nil {
		return err
	}
	if err := sortie.Flush(); err != nil {
		return err
	}
	if b.Verdict() != segur.Accepte {
		return statut(statutRefuse)
	}
	return nil
}
