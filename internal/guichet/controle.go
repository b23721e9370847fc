package guichet

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"guichet.example/internal/tirage"
	"guichet.example/segur"
)

// StatutControle is where an audit campaign stands.
type StatutControle string

// The statuses of an audit campaign.
const (
	ControleFige StatutControle = "fige" // its population is frozen, the seed not known
	ControleTire StatutControle = "tire" // its requests are drawn
)

// Controle is a campaign of audits a posteriori: a written rule, the paid
// requests that it covers, frozen and hashed before anybody knows the seed,
// then a draw that anybody can do again.
type Controle struct {
	ID        ControleID
	Statut    StatutControle
	Libelle   string
	Regle     ReglePopulation
	Nombre    int    // size of the population
	Empreinte string // of the population, "sha256:…"
	ATirer    int    // fixed with the population
	FigePar   string // account
	Fige      time.Time
	Methode   string // of the draw
	Graine    string // public, given after the population
	Source    string // where the seed can be read by anybody
	TirePar   string
	Tire      time.Time
	Lignes    []LigneControle `json:"-"` // the population in its order; of one campaign read alone
}

// LigneControle is one request of a population.
type LigneControle struct {
	NumeroASP NumeroASP
	Montant   segur.Montant // paid, when it was frozen
	Tirage    int           // place in the draw, from 1; 0 = not drawn
	Ecart     string        // why its control could not be opened; "" = it was
}

// ReglePopulation says which paid requests a campaign covers. Zero members
// cover all.
type ReglePopulation struct {
	Type          segur.TypeDemande
	Du, Au        segur.Jour // of the settlement, both included
	FournisseurID FournisseurID
	Min, Max      segur.Montant // of what was paid, both included
}

// Texte is the rule in words; raison names the supplier of the rule.
func (r ReglePopulation) Texte(raison string) string {
	t := "Demandes payées"
	switch r.Type {
	case segur.Avance:
		t = "Avances payées"
	case segur.Solde:
		t = "Soldes payés"
	}
	if r.FournisseurID != 0 {
		t += " de " + raison
	}
	switch {
	case !r.Du.Nul() && !r.Au.Nul():
		t += ", réglées du " + r.Du.String() + " au " + r.Au.String()
	case !r.Du.Nul():
		t += ", réglées à partir du " + r.Du.String()
	case !r.Au.Nul():
		t += ", réglées jusqu’au " + r.Au.String()
	}
	if r.Min > 0 {
		t += ", de " + r.Min.Francais() + " au moins"
	}
	if r.Max > 0 {
		t += ", de " + r.Max.Francais() + " au plus"
	}
	return t + "."
}

// couvre judges one paid request; regle is the day of its settlement.
func (r ReglePopulation) couvre(d *Demande, regle segur.Jour) bool {
	return (r.Du.Nul() || !r.Du.Apres(regle)) && (r.Au.Nul() || !regle.Apres(r.Au)) &&
		d.Montants.Verse >= r.Min && (r.Max == 0 || d.Montants.Verse <= r.Max)
}

// Controles keeps audit campaigns.
type Controles interface {
	AjouterControle(*Controle) error        // with its lines
	Controle(ControleID) (*Controle, error) // with its lines
	Controles(max int) ([]Controle, error)  // newest first, without lines
	MajControle(*Controle) error            // with the lines that are drawn
}

// Bounds of a campaign.
const (
	tiragesMax     = 2000
	partPopulation = 5000 // requests read at once
)

// NouveauControle is a campaign to be frozen.
type NouveauControle struct {
	Libelle string
	Regle   ReglePopulation
	ATirer  int
}

// FigerControle freezes the population of a new campaign: from then on nothing
// of it changes, and its hash can be published. Controleurs call it.
func (g *Guichet) FigerControle(ctx context.Context, a *Acteur, q NouveauControle) (*Controle, error) {
	if err := g.Autoriser(ctx, a, FigerControle, ""); err != nil {
		return nil, err
	}
	if err := q.controler(); err != nil {
		return nil, err
	}
	c := &Controle{Statut: ControleFige, Libelle: strings.TrimSpace(q.Libelle), Regle: q.Regle, ATirer: q.ATirer, FigePar: a.Identifiant, Methode: tirage.Methode}
	var err error
	if c.Lignes, err = g.population(ctx, q.Regle); err != nil {
		return nil, err
	}
	if len(c.Lignes) < q.ATirer {
		return nil, erreur(Invalide, "La règle ne couvre que %d demandes payées : il n’y en a pas %d à tirer. Élargissez la règle ou tirez-en moins.", len(c.Lignes), q.ATirer)
	}
	p, err := tirage.Figer(c.numeros())
	if err != nil {
		return nil, err
	}
	c.Nombre, c.Empreinte = p.Nombre(), p.Empreinte()
	err = g.faire(ctx, operation{acteur: a, action: FigerControle}, func(tx Tx, o *operation) (any, string, error) {
		n, err := tx.Suivant("controle", 1)
		if err != nil {
			return nil, "", err
		}
		c.Fige = g.m.Horloge()
		c.ID = ControleID(fmt.Sprintf("CTL-%d-%04d", g.Aujourdhui().Annee, n))
		o.objet = string(c.ID)
		return c, fmt.Sprintf("%d demandes, %s, %d à tirer", c.Nombre, c.Empreinte, c.ATirer), tx.AjouterControle(c)
	})
	return c, err
}

func (q *NouveauControle) controler() error {
	r := &q.Regle
	switch {
	case exigerTexte("libelle", q.Libelle) != nil || len([]rune(q.Libelle)) > 200:
		return erreur(Invalide, "Donnez à la campagne un nom de 1 à 200 caractères.")
	case q.ATirer < 1 || q.ATirer > tiragesMax:
		return erreur(Invalide, "Le nombre de demandes à tirer vaut %d ; attendu : de 1 à %d.", q.ATirer, tiragesMax)
	case r.Type != "" && r.Type != segur.Avance && r.Type != segur.Solde:
		return erreur(Invalide, "Le type vaut avance, solde, ou rien pour les deux.")
	case !r.Du.Nul() && !r.Au.Nul() && r.Du.Apres(r.Au):
		return erreur(Invalide, "La période finit le %s, avant de commencer le %s.", r.Au, r.Du)
	case r.Min < 0 || r.Max < 0 || r.Max > 0 && r.Min > r.Max:
		return erreur(Invalide, "Les montants vont de %s à %s : le premier dépasse le second, ou est négatif.", r.Min.Francais(), r.Max.Francais())
	}
	return nil
}

// population reads what a rule covers, in the order of the requests. It is read
// before the transaction: a paid request stays paid.
func (g *Guichet) population(ctx context.Context, r ReglePopulation) (ls []LigneControle, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		ls = nil
		regles, err := joursRegles(tx)
		if err != nil {
			return err
		}
		f := Filtre{FournisseurID: r.FournisseurID, Statut: Payee, Type: r.Type, Max: partPopulation}
		for {
			ds, err := tx.Demandes(f)
			if err != nil {
				return err
			}
			for i := range ds {
				if d := &ds[i]; r.couvre(d, regles[d.LotID]) {
					ls = append(ls, LigneControle{NumeroASP: d.NumeroASP, Montant: d.Montants.Verse})
				}
			}
			if len(ds) < partPopulation {
				return nil
			}
			f.Apres = ds[len(ds)-1].Serie
		}
	})
	return ls, err
}

// joursRegles is the day of settlement by batch.
func joursRegles(tx Tx) (map[LotID]segur.Jour, error) {
	const tous = 1 << 30
	ls, err := tx.Lots(tous)
	js := make(map[LotID]segur.Jour, len(ls))
	for i := range ls {
		js[ls[i].ID] = ls[i].Regle
	}
	return js, err
}

// numeros lists the population for the draw.
func (c *Controle) numeros() []string {
	ns := make([]string, len(c.Lignes))
	for i := range c.Lignes {
		ns[i] = string(c.Lignes[i].NumeroASP)
	}
	return ns
}

// Tires lists the drawn requests in the order of the draw.
func (c *Controle) Tires() []LigneControle {
	ts := make([]LigneControle, 0, c.ATirer)
	for _, l := range c.Lignes {
		if l.Tirage > 0 {
			ts = append(ts, l)
		}
	}
	slices.SortFunc(ts, func(a, b LigneControle) int { return cmp.Compare(a.Tirage, b.Tirage) })
	return ts
}

// Rejouer draws again from the frozen population and the seed, and says in its
// error what differs; nil = the same draw. An unfinished campaign is an error
// that does not wrap [tirage.ErrAutre].
func (c *Controle) Rejouer() error {
	if c.Statut != ControleTire {
		return fmt.Errorf("le contrôle %s n’est pas encore tiré : il n’y a rien à rejouer", c.ID)
	}
	t := tirage.Tirage{Methode: c.Methode, Nombre: c.Nombre, Empreinte: c.Empreinte, Graine: c.Graine}
	for _, l := range c.Tires() {
		t.Tires = append(t.Tires, string(l.NumeroASP))
	}
	if len(t.Tires) != c.ATirer {
		return fmt.Errorf("%w : %d demandes sont marquées comme tirées ; annoncé : %d", tirage.ErrAutre, len(t.Tires), c.ATirer)
	}
	return tirage.Rejouer(c.numeros(), t)
}

// Controle shows one campaign with its population.
func (g *Guichet) Controle(ctx context.Context, a *Acteur, id ControleID) (c *Controle, err error) {
	if err := g.Autoriser(ctx, a, LireControle, string(id)); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		c, err = tx.Controle(id)
		return absent(err, "Ce contrôle n’existe pas.")
	})
	return c, err
}

// PopulationControle is [Guichet.Controle] for an export of its population; the
// reading is journalled.
func (g *Guichet) PopulationControle(ctx context.Context, a *Acteur, id ControleID) (*Controle, error) {
	c, err := g.Controle(ctx, a, id)
	if err == nil {
		err = g.noterLecture(ctx, a, LireControle, string(id), fmt.Sprintf("population ; demandes lues : %d", len(c.Lignes)))
	}
	return c, err
}

// Controles lists campaigns, newest first, without their populations, and the
// suppliers that rules may name.
func (g *Guichet) Controles(ctx context.Context, a *Acteur, max int) (cs []Controle, fs []Fournisseur, err error) {
	if err := g.Autoriser(ctx, a, LireControle, ""); err != nil {
		return nil, nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if cs, err = tx.Controles(max); err == nil {
			fs, err = tx.Fournisseurs()
		}
		return err
	})
	return cs, fs, err
}

// TiragesPublics lists what anybody may know of campaigns, newest first: no
// rule, no population, nobody's account. It is published before the seed is
// known, so that the draw can be checked.
func (g *Guichet) TiragesPublics(ctx context.Context) (ps []Controle, err error) {
	const publies = 200
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		cs, err := tx.Controles(publies)
		ps = make([]Controle, len(cs))
		for i, c := range cs {
			ps[i] = Controle{ID: c.ID, Statut: c.Statut, Nombre: c.Nombre, Empreinte: c.Empreinte, ATirer: c.ATirer, Fige: c.Fige, Methode: c.Methode, Graine: c.Graine, Source: c.Source, Tire: c.Tire}
		}
		return err
	})
	return ps, err
}
