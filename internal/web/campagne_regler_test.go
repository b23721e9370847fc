package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"guichet.example/internal/guichet"
)

// An administrator changes a campaign; what is wrong is said, and what was
// typed stays. The change stands in the journal and on the pages.
func TestCampaignIsChangedByItsForm(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("administrateur")
	verifier(t, "/campagnes", n.lire("/campagnes").doit(t, http.StatusOK, "Campagne d’essai", "708,33", "dépôts ouverts", "Nouvelle campagne"))
	cs, err := p.Guichet.Campagnes(t.Context())
	if err != nil || len(cs) != 1 {
		t.Fatalf("%d campaigns, %v", len(cs), err)
	}
	q := url.Values{"id": {"1"}, "libelle": {"Campagne d’essai"}, "couloir": {"PHA"}, "logiciel": {"LGO"}, "ouverture": {"2022-07-03T10:00"}, "fermeture": {"2033-07-03T14:00"},
		"plafond": {"1 050,00"}, "tva": {"20"}, "part": {"30,00"}, "banniere": {"Les dépôts ferment à 14 h."},
		"tranche_code": {"B", "C", ""}, "tranche_libelle": {"moyenne", "grande", ""}, "tranche_ht": {"708,33", "875", ""}, "tranche_ttc": {"850,00", "1050,00", ""}}
	refuser := func(champ, valeur, phrase string) {
		t.Helper()
		x := url.Values{}
		for k, v := range q {
			x[k] = v
		}
		x.Set(champ, valeur)
		verifier(t, champ, n.poster("/campagnes", x).doit(t, http.StatusUnprocessableEntity, phrase, `value="2033-07-03T14:00"`))
	}
	refuser("plafond", "beaucoup", "beaucoup")
	refuser("ouverture", "2040-01-01T00:00", "après avoir ouvert")
	refuser("part", "100,00", "sans les atteindre")
	n.poster("/campagnes", url.Values{"id": {"1"}, "tranche_code": {"B"}}).doit(t, http.StatusBadRequest, "illisibles")
	n.poster("/campagnes", q).vers(t, "/campagnes?fait=campagne")
	if cs, err = p.Guichet.Campagnes(t.Context()); err != nil || len(cs) != 1 || cs[0].Plafond != 1050_00 || len(cs[0].Tranches) != 2 || cs[0].Tranches[1].HT != 875_00 {
		t.Fatalf("%+v, %v", cs, err)
	}
	if h := cs[0].Fermeture.UTC().Hour(); h != 12 {
		t.Errorf("14 h in Paris is %d h UTC", h)
	}
	p.anonyme().lire("/").doit(t, http.StatusOK, "Les dépôts ferment à 14 h.")
	p.entrer("auditeur").lire("/journal").doit(t, http.StatusOK, string(guichet.GererCampagne), "plafond 1050.00")
	q.Set("id", "0")
	n.poster("/campagnes", q).doit(t, http.StatusConflict, "déjà ce libellé")
	q.Set("id", "99")
	q.Set("libelle", "Autre campagne")
	n.poster("/campagnes", q).doit(t, http.StatusNotFound)
	p.entrer("instructeur1").poster("/campagnes", q).doit(t, http.StatusForbidden)
}
