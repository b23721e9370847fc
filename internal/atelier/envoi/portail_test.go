package envoi

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/api/client"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// faux is a portal in memory that keeps the contract: one effect a key, what
// it has and lacks, every call noted.
type faux struct {
	t       *testing.T
	appels  []string
	depots  map[string]*client.Depot // by id
	cles    map[string]string        // key → id
	retours map[string][]byte
	brules  map[string]bool // numeroEditeur refused
	coupe   int             // the call of this number fails after its effect; 0 = none
	refus   *client.Probleme
	jour    segur.Jour // of the portal; the zero day takes any name
	pris    int        // file numbers of the day that others have used, from 1
}

func nouveauFaux(t *testing.T) *faux {
	return &faux{t: t, depots: map[string]*client.Depot{}, cles: map[string]string{}, retours: map[string][]byte{}, brules: map[string]bool{}}
}

var errCoupe = &client.ErreurReseau{Hote: "faux", Cause: io.ErrUnexpectedEOF}

func (p *faux) noter(appel string) error {
	p.appels = append(p.appels, appel)
	if p.coupe > 0 && len(p.appels) == p.coupe {
		return errCoupe
	}
	return nil
}

func (p *faux) Adresse() string { return "https://faux.example" }

func (p *faux) Deposer(_ context.Context, n client.NouveauDepot) (*client.Depot, error) {
	if p.refus != nil {
		return nil, p.refus
	}
	if nom, err := segur.LireNomFichier(n.Nom); !p.jour.Nul() && (err != nil || nom.Jour != p.jour) {
		return nil, &client.Probleme{Statut: 422, Rapport: []byte(`{"structure":[{"code":"1201","gravite":"erreur","message":"Pas du jour."}]}`)}
	}
	if nom, err := segur.LireNomFichier(n.Nom); err == nil && nom.Numero <= p.pris {
		nom.Numero = p.pris + 1
		return nil, &client.Probleme{Statut: 422, Rapport: []byte(`{"structure":[{"code":"3006","gravite":"erreur","message":"Déjà pris.","attendu":"` + nom.String() + `","remede":"Renommez."}]}`)}
	}
	id, deja := p.cles[n.Cle]
	if !deja {
		id = fmt.Sprintf("d%d", len(p.depots)+1)
		p.cles[n.Cle] = id
		p.inscrire(id, n)
	}
	if err := p.noter("deposer " + n.Nom); err != nil {
		return nil, err
	}
	return p.depots[id], nil
}

// inscrire controls the file as the real portal does.
func (p *faux) inscrire(id string, n client.NouveauDepot) {
	jour := p.jour
	if jour.Nul() {
		jour = segur.JourExemple
	}
	jeu, err := segur.JeuPour(n.Type, jour)
	if err != nil {
		p.t.Error(err)
		return
	}
	r := jeu.Controler(n.Contenu, jour, segur.Options{Nom: n.Nom, Portail: true})
	var faits []segur.FaitPortail
	for d := range r.Demandes() {
		if p.brules[d.NumeroEditeur()] {
			faits = append(faits, segur.FaitPortail{Code: segur.CodeNumeroBrule, Rang: d.Rang(), Balise: "numeroEditeur"})
		}
	}
	r = r.AvecPortail(faits...)
	d := &client.Depot{ID: id, Rapport: jsontext.Value(r.AppendJSON(nil, segur.Outil{}, segur.Fichier{Nom: n.Nom}, false, nil))}
	asp := func(rang int) string { return fmt.Sprintf("ASP-%s-%03d", id, rang) }
	acceptees := map[int]bool{}
	for q := range r.Demandes() {
		if q.Acceptee() {
			acceptees[q.Rang()] = true
			d.Demandes = append(d.Demandes, client.DemandeDepot{Rang: q.Rang(), NumeroEditeur: q.NumeroEditeur(), NumeroASP: asp(q.Rang()), Statut: "incomplete"})
		}
	}
	for _, a := range piece.Attendues(r) {
		if acceptees[a.Rang] {
			d.Couverture.Manquantes = append(d.Couverture.Manquantes, client.Declare{NumeroASP: asp(a.Rang), NomFichier: a.NomFichier})
		}
	}
	p.depots[id] = d
	p.retours[id] = r.Retour(segur.Numeros{ImpID: "IMP", NumeroASP: asp})
}

func (p *faux) Depot(_ context.Context, id string) (*client.Depot, error) {
	d := *p.depots[id]
	d.Couverture.Manquantes = slices.Clone(d.Couverture.Manquantes)
	return &d, p.noter("depot")
}

func (p *faux) Retour(_ context.Context, id string) ([]byte, error) {
	if p.depots[id] == nil {
		return nil, &client.Probleme{Statut: 404, Detail: "Aucun dépôt de ce nom."}
	}
	return p.retours[id], p.noter("retour")
}

func (p *faux) EnvoyerZip(_ context.Context, id string, c client.Contenu) (*client.Couverture, error) {
	r, err := c.Ouvrir()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if int64(len(b)) != c.Taille {
		p.t.Errorf("%d bytes announced, %d sent", c.Taille, len(b))
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	appel := "zip"
	d := p.depots[id]
	for _, f := range z.File {
		appel += " " + f.Name
		p.recevoir(d, f.Name)
	}
	if err := p.noter(appel); err != nil {
		return nil, err
	}
	k := d.Couverture
	return &k, nil
}

func (p *faux) recevoir(d *client.Depot, nom string) {
	i := slices.IndexFunc(d.Couverture.Manquantes, func(m client.Declare) bool { return m.NomFichier == nom })
	if i < 0 {
		p.t.Errorf("%s was sent and is not missing", nom)
		return
	}
	somme := sha256.Sum256([]byte(nom))
	d.Couverture.Recues = append(d.Couverture.Recues, client.Recue{NumeroASP: d.Couverture.Manquantes[i].NumeroASP, NomFichier: nom, SHA256: hex.EncodeToString(somme[:])})
	d.Couverture.Manquantes = slices.Delete(slices.Clone(d.Couverture.Manquantes), i, i+1)
}

// Corriger gives a request back; what it was sent back for is not known here.
func (p *faux) Corriger(_ context.Context, asp string) error {
	for _, d := range p.depots {
		for i := range d.Demandes {
			if q := &d.Demandes[i]; q.NumeroASP == asp && q.Statut == statutAModifier {
				q.Statut = "deposee"
				return p.noter("corriger " + asp)
			}
		}
	}
	return &client.Probleme{Statut: 409, Detail: "Pas depuis ce statut."}
}

func (p *faux) EnvoyerPiece(_ context.Context, asp, nom string, c client.Contenu) (*client.Couverture, error) {
	for _, d := range p.depots {
		for i := range d.Couverture.Recues {
			if k := &d.Couverture.Recues[i]; k.NumeroASP == asp && k.NomFichier == nom {
				var err error
				k.SHA256, err = sommeDe(c)
				return &client.Couverture{Complete: true, Recues: []client.Recue{*k}}, errors.Join(err, p.noter("remplacer "+nom))
			}
		}
		if slices.ContainsFunc(d.Couverture.Manquantes, func(m client.Declare) bool { return m.NumeroASP == asp && m.NomFichier == nom }) {
			p.recevoir(d, nom)
			k := client.Couverture{Complete: true, Recues: []client.Recue{{NumeroASP: asp, NomFichier: nom, Taille: c.Taille}}}
			return &k, p.noter("piece " + nom)
		}
	}
	return nil, errors.New("no such document")
}
