//go:build !race

// Hundreds of pages, one after the other: under the race detector that takes
// minutes and finds nothing that the other tests would not. "make test" runs
// these without it.

package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

func TestEveryPageIsSafeAndReadable(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	o := monde(t, p)
	anonyme := p.anonyme()
	for _, chemin := range publiques {
		verifier(t, chemin, anonyme.lire(chemin))
	}
	adresses := slices.Sorted(maps.Keys(o.pages()))
	for _, compte := range []string{"a.gestionnaire", "instructeur1", "decideur", "comptable2", "controleur", "auditeur", "cumul"} {
		n := p.entrer(compte)
		for _, chemin := range append(adresses, "/demandes/"+o.incomplete, "/demandes/"+o.modifier, "/demandes/"+o.deposee, "/demandes?statut=refusee", "/demandes?statut=inexistant", "/inconnue") {
			switch r := n.lire(chemin); {
			case strings.Contains(r.entete.Get("Content-Security-Policy"), "'nonce-"):
				autonome(t, r)
			case strings.HasPrefix(r.entete.Get("Content-Type"), "text/html"):
				verifier(t, compte+" "+chemin, r)
			}
		}
	}
	// One page with every form of an officer's.
	en := p.Amener(t, "en_instruction", 1)[0]
	verifier(t, "instruction", p.entrer("instructeur1").lire("/demandes/"+string(en)).doit(t, http.StatusOK, "Demander une modification", "Proposer un refus", "<iframe"))
}

// Every page is tried by every account: opened by those who may, refused to
// the others, and unknown where another supplier must not even learn that it
// exists.
func TestPagesOpenToThoseWhoMay(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	o := monde(t, p)
	pages := o.pages()
	adresses := slices.Sorted(maps.Keys(pages))
	for _, compte := range []string{"a.gestionnaire", "a.deposant", "a.lecteur", "b.gestionnaire", "instructeur1", "decideur", "comptable1", "controleur", "auditeur", "administrateur", "cumul"} {
		n := p.entrer(compte)
		for _, chemin := range adresses {
			r := n.lire(chemin)
			switch ouvre := pages[chemin](compte); {
			case ouvre && r.statut != http.StatusOK:
				t.Errorf("%s, %s: %d, want 200", compte, chemin, r.statut)
			case !ouvre && r.statut != http.StatusForbidden && r.statut != http.StatusNotFound:
				t.Errorf("%s, %s: %d, want a refusal", compte, chemin, r.statut)
			case !ouvre && compte == "b.gestionnaire" && strings.Contains(r.corps, "fictif a"):
				t.Errorf("%s, %s: another supplier is named", compte, chemin)
			}
		}
	}
	anonyme := p.anonyme()
	for _, chemin := range adresses {
		r := anonyme.lire(chemin)
		r.vers(t, "/connexion?suite="+url.QueryEscape(chemin))
	}
	// A session that stands when its account is closed opens nothing more.
	n := p.entrer("a.deposant")
	if err := p.Guichet.ModifierUtilisateur(t.Context(), p.Acteur("a.gestionnaire"), p.Acteur("a.deposant").ID, []guichet.Role{guichet.Deposant}, false); err != nil {
		t.Fatal(err)
	}
	for _, chemin := range adresses {
		n.lire(chemin).vers(t, "/connexion?suite="+url.QueryEscape(chemin))
	}
	n.poster("/demandes/"+o.deposee+"/actes", url.Values{"acte": {"annuler"}}).doit(t, http.StatusUnauthorized)
}
