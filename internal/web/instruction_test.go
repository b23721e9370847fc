package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// valider is the answered form of a validation.
func valider() url.Values {
	q := url.Values{"acte": {"valider"}, "tranche": {"B"}}
	for _, v := range guichet.Verifications(&guichet.Demande{}) {
		q.Set("verif_"+v.Code, "oui")
	}
	return q
}

// The whole way of a request through the agency's pages, each duty by another
// person, to the cent.
func TestRequestIsExaminedDecidedAndPaid(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	ns := p.Amener(t, guichet.Deposee, 2)
	un := "/demandes/" + string(ns[0])
	officier := p.entrer("instructeur1")
	officier.lire("/instruction").doit(t, http.StatusOK, string(ns[0]), string(ns[1]))
	officier.poster("/instruction/suivante", nil).vers(t, un)
	officier.poster(un+"/actes", url.Values{"acte": {"valider"}, "tranche": {"B"}}).doit(t, http.StatusUnprocessableEntity, "n’est pas renseignée")
	// What must be as on the order form is marked: day, amount, VAT, pharmacy, name.
	marques := regexp.MustCompile(`<span class="a-comparer">([^<]*)</span>`)
	if got := fmt.Sprint(marques.FindAllStringSubmatch(officier.lire(un).corps, -1)); strings.Count(got, "a-comparer") != 5 || !strings.Contains(got, segur.Montant(708_33).Francais()) || !strings.Contains(got, "990000010") {
		t.Errorf("marked: %s", got)
	}
	if r := p.entrer("a.gestionnaire").lire(un); marques.MatchString(r.corps) {
		t.Error("the supplier sees what the agency compares")
	}
	officier.poster(un+"/actes", valider()).vers(t, un)
	// The check-list is kept with its day, its hour, its version and who filled it in.
	officier.lire(un).doit(t, http.StatusOK, "Liste "+guichet.ListeVerifications+", remplie le 03/07/2023 à 10 h 00 par instructeur1", "<dt>La pièce est signée par l’officine</dt><dd>oui</dd>")
	officier.poster("/instruction/suivante", nil).vers(t, "/demandes/"+string(ns[1]))
	officier.poster("/instruction/suivante", nil).vers(t, "/instruction?fait=vide")

	decideur := p.entrer("decideur")
	decideur.lire("/decisions").doit(t, http.StatusOK, string(ns[0]))
	choix := url.Values{"etape": {"apercu"}, "sens": {"attribution"}, "portee": {"cochees"}, "numeros": {string(ns[0]), string(ns[1])}}
	decideur.poster("/decisions", choix).doit(t, http.StatusOK, "Rien n’est encore changé", "1\u00a0demande serait décidée pour un total de "+segur.Montant(255_00).Francais()+", 1\u00a0ne le serait pas", "n’est pas possible")
	if s := p.statut(ns[0]); s != guichet.Validee {
		t.Fatalf("a preview made it %s", s)
	}
	decideur.poster("/decisions", url.Values{"etape": {"apercu"}, "sens": {"attribution"}}).doit(t, http.StatusUnprocessableEntity, "Cochez au moins une demande")
	decideur.poster("/decisions", url.Values{"etape": {"apercu"}, "sens": {"refus"}, "portee": {"toutes"}}).doit(t, http.StatusUnprocessableEntity, "motif")
	decideur.poster("/decisions", url.Values{"etape": {"decider"}, "sens": {"attribution"}, "liste": {string(ns[0])}}).doit(t, http.StatusOK, "1\u00a0demande décidée")

	c1, c2 := p.entrer("comptable1"), p.entrer("comptable2")
	c1.lire("/lots").doit(t, http.StatusOK, string(ns[0]))
	c1.poster("/lots", url.Values{"portee": {"cochees"}}).doit(t, http.StatusUnprocessableEntity, "Cochez au moins une demande")
	lot := c1.poster("/lots", url.Values{"portee": {"toutes"}}).vers(t, "/lots/")
	lot, _, _ = strings.Cut(lot, "?")
	c1.lire(lot).doit(t, http.StatusOK, "255,00", "un autre comptable doit l’approuver")
	c1.poster(lot+"/actes", url.Values{"acte": {"approuver"}}).doit(t, http.StatusForbidden, "un autre comptable")
	c2.lire(lot+"/virement").doit(t, http.StatusConflict, "pas encore approuvé")
	c2.poster(lot+"/actes", url.Values{"acte": {"approuver"}}).vers(t, lot)
	c2.lire(lot+"/virement").doit(t, http.StatusOK, string(ns[0])+";255.00;")
	c1.poster(lot+"/actes", url.Values{"acte": {"retourner"}, "numero": {"ASP-0"}, "motif": {"AC04"}}).doit(t, http.StatusUnprocessableEntity, "n’est pas dans ce lot")
	c1.poster(lot+"/actes", url.Values{"acte": {"regler"}, "date": {"demain"}}).doit(t, http.StatusUnprocessableEntity, "ne se lit pas")
	c1.poster(lot+"/actes", url.Values{"acte": {"regler"}, "date": {"2019-01-01"}}).doit(t, http.StatusUnprocessableEntity, "approuvé que depuis")
	c1.poster(lot+"/actes", url.Values{"acte": {"regler"}, "date": {p.Guichet.Aujourdhui().ISO()}}).vers(t, lot)
	p.entrer("a.lecteur").lire(un).doit(t, http.StatusOK, "Décidée et payée", "708,33", "255,00")
	p.entrer("auditeur").lire("/journal").doit(t, http.StatusOK, string(ns[0]), "regler")
}

// A request sent back is corrected in its form: a wrong value is shown beside
// its field, what was typed stays; a document that is declared anew is missing.
func TestCorrectionIsJudgedBesideItsField(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	numero := p.Amener(t, guichet.AModifier, 1)[0]
	chemin := "/demandes/" + string(numero)
	n := p.entrer("a.deposant")
	n.lire(chemin).doit(t, http.StatusOK, "Ce que l’agence demande de modifier", "La signature est coupée.", chemin+"/correction")
	r := n.lire(chemin+"/correction").doit(t, http.StatusOK, "708,33", "Numérisez de nouveau")
	verifier(t, "correction", r)

	q := url.Values{"commande.montantSegurHT": {"beaucoup"}, "beneficiaire.nomResponsable": {"minuscule"}, "piece_BON_COMMANDE": {"PDF"}, "piece_PREUVE_HT": {""}}
	r = n.poster(chemin+"/correction", q).doit(t, http.StatusUnprocessableEntity, `aria-invalid="true"`, `value="beaucoup"`, "n’est pas un montant", "Voyez les champs signalés", `value="minuscule"`, "/codes/21", "/codes/23")
	verifier(t, "correction refused", r)
	if s := p.statut(numero); s != guichet.AModifier {
		t.Fatalf("the request is %s", s)
	}
	q = url.Values{"commande.montantSegurHT": {"700"}, "commande.regimeTVA": {"HT"}, "piece_BON_COMMANDE": {"PDF"}, "piece_PREUVE_HT": {"PNG"}}
	n.poster(chemin+"/correction", q).vers(t, chemin+"?fait=corrigee")
	n.lire(chemin).doit(t, http.StatusOK, "Incomplète", "700,00", "PHA-LGO-Va1-HT-")
	n.lire(chemin+"/correction").doit(t, http.StatusConflict, "rien à corriger")
	n.poster(chemin+"/correction", q).doit(t, http.StatusConflict)
}

// What was typed into a refused form is not to be typed again.
func TestRefusedActKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	chemin := "/demandes/" + string(p.Amener(t, guichet.EnInstruction, 1)[0])
	n := p.entrer("instructeur1")
	q := url.Values{"acte": {"demander_modification"}, "motifs": {"piece_illisible"}, "cibles": {"commande.dateCommande"}, "echeance": {"2020-01-01"}, "message": {"Une <phrase> longue"}}
	r := n.poster(chemin+"/actes", q).doit(t, http.StatusUnprocessableEntity, "est passée", "Une &lt;phrase&gt; longue", `value="piece_illisible" checked`, `value="commande.dateCommande" checked`)
	verifier(t, "act refused", r)
	q.Set("echeance", "2023-08-01")
	n.poster(chemin+"/actes", q).vers(t, chemin)
	n.poster(chemin+"/actes", q).doit(t, http.StatusConflict, "n’est pas possible")
	n.poster(chemin+"/actes", url.Values{"acte": {"inventer"}}).doit(t, http.StatusUnprocessableEntity, "n’existe pas")
}

// The a posteriori control of a paid request, in its order.
func TestPaidRequestIsAudited(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	chemin := "/demandes/" + string(p.Amener(t, guichet.Payee, 1)[0])
	n := p.entrer("controleur")
	n.lire(chemin).doit(t, http.StatusOK, "Ouvrir le contrôle")
	n.poster(chemin+"/actes", url.Values{"acte": {"ouvrir_controle"}, "motif": {"Tirage."}}).vers(t, chemin)
	n.poster(chemin+"/actes", url.Values{"acte": {"constater"}, "conforme": {"non"}, "observations": {"Pas de signature."}}).vers(t, chemin)
	n.lire(chemin).doit(t, http.StatusOK, "non conforme", "Ordonner le recouvrement")
	n.poster(chemin+"/actes", url.Values{"acte": {"recouvrer"}, "montant": {"9 999,00"}, "motif": {"Trop."}}).doit(t, http.StatusUnprocessableEntity, "dépasse")
	n.poster(chemin+"/actes", url.Values{"acte": {"recouvrer"}, "montant": {"10,5"}, "motif": {"Mal écrit."}}).doit(t, http.StatusUnprocessableEntity, "10,5")
	n.poster(chemin+"/actes", url.Values{"acte": {"recouvrer"}, "montant": {"10"}, "motif": {"Trop perçu."}}).vers(t, chemin)
	n.lire(chemin).doit(t, http.StatusOK, "10,00")
}

// A token is shown once, and ends when it is revoked.
func TestTokenIsShownOnce(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("a.lecteur")
	n.poster("/compte/jetons", url.Values{"nom": {""}}).doit(t, http.StatusUnprocessableEntity, "nom de 1 à 60")
	r := n.poster("/compte/jetons", url.Values{"nom": {"envoi du soir"}, "duree": {"30"}, "portee": {"lire"}}).doit(t, http.StatusOK, "gui_")
	_, secret, _ := strings.Cut(r.corps, `id="secret">`)
	secret, _, _ = strings.Cut(secret, "<")
	if _, err := p.Guichet.Identifier(t.Context(), secret, p.Acteur("a.lecteur").Adresse); err != nil {
		t.Fatal(err)
	}
	if page := n.lire("/compte").doit(t, http.StatusOK, "envoi du soir", "actif").corps; strings.Contains(page, secret) {
		t.Error("the secret is shown again")
	}
	js, err := p.Guichet.Jetons(t.Context(), p.Acteur("a.lecteur"))
	i := slices.IndexFunc(js, func(j guichet.Jeton) bool { return j.Nom == "envoi du soir" })
	if err != nil || i < 0 {
		t.Fatalf("%v, %v", js, err)
	}
	id := url.PathEscape(strings.Repeat("9", 30))
	n.poster("/compte/jetons/"+id+"/revoquer", nil).doit(t, http.StatusNotFound)
	_, apres, _ := strings.Cut(n.lire("/compte").corps, `action="/compte/jetons/`)
	numero, _, _ := strings.Cut(apres, "/")
	p.entrer("b.gestionnaire").poster("/compte/jetons/"+numero+"/revoquer", nil).doit(t, http.StatusNotFound)
	n.poster("/compte/jetons/"+numero+"/revoquer", nil).vers(t, "/compte")
	if _, err := p.Guichet.Identifier(t.Context(), secret, p.Acteur("a.lecteur").Adresse); guichet.GenreDe(err) != guichet.NonIdentifie {
		t.Errorf("a revoked token: %v", err)
	}
}
