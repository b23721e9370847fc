package finess

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// texteMax bounds one text of the JSON form.
const texteMax = 1 << 20

// lireJSON reads the flow of structures: legal entities (pmej), each with its
// places (ege). Only what is needed is kept, one place at a time.
func (l *lecteur) lireJSON(r *bufio.Reader) error {
	l.Format, l.Encodage = "structures", "UTF-8"
	if b, err := r.Peek(3); err == nil && string(b) == "\xef\xbb\xbf" {
		if _, err := r.Discard(3); err != nil {
			return err
		}
	}
	j := &lecteurJSON{jsontext.NewDecoder(&court{r: r})}
	err := j.objet(func(cle string) (err error) {
		switch cle {
		case "generatedAt":
			var s string
			s, err = j.texte()
			l.Extrait = jour(s)
			return err
		case "pmej":
			return j.liste(func() error { return l.entite(j) })
		}
		return j.d.SkipValue()
	})
	if err == nil {
		if _, fin := j.d.ReadToken(); !errors.Is(fin, io.EOF) {
			err = errors.New("il y a quelque chose après la fin du document")
		}
	}
	var syntaxe *jsontext.SyntacticError
	if errors.As(err, &syntaxe) {
		return fmt.Errorf("le JSON est illisible à l’octet %d : %w", syntaxe.ByteOffset, syntaxe.Err)
	}
	return err
}

func (l *lecteur) entite(j *lecteurJSON) error {
	return j.objet(func(cle string) error {
		if cle == "ege" {
			return j.liste(func() error { return l.lieu(j) })
		}
		return j.d.SkipValue()
	})
}

// lieu reads one place, and gives it.
func (l *lecteur) lieu(j *lecteurJSON) error {
	var finess, court, long, fermeture, categorie, postal, etat string
	lus := func(vers map[string]*string) func(string) error {
		return func(cle string) (err error) {
			if v := vers[cle]; v != nil {
				*v, err = j.texte()
				return err
			}
			return j.d.SkipValue()
		}
	}
	ou := fmt.Sprintf("octet %d", j.d.InputOffset())
	err := j.objet(func(cle string) error {
		switch cle {
		case "informationsGeneralesEGE":
			return j.objet(lus(map[string]*string{"numFinessEge": &finess, "nomEgeCourt": &court, "nomEgeLong": &long, "dateFermeture": &fermeture}))
		case "adresse":
			return j.liste(func() error {
				var p string
				err := j.objet(lus(map[string]*string{"codePostal": &p}))
				if postal == "" {
					postal = p
				}
				return err
			})
		}
		return lus(map[string]*string{"categorieentiteGeographiqueExercice": &categorie, "etatObjet": &etat})(cle)
	})
	if err != nil {
		return err
	}
	if long == "" {
		long = court
	}
	return l.donner(ou, finess, categorie, long, couper(postal, 10), fermeture != "" || etat == "I")
}

// lecteurJSON walks over values; what has another kind than expected is
// passed over, since the flow grows.
type lecteurJSON struct{ d *jsontext.Decoder }

// objet calls f at the value of each key; f consumes it.
func (j *lecteurJSON) objet(f func(cle string) error) error {
	if j.d.PeekKind() != '{' {
		return j.d.SkipValue()
	}
	if _, err := j.d.ReadToken(); err != nil {
		return err
	}
	for j.d.PeekKind() != '}' {
		cle, err := j.d.ReadToken()
		if err != nil {
			return err
		}
		if err := f(cle.String()); err != nil {
			return err
		}
	}
	_, err := j.d.ReadToken()
	return err
}

// liste calls f at each element; f consumes it.
func (j *lecteurJSON) liste(f func() error) error {
	if j.d.PeekKind() != '[' {
		return j.d.SkipValue()
	}
	if _, err := j.d.ReadToken(); err != nil {
		return err
	}
	for j.d.PeekKind() != ']' {
		if err := f(); err != nil {
			return err
		}
	}
	_, err := j.d.ReadToken()
	return err
}

// texte reads a text; another kind of value is passed over and gives "".
func (j *lecteurJSON) texte() (string, error) {
	if j.d.PeekKind() != '"' {
		return "", j.d.SkipValue()
	}
	t, err := j.d.ReadToken()
	if err != nil {
		return "", err
	}
	return t.String(), nil
}

// court refuses a text, a number or a blank so long that the decoder, which
// holds it whole, would fill the memory: JSON has a quote, a comma or a brace
// every few bytes.
type court struct {
	r       io.Reader
	attente int
}

func (c *court) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for _, b := range p[:n] {
		if c.attente++; b == '"' || b == ',' || b == '}' || b == ']' {
			c.attente = 0
		}
		if c.attente > texteMax {
			return 0, errors.New("un texte dépasse 1 Mio")
		}
	}
	return n, err
}
