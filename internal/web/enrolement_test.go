package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// envoyerDossier posts a form with documents, "doc_TYPE" by their content.
func (n *navigateur) envoyerDossier(chemin string, champs url.Values, docs map[string]string) *reponse {
	n.p.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, vs := range champs {
		for _, v := range vs {
			if err := w.WriteField(k, v); err != nil {
				n.p.t.Fatal(err)
			}
		}
	}
	for k, v := range docs {
		p, err := w.CreateFormFile(k, k+".pdf")
		if err == nil {
			_, err = p.Write([]byte(v))
		}
		if err != nil {
			n.p.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		n.p.t.Fatal(err)
	}
	r := n.requete("POST", chemin, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return n.appeler(r)
}

func dossierWeb() url.Values {
	return url.Values{"raisonSociale": {"Logiciels Neufs SAS"}, "siret": {"99999997000000"}, "regimeTVA": {"TTC"}, "iban": {"FR76 3000 6000 0112 3456 7890 189"}, "bic": {"FICTFRPPXXX"},
		"nom": {"Camille Exemple"}, "courriel": {"camille@neuf.example"}, "telephone": {"0100000000"}, "numeroAns": {"NEUF000001", "", ""}, "couloir": {"PHA", "PHA", "PHA"}, "logiciel": {"LGO", "LGO", "LGO"}}
}

const unPDF = "%PDF-1.7\nessai\n%%EOF\n"

// A company asks on the public page, an administrator asks for more, then
// accepts; the contact opens the account and signs in.
func TestEnrolmentFromThePages(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n, admin := p.anonyme(), p.entrer("administrateur")
	n.lire("/enrolement").doit(t, http.StatusOK, "Demander un compte fournisseur")
	faux := dossierWeb()
	faux.Set("siret", "99999997000001")
	faux.Set("nom", `<script>"`)
	faux["couloir"][0] = "HOP"
	r := n.envoyerDossier("/enrolement", faux, map[string]string{"doc_rib": "pas un PDF"})
	r.doit(t, http.StatusUnprocessableEntity, "SIRET")
	for _, s := range []string{"Relevé d’identité bancaire", "Certificat de référencement", `value="FICTFRPPXXX"`, "NEUF000001", "<option selected>HOP"} {
		if !strings.Contains(r.corps, s) {
			t.Errorf("%s is missing from the refused form", s)
		}
	}
	if strings.Contains(r.corps, "<script>\"") {
		t.Error("what was typed is not escaped")
	}
	suivi := n.envoyerDossier("/enrolement", dossierWeb(), map[string]string{"doc_certificat_ans": unPDF, "doc_identite": unPDF, "doc_rib": unPDF}).vers(t, "/enrolement/")
	chemin, _, _ := strings.Cut(suivi, "?")
	n.lire(suivi).doit(t, http.StatusOK, "Déposée")
	n.lire(chemin+"x").doit(t, http.StatusNotFound, "n’existe pas")

	liste := admin.lire("/enrolements")
	liste.doit(t, http.StatusOK, "Logiciels Neufs SAS")
	fiche := regexp.MustCompile(`/enrolements/[0-9a-f]{32}`).FindString(liste.corps)
	admin.lire(fiche).doit(t, http.StatusOK, "camille@neuf.example")
	doc := admin.lire(fiche + "/documents/rib")
	doc.doit(t, http.StatusOK, "%PDF")
	if d := doc.entete.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("a stranger's document is shown: %s", d)
	}
	p.entrer("auditeur").lire("/enrolements").doit(t, http.StatusForbidden, "")
	admin.poster(fiche, url.Values{"sens": {"refuser"}}).doit(t, http.StatusUnprocessableEntity, "message")
	admin.poster(fiche, url.Values{"sens": {"demander_complement"}, "message": {"Le RIB est illisible."}}).vers(t, fiche)
	n.lire(chemin).doit(t, http.StatusOK, "Le RIB est illisible.")
	n.envoyerDossier(chemin, nil, map[string]string{"doc_rib": unPDF}).vers(t, chemin)
	r = admin.poster(fiche, url.Values{"sens": {"accepter"}})
	r.doit(t, http.StatusOK, "Lien d’activation")
	lien := regexp.MustCompile(`/activation/[\w-]+`).FindString(r.corps)
	n.poster(lien, url.Values{"mot_de_passe": {"une phrase bien longue"}, "encore": {"une phrase bien longue"}}).vers(t, "/connexion")
	n.poster("/connexion", url.Values{"identifiant": {"Camille@neuf.example"}, "mot_de_passe": {"une phrase bien longue"}}).vers(t, "/tableau-de-bord")
	n.lire("/compte").doit(t, http.StatusOK, "Logiciels Neufs SAS")
}

func TestUsersFromThePages(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("a.gestionnaire")
	p.entrer("a.lecteur").lire("/utilisateurs").doit(t, http.StatusForbidden, "")
	n.lire("/utilisateurs").doit(t, http.StatusOK, "a.deposant")
	n.poster("/utilisateurs", url.Values{"courriel": {"x"}, "nom": {""}}).doit(t, http.StatusUnprocessableEntity, "ce n’est pas une adresse")
	n.poster("/utilisateurs", url.Values{"courriel": {"x@a.example"}, "nom": {"X"}, "role": {"decideur"}}).doit(t, http.StatusUnprocessableEntity, "decideur")
	n.poster("/utilisateurs", url.Values{"courriel": {"x@a.example"}, "nom": {"X Exemple"}, "role": {"lecteur"}}).doit(t, http.StatusOK, "/activation/")
	r := n.lire("/utilisateurs")
	r.doit(t, http.StatusOK, "x@a.example")
	if strings.Contains(r.corps, "b.gestionnaire") || strings.Contains(r.corps, "argon2id") {
		t.Error("another supplier's users, or a password, are shown")
	}
	fiche := regexp.MustCompile(`/utilisateurs/(\d+)"[^$]*?X Exemple`).FindStringSubmatch(r.corps)
	if fiche == nil {
		t.Fatal("no form of the new user")
	}
	p.entrer("b.gestionnaire").poster("/utilisateurs/"+fiche[1], url.Values{"role": {"lecteur"}}).doit(t, http.StatusNotFound, "n’existe pas")
	p.entrer("administrateur").lire("/utilisateurs").doit(t, http.StatusOK, "instructeur1")
}
