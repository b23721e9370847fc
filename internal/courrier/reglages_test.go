package courrier

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSettingsAreRead(t *testing.T) {
	r, err := LireReglages("smtp://portail:s%40cret@smtp.example:2525?de=Portail S%C3%A9gur <portail@guichet.example>&repondre=aide@guichet.example&nom=guichet.example&delai=5s")
	if err != nil {
		t.Fatal(err)
	}
	if r.Hote != "smtp.example" || r.Port != 2525 || r.Identifiant != "portail" || r.MotDePasse != "s@cret" || r.TLS != TLSObligatoire ||
		r.De.Name != "Portail Ségur" || r.De.Address != "portail@guichet.example" || r.RepondreA != "aide@guichet.example" || r.Delai != 5*time.Second {
		t.Errorf("%+v", r)
	}
	if s := r.String() + fmt.Sprintf("%v %+v %#v %s", r, r, r, r); strings.Contains(s, "s@cret") || strings.Contains(s, "s%40cret") || !strings.Contains(s, "***") {
		t.Errorf("the password shows: %s", s)
	}
	for s, port := range map[string]int{"smtp://h?de=a@b.example": 587, "smtps://h?de=a@b.example": 465, "smtp://[::1]:25?de=a@b.example&tls=aucun": 25} {
		if r, err := LireReglages(s); err != nil || r.Port != port {
			t.Errorf("%s: %+v, %v", s, r, err)
		}
	}
}

func TestWrongSettingsAreRefused(t *testing.T) {
	for s, attendu := range map[string]string{
		"":                                                 "smtp://",
		"http://h?de=a@b.example":                          "smtp://",
		"smtp://?de=a@b.example":                           "nom de serveur",
		"smtp://h/x?de=a@b.example":                        "aucun chemin",
		"smtp://h:0?de=a@b.example":                        "65535",
		"smtp://h":                                         "il manque « de »",
		"smtp://h?de=personne":                             "n’est pas une adresse",
		"smtp://h?de=a@b.example&repondre=x":               "repondre",
		"smtp://h?de=a@b.example&tls=peut-etre":            "obligatoire, implicite",
		"smtps://h?de=a@b.example&tls=aucun":               "toujours en TLS",
		"smtp://h?de=a@b.example&delai=1h":                 "délai",
		"smtp://h?de=a@b.example&nom=a b":                  "espace",
		"smtp://h?de=a@b.example&pour=x":                   "inconnu",
		"smtp://h?de=a@b.example&de=c@d.example":           "2 fois",
		"smtp://u:secret@h?de=a@b.example&tls=aucun":       "en clair",
		"smtp://u:secret@h:x?de=a@b.example":               "illisible",
		"smtp://u:secret@h?de=a@b.example&tls=si_possible": "en clair",
	} {
		_, err := LireReglages(s)
		if err == nil || !strings.Contains(err.Error(), attendu) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, expected %q", s, err, attendu)
		}
	}
}
