package banc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Rafale is open traffic: calls leave at instants drawn beforehand, whatever
// became of those before, and the time of each counts from its instant. A
// portal that stalls is charged with all that it made wait.
type Rafale struct {
	Vie            *Vie
	Debit          float64 // calls a second
	Duree          time.Duration
	Depots, Envois float64 // shares of deposits and archives; the rest are readings
	Lignes         int     // of a deposit
	Pieces, Taille int     // of an archive: documents, and bytes of each
}

// Mesure is what became of the calls of one kind.
type Mesure struct {
	Demandes, Faits, Polis, Autres int
	Refus                          map[string]int // what the others were answered
	latences                       []time.Duration
}

// Centile is the time within which a share of the calls that were done were.
func (m *Mesure) Centile(p float64) time.Duration {
	if len(m.latences) == 0 {
		return 0
	}
	slices.Sort(m.latences)
	return m.latences[min(len(m.latences)-1, int(math.Ceil(p*float64(len(m.latences))))-1)]
}

// Tirer makes everything ready, then lets the calls leave; it waits for the
// last answer.
func (r *Rafale) Tirer(ctx context.Context) (map[string]*Mesure, error) {
	envois, err := r.preparer(ctx)
	if err != nil {
		return nil, err
	}
	ms := map[string]*Mesure{GenreDepot: {Refus: map[string]int{}}, GenreEnvoi: {Refus: map[string]int{}}, GenreLecture: {Refus: map[string]int{}}}
	var mu sync.Mutex
	var groupe sync.WaitGroup
	debut := time.Now()
	for i := range envois {
		x := &envois[i]
		voulu := debut.Add(x.quand)
		if d := time.Until(voulu); d > 0 {
			time.Sleep(d)
		}
		groupe.Go(func() {
			statut, poli, texte := r.une(ctx, x)
			d := time.Since(voulu)
			mu.Lock()
			defer mu.Unlock()
			m := ms[x.genre]
			m.Demandes++
			switch {
			case statut/100 == 2:
				m.Faits++
				m.latences = append(m.latences, d)
			case poli:
				m.Polis++
			default:
				m.Autres++
				m.Refus[texte]++
			}
		})
	}
	groupe.Wait()
	return ms, nil
}

// tir is one call and its instant.
type tir struct {
	appel
	quand time.Duration
}

// preparer draws the instants and makes what is sent.
func (r *Rafale) preparer(ctx context.Context) (ts []tir, err error) {
	var ns []string
	for t := time.Duration(0); ; {
		t += time.Duration(rand.ExpFloat64() / r.Debit * float64(time.Second))
		if t > r.Duree {
			return ts, nil
		}
		x := tir{quand: t}
		switch tirage := rand.Float64(); {
		case tirage < r.Depots:
			x.appel, err = r.depot()
		case tirage < r.Depots+r.Envois:
			x.appel, err = r.envoi(ctx)
		default:
			if ns == nil {
				if ns, err = r.Vie.liste(ctx, &r.Vie.Gens.Auditeur, ""); err != nil {
					return nil, err
				}
			}
			x.appel = r.lecture(ns)
		}
		if err != nil {
			return nil, err
		}
		ts = append(ts, x)
	}
}

func (r *Rafale) fournisseur() *Personne {
	return &r.Vie.Gens.Fournisseurs[rand.IntN(len(r.Vie.Gens.Fournisseurs))]
}

func (r *Rafale) depot() (q appel, err error) {
	p := r.fournisseur()
	f, ok, err := r.Vie.Suite.NouveauFichier(p, r.Lignes)
	if err != nil || !ok {
		return q, errors.Join(err, errors.New("no file number is left today"))
	}
	genre, corps, err := f.formulaire()
	return appel{genre: GenreDepot, methode: http.MethodPost, chemin: "/depots", type_: genre, cle: cle(), jeton: p.Jeton, corps: corps}, err
}

// envoi is the archive of a deposit that is made now, outside of the time.
func (r *Rafale) envoi(ctx context.Context) (q appel, err error) {
	p := r.fournisseur()
	d, err := r.Vie.Deposer(ctx, p, r.Pieces)
	if err != nil {
		return q, err
	}
	l := appel{genre: GenreLecture, methode: http.MethodGet, chemin: "/depots/" + d.ID, jeton: p.Jeton}
	x, err := r.Vie.A.appeler(ctx, l)
	if err != nil {
		return q, err
	}
	var v struct{ Couverture couverture }
	if err := json.Unmarshal(x.corps, &v); err != nil {
		return q, err
	}
	var noms []string
	var contenus [][]byte
	for _, m := range v.Couverture.Manquantes {
		b, err := document(r.Taille)
		if err != nil {
			return q, err
		}
		noms, contenus = append(noms, m.NomFichier), append(contenus, b)
	}
	b, err := archive(noms, contenus)
	return appel{genre: GenreEnvoi, methode: http.MethodPut, chemin: "/depots/" + d.ID + "/pieces", type_: "application/zip", jeton: p.Jeton, corps: b}, err
}

// lecture is a list of requests, or one of them, as an agent reads it.
func (r *Rafale) lecture(ns []string) appel {
	q := appel{genre: GenreLecture, methode: http.MethodGet, chemin: "/demandes?statut=incomplete", jeton: r.Vie.Gens.Auditeur.Jeton}
	if rand.IntN(3) > 0 {
		q.chemin = "/demandes/" + ns[rand.IntN(len(ns))]
	}
	return q
}

// une sends a call once.
func (r *Rafale) une(ctx context.Context, x *tir) (statut int, poli bool, texte string) {
	a := r.Vie.A
	rep, retour, err := a.une(ctx, x.appel)
	if err != nil {
		return 0, false, fmt.Sprintf("%.120v", err)
	}
	return rep.statut, retour > a.Repli, fmt.Sprintf("%d %.200s", rep.statut, rep.corps)
}
