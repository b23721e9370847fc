package guichet

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"guichet.example/segur"
)

// Partage is how a rule chooses among its officers.
type Partage string

// The ways to choose.
const (
	ParReste  Partage = "reste"  // the order number of the request, divided by their number, leaves a remainder that names one
	ParCharge Partage = "charge" // the one who has the fewest to examine
)

// RegleAffectation gives requests to officers. The first active rule that
// covers a request decides.
type RegleAffectation struct {
	ID            int64 `json:"-"`
	Nom           string
	Rang          int // the lowest is tried first
	Active        bool
	FournisseurID FournisseurID     // 0 = all
	Type          segur.TypeDemande // "" = both
	Du, Au        int64             // order numbers of requests, both included; 0 = open
	Partage       Partage
	Agents        []CompteID
}

// Bounds of rules.
const (
	reglesMax       = 50
	agentsParRegle  = 100
	applicationMax  = 20_000 // requests that one application gives out
	applicationPart = 200    // in one transaction
)

// couvre tells whether a rule is about a request.
func (r *RegleAffectation) couvre(d *Demande) bool {
	return r.Active && (r.FournisseurID == 0 || r.FournisseurID == d.FournisseurID) && (r.Type == "" || r.Type == d.Type) &&
		(r.Du == 0 || d.Serie >= r.Du) && (r.Au == 0 || d.Serie <= r.Au)
}

// Texte is the rule in words; nom names accounts, raison suppliers.
func (r *RegleAffectation) Texte(nom func(CompteID) string, raison func(FournisseurID) string) string {
	t := "Les demandes"
	switch r.Type {
	case segur.Avance:
		t = "Les avances"
	case segur.Solde:
		t = "Les soldes"
	}
	if r.FournisseurID != 0 {
		t += " de " + raison(r.FournisseurID)
	}
	switch {
	case r.Du != 0 && r.Au != 0:
		t += fmt.Sprintf(", de rang %d à %d", r.Du, r.Au)
	case r.Du != 0:
		t += fmt.Sprintf(", à partir du rang %d", r.Du)
	case r.Au != 0:
		t += fmt.Sprintf(", jusqu’au rang %d", r.Au)
	}
	var noms []string
	for _, a := range r.Agents {
		noms = append(noms, nom(a))
	}
	switch {
	case len(noms) == 1:
		return t + " vont à " + noms[0] + "."
	case r.Partage == ParReste:
		return t + " sont partagées, selon le reste de leur rang divisé par " + fmt.Sprint(len(noms)) + ", entre " + strings.Join(noms, ", ") + "."
	}
	return t + " vont à celui qui en a le moins à instruire, de " + strings.Join(noms, ", ") + "."
}

// repartiteur gives requests out by rules.
type repartiteur struct {
	g       *Guichet
	tx      Tx
	regles  []RegleAffectation
	agents  map[CompteID]Compte
	charges map[CompteID]int // read when a rule first needs it
}

// nouveauRepartiteur reads the rules; without any it reads nothing else.
func (g *Guichet) nouveauRepartiteur(tx Tx) (*repartiteur, error) {
	r := &repartiteur{g: g, tx: tx, agents: map[CompteID]Compte{}}
	var err error
	if r.regles, err = reglesAffectation(tx); err != nil || len(r.regles) == 0 {
		return r, err
	}
	cs, err := instructeurs(tx)
	for _, c := range cs {
		r.agents[c.ID] = c
	}
	return r, err
}

func reglesAffectation(tx Tx) ([]RegleAffectation, error) {
	rs, err := lireReglages(tx, reglageRegle, func(r *RegleAffectation, id int64) { r.ID = id })
	slices.SortStableFunc(rs, func(a, b RegleAffectation) int { return cmp.Compare(a.Rang, b.Rang) })
	return rs, err
}

// choisir finds who gets a request, and by which rule; false when no rule gives
// it to anybody. An officer who may not have it leaves it to the next.
func (r *repartiteur) choisir(d *Demande) (c Compte, nom string, ok bool, err error) {
	for i := range r.regles {
		x := &r.regles[i]
		if !x.couvre(d) {
			continue
		}
		ordre, err := r.ordre(x, d)
		if err != nil {
			return Compte{}, "", false, err
		}
		for _, id := range ordre {
			c, la := r.agents[id]
			if !la {
				continue // no officer any more
			}
			switch err := affectable(r.tx, d, c); GenreDe(err) {
			case Conflit:
				continue
			default:
				if err != nil {
					return Compte{}, "", false, err
				}
			}
			if r.charges != nil {
				r.charges[id]++
			}
			return c, x.Nom, true, nil
		}
		return Compte{}, "", false, nil
	}
	return Compte{}, "", false, nil
}

// ordre lists the officers of a rule, the one who should have the request first.
func (r *repartiteur) ordre(x *RegleAffectation, d *Demande) ([]CompteID, error) {
	ids := slices.Clone(x.Agents)
	if x.Partage == ParReste {
		k := int(d.Serie % int64(len(ids)))
		return append(ids[k:], ids[:k]...), nil
	}
	if r.charges == nil {
		var err error
		if r.charges, err = r.tx.Charges(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(ids, func(a, b CompteID) int { return cmp.Compare(r.charges[a], r.charges[b]) })
	return ids, nil
}

// affecterArrivee gives a request that has just become complete to an officer,
// by the rules; the caller writes the request.
func (g *Guichet) affecterArrivee(tx Tx, d *Demande) error {
	r, err := g.nouveauRepartiteur(tx)
	if err != nil || len(r.regles) == 0 {
		return err
	}
	c, nom, ok, err := r.choisir(d)
	if err != nil || !ok {
		return err
	}
	d.AgentID = c.ID
	return g.journaliser(tx, &operation{acteur: systeme(), action: Affecter, objet: string(d.NumeroASP)}, "fait", "à "+c.Identifiant+" ; règle "+nom)
}

// ReglesAffectation lists the rules in their order, for those who assign.
func (g *Guichet) ReglesAffectation(ctx context.Context, a *Acteur) (rs []RegleAffectation, fs []Fournisseur, err error) {
	if err := g.Autoriser(ctx, a, Affecter, ""); err != nil {
		return nil, nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if rs, err = reglesAffectation(tx); err == nil {
			fs, err = tx.Fournisseurs()
		}
		return err
	})
	return rs, fs, err
}

// ReglerAffectation writes a rule, or a new one when its ID is 0. It is for
// requests that come in from now on; [Guichet.AppliquerRegles] is for those
// that are there.
func (g *Guichet) ReglerAffectation(ctx context.Context, a *Acteur, r RegleAffectation) error {
	return g.faire(ctx, operation{acteur: a, action: GererAffectation, objet: r.Nom}, func(tx Tx, o *operation) (any, string, error) {
		if err := exiger(a, GererAffectation); err != nil {
			return nil, "", err
		}
		rs, err := reglesAffectation(tx)
		if err != nil {
			return nil, "", err
		}
		if err := r.controler(tx, rs); err != nil {
			return nil, "", err
		}
		o.objet = r.Nom
		_, err = poserReglage(tx, reglageRegle, r.ID, r)
		return nil, r.resume(), err
	})
}

func (r *RegleAffectation) resume() string {
	return fmt.Sprintf("rang %d, active %t, fournisseur %d, type %s, du %d au %d, partage %s, agents %v", r.Rang, r.Active, r.FournisseurID, r.Type, r.Du, r.Au, r.Partage, r.Agents)
}

func (r *RegleAffectation) controler(tx Tx, autres []RegleAffectation) error {
	r.Nom = strings.TrimSpace(r.Nom)
	if r.Nom == "" || len([]rune(r.Nom)) > nomVueMax || exigerLisible("nom", r.Nom) != nil {
		return erreur(Invalide, "Une règle a un nom de 1 à %d caractères lisibles.", nomVueMax)
	}
	connue := r.ID == 0
	for i := range autres {
		connue = connue || autres[i].ID == r.ID
		if autres[i].Nom == r.Nom && autres[i].ID != r.ID {
			return erreur(Conflit, "Une autre règle s’appelle déjà « %s ».", r.Nom)
		}
	}
	switch {
	case !connue:
		return erreur(Inconnu, "Cette règle n’existe pas, ou n’existe plus.")
	case r.ID == 0 && len(autres) >= reglesMax:
		return erreur(Conflit, "Il y a déjà %d règles ; retirez-en une.", reglesMax)
	case r.Type != "" && r.Type != segur.Avance && r.Type != segur.Solde:
		return erreur(Invalide, "Le type vaut avance, solde, ou rien pour les deux.")
	case r.Du < 0 || r.Au < 0 || r.Au != 0 && r.Du > r.Au:
		return erreur(Invalide, "Les rangs vont de %d à %d : le premier dépasse le second, ou est négatif.", r.Du, r.Au)
	case r.Partage != ParReste && r.Partage != ParCharge:
		return erreur(Invalide, "Le partage se fait par reste ou par charge.")
	case len(r.Agents) == 0 || len(r.Agents) > agentsParRegle:
		return erreur(Invalide, "Une règle nomme de 1 à %d instructeurs.", agentsParRegle)
	}
	for i, id := range r.Agents {
		if slices.Contains(r.Agents[:i], id) {
			return erreur(Invalide, "Un instructeur est nommé deux fois.")
		}
		if c, err := agentChoisi(tx, id); err != nil || c.ID == 0 {
			return erreur(Invalide, "Un des agents de la règle n’instruit pas de demandes, ou n’est plus actif.")
		}
	}
	return nil
}

// RetirerRegle takes a rule out; what it gave stays given.
func (g *Guichet) RetirerRegle(ctx context.Context, a *Acteur, id int64) error {
	return g.faire(ctx, operation{acteur: a, action: GererAffectation, objet: fmt.Sprintf("règle %d", id)}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, GererAffectation); err != nil {
			return nil, "", err
		}
		return nil, "retirer", oterReglage(tx, reglageRegle, id, "Cette règle n’existe pas, ou n’existe plus.")
	})
}

// AppliquerRegles gives the deposited requests that nobody has to officers, by
// the rules, the oldest first. With apercu nothing changes: the results are what
// it would do. At most 20,000 in one call; another call goes on.
func (g *Guichet) AppliquerRegles(ctx context.Context, a *Acteur, apercu bool) (rs []ResultatAffectation, err error) {
	if err := g.Autoriser(ctx, a, GererAffectation, ""); err != nil {
		return nil, err
	}
	f := Filtre{Statut: Deposee, Libre: true, Max: applicationPart}
	charges := map[CompteID]int(nil)
	for len(rs) < applicationMax {
		var part []ResultatAffectation
		n := 0
		appliquer := func(tx Tx) error {
			part = nil
			ds, err := tx.Demandes(f)
			if n = len(ds); err != nil || n == 0 {
				return err
			}
			f.Apres = ds[n-1].Serie
			part, charges, err = g.appliquer(tx, a, ds, charges, apercu)
			return err
		}
		if apercu {
			err = g.m.Base.Lire(ctx, appliquer)
		} else {
			err = g.m.Base.Ecrire(ctx, appliquer)
		}
		if rs = append(rs, part...); err != nil || n < applicationPart {
			return rs, err
		}
	}
	return rs, nil
}

func (g *Guichet) appliquer(tx Tx, a *Acteur, ds []Demande, charges map[CompteID]int, apercu bool) (rs []ResultatAffectation, _ map[CompteID]int, err error) {
	r, err := g.nouveauRepartiteur(tx)
	if err != nil {
		return nil, nil, err
	}
	if apercu {
		r.charges = charges // nothing was written that the store could count
	}
	for i := range ds {
		d := &ds[i]
		c, nom, ok, err := r.choisir(d)
		if err != nil {
			return nil, nil, err
		}
		x := ResultatAffectation{NumeroASP: d.NumeroASP, Agent: c.Identifiant}
		if !ok {
			x.Motif = "Aucune règle ne la confie à quelqu’un."
		} else if !apercu {
			if err := g.confier(tx, a, d, c, "règle "+nom); err != nil {
				return nil, nil, err
			}
		}
		rs = append(rs, x)
	}
	return rs, r.charges, nil
}
