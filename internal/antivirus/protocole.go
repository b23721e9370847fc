package antivirus

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

const (
	tranche    = 64 << 10 // bytes sent at a time
	reponseMax = 4 << 10  // of clamd's line
)

// erreurLecture is an error of the document, not of the connection.
type erreurLecture struct{ cause error }

func (e *erreurLecture) Error() string { return e.cause.Error() }
func (e *erreurLecture) Unwrap() error { return e.cause }

// envoyer writes the command and the document: chunks, each behind its length
// in four bytes, the last of length zero.
func envoyer(w io.Writer, r io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	var b [4 + tranche]byte
	for {
		n, err := io.ReadFull(r, b[4:])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			// No closing chunk: clamd must not judge half a document.
			return &erreurLecture{err}
		}
		if n > 0 {
			binary.BigEndian.PutUint32(b[:], uint32(n))
			if _, err := w.Write(b[:4+n]); err != nil {
				return err
			}
		}
		if err != nil {
			_, err = w.Write([]byte{0, 0, 0, 0})
			return err
		}
	}
}

// recevoir reads one answer, which ends with a NUL as the command did.
func recevoir(r io.Reader) (string, error) {
	s, err := bufio.NewReader(io.LimitReader(r, reponseMax)).ReadString(0)
	if errors.Is(err, io.EOF) {
		if len(s) == reponseMax {
			return "", fmt.Errorf("%w : elle est trop longue", ErrReponse)
		}
		return "", fmt.Errorf("%w : la connexion s’est fermée avant la fin", ErrReponse)
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(s, "\x00"), nil
}

// verdict reads clamd's line: "stream: OK", "stream: NAME FOUND" or "… ERROR".
// Nothing else is a verdict.
func verdict(s string) (Verdict, error) {
	corps, flux := strings.CutPrefix(s, "stream: ")
	if nom, ok := strings.CutSuffix(corps, " FOUND"); ok && flux && nom != "" {
		return Verdict{Infectee, visible(nom)}, nil
	}
	switch {
	case corps == "OK" && flux:
		return Verdict{Etat: Propre}, nil
	case strings.Contains(s, "size limit exceeded"):
		return Verdict{}, ErrTaille
	case strings.HasSuffix(s, "ERROR"):
		return Verdict{}, fmt.Errorf("antivirus : clamd n’a pas pu analyser le document : « %s »", visible(s))
	}
	return Verdict{}, fmt.Errorf("%w : « %s »", ErrReponse, visible(s))
}

// visible keeps what clamd says to one short printable line: it ends in
// journals and pages.
func visible(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '.'
		}
		return r
	}, strings.ToValidUTF8(s, "."))
	if r := []rune(s); len(r) > 200 {
		s = string(r[:199]) + "…"
	}
	return s
}
