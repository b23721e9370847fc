package web

import (
	"net/http"
	"net/url"
	"slices"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsDemande is one request: what it says, where it stands, what can be done.
type corpsDemande struct {
	Demande            *guichet.Demande
	Fournisseur        *guichet.Fournisseur
	Agent              bool
	Tour               string // who acts next; "" = nobody
	MonTour            bool
	Retard             bool
	Blocs              []blocVu
	Calcul             []segur.Etape
	Pieces             []pieceVue
	Historique         []guichet.Passage
	Alertes            []guichet.Alerte
	Actes              []guichet.Acte
	Formulaire         formulaireActes
	Deposer            bool // pieces may be added
	Suite              suiteDemande
	Vue                *pieceVue // the document shown beside the request; nil = none
	Verifiees          []verificationVue
	LireLot            bool
	LireLettre         bool
	Repondre           bool // to a finding
	Classer            bool // the finding
	Tranche            bool // its outcome may be given
	Forcer             bool // its status, in a sandbox
	Dossier            bool // its case file can be exported
	Effacer            bool // what it says of people can be asked to be erased
	PasEffacer         string
	LirePiece          bool
	Notes              []guichet.Note
	LireNotes          bool
	Noter              bool
	Instructeur        string            // who examines it; "" = nobody
	Avant, Apres       guichet.NumeroASP // its neighbours in the queue
	VueAvant, VueApres string            // the documents before and behind the one shown; "" = none
	VuePDF             bool              // the portal draws PDF documents itself
}

// Verdict tells whether the a posteriori control found the request right.
func (c corpsDemande) Verdict() bool {
	a := c.Demande.Audit
	return a != nil && a.Conforme != nil && *a.Conforme
}

// suiteDemande is what a form on the page of a request has just ended in.
type suiteDemande struct {
	Erreur   string
	Constats []segur.Constat
	Refusees []guichet.RefusPiece
	Saisie   url.Values // what was typed, to be typed no second time
}

// blocVu is one block of a request's fields.
type blocVu struct {
	Titre  string
	Champs []champVu
}

type champVu struct {
	Titre, Balise, Valeur string
	Comparer              bool // must match the document
	Vise                  bool // a modification was asked of it
}

// verificationVue is one question of the check-list with its answer.
type verificationVue struct{ Libelle, Reponse string }

// compares are the fields that an officer compares with the document.
var compares = []string{"commande.dateCommande", "commande.montantSegurHT", "commande.regimeTVA", "beneficiaire.FINESSGeo", "beneficiaire.nomResponsable",
	"commande.numeroFacture", "commande.dateFacture", "commande.montantFactureHT", "commande.dateVA"}

func (s *serveur) demande(v *visite) error {
	return s.pageDemande(v, http.StatusOK, guichet.NumeroASP(v.r.PathValue("numeroASP")), suiteDemande{})
}

// pageDemande shows a request after whatever a form has ended in.
func (s *serveur) pageDemande(v *visite, statut int, n guichet.NumeroASP, suite suiteDemande) error {
	x, err := s.g.Demande(v.r.Context(), v.a, n)
	if err != nil {
		return err
	}
	j, err := s.g.JeuDuJour(x.Demande.Type)
	if err != nil {
		return err
	}
	d := x.Demande
	c := corpsDemande{Demande: d, Fournisseur: x.Fournisseur, Agent: v.a.Agent(), Tour: d.ProchainActeur(), Historique: x.Historique, Alertes: x.Alertes, Suite: suite,
		Actes: x.ActesOuverts(v.a), Blocs: blocsDe(j, d), LireLot: v.peut(guichet.LireLot), LireLettre: v.peut(guichet.LireLettre), LirePiece: v.peut(guichet.LirePiece)}
	c.MonTour = c.Tour != "" && (c.Tour == "fournisseur") == !c.Agent && (!c.Agent || v.a.A(guichet.Role(c.Tour)))
	c.Retard = !d.Echeance.Nul() && s.g.Aujourdhui().Apres(d.Echeance)
	e, _ := guichet.EtatDe(d.Statut)
	c.Repondre = v.peut(guichet.Repondre) && d.Audit.AttendReponse(s.g.Aujourdhui())
	c.Tranche = d.Audit != nil && d.Audit.Tranche(s.g.Aujourdhui())
	if d.Audit != nil && !c.Tranche { // not before the supplier was heard
		c.Actes = slices.DeleteFunc(c.Actes, func(x guichet.Acte) bool { return x.Action == guichet.Recouvrer })
	}
	c.Classer = c.Tranche && d.Audit.SuiteAttendue() && v.peut(guichet.Classer)
	c.Forcer = s.g.BacASable() && v.peut(guichet.ForcerStatut)
	c.Dossier = v.peut(guichet.ExporterDossier)
	if c.Effacer = v.peut(guichet.EffacerDonnees); c.Effacer {
		if c.PasEffacer, err = s.g.PeutEffacer(v.r.Context(), v.a, n); err != nil {
			return err
		}
	}
	c.Deposer = e.Pieces && v.peut(guichet.DeposerPieces)
	vue := v.r.URL.Query().Get("piece")
	for _, p := range x.Pieces {
		y := pieceVue{p, e.Pieces, s.g.Ouvrable(&p)}
		c.Pieces = append(c.Pieces, y)
		if y.Ouvrable && !y.Effacee() && c.Agent && c.LirePiece && (c.Vue == nil && vue == "" || p.Nom == vue) {
			c.Vue = &c.Pieces[len(c.Pieces)-1]
		}
	}
	for _, q := range guichet.Verifications(d) {
		if r := d.Verifications[q.Code]; r != "" {
			c.Verifiees = append(c.Verifiees, verificationVue{q.Libelle, nomsReponses[r]})
		}
	}
	c.Notes, c.LireNotes, c.Noter = x.Notes, v.peut(guichet.LireNotes), v.peut(guichet.EcrireNote)
	c.VuePDF = s.statiques.visionneusePDF()
	c.voisinerPieces()
	if c.Avant, c.Apres, err = s.g.Voisines(v.r.Context(), v.a, d, tourDe(v.a)); err != nil {
		return err
	}
	if d.AgentID != 0 && v.peut(guichet.Affecter) {
		cs, err := s.g.Instructeurs(v.r.Context(), v.a)
		if err != nil {
			return err
		}
		c.Instructeur = nomAgent(cs, d.AgentID)
	}
	if err := s.preparer(v, &c, j); err != nil {
		return err
	}
	return s.rendre(v, statut, "demande", "Demande "+string(d.NumeroASP), c)
}

// voisinerPieces finds the documents around the one that is shown.
func (c *corpsDemande) voisinerPieces() {
	if c.Vue == nil {
		return
	}
	vu := false
	for i := range c.Pieces {
		switch p := &c.Pieces[i]; {
		case p.Nom == c.Vue.Nom:
			vu = true
		case !p.Arrivee():
		case !vu:
			c.VueAvant = p.Nom
		case c.VueApres == "":
			c.VueApres = p.Nom
		}
	}
}

// preparer finds what the forms choose from, and the computation of the money.
func (s *serveur) preparer(v *visite, c *corpsDemande, j *segur.Jeu) error {
	cs, err := s.g.Campagnes(v.r.Context())
	if err != nil {
		return err
	}
	c.Formulaire = formulaireDe(c.Demande, j, s.g.Aujourdhui(), c.Suite.Saisie)
	for i := range cs {
		if !cs[i].Ouverte(c.Demande.Cree) {
			continue
		}
		c.Formulaire.Tranches = cs[i].Tranches
		regime, _ := texteJSON(c.Demande.Champs["commande.regimeTVA"])
		if k, err := cs[i].Bareme.Calculer(c.Demande.Montants.HT, regime); err == nil && c.Demande.Type == segur.Avance {
			c.Calcul = k.Etapes
		}
		break
	}
	return nil
}

// blocsDe lists the fields of a request as people read them.
func blocsDe(j *segur.Jeu, d *guichet.Demande) []blocVu {
	var bs []blocVu
	for _, b := range j.Blocs {
		x := blocVu{Titre: b.Titre}
		for i := range j.Champs {
			f := &j.Champs[i]
			if f.Bloc != b.Cle || b.Tableau || f.Genre == segur.GenreNul {
				continue
			}
			balise := f.Balise()
			x.Champs = append(x.Champs, champVu{Titre: f.Titre, Balise: balise, Valeur: valeurLisible(f, d.Champs[balise]), Comparer: slices.Contains(compares, balise), Vise: vise(d, f)})
		}
		if len(x.Champs) > 0 {
			bs = append(bs, x)
		}
	}
	return bs
}

// vise tells whether a correction was asked of a field or of its block.
func vise(d *guichet.Demande, f *segur.Champ) bool {
	return d.Statut == guichet.AModifier && d.Modification != nil &&
		(slices.Contains(d.Modification.Cibles, f.Balise()) || f.Bloc != "" && slices.Contains(d.Modification.Cibles, f.Bloc))
}
