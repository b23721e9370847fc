package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall/js"
	"time"

	"guichet.example/internal/lecteurpdf"
	"guichet.example/segur/piece"
)

// The program in a browser (docs/decisions/0019): the portal's simulator starts
// it in a worker, which lends it the files that a person picked as a file
// system to read from, and takes what it writes. It is built with the tag leger.
//
// Its world has two functions more than a system would give: segurArguments
// waits for the command line, so that a program stands ready before it has
// something to do, and segurLirePDF has a document read by another worker.

// tableCommandes has what a browser is for: every other command would only make
// the program larger to load.
func tableCommandes() []commande { return []commande{commandeControler()} }

// argumentEssai before a command line has it run for nobody: a browser compiles
// what a program uses as it is used, and that is better done before somebody
// waits for a report.
const argumentEssai = "__essayer"

// arguments waits for the command line, and runs those for nobody meanwhile.
func arguments() []string {
	for {
		liste, err := tenue(js.Global().Call("segurArguments"))
		if err != nil {
			return nil
		}
		args := make([]string, liste.Length())
		for i := range args {
			args[i] = liste.Index(i).String()
		}
		if len(args) == 0 || args[0] != argumentEssai {
			return args
		}
		run(environnement{entree: strings.NewReader(""), sortie: io.Discard, erreur: io.Discard, maintenant: time.Now(), variable: os.Getenv, attendre: patienter}, args[1:])
	}
}

// tenue waits for a promise. Its error has the reason of a rejection.
func tenue(promesse js.Value) (js.Value, error) {
	type issue struct {
		valeur js.Value
		err    error
	}
	venu := make(chan issue, 1)
	oui := js.FuncOf(func(_ js.Value, args []js.Value) any {
		venu <- issue{valeur: args[0]}
		return nil
	})
	defer oui.Release()
	non := js.FuncOf(func(_ js.Value, args []js.Value) any {
		venu <- issue{err: errors.New(args[0].Get("message").String())}
		return nil
	})
	defer non.Release()
	promesse.Call("then", oui, non)
	i := <-venu
	return i.valeur, i.err
}

// servirLecteur does the work of a PDF reader when the hidden argument asks for
// one, and tells that it did.
func servirLecteur(args []string) (statut int, servi bool) {
	if len(args) == 0 || args[0] != piece.ArgumentLecteurPDF {
		return 0, false
	}
	return lecteurpdf.Executer(args[1:]), true
}

// lecteurPDF is the reader that all lots share: another worker, which the page
// ends with this one.
func (c *contexte) lecteurPDF() (l piece.LecteurPDF, fermer func()) {
	return &lecteurVoisin{}, func() {}
}

// lecteurVoisin is a [piece.LecteurPDF] that asks another worker, one document
// at a time.
type lecteurVoisin struct{ tour sync.Mutex }

// Lire implements [piece.LecteurPDF]. The worker has its own clock and is ended
// when it takes too long; it then answers the word of that.
func (l *lecteurVoisin) Lire(ctx context.Context, contenu []byte) (int, error) {
	l.tour.Lock()
	defer l.tour.Unlock()
	if err := context.Cause(ctx); err != nil {
		return 0, err
	}
	octets := js.Global().Get("Uint8Array").New(len(contenu))
	js.CopyBytesToJS(octets, contenu)
	ligne, err := tenue(js.Global().Call("segurLirePDF", octets))
	if err != nil {
		return 0, err
	}
	return piece.LireReponsePDF(strings.TrimSuffix(ligne.String(), "\n"))
}

// confier hands over to the complete program elsewhere; here there is none.
func (c *contexte) confier() error {
	return usage("« segur %s » ne se lance pas dans un navigateur : installez la commande segur", c.commande.nom)
}
