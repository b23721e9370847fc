package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/lettre"
)

// corpsPaiements is what one supplier was paid, batch by batch.
type corpsPaiements struct {
	Agent        bool
	Fournisseurs []guichet.Fournisseur // to choose from; agents only
	Choisi       guichet.FournisseurID
	Paiements    []guichet.Paiement
}

// Suite is what an agent's addresses carry: whose notice it is.
func (c corpsPaiements) Suite() string {
	if !c.Agent {
		return ""
	}
	return "?fournisseur=" + strconv.FormatInt(int64(c.Choisi), 10)
}

// fournisseurChoisi reads whose payments an agent asks for; 0 = nobody's.
func fournisseurChoisi(v *visite) (guichet.FournisseurID, error) {
	t := v.r.URL.Query().Get("fournisseur")
	if t == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(t, 10, 64)
	if err != nil || n < 1 {
		return 0, illisible("Ce fournisseur n’existe pas : choisissez-le dans la liste.")
	}
	return guichet.FournisseurID(n), nil
}

func (s *serveur) paiements(v *visite) (err error) {
	c := corpsPaiements{Agent: v.a.Agent()}
	if c.Choisi, err = fournisseurChoisi(v); err != nil {
		return err
	}
	if c.Agent {
		if c.Fournisseurs, err = s.g.Payes(v.r.Context(), v.a); err != nil {
			return err
		}
	}
	if !c.Agent || c.Choisi != 0 {
		if c.Paiements, err = s.g.Paiements(v.r.Context(), v.a, c.Choisi); err != nil {
			return err
		}
	}
	return s.rendre(v, http.StatusOK, "paiements", "Avis de paiement", c)
}

// paiement is one payment notice: a page, or PDF or CSV by the end of its
// address.
func (s *serveur) paiement(v *visite) error {
	f, err := fournisseurChoisi(v)
	if err != nil {
		return err
	}
	id, pdf := strings.CutSuffix(v.r.PathValue("lot"), ".pdf")
	id, csv := strings.CutSuffix(id, ".csv")
	if pdf && csv {
		return inconnu("Cet avis de paiement n’existe pas.")
	}
	x, p, err := s.g.PaiementDe(v.r.Context(), v.a, f, guichet.LotID(id))
	if err != nil {
		return err
	}
	y := paiementLettre(x, p)
	nom := "avis-de-paiement-" + y.Lot
	if csv {
		var b bytes.Buffer
		if err := lettre.AvisCSV(&b, y); err != nil {
			return err
		}
		v.telecharger(nom+".csv", "text/csv; charset=utf-8", b.Bytes())
		return nil
	}
	midi := time.Date(p.Date.Annee, time.Month(p.Date.Mois), p.Date.Jour, 12, 0, 0, 0, s.o.Zone)
	d, err := lettre.Avis(s.cadreLettre(x, midi, "AVIS-"+y.Lot+"-F"+strconv.FormatInt(int64(x.ID), 10), ""), y)
	if err != nil {
		return err
	}
	return s.rendreLettre(v, d, nom, pdf)
}

// lotCourt is how a notice names a batch: as much of its identifier as people
// can read to each other.
func lotCourt(id guichet.LotID) string { return strings.ToUpper(string(id[:min(len(id), 12)])) }

func paiementLettre(f *guichet.Fournisseur, p *guichet.Paiement) lettre.Paiement {
	x := lettre.Paiement{Lot: lotCourt(p.Lot), Date: p.Date, IBAN: f.IBAN, Partiel: p.Partiel}
	for i := range p.Lignes {
		l := &p.Lignes[i]
		x.Lignes = append(x.Lignes, lettre.LignePayee{Demande: demandeLettre(&l.Demande), Montant: l.Montant, Etapes: l.Etapes})
	}
	for _, r := range p.Retenues {
		x.Retenues = append(x.Retenues, lettre.Retenue{Reference: r.Reference, NumeroASP: string(r.NumeroASP), Montant: r.Montant})
	}
	return x
}
