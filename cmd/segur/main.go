// Command segur is the supplier's tool: it controls the funding requests of
// the Ségur numérique before they are deposited. It links no database driver,
// no web server and nothing that is slow to start; see docs/decisions/0002.
//
// Start reading at commandes.go, the table of commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

// version is set by the linker.
var version = "dev"

// nomComplet is the complete program, which the light one looks for beside
// itself (docs/decisions/0006).
const nomComplet = "segur-complet"

// Exit statuses, the same for all commands.
const (
	statutBon    = 0 // nothing refused
	statutRefuse = 1 // something refused
	statutUsage  = 2 // bad usage
	statutOutil  = 3 // the tool itself failed: nothing may be concluded
)

// environnement is the world as a command sees it.
type environnement struct {
	entree         io.Reader
	sortie, erreur io.Writer
	terminal       bool // sortie is a terminal
	terminalErreur bool // erreur is a terminal
	largeur        int
	maintenant     time.Time
	variable       func(string) string
	// attendre waits between two calls of a portal, or gives up with ctx.
	attendre func(ctx context.Context, d time.Duration) error
}

// erreurUsage is a mistake of the person who called; status 2.
type erreurUsage struct{ message string }

func (e erreurUsage) Error() string { return e.message }

func usage(format string, args ...any) error { return erreurUsage{fmt.Sprintf(format, args...)} }

// statut is an exit status without a message: all is said already.
type statut int

func (s statut) Error() string { return fmt.Sprintf("statut %d", int(s)) }

func main() {
	args := arguments()
	if s, servi := servirLecteur(args); servi {
		os.Exit(s)
	}
	terminal := estTerminal(os.Stdout)
	env := environnement{
		entree: os.Stdin, sortie: os.Stdout, erreur: os.Stderr,
		terminal: terminal, terminalErreur: estTerminal(os.Stderr),
		largeur: largeurTerminal(os.Stdout, terminal, os.Getenv), maintenant: time.Now(), variable: os.Getenv, attendre: patienter,
	}
	os.Exit(run(env, args))
}

// sortieSuivie remembers the first failure of what it writes to: a text
// printed line by line must not end well on a full disk.
type sortieSuivie struct {
	io.Writer
	err error
}

func (s *sortieSuivie) Write(b []byte) (int, error) {
	n, err := s.Writer.Write(b)
	if s.err == nil {
		s.err = err
	}
	return n, err
}

// run executes a command line and returns its exit status.
func run(env environnement, args []string) int {
	suivie := &sortieSuivie{Writer: env.sortie}
	env.sortie = suivie
	err := executer(env, args)
	if dit := new(statut); suivie.err != nil && (err == nil || errors.As(err, dit)) {
		err = suivie.err
	}
	var s statut
	var u erreurUsage
	switch {
	case err == nil:
		return statutBon
	case errors.As(err, &s):
		return int(s)
	case errors.As(err, &u):
		fmt.Fprintln(env.erreur, "segur :", u.message)
		return statutUsage
	}
	fmt.Fprintln(env.erreur, "segur :", situe(err))
	return statutOutil
}

// situe is enFrancais with the path of a file error before it.
func situe(err error) string {
	var chemin *fs.PathError
	if errors.As(err, &chemin) {
		return chemin.Path + " : " + enFrancais(err)
	}
	return enFrancais(err)
}

func executer(env environnement, args []string) error {
	table := tableCommandes()
	if len(args) == 0 {
		aideGenerale(env.sortie, table)
		return usage("il manque une commande ; par exemple : segur controler fichier.json")
	}
	switch args[0] {
	case "-h", "--help", "--aide":
		aideGenerale(env.sortie, table)
		return nil
	case "--version", "-V":
		fmt.Fprintln(env.sortie, "segur", version)
		return nil
	}
	c := trouverCommande(table, args[0])
	if c == nil {
		noms := []string{}
		for i := range table {
			noms = append(noms, table[i].nom, table[i].alias)
		}
		return usage("la commande « %s » n’existe pas.%s Voyez « segur aide ».", args[0], suggestion(args[0], noms))
	}
	ctx := &contexte{environnement: env, commande: c, table: table, ligne: args}
	if err := ctx.lire(args[1:]); err != nil {
		return err
	}
	if ctx.oui("aide") {
		aideCommande(env.sortie, c)
		return nil
	}
	return c.executer(ctx)
}

// enFrancais says an error of the system in French, without losing its cause.
// The path of a file error is left out: callers name the file themselves.
func enFrancais(err error) string {
	s := err.Error()
	var chemin *fs.PathError
	var lien *os.LinkError
	switch {
	case errors.As(err, &chemin):
		s = chemin.Err.Error()
	case errors.As(err, &lien):
		s = lien.Err.Error()
	}
	for _, t := range [][2]string{
		{"no such file or directory", "ce fichier ou dossier n’existe pas"},
		{"The system cannot find the file specified.", "ce fichier n’existe pas"},
		{"permission denied", "accès refusé : vérifiez vos droits sur ce fichier ou ce dossier"},
		{"Access is denied.", "accès refusé : vérifiez vos droits sur ce fichier ou ce dossier"},
		{"The process cannot access the file because it is being used by another process.", "ce fichier est ouvert dans un autre programme : fermez-le, puis relancez la commande"},
		{"is a directory", "c’est un dossier"},
		{"not a directory", "ce n’est pas un dossier"},
		{"no space left on device", "le disque est plein : libérez de la place, puis relancez la commande"},
		{"disk quota exceeded", "votre quota de disque est atteint : libérez de la place, puis relancez la commande"},
		{"read-only file system", "le disque est en lecture seule : choisissez un autre dossier"},
		{"too many levels of symbolic links", "le lien tourne en rond"},
		{"input/output error", "erreur de lecture du disque"},
		{"broken pipe", "la sortie a été fermée"},
		{"file name too long", "le nom est trop long"},
		{"file exists", "ce fichier ou dossier existe déjà"},
	} {
		s = strings.Replace(s, t[0], t[1], 1)
	}
	return s
}

// patienter waits, or gives up with ctx.
func patienter(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
