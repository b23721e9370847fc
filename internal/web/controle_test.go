package web_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

// A campaign from its rule to its outcome, through the pages alone.
func TestCampaignFromRuleToRecovery(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	ns := p.Amener(t, guichet.Payee, 3)
	c := p.entrer("controleur")
	regle := url.Values{"libelle": {"Premier trimestre <1>"}, "type": {"avance"}, "min": {"255,00"}, "max": {"1 000"}, "du": {"2023-07-01"}, "fournisseur": {"1"}, "tirer": {"1"}}
	for champ, valeur := range map[string]string{"tirer": "beaucoup", "min": "x", "du": "31/02/2023", "fournisseur": "a", "libelle": "", "type": "autre", "au": "2001-01-01"} {
		q := url.Values{}
		for k, v := range regle {
			q[k] = v
		}
		q.Set(champ, valeur)
		verifier(t, "/controles refused", c.poster("/controles", q).doit(t, http.StatusUnprocessableEntity, `role="alert"`))
	}
	chemin := c.poster("/controles", regle).vers(t, "/controles/CTL-2023-0001")
	page := c.lire(chemin).doit(t, http.StatusOK, "Premier trimestre &lt;1&gt;", "Avances payées de Fournisseur fictif a, réglées à partir du 01/07/2023", "sha256:")
	verifier(t, "frozen", page)
	chemin, _, _ = strings.Cut(chemin, "?")
	c.poster(chemin+"/tirage", url.Values{"graine": {"4 8 15"}}).doit(t, http.StatusUnprocessableEntity, "d’où vient la graine", `value="4 8 15"`)
	c.poster(chemin+"/tirage", url.Values{"graine": {"4 8 15"}, "source": {"Bulletin fictif"}}).vers(t, chemin)
	c.poster(chemin+"/tirage", url.Values{"graine": {"16 23"}, "source": {"Bulletin fictif"}}).doit(t, http.StatusConflict, "déjà tiré")
	verifier(t, "drawn", c.lire(chemin).doit(t, http.StatusOK, "4 8 15", "Bulletin fictif", ">ouvert<", "dossier.zip"))
	verifier(t, "/controles", c.lire("/controles").doit(t, http.StatusOK, "CTL-2023-0001", ">tiré<"))
	csv := c.lire(chemin+"/population.csv").doit(t, http.StatusOK, "numeroASP;montant;tirage", string(ns[0])+";255.00;")
	if n := strings.Count(csv.corps, "\r\n"); n != 4 || strings.Count(csv.corps, ";1\r\n") != 1 {
		t.Errorf("population: %q", csv.corps)
	}
	x, err := p.Guichet.Controle(t.Context(), p.Acteur("auditeur"), "CTL-2023-0001")
	if err != nil {
		t.Fatal(err)
	}
	p.entendre(t, c, "/demandes/"+string(x.Tires()[0].NumeroASP))
}

// entendre goes from a finding through the supplier's answer to a letter.
func (p *portail) entendre(t *testing.T, c *navigateur, d string) {
	t.Helper()
	c.poster(d+"/actes", url.Values{"acte": {"constater"}, "conforme": {"non"}, "observations": {"Autre officine."}}).vers(t, d)
	verifier(t, "contradictory", c.lire(d).doit(t, http.StatusOK, "Phase contradictoire", "jusqu’au 02/08/2023"))
	if r := c.lire(d); strings.Contains(r.corps, "Ordonner") {
		t.Error("the page offers a recovery before the supplier was heard")
	}
	c.poster(d+"/actes", url.Values{"acte": {"recouvrer"}, "montant": {"10,00"}, "motif": {"x"}}).doit(t, http.StatusConflict, "peut répondre au constat jusqu’au 02/08/2023")
	c.poster(d+"/classement", url.Values{"motif": {"x"}}).doit(t, http.StatusConflict)
	p.entrer("a.lecteur").poster(d+"/reponse", url.Values{"reponse": {"Voici."}}).doit(t, http.StatusForbidden)
	p.entrer("b.gestionnaire").poster(d+"/reponse", url.Values{"reponse": {"Voici."}}).doit(t, http.StatusNotFound)
	f := p.entrer("a.deposant")
	verifier(t, "answer", f.lire(d).doit(t, http.StatusOK, "Répondre au constat", "Autre officine."))
	f.poster(d+"/reponse", url.Values{"reponse": {""}}).doit(t, http.StatusUnprocessableEntity)
	f.poster(d+"/reponse", url.Values{"reponse": {"Le <bon> est joint."}}).vers(t, d)
	c.lire(d).doit(t, http.StatusOK, "Le &lt;bon&gt; est joint.", "Classer sans recouvrement")
	c.poster(d+"/actes", url.Values{"acte": {"recouvrer"}, "montant": {"100,00"}, "motif": {"Montant discordant"}}).vers(t, d)
	r := f.lire(d+"/courrier/recouvrement").doit(t, http.StatusOK, "CTL-2023-0001", "100,00\u00a0€", "FR7630006000011234567890189", "Montant discordant")
	autonome(t, r)
}

// A case file holds everything, and its manifest the hash of each part.
func TestCaseFileHoldsWhatItsManifestSays(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.Amener(t, guichet.Payee, 1)[0]
	if _, err := p.Guichet.FigerControle(t.Context(), p.Acteur("controleur"), guichet.NouveauControle{Libelle: "Essai", ATirer: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Guichet.TirerControle(t.Context(), p.Acteur("controleur"), "CTL-2023-0001", "graine", "source"); err != nil {
		t.Fatal(err)
	}
	chemin := "/demandes/" + string(n) + "/dossier.zip"
	r := p.entrer("auditeur").lire(chemin).doit(t, http.StatusOK)
	if r.entete.Get("Content-Type") != "application/zip" || r.entete.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", r.entete)
	}
	fichiers := map[string][]byte{}
	z, err := zip.NewReader(strings.NewReader(r.corps), int64(len(r.corps)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		o, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if fichiers[f.Name], err = io.ReadAll(o); err != nil {
			t.Fatal(err)
		}
	}
	var m struct {
		Fichiers []struct {
			Nom, SHA256 string
			Taille      int
		}
		Absents []any
	}
	if err := json.Unmarshal(fichiers["manifeste.json"], &m); err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Fichiers {
		somme := sha256.Sum256(fichiers[f.Nom])
		if hex.EncodeToString(somme[:]) != f.SHA256 || len(fichiers[f.Nom]) != f.Taille || f.Taille == 0 {
			t.Errorf("%s is not what the manifest says", f.Nom)
		}
	}
	v, err := p.Guichet.Demande(t.Context(), p.Acteur("a.lecteur"), n)
	if err != nil {
		t.Fatal(err)
	}
	voulus := []string{"demande.json", "journal.jsonl", "journal-clair.json", "controle.json", "courriers/" + string(n) + "-ATT1.pdf", "courriers/" + string(n) + "-ATT1.html"}
	for _, x := range v.Pieces {
		voulus = append(voulus, "pieces/"+x.Nom)
	}
	for _, nom := range voulus {
		if fichiers[nom] == nil {
			t.Errorf("%s is not there", nom)
		}
	}
	if len(fichiers) != len(m.Fichiers)+1 || len(m.Fichiers) != len(voulus) || len(m.Absents) != 0 {
		t.Errorf("%d files, %d in the manifest, %d wanted, absent: %v", len(fichiers), len(m.Fichiers), len(voulus), m.Absents)
	}
	p.extraitEntier(t, fichiers["journal.jsonl"])
	for _, compte := range []string{"a.gestionnaire", "instructeur1", "administrateur"} {
		p.entrer(compte).lire(chemin).doit(t, http.StatusForbidden)
	}
}

// extraitEntier checks that each line of an extract is an entry of the journal,
// from deposit to control.
func (p *portail) extraitEntier(t *testing.T, extrait []byte) {
	t.Helper()
	actes := map[string]bool{}
	for ligne := range bytes.Lines(extrait) {
		var e struct {
			Numero          int64
			Acte, Empreinte string
		}
		if err := json.Unmarshal(ligne, &e); err != nil {
			t.Fatal(err)
		}
		es, err := p.Guichet.Journal(t.Context(), p.Acteur("auditeur"), e.Numero, 1)
		if err != nil || es[0].Empreinte != e.Empreinte {
			t.Errorf("%v: %s", err, ligne)
		}
		actes[e.Acte] = true
	}
	for _, a := range []string{"deposer", "prendre", "valider", "decider", "preparer", "approuver", "regler", "tirer", "ouvrir_controle", "dossier:exporter"} {
		if !actes[a] {
			t.Errorf("the extract lacks %s", a)
		}
	}
}
