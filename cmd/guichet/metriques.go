package main

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"guichet.example/internal/guichet"
	"guichet.example/internal/traces"
)

// metriques is what /metrics shows: durations and counts, nobody's data. A
// route is its pattern, never the address that was asked.
type metriques struct {
	registre *prometheus.Registry
	durees   *prometheus.HistogramVec
	horloge  func() time.Time
}

// releveAge is how long counts of the store are shown again before they are
// made anew.
const releveAge = 15 * time.Second

func (p *portail) nouvellesMetriques() (*metriques, error) {
	m := &metriques{registre: prometheus.NewRegistry(), horloge: p.env.maintenant, durees: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "guichet_http_duree_secondes", Help: "Durée des réponses HTTP par route, méthode et statut.",
		Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 120},
	}, []string{"route", "methode", "statut"})}
	file := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "guichet_ecritures_en_attente", Help: "Écritures qui attendent leur tour dans ce processus."},
		func() float64 { return float64(p.base.EnAttente()) })
	version := prometheus.NewGauge(prometheus.GaugeOpts{Name: "guichet_version", Help: "Version en service ; la valeur est toujours 1.", ConstLabels: prometheus.Labels{"version": version}})
	version.Set(1)
	// 0 without a certificate of our own: a proxy has its own to watch.
	certificat := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "guichet_certificat_expiration_secondes", Help: "Fin du certificat TLS en service, en secondes depuis 1970 ; 0 quand le portail ne parle pas TLS lui-même."},
		func() float64 {
			if p.chiffrement == nil {
				return 0
			}
			return float64(p.chiffrement.expire.Load())
		})
	salles := [2]prometheus.Collector{}
	for i, genre := range []string{"depots", "envois"} {
		salles[i] = prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "guichet_appels_presents", Help: "Dépôts et envois de pièces au travail ou en attente de leur tour dans ce processus.", ConstLabels: prometheus.Labels{"genre": genre}},
			func() float64 {
				depots, envois := p.guichet.Presents()
				return float64([]int{depots, envois}[i])
			})
	}
	for _, c := range []prometheus.Collector{m.durees, file, version, salles[0], salles[1], certificat, &releveur{g: p.guichet, horloge: p.env.maintenant},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		if err := m.registre.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// servir answers /metrics.
func (m *metriques) servir() http.Handler {
	h := promhttp.HandlerFor(m.registre, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		h.ServeHTTP(w, r)
	})
}

// mesurer times the answers of a handler, and shows them to an observer (nil =
// none) and in traces.
func (m *metriques) mesurer(h http.Handler, o observateur, t *traces.Traceur) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		debut := m.horloge()
		r, fin := t.Requete(r, r.Header.Get(enteteRequete))
		s := &temoin{ResponseWriter: w}
		// A request that panics counts too.
		defer func() {
			if s.statut == 0 {
				s.statut = http.StatusOK
			}
			route, duree := routeDe(r), m.horloge().Sub(debut)
			m.durees.WithLabelValues(route, methodeDe(r), strconv.Itoa(s.statut)).Observe(duree.Seconds())
			fin(route, s.statut)
			if o != nil {
				o(r, route, s.statut, duree)
			}
		}()
		h.ServeHTTP(s, r)
	})
}

// sansAccolades spells the names inside a pattern :nom: braces end the labels
// for readers who look for them no further.
var sansAccolades = strings.NewReplacer("{$}", "", "{", ":", "...}", "", "}", "")

// routeDe is the pattern that answered; what callers invent is one route.
func routeDe(r *http.Request) string {
	if r.Pattern == "" || r.Pattern == "/" {
		return "autre"
	}
	return sansAccolades.Replace(r.Pattern)
}

func methodeDe(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete:
		return r.Method
	}
	return "autre"
}

// temoin remembers the status of an answer.
type temoin struct {
	http.ResponseWriter
	statut int
}

func (t *temoin) WriteHeader(s int) {
	if t.statut == 0 && s >= 200 {
		t.statut = s
	}
	t.ResponseWriter.WriteHeader(s)
}

// Unwrap lets http.ResponseController reach the connection.
func (t *temoin) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// releveur counts requests and work in the store, not more often than it must.
type releveur struct {
	g       *guichet.Guichet
	horloge func() time.Time

	mu  sync.Mutex
	vu  time.Time
	der guichet.Releve
	err error
}

func descriptions() (demandes, travaux *prometheus.Desc) {
	return prometheus.NewDesc("guichet_demandes", "Demandes par statut.", []string{"statut"}, nil),
		prometheus.NewDesc("guichet_travaux", "Travaux hors transaction par état ; « mort » attend un exploitant.", []string{"etat"}, nil)
}

// Describe implements prometheus.Collector.
func (r *releveur) Describe(c chan<- *prometheus.Desc) {
	demandes, travaux := descriptions()
	c <- demandes
	c <- travaux
}

// Collect implements prometheus.Collector.
func (r *releveur) Collect(c chan<- prometheus.Metric) {
	demandes, travaux := descriptions()
	x, err := r.relever()
	if err != nil {
		c <- prometheus.NewInvalidMetric(demandes, err)
		return
	}
	for _, e := range guichet.Etats() {
		c <- prometheus.MustNewConstMetric(demandes, prometheus.GaugeValue, float64(x.Demandes[e.Statut]), string(e.Statut))
	}
	for _, e := range []guichet.EtatTravail{guichet.TravailAttend, guichet.TravailCours, guichet.TravailFait, guichet.TravailMort} {
		c <- prometheus.MustNewConstMetric(travaux, prometheus.GaugeValue, float64(x.Travaux[e]), string(e))
	}
}

func (r *releveur) relever() (guichet.Releve, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maintenant := r.horloge()
	if age := maintenant.Sub(r.vu); !r.vu.IsZero() && age >= 0 && age < releveAge {
		return r.der, r.err
	}
	ctx, annuler := context.WithTimeout(context.Background(), 5*time.Second)
	defer annuler()
	r.der, r.err = r.g.Releve(ctx)
	r.vu = maintenant
	return r.der, r.err
}
