// Package lecteurpdf opens PDF documents for the commands segur and guichet,
// which never do so in their own process: a document made to loop or to eat
// memory then harms nothing but the process that holds it.
//
// A command runs itself again with the hidden argument [piece.ArgumentLecteurPDF]
// and hands over to [Executer]; the caller's side is [piece.ProcessusPDF]. The
// process reads documents from standard input and answers on standard output.
// It opens no file and no connection. Start reading at Executer; this package
// must never be imported below the commands, for it links pdfcpu.
package lecteurpdf

import (
	"bufio"
	"encoding/binary"
	"errors"
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
	delaiDefaut   = time.Minute
	statutOutil   = 3
)

// Executer is the whole life of a reading process: args is what stands behind
// the hidden argument, nothing or "-delai" and a duration. It limits the memory
// of the process, answers the documents of standard input until it ends, and
// returns the exit status. Only main may call it, before anything else.
func Executer(args []string) int {
	delai, err := lireArguments(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "lecteur de PDF :", err)
		return 2
	}
	debug.SetMemoryLimit(memoireSouple)
	debug.SetMaxStack(pileMax)
	if err := limiterMemoire(memoireDure); err != nil {
		fmt.Fprintln(os.Stderr, "lecteur de PDF : limite de mémoire :", err)
		return statutOutil
	}
	sortie := os.Stdout
	os.Stdout = os.Stderr // the PDF library may print; answers go alone
	if err := Servir(os.Stdin, sortie, delai); err != nil {
		fmt.Fprintln(os.Stderr, "lecteur de PDF :", err)
		return statutOutil
	}
	return 0
}

func lireArguments(args []string) (time.Duration, error) {
	if len(args) == 0 {
		return delaiDefaut, nil
	}
	if len(args) == 2 && args[0] == "-delai" {
		if d, err := time.ParseDuration(args[1]); err == nil && d > 0 {
			return d, nil
		}
	}
	return 0, errors.New("cet argument est réservé à segur et à guichet, qui lisent les PDF dans un processus à part")
}

// Servir answers documents until the input ends. A document that takes longer
// than delai ends the whole program with status 3: nothing else stops a loop in
// this process.
func Servir(entree io.Reader, sortie io.Writer, delai time.Duration) error {
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
		garde := time.AfterFunc(delai, func() { os.Exit(statutOutil) })
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
