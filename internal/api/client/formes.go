package client

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/segur"
)

// Depot is a deposit as the portal holds it.
type Depot struct {
	ID         string         `json:"id"`
	Type       string         `json:"type"`
	NumeroAns  string         `json:"numeroAns"`
	NomFichier string         `json:"nomFichier"`
	Date       string         `json:"date"`
	SHA256     string         `json:"sha256"`
	Rapport    jsontext.Value `json:"rapport"`
	Demandes   []DemandeDepot `json:"demandes"` // accepted lines only
	Couverture Couverture     `json:"couverture"`
	Certificat *Certificat    `json:"certificat"` // nil = none came with it
}

// Certificat is what the portal makes of a control certificate.
type Certificat struct {
	Reconnu bool   `json:"reconnu"`
	Message string `json:"message"`
}

// DemandeDepot is a request that a deposit brought.
type DemandeDepot struct {
	Rang          int    `json:"rang"`
	NumeroEditeur string `json:"numeroEditeur"`
	NumeroASP     string `json:"numeroASP"`
	Statut        string `json:"statut"`
}

// Couverture tells which declared documents the portal has.
type Couverture struct {
	Complete   bool      `json:"complete"`
	Recues     []Recue   `json:"recues"`
	Manquantes []Declare `json:"manquantes"`
	Refusees   []Refusee `json:"refusees"` // of the call that returns it
}

// Recue is a document that the portal has.
type Recue struct {
	NumeroASP  string `json:"numeroASP"`
	NomFichier string `json:"nomFichier"`
	Taille     int64  `json:"taille"`
	SHA256     string `json:"sha256"`
}

// Declare is a document that a request declares.
type Declare struct {
	NumeroASP  string `json:"numeroASP"`
	NomFichier string `json:"nomFichier"`
}

// Demande is a request as the list of the portal shows it.
type Demande struct {
	NumeroASP        string
	NumeroEditeur    string
	Type             segur.TypeDemande
	Statut           string
	ProchainActeur   string // "" = nobody
	Echeance         string // AAAA-MM-JJ; "" = none
	PiecesManquantes []string
	Montants         Montants
}

// Montants is the money of a request.
type Montants struct{ HT, Base, Avance, Solde segur.Montant }

// page is one page of the list.
type page struct {
	Demandes       []demandeEcrite `json:"demandes"`
	CurseurSuivant *string         `json:"curseurSuivant"`
}

type demandeEcrite struct {
	NumeroASP        string   `json:"numeroASP"`
	NumeroEditeur    string   `json:"numeroEditeur"`
	Type             string   `json:"type"`
	Statut           string   `json:"statut"`
	ProchainActeur   *string  `json:"prochainActeur"`
	Echeance         *string  `json:"echeance"`
	PiecesManquantes []string `json:"piecesManquantes"`
	Montants         struct {
		HT     string `json:"ht"`
		Base   string `json:"base"`
		Avance string `json:"avance"`
		Solde  string `json:"solde"`
	} `json:"montants"`
}

// Regles is what a portal controls by.
type Regles struct {
	Empreintes map[segur.TypeDemande]string // of the rule set of each type
	Durcis     []Durci
}

// Durci is a warning that the portal refuses from a day on.
type Durci struct {
	Code   segur.Code
	Type   segur.TypeDemande
	Depuis segur.Jour
}

// reglesEcrites is Regles as the portal writes it.
type reglesEcrites struct {
	Jeux []struct {
		Type      string `json:"type"`
		Empreinte string `json:"empreinte"`
	} `json:"jeux"`
	Durcis []struct {
		Code   string `json:"code"`
		Type   string `json:"type"`
		Depuis string `json:"depuis"`
	} `json:"durcis"`
}

func (e *reglesEcrites) lire() (*Regles, error) {
	if len(e.Jeux) == 0 {
		return nil, errors.New("aucun jeu de règles")
	}
	r := &Regles{Empreintes: map[segur.TypeDemande]string{}}
	for _, j := range e.Jeux {
		r.Empreintes[segur.TypeDemande(j.Type)] = j.Empreinte
	}
	for _, d := range e.Durcis {
		code, ok := segur.LireCode(d.Code)
		jour, err := segur.LireJour(d.Depuis)
		if !ok || err != nil {
			return nil, fmt.Errorf("avertissement « %s », depuis « %s »", segur.Visible(d.Code, 20), segur.Visible(d.Depuis, 20))
		}
		r.Durcis = append(r.Durcis, Durci{code, segur.TypeDemande(d.Type), jour})
	}
	return r, nil
}

// lire turns what the portal wrote into what we compute with. A number or a
// status that could not stand in a file or on a terminal is refused.
func (e *demandeEcrite) lire() (Demande, error) {
	d := Demande{NumeroASP: e.NumeroASP, NumeroEditeur: e.NumeroEditeur, Type: segur.TypeDemande(e.Type), Statut: segur.Visible(e.Statut, 40), PiecesManquantes: e.PiecesManquantes}
	if e.ProchainActeur != nil {
		d.ProchainActeur = segur.Visible(*e.ProchainActeur, 40)
	}
	if e.Echeance != nil {
		d.Echeance = segur.Visible(*e.Echeance, 20)
	}
	var errs [4]error
	d.Montants.HT, errs[0] = segur.LireMontant(e.Montants.HT)
	d.Montants.Base, errs[1] = segur.LireMontant(e.Montants.Base)
	d.Montants.Avance, errs[2] = segur.LireMontant(e.Montants.Avance)
	d.Montants.Solde, errs[3] = segur.LireMontant(e.Montants.Solde)
	if !numeroASPValide(e.NumeroASP) {
		errs[0] = errors.Join(errs[0], fmt.Errorf("numeroASP « %s »", segur.Visible(e.NumeroASP, 50)))
	}
	return d, errors.Join(errs[:]...)
}

// numeroASPValide tells 1 to 35 characters among A–Z, 0–9 and hyphen.
func numeroASPValide(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 35
}

// lireReponse reads a JSON answer. Members we do not know are the portal's.
func (c *Client) lireReponse(b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return &ErreurReponse{Hote: c.base.Host, Cause: err}
	}
	return nil
}

// ErreurReponse is an answer that is not of the contract's shape.
type ErreurReponse struct {
	Hote  string
	Cause error
}

// Error is the sentence for the person, in French.
func (e *ErreurReponse) Error() string {
	return "la réponse de " + e.Hote + " ne se lit pas : est-ce bien l’adresse d’un portail Guichet ? (" + segur.Visible(e.Cause.Error(), 200) + ")"
}

// Unwrap gives the cause.
func (e *ErreurReponse) Unwrap() error { return e.Cause }
