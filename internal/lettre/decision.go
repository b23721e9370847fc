package lettre

import (
	"errors"

	"guichet.example/segur"
)

// Accordee is one request that is granted, and the way to its amount.
type Accordee struct {
	Demande
	Montant  segur.Montant
	Etapes   []segur.Etape
	Remplace *Ancienne // decision that this one replaces; nil = none
}

// Ancienne is a decision that another replaces or withdraws.
type Ancienne struct {
	Refus     bool // else it was an award
	Date      segur.Jour
	Reference string // of its letter; may be empty
	Motif     string // why it is replaced
}

// nom is a decision in a sentence, with its article.
func (a *Ancienne) nom() string {
	t := "la décision d’attribution"
	if a.Refus {
		t = "la décision de refus"
	}
	if a.Reference != "" {
		t += " n°\u00a0" + a.Reference
	}
	return t + " du " + jour(a.Date)
}

// remplacement says which decision a letter replaces, and why.
func remplacement(d Demande, a *Ancienne) []bloc {
	if a == nil {
		return nil
	}
	bs := []bloc{{Titre: "Décision remplacée", Texte: "Pour la demande " + d.NumeroASP + ", la présente décision annule et remplace " + a.nom() + ", qui ne produit plus d’effet."}}
	if a.Motif != "" {
		bs = append(bs, bloc{Texte: "Raison de ce remplacement\u00a0: " + a.Motif})
	}
	return bs
}

// Refusee is one request that is refused, and why.
type Refusee struct {
	Demande
	Motifs   []Motif
	Remplace *Ancienne // decision that this one replaces; nil = none
}

var errVide = errors.New("lettre : il n’y a aucune demande à nommer")

// Attribution is the decision that grants requests of one supplier.
func Attribution(c Cadre, ds []Accordee) (*Document, error) {
	if len(ds) == 0 {
		return nil, errVide
	}
	t := &tableau{
		Legende: "Montant accordé, demande par demande",
		Colonnes: []colonne{
			{Titre: "N° ASP", Part: .2, Fixe: true}, {Titre: "N° éditeur", Part: .12, Fixe: true}, {Titre: "FINESS", Part: .13, Fixe: true},
			{Titre: "Calcul", Part: .4}, {Titre: "Montant", Part: .15, Droite: true, Fixe: true},
		},
	}
	var total segur.Montant
	var bs []bloc
	for _, d := range ds {
		total += d.Montant
		bs = append(bs, remplacement(d.Demande, d.Remplace)...)
		t.Lignes = append(t.Lignes, []string{d.NumeroASP, d.NumeroEditeur, d.Beneficiaire, calcul(d.Etapes), d.Montant.Francais()})
	}
	t.Total = []string{"Total", "", "", demandes(len(ds)), total.Francais()}
	return nouveau(c, GenreAttribution, map[string]string{"demandes": demandes(len(ds)), "total": total.Francais()}, append(bs, bloc{Tableau: t})...)
}

// Refus is the decision that refuses requests of one supplier, each with its
// reasons and what can be done about them.
func Refus(c Cadre, ds []Refusee) (*Document, error) {
	if len(ds) == 0 {
		return nil, errVide
	}
	var bs []bloc
	for _, d := range ds {
		if len(d.Motifs) == 0 {
			return nil, errors.New("lettre : le refus de la demande " + d.NumeroASP + " n’a pas de motif")
		}
		titre := "Demande " + d.NumeroASP + " (n° éditeur " + d.NumeroEditeur + ")"
		bs = append(append(bs, remplacement(d.Demande, d.Remplace)...), motifs(titre, d.Motifs))
	}
	return nouveau(c, GenreRefus, map[string]string{"demandes": demandes(len(ds))}, bs...)
}

// Retrait tells that a decision is withdrawn: the request goes back to
// instruction, and a new decision will follow.
func Retrait(c Cadre, d Demande, a Ancienne) (*Document, error) {
	if a.Motif == "" {
		return nil, errors.New("lettre : le retrait d’une décision dit pourquoi")
	}
	f := fiche("Décision retirée", ligne{"Demande", d.NumeroASP}, ligne{"N° éditeur", d.NumeroEditeur}, ligne{"FINESS", d.Beneficiaire},
		ligne{"Référence", a.Reference}, ligne{"Date", jour(a.Date)}, ligne{"Raison du retrait", a.Motif})
	return nouveau(c, GenreRetrait, map[string]string{"numero": d.NumeroASP, "decision": a.nom()}, f)
}

// Ecart is what a control found against a paid request.
type Ecart struct {
	Demande
	Controle     string // reference of the audit
	Verse        segur.Montant
	Observations string     // may be empty
	Avant        segur.Jour // last day of the supplier's answer
}

// Constat tells a supplier what a control found, and opens the time in which he
// may answer.
func Constat(c Cadre, x Ecart) (*Document, error) {
	if !x.Avant.Valide() {
		return nil, errors.New("lettre : un constat dit jusqu’à quand le fournisseur peut répondre")
	}
	f := fiche("Demande contrôlée", ligne{"Demande", x.NumeroASP}, ligne{"N° éditeur", x.NumeroEditeur}, ligne{"FINESS", x.Beneficiaire}, ligne{"Nature", nature(x.Type)},
		ligne{"Somme versée", x.Verse.Francais()}, ligne{"Constat", "non conforme"}, ligne{"Observations", x.Observations}, ligne{"Réponse au plus tard le", jour(x.Avant)})
	return nouveau(c, GenreConstat, map[string]string{"numero": x.NumeroASP, "controle": x.Controle, "echeance": jour(x.Avant)}, f)
}

// Correction is what the supplier is asked to change in one request.
type Correction struct {
	Demande
	Motifs   []Motif
	Cibles   []Cible
	Echeance segur.Jour
	Message  string // the officer's own words; may be empty
}

// Cible is one thing to correct: the key of the format, and its label.
type Cible struct{ Balise, Libelle string }

// Modification asks the supplier to correct a request before a day.
func Modification(c Cadre, m Correction) (*Document, error) {
	if len(m.Motifs) == 0 || !m.Echeance.Valide() {
		return nil, errors.New("lettre : une demande de modification a des motifs et une échéance")
	}
	bs := []bloc{motifs("Ce qui est à corriger", m.Motifs)}
	if len(m.Cibles) > 0 {
		b := bloc{Titre: "Où corriger"}
		for _, x := range m.Cibles {
			e := element{Fort: x.Libelle, Suite: x.Balise}
			if x.Libelle == "" {
				e.Fort, e.Suite = x.Balise, ""
			}
			b.Liste = append(b.Liste, e)
		}
		bs = append(bs, b)
	}
	if m.Message != "" {
		bs = append(bs, bloc{Titre: "Message de l’instructeur", Texte: m.Message})
	}
	return nouveau(c, GenreModification, map[string]string{"numero": m.NumeroASP, "echeance": jour(m.Echeance)}, bs...)
}

// Indu is what has to be given back for one request.
type Indu struct {
	Demande
	Controle string // reference of the audit
	Verse    segur.Montant
	Montant  segur.Montant
	Motif    string
	Avant    segur.Jour // last day to pay back
	IBAN     string     // where to; "" = set off against later payments only
	// Compensation says that the amount will be taken from later payments
	// unless it is paid back before.
	Compensation bool
}

// Recouvrement is the order to give money back.
func Recouvrement(c Cadre, x Indu) (*Document, error) {
	if x.Montant <= 0 || x.Montant > x.Verse {
		return nil, errors.New("lettre : la somme à recouvrer est de plus de 0 € et au plus de ce qui a été versé")
	}
	var modalites string
	virement := "Versez cette somme avant le " + jour(x.Avant) + " sur le compte " + x.IBAN + ", en indiquant le numéro " + x.NumeroASP + "."
	const imputation = "elle sera déduite de vos prochains paiements, et chaque avis de paiement montrera la déduction"
	switch {
	case x.IBAN == "" && x.Compensation:
		modalites = "Vous n’avez pas de virement à faire\u00a0: " + imputation + "."
	case x.IBAN == "" || !x.Avant.Valide():
		return nil, errors.New("lettre : un ordre de recouvrement dit comment payer et avant quand, ou d’où la somme sera déduite")
	case x.Compensation:
		modalites = virement + " Passé cette date, " + imputation + "."
	default:
		modalites = virement
	}
	f := fiche("Somme à rendre",
		ligne{"Demande", x.NumeroASP}, ligne{"N° éditeur", x.NumeroEditeur}, ligne{"FINESS", x.Beneficiaire}, ligne{"Nature", nature(x.Type)},
		ligne{"Somme versée", x.Verse.Francais()}, ligne{"Somme à rendre", x.Montant.Francais()},
		ligne{"Somme conservée", (x.Verse - x.Montant).Francais()}, ligne{"Motif", x.Motif})
	return nouveau(c, GenreRecouvrement, map[string]string{
		"numero": x.NumeroASP, "total": x.Montant.Francais(), "controle": x.Controle, "modalites": modalites,
	}, f)
}
