package piece

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	enfantsMax  = 2
	delaiDefaut = 10 * time.Second
	delaiSalut  = 10 * time.Second
)

// ProcessusPDF is a [LecteurPDF] that leaves the work to other processes, two
// at most: a document made to loop or to eat memory loses its
// process and nothing else. Processes start when they are first needed.
type ProcessusPDF struct {
	// Delai is the time allowed to one document, 10 s from
	// [NewProcessusPDF]. Set it before the first call.
	Delai time.Duration

	commande []string      // path, then arguments
	places   chan struct{} // one token a process that may run

	mu     sync.Mutex
	libres []*enfant
	ferme  bool
}

// NewProcessusPDF prepares a reader that runs a command line, a path and its
// arguments, as [CommandeLecteurPDF] makes it. The caller must call Close.
func NewProcessusPDF(commande []string) *ProcessusPDF {
	return &ProcessusPDF{Delai: delaiDefaut, commande: slices.Clone(commande), places: make(chan struct{}, enfantsMax)}
}

// Close ends the processes at rest; those at work end with their document.
// Calls of Lire afterwards fail.
func (p *ProcessusPDF) Close() error {
	p.mu.Lock()
	libres := p.libres
	p.libres, p.ferme = nil, true
	p.mu.Unlock()
	for _, e := range libres {
		e.finir()
	}
	return nil
}

// errMort is a process that ended, or fell silent, over a document.
var errMort = errors.New("the reader ended without an answer")

// Lire implements [LecteurPDF]. A process that dies may have been killed from
// outside, so the document is tried once more; one that takes too long is not.
func (p *ProcessusPDF) Lire(ctx context.Context, contenu []byte) (int, error) {
	select {
	case p.places <- struct{}{}:
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	defer func() { <-p.places }()
	for essai := range 2 {
		e, err := p.prendre(ctx, essai > 0)
		if err != nil {
			return 0, err
		}
		ligne, err := e.demander(ctx, contenu, p.Delai)
		if err != nil {
			e.tuer()
		}
		switch {
		case ctx.Err() != nil:
			return 0, context.Cause(ctx)
		case errors.Is(err, context.DeadlineExceeded), errors.Is(err, errMort) && essai > 0:
			return 0, fmt.Errorf("%w: %w", ErrPDFLimites, err)
		case err != nil:
			continue
		}
		pages, err := LireReponsePDF(ligne)
		if err != nil && !verdict(err) {
			e.tuer()
			return 0, err
		}
		p.rendre(e)
		return pages, err
	}
	return 0, ErrPDFLimites
}

func verdict(err error) bool {
	return errors.Is(err, ErrPDFChiffre) || errors.Is(err, ErrPDFIllisible) || errors.Is(err, ErrPDFLimites)
}

// LireReponsePDF reads a reader's line of answer, without its end, into what
// [LecteurPDF].Lire returns.
func LireReponsePDF(ligne string) (int, error) {
	mot, nombre, _ := strings.Cut(ligne, " ")
	switch mot {
	case ReponseLimites:
		return 0, ErrPDFLimites
	case ReponseChiffre:
		return 0, ErrPDFChiffre
	case ReponseIllisible:
		return 0, ErrPDFIllisible
	case ReponseOK:
		if n, err := strconv.Atoi(nombre); err == nil && n >= 0 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("le lecteur de PDF a répondu « %s », qui n’est pas une réponse", visible(ligne))
}

// prendre gives a process at rest, or starts one when there is none or when a
// fresh one is asked for.
func (p *ProcessusPDF) prendre(ctx context.Context, neuf bool) (*enfant, error) {
	p.mu.Lock()
	ferme := p.ferme
	var e *enfant
	if n := len(p.libres); n > 0 && !neuf {
		e, p.libres = p.libres[n-1], p.libres[:n-1]
	}
	p.mu.Unlock()
	switch {
	case ferme:
		return nil, errors.New("la lecture des PDF est fermée")
	case e != nil:
		return e, nil
	}
	return demarrer(ctx, p.commande, p.Delai)
}

func (p *ProcessusPDF) rendre(e *enfant) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ferme {
		e.finir()
		return
	}
	p.libres = append(p.libres, e)
}

// enfant is one running reader.
type enfant struct {
	cmd    *exec.Cmd
	entree io.WriteCloser
	sortie *bufio.Reader
}

func demarrer(ctx context.Context, commande []string, delai time.Duration) (*enfant, error) {
	chemin := commande[0]
	// The program also stops by itself, in case nobody is left to kill it.
	cmd := exec.Command(chemin, append(commande[1:len(commande):len(commande)], "-delai", (delai+2*time.Second).String())...)
	cmd.Env = []string{"LANG=C"} // nothing of ours concerns it
	if runtime.GOOS == "windows" {
		cmd.Env = append(cmd.Env, "SystemRoot="+os.Getenv("SystemRoot"))
	}
	entree, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("démarrage de « %s » : %w", visible(chemin), err)
	}
	sortie, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("démarrage de « %s » : %w", visible(chemin), err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("démarrage de « %s » : %w", visible(chemin), err)
	}
	e := &enfant{cmd, entree, bufio.NewReaderSize(sortie, 256)}
	salut, err := e.attendre(ctx, delaiSalut, func() {})
	if err != nil || salut != SalutPDF {
		e.tuer()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("« %s » n’est pas un lecteur de PDF de cette version", visible(chemin))
	}
	return e, nil
}

// demander sends a document and waits for its line.
func (e *enfant) demander(ctx context.Context, contenu []byte, delai time.Duration) (string, error) {
	return e.attendre(ctx, delai, func() {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(contenu)))
		// A failed write shows as a missing answer.
		_, _ = e.entree.Write(n[:])
		_, _ = e.entree.Write(contenu)
	})
}

// attendre calls envoyer, then reads a line, and kills the process when that
// takes longer than delai or ctx ends: both then return at once.
func (e *enfant) attendre(ctx context.Context, delai time.Duration, envoyer func()) (string, error) {
	ctx, annuler := context.WithTimeout(ctx, delai)
	defer annuler()
	arret := context.AfterFunc(ctx, func() { _ = e.cmd.Process.Kill() })
	defer arret()
	envoyer()
	ligne, err := e.sortie.ReadSlice('\n')
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, bufio.ErrBufferFull):
		return string(ligne), nil // too long for an answer: it will not read as one
	case err != nil:
		return "", errMort
	}
	return strings.TrimSuffix(string(ligne), "\n"), nil
}

// finir lets the process end: it does when its input ends. How it ends tells
// nothing more than its answers did.
func (e *enfant) finir() {
	_ = e.entree.Close()
	_ = e.cmd.Wait()
}

func (e *enfant) tuer() {
	_ = e.cmd.Process.Kill()
	e.finir()
}

// ArgumentLecteurPDF is the hidden first argument with which a command becomes
// a reader of PDF documents, as package internal/lecteurpdf does it.
const ArgumentLecteurPDF = "__lire-pdf"

// CommandeLecteurPDF is the command line that starts the program at a path as a
// reader; "" is the running program itself. The error is in French.
func CommandeLecteurPDF(chemin string) ([]string, error) {
	if chemin == "" {
		moi, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("ce programme ne se trouve pas lui-même, et ne peut lire aucun PDF : %w", err)
		}
		chemin = moi
	}
	return []string{chemin, ArgumentLecteurPDF}, nil
}
