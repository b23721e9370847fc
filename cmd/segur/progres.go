package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	progresApres   = 400 * time.Millisecond // shorter work shows nothing
	progresPeriode = 100 * time.Millisecond
)

// progres counts on standard error what has been controlled, when the work is
// long and a person looks. A nil progres shows nothing. Safe for concurrent use.
type progres struct {
	w          io.Writer
	maintenant func() time.Time
	total      int // files

	mu               sync.Mutex
	fichiers, pieces int
	prochain         time.Time // when to write again
	ecrit            bool      // a line stands on the terminal
}

func (k *controle) nouveauProgres(total int) *progres {
	if !k.terminalErreur || k.oui("quiet") {
		return nil
	}
	p := &progres{w: k.erreur, maintenant: time.Now, total: total}
	p.prochain = p.maintenant().Add(progresApres)
	return p
}

// piece counts one document.
func (p *progres) piece() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pieces++
	p.ecrire()
}

// fichier counts one file and lets montrer print its result on a clean line.
func (p *progres) fichier(montrer func() error) error {
	if p == nil {
		return montrer()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ecrit {
		_, _ = io.WriteString(p.w, "\r\x1b[K") // who looks at it loses only the look
		p.ecrit = false
	}
	err := montrer()
	if p.fichiers++; p.fichiers < p.total {
		p.ecrire()
	}
	return err
}

func (p *progres) ecrire() {
	maintenant := p.maintenant()
	if maintenant.Before(p.prochain) {
		return
	}
	p.prochain, p.ecrit = maintenant.Add(progresPeriode), true
	ligne := fmt.Sprintf("\r\x1b[K%d / %d fichiers contrôlés", p.fichiers, p.total)
	if p.total == 1 {
		ligne = "\r\x1b[KContrôle en cours"
	}
	switch {
	case p.pieces == 1:
		ligne += ", 1 pièce lue"
	case p.pieces > 1:
		ligne += fmt.Sprintf(", %d pièces lues", p.pieces)
	}
	_, _ = io.WriteString(p.w, ligne)
}
