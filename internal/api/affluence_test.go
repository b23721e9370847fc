package api_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// At the closing hour, on a small portal whose places are all taken: deposits
// are refused politely, each in its own way, readings are answered, and who
// waited gets his answer. Nothing of what was refused is there.
func TestSaturatedPortalRefusesPolitelyAndIsStillRead(t *testing.T) {
	t.Parallel()
	porte := make(chan struct{})
	ouvrir := sync.OnceFunc(func() { close(porte) })
	p := nouveauPortail(t, func(m *guichet.Monde) {
		m.Affluence = guichet.Affluence{Depots: 1, FileDepots: 3, Attente: time.Minute}
		m.Finess = func() guichet.Registre { <-porte; return nil } // a control that takes its time
	})
	t.Cleanup(ouvrir) // before the server waits for what is under way
	preparer := func(qui, numero string) appel {
		f := guichettest.DeLui(qui)
		return depot(qui, p.NomFichier(f), string(guichettest.FichierAvance(f, numero)), "avance", f.Ans, nil)
	}
	reponses := make(chan reponse, 4)
	presents := 0
	patienter := func(qui, numero string) { // sends one that will wait, and sees it in
		q := preparer(qui, numero)
		go func() { reponses <- p.appeler(q) }()
		presents++
		for limite := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
			if d, _ := p.Guichet.Presents(); d == presents {
				return
			} else if time.Now().After(limite) {
				t.Fatalf("%d deposits are in, want %d", d, presents)
			}
		}
	}
	refusee := func(r reponse, statut int) {
		t.Helper()
		if s, err := strconv.Atoi(r.entetes.Get("Retry-After")); r.statut != statut || err != nil || s < 1 || r.entetes.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%d, want %d; Retry-After %q\n%s", r.statut, statut, r.entetes.Get("Retry-After"), r.corps)
		}
	}
	for i := range 3 {
		patienter("a.deposant", "A000"+strconv.Itoa(i))
	}
	refusee(p.appeler(preparer("a.deposant", "A0009")), http.StatusTooManyRequests) // half of the room is one supplier's
	patienter("b.gestionnaire", "B0001")
	refusee(p.appeler(preparer("b.gestionnaire", "B0009")), http.StatusServiceUnavailable) // the room is full
	for _, qui := range []string{"a.deposant", "b.gestionnaire", "instructeur1", "auditeur"} {
		if r := p.appeler(appel{qui: qui, methode: "GET", chemin: "/demandes"}); r.statut != http.StatusOK {
			t.Errorf("%s reads: %d %s", qui, r.statut, r.corps)
		}
	}
	ouvrir()
	for range presents {
		if r := <-reponses; r.statut != http.StatusCreated {
			t.Errorf("one that waited: %d %s", r.statut, r.corps)
		}
	}
	var gardes int
	if err := p.base.QueryRow("SELECT COUNT(*) FROM depot").Scan(&gardes); err != nil || gardes != presents {
		t.Errorf("%d deposits are kept, want %d (%v)", gardes, presents, err)
	}
}
