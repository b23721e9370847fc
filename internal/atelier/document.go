package atelier

import (
	"fmt"
	"strconv"

	"guichet.example/segur"
)

// document writes JSON files of one rule set: the text between two values is
// made once, from the table of fields, and copied for each request.
type document struct {
	jeu      *segur.Jeu
	entete   string
	segments []segment
	fin      string // behind the last value of a request
	noms     *nommeur
}

// segment is the text before a value, and which value comes: the rank of its
// leaf, or pieces.
type segment struct {
	texte string
	champ int
}

const pieces = -1

// Entete is what stands at the head of every file of a preparation.
type Entete struct{ NumeroAns, SIRET string }

func nouveauDocument(jeu *segur.Jeu, e Entete) *document {
	d := &document{jeu: jeu, noms: nommeurDe(jeu)}
	b := []byte("{\n")
	for i := range jeu.Entete {
		b = fmt.Appendf(b, "  %q: ", jeu.Entete[i].Cle)
		switch jeu.Entete[i].Cle {
		case "numeroAns":
			b = segur.AppendTexteJSON(b, e.NumeroAns)
		case "SIRET":
			b = segur.AppendTexteJSON(b, e.SIRET)
		default:
			b = append(b, "null"...)
		}
		b = append(b, ",\n"...)
	}
	d.entete = string(b) + "  \"lignesImport\": [\n"
	d.segmenter()
	return d
}

// segmenter lays a request out: its own leaves and blocks in the order of the
// table, one key a line.
func (d *document) segmenter() {
	avant, bloc := "    {\n", ""
	premier := true
	for i := range d.jeu.Champs {
		c := &d.jeu.Champs[i]
		if c.Bloc != bloc && bloc != "" {
			if b, _ := d.jeu.Bloc(bloc); !b.Tableau {
				avant += "\n      }"
			}
			bloc = ""
		}
		if c.Bloc == bloc && bloc != "" {
			if b, _ := d.jeu.Bloc(bloc); b.Tableau {
				continue // the leaves of a piece: the list stands already
			}
			avant += ",\n"
		} else if !premier {
			avant += ",\n"
		}
		premier = false
		if c.Bloc == "" {
			d.segments = append(d.segments, segment{fmt.Sprintf("%s      %q: ", avant, c.Cle), i})
			avant = ""
			continue
		}
		if c.Bloc != bloc {
			bloc = c.Bloc
			if b, _ := d.jeu.Bloc(bloc); b.Tableau {
				d.segments = append(d.segments, segment{fmt.Sprintf("%s      %q: ", avant, bloc), pieces})
				avant = ""
				continue
			}
			avant += fmt.Sprintf("      %q: {\n", bloc)
		}
		d.segments = append(d.segments, segment{fmt.Sprintf("%s        %q: ", avant, c.Cle), i})
		avant = ""
	}
	d.fin = "\n    }"
	if b, ok := d.jeu.Bloc(bloc); ok && bloc != "" && !b.Tableau {
		d.fin = "\n      }" + d.fin
	}
}

// append writes a file of orders behind dst. numero gives the numeroEditeur of
// the i-th of them.
func (d *document) append(dst []byte, cs []*Commande, numero func(i int) string) []byte {
	dst = append(dst, d.entete...)
	for i, c := range cs {
		if i > 0 {
			dst = append(dst, ",\n"...)
		}
		dst = d.appendDemande(dst, c, i+1, numero(i))
	}
	return append(dst, "\n  ]\n}\n"...)
}

func (d *document) appendDemande(dst []byte, c *Commande, rang int, numero string) []byte {
	for _, s := range d.segments {
		dst = append(dst, s.texte...)
		if s.champ == pieces {
			dst = d.appendPieces(dst, c, numero)
			continue
		}
		switch d.jeu.Champs[s.champ].Genre {
		case segur.GenreRang:
			dst = strconv.AppendInt(dst, int64(rang), 10)
		case segur.GenreNumero:
			dst = append(append(append(dst, '"'), numero...), '"')
		case segur.GenreNul:
			dst = append(dst, "null"...)
		default:
			if v := c.Valeurs[s.champ]; v != "" {
				dst = append(dst, v...)
			} else {
				dst = append(dst, "null"...)
			}
		}
	}
	return append(dst, d.fin...)
}

func (d *document) appendPieces(dst []byte, c *Commande, numero string) []byte {
	dst = append(dst, '[')
	for i := range c.Pieces {
		p := &c.Pieces[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, "\n        { \"nomFichier\": \""...)
		dst = d.noms.append(dst, p, numero)
		dst = append(append(dst, "\", \"formatFichier\": \""...), p.Format...)
		dst = append(append(dst, "\", \"typeFichier\": \""...), p.Type...)
		dst = append(dst, "\" }"...)
	}
	if len(c.Pieces) > 0 {
		dst = append(dst, "\n      "...)
	}
	return append(dst, ']')
}

// nommeur spells names of pieces: what comes before the number, by type.
type nommeur struct{ types, debuts []string }

func nommeurDe(jeu *segur.Jeu) *nommeur {
	n := &nommeur{}
	for i := range jeu.Pieces {
		n.types, n.debuts = append(n.types, jeu.Pieces[i].Valeur), append(n.debuts, jeu.PrefixePiece()+jeu.Pieces[i].Abrege+"-")
	}
	return n
}

// append writes the name of a piece under a number, as Jeu.NomPiece builds it;
// nothing for a type or a format that the rule set does not have, which the
// control then refuses.
func (n *nommeur) append(dst []byte, p *Piece, numero string) []byte {
	e := extensionDe(p.Format)
	for i, t := range n.types {
		if t == p.Type && e != "" {
			dst = append(append(dst, n.debuts[i]...), numero...)
			return append(append(dst, '.'), e...)
		}
	}
	return dst
}

func (n *nommeur) nom(p *Piece, numero string) string {
	var place [64]byte
	return string(n.append(place[:0], p, numero))
}
