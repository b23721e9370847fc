package web

import (
	"net/http"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsLots is the list of payment batches, and what can enter a new one.
type corpsLots struct {
	Lots     []guichet.Lot
	Preparer bool
	Payables []demandeVue
	Total    segur.Montant // of the payables shown
	Reste    bool
	Erreur   string
}

const (
	lotsMax     = 100
	payablesMax = 200
	lotMax      = 50_000 // payments of one batch, as the service has it
)

func (s *serveur) lots(v *visite) error { return s.pageLots(v, http.StatusOK, "") }

func (s *serveur) pageLots(v *visite, statut int, erreur string) (err error) {
	c := corpsLots{Preparer: v.peut(guichet.PreparerLot), Erreur: erreur}
	if c.Lots, err = s.g.Lots(v.r.Context(), v.a, lotsMax); err != nil {
		return err
	}
	if c.Preparer {
		if c.Payables, err = s.payables(v, payablesMax+1); err != nil {
			return err
		}
		if c.Reste = len(c.Payables) > payablesMax; c.Reste {
			c.Payables = c.Payables[:payablesMax]
		}
		for i := range c.Payables {
			c.Total += c.Payables[i].APayer()
		}
	}
	return s.rendre(v, statut, "lots", "Paiements", c)
}

// payables lists what can enter a batch: awarded, or sent back by the bank, and
// in no batch yet.
func (s *serveur) payables(v *visite, max int) ([]demandeVue, error) {
	var libres []demandeVue
	for _, statut := range []guichet.Statut{guichet.PaiementRejete, guichet.Decidee} {
		err := s.g.ParcourirDemandes(v.r.Context(), v.a, guichet.Filtre{Statut: statut}, func(ds []guichet.Demande, ps map[guichet.NumeroASP][]guichet.Piece) (bool, error) {
			for i := range ds {
				if payable(&ds[i]) && len(libres) < max {
					libres = append(libres, s.vue(&ds[i], ps[ds[i].NumeroASP]))
				}
			}
			return len(libres) < max, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return libres, nil
}

// payable tells a request that no batch holds and that is worth something.
func payable(d *guichet.Demande) bool { return d.LotID == "" && d.APayer() > 0 }

// preparerLot freezes a batch of the requests ticked, or of all that can be
// paid.
func (s *serveur) preparerLot(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	var ns []guichet.NumeroASP
	for _, n := range v.r.PostForm["numeros"] {
		ns = append(ns, guichet.NumeroASP(n))
	}
	if v.champ("portee") == "toutes" {
		ns = nil
		for _, statut := range []guichet.Statut{guichet.PaiementRejete, guichet.Decidee} {
			xs, err := s.numeros(v, guichet.Filtre{Statut: statut, Max: lotMax - len(ns)}, payable)
			if err != nil {
				return err
			}
			ns = append(ns, xs...)
		}
	}
	if len(ns) == 0 {
		return s.pageLots(v, http.StatusUnprocessableEntity, "Cochez au moins une demande, ou choisissez toutes celles qui sont à payer.")
	}
	l, err := s.g.PreparerLot(v.r.Context(), v.a, ns, guichet.Appel{})
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit, guichet.Inconnu:
		phrase, _, _ := phraseDe(err)
		return s.pageLots(v, statutDe(guichet.GenreDe(err)), phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/lots/" + string(l.ID) + "?fait=lot")
}

// corpsLot is one batch.
type corpsLot struct {
	Lot       *guichet.Lot
	Moi       bool // who visits prepared it
	Approuver bool
	Regler    bool // returns and settlement can be noted
	Virement  bool
	Rejets    int
	Approuve  segur.Jour // first day that can be its settlement's
	Jour      segur.Jour
	Masquees  int // payments that the page leaves out
	Erreur    string
}

// lignesLot is how many payments a page lists.
const lignesLot = 1000

func (s *serveur) lot(v *visite) error { return s.pageLot(v, http.StatusOK, "") }

func (s *serveur) pageLot(v *visite, statut int, erreur string) error {
	l, err := s.g.Lot(v.r.Context(), v.a, guichet.LotID(v.r.PathValue("id")))
	if err != nil {
		return err
	}
	c := corpsLot{Lot: l, Moi: l.PreparePar == v.a.ID, Approuve: s.g.JourA(l.Approuve), Jour: s.g.Aujourdhui(), Erreur: erreur}
	c.Approuver = l.Statut == guichet.LotPrepare && v.peut(guichet.ApprouverLot) && !c.Moi
	c.Regler = l.Statut == guichet.LotApprouve && v.peut(guichet.ReglerLot)
	c.Virement = l.Statut != guichet.LotPrepare && v.peut(guichet.LireVirement)
	for _, x := range l.Lignes {
		if x.Rejet != "" {
			c.Rejets++
		}
	}
	if len(l.Lignes) > lignesLot {
		c.Masquees = len(l.Lignes) - lignesLot
	}
	return s.rendre(v, statut, "lot", "Lot de paiement", c)
}

// Lignes are the payments that the page lists.
func (c corpsLot) Lignes() []guichet.LigneLot {
	return c.Lot.Lignes[:min(len(c.Lot.Lignes), lignesLot)]
}

// agirLot approves a batch, notes what the bank sent back, or settles it.
func (s *serveur) agirLot(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	id := guichet.LotID(v.r.PathValue("id"))
	q := guichet.ActeLot{Action: guichet.Action(v.champ("acte"))}
	q.Date, q.Defaut = jourLu(v.champ("date"))
	if n := v.champ("numero"); n != "" {
		q.Retours = append(q.Retours, guichet.RetourBanque{NumeroASP: guichet.NumeroASP(strings.ToUpper(n)), Motif: strings.ToUpper(v.champ("motif"))})
	}
	_, err := s.g.AgirLot(v.r.Context(), v.a, id, q, guichet.Appel{})
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		phrase, _, _ := phraseDe(err)
		return s.pageLot(v, statutDe(guichet.GenreDe(err)), phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/lots/" + string(id) + "?fait=acte")
}

// virement is the payment file of an approved batch.
func (s *serveur) virement(v *visite) error {
	id := v.r.PathValue("id")
	b, err := s.g.Virement(v.r.Context(), v.a, guichet.LotID(id))
	if err != nil {
		return err
	}
	v.telecharger("virement-"+id+".xml", "application/xml", b)
	return nil
}
