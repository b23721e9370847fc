package web_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// The simulator says what a deposit would say, to anybody, and leaves nothing:
// no entry, no file.
func TestSimulatorKeepsNothing(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.anonyme()
	avant := p.derniere()
	bon := guichettest.FichierAvance(guichettest.Fournisseurs()[0], "00001", "00002")
	n.envoyer("/simulateur", "essai.json", bon, nil).doit(t, http.StatusOK, "✓ Accepté", "2 demandes")
	mauvais := bytes.Replace(bon, []byte(`"TTC"`), []byte(`"<b>ttc</b>"`), 1)
	r := n.envoyer("/simulateur", `<script>x</script>.json`, mauvais, nil).doit(t, http.StatusOK, "◐ Accepté en partie", `href="/codes/21`, "<mark>", "&lt;b&gt;ttc")
	verifier(t, "report", r)
	n.envoyer("/simulateur", "essai.json", []byte("{"), map[string]string{"type": "solde"}).doit(t, http.StatusOK, "✗ Fichier refusé")
	n.envoyer("/simulateur", "essai.json", bon, map[string]string{"nom": "oui"}).doit(t, http.StatusOK, "✗ Fichier refusé", "JSON-")
	n.envoyer("/simulateur", "gros.json", bytes.Repeat([]byte(" "), segur.TailleMax+1), nil).doit(t, http.StatusRequestEntityTooLarge, "trop gros")
	n.envoyer("/simulateur", "", bon, nil).doit(t, http.StatusUnprocessableEntity, "Choisissez un fichier")
	n.envoyer("/simulateur", "essai.json", bon, map[string]string{"type": "autre"}).doit(t, http.StatusUnprocessableEntity)
	n.poster("/simulateur", map[string][]string{"type": {"avance"}}).doit(t, http.StatusUnsupportedMediaType)
	if apres := p.derniere(); apres != avant {
		t.Errorf("%d entries in the journal", apres-avant)
	}
	p.vide()
}

// vide checks that no upload stays behind.
func (p *portail) vide() {
	p.t.Helper()
	es, err := os.ReadDir(p.Temp)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, e := range es {
		p.t.Errorf("left behind: %s", e.Name())
	}
}

// A report on many faults says how many places it leaves out.
func TestReportSaysWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	fichier := `{"impId": null, "numeroAns": "DEMO000001", "SIRET": "99999999800001", "lignesImport": [` + strings.TrimSuffix(strings.Repeat(`1,`, 201), ",") + `]}`
	r := p.anonyme().envoyer("/simulateur", "essai.json", []byte(fichier), nil).doit(t, http.StatusOK, "✗ Fichier refusé")
	verifier(t, "report", r)
	fichier = strings.Replace(fichier, `[1,`, `[{"a":1`+strings.Repeat(`,"z":2,"y":3`, 150)+`},`, 1)
	p.anonyme().envoyer("/simulateur", "essai.json", []byte(fichier), nil).doit(t, http.StatusOK, "que cette page ne liste pas")
}

func archive(t *testing.T, fichiers map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for nom, contenu := range fichiers {
		w, err := z.Create(nom)
		if err == nil {
			_, err = w.Write([]byte(contenu))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The whole way of a deposit: refused at control 1 with every fault, accepted in
// part, the returned file, a zip with one bad entry, the last piece alone.
func TestDepositFromFileToComplete(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("a.deposant")
	f := guichettest.Fournisseurs()[0]
	champs := map[string]string{"type": "avance", "numeroAns": f.Ans}
	nom := p.NomFichier(f)
	n.lire("/depots/nouveau").doit(t, http.StatusOK, nom, "Campagne d’essai")
	n.envoyer("/depots", nom, []byte("[]"), champs).doit(t, http.StatusUnprocessableEntity, "Fichier refusé", "Rien n’est enregistré")
	n.envoyer("/depots", "autre.json", guichettest.FichierAvance(f, "00001"), champs).doit(t, http.StatusUnprocessableEntity, "JSON-&lt;numeroAns&gt;")

	fichier := bytes.Replace(guichettest.FichierAvance(f, "00001", "00002", "00003"), []byte("708.33"), []byte("7083"), 1)
	chemin := n.envoyer("/depots", nom, fichier, champs).vers(t, "/depots/")
	chemin, _, _ = strings.Cut(chemin, "?")
	page := n.lire(chemin).doit(t, http.StatusOK, "Accepté en partie", "0 sur 2 reçues", "ASP-")
	verifier(t, chemin, page)
	retour := n.lire(chemin+"/retour").doit(t, http.StatusOK, `"codeTraitement": "0000"`)
	if d := retour.entete.Get("Content-Disposition"); d != "attachment; filename="+nom {
		t.Errorf("Content-Disposition: %s", d)
	}
	n.lire(chemin+"/recepisse").doit(t, http.StatusOK, "Accusé de dépôt", "Fournisseur fictif a")
	n.envoyer("/depots", nom, fichier, champs).doit(t, http.StatusUnprocessableEntity, "3006")

	deux, trois := "PHA-LGO-Va1-BDC-00002.pdf", "PHA-LGO-Va1-BDC-00003.pdf"
	zip := archive(t, map[string]string{deux: guichettest.Document("2", deux), trois: "ceci n’est pas un PDF", "dossier/x.pdf": "x"})
	page = n.envoyer(chemin+"/pieces", "pieces.zip", zip, nil).doit(t, http.StatusUnprocessableEntity, "Pièces refusées", "dossier/x.pdf", "1 sur 2 reçues")
	verifier(t, "pieces", page)
	n.envoyer(chemin+"/pieces", "pieces.zip", []byte("pas un zip"), nil).doit(t, http.StatusUnprocessableEntity, "refusée en entier", "1 sur 2 reçues")

	numero := numeroDe(t, p, "00003")
	un := "/demandes/" + string(numero)
	n.lire(un).doit(t, http.StatusOK, "C’est à vous d’agir", "Il manque au moins une pièce")
	n.envoyer(un+"/pieces", "scan.pdf", []byte("pas un PDF"), map[string]string{"nom": trois}).doit(t, http.StatusUnprocessableEntity, "Pièces refusées")
	n.envoyer(un+"/pieces", "scan.pdf", []byte("x"), map[string]string{"nom": "autre.pdf"}).doit(t, http.StatusNotFound)
	n.envoyer(un+"/pieces", "scan.pdf", []byte(guichettest.Document(numero, trois)), map[string]string{"nom": trois}).vers(t, un+"?fait=pieces")
	if s := p.statut(numero); s != guichet.Deposee {
		t.Errorf("the request is %s", s)
	}
	n.lire(chemin).doit(t, http.StatusOK, "Toutes les pièces sont reçues : 2 sur 2")
	p.vide()
}

// numeroDe finds a request of supplier "a" by its numeroEditeur.
func numeroDe(t *testing.T, p *portail, editeur string) guichet.NumeroASP {
	t.Helper()
	ds, _, err := p.Guichet.Demandes(t.Context(), p.Acteur("a.gestionnaire"), guichet.Filtre{Texte: editeur})
	if err != nil || len(ds) != 1 {
		t.Fatalf("%d requests, %v", len(ds), err)
	}
	return ds[0].NumeroASP
}

// The reader of PDF has no origin, loads files that nobody's session opens, and
// reaches nothing else; a page without it would have left the document to the
// browser.
func TestViewerOfPDFIsShutIn(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	o := monde(t, p)
	page := p.entrer("instructeur1").lire("/demandes/"+o.payee).doit(t, http.StatusOK)
	r := p.anonyme().lire("/visionneuse")
	if r.statut == http.StatusNotFound {
		if !strings.Contains(page.corps, `<div class="visionneuse"><iframe src="/demandes/`) {
			t.Error("a portal built without pdf.js shows no document")
		}
		t.Skip("the portal was built without pdf.js: make assets")
	}
	csp := r.entete.Get("Content-Security-Policy")
	for _, d := range []string{"default-src 'none'", "sandbox allow-scripts", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'"} {
		if !strings.Contains(csp, d) {
			t.Errorf("the policy has no %s: %s", d, csp)
		}
	}
	if strings.Contains(csp, "allow-same-origin") || strings.Contains(csp, "unsafe-inline") || strings.Contains(csp, "'unsafe-eval'") {
		t.Errorf("the policy lets too much in: %s", csp)
	}
	if !strings.Contains(page.corps, `data-cadre="/visionneuse"`) || !strings.Contains(page.corps, `<noscript><iframe src="/demandes/`) {
		t.Error("the page of the request does not show its PDF, or not without a script")
	}
	licences := regexp.MustCompile(`/statique/[0-9a-f]+/tiers/pdf-licences.txt.gz`).FindString(p.anonyme().lire("/mentions").doit(t, http.StatusOK).corps)
	if x := p.anonyme().lire(licences).doit(t, http.StatusOK, "Apache License"); licences == "" || x.entete.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("the licences of the viewer: %s, %v", licences, x.entete)
	}
	adresses := regexp.MustCompile(`/statique/[0-9a-f]+/[a-z0-9./]+`).FindAllString(r.corps, -1)
	if len(adresses) != 6 {
		t.Errorf("the frame loads %v", adresses)
	}
	for _, a := range adresses {
		if x := p.anonyme().lire(a).doit(t, http.StatusOK); x.entete.Get("Access-Control-Allow-Origin") != "*" || x.entete.Get("Cross-Origin-Resource-Policy") != "cross-origin" || len(x.entete["Set-Cookie"]) > 0 {
			t.Errorf("%s is not open to a frame without origin: %v", a, x.entete)
		}
	}
	if x := p.anonyme().lire(regexp.MustCompile(`/statique/[0-9a-f]+/guichet\.js`).FindString(page.corps)).doit(t, http.StatusOK); x.entete.Get("Access-Control-Allow-Origin") != "" {
		t.Error("files of the pages are open to other sites")
	}
}

// A document is served under a type of ours, shut in, whatever it holds.
func TestDocumentsAreShutIn(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	o := monde(t, p)
	r := p.entrer("instructeur1").lire("/demandes/"+o.payee+"/pieces/"+o.piece).doit(t, http.StatusOK, "%PDF")
	csp := r.entete.Get("Content-Security-Policy")
	if r.entete.Get("Content-Type") != "application/pdf" || r.entete.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(r.entete.Get("Content-Disposition"), "inline;") ||
		!strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'self'") || strings.Contains(csp, "script-src") {
		t.Errorf("headers: %v", r.entete)
	}
	r = p.entrer("a.lecteur").lire("/demandes/"+o.payee+"/pieces/"+o.piece+"?telecharger=1").doit(t, http.StatusOK)
	if d := r.entete.Get("Content-Disposition"); d != "attachment; filename="+o.piece {
		t.Errorf("Content-Disposition: %s", d)
	}
}
