package piece

import (
	"encoding/hex"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/segur"
)

// AppendJSON writes the coverage behind dst, one object: the keys of the
// portal's "couverture" (complete, recues, manquantes, refusees), with
// numeroEditeur where the portal has numeroASP, then what only a control on the
// supplier's side has. A name that is no UTF-8 is written with its wrong bytes
// escaped (\xNN).
func (c *Couverture) AppendJSON(dst []byte) []byte {
	b := strconv.AppendBool(append(dst, `{"complete": `...), c.Complete)
	b = append(b, ", \"recues\": ["...)
	n := 0
	for i := range c.Demandes {
		for j := range c.Demandes[i].Recues {
			b = c.Demandes[i].Recues[j].appendJSON(element(b, &n), c.Demandes[i].NumeroEditeur)
		}
	}
	b, n = append(b, "],\n  \"manquantes\": ["...), 0
	for i := range c.Demandes {
		for _, m := range c.Demandes[i].Manquantes {
			b = m.appendJSON(element(b, &n))
		}
	}
	b = appendConstats(append(b, "],\n  \"refusees\": ["...), c.Refusees)
	b = appendConstats(append(b, "],\n  \"avertissements\": ["...), c.Avertissements)
	b, n = append(b, "],\n  \"nonControlees\": ["...), 0
	for _, x := range c.NonControlees {
		b = membre(element(b, &n), `{"nomFichier": `, x.Nom)
		b = membre(b, `, "source": `, x.Source)
		b = append(membre(b, `, "erreur": `, x.Erreur.Error()), '}')
	}
	b, n = append(b, "],\n  \"demandes\": ["...), 0
	for i := range c.Demandes {
		b = c.Demandes[i].appendJSON(element(b, &n))
	}
	return append(c.Bilan.appendJSON(append(b, "],\n  \"bilan\": "...)), '}')
}

// element begins the n-th element of a list.
func element(b []byte, n *int) []byte {
	if *n > 0 {
		b = append(b, ',')
	}
	*n++
	return append(b, "\n    "...)
}

// membre writes a key, as JSON text with what stands before it, and a text.
func membre(b []byte, cle, valeur string) []byte {
	b = append(b, cle...)
	q, err := jsontext.AppendQuote(b, valeur)
	if err != nil {
		// Not UTF-8: shown, not kept.
		q, _ = jsontext.AppendQuote(b, segur.Visible(valeur, 0))
	}
	return q
}

func nombre[T int | int64](b []byte, cle string, n T) []byte {
	return strconv.AppendInt(append(b, cle...), int64(n), 10)
}

func (p *Piece) appendJSON(b []byte, numeroEditeur string) []byte {
	b = membre(b, `{"numeroEditeur": `, numeroEditeur)
	b = membre(b, `, "nomFichier": `, p.Nom)
	b = nombre(b, `, "taille": `, p.Taille)
	b = append(b, `, "sha256": "`...)
	b = hex.AppendEncode(b, p.SHA256[:])
	return append(membre(b, `", "source": `, p.Source), '}')
}

func (m *Manquante) appendJSON(b []byte) []byte {
	b = membre(b, `{"numeroEditeur": `, m.NumeroEditeur)
	b = membre(b, `, "nomFichier": `, m.NomFichier)
	b = membre(b, `, "typeFichier": `, m.Type)
	b = strconv.AppendBool(append(b, `, "refusee": `...), m.Refusee)
	return m.Constat.appendSuite(b)
}

func appendConstats(b []byte, ks []Constat) []byte {
	n := 0
	for i := range ks {
		b = membre(element(b, &n), `{"nomFichier": `, ks[i].Nom)
		b = membre(b, `, "source": `, ks[i].Source)
		b = ks[i].appendSuite(b)
	}
	return b
}

// appendSuite writes what a constat says, behind other members.
func (k *Constat) appendSuite(b []byte) []byte {
	b = membre(b, `, "code": `, k.Code.String())
	b = membre(b, `, "message": `, k.Message)
	b = membre(b, `, "attendu": `, k.Attendu)
	return append(membre(b, `, "remede": `, k.Remede), '}')
}

func (d *Demande) appendJSON(b []byte) []byte {
	b = nombre(b, `{"rang": `, d.Rang)
	b = membre(b, `, "numeroEditeur": `, d.NumeroEditeur)
	b = strconv.AppendBool(append(b, `, "complete": `...), d.Complete)
	b = nombre(b, `, "recues": `, len(d.Recues))
	b = nombre(b, `, "manquantes": `, len(d.Manquantes))
	return append(nombre(b, `, "nonControlees": `, d.NonControlees), '}')
}

func (x Bilan) appendJSON(b []byte) []byte {
	b = nombre(b, `{"attendues": `, x.Attendues)
	b = nombre(b, `, "recues": `, x.Recues)
	b = nombre(b, `, "manquantes": `, x.Manquantes)
	b = nombre(b, `, "refusees": `, x.Refusees)
	b = nombre(b, `, "avertissements": `, x.Avertissements)
	return append(nombre(b, `, "nonControlees": `, x.NonControlees), '}')
}
