package web

import (
	"strings"

	"github.com/go-json-experiment/json"

	"guichet.example/segur"
)

// texteJSON is the text of a JSON string; false for any other value.
func texteJSON(brut string) (string, bool) {
	if !strings.HasPrefix(brut, `"`) {
		return "", false
	}
	var t string
	err := json.Unmarshal([]byte(brut), &t)
	return t, err == nil
}

// valeurLisible is a field of a request as people read it.
func valeurLisible(f *segur.Champ, brut string) string {
	switch brut {
	case "", "null":
		return "—"
	case "true":
		return "oui"
	case "false":
		return "non"
	}
	t, ok := texteJSON(brut)
	if !ok {
		if m, err := segur.LireMontant(brut); err == nil && f.Genre == segur.GenreMontant {
			return m.Francais()
		}
		return segur.Visible(brut, 200)
	}
	if o, ok := segur.OperateurDe(t); ok && f.Genre == segur.GenreOperateur {
		return t + " (" + o.Libelle + ")"
	}
	return segur.Visible(t, 0)
}

// valeurSaisie is a field as its form field holds it.
func valeurSaisie(f *segur.Champ, brut string) string {
	if t, ok := texteJSON(brut); ok {
		return t
	}
	switch {
	case brut == "null":
		return ""
	case f.Genre == segur.GenreMontant:
		return strings.Replace(brut, ".", ",", 1)
	}
	return brut
}

// valeurEcrite is the JSON text of what was typed into the field's form field.
// It judges nothing: a value of the wrong kind goes on as a text, and control
// says what is wrong with it.
func valeurEcrite(f *segur.Champ, saisie string) string {
	saisie = strings.TrimSpace(saisie)
	switch {
	case saisie == "" && f.Facultatif:
		return "null"
	case f.Genre == segur.GenreBooleen && (saisie == "true" || saisie == "false"):
		return saisie
	case f.Genre == segur.GenreMontant:
		t := strings.NewReplacer(",", ".", " ", "", "\u00a0", "", "\u202f", "", "€", "").Replace(saisie)
		if t != "" && !strings.Contains(t, ".") {
			t += ".00"
		}
		if _, err := segur.LireMontant(t); err == nil {
			return t
		}
	}
	return string(segur.AppendTexteJSON(nil, saisie))
}
