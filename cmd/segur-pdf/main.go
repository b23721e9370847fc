// Command segur-pdf opens PDF documents for segur and guichet, which never do
// so themselves: a document made to loop or to eat memory then harms nothing
// but this process, and its callers start fast.
//
// It reads documents from standard input and answers on standard output, by the
// protocol of package guichet.example/segur/piece. It opens no file and no
// connection. People have no use for it alone.
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

const (
	memoireSouple = 256 << 20 // the collector works harder from here on
	memoireDure   = 512 << 20 // address space on top of what the program starts with
	pileMax       = 64 << 20
)

func main() {
	delai := flag.Duration("delai", time.Minute, "temps accordé à un document, au bout duquel le programme s’arrête")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "segur-pdf ouvre les PDF pour segur et guichet, par son entrée et sa sortie standard.\nUsage : segur-pdf [-delai durée]")
	}
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	debug.SetMemoryLimit(memoireSouple)
	debug.SetMaxStack(pileMax)
	if err := limiterMemoire(memoireDure); err != nil {
		fmt.Fprintln(os.Stderr, "segur-pdf : limite de mémoire :", err)
		os.Exit(3)
	}
	sortie := os.Stdout
	os.Stdout = os.Stderr // the PDF library may print; answers go alone
	if err := servir(os.Stdin, sortie, *delai); err != nil {
		fmt.Fprintln(os.Stderr, "segur-pdf :", err)
		os.Exit(3)
	}
}

// servir answers documents until the input ends. A document that takes longer
// than delai ends the program: nothing else stops a loop in this process.
func servir(entree io.Reader, sortie io.Writer, delai time.Duration) error {
	if _, err := io.WriteString(sortie, piece.SalutPDF+"\n"); err != nil {
		return err
	}
	r := bufio.NewReader(entree)
	contenu := make([]byte, 0, segur.PieceMax)
	for {
		var n [4]byte
		if _, err := io.ReadFull(r, n[:]); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		taille := binary.BigEndian.Uint32(n[:])
		if taille > segur.PieceMax {
			return errors.New("document trop long")
		}
		contenu = contenu[:taille]
		if _, err := io.ReadFull(r, contenu); err != nil {
			return err
		}
		garde := time.AfterFunc(delai, func() { os.Exit(3) })
		reponse := repondre(contenu)
		garde.Stop()
		if _, err := io.WriteString(sortie, reponse+"\n"); err != nil {
			return err
		}
	}
}

// repondre is the line of answer to a document.
func repondre(contenu []byte) string {
	pages, err := lire(contenu)
	switch {
	case errors.Is(err, piece.ErrPDFChiffre):
		return piece.ReponseChiffre
	case err != nil:
		return piece.ReponseIllisible
	}
	return piece.ReponseOK + " " + strconv.Itoa(pages)
}
