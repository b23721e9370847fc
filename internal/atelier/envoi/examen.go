package envoi

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/atelier/retour"
	"guichet.example/segur"
)

// examiner controls a file before it leaves: what the portal would refuse for
// its bytes alone is said here, and no number is burnt for it.
func examiner(nom string, octets []byte, jour segur.Jour, partiel bool) (*segur.Rapport, []Refus) {
	rapport, err := controler(nom, octets, jour)
	if err != nil {
		return nil, []Refus{{Message: err.Error()}}
	}
	if rapport.SembleRetour() {
		return rapport, []Refus{{Message: "C’est un fichier retour : ses demandes sont déjà déposées.", Remede: "Reprenez les demandes refusées par « segur reprendre »."}}
	}
	var refus []Refus
	for c := range rapport.Structure() {
		if c.Gravite == segur.Erreur {
			refus = append(refus, Refus{Code: c.Code.String(), Message: c.Message, Attendu: c.Attendu, Remede: c.Remede})
		}
	}
	if b := rapport.Bilan(); len(refus) == 0 && b.Rejetees > 0 && !partiel {
		refus = append(refus, Refus{Message: fmt.Sprintf("%d des %d demandes seraient refusées, et leurs numéros perdus : rien n’a été envoyé.", b.Rejetees, b.Demandes),
			Remede: "Voyez « segur controler " + nom + " » et corrigez ; ou déposez les autres demandes quand même avec --partiel."})
	}
	return rapport, refus
}

// controler picks the rule set by what the file says of itself.
func controler(nom string, octets []byte, jour segur.Jour) (*segur.Rapport, error) {
	jeu, err := segur.JeuPour(retour.TypeDe(octets), jour)
	if err != nil {
		return nil, err
	}
	return jeu.Controler(octets, jour, segur.Options{Nom: nom}), nil
}

// rapportLu is what is read of a portal's control report.
type rapportLu struct {
	Structure []constatLu `json:"structure"`
	Demandes  []struct {
		Rang          int         `json:"rang"`
		NumeroEditeur string      `json:"numeroEditeur"`
		Acceptee      bool        `json:"acceptee"`
		Constats      []constatLu `json:"constats"`
	} `json:"demandes"`
}

type constatLu struct {
	Code    string `json:"code"`
	Gravite string `json:"gravite"`
	Message string `json:"message"`
	Attendu string `json:"attendu"`
	Remede  string `json:"remede"`
}

func (c *constatLu) refus(rang int, numero string) Refus {
	return Refus{Rang: rang, NumeroEditeur: segur.Visible(numero, 20), Code: segur.Visible(c.Code, 8), Message: segur.Visible(c.Message, 400),
		Attendu: segur.Visible(c.Attendu, 300), Remede: segur.Visible(strings.TrimSpace(c.Remede), 400)}
}

// structureDe lists why a portal refused a file as a whole.
func structureDe(rapport jsontext.Value) []Refus {
	var r rapportLu
	if err := json.Unmarshal(rapport, &r); err != nil {
		return []Refus{{Message: "Le portail a refusé le fichier sans rapport lisible."}}
	}
	var rs []Refus
	for _, c := range r.Structure {
		if c.Gravite == string(segur.Erreur) {
			rs = append(rs, c.refus(0, ""))
		}
	}
	return rs
}

// refusDe lists the requests that a deposit refused, each with its first
// error.
func refusDe(rapport jsontext.Value) []Refus {
	var r rapportLu
	if err := json.Unmarshal(rapport, &r); err != nil {
		return nil // the returned file says the same, and is read next
	}
	var rs []Refus
	for _, d := range r.Demandes {
		if d.Acceptee {
			continue
		}
		refus := Refus{Rang: d.Rang, NumeroEditeur: segur.Visible(d.NumeroEditeur, 20)}
		for _, c := range d.Constats {
			if c.Gravite == string(segur.Erreur) {
				refus = c.refus(d.Rang, d.NumeroEditeur)
				break
			}
		}
		rs = append(rs, refus)
	}
	return rs
}
