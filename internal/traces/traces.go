// Package traces shows where the time of a request goes, to whoever collects
// traces by OpenTelemetry. Spans are made by its SDK and posted as OTLP over
// HTTP in the JSON form (docs/decisions/0018). A span holds a route, a status
// and a duration: never an address, a name or what somebody sent.
//
// Start at [Ouvrir]. It imports nothing of the business.
package traces

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Traceur makes spans. A nil Traceur makes none and costs nothing.
type Traceur struct {
	fournisseur *sdk.TracerProvider
	t           trace.Tracer
}

// Options of [Ouvrir].
type Options struct {
	Adresse string // of the collector, http or https, with its path
	Part    int    // of the traces that are kept, in per cent
	Version string // of the program
	// Signaler is told when the collector does not take spans; they are lost.
	Signaler func(error)
}

// ErrAdresse is the error of an address that is none.
var ErrAdresse = errors.New("not the http address of a collector")

// delaiEnvoi bounds one call of the collector.
const delaiEnvoi = 10 * time.Second

// Ouvrir prepares spans for a collector. The caller must call Fermer.
func Ouvrir(o Options) (*Traceur, error) {
	u, err := url.Parse(o.Adresse)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, ErrAdresse
	}
	e := &exportateur{adresse: u.String(), c: &http.Client{Timeout: delaiEnvoi}, signaler: o.Signaler}
	f := sdk.NewTracerProvider(
		sdk.WithBatcher(e),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(float64(o.Part)/100))),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "guichet"), attribute.String("service.version", o.Version))),
	)
	return &Traceur{fournisseur: f, t: f.Tracer("guichet")}, nil
}

// Fermer sends what waits and ends.
func (t *Traceur) Fermer(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.fournisseur.Shutdown(ctx)
}

// Etape begins a step of the request or the job that a context is of; its end
// is told with its error. What belongs to neither, like looking twice a second
// whether there is work, leaves no span.
func (t *Traceur) Etape(ctx context.Context, nom string) (context.Context, func(error)) {
	if t == nil || !trace.SpanContextFromContext(ctx).IsValid() {
		return ctx, func(error) {}
	}
	ctx, s := t.t.Start(ctx, nom)
	return ctx, finir(s)
}

// Travail begins the span of a job that nobody waits for, a trace of its own;
// its end is told with its error. The number is the one that operators see.
func (t *Traceur) Travail(ctx context.Context, genre string, numero int64, essai int) (context.Context, func(error)) {
	if t == nil {
		return ctx, func(error) {}
	}
	ctx, s := t.t.Start(ctx, "travail: "+genre, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithNewRoot(),
		trace.WithAttributes(attribute.Int64("guichet.travail", numero), attribute.Int("guichet.essai", essai)))
	return ctx, finir(s)
}

// finir ends a span with what became of it.
func finir(s trace.Span) func(error) {
	return func(err error) {
		if err != nil {
			s.SetStatus(codes.Error, "") // the error itself may name somebody: the log has it
		}
		s.End()
	}
}

// Requete begins the span of a request. What callers send of traces of theirs
// is not believed.
func (t *Traceur) Requete(r *http.Request, id string) (*http.Request, func(route string, statut int)) {
	if t == nil {
		return r, func(string, int) {}
	}
	ctx, s := t.t.Start(r.Context(), "HTTP", trace.WithSpanKind(trace.SpanKindServer), trace.WithNewRoot(), trace.WithAttributes(attribute.String("http.request.id", id)))
	return r.WithContext(ctx), func(route string, statut int) {
		s.SetName(route)
		s.SetAttributes(attribute.String("http.route", route), attribute.Int("http.response.status_code", statut))
		if statut >= http.StatusInternalServerError {
			s.SetStatus(codes.Error, "")
		}
		s.End()
	}
}
