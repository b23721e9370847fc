package main

import (
	"context"
	"io"
	"log/slog"
	"strconv"

	"guichet.example/internal/guichet"
	"guichet.example/internal/traces"
)

// traceur reads the settings of traces; nil = none are taken.
func (r reglages) traceur(trace *slog.Logger) (*traces.Traceur, error) {
	if r["GUICHET_OTLP"] == "" {
		return nil, nil
	}
	part, err := strconv.Atoi(r["GUICHET_OTLP_PART"])
	if err != nil || part < 0 || part > 100 {
		return nil, usage("GUICHET_OTLP_PART vaut « %s » ; attendu : un entier de 0 à 100", r["GUICHET_OTLP_PART"])
	}
	t, err := traces.Ouvrir(traces.Options{Adresse: r["GUICHET_OTLP"], Part: part, Version: version,
		Signaler: func(err error) { trace.Warn("traces", "cause", err.Error()) }})
	if err != nil {
		return nil, usage("GUICHET_OTLP ne désigne pas un collecteur ; attendu : une adresse comme http://127.0.0.1:4318/v1/traces")
	}
	return t, nil
}

// suivre puts steps of traces around what the business asks of the outside.
// Without traces everything stays as it is.
func (p *portail) suivre(m *guichet.Monde) {
	if p.traceur == nil {
		return
	}
	m.Base = baseSuivie{m.Base, p.traceur}
	m.Magasin = magasinSuivi{m.Magasin, p.traceur}
	m.Suivre = func(ctx context.Context, t *guichet.Travail) (context.Context, func(error)) {
		return p.traceur.Travail(ctx, string(t.Genre), t.ID, t.Essais)
	}
}

// baseSuivie is a store whose transactions are steps of traces.
type baseSuivie struct {
	guichet.Base
	t *traces.Traceur
}

func (b baseSuivie) Ecrire(ctx context.Context, f func(guichet.Tx) error) error {
	ctx, fin := b.t.Etape(ctx, "base: écrire")
	err := b.Base.Ecrire(ctx, f)
	fin(err)
	return err
}

func (b baseSuivie) Lire(ctx context.Context, f func(guichet.Tx) error) error {
	ctx, fin := b.t.Etape(ctx, "base: lire")
	err := b.Base.Lire(ctx, f)
	fin(err)
	return err
}

// magasinSuivi is a store of documents whose calls are steps of traces.
type magasinSuivi struct {
	guichet.Magasin
	t *traces.Traceur
}

func (m magasinSuivi) Ecrire(ctx context.Context, contenu []byte) (string, error) {
	return ecrireSuivi(ctx, m.t, m.Magasin.Ecrire, contenu)
}

func ecrireSuivi(ctx context.Context, t *traces.Traceur, ecrire func(context.Context, []byte) (string, error), contenu []byte) (string, error) {
	ctx, fin := t.Etape(ctx, "pièces: écrire")
	sha, err := ecrire(ctx, contenu)
	fin(err)
	return sha, err
}

func (m magasinSuivi) Serie() guichet.SerieDocuments { return serieSuivie{m.Magasin.Serie(), m.t} }

type serieSuivie struct {
	guichet.SerieDocuments
	t *traces.Traceur
}

func (s serieSuivie) Ecrire(ctx context.Context, contenu []byte) (string, error) {
	return ecrireSuivi(ctx, s.t, s.SerieDocuments.Ecrire, contenu)
}

func (s serieSuivie) Assurer(ctx context.Context) error {
	ctx, fin := s.t.Etape(ctx, "pièces: assurer")
	err := s.SerieDocuments.Assurer(ctx)
	fin(err)
	return err
}

func (m magasinSuivi) Ouvrir(ctx context.Context, sha string) (io.ReadCloser, int64, error) {
	ctx, fin := m.t.Etape(ctx, "pièces: ouvrir")
	c, n, err := m.Magasin.Ouvrir(ctx, sha)
	fin(err)
	return c, n, err
}
