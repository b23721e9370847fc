package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

// objets are the things of a small world that addresses name.
type objets struct {
	depot, lot, incomplete, modifier, deposee, payee string
	piece                                            string
}

func monde(t *testing.T, p *portail) objets {
	t.Helper()
	premier := func(s guichet.Statut) string { return string(p.Amener(t, s, 1)[0]) }
	o := objets{incomplete: premier(guichet.Incomplete), modifier: premier(guichet.AModifier), deposee: premier(guichet.Deposee), payee: premier(guichet.Payee)}
	ds, err := p.Guichet.Depots(t.Context(), p.Acteur("a.gestionnaire"), 1)
	if err != nil {
		t.Fatal(err)
	}
	o.depot = string(ds[0].ID)
	ls, err := p.Guichet.Lots(t.Context(), p.Acteur("comptable1"), 1)
	if err != nil {
		t.Fatal(err)
	}
	o.lot = string(ls[0].ID)
	v, err := p.Guichet.Demande(t.Context(), p.Acteur("a.gestionnaire"), guichet.NumeroASP(o.payee))
	if err != nil {
		t.Fatal(err)
	}
	o.piece = v.Pieces[0].Nom
	return o
}

// pages are the addresses behind a sign-in, with who may open them.
func (o objets) pages() map[string]func(compte string) bool {
	agent := func(c string) bool { return !strings.Contains(c, ".") }
	deA := func(c string) bool { return strings.HasPrefix(c, "a.") }
	roles := func(noms ...string) func(string) bool {
		return func(c string) bool {
			return slices.Contains(noms, strings.TrimRight(c, "12")) || c == "cumul" && slices.ContainsFunc(noms, func(n string) bool {
				return slices.Contains([]string{"instructeur", "decideur", "comptable", "controleur"}, n)
			})
		}
	}
	tous := func(string) bool { return true }
	proprietaire := func(c string) bool { return deA(c) || agent(c) }
	depose := func(c string) bool { return c == "a.gestionnaire" || c == "a.deposant" }
	lots := roles("comptable", "controleur", "auditeur", "administrateur")
	lecteurPiece := roles("instructeur", "decideur", "controleur", "auditeur")
	controles := roles("controleur", "auditeur", "administrateur")
	lettres := roles("instructeur", "decideur", "comptable", "controleur", "auditeur")
	courrier := func(c string) bool { return deA(c) || lettres(c) }
	avis := func(c string) bool { return strings.Contains(c, ".") || lots(c) }
	avisDeA := func(c string) bool { return deA(c) || lots(c) }
	return map[string]func(string) bool{
		"/tableau-de-bord": tous, "/demandes": tous, "/demandes.csv": tous, "/demandes.xlsx": tous, "/depots": tous, "/compte": tous,
		"/demandes/" + o.payee: proprietaire, "/depots/" + o.depot: proprietaire, "/depots/" + o.depot + "/retour": proprietaire,
		"/depots/" + o.depot + "/rapport":             proprietaire,
		"/demandes/" + o.payee + "/pieces/" + o.piece: func(c string) bool { return deA(c) || lecteurPiece(c) },
		"/demandes/" + o.modifier + "/correction":     depose,
		"/depots/nouveau":                             func(c string) bool { return depose(c) || c == "b.gestionnaire" },
		"/instruction":                                roles("instructeur"), "/decisions": roles("decideur"),
		"/depots/" + o.depot + "/recepisse": proprietaire, "/depots/" + o.depot + "/recepisse.pdf": proprietaire,
		"/demandes/" + o.payee + "/courriers": courrier, "/demandes/" + o.payee + "/courrier/attribution": courrier, "/demandes/" + o.payee + "/courrier/attribution.pdf": courrier,
		"/demandes/" + o.modifier + "/courrier/modification": courrier, "/paiements": avis,
		"/paiements/" + o.lot + "?fournisseur=1": avisDeA, "/paiements/" + o.lot + ".pdf?fournisseur=1": avisDeA, "/paiements/" + o.lot + ".csv?fournisseur=1": avisDeA,
		"/releves": lots, "/recouvrements": func(c string) bool { return strings.Contains(c, ".") || lots(c) }, "/conservation": roles("auditeur", "administrateur"), "/lectures": roles("auditeur", "administrateur"), "/lectures.csv": roles("auditeur", "administrateur"),
		"/controles": controles, "/demandes/" + o.payee + "/dossier.zip": roles("controleur", "auditeur"),
		"/lots": lots, "/lots/" + o.lot: lots, "/lots/" + o.lot + "/virement": lots, "/journal": roles("auditeur", "administrateur"), "/campagnes": roles("administrateur"),
		"/travaux": roles("administrateur"), "/annonces": roles("administrateur"), "/regles": roles("administrateur"), "/affectation": roles("instructeur", "administrateur"),
		"/statistiques": agent, "/statistiques.csv": agent, "/instruction?agent=moi&retard=1&fournisseur=1": roles("instructeur"),
	}
}

// A form that is not its sender's right changes nothing and leaves an entry in
// the journal; without a session it is refused.
func TestFormsAreForThoseWhoMay(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	o := monde(t, p)
	for _, x := range []struct{ compte, chemin, acte string }{
		{"a.lecteur", "/depots", ""}, {"a.lecteur", "/demandes/" + o.incomplete + "/pieces", ""}, {"a.lecteur", "/demandes/" + o.modifier + "/correction", ""},
		{"a.lecteur", "/demandes/" + o.deposee + "/actes", "annuler"}, {"a.gestionnaire", "/demandes/" + o.deposee + "/actes", "prendre"},
		{"decideur", "/demandes/" + o.deposee + "/actes", "prendre"}, {"instructeur1", "/decisions", ""}, {"instructeur1", "/lots", ""},
		{"comptable1", "/instruction/suivante", ""}, {"auditeur", "/lots/" + o.lot + "/actes", "regler"}, {"administrateur", "/decisions", ""},
	} {
		n := p.entrer(x.compte)
		avant := p.derniere()
		n.poster(x.chemin, url.Values{"acte": {x.acte}}).doit(t, http.StatusForbidden)
		if apres := p.derniere(); apres != avant+1 {
			t.Errorf("%s, %s: %d entries in the journal, want 1", x.compte, x.chemin, apres-avant)
		}
		p.anonyme().poster(x.chemin, url.Values{"acte": {x.acte}}).doit(t, http.StatusUnauthorized)
	}
	b := p.entrer("b.gestionnaire")
	b.poster("/demandes/"+o.deposee+"/actes", url.Values{"acte": {"annuler"}}).doit(t, http.StatusNotFound)
	b.envoyer("/demandes/"+o.incomplete+"/pieces", "x.pdf", []byte("%PDF-"), nil).doit(t, http.StatusNotFound)
	b.envoyer("/depots/"+o.depot+"/pieces", "x.zip", []byte("PK"), nil).doit(t, http.StatusNotFound)
	if s := p.statut(guichet.NumeroASP(o.deposee)); s != guichet.Deposee {
		t.Errorf("the request is %s", s)
	}
}

// A form of another site is refused whatever it says of itself, even with the
// visitor's own session.
func TestForeignFormsAreRefused(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("a.gestionnaire")
	numero := p.Amener(t, guichet.Deposee, 1)[0]
	for _, x := range [][2]string{{"Origin", "https://ailleurs.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Referer", "https://ailleurs.example/page"}, {"Origin", "null"}} {
		for _, chemin := range []string{"/connexion", "/deconnexion", "/simulateur", "/compte/jetons", "/demandes/" + string(numero) + "/actes"} {
			r := n.requete("POST", chemin, strings.NewReader("acte=annuler&nom=x"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(x[0], x[1])
			n.appeler(r).doit(t, http.StatusForbidden, "autre site")
		}
	}
	if s := p.statut(numero); s != guichet.Deposee {
		t.Errorf("the request is %s", s)
	}
	n.lire("/tableau-de-bord").doit(t, http.StatusOK, "Fournisseur fictif a")
}
