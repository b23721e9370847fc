package api

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// The bodies of answers, as the contract fixes them.
type (
	montants struct {
		HT     string `json:"ht"`
		Base   string `json:"base"`
		Avance string `json:"avance"`
		Solde  string `json:"solde"`
		Verse  string `json:"verse"`
	}
	demande struct {
		NumeroASP        string   `json:"numeroASP"`
		NumeroEditeur    string   `json:"numeroEditeur"`
		Type             string   `json:"type"`
		Statut           string   `json:"statut"`
		StatutLibelle    string   `json:"statutLibelle"`
		ProchainActeur   *string  `json:"prochainActeur"`
		Echeance         *string  `json:"echeance"`
		Montants         montants `json:"montants"`
		PiecesManquantes []string `json:"piecesManquantes"`
		Modifie          string   `json:"modifie"`
	}
	decision struct {
		Sens     string     `json:"sens"`
		Date     string     `json:"date"`
		Motifs   []string   `json:"motifs"`
		Remplace *remplacee `json:"remplace"`
	}
	remplacee struct {
		Sens      string `json:"sens"`
		Date      string `json:"date"`
		Reference string `json:"reference"`
		Motif     string `json:"motif"`
	}
	passage struct {
		Date   string  `json:"date"`
		Acte   string  `json:"acte"`
		Acteur string  `json:"acteur"`
		Statut *string `json:"statut"`
	}
	modification struct {
		Motifs   []string `json:"motifs"`
		Cibles   []string `json:"cibles"`
		Echeance string   `json:"echeance"`
		Message  string   `json:"message"`
	}
	alerte struct {
		Code     string   `json:"code"`
		Message  string   `json:"message"`
		Demandes []string `json:"demandes"`
	}
	verification struct {
		Code    string `json:"code"`
		Libelle string `json:"libelle"`
	}
	demandeEntiere struct {
		demande
		NumeroASPAvance *string                   `json:"numeroASPAvance"`
		Decision        *decision                 `json:"decision"`
		Modification    *modification             `json:"modification"`
		Champs          map[string]jsontext.Value `json:"champs"`
		Historique      []passage                 `json:"historique"`
	}
	demandeAgent struct {
		demandeEntiere
		Alertes       []alerte       `json:"alertes"`
		Verifications []verification `json:"verifications"`
		RefusPropose  []string       `json:"refusPropose"`
	}
	recue struct {
		NumeroASP  string `json:"numeroASP"`
		NomFichier string `json:"nomFichier"`
		Taille     int64  `json:"taille"`
		SHA256     string `json:"sha256"`
	}
	manquante struct {
		NumeroASP  string `json:"numeroASP"`
		NomFichier string `json:"nomFichier"`
	}
	refusee struct {
		NomFichier string `json:"nomFichier"`
		Code       string `json:"code"`
		Message    string `json:"message"`
		Remede     string `json:"remede"`
	}
	couverture struct {
		Complete   bool        `json:"complete"`
		Recues     []recue     `json:"recues"`
		Manquantes []manquante `json:"manquantes"`
		Refusees   []refusee   `json:"refusees"`
	}
	ligneDepot struct {
		Rang          int    `json:"rang"`
		NumeroEditeur string `json:"numeroEditeur"`
		NumeroASP     string `json:"numeroASP"`
		Statut        string `json:"statut"`
	}
	depot struct {
		ID         string                   `json:"id"`
		Type       string                   `json:"type"`
		NumeroAns  string                   `json:"numeroAns"`
		NomFichier string                   `json:"nomFichier"`
		Date       string                   `json:"date"`
		SHA256     string                   `json:"sha256"`
		Rapport    jsontext.Value           `json:"rapport"`
		Demandes   []ligneDepot             `json:"demandes"`
		Couverture couverture               `json:"couverture"`
		Certificat *guichet.CertificatDepot `json:"certificat"` // null = none came with it
	}
	ligneLot struct {
		NumeroASP string `json:"numeroASP"`
		Montant   string `json:"montant"` // transferred
		Brut      string `json:"brut,omitempty"`
		Retenue   string `json:"retenue,omitempty"` // with brut: montant is what is left of it
		Rejet     string `json:"rejet,omitempty"`
	}
	lot struct {
		ID        string     `json:"id"`
		Statut    string     `json:"statut"`
		Nombre    int        `json:"nombre"`
		Total     string     `json:"total"`
		Empreinte string     `json:"empreinte"`
		Cree      string     `json:"cree"`
		Demandes  []ligneLot `json:"demandes"`
	}
)

func texteOuNul(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// instantOuNul spells an instant; nil = none.
func instantOuNul(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return texteOuNul(guichet.Instant(t))
}

// jourOuNul spells a due date; nil = none.
func jourOuNul(j segur.Jour) *string {
	if j.Nul() {
		return nil
	}
	return texteOuNul(j.ISO())
}

func textes[T ~string](ts []T) []string {
	r := make([]string, len(ts))
	for i, t := range ts {
		r[i] = string(t)
	}
	return r
}

func formeDemande(d *guichet.Demande, ps []guichet.Piece) demande {
	m := &d.Montants
	f := demande{NumeroASP: string(d.NumeroASP), NumeroEditeur: d.NumeroEditeur, Type: string(d.Type), Statut: string(d.Statut), StatutLibelle: d.Statut.Libelle(),
		ProchainActeur: texteOuNul(d.ProchainActeur()), Echeance: jourOuNul(d.Echeance),
		Montants: montants{m.HT.String(), m.Base.String(), m.Avance.String(), m.Solde.String(), m.Verse.String()}, PiecesManquantes: []string{}, Modifie: guichet.Instant(d.Modifie)}
	for _, p := range ps {
		if p.SHA256 == "" {
			f.PiecesManquantes = append(f.PiecesManquantes, p.Nom)
		}
	}
	return f
}

// formeEntiere is one request as its reader may see it.
func formeEntiere(v *guichet.DemandeVue, agent bool) any {
	d := v.Demande
	f := demandeEntiere{demande: formeDemande(d, v.Pieces), NumeroASPAvance: texteOuNul(string(d.Avance)), Champs: map[string]jsontext.Value{}, Historique: []passage{}}
	if x := d.Decision; x != nil {
		f.Decision = &decision{Sens: x.Sens, Date: guichet.Instant(x.Date), Motifs: textes(x.Motifs)}
		if r := x.Remplace; r != nil {
			f.Decision.Remplace = &remplacee{r.Sens, guichet.Instant(r.Date), r.Reference, r.Motif}
		}
	}
	if x := d.Modification; x != nil {
		f.Modification = &modification{textes(x.Motifs), textes(x.Cibles), x.Echeance.ISO(), x.Message}
	}
	for k, t := range d.Champs {
		f.Champs[k] = jsontext.Value(t)
	}
	for _, p := range v.Historique {
		f.Historique = append(f.Historique, passage{guichet.Instant(p.Date), string(p.Acte), p.Acteur, texteOuNul(string(p.Statut))})
	}
	if !agent {
		return f
	}
	a := demandeAgent{demandeEntiere: f, Alertes: []alerte{}, Verifications: []verification{}, RefusPropose: textes(d.RefusPropose)}
	for _, x := range v.Alertes {
		a.Alertes = append(a.Alertes, alerte{x.Code, x.Message, textes(x.Demandes)})
	}
	for _, x := range guichet.Verifications(d) {
		a.Verifications = append(a.Verifications, verification(x))
	}
	return a
}

func refusees(rs []guichet.RefusPiece) []refusee {
	fs := []refusee{}
	for _, r := range rs {
		fs = append(fs, refusee{strings.ToValidUTF8(r.Nom, "\ufffd"), r.Code.String(), strings.ToValidUTF8(r.Message, "\ufffd"), r.Remede})
	}
	return fs
}

func formeCouverture(c *guichet.Couverture) couverture {
	f := couverture{Complete: c.Complete(), Recues: []recue{}, Manquantes: []manquante{}, Refusees: refusees(c.Refusees)}
	for _, p := range c.Recues {
		f.Recues = append(f.Recues, recue{string(p.NumeroASP), p.Nom, p.Taille, p.SHA256})
	}
	for _, p := range c.Manquantes {
		f.Manquantes = append(f.Manquantes, manquante{string(p.NumeroASP), p.Nom})
	}
	return f
}

func formeDepot(v *guichet.DepotVu) depot {
	d := v.Depot
	f := depot{ID: string(d.ID), Type: string(d.Type), NumeroAns: d.NumeroAns, NomFichier: d.NomFichier, Date: guichet.Instant(d.Date), SHA256: d.SHA256,
		Rapport: d.Rapport, Demandes: []ligneDepot{}, Couverture: formeCouverture(&v.Couverture), Certificat: d.Certificat}
	for i := range v.Demandes {
		x := &v.Demandes[i]
		f.Demandes = append(f.Demandes, ligneDepot{x.Rang, x.NumeroEditeur, string(x.NumeroASP), string(x.Statut)})
	}
	return f
}

func formeLot(l *guichet.Lot) lot {
	f := lot{ID: string(l.ID), Statut: string(l.Statut), Nombre: len(l.Lignes), Total: l.Total.String(), Empreinte: l.Empreinte, Cree: guichet.Instant(l.Cree), Demandes: []ligneLot{}}
	for _, x := range l.Lignes {
		y := ligneLot{NumeroASP: string(x.NumeroASP), Montant: x.Net().String(), Rejet: x.Rejet}
		if x.Retenue > 0 {
			y.Brut, y.Retenue = x.Montant.String(), x.Retenue.String()
		}
		f.Demandes = append(f.Demandes, y)
	}
	return f
}
