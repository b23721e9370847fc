package guichet

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

// exemples are files of one request: both types, under both regimes, the last
// with texts that JSON must escape.
func exemples(t *testing.T) map[string]string {
	t.Helper()
	fs := map[string]string{}
	for _, genre := range []segur.TypeDemande{segur.Avance, segur.Solde} {
		ttc := string(jeu(t, genre).Exemple(1))
		fs[string(genre)+" TTC"] = ttc
		ht := strings.Replace(ttc, `"regimeTVA": "TTC"`, `"regimeTVA": "HT"`, 1)
		if genre == segur.Avance {
			ht = strings.Replace(ht, `"piecesJustificatives": [`, `"piecesJustificatives": [
        { "nomFichier": "PHA-LGO-Va1-HT-00001.png", "formatFichier": "PNG", "typeFichier": "PREUVE_HT" },`, 1)
		}
		fs[string(genre)+" HT"] = ht
		fs[string(genre)+" escaped"] = strings.NewReplacer(`"nomResponsable": "EXEMPLE"`, `"nomResponsable": "D'\u00c9T\u00c9 \"\\\/<&> ☤"`, `"officine@pharmacie.example"`, `null`).Replace(ttc)
	}
	return fs
}

func jeu(t *testing.T, genre segur.TypeDemande) *segur.Jeu {
	t.Helper()
	j, err := segur.JeuPour(genre, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// controler gives the one request of a file, which must pass without a remark.
func controler(t *testing.T, j *segur.Jeu, contenu string) (*segur.Rapport, segur.Demande) {
	t.Helper()
	r := j.Controler([]byte(contenu), segur.JourExemple, segur.Options{})
	d, ok := r.Demande(1)
	if !ok || !d.Acceptee() {
		t.Fatalf("refused: %s\n%s", r.AppendJSON(nil, segur.Outil{}, segur.Fichier{}, false, nil), contenu)
	}
	for k := range d.Constats() {
		t.Errorf("remark %s on %s", k.Message, contenu)
	}
	return r, d
}

// What is kept of a request is the request: a file written from it passes the
// same control and holds the same values. Corrections rest on that.
func TestKeptValuesControlAgain(t *testing.T) {
	t.Parallel()
	for nom, contenu := range exemples(t) {
		t.Run(nom, func(t *testing.T) {
			t.Parallel()
			genre, _, _ := strings.Cut(nom, " ")
			j := jeu(t, segur.TypeDemande(genre))
			r, d := controler(t, j, contenu)
			champs := champsDe(j, d)
			encore := string(champs.fichier(j, r.Entete("numeroAns"), r.Entete("SIRET")))
			r2, d2 := controler(t, j, encore)
			if diff := cmp.Diff(champs, champsDe(j, d2)); diff != "" {
				t.Error(diff)
			}
			if r2.Entete("numeroAns") != r.Entete("numeroAns") || r2.Entete("SIRET") != r.Entete("SIRET") {
				t.Errorf("header of %s", encore)
			}
			ht, ok := d.MontantHT()
			ht2, ok2 := d2.MontantHT()
			if !ok || !ok2 || ht != ht2 || ht == 0 {
				t.Errorf("amount %v, then %v", ht, ht2)
			}
			if diff := cmp.Diff(slices.Collect(d.Pieces()), slices.Collect(d2.Pieces())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A request that stood in the middle of its file stands alone as the first.
func TestRankOfAKeptRequest(t *testing.T) {
	t.Parallel()
	j := jeu(t, segur.Avance)
	r := j.Controler(j.Exemple(3), segur.JourExemple, segur.Options{})
	d, _ := r.Demande(3)
	champs := champsDe(j, d)
	_, seule := controler(t, j, string(champs.fichier(j, r.Entete("numeroAns"), r.Entete("SIRET"))))
	if champs["numLigne"] != "3" || seule.NumeroEditeur() != "00003" {
		t.Errorf("kept line %s, alone %s", champs["numLigne"], seule.NumeroEditeur())
	}
}

// Numbers, the header and what the agency fills in are nobody's to correct.
// Everything else that a file holds can be, by its balise.
func TestWhatACorrectionMayChange(t *testing.T) {
	t.Parallel()
	for genre, libres := range map[segur.TypeDemande][]string{
		segur.Avance: {"certificatsServeur.nomAdminTechnique", "certificatsServeur.numeroCarteCPX"},
		segur.Solde:  {"commande.numeroFacture", "commande.dateFacture", "commande.montantFactureHT", "commande.dateVA"},
	} {
		j := jeu(t, genre)
		for _, b := range append(libres, "commande.montantSegurHT", "beneficiaire.FINESSGeo", "scenarioInstallation.hasBALMSSantePersonnelle", "piecesJustificatives") {
			if fixe(j, b) || b != "piecesJustificatives" && !cible(j, b) {
				t.Errorf("%s: %s cannot be corrected", genre, b)
			}
		}
		for _, b := range []string{"", "impId", "numeroAns", "SIRET", "lignesImport", "numLigne", "typeAction", "numeroASP", "numeroEditeur", "codeTraitement", "libelleTraitement", "commande", "inconnue", "commande.inconnue"} {
			if !fixe(j, b) {
				t.Errorf("%s: %q can be corrected", genre, b)
			}
		}
		for _, b := range []string{"commande", "beneficiaire", "piecesJustificatives", "piecesJustificatives.nomFichier"} {
			if !cible(j, b) {
				t.Errorf("%s: %q is no target", genre, b)
			}
		}
		for _, b := range []string{"", "numeroASP", "numeroEditeur", "SIRET", "inconnue", "piecesJustificatives.inconnue", "piecesJustificatives."} {
			if cible(j, b) {
				t.Errorf("%s: %q is a target", genre, b)
			}
		}
	}
}
