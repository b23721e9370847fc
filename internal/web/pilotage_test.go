package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
)

// The queue is filtered, its filters are kept under a name, and its requests
// are given to officers; what cannot be given is told.
func TestQueueIsFilteredSavedAndGivenOut(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	ns := p.Amener(t, guichet.Deposee, 3)
	un := p.entrer("instructeur1")
	deux := fmt.Sprint(p.Acteur("instructeur2").ID)
	un.poster("/instruction/affecter", url.Values{"agent": {deux}}).doit(t, http.StatusUnprocessableEntity, "Cochez au moins une demande")
	un.poster("/instruction/affecter", url.Values{"agent": {deux}, "numeros": {string(ns[0])}, "filtres": {"statut=deposee"}}).vers(t, "/instruction?fait=affecte&statut=deposee")
	un.poster("/instruction/affecter", url.Values{"agent": {"999"}, "numeros": {string(ns[0])}}).doit(t, http.StatusUnprocessableEntity, "n’instruit pas")
	page := un.lire("/instruction?agent=libre&statut=deposee").doit(t, http.StatusOK, string(ns[1]))
	if strings.Contains(page.corps, string(ns[0])) {
		t.Error("a request that is somebody's stands among those of nobody")
	}
	un.lire("/instruction?agent=x").doit(t, http.StatusBadRequest)
	un.lire("/instruction?agent="+deux).doit(t, http.StatusOK, string(ns[0]), "instructeur2")
	p.Horloge.Avancer(20 * 24 * 3600e9)
	un = p.entrer("instructeur1")
	verifier(t, "late", un.lire("/instruction?retard=1").doit(t, http.StatusOK, string(ns[2]), "20\u00a0jours", "en retard"))
	un.poster("/instruction/vues", url.Values{"acte": {"enregistrer"}, "nom": {""}}).doit(t, http.StatusUnprocessableEntity, "de 1 à 60")
	un.poster("/instruction/vues", url.Values{"acte": {"enregistrer"}, "nom": {"Retards"}, "partagee": {"1"}, "filtres": {"retard=1&apres=5"}}).vers(t, "/instruction?fait=vue")
	autre := p.entrer("instructeur2")
	corps := autre.lire("/instruction").doit(t, http.StatusOK, "Retards", "partagée", `href="/instruction?retard=1&amp;vue=`).corps
	id := regexp.MustCompile(`name="vue" value="([1-9][0-9]*)"`).FindStringSubmatch(corps)
	if id == nil {
		t.Fatal("the shared view has no form")
	}
	autre.poster("/instruction/vues", url.Values{"acte": {"defaut"}, "vue": {id[1]}}).vers(t, "/instruction")
	autre.lire("/instruction").vers(t, "/instruction?retard=1&vue="+id[1])
	autre.poster("/instruction/vues", url.Values{"acte": {"retirer"}, "vue": {id[1]}}).doit(t, http.StatusForbidden, "lui seul la retire")
	verifier(t, "views", autre.lire("/instruction?vue="+id[1]).doit(t, http.StatusOK, "par défaut"))
	autre.poster("/instruction/suivante", nil).vers(t, "/demandes/"+string(ns[0]))
}

// Rules are written, previewed and applied by an administrator.
func TestAssignmentRulesArePreviewedThenApplied(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.Amener(t, guichet.Deposee, 1)[0]
	a := p.entrer("administrateur")
	id := fmt.Sprint(p.Acteur("instructeur1").ID)
	q := url.Values{"acte": {"regler"}, "id": {"0"}, "nom": {"Tout"}, "rang": {"1"}, "partage": {"charge"}, "active": {"1"}}
	verifier(t, "rule refused", a.poster("/affectation", q).doit(t, http.StatusUnprocessableEntity, "nomme de 1 à", `value="Tout"`))
	q.Set("agents", id)
	a.poster("/affectation", q).vers(t, "/affectation?fait=regle")
	verifier(t, "rules", a.lire("/affectation").doit(t, http.StatusOK, "Les demandes vont à instructeur1."))
	verifier(t, "preview", a.poster("/affectation", url.Values{"acte": {"apercu"}}).doit(t, http.StatusOK, "1\u00a0demande serait confiée", string(n)))
	a.poster("/affectation", url.Values{"acte": {"appliquer"}}).doit(t, http.StatusOK, "1\u00a0demande confiée")
	a.poster("/affectation", url.Values{"acte": {"appliquer"}}).vers(t, "/affectation?fait=libres")
	p.entrer("instructeur1").poster("/affectation", q).doit(t, http.StatusForbidden)
}

// A note stands on the agents' page of a request and on none of its supplier's.
func TestNotesAreNeverShownToTheSupplier(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.Amener(t, guichet.Refusee, 1)[0]
	chemin := "/demandes/" + string(n)
	i := p.entrer("instructeur1")
	i.poster(chemin+"/notes", url.Values{"note": {" "}}).doit(t, http.StatusUnprocessableEntity, "Il manque")
	i.poster(chemin+"/notes", url.Values{"note": {"Fichier <douteux>"}}).vers(t, chemin+"?fait=note#notes")
	page := i.lire(chemin).doit(t, http.StatusOK, "Fichier &lt;douteux&gt;", "Notes internes")
	verifier(t, "notes", page)
	id := regexp.MustCompile(`/notes/([0-9]+)"`).FindStringSubmatch(page.corps)[1]
	f := p.entrer("a.gestionnaire")
	for _, x := range []string{"", "/courriers", "/courrier/refus"} {
		if r := f.lire(chemin+x).doit(t, http.StatusOK); strings.Contains(r.corps, "douteux") || strings.Contains(r.corps, "Notes internes") {
			t.Errorf("%s shows the note", chemin+x)
		}
	}
	for _, x := range []string{"/demandes.csv", "/journal"} {
		if r := f.lire(x); strings.Contains(r.corps, "douteux") {
			t.Errorf("%s shows the note", x)
		}
	}
	f.poster(chemin+"/notes", url.Values{"note": {"x"}}).doit(t, http.StatusForbidden)
	i.poster(chemin+"/notes/"+id, url.Values{"motif": {"Erreur de dossier."}}).vers(t, chemin)
	i.lire(chemin).doit(t, http.StatusOK, "<del>Fichier &lt;douteux&gt;</del>", "Erreur de dossier.")
	i.poster(chemin+"/notes/"+id, url.Values{"motif": {"Encore."}}).doit(t, http.StatusConflict, "déjà barrée")
}

// A decision is replaced on its page; page and letters name the one before.
func TestDecisionIsReplacedOnItsPage(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.Amener(t, guichet.Decidee, 1)[0]
	chemin := "/demandes/" + string(n)
	d := p.entrer("decideur")
	verifier(t, "reviser", d.lire(chemin).doit(t, http.StatusOK, "Remplacer la décision", "Retirer la décision"))
	d.poster(chemin+"/actes", url.Values{"acte": {"reviser"}, "sens": {"refus"}, "motifs": {"doublon"}}).doit(t, http.StatusUnprocessableEntity, "Il manque")
	d.poster(chemin+"/actes", url.Values{"acte": {"reviser"}, "sens": {"refus"}, "motifs": {"doublon"}, "motif": {"Déjà financée."}}).vers(t, chemin)
	f := p.entrer("a.lecteur")
	f.lire(chemin).doit(t, http.StatusOK, "Cette décision remplace", string(n)+"/ATT1", "Déjà financée.")
	autonome(t, f.lire(chemin+"/courrier/refus").doit(t, http.StatusOK, "annule et remplace la décision d’attribution n°\u00a0"+string(n)+"/ATT1", "Déjà financée."))
	d.poster(chemin+"/actes", url.Values{"acte": {"reviser"}, "sens": {"retrait"}, "motif": {"À revoir."}}).vers(t, chemin)
	f.lire(chemin).doit(t, http.StatusOK, "Décision retirée")
	papier(t, f.lire(chemin+"/courrier/retrait.pdf"), string(n)+"-RET1.pdf")
}

// Announcements stand on every page between their instants, for everybody.
func TestAnnouncementsStandOnEveryPage(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	a := p.entrer("administrateur")
	maintenant := p.Horloge.Maintenant()
	const forme = "2006-01-02T15:04"
	q := url.Values{"genre": {"incident"}, "texte": {"Le <courriel> est en retard."}, "debut": {"demain"}, "fin": {maintenant.AddDate(0, 0, 2).Format(forme)}}
	verifier(t, "refused", a.poster("/annonces", q).doit(t, http.StatusUnprocessableEntity, "Le début vaut", "Le &lt;courriel&gt;"))
	q.Set("debut", maintenant.AddDate(0, 0, -1).Format(forme))
	a.poster("/annonces", q).vers(t, "/annonces?fait=annonce")
	for _, chemin := range []string{"/", "/connexion", "/page-inconnue"} {
		r := p.anonyme().lire(chemin)
		if !strings.Contains(r.corps, "Le &lt;courriel&gt; est en retard.") {
			t.Errorf("%s does not show it", chemin)
		}
	}
	page := a.lire("/annonces").doit(t, http.StatusOK, "affichée")
	verifier(t, "/annonces", page)
	id := regexp.MustCompile(`name="retirer" value="([0-9]+)"`).FindStringSubmatch(page.corps)[1]
	a.poster("/annonces", url.Values{"retirer": {id}}).vers(t, "/annonces")
	if r := p.anonyme().lire("/"); strings.Contains(r.corps, "courriel&gt; est en retard") {
		t.Error("it is still shown")
	}
}

// Rules to come are written in their form, and list whom they would hit.
func TestRulesToComeListWhomTheyWouldHit(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.Amener(t, guichet.Deposee, 1)[0]
	a := p.entrer("administrateur")
	q := url.Values{"libelle": {"Vague 2"}, "depuis": {"2024-01-01"}, "plafond": {"7OO"}, "tva": {"20"}, "part": {"30"}}
	verifier(t, "refused", a.poster("/regles", q).doit(t, http.StatusUnprocessableEntity, "Le plafond vaut", "7OO"))
	q.Set("plafond", "700")
	q.Set("montants", "600,00 ; 650,00")
	q.Set("durcis", "9338")
	q.Set("vigueur", "1")
	q.Set("depuis", "2023-07-03")
	verifier(t, "refused today", a.poster("/regles", q).doit(t, http.StatusUnprocessableEntity, "demain au plus tôt", `value="9338" checked`, `name="vigueur" value="1" checked`))
	q.Set("depuis", "2024-01-01")
	a.poster("/regles", q).vers(t, "/regles?fait=regles")
	if _, err := p.Guichet.Travailler(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	page := a.lire("/regles").doit(t, http.StatusOK, "Vague 2", "1\u00a0refus décidé")
	verifier(t, "/regles", page)
	chemin := regexp.MustCompile(`href="(/regles/[0-9]+)"`).FindStringSubmatch(page.corps)[1]
	verifier(t, chemin, a.lire(chemin).doit(t, http.StatusOK, string(n), "dépasse le plafond", "600,00 ; 650,00", ">JSON-DEMO000001-20230703-001.json</a>, ligne 1", `value="9338" checked`, "1\u00a0dépôt contrôlé à nouveau", "1\u00a0demande serait touchée"))
	a.lire(chemin+"/touchees.csv").doit(t, http.StatusOK, "numeroASP;code;raison;fournisseur;fichier;ligne\r\n", string(n)+";plafond;")
	a.lire("/regles/99").doit(t, http.StatusNotFound)
	a.poster("/regles", url.Values{"retirer": {strings.TrimPrefix(chemin, "/regles/")}}).vers(t, "/regles")
}

func TestStatisticsAsPageAndOpenData(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	p.Amener(t, guichet.Payee, 2)
	p.Amener(t, guichet.Refusee, 1)
	n := p.entrer("decideur")
	verifier(t, "/statistiques", n.lire("/statistiques").doit(t, http.StatusOK, "510,00", "<svg", "n’est pas éligible", "07/2023"))
	verifier(t, "empty", n.lire("/statistiques?du=2020-01-01&au=2020-02-01").doit(t, http.StatusOK, "Rien n’a été engagé"))
	verifier(t, "refused", n.lire("/statistiques?du=2023-02-01&au=2020-02-01").doit(t, http.StatusUnprocessableEntity, "commence un jour"))
	n.lire("/statistiques?du=hier").doit(t, http.StatusUnprocessableEntity)
	csv := n.lire("/statistiques.csv").doit(t, http.StatusOK, "mesure;mois;fournisseur;objet;valeur;unite\r\n", "engage;2023-07;Fournisseur fictif a;;510,00;EUR\r\n", "paye;2023-07;Fournisseur fictif a;;510,00;EUR", "refus;;;ineligible;1;demandes")
	if !strings.HasPrefix(csv.corps, "\ufeff") {
		t.Error("no byte order mark")
	}
}

// A big selection is decided in the background, and its page says how far it is.
func TestBigSelectionShowsItsProgress(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.Amener(t, guichet.Validee, 1)[0]
	d := p.entrer("decideur")
	liste := string(n) + strings.Repeat(" ASP-00000000-0", 200)
	chemin := d.poster("/decisions", url.Values{"etape": {"decider"}, "sens": {"attribution"}, "liste": {liste}}).vers(t, "/decisions/selections/")
	verifier(t, "under way", d.lire(chemin).doit(t, http.StatusOK, "<progress", "Décision en cours", "0 sur 201"))
	for range 5 {
		if _, err := p.Guichet.Travailler(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
	}
	verifier(t, "done", d.lire(chemin).doit(t, http.StatusOK, "Résultat de la décision", "201 sur 201", "1\u00a0décidée", "200\u00a0non décidées"))
	p.entrer("cumul").lire(chemin).doit(t, http.StatusNotFound)
}

// The page of retention says when the rules were carried out, by whom, and when
// the clock does it next; or that nobody but a person will.
func TestRetentionSaysWhenItWasAndWillBe(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	a := p.entrer("administrateur")
	verifier(t, "never", a.lire("/conservation").doit(t, http.StatusOK, "aucun encore", "04/07/2023 à 03 h 00, sans qu’on le demande"))
	a.poster("/conservation", url.Values{}).doit(t, http.StatusOK, "03/07/2023 à 10 h 00, par administrateur", "Rien n’était à effacer.")
	if err := p.Guichet.Cadencer(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Horloge.Avancer(17 * time.Hour) // the first night
	if _, err := p.Guichet.Travailler(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	p.entrer("administrateur").lire("/conservation").doit(t, http.StatusOK, "04/07/2023 à 03 h 00, par l’horloge")
	manuel := nouveau(t, func(m *guichet.Monde) { m.ConservationManuelle = true }).entrer("auditeur")
	manuel.lire("/conservation").doit(t, http.StatusOK, "Seulement quand une personne le demande")
}
