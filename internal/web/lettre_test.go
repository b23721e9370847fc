package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

// autonome checks a page that stands alone: French, shut in, its style known
// by a word that only this answer has.
func autonome(t *testing.T, r *reponse) {
	t.Helper()
	csp := r.entete.Get("Content-Security-Policy")
	m := regexp.MustCompile(`style-src 'nonce-([A-Za-z0-9_-]{24})'`).FindStringSubmatch(csp)
	if m == nil || !strings.Contains(r.corps, `<style nonce="`+m[1]+`">`) {
		t.Fatalf("the style has no word of its own: %q", csp)
	}
	for _, d := range []string{"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"} {
		if !strings.Contains(csp, d) {
			t.Errorf("the policy lacks %s: %s", d, csp)
		}
	}
	if r.entete.Get("X-Content-Type-Options") != "nosniff" || r.entete.Get("Cache-Control") != "no-store" || r.entete.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("header: %v", r.entete)
	}
	if !strings.HasPrefix(r.corps, "<!DOCTYPE html>\n<html lang=\"fr\">") || strings.Contains(r.corps, "<script") {
		t.Error("no French page without script")
	}
}

// papier checks a PDF that browsers show.
func papier(t *testing.T, r *reponse, nom string) {
	t.Helper()
	r.doit(t, http.StatusOK)
	if r.entete.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(r.entete.Get("Content-Disposition"), "inline; filename="+nom) || !strings.HasPrefix(r.corps, "%PDF-") {
		t.Errorf("%q, %q, %.10q", r.entete.Get("Content-Type"), r.entete.Get("Content-Disposition"), r.corps)
	}
	if r.entete.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("the browser may guess")
	}
}

// A supplier reads a refusal: with reasons and remedies, as page and as PDF,
// and officers then see that it was read.
func TestRefusalIsReadAndSeenToBeRead(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := string(p.Amener(t, guichet.Refusee, 1)[0])
	agent := p.entrer("decideur")
	agent.lire("/demandes/"+n+"/courriers").doit(t, http.StatusOK, "Décision de refus", "pas encore lu")
	f := p.entrer("a.lecteur")
	f.lire("/demandes/"+n).doit(t, http.StatusOK, `href="/demandes/`+n+`/courriers"`)
	liste := f.lire("/demandes/"+n+"/courriers").doit(t, http.StatusOK, "pas encore lu", n+"/REF1")
	verifier(t, "courriers", liste)
	r := f.lire("/demandes/"+n+"/courrier/refus").doit(t, http.StatusOK, "Décision de refus", "établissement n’est pas éligible", "620, 627, 628 ou 629", "Référence&nbsp;: "+n+"/REF1", "Fournisseur fictif a", "Agence fictive de paiement")
	autonome(t, r)
	if f.lire("/demandes/"+n+"/courrier/refus").corps == r.corps {
		t.Error("the style's word came twice")
	}
	papier(t, f.lire("/demandes/"+n+"/courrier/refus.pdf"), n+"-REF1.pdf")
	f.lire("/demandes/"+n+"/courriers").doit(t, http.StatusOK, "lu le 03/07/2023")
	agent.lire("/demandes/"+n+"/courriers").doit(t, http.StatusOK, "par a.lecteur")
	for _, chemin := range []string{"attribution", "refus?rang=2", "refus?rang=0", "refus?rang=x", "refus.csv", "../refus", "REFUS"} {
		if r := f.lire("/demandes/" + n + "/courrier/" + chemin); r.statut != http.StatusNotFound && r.statut != http.StatusTemporaryRedirect && r.statut != http.StatusMovedPermanently {
			t.Errorf("%s: %d", chemin, r.statut)
		}
	}
}

// Of several letters of one kind the list leads to each.
func TestEarlierModificationStaysReadable(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.Amener(t, guichet.AModifier, 1)[0]
	p.Agir(t, "a.gestionnaire", n, guichet.ActeDemande{Action: guichet.Corriger, Champs: guichet.Champs{}})
	p.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Prendre})
	q := p.Modification()
	q.Message, q.Cibles = "<b>Le cachet</b> manque.", []string{"beneficiaire", "commande.dateCommande", "piecesJustificatives"}
	p.Agir(t, "instructeur1", n, q)
	f := p.entrer("a.gestionnaire")
	base := "/demandes/" + string(n) + "/courrier/modification"
	f.lire("/demandes/"+string(n)+"/courriers").doit(t, http.StatusOK, base+"?rang=1", base+"?rang=2", base+".pdf?rang=1")
	f.lire(base).doit(t, http.StatusOK, "&lt;b&gt;Le cachet", "13\u00a0juillet\u00a02023", "piecesJustificatives", "<code>commande.dateCommande</code>")
	f.lire(base+"?rang=1").doit(t, http.StatusOK, "La signature est coupée.")
	papier(t, f.lire(base+".pdf?rang=1"), string(n)+"-MOD1.pdf")
}

func TestReceiptNamesFileAndJournal(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	d := p.Deposer(t, "a.gestionnaire", 2)
	r, err := p.Guichet.Recepisse(t.Context(), p.Acteur("a.gestionnaire"), d.Depot.ID)
	if err != nil {
		t.Fatal(err)
	}
	f := p.entrer("a.lecteur")
	chemin := "/depots/" + string(d.Depot.ID)
	f.lire(chemin).doit(t, http.StatusOK, `href="`+chemin+`/recepisse"`, `href="`+chemin+`/recepisse.pdf"`)
	page := f.lire(chemin+"/recepisse").doit(t, http.StatusOK, d.Depot.SHA256, r.Entree.Empreinte, d.Depot.NomFichier, "à 10:00:00", string(d.Demandes[1].NumeroASP), "a.gestionnaire", "PHA-LGO-Va1/avance, version")
	autonome(t, page)
	papier(t, f.lire(chemin+"/recepisse.pdf"), "recepisse-"+string(d.Depot.ID)+".pdf")
}

// A payment notice tells the way to each amount; its forms say the same.
func TestPaymentNoticeInThreeForms(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	ns := p.Amener(t, guichet.Payee, 2)
	ls, err := p.Guichet.Lots(t.Context(), p.Acteur("comptable1"), 1)
	if err != nil {
		t.Fatal(err)
	}
	chemin := "/paiements/" + string(ls[0].ID)
	f := p.entrer("a.lecteur")
	verifier(t, "/paiements", f.lire("/paiements").doit(t, http.StatusOK, chemin, ls[0].Total.Francais()))
	page := f.lire(chemin).doit(t, http.StatusOK, string(ns[0]), string(ns[1]), ls[0].Total.Francais(), "FR00 … TIFa")
	autonome(t, page)
	papier(t, f.lire(chemin+".pdf"), "avis-de-paiement-")
	csv := f.lire(chemin+".csv").doit(t, http.StatusOK, "numeroASP", string(ns[0])+";")
	if !strings.HasPrefix(csv.entete.Get("Content-Type"), "text/csv") || strings.Count(csv.corps, "\r\n") != 3 {
		t.Errorf("%v\n%s", csv.entete, csv.corps)
	}
	f.lire(chemin+".csv.pdf").doit(t, http.StatusNotFound)
	agent := p.entrer("comptable1")
	verifier(t, "/paiements of an agent", agent.lire("/paiements?fournisseur=1").doit(t, http.StatusOK, chemin+"?fournisseur=1", "Fournisseur fictif b"))
	agent.lire("/paiements?fournisseur=x").doit(t, http.StatusBadRequest)
	agent.lire(chemin).doit(t, http.StatusNotFound)
	agent.lire(chemin+"?fournisseur=2").doit(t, http.StatusNotFound)
	b := p.entrer("b.gestionnaire")
	b.lire("/paiements").doit(t, http.StatusOK, "Aucun paiement")
	b.lire(chemin).doit(t, http.StatusNotFound)
}
