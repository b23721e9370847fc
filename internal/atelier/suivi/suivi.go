// Package suivi tells where every request of a supplier stands: its money, its
// status, who acts next, and which balances can be claimed.
//
// Start at [Lignes], which reads the ledger, and [Faire], which sums up.
// [Soldables] says of each advance whether its balance can be claimed today.
// The package must never import the workshop above the ledger, reach a network
// or ask for the time.
package suivi

import (
	"slices"
	"strings"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// Etat is a status as people read it, and who acts next when the portal has
// not said.
type Etat struct {
	Statut  string
	Libelle string
	Acteur  string // "fournisseur", "agence", "" = nobody
	Action  string // what the supplier does then; "" = nothing
}

// Etats lists the statuses in the order of a request's life: those of the
// supplier's side, then the portal's.
func Etats() []Etat {
	return []Etat{
		{registre.StatutPreparee, "Préparée", "fournisseur", "segur deposer"},
		{registre.StatutEnvoyee, "Envoyée", "agence", ""},
		{registre.StatutRejetee, "Rejetée au dépôt", "fournisseur", "segur reprendre"},
		{registre.StatutReprise, "Reprise", "", ""},
		{registre.StatutAcceptee, "Acceptée au dépôt", "agence", ""},
		{"incomplete", "Incomplète", "fournisseur", "segur deposer"},
		{"deposee", "Déposée", "agence", ""},
		{"en_instruction", "En instruction", "agence", ""},
		{"a_modifier", "À modifier", "fournisseur", "corriger sur le portail"},
		{"validee", "Validée", "agence", ""},
		{"decidee", "Décidée", "agence", ""},
		{"mise_en_paiement", "Mise en paiement", "agence", ""},
		{"paiement_rejete", "Paiement rejeté", "agence", ""},
		{"payee", "Décidée et payée", "", ""},
		{"refusee", "Refusée", "", ""},
		{"annulee", "Annulée", "", ""},
	}
}

// EtatDe finds a status; one that this version does not know is shown as it
// is.
func EtatDe(statut string) Etat {
	es := Etats()
	if i := slices.IndexFunc(es, func(e Etat) bool { return e.Statut == statut }); i >= 0 {
		return es[i]
	}
	return Etat{Statut: statut, Libelle: segur.Visible(statut, 40), Acteur: "agence"}
}

// Ligne is one request of the table.
type Ligne struct {
	*registre.Demande
	Etat           Etat
	ProchainActeur string
	Echeance       string // AAAA-MM-JJ; "" = none
	Manquantes     []string
}

// Filtre keeps some requests; the zero Filtre keeps all.
type Filtre struct {
	Statuts []string          // any of them
	Type    segur.TypeDemande // "" = both
	Acteur  string            // who acts next
	Texte   string            // found in a number, FINESS, file, label or extra, letter case aside
	Depot   string            // file name
}

// Lignes lists the requests of a ledger that a filter keeps, in its order.
func Lignes(r *registre.Registre, f Filtre) []Ligne {
	var ls []Ligne
	for _, d := range r.Demandes() {
		if l := ligneDe(d); f.garde(&l) {
			ls = append(ls, l)
		}
	}
	return ls
}

func ligneDe(d *registre.Demande) Ligne {
	l := Ligne{Demande: d, Etat: EtatDe(d.Statut())}
	l.ProchainActeur = l.Etat.Acteur
	if d.Portail != nil && !d.Rejetee {
		l.ProchainActeur, l.Echeance, l.Manquantes = d.Portail.ProchainActeur, d.Portail.Echeance, d.Portail.PiecesManquantes
	}
	return l
}

func (f *Filtre) garde(l *Ligne) bool {
	switch {
	case f.Type != "" && l.Type != f.Type,
		len(f.Statuts) > 0 && !slices.Contains(f.Statuts, l.Etat.Statut),
		f.Acteur != "" && l.ProchainActeur != f.Acteur,
		f.Depot != "" && l.Depot.Fichier.Nom != f.Depot:
		return false
	}
	if f.Texte == "" {
		return true
	}
	textes := []string{l.NumeroEditeur, l.NumeroASP, l.FINESSGeo, l.Depot.Fichier.Nom, l.Libelle, l.Code}
	for _, x := range l.Extras {
		textes = append(textes, x.Valeur)
	}
	cherche := strings.ToLower(f.Texte)
	return slices.ContainsFunc(textes, func(s string) bool { return strings.Contains(strings.ToLower(s), cherche) })
}

// Somme is a number of requests and their money: an advance asks for its
// advance, a balance for its balance, and the order counts once.
type Somme struct {
	Nombre            int
	HT, Avance, Solde segur.Montant
}

func (s *Somme) ajouter(l *Ligne) {
	s.Nombre++
	if l.Type == segur.Solde {
		s.Solde += l.Montants.Solde
		return
	}
	s.HT += l.Montants.HT
	s.Avance += l.Montants.Avance
}

// Du is all that the requests ask for.
func (s Somme) Du() segur.Montant { return s.Avance + s.Solde }

// Bilan sums requests up, to the cent. A request prepared again counts once:
// under its new number.
type Bilan struct {
	Demandees Somme // all that stand, refused ones aside
	Attendues Somme // not paid yet, and still possible
	Acceptees Somme // have a numeroASP
	Refusees  Somme // rejected at deposit and not taken up again, or refused by decision
	Payees    Somme
	AFaire    Somme // the supplier acts next
	ParStatut []SommeStatut
}

// SommeStatut is the sum of one status.
type SommeStatut struct {
	Etat
	Somme
}

// Faire sums requests up.
func Faire(ls []Ligne) Bilan {
	var b Bilan
	sommes := map[string]*Somme{}
	var ordre []string
	for i := range ls {
		l := &ls[i]
		s := sommes[l.Etat.Statut]
		if s == nil {
			s = &Somme{}
			sommes[l.Etat.Statut] = s
			ordre = append(ordre, l.Etat.Statut)
		}
		s.ajouter(l)
		b.compter(l)
	}
	rang := map[string]int{}
	for i, e := range Etats() {
		rang[e.Statut] = i
	}
	slices.SortStableFunc(ordre, func(x, y string) int { return rang[x] - rang[y] })
	for _, statut := range ordre {
		b.ParStatut = append(b.ParStatut, SommeStatut{EtatDe(statut), *sommes[statut]})
	}
	return b
}

func (b *Bilan) compter(l *Ligne) {
	if l.ProchainActeur == "fournisseur" {
		b.AFaire.ajouter(l)
	}
	if l.Acceptee || l.NumeroASP != "" {
		b.Acceptees.ajouter(l)
	}
	switch l.Etat.Statut {
	case registre.StatutReprise, "annulee":
		return
	case registre.StatutRejetee, "refusee":
		b.Refusees.ajouter(l)
		return
	case "payee":
		b.Payees.ajouter(l)
	default:
		b.Attendues.ajouter(l)
	}
	b.Demandees.ajouter(l)
}
