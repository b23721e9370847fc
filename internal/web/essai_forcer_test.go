package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

// A sandbox says so on every page, number and letter; elsewhere nothing does,
// and no status is forced.
func TestSandboxIsMarkedEverywhere(t *testing.T) {
	t.Parallel()
	force := url.Values{"statut": {"refusee"}, "motif": {"Essai de rejet"}}
	vrai := nouveau(t)
	n := vrai.Amener(t, guichet.Decidee, 1)[0]
	admin := vrai.entrer("administrateur")
	if r := admin.lire("/demandes/" + string(n)); strings.Contains(r.corps, "TEST") || strings.Contains(r.corps, "/statut") {
		t.Error("a real portal looks like a sandbox")
	}
	admin.poster("/demandes/"+string(n)+"/statut", force).doit(t, http.StatusForbidden, "bac à sable")
	if vrai.statut(n) != guichet.Decidee {
		t.Error("the status is forced on a real portal")
	}

	p := nouveau(t, func(w *guichet.Monde) { w.BacASable = true })
	n = p.Amener(t, guichet.Decidee, 1)[0]
	chemin := "/demandes/" + string(n)
	verifier(t, "/", p.anonyme().lire("/").doit(t, http.StatusOK, "<title>TEST – ", "Bac à sable – TEST", `<body class="essai">`))
	p.anonyme().lire("/inconnue").doit(t, http.StatusNotFound, "Bac à sable – TEST")
	f := p.entrer("a.gestionnaire")
	if r := f.lire(chemin).doit(t, http.StatusOK, ">TEST-0000"); strings.Contains(r.corps, "/statut") {
		t.Error("a supplier is offered to force a status")
	}
	f.lire(chemin+"/courrier/attribution").doit(t, http.StatusOK, "TEST – Bac à sable", "ce document est un essai, il n’a aucune valeur")
	for _, e := range []string{".csv", ".xlsx"} {
		if r := f.lire("/demandes"+e).doit(t, http.StatusOK); !strings.Contains(r.entete.Get("Content-Disposition"), "TEST-demandes-") {
			t.Errorf("%s: %v", e, r.entete)
		}
	}
	if r := f.lire("/demandes.csv"); !strings.Contains(r.corps, "\r\n"+string(n)+";") || !strings.HasPrefix(string(n), "TEST-") {
		t.Errorf("the rows of an export are not marked: %q", r.corps)
	}
	f.poster(chemin+"/statut", force).doit(t, http.StatusForbidden)
	admin = p.entrer("administrateur")
	verifier(t, "forcing", admin.lire(chemin).doit(t, http.StatusOK, "Bac à sable : forcer le statut"))
	admin.poster(chemin+"/statut", url.Values{"statut": {"ailleurs"}, "motif": {"x"}}).doit(t, http.StatusUnprocessableEntity, "n’existe pas")
	admin.poster(chemin+"/statut", force).vers(t, chemin)
	f.lire(chemin).doit(t, http.StatusOK, "Refusée", "Statut forcé (bac à sable)", "Essai de rejet")
}
