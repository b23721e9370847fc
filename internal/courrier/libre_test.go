package courrier

import (
	"strings"
	"testing"
)

func TestLibreEchappeEtTientEnLignes(t *testing.T) {
	t.Parallel()
	c := Cadre{Portail: "Guichet d’essai", Adresse: "https://guichet.example"}
	m, err := Libre(c, "a@b.example", Lettre{Objet: "Bonjour\r\nBcc: x@y.example", Paragraphes: []string{"Un <b>mot</b>"},
		Lignes: []Fait{{"ASP-1", "à faire\navant le 01/01/2024"}}, Bouton: "Voir", URL: "https://guichet.example/demandes"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(m.Objet, "\r\n") {
		t.Errorf("%q", m.Objet)
	}
	for _, s := range []string{"ASP-1", "https://guichet.example/demandes", "avant le 01/01/2024"} {
		if !strings.Contains(m.Texte, s) || !strings.Contains(m.HTML, s) {
			t.Errorf("%s is missing:\n%s\n%s", s, m.Texte, m.HTML)
		}
	}
	if strings.Contains(m.HTML, "<b>mot</b>") {
		t.Error("not escaped")
	}
	if _, err := Libre(c, "a@b.example", Lettre{Objet: "x", Bouton: "Voir", URL: "javascript:alert(1)"}); err == nil {
		t.Error("a link that is none")
	}
}
