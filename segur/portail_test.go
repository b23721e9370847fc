package segur_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guichet.example/segur"
)

// The portal's findings refuse what control accepted, and nothing else moves.
func TestAvecPortail(t *testing.T) {
	t.Parallel()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	octets := j.Exemple(3)
	nom := segur.NomExemple(7)
	r := j.Controler(octets, segur.JourExemple, segur.Options{Nom: nom, Portail: true})
	refus := r.AvecPortail(segur.FaitPortail{Code: segur.CodeNumeroBrule, Rang: 2, Balise: "numeroEditeur"},
		segur.FaitPortail{Code: segur.AvertFichierTrou, Mot: segur.NomExemple(3)})
	if r.Verdict() != segur.Accepte || refus.Verdict() != segur.Partiel {
		t.Fatalf("verdicts %s, %s", r.Verdict(), refus.Verdict())
	}
	d, _ := refus.Demande(2)
	c, _ := d.Premier()
	if d.Acceptee() || c.Code != 3030 || c.Pointeur != "/lignesImport/1/numeroEditeur" || string(octets[c.Deb:c.Fin]) != c.Recu || c.Ligne < 2 || c.Gravite != segur.Erreur {
		t.Errorf("got %+v", c)
	}
	if b := refus.Bilan(); b != (segur.Bilan{Demandes: 3, Acceptees: 2, Rejetees: 1, Erreurs: 1, Avertissements: 1}) {
		t.Errorf("bilan %+v", b)
	}
	retour := refus.Retour(segur.Numeros{ImpID: "1"})
	if !bytes.Contains(retour, []byte(`"codeTraitement": "3030"`)) || !bytes.Contains(retour, []byte("numeroEditeur déjà utilisé")) {
		t.Errorf("returned file: %s", retour)
	}
}

func TestAvecPortailRefuseLeFichier(t *testing.T) {
	t.Parallel()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	r := j.Controler(j.Exemple(2), segur.JourExemple, segur.Options{Nom: segur.NomExemple(1), Portail: true}).
		AvecPortail(segur.FaitPortail{Code: segur.CodeFichierPris, Mot: segur.NomExemple(2)})
	cs := slices.Collect(r.Structure())
	if r.StructureValide() || len(cs) != 1 || cs[0].Attendu != segur.NomExemple(2) || !strings.Contains(cs[0].Message, segur.NomExemple(1)) {
		t.Fatalf("got %+v", cs)
	}
	if r.Retour(segur.Numeros{}) != nil || r.Bilan().Demandes != 0 {
		t.Error("a refused file has requests")
	}
}

func TestCataloguePortail(t *testing.T) {
	t.Parallel()
	j, _ := segur.JeuPour(segur.Avance, segur.JourExemple)
	vus := map[segur.Code]bool{}
	for _, e := range segur.CataloguePortail() {
		if vus[e.Code] || e.Titre == "" || e.Message == "" || e.Attendu == "" || e.Remede == "" || e.Reference == "" {
			t.Errorf("entry %+v", e)
		}
		vus[e.Code] = true
		if _, autre := j.Champ(e.Balise); e.Balise != "" && !autre {
			t.Errorf("%s names %s", e.Code, e.Balise)
		}
		if got, ok := j.Entree(e.Code); !ok || got.Titre != e.Titre {
			t.Errorf("%s is not found", e.Code)
		}
	}
}

// What a portal refuses beyond the format refuses the requests that have it,
// once each and in the place of the warning; nothing else moves.
func TestHardenedWarningsRefuseTheirRequests(t *testing.T) {
	t.Parallel()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	code, _ := segur.LireCode("9338")
	if !slices.ContainsFunc(j.Durcissables(), func(e segur.Entree) bool { return e.Code == code }) {
		t.Fatal("9338 is no warning of a request")
	}
	r := j.Controler(bytes.Replace(j.Exemple(3), []byte(`"FINESSGeo": "`), []byte(`"FINESSGeo": "9`), 1), segur.JourExemple, segur.Options{})
	if faits := r.Durcis(code); len(faits) != 0 {
		t.Errorf("an error is not a warning: %+v", faits)
	}
	octets := regexp.MustCompile(`"FINESSGeo": "\d+"`).ReplaceAll(j.Exemple(3), []byte(`"FINESSGeo": "777777777"`))
	r = j.Controler(octets, segur.JourExemple, segur.Options{})
	if r.Verdict() != segur.Accepte || len(r.Durcis()) != 0 || len(r.Durcis(9301)) != 0 {
		t.Fatalf("%s, %+v", r.Verdict(), r.Durcis(9301))
	}
	d := r.AvecPortail(r.Durcis(code, code)...)
	if b := d.Bilan(); b.Rejetees != 3 || b.Erreurs != 3 || b.Avertissements != r.Bilan().Avertissements {
		t.Errorf("%+v", b)
	}
	x, _ := d.Demande(2)
	if k, _ := x.Premier(); k.Code != segur.CodeAvertDurci || k.Balise != "beneficiaire.FINESSGeo" || !strings.Contains(k.Message, "9338, ") {
		t.Errorf("%+v", k)
	}
}
