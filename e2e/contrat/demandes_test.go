package contrat

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

type page struct {
	Demandes       []demande
	CurseurSuivant *string
}

// lister reads every page of a list.
func (c *client) lister(t testing.TB, filtre url.Values) []demande {
	t.Helper()
	var tout []demande
	q := url.Values{}
	for cle, v := range filtre {
		q[cle] = v
	}
	for range 500 {
		r := c.appeler(t, "GET", "/api/v1/demandes?"+q.Encode(), nil).exige(t, "lister", 200)
		clesDe(t, r, "demandes", "curseurSuivant")
		for _, x := range lire[objet](t, r)["demandes"].([]any)[:min(1, len(lire[page](t, r).Demandes))] {
			exigeCles(t, r.quoi, x.(objet), "numeroASP", "numeroEditeur", "type", "statut", "prochainActeur", "echeance", "montants", "piecesManquantes")
		}
		p := lire[page](t, r)
		tout = append(tout, p.Demandes...)
		if p.CurseurSuivant == nil {
			return tout
		}
		q.Set("curseur", *p.CurseurSuivant)
	}
	t.Fatal("la liste ne finit pas")
	return nil
}

func TestListShowsEachRequestOnce(t *testing.T) {
	t.Parallel()
	d := partage(t, "demandes")
	f, autre := d.fournisseur(0), d.fournisseur(1)
	dep := f.deposer(t, f.garnir(make([]ligne, 200)...))
	for _, lecteur := range []*client{f, d.agent(t, "instructeur"), d.agent(t, "auditeur")} {
		vus := map[string]int{}
		for _, x := range lecteur.lister(t, nil) {
			vus[x.NumeroASP]++
		}
		for _, x := range dep.Demandes {
			if vus[x.NumeroASP] != 1 {
				t.Fatalf("%s voit %s %d fois dans la liste", lecteur.qui(), x.NumeroASP, vus[x.NumeroASP])
			}
		}
	}
	for _, x := range autre.lister(t, nil) {
		if slices.ContainsFunc(dep.Demandes, func(y struct {
			Rang                             int
			NumeroEditeur, NumeroASP, Statut string
		}) bool {
			return y.NumeroASP == x.NumeroASP
		}) {
			t.Fatalf("un fournisseur voit %s d’un autre", x.NumeroASP)
		}
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	d := partage(t, "demandes")
	f := d.fournisseur(0)
	avant := time.Now().Add(-2 * time.Second)
	neuve := d.enEtat(t, "incomplete")[0]
	contient := func(q url.Values) bool {
		return slices.ContainsFunc(f.lister(t, q), func(x demande) bool {
			if s := q.Get("statut"); s != "" && x.Statut != s {
				t.Errorf("statut=%s donne une demande %s", s, x.Statut)
			}
			return x.NumeroASP == neuve
		})
	}
	for q, veut := range map[string]bool{
		"statut=incomplete": true, "statut=payee": false, "statut=deposee": false,
		"depuis=" + url.QueryEscape(avant.Format(time.RFC3339)):                             true,
		"depuis=" + url.QueryEscape(avant.UTC().Format(time.RFC3339Nano)):                   true,
		"depuis=" + url.QueryEscape(time.Now().Add(time.Hour).Format(time.RFC3339)):         false,
		"statut=incomplete&depuis=" + url.QueryEscape(avant.In(paris).Format(time.RFC3339)): true,
	} {
		v, _ := url.ParseQuery(q)
		if contient(v) != veut {
			t.Errorf("GET /demandes?%s : contient la demande neuve = %v", q, !veut)
		}
	}
	for _, q := range []string{"statut=inconnu", "statut=INCOMPLETE", "depuis=hier", "depuis=2026-02-31T00:00:00Z", "depuis=12", "curseur=n-importe-quoi", "curseur=%00", "curseur=" + strings.Repeat("A", 4000), "statut=%ff", "statut=%zz"} {
		f.appeler(t, "GET", "/api/v1/demandes?"+q, nil).veut(t, "une valeur fausse", 400, 422)
	}
}

func TestRequestShape(t *testing.T) {
	t.Parallel()
	d := partage(t, "demandes")
	f := d.fournisseur(0)
	lignes := f.garnir(ligne{}, ligne{avecHT: true}, ligne{valeurs: map[string]string{"commande.montantSegurHT": "700.05"}})
	dep := f.deposer(t, lignes)
	for i, m := range [][4]string{{"708.33", "850.00", "255.00", "595.00"}, {"708.33", "708.33", "212.50", "495.83"}, {"700.05", "840.06", "252.02", "588.04"}} {
		asp := dep.Demandes[i].NumeroASP
		r := f.appeler(t, "GET", cheminDemande(asp), nil).exige(t, "lire", 200)
		o := clesDe(t, r, "numeroASP", "numeroEditeur", "type", "statut", "prochainActeur", "echeance", "montants", "piecesManquantes", "numeroASPAvance", "decision", "historique")
		exigeCles(t, r.quoi, o["montants"].(objet), "ht", "base", "avance", "solde")
		for _, cle := range []string{"alertes", "verifications"} {
			if _, ok := o[cle]; ok {
				t.Errorf("un fournisseur lit %q, réservé aux agents", cle)
			}
		}
		v := lire[demande](t, r)
		if v.NumeroASP != asp || v.NumeroEditeur != lignes[i].editeur || v.Type != "avance" || v.Statut != "incomplete" || v.NumeroASPAvance != nil || v.Decision != nil {
			t.Errorf("demande neuve : %+v", v)
		}
		if texte(v.Montants.HT) != m[0] || texte(v.Montants.Base) != m[1] || texte(v.Montants.Avance) != m[2] || v.Montants.Solde != nil && *v.Montants.Solde != m[3] && *v.Montants.Solde != "0.00" {
			t.Errorf("montants %s %s %s %s, attendu %v", texte(v.Montants.HT), texte(v.Montants.Base), texte(v.Montants.Avance), texte(v.Montants.Solde), m)
		}
		if len(v.Historique) == 0 || texte(v.Historique[0].Statut) != "incomplete" {
			t.Errorf("historique neuf : %+v", v.Historique)
		}
		for _, h := range v.Historique {
			instant(t, "historique", h.Date)
		}
		if v.Echeance != nil && !formeJour.MatchString(*v.Echeance) {
			t.Errorf("echeance %q, attendu AAAA-MM-JJ ou null", *v.Echeance)
		}
	}
	for _, role := range []string{"instructeur", "decideur", "comptable", "controleur", "auditeur", "administrateur", "cumul"} {
		r := d.agent(t, role).appeler(t, "GET", cheminDemande(dep.Demandes[0].NumeroASP), nil).exige(t, "un agent lit toute demande", 200)
		clesDe(t, r, "alertes", "verifications")
		if v := lire[demande](t, r); len(v.Verifications) == 0 || v.Verifications[0].Code == "" || v.Verifications[0].Libelle == "" {
			t.Errorf("vérifications pour %s : %+v", role, v.Verifications)
		}
	}
}

func TestUnknownAndForeignRequests(t *testing.T) {
	t.Parallel()
	d := partage(t, "demandes")
	f, autre := d.fournisseur(0), d.fournisseur(1)
	asp := d.enEtat(t, "deposee")[0]
	for _, corps := range []any{objet{"acte": "annuler"}, "{", objet{"acte": "inconnu"}} {
		autre.agir(t, asp, corps).veut(t, "la demande d’un autre", 403, 404)
	}
	etrangere := autre.appeler(t, "GET", cheminDemande(asp), nil)
	etrangere.veut(t, "la demande d’un autre", 403, 404)
	for _, secret := range []string{f.RaisonSociale, f.NumeroAns, f.Siret, "deposee"} {
		if strings.Contains(string(etrangere.corps), secret) {
			t.Errorf("le refus dit %q", secret)
		}
	}
	for _, inconnu := range []string{"ASP-INCONNU", "x", "..", "%00", "%2e%2e%2fdepots", strings.Repeat("A", 3000), "é", "%ff", asp + "0", strings.ToLower(asp), "'; DROP TABLE demande; --"} {
		chemin := "/api/v1/demandes/" + inconnu
		if !strings.Contains(inconnu, "%") {
			chemin = cheminDemande(inconnu)
		}
		if inconnu == ".." {
			chemin = "/api/v1/demandes/%2e%2e"
		}
		r := f.appeler(t, "GET", chemin, nil)
		if strings.ToLower(asp) == inconnu {
			r.veut(t, "une autre casse n’est pas le même numéro", 404, 400, 422)
			continue
		}
		r.veut(t, "demande inconnue", 404, 400, 301, 307, 308)
	}
	d.agent(t, "instructeur").agir(t, "ASP-INCONNU", "{").veut(t, "404 avant le jugement du corps", 404)
	d.agent(t, "decideur").agir(t, asp, objet{"acte": "prendre"}).veut(t, "403 avant le statut", 403)
	f.agir(t, asp, objet{"acte": "prendre"}).veut(t, "un fournisseur n’instruit pas", 403)
}

func TestSameFinessAlertsAgentsOnly(t *testing.T) {
	t.Parallel()
	d := partage(t, "demandes")
	f, autre := d.fournisseur(0), d.fournisseur(1)
	l := f.garnir(ligne{})
	a := f.deposer(t, l).Demandes[0].NumeroASP
	b := autre.deposer(t, []ligne{{editeur: autre.numeros.editeur(), finess: l[0].finess}}).Demandes[0].NumeroASP
	v := d.agent(t, "instructeur").voir(t, a)
	if !slices.ContainsFunc(v.Alertes, func(x alerte) bool { return slices.Contains(x.Demandes, b) && x.Code != "" && x.Message != "" }) {
		t.Errorf("même FINESS chez deux fournisseurs : aucune alerte ne nomme %s : %+v", b, v.Alertes)
	}
	for _, chemin := range []string{cheminDemande(a), "/api/v1/demandes"} {
		if r := f.appeler(t, "GET", chemin, nil); strings.Contains(string(r.corps), b) || strings.Contains(string(r.corps), "alerte") {
			t.Errorf("%s : le fournisseur apprend la demande d’un autre ou lit une alerte", chemin)
		}
	}
	neuve := d.agent(t, "instructeur").voir(t, d.enEtat(t, "incomplete")[0])
	for _, x := range neuve.Alertes {
		if slices.Contains(x.Demandes, a) {
			t.Errorf("alerte sans cause : %+v", x)
		}
	}
}

func TestReasonsAreForEveryAccount(t *testing.T) {
	t.Parallel()
	d := partage(t, "demandes")
	d.anonyme().appeler(t, "GET", "/api/v1/motifs", nil).veut(t, "motifs sans jeton", 401)
	couverts := map[string]bool{}
	for _, c := range d.comptes() {
		for _, m := range d.motifs(t, d.client(c)) {
			if m.Code == "" || m.Libelle == "" || len(m.Actes) == 0 {
				t.Errorf("motif %+v", m)
			}
			for _, a := range m.Actes {
				couverts[a] = true
			}
		}
	}
	for _, acte := range []string{"demander_modification", "proposer_refus", "decider"} {
		if !couverts[acte] {
			t.Errorf("aucun motif pour %s", acte)
		}
		delete(couverts, acte)
	}
	if len(couverts) > 0 {
		t.Errorf("actes inattendus dans les motifs : %v", couverts)
	}
}
