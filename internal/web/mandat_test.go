package web_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// lisible is what an answer says: a workbook is unpacked first.
func lisible(t *testing.T, corps string) string {
	t.Helper()
	if !strings.HasPrefix(corps, "PK") {
		return corps
	}
	z, err := zip.NewReader(strings.NewReader(corps), int64(len(corps)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, f := range z.File {
		r, err := f.Open()
		if err == nil {
			_, err = io.Copy(&b, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// avecCreance adds a claim on the paid request, and gives its address.
func avecCreance(t *testing.T, p *portail, o objets) string {
	t.Helper()
	n, non := guichet.NumeroASP(o.payee), false
	p.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Essai"})
	p.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.Constater, Conforme: &non})
	p.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.Recouvrer, Montant: "10.00", Motif: "Essai"})
	return "/recouvrements/1"
}

// A third party under mandate for one ANS number finds, in every page, list,
// search, export and total, what its mandate covers and nothing of the rest:
// what belongs to the supplier's other numbers is as what does not exist.
func TestMandateHoldsOnEveryPage(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	o := monde(t, p)
	creance := avecCreance(t, p, o)
	const ans = "AUTRE00001"
	p.Mandater(t, "a.tiers", ans)
	sien := p.DeposerSous(t, "a.tiers", ans, 1)
	numero := string(sien.Demandes[0].NumeroASP)
	// The gestionnaire's page says what the mandate is, and changes it.
	g := p.entrer("a.gestionnaire")
	g.lire("/utilisateurs").doit(t, http.StatusOK, "Changer le mandat", "Dépôts fictifs")
	chemin := fmt.Sprintf("/utilisateurs/%d", p.Acteur("a.tiers").ID)
	g.poster(chemin, url.Values{"acte": {"mandat"}, "fin": {"2020-01-01"}, "numero": {ans}}).doit(t, http.StatusUnprocessableEntity, "Fin du mandat")
	g.poster(chemin, url.Values{"acte": {"mandat"}, "fin": {"2024-06-30"}, "numero": {ans}}).vers(t, "/utilisateurs?fait=utilisateur")
	g.lire("/utilisateurs").doit(t, http.StatusOK, "30/06/2024")
	n := p.entrer("a.tiers")
	secrets := []string{guichettest.Fournisseurs()[0].Ans, o.depot, o.lot, o.payee, o.incomplete, o.modifier, o.deposee}
	pages := o.pages()
	pages[creance] = nil
	for _, chemin := range []string{"/demandes?q=" + o.payee, "/demandes?q=" + o.payee[:6], "/demandes?acteur=fournisseur", "/demandes.csv?statut=payee", "/recouvrements", "/depots/nouveau", "/compte/securite"} {
		pages[chemin] = nil
	}
	ouvertes := 0
	for _, chemin := range slices.Sorted(maps.Keys(pages)) {
		r := n.lire(chemin)
		texte, vise := lisible(t, r.corps), slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(strings.Split(chemin, "?")[0], s) })
		if r.statut == http.StatusOK {
			ouvertes++
		}
		if (vise || chemin == creance) && r.statut != http.StatusNotFound && r.statut != http.StatusForbidden {
			t.Errorf("%s: %d", chemin, r.statut)
		}
		for _, s := range secrets {
			if strings.Contains(texte, s) && !strings.Contains(chemin, s) {
				t.Errorf("%s tells of %s", chemin, s)
			}
		}
	}
	if ouvertes < 12 {
		t.Errorf("only %d pages open", ouvertes)
	}
	for chemin, textes := range map[string][]string{"/demandes": {numero}, "/depots": {string(sien.Depot.ID)}, "/demandes/" + numero: {ans}, "/demandes.csv": {numero}, "/depots/nouveau": {ans}, "/compte": {ans, "Dépôts fictifs"}} {
		n.lire(chemin).doit(t, http.StatusOK, textes...)
	}
	// One request, 255.00 asked, nothing granted and nothing paid: the totals too
	// are those of the mandate.
	if r := n.lire("/tableau-de-bord").doit(t, http.StatusOK, "255,00"); strings.Contains(r.corps, "Décidée et payée") {
		t.Error("the dashboard counts what the mandate does not cover")
	}
	for _, x := range []struct{ chemin, acte string }{{"/demandes/" + o.deposee + "/actes", "annuler"}, {"/demandes/" + o.modifier + "/correction", ""}, {"/demandes/" + o.payee + "/reponse", ""}} {
		n.poster(x.chemin, url.Values{"acte": {x.acte}, "reponse": {"Voici."}}).doit(t, http.StatusNotFound)
	}
	n.envoyer("/demandes/"+o.incomplete+"/pieces", "x.pdf", []byte("%PDF-"), nil).doit(t, http.StatusNotFound)
	n.envoyer("/depots/"+o.depot+"/pieces", "x.zip", []byte("PK"), nil).doit(t, http.StatusNotFound)
}

// An administrator adds an ANS number to an enrolled supplier, with a reason,
// and withdraws it; deposits follow at once, and a refused form says what to
// correct without losing what was typed.
func TestAdministratorChangesANSNumbers(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n, chemin := p.entrer("administrateur"), "/fournisseurs/1/numeros"
	regler := func(acte, numero, motif string) *reponse {
		return n.poster(chemin, url.Values{"acte": {acte}, "numero": {numero}, "couloir": {"PHA"}, "logiciel": {"lgo"}, "motif": {motif}})
	}
	regler("ajouter", "AUTRE0001", "Vérifié").doit(t, http.StatusUnprocessableEntity, "10 lettres ou chiffres", `value="AUTRE0001"`, "<details open>")
	regler("ajouter", "AUTRE00001", " ").doit(t, http.StatusUnprocessableEntity, "motif")
	regler("ajouter", guichettest.Fournisseurs()[1].Ans, "Vérifié").doit(t, http.StatusConflict, "autre fournisseur")
	regler("retirer", "AUTRE00001", "Vérifié").doit(t, http.StatusNotFound)
	regler("donner", "AUTRE00001", "Vérifié").doit(t, http.StatusUnprocessableEntity)
	regler("ajouter", "AUTRE00001", "Référencé le 3 juillet").vers(t, "/fournisseurs?fait=numero")
	regler("ajouter", "AUTRE00001", "Encore").doit(t, http.StatusConflict)
	p.DeposerSous(t, "a.deposant", "AUTRE00001", 1)
	regler("retirer", "AUTRE00001", "Déréférencé").vers(t, "/fournisseurs?fait=numero")
	n.lire("/fournisseurs").doit(t, http.StatusOK, "AUTRE00001", "retiré le")
	p.entrer("a.gestionnaire").lire("/compte").doit(t, http.StatusOK, "AUTRE00001", "soldes seulement")
	f := guichettest.Fournisseurs()[0]
	f.Ans = "AUTRE00001"
	a := p.entrer("a.deposant")
	a.envoyer("/depots", p.NomFichier(f), guichettest.FichierAvance(f, p.Numeros(1)...), map[string]string{"type": "avance", "numeroAns": f.Ans}).doit(t, http.StatusUnprocessableEntity, "3002")
	n.lire("/journal").doit(t, http.StatusOK, "numero_ans:gerer", "Référencé le 3 juillet")
	a.poster(chemin, url.Values{"acte": {"ajouter"}}).doit(t, http.StatusForbidden)
}

// A list or an export that an agent reads leaves one entry, with its filter and
// how much it held, in the register of readings; what a supplier reads of its
// own leaves none.
func TestListsAndExportsAreReadings(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	o := monde(t, p)
	agent, supplier, auditeur := p.entrer("controleur"), p.entrer("a.lecteur"), p.entrer("auditeur")
	for _, x := range []struct{ chemin, acte, objet, detail string }{
		{"/demandes", "demande:lire", "demandes", "liste : sans filtre ; demandes lues : 4"},
		{"/demandes?statut=payee", "demande:lire", "demandes", "liste : statut payee ; demandes lues : 1"},
		{"/demandes.csv?q=" + o.payee, "demande:lire", "demandes", "en entier : numéro contenant " + o.payee + " ; demandes lues : 1"},
		{"/demandes.xlsx?type=avance", "demande:lire", "demandes", "en entier : type avance ; demandes lues : 4"},
		{"/depots/" + o.depot + "/recepisse", "depot:lire", o.depot, "récépissé"},
		{"/paiements?fournisseur=1", "avis:lire", "paiements", "avis lus : 1"},
		{"/paiements/" + o.lot + ".csv?fournisseur=1", "avis:lire", o.lot, "fournisseur 1"},
	} {
		avant := p.derniere()
		agent.lire(x.chemin).doit(t, http.StatusOK)
		es, err := p.Guichet.Journal(t.Context(), p.Acteur("auditeur"), avant+1, 10)
		if err != nil || len(es) != 1 || es[0].Acte != x.acte || es[0].Objet != x.objet || !strings.Contains(es[0].DetailLisible(), x.detail) {
			t.Errorf("%s: %+v, %v", x.chemin, es, err)
		}
		avant = p.derniere()
		supplier.lire(x.chemin).doit(t, http.StatusOK)
		if p.derniere() != avant {
			t.Errorf("%s leaves an entry of a supplier's own reading", x.chemin)
		}
	}
	agent.lire("/demandes?statut=refusee").doit(t, http.StatusOK)
	auditeur.lire("/lectures?numero=demandes").doit(t, http.StatusOK, "demandes lues : 4", "statut payee", "en entier")
	if r := auditeur.lire("/lectures?numero=demandes"); strings.Contains(r.corps, "statut refusee") {
		t.Error("a list that showed nobody is in the register")
	}
}
