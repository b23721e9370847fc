package traces

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// The JSON form of OTLP (opentelemetry-proto, trace/v1): identifiers in
// hexadecimal, 64-bit integers as strings.
type (
	envoiOTLP struct {
		ResourceSpans []ressourceOTLP `json:"resourceSpans"`
	}
	ressourceOTLP struct {
		Resource   attributsOTLP `json:"resource"`
		ScopeSpans []porteeOTLP  `json:"scopeSpans"`
	}
	attributsOTLP struct {
		Attributes []attributOTLP `json:"attributes"`
	}
	porteeOTLP struct {
		Scope nomOTLP    `json:"scope"`
		Spans []spanOTLP `json:"spans"`
	}
	nomOTLP struct {
		Name string `json:"name"`
	}
	spanOTLP struct {
		TraceID      string         `json:"traceId"`
		SpanID       string         `json:"spanId"`
		ParentSpanID string         `json:"parentSpanId,omitempty"`
		Name         string         `json:"name"`
		Kind         int            `json:"kind"`
		Start        string         `json:"startTimeUnixNano"`
		End          string         `json:"endTimeUnixNano"`
		Attributes   []attributOTLP `json:"attributes,omitempty"`
		Status       statutOTLP     `json:"status"`
	}
	statutOTLP struct {
		Code int `json:"code,omitempty"`
	}
	attributOTLP struct {
		Key   string     `json:"key"`
		Value valeurOTLP `json:"value"`
	}
	valeurOTLP struct {
		Texte  *string `json:"stringValue,omitempty"`
		Entier *string `json:"intValue,omitempty"`
	}
)

// statutErreur is STATUS_CODE_ERROR.
const statutErreur = 2

// reponseMax is read of the collector's answer, and thrown away.
const reponseMax = 64 << 10

// exportateur posts spans to a collector.
type exportateur struct {
	adresse  string
	c        *http.Client
	signaler func(error)
}

// ExportSpans implements sdk.SpanExporter. A collector that does not answer
// loses spans and nothing else: the error goes to the log here, not to the
// global handler of the SDK.
func (e *exportateur) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	if err := e.poster(ctx, composer(spans)); err != nil {
		e.signaler(fmt.Errorf("%d spans lost: %w", len(spans), err))
	}
	return nil
}

// Shutdown implements sdk.SpanExporter.
func (e *exportateur) Shutdown(context.Context) error {
	e.c.CloseIdleConnections()
	return nil
}

func (e *exportateur) poster(ctx context.Context, x envoiOTLP) error {
	b, err := json.Marshal(x)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.adresse, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	rep, err := e.c.Do(r)
	if err != nil {
		if u, ok := err.(*url.Error); ok { //nolint:errorlint // Do promises this very type; what it wraps leaves the address out
			err = u.Err
		}
		return err
	}
	defer func() { _ = rep.Body.Close() }() // read as far as it matters
	if _, err := io.Copy(io.Discard, io.LimitReader(rep.Body, reponseMax)); err != nil {
		return err
	}
	if rep.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answers %d", rep.StatusCode)
	}
	return nil
}

func composer(spans []sdk.ReadOnlySpan) envoiOTLP {
	p := porteeOTLP{Scope: nomOTLP{"guichet"}}
	for _, s := range spans {
		x := spanOTLP{
			TraceID: s.SpanContext().TraceID().String(), SpanID: s.SpanContext().SpanID().String(), Name: s.Name(), Kind: int(s.SpanKind()),
			Start: nanos(s.StartTime()), End: nanos(s.EndTime()), Attributes: attributs(s.Attributes()),
		}
		if s.Parent().HasSpanID() {
			x.ParentSpanID = s.Parent().SpanID().String()
		}
		if s.Status().Code == codes.Error {
			x.Status.Code = statutErreur
		}
		p.Spans = append(p.Spans, x)
	}
	return envoiOTLP{[]ressourceOTLP{{Resource: attributsOTLP{attributs(spans[0].Resource().Attributes())}, ScopeSpans: []porteeOTLP{p}}}}
}

func nanos(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

// attributs are texts and whole numbers; we make no others.
func attributs(as []attribute.KeyValue) (xs []attributOTLP) {
	for _, a := range as {
		x := attributOTLP{Key: string(a.Key)}
		texte := a.Value.String()
		if a.Value.Type() == attribute.INT64 {
			x.Value.Entier = &texte
		} else {
			x.Value.Texte = &texte
		}
		xs = append(xs, x)
	}
	return xs
}
