package banc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Kinds of calls, as [Appelant.Avant] is told them.
const (
	GenreDepot    = "dépôt"
	GenreEnvoi    = "envoi de pièces"
	GenreActe     = "instruction"
	GenreDecision = "décision"
	GenreLot      = "lot de paiement"
	GenreLecture  = "lecture"
)

// Equipe is how many of each are at work at once.
type Equipe struct{ Deposants, Instructeurs, Decideurs, Comptables int }

// Vie is the whole life of requests, lived by several people at once: files
// deposited and completed, requests examined, decided and paid.
type Vie struct {
	Gens   Gens
	A      *Appelant
	Carnet *Carnet
	Suite  *Suite
	Lignes int           // of a file, at most
	Piece  int           // bytes of a document, about
	Pause  time.Duration // between two acts of one person; 0 = none
}

// errSuite says that a person has nothing to do for now.
var errSuite = errors.New("nothing to do")

// Courir lets people work until the context ends, and returns what they met
// that no fault explains.
func (v *Vie) Courir(ctx context.Context, e Equipe) error {
	var mu sync.Mutex
	var erreur error
	var groupe sync.WaitGroup
	metier := func(n int, f func(context.Context, int) error) {
		for i := range n {
			groupe.Go(func() {
				for ctx.Err() == nil {
					err := f(ctx, i)
					pause := v.Pause
					if errors.Is(err, errSuite) {
						pause, err = max(pause, 30*time.Millisecond), nil
					}
					if err != nil && !errors.Is(err, errIncertain) {
						mu.Lock()
						erreur = errors.Join(erreur, err)
						mu.Unlock()
						return
					}
					select {
					case <-time.After(pause):
					case <-ctx.Done():
					}
				}
			})
		}
	}
	metier(e.Deposants, v.deposant)
	metier(e.Instructeurs, v.instructeur)
	metier(e.Decideurs, v.decideur)
	metier(e.Comptables, v.comptable)
	groupe.Wait()
	return erreur
}

// inattendu is the error of an answer that no fault explains.
func inattendu(q appel, r reponse) error {
	return fmt.Errorf("%s %s: %d: %.500s", q.methode, q.chemin, r.statut, r.corps)
}

// deposant deposits a file, then its documents.
func (v *Vie) deposant(ctx context.Context, i int) error {
	p := &v.Gens.Fournisseurs[i%len(v.Gens.Fournisseurs)]
	d, err := v.Deposer(ctx, p, 1+rand.IntN(v.Lignes))
	if err != nil {
		return err
	}
	return v.Completer(ctx, p, &d)
}

// Deposer sends a file of n requests until its answer is certain.
func (v *Vie) Deposer(ctx context.Context, p *Personne, n int) (d DepotReconnu, err error) {
	f, ok, err := v.Suite.NouveauFichier(p, n)
	if err != nil {
		return d, err
	}
	if !ok {
		return d, errSuite
	}
	genre, corps, err := f.formulaire()
	if err != nil {
		return d, err
	}
	v.Carnet.noter(func() { v.Carnet.tentes[f.Nom] = true })
	q := appel{genre: GenreDepot, methode: http.MethodPost, chemin: "/depots", type_: genre, cle: cle(), jeton: p.Jeton, corps: corps}
	r, err := v.A.appeler(ctx, q)
	if err != nil {
		return d, err
	}
	var x struct {
		ID, SHA256 string
		Demandes   []struct{ NumeroASP string }
	}
	if r.statut != http.StatusCreated || json.Unmarshal(r.corps, &x) != nil || len(x.Demandes) != n {
		return d, inattendu(q, r)
	}
	d = DepotReconnu{ID: x.ID, SHA256: x.SHA256, Ans: f.Ans}
	for _, y := range x.Demandes {
		d.Numeros = append(d.Numeros, y.NumeroASP)
	}
	v.Carnet.noter(func() { v.Carnet.Depots[f.Nom] = d })
	return d, nil
}

// couverture is what an upload answers.
type couverture struct {
	Recues []struct{ NumeroASP, NomFichier, SHA256 string }
	// of a request or a deposit as it is read
	Manquantes []struct{ NumeroASP, NomFichier string }
	Refusees   []struct{ NomFichier, Code, Message string }
}

// Completer sends the documents of a deposit: in one archive, or one by one.
func (v *Vie) Completer(ctx context.Context, p *Personne, d *DepotReconnu) error {
	q := appel{genre: GenreLecture, methode: http.MethodGet, chemin: "/depots/" + d.ID, jeton: p.Jeton}
	r, err := v.A.appeler(ctx, q)
	if err != nil {
		return err
	}
	var x struct{ Couverture couverture }
	if !r.fait() || json.Unmarshal(r.corps, &x) != nil {
		return inattendu(q, r)
	}
	var noms []string
	var contenus [][]byte
	for _, m := range x.Couverture.Manquantes {
		b, err := document(v.Piece)
		if err != nil {
			return err
		}
		noms, contenus = append(noms, m.NomFichier), append(contenus, b)
	}
	if len(noms) > 1 || rand.IntN(2) == 0 {
		b, err := archive(noms, contenus)
		if err != nil {
			return err
		}
		return v.envoyer(ctx, appel{genre: GenreEnvoi, methode: http.MethodPut, chemin: "/depots/" + d.ID + "/pieces", type_: "application/zip", jeton: p.Jeton, corps: b}, noms, contenus)
	}
	for i, m := range x.Couverture.Manquantes {
		if err := v.envoyer(ctx, appel{genre: GenreEnvoi, methode: http.MethodPut, chemin: "/demandes/" + m.NumeroASP + "/pieces/" + m.NomFichier, type_: "image/png", jeton: p.Jeton, corps: contenus[i]}, noms[i:i+1], contenus[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// envoyer sends documents, and notes those that the answer says are there. An
// officer may take up the request between two attempts, when the first was
// kept and its answer lost: 409, or refused by name, is then no surprise.
func (v *Vie) envoyer(ctx context.Context, q appel, noms []string, contenus [][]byte) error {
	r, err := v.A.appeler(ctx, q)
	if err != nil || r.statut == http.StatusConflict {
		return err
	}
	var c couverture
	if !r.fait() || json.Unmarshal(r.corps, &c) != nil {
		return inattendu(q, r)
	}
	sommes := map[string]string{}
	for i, nom := range noms {
		sommes[nom] = empreinte(contenus[i])
	}
	v.Carnet.noter(func() {
		for _, x := range c.Recues {
			if s, ok := sommes[x.NomFichier]; ok && s == x.SHA256 {
				v.Carnet.Pieces[x.NumeroASP+"/"+x.NomFichier] = s
			}
		}
	})
	return nil
}

// liste reads the first requests of a status.
func (v *Vie) liste(ctx context.Context, p *Personne, statut string) ([]string, error) {
	q := appel{genre: GenreLecture, methode: http.MethodGet, chemin: "/demandes?statut=" + statut, jeton: p.Jeton}
	r, err := v.A.appeler(ctx, q)
	if err != nil {
		return nil, err
	}
	var x struct {
		Demandes []struct{ NumeroASP string }
	}
	if !r.fait() || json.Unmarshal(r.corps, &x) != nil {
		return nil, inattendu(q, r)
	}
	var ns []string
	for _, d := range x.Demandes {
		ns = append(ns, d.NumeroASP)
	}
	if len(ns) == 0 {
		return nil, errSuite
	}
	return ns, nil
}

// acte does an act on a request; false when it is not, or no more, to be done.
func (v *Vie) acte(ctx context.Context, p *Personne, genre, n, acte string, corps map[string]any) (bool, error) {
	corps["acte"] = acte
	b, err := json.Marshal(corps)
	if err != nil {
		return false, err
	}
	q := appel{genre: genre, methode: http.MethodPost, chemin: "/demandes/" + n + "/actes", type_: "application/json", cle: cle(), jeton: p.Jeton, corps: b}
	r, err := v.A.appeler(ctx, q)
	switch {
	case err != nil:
		return false, err
	case r.fait():
		v.Carnet.noter(func() { v.Carnet.Actes[n+" "+acte] = p.Identifiant })
		return true, nil
	case r.statut == http.StatusConflict || r.statut == http.StatusForbidden:
		return false, nil // somebody was there first
	}
	return false, inattendu(q, r)
}
