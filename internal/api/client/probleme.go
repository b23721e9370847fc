package client

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/segur"
)

// Probleme is a refusal of the portal (RFC 9457).
type Probleme struct {
	Hote     string
	Statut   int
	Titre    string
	Detail   string
	Rapport  jsontext.Value // control report, of a deposit refused at control 1
	Refusees []Refusee      // of an archive refused as a whole
}

// Refusee is a supporting document that the portal did not take.
type Refusee struct {
	NomFichier string `json:"nomFichier"`
	Code       string `json:"code"`
	Message    string `json:"message"`
	Remede     string `json:"remede"`
}

// Conflit tells a call that came too late, or whose key was used with another
// body: 409.
func (p *Probleme) Conflit() bool { return p.Statut == http.StatusConflict }

// Absent tells an object that the portal does not have, or not for this
// account: 404.
func (p *Probleme) Absent() bool { return p.Statut == http.StatusNotFound }

// Error is the sentence for the person, in French.
func (p *Probleme) Error() string {
	switch {
	case p.Statut == http.StatusUnauthorized:
		return fmt.Sprintf("le portail %s ne reconnaît pas le jeton : il est faux, expiré ou révoqué. Créez-en un autre sur votre page « Compte »", p.Hote)
	case p.Statut >= 300 && p.Statut < 400:
		return fmt.Sprintf("le portail %s renvoie vers une autre adresse (%d) : donnez son adresse définitive", p.Hote, p.Statut)
	case p.Detail != "":
		return fmt.Sprintf("le portail %s refuse (%d) : %s", p.Hote, p.Statut, p.Detail)
	}
	return fmt.Sprintf("le portail %s a répondu %d sans explication", p.Hote, p.Statut)
}

// Echec tells a portal that failed, as opposed to one that refused: nothing
// may be concluded about what was sent.
func (p *Probleme) Echec() bool {
	return p.Statut >= 500 || p.Statut == http.StatusTooManyRequests || p.Statut < 400
}

func problemeDe(rep *http.Response, corps []byte, hote string) *Probleme {
	var lu struct {
		Title    string         `json:"title"`
		Detail   string         `json:"detail"`
		Rapport  jsontext.Value `json:"rapport"`
		Refusees []Refusee      `json:"refusees"`
	}
	p := &Probleme{Hote: hote, Statut: rep.StatusCode}
	if err := json.Unmarshal(corps, &lu); err != nil {
		return p // a page of a proxy, or nothing: the status says what there is
	}
	p.Titre, p.Detail, p.Rapport, p.Refusees = segur.Visible(lu.Title, 200), segur.Visible(lu.Detail, 500), lu.Rapport, lu.Refusees
	for i := range p.Refusees {
		p.Refusees[i] = p.Refusees[i].sure()
	}
	return p
}

// sure makes a document's refusal safe to show on a terminal.
func (r Refusee) sure() Refusee {
	return Refusee{segur.Visible(r.NomFichier, 120), segur.Visible(r.Code, 8), segur.Visible(r.Message, 400), segur.Visible(r.Remede, 400)}
}

// attenteMax bounds what a portal may ask a person to wait.
const attenteMax = 2 * time.Minute

// attenteDe tells whether a refusal is worth another try, and when: only one
// that says the portal is busy is.
func attenteDe(rep *http.Response) time.Duration {
	switch rep.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		n, err := strconv.Atoi(rep.Header.Get("Retry-After"))
		if err != nil || n < 0 {
			return 0
		}
		return min(time.Duration(n)*time.Second, attenteMax)
	}
	return -1
}
