package reprise

import (
	"fmt"
	"slices"
	"strings"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// Refusee is a refused request, and what can be done about it.
type Refusee struct {
	*registre.Demande
	Commande    atelier.Commande // made of the ledger, or of the corrected row
	Explication string           // French: what the refusal means
	Remede      string           // French
	Constats    []atelier.Constat
	Prete       bool // nothing is wrong with it any more: it can be prepared again
	Corrigee    bool // Commande comes from a corrected row
}

// Groupe is what is prepared together: one type, one number of the ANS, one
// SIRET.
type Groupe struct {
	Type   segur.TypeDemande
	Entete atelier.Entete
	Jeu    *segur.Jeu
}

// Refusees lists the refused requests of a ledger that nothing stands for yet,
// judged as of today, in the order of the ledger.
func Refusees(r *registre.Registre, jour segur.Jour) ([]*Refusee, error) {
	var rs []*Refusee
	lus := map[*registre.Depot]registre.DepotPrepare{}
	for _, d := range r.Demandes() {
		if d.Statut() != registre.StatutRejetee {
			continue
		}
		depot, lu := lus[d.Depot]
		if !lu {
			var err error
			if depot, err = r.Relire(d.Depot); err != nil {
				return nil, err
			}
			lus[d.Depot] = depot
		}
		jeu, err := segur.JeuPour(d.Type, jour)
		if err != nil {
			return nil, err
		}
		x := &Refusee{Demande: d, Commande: atelier.DepuisRegistre(jeu, &depot.Demandes[d.Rang-1], r.Chemin)}
		x.Commande.Remplace = d.NumeroEditeur
		if d.Type == segur.Solde {
			x.Commande.Numero = d.NumeroEditeur
			x.Commande.Poser(jeu, "numeroASP", string(segur.AppendTexteJSON(nil, d.NumeroAvance)))
		}
		x.expliquer(jeu)
		rs = append(rs, x)
	}
	return rs, juger(rs, jour)
}

// juger controls requests by the engine, group by group.
func juger(rs []*Refusee, jour segur.Jour) error {
	return ParGroupe(rs, jour, func(g Groupe, rs []*Refusee) error {
		cs := make([]atelier.Commande, len(rs))
		for i := range rs {
			cs[i] = rs[i].Commande
			rs[i].Constats = nil
		}
		ks, err := atelier.Controler(&atelier.Cadre{Jeu: g.Jeu, Jour: jour, Entete: g.Entete}, cs)
		for _, k := range ks {
			rs[k.Rang-1].Constats = append(rs[k.Rang-1].Constats, k)
		}
		for _, x := range rs {
			x.conclure()
		}
		return err
	})
}

// conclure says whether the request can go again. One that our control finds
// good, refused for a reason that we cannot know, waits for a person.
func (x *Refusee) conclure() {
	x.Prete = !atelier.Refuse(x.Constats) && (x.Corrigee || x.guerie())
	if k := slices.IndexFunc(x.Constats, func(k atelier.Constat) bool { return k.Gravite == segur.Erreur }); k >= 0 && x.Remede == "" {
		x.Explication, x.Remede = x.Constats[k].Message, x.Constats[k].Remede
	}
}

// guerie tells a refusal whose cause is known and gone: its number was used
// before, or our control gives the same code and does not find it any more.
func (x *Refusee) guerie() bool {
	c, ok := segur.LireCode(x.Code)
	if !ok {
		return false
	}
	if c == segur.CodeNumeroBrule {
		return true
	}
	if _, portail := entreePortail(c); portail {
		return false
	}
	jeu, err := segur.JeuPour(x.Type, segur.JourExemple)
	if err != nil {
		return false
	}
	_, connu := jeu.Entree(c)
	return connu
}

// expliquer says what a refusal means when its code is one of our catalogue.
// The agency's codes are not public, and the same four digits may mean
// something else there: a label that is not ours stays in front, as received.
func (x *Refusee) expliquer(jeu *segur.Jeu) {
	x.Explication = x.Libelle
	c, ok := segur.LireCode(x.Code)
	if !ok {
		return
	}
	e, portail := entreePortail(c)
	if !portail {
		if e, ok = jeu.Entree(c); !ok {
			return
		}
	}
	recu := x.recu(jeu, e.Balise)
	if portail {
		e.Message = strings.ReplaceAll(e.Message, "{recu}", recu)
	}
	e = e.Lisible()
	x.Explication, x.Remede = e.Message, e.Remede
	if portail && strings.Contains(x.Explication, "…") { // a word that only the agency knows
		x.Explication = e.Titre + " : " + recu
	}
	if x.Libelle != "" && x.Libelle != e.Titre {
		x.Explication = x.Libelle + " (d’après notre catalogue : " + x.Explication + ")"
	}
}

// recu is the refused value as the ledger has it.
func (x *Refusee) recu(jeu *segur.Jeu, balise string) string {
	switch balise {
	case "numeroEditeur":
		return "« " + x.NumeroEditeur + " »"
	case "numeroASP":
		return segur.Visible(x.NumeroAvance, 40)
	case "commande.montantSegurHT":
		return x.Montants.HT.Francais()
	}
	return segur.Visible(x.Commande.Valeur(jeu, balise), 60)
}

func entreePortail(c segur.Code) (segur.Entree, bool) {
	es := segur.CataloguePortail()
	if i := slices.IndexFunc(es, func(e segur.Entree) bool { return e.Code == c }); i >= 0 {
		return es[i], true
	}
	return segur.Entree{}, false
}

// ParGroupe calls f for each group of requests, in the order of the first of
// each.
func ParGroupe(rs []*Refusee, jour segur.Jour, f func(g Groupe, rs []*Refusee) error) error {
	type cle struct {
		t          segur.TypeDemande
		ans, siret string
	}
	groupes := map[cle][]*Refusee{}
	var ordre []cle
	for _, x := range rs {
		k := cle{x.Type, x.Depot.NumeroAns, x.Depot.SIRET}
		if groupes[k] == nil {
			ordre = append(ordre, k)
		}
		groupes[k] = append(groupes[k], x)
	}
	for _, k := range ordre {
		jeu, err := segur.JeuPour(k.t, jour)
		if err != nil {
			return err
		}
		if err := f(Groupe{k.t, atelier.Entete{NumeroAns: k.ans, SIRET: k.siret}, jeu}, groupes[k]); err != nil {
			return err
		}
	}
	return nil
}

// Phrase is one refused request for a terminal.
func (x *Refusee) Phrase() string {
	s := fmt.Sprintf("%s, officine %s, refusée", x.NumeroEditeur, segur.Visible(x.FINESSGeo, 20))
	if e := registre.DireExtras(x.Extras); e != "" {
		s = fmt.Sprintf("%s, officine %s, %s, refusée", x.NumeroEditeur, segur.Visible(x.FINESSGeo, 20), e)
	}
	if x.Code != "" {
		s += " (" + x.Code + ")"
	}
	if x.Explication != "" {
		s += " : " + segur.Visible(x.Explication, 300)
	}
	switch {
	case x.Corrigee && x.Prete:
		return s + " → corrigée"
	case x.Prete:
		return s + " → peut repartir telle quelle sous un nouveau numéro"
	case x.Remede != "":
		return s + " → " + segur.Visible(x.Remede, 300)
	}
	return s + " → notre contrôle n’y trouve rien à redire : voyez le libellé de l’agence, puis corrigez la ligne"
}
