package guichet_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// evenementRecu is an event as a supplier's program reads it.
type evenementRecu struct {
	Numero    int64  `json:"numero"`
	Genre     string `json:"genre"`
	Objet     string `json:"objet"`
	Statut    string `json:"statut"`
	NumeroASP string `json:"numeroASP"`
}

// recevoir checks the signatures of the calls made and reads their events.
func recevoir(t *testing.T, d *dehors, secret string) (es []evenementRecu) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range d.appels {
		signature := a.entetes[guichet.EnteteSignature]
		instant, _, _ := strings.Cut(strings.TrimPrefix(signature, "t="), ",")
		s, err := strconv.ParseInt(instant, 10, 64)
		if err != nil || signature != guichet.SignerAppel(secret, time.Unix(s, 0), []byte(a.corps)) {
			t.Errorf("signature %q does not hold", signature)
		}
		if guichet.SignerAppel(secret, time.Unix(s+1, 0), []byte(a.corps)) == signature {
			t.Error("the hour is not signed")
		}
		var x struct {
			Evenements []evenementRecu `json:"evenements"`
		}
		if err := json.Unmarshal([]byte(a.corps), &x); err != nil {
			t.Fatal(err)
		}
		es = append(es, x.Evenements...)
	}
	d.appels = nil
	return es
}

func TestWebhookSigneOrdonneEtRejoue(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d, ctx, chef := equiper(t, m), t.Context(), m.Acteur("a.gestionnaire")
		_, _, err := m.Guichet.CreerAbonnement(ctx, m.Acteur("a.deposant"), "https://a.example/crochet")
		exigerGenre(t, err, guichet.Interdit)
		_, _, err = m.Guichet.CreerAbonnement(ctx, chef, "http://a.example/crochet")
		exigerGenre(t, err, guichet.Invalide)
		_, _, err = m.Guichet.CreerAbonnement(ctx, chef, "https://a.example/\xff")
		exigerGenre(t, err, guichet.Invalide)
		m.Deposer(t, "a.deposant", 1) // before the webhook: not told
		secret, b, err := m.Guichet.CreerAbonnement(ctx, chef, "https://a.example/crochet?cle=secrete")
		if err != nil || !strings.HasPrefix(secret, "whs_") || strings.Contains(b.Scelle, secret) {
			t.Fatal(err)
		}
		n := m.Amener(t, guichet.EnInstruction, 1)[0]
		m.Deposer(t, "b.gestionnaire", 1) // another supplier's: never told
		travailler(t, m)
		es := recevoir(t, d, secret)
		var suite []string
		for _, e := range es {
			suite = append(suite, e.Genre+" "+e.Statut)
		}
		if got := strings.Join(suite, ", "); got != "depot , statut deposee, statut en_instruction" || es[2].NumeroASP != string(n) {
			t.Fatalf("%s: %+v", got, es)
		}
		// The address fails: later everything comes, in order.
		d.statut = 503
		m.Agir(t, "a.deposant", n, guichet.ActeDemande{Action: guichet.Annuler})
		travailler(t, m)
		recevoir(t, d, secret)
		d.tomber(errors.New("no route"))
		m.Horloge.Avancer(time.Minute)
		m.Deposer(t, "a.deposant", 1)
		travailler(t, m)
		d.tomber(nil)
		d.statut = 204
		m.Horloge.Avancer(time.Hour)
		travailler(t, m)
		apres := recevoir(t, d, secret)
		if len(apres) != 2 || apres[0].Statut != "annulee" || apres[1].Genre != "depot" || apres[0].Numero >= apres[1].Numero {
			t.Fatalf("%+v", apres)
		}
		ls, err := m.Guichet.Livraisons(ctx, chef, b.ID)
		if err != nil || len(ls) < 4 || ls[0].Statut != 204 || ls[0].Erreur != "" || ls[len(ls)-2].Statut != 503 {
			t.Errorf("%+v, %v", ls, err)
		}
		exigerGenre(t, m.Guichet.RejouerAbonnement(ctx, m.Acteur("b.gestionnaire"), b.ID, 1), guichet.Inconnu)
		if err := m.Guichet.RejouerAbonnement(ctx, chef, b.ID, es[0].Numero); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		if encore := recevoir(t, d, secret); len(encore) != 5 {
			t.Errorf("replayed %+v", encore)
		}
		if err := m.Guichet.ArreterAbonnement(ctx, chef, b.ID); err != nil {
			t.Fatal(err)
		}
		m.Deposer(t, "a.deposant", 1)
		travailler(t, m)
		if encore := recevoir(t, d, secret); len(encore) != 0 {
			t.Errorf("after the end: %+v", encore)
		}
	})
}

// Many events go out in calls of a hundred, each event once.
func TestWebhookParPaquets(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	d, ctx, chef := equiper(t, m), t.Context(), m.Acteur("a.gestionnaire")
	secret, b, err := m.Guichet.CreerAbonnement(ctx, chef, "https://a.example/crochet")
	if err != nil {
		t.Fatal(err)
	}
	for range 250 {
		if err := m.Guichet.EssayerAbonnement(ctx, chef, b.ID); err != nil {
			t.Fatal(err)
		}
	}
	travailler(t, m)
	es := recevoir(t, d, secret)
	for i := 1; i < len(es); i++ {
		if es[i].Numero <= es[i-1].Numero {
			t.Fatalf("event %d after %d", es[i].Numero, es[i-1].Numero)
		}
	}
	if len(es) != 250 {
		t.Errorf("%d events", len(es))
	}
}

// A new secret leaves the receiver a day to change: both sign, then one alone.
func TestWebhookSecretIsReplacedWithoutACut(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	d, ctx, chef := equiper(t, m), t.Context(), m.Acteur("a.gestionnaire")
	ancien, b, err := m.Guichet.CreerAbonnement(ctx, chef, "https://a.example/crochet")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = m.Guichet.CreerAbonnement(ctx, chef, "https://a.example/crochet")
	exigerGenre(t, err, guichet.Conflit)
	_, err = m.Guichet.RenouvelerAbonnement(ctx, m.Acteur("b.gestionnaire"), b.ID)
	exigerGenre(t, err, guichet.Inconnu)
	nouveau, err := m.Guichet.RenouvelerAbonnement(ctx, chef, b.ID)
	if err != nil || nouveau == ancien {
		t.Fatal(err)
	}
	signature := func() (string, string, time.Time) {
		t.Helper()
		if err := m.Guichet.EssayerAbonnement(ctx, chef, b.ID); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		a := d.appels[len(d.appels)-1]
		return a.entetes[guichet.EnteteSignature], a.corps, m.Horloge.Maintenant()
	}
	s, corps, quand := signature()
	_, v1, _ := strings.Cut(guichet.SignerAppel(ancien, quand, []byte(corps)), ",")
	if want := guichet.SignerAppel(nouveau, quand, []byte(corps)) + "," + v1; s != want {
		t.Errorf("within the day: %s, want %s", s, want)
	}
	m.Horloge.Avancer(25 * time.Hour)
	if s, corps, quand = signature(); s != guichet.SignerAppel(nouveau, quand, []byte(corps)) {
		t.Errorf("after the day: %s", s)
	}
}
