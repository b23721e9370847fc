package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"guichet.example/internal/rapport"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// controle is one run of "segur controler".
type controle struct {
	*contexte
	jeu     *segur.Jeu
	jour    segur.Jour
	durcis  []segur.Code // warnings that the portal refuses
	retour  string
	pdf     piece.LecteurPDF
	tampon  *bufio.Writer // before standard output
	progres *progres
	entrees []entree
}

// controler is the command: it reads the line, then lets workers control and
// one writer print, in the order given.
func controler(c *contexte) error {
	jour, err := c.jour()
	if err != nil {
		return err
	}
	jeu, err := segur.JeuPour(segur.TypeDemande(c.valeur("type")), jour)
	if err != nil {
		return usage("%v", err)
	}
	durcis, err := c.durcis(jeu, jour)
	if err != nil {
		return err
	}
	k := &controle{contexte: c, jeu: jeu, jour: jour, durcis: durcis, retour: c.valeur("retour")}
	var dossiers bool
	if k.entrees, dossiers, err = rassembler(c.args, c.valeurs["pieces"]); err != nil {
		return err
	}
	if err := k.verifierLigne(); err != nil {
		return err
	}
	k.tampon = bufio.NewWriterSize(c.sortie, 1<<12)
	e, err := rapport.Nouveau(c.valeur("sortie"), k.tampon, rapport.Options{
		Outil: segur.Outil{Nom: "segur", Version: version}, Couleur: c.couleur(), Largeur: c.largeur,
		Plusieurs: dossiers || len(c.args) > 1 || len(k.entrees) > 1,
		Premier:   c.oui("premier"), Quiet: c.oui("quiet"), Date: jour.String(), Entree: piece.Entree,
	})
	if err != nil {
		return err
	}
	var fermer func()
	k.pdf, fermer = c.lecteurPDF()
	defer fermer()
	s, err := k.derouler(e)
	if err == nil {
		err = e.Fin()
	}
	if errFlush := k.tampon.Flush(); err == nil {
		err = errFlush
	}
	if err != nil {
		return err
	}
	if s != statutBon {
		return statut(s)
	}
	return nil
}

// verifierLigne refuses what the command line asks but cannot be.
func (k *controle) verifierLigne() error {
	if len(k.entrees) == 0 {
		return usage("il n’y a que des zips de pièces : donnez aussi le fichier JSON qui les déclare")
	}
	if err := k.verifierRetour(); err != nil {
		return err
	}
	if k.retour != "" && len(k.entrees) > 1 {
		return usage("--retour n’écrit qu’un fichier retour, et %d fichiers sont à contrôler", len(k.entrees))
	}
	nombre := 0
	for _, e := range k.entrees {
		if e.chemin == "-" {
			nombre++
		}
	}
	if nombre > 1 {
		return usage("l’entrée standard « - » est donnée deux fois")
	}
	v := k.valeur("nom")
	if v != "" && !slices.Contains([]string{"oui", "non", "true", "false"}, v) {
		return usage("--nom vaut « %s » ; valeurs admises : oui, non", v)
	}
	if nombre > 0 && (v == "oui" || v == "true") {
		return usage("l’entrée standard n’a pas de nom à contrôler : retirez --nom ou donnez un fichier")
	}
	return nil
}

// verifierRetour refuses to write the returned file over what it is made of,
// or over anything but an ordinary file.
func (k *controle) verifierRetour() error {
	for i := range k.entrees {
		if err := destinationSure("retour", k.retour, k.entrees[i].chemin); err != nil {
			return err
		}
	}
	return nil
}

// destinationSure refuses a file to write that is the one being read, or no
// ordinary file.
func destinationSure(option, vers, source string) error {
	if vers == "" {
		return nil
	}
	info, err := os.Stat(vers)
	if err != nil {
		return nil // it is not there: writing will say what else is wrong
	}
	if info.IsDir() {
		return usage("--%s %s : c’est un dossier ; donnez un nom de fichier", option, vers)
	}
	if !info.Mode().IsRegular() {
		return usage("--%s %s : ce n’est pas un fichier ordinaire", option, vers)
	}
	if autre, err := os.Stat(source); err == nil && os.SameFile(info, autre) {
		return usage("--%s %s : c’est le fichier d’origine, il serait perdu ; donnez un autre nom", option, vers)
	}
	return nil
}

// nomControle is the name to control, "" when it is none.
func (k *controle) nomControle(e *entree) string {
	if v := k.valeur("nom"); e.chemin == "-" || v == "non" || v == "false" {
		return ""
	}
	return filepath.Base(e.chemin)
}

// fait is one entry controlled, in the worker's memory until it is printed.
type fait struct {
	resultat rapport.Resultat
	statut   int
	tampon   *tampon
	messages []string // for standard error, printed with the result and in its order
}

// derouler controls the entries on all cores and prints them in order. Memory
// is bounded by the number of buffers: a worker waits for the printer.
func (k *controle) derouler(e rapport.Ecrivain) (int, error) {
	k.progres = k.nouveauProgres(len(k.entrees))
	if len(k.entrees) == 1 {
		f := k.controlerUn(&k.entrees[0], &tampon{})
		return f.statut, k.progres.fichier(func() error { return k.montrer(e, f) })
	}
	ouvriers := min(runtime.GOMAXPROCS(0), len(k.entrees))
	tampons := make(chan *tampon, ouvriers+1)
	for range cap(tampons) {
		tampons <- &tampon{}
	}
	attente := make(chan chan fait, ouvriers)
	go func() {
		defer close(attente)
		for i := range k.entrees {
			t := <-tampons
			place := make(chan fait, 1)
			attente <- place
			go func() { place <- k.controlerUn(&k.entrees[i], t) }()
		}
	}()
	bilan := statutBon
	var premiere error
	for place := range attente {
		f := <-place
		bilan = max(bilan, f.statut)
		// A writer that failed fails again; messages still come through.
		if err := k.progres.fichier(func() error { return k.montrer(e, f) }); premiere == nil {
			premiere = err
		}
		tampons <- f.tampon
	}
	return bilan, premiere
}

// controlerUn reads and controls one entry into t.
func (k *controle) controlerUn(e *entree, t *tampon) fait {
	fait := fait{tampon: t}
	f, err := k.lireEntree(e, t)
	if err != nil {
		fait.resultat, fait.statut = rapport.Resultat{Fichier: f, Erreur: enFrancais(err)}, statutOutil
		k.signaler(e, &fait)
		return fait
	}
	r := k.juger(e, f, t)
	fait.statut = statutBon
	if r.Verdict() != segur.Accepte {
		fait.statut = statutRefuse
	}
	fait.resultat = rapport.Resultat{Fichier: f, Rapport: r, Octets: t.octets}
	switch {
	case !r.StructureValide():
	case e.lot.aPieces():
		fait.statut = max(fait.statut, k.controlerPieces(e, &fait.resultat))
		if fait.resultat.Erreur != "" {
			k.signaler(e, &fait)
		}
	default:
		fait.resultat.Note = "Pièces non contrôlées : donnez aussi leurs zips, ou leur dossier avec --pieces."
	}
	if k.retour != "" {
		if err := k.ecrireRetour(r, &fait); err != nil {
			fait.messages = append(fait.messages, fmt.Sprintf("--retour %s : %s", k.retour, enFrancais(err)))
			fait.statut = statutOutil
		}
	}
	return fait
}

// juger controls the bytes of an entry, as the portal that was named would.
func (k *controle) juger(e *entree, f segur.Fichier, t *tampon) *segur.Rapport {
	r := k.jeu.Controler(t.octets, k.jour, segur.Options{Nom: k.nomControle(e), Taille: f.Taille, Memoire: &t.memoire})
	return r.AvecPortail(r.Durcis(k.durcis...)...)
}

// signaler tells what could not be controlled to the person whose results go
// to a program or a file; the texte form says it itself.
func (k *controle) signaler(e *entree, f *fait) {
	if k.valeur("sortie") != "texte" {
		f.messages = append(f.messages, e.chemin+" : "+f.resultat.Erreur)
	}
}

// montrer prints what an entry has to say; one goroutine calls it.
func (k *controle) montrer(e rapport.Ecrivain, f fait) error {
	for _, m := range f.messages {
		fmt.Fprintln(k.erreur, "segur :", m)
	}
	if err := e.Resultat(f.resultat); err != nil || !k.terminal {
		return err
	}
	return k.tampon.Flush() // what a person reads comes whole
}

// ecrireRetour writes the returned file, whole or not at all; nothing when
// control 1 failed (D29).
func (k *controle) ecrireRetour(r *segur.Rapport, f *fait) error {
	octets := r.Retour(segur.Numeros{})
	if octets == nil {
		f.messages = append(f.messages, "le fichier est refusé en entier au premier contrôle : il n’y a pas de fichier retour")
		return nil
	}
	return ecrireAtomique(k.retour, octets)
}

// ecrireAtomique replaces a file by a complete one.
func ecrireAtomique(chemin string, octets []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(chemin), ".segur-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	_, err = tmp.Write(octets)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if errClose := tmp.Close(); err == nil {
		err = errClose
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), chemin)
}
