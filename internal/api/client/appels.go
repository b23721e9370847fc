package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"strings"

	"guichet.example/segur"
)

// Bounds of what a portal may answer: a report may list some thousands of
// faults, a returned file is a file of the format with a few numbers more.
const (
	reponseMax = 64 << 20
	retourMax  = 2 * segur.TailleMax
)

// NouveauDepot is a file to deposit.
type NouveauDepot struct {
	Nom       string // its name, without folders
	Contenu   []byte
	Type      segur.TypeDemande
	NumeroAns string
	// Certificat is the control certificate that goes with it; nil = none.
	Certificat []byte
	// Cle makes the call repeatable: one key, one effect. Derived from the
	// content, it makes a second run harmless.
	Cle string
}

// Deposer deposits a file. A deposit whose lines are all refused is no error;
// one refused at control 1 is a *Probleme with its Rapport.
func (c *Client) Deposer(ctx context.Context, n NouveauDepot) (*Depot, error) {
	corps, genre, err := formulaire(n)
	if err != nil {
		return nil, err
	}
	b, err := c.faire(ctx, appel{
		methode: "POST", chemin: []string{"depots"}, taille: int64(len(corps)),
		corps:   func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(corps)), nil },
		entetes: map[string]string{"Content-Type": genre, "Idempotency-Key": n.Cle},
	}, reponseMax)
	if err != nil {
		return nil, err
	}
	return c.depotDe(b)
}

// formulaire writes the form of a deposit.
func formulaire(n NouveauDepot) (corps []byte, genre string, err error) {
	var b bytes.Buffer
	f := multipart.NewWriter(&b)
	for _, champ := range [][2]string{{"type", string(n.Type)}, {"numeroAns", n.NumeroAns}} {
		if err := f.WriteField(champ[0], champ[1]); err != nil {
			return nil, "", err
		}
	}
	h := textproto.MIMEHeader{}
	nom := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace(n.Nom)
	h.Set("Content-Disposition", `form-data; name="fichier"; filename="`+nom+`"`)
	h.Set("Content-Type", "application/json")
	p, err := f.CreatePart(h)
	if err != nil {
		return nil, "", err
	}
	if _, err := p.Write(n.Contenu); err != nil {
		return nil, "", err
	}
	if n.Certificat != nil {
		if err := f.WriteField("certificat", string(n.Certificat)); err != nil {
			return nil, "", err
		}
	}
	err = f.Close() // writes the end of the form
	return b.Bytes(), f.FormDataContentType(), err
}

// Depot reads a deposit as it is now.
func (c *Client) Depot(ctx context.Context, id string) (*Depot, error) {
	b, err := c.faire(ctx, appel{methode: "GET", chemin: []string{"depots", id}}, reponseMax)
	if err != nil {
		return nil, err
	}
	return c.depotDe(b)
}

func (c *Client) depotDe(b []byte) (*Depot, error) {
	d := &Depot{}
	if err := c.lireReponse(b, d); err != nil {
		return nil, err
	}
	d.Couverture.assainir()
	return d, nil
}

func (k *Couverture) assainir() {
	for i := range k.Refusees {
		k.Refusees[i] = k.Refusees[i].sure()
	}
}

// Retour reads the returned file of a deposit, byte for byte.
func (c *Client) Retour(ctx context.Context, id string) ([]byte, error) {
	return c.faire(ctx, appel{methode: "GET", chemin: []string{"depots", id, "retour"}}, retourMax)
}

// EnvoyerPiece sends one document of a request, and returns what the request
// has then.
func (c *Client) EnvoyerPiece(ctx context.Context, numeroASP, nomFichier string, p Contenu) (*Couverture, error) {
	return c.envoyer(ctx, appel{methode: "PUT", chemin: []string{"demandes", numeroASP, "pieces", nomFichier}, corps: p.Ouvrir, taille: p.Taille,
		entetes: map[string]string{"Content-Type": "application/octet-stream"}})
}

func (c *Client) envoyer(ctx context.Context, a appel) (*Couverture, error) {
	b, err := c.faire(ctx, a, reponseMax)
	if err != nil {
		return nil, err
	}
	k := &Couverture{}
	if err := c.lireReponse(b, k); err != nil {
		return nil, err
	}
	k.assainir()
	return k, nil
}

// Corriger gives a request that was to be modified back to the agency, its
// documents replaced and its values as they are. Called twice it is refused,
// as from any other status: a *Probleme of status 409.
func (c *Client) Corriger(ctx context.Context, numeroASP string) error {
	const acte = `{"acte": "corriger", "champs": {}}`
	_, err := c.faire(ctx, appel{
		methode: "POST", chemin: []string{"demandes", numeroASP, "actes"}, taille: int64(len(acte)),
		corps:   func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(acte)), nil },
		entetes: map[string]string{"Content-Type": "application/json"},
	}, reponseMax)
	return err
}

// Regles is what the portal controls by, which it tells to anybody. Warnings
// whose code is none, or whose day is no day, are refused.
func (c *Client) Regles(ctx context.Context) (*Regles, error) {
	b, err := c.faire(ctx, appel{methode: "GET", chemin: []string{"regles"}}, reponseMax)
	if err != nil {
		return nil, err
	}
	var e reglesEcrites
	if err := c.lireReponse(b, &e); err != nil {
		return nil, err
	}
	r, err := e.lire()
	if err != nil {
		return nil, &ErreurReponse{Hote: c.base.Host, Cause: err}
	}
	return r, nil
}

// Demandes gives each request of the account to f, page after page, until f
// returns an error, which it then returns. statut filters; "" = all.
func (c *Client) Demandes(ctx context.Context, statut string, f func(Demande) error) error {
	params := url.Values{}
	if statut != "" {
		params.Set("statut", statut)
	}
	vus := map[string]bool{}
	for {
		b, err := c.faire(ctx, appel{methode: "GET", chemin: []string{"demandes"}, params: params}, reponseMax)
		if err != nil {
			return err
		}
		var p page
		if err := c.lireReponse(b, &p); err != nil {
			return err
		}
		for i := range p.Demandes {
			d, err := p.Demandes[i].lire()
			if err != nil {
				return &ErreurReponse{Hote: c.base.Host, Cause: err}
			}
			if err := f(d); err != nil {
				return err
			}
		}
		if p.CurseurSuivant == nil {
			return nil
		}
		if vus[*p.CurseurSuivant] {
			return &ErreurReponse{Hote: c.base.Host, Cause: errors.New("les pages tournent en rond")}
		}
		vus[*p.CurseurSuivant] = true
		params.Set("curseur", *p.CurseurSuivant)
	}
}
