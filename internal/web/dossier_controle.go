package web

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"guichet.example/internal/guichet"
	"guichet.example/internal/lettre"
)

// dossierControle is the case file of a campaign as one zip: what draws again
// elsewhere (controle.json), what became of each drawn request, and the journal
// about it.
func (s *serveur) dossierControle(v *visite) error {
	id := v.r.PathValue("id")
	x, err := s.g.DossierControle(v.r.Context(), v.a, guichet.ControleID(id))
	if err != nil {
		return err
	}
	return s.archiver(v, "controle-"+id, manifeste{Controle: id}, func(a *archive) error {
		if err := a.ajouterJSON("controle.json", formeControle(x.Controle, x.RaisonSociale)); err != nil {
			return err
		}
		if err := a.ajouter("population.csv", bytes.NewReader(populationCSV(x.Controle))); err != nil {
			return err
		}
		if err := a.ajouter("suites.csv", bytes.NewReader(suitesCSV(x))); err != nil {
			return err
		}
		return a.ajouterJournal(x.Entrees)
	})
}

// populationCSV is the frozen list.
func populationCSV(c *guichet.Controle) []byte {
	return enCSV([]string{"numeroASP", "montant", "tirage"}, func(ligne func(...string)) {
		for _, l := range c.Lignes {
			ligne(string(l.NumeroASP), l.Montant.String(), strconv.Itoa(l.Tirage))
		}
	})
}

// suitesCSV is what became of each drawn request.
func suitesCSV(x *guichet.DossierControle) []byte {
	titres := []string{"tirage", "numeroASP", "etat", "conforme", "observations", "reponseAvant", "reponse", "classement", "recouvrement"}
	return enCSV(titres, func(ligne func(...string)) {
		for i := range x.Tires {
			d := &x.Tires[i]
			u := d.Audit
			if u == nil || u.Controle != x.Controle.ID {
				ligne(strconv.Itoa(i+1), string(d.NumeroASP), "à ouvrir", "", "", "", "", "", "")
				continue
			}
			conforme, avant := "", ""
			if u.Conforme != nil {
				conforme = map[bool]string{true: "oui", false: "non"}[*u.Conforme]
			}
			if !u.Avant.Nul() {
				avant = u.Avant.ISO()
			}
			ligne(strconv.Itoa(i+1), string(d.NumeroASP), etatAudit(u), conforme, lettre.SansFormule(u.Observations), avant, lettre.SansFormule(u.Reponse), lettre.SansFormule(u.Classe), u.Recouvrement.String())
		}
	})
}

// etatAudit is where the control of one request stands, in French.
func etatAudit(u *guichet.Audit) string {
	switch {
	case u == nil:
		return "à ouvrir"
	case u.Conforme == nil:
		return "constat attendu"
	case *u.Conforme:
		return "conforme"
	case u.Recouvre:
		return "recouvrement ordonné"
	case u.Classe != "":
		return "classé"
	case u.Reponse != "":
		return "réponse reçue"
	}
	return "réponse attendue"
}

// enCSV writes a table for spreadsheets and programs alike.
func enCSV(titres []string, f func(ligne func(...string))) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	_ = w.Write(titres) // memory takes all
	f(func(cellules ...string) { _ = w.Write(cellules) })
	w.Flush()
	return b.Bytes()
}
