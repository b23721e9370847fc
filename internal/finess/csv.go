package finess

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Columns of a "structureet" line, in both extracts; the first says what the
// line is.
const (
	colFiness    = 1
	colNom       = 3
	colNomLong   = 4
	colPostal    = 15 // ligneacheminement: "01000 BOURG EN BRESSE"
	colCategorie = 18
)

// lireCSV reads an extract line by line. cs1100507 is cs1100502 and lines of
// coordinates behind it.
func (l *lecteur) lireCSV(r *bufio.Reader) error {
	l.Format, l.Encodage = "cs1100502", "UTF-8"
	decide := false
	for n := 1; ; n++ {
		brut, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("la ligne %d dépasse 64 Kio", n)
		case err != nil && !errors.Is(err, io.EOF):
			return err
		}
		fin := err != nil
		ligne := strings.TrimRight(string(brut), "\r\n")
		if n == 1 {
			if sans, bom := strings.CutPrefix(ligne, "\ufeff"); bom {
				ligne, decide = sans, true
			}
		}
		if ligne, err = l.decoder(ligne, &decide); err != nil {
			return fmt.Errorf("ligne %d : %w", n, err)
		}
		if err := l.ligne(n, ligne); err != nil {
			return err
		}
		if fin {
			return nil
		}
	}
}

// decoder gives a line as UTF-8. The first line with a letter beyond ASCII
// decides for all: accented Windows-1252 is hardly ever UTF-8 by chance.
func (l *lecteur) decoder(s string, decide *bool) (string, error) {
	ascii := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
	if !*decide && !ascii {
		*decide = true
		if !utf8.ValidString(s) {
			l.Encodage = "Windows-1252"
		}
	}
	if ascii || l.Encodage == "UTF-8" {
		if !utf8.ValidString(s) {
			return "", errors.New("des octets ne sont pas de l’UTF-8, alors que le début du fichier en est")
		}
		return s, nil
	}
	return charmap.Windows1252.NewDecoder().String(s)
}

func (l *lecteur) ligne(n int, s string) error {
	genre, _, _ := strings.Cut(s, ";")
	switch strings.Trim(genre, `"`) {
	case "structureet":
	case "geolocalisation":
		l.Format = "cs1100507"
		return nil
	case "finess": // finess;etalab;94;2023-07-05
		for _, c := range strings.Split(s, ";") {
			if j := jour(c); j != "" {
				l.Extrait = j
			}
		}
		return nil
	default:
		if s != "" {
			l.ignorer("ligne %d : « %.20q » n’est pas un genre de ligne connu", n, genre)
		}
		return nil
	}
	champs := champs(s)
	if len(champs) <= colCategorie {
		l.ignorer("ligne %d : %d champs, attendu au moins %d", n, len(champs), colCategorie+1)
		return nil
	}
	nom := champs[colNomLong]
	if strings.TrimSpace(nom) == "" {
		nom = champs[colNom]
	}
	return l.donner(fmt.Sprintf("ligne %d", n), strings.TrimSpace(champs[colFiness]), strings.TrimSpace(champs[colCategorie]), nom, postal(strings.TrimSpace(champs[colPostal])), false)
}

// champs cuts a line. The extracts hardly quote, and have names with quotes in
// them: quotes are obeyed only when that gives a whole line.
func champs(s string) []string {
	nus := strings.Split(s, ";")
	if !strings.Contains(s, `"`) {
		return nus
	}
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.LazyQuotes = ';', true
	if c, err := r.Read(); err == nil && len(c) > colCategorie {
		return c
	}
	return nus
}
