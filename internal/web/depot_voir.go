package web

import (
	"mime"
	"net/http"

	"guichet.example/internal/guichet"
)

// depotsMax is how many deposits the list shows.
const depotsMax = 200

// corpsDepots is the list of deposits.
type corpsDepots struct {
	Agent  bool
	Depots []guichet.Depot
	Max    int // how many the list shows when there are more; 0 = all are there
}

func (s *serveur) depots(v *visite) error {
	ds, err := s.g.Depots(v.r.Context(), v.a, depotsMax+1)
	if err != nil {
		return err
	}
	c := corpsDepots{Agent: v.a.Agent(), Depots: ds}
	if len(ds) > depotsMax {
		c.Depots, c.Max = ds[:depotsMax], depotsMax
	}
	return s.rendre(v, http.StatusOK, "depots", "Dépôts", c)
}

// corpsDepot is one deposit: its answer and its pieces.
type corpsDepot struct {
	Depot      *guichet.Depot
	Rapport    *rapportVu
	Couverture couvertureVue
	Demandes   []guichet.Demande
	Deposer    bool                    // pieces may be added
	Envois     []guichet.Televersement // archives that were cut short
	Erreur     string
}

// couvertureVue is the table of pieces, request by request.
type couvertureVue struct {
	Complete  bool
	Recues    int
	Attendues int
	Lignes    []pieceVue
	Refusees  []guichet.RefusPiece
}

type pieceVue struct {
	guichet.Piece
	Ouverte  bool // may be added or replaced now
	Ouvrable bool // can be shown: it is there, and clean where a scanner is set
}

// Arrivee tells a piece that is there.
func (p pieceVue) Arrivee() bool { return p.SHA256 != "" }

// voirCouverture lists pieces in the order of the requests.
func (s *serveur) voirCouverture(c *guichet.Couverture, ds []guichet.Demande) couvertureVue {
	x := couvertureVue{Complete: c.Complete(), Recues: len(c.Recues), Attendues: len(c.Recues) + len(c.Manquantes), Refusees: c.Refusees}
	par := map[guichet.NumeroASP][]guichet.Piece{}
	for _, ps := range [][]guichet.Piece{c.Manquantes, c.Recues} {
		for _, p := range ps {
			par[p.NumeroASP] = append(par[p.NumeroASP], p)
		}
	}
	for i := range ds {
		e, _ := guichet.EtatDe(ds[i].Statut)
		for _, p := range par[ds[i].NumeroASP] {
			x.Lignes = append(x.Lignes, pieceVue{p, e.Pieces, s.g.Ouvrable(&p)})
		}
	}
	return x
}

func (s *serveur) depot(v *visite) error {
	d, err := s.g.Depot(v.r.Context(), v.a, guichet.DepotID(v.r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.pageDepot(v, http.StatusOK, d, nil, "")
}

// pageDepot shows a deposit, with what a sending of pieces has just refused.
func (s *serveur) pageDepot(v *visite, statut int, d *guichet.DepotVu, refusees []guichet.RefusPiece, erreur string) error {
	c := corpsDepot{Depot: d.Depot, Demandes: d.Demandes, Deposer: v.peut(guichet.DeposerPieces) && len(d.Demandes) > 0, Erreur: erreur}
	numeros := map[int]string{}
	for i := range d.Demandes {
		numeros[d.Demandes[i].Rang] = string(d.Demandes[i].NumeroASP)
	}
	j, err := s.g.JeuDuJour(d.Depot.Type)
	if err != nil {
		return err
	}
	if c.Rapport, err = relireRapport(d.Depot.Rapport, j, numeros); err != nil {
		return err
	}
	if c.Deposer {
		if c.Envois, err = s.g.TeleversementsDe(v.r.Context(), v.a, d.Depot.ID); err != nil {
			return err
		}
	}
	c.Couverture = s.voirCouverture(&d.Couverture, d.Demandes)
	c.Couverture.Refusees = refusees
	return s.rendre(v, statut, "depot", "Dépôt "+d.Depot.NomFichier, c)
}

// retour is the returned file, byte for byte.
func (s *serveur) retour(v *visite) error {
	nom, b, err := s.g.Retour(v.r.Context(), v.a, guichet.DepotID(v.r.PathValue("id")))
	if err != nil {
		return err
	}
	v.telecharger(nom, "application/json", b)
	return nil
}

// rapportDepot is the whole report as JSON.
func (s *serveur) rapportDepot(v *visite) error {
	d, err := s.g.Depot(v.r.Context(), v.a, guichet.DepotID(v.r.PathValue("id")))
	if err != nil {
		return err
	}
	v.telecharger("rapport-"+d.Depot.NomFichier, "application/json", d.Depot.Rapport)
	return nil
}

// telecharger sends bytes to keep, not to show.
func (v *visite) telecharger(nom, genre string, b []byte) {
	h := v.w.Header()
	h.Set("Content-Type", genre)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": nom}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(b) // nobody is left to tell
	}
}
