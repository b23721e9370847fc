package main

import (
	"strings"
	"testing"
)

// The man page, the help and the model file name every command and setting.
func TestManuelEtAideDisentTout(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	_, page, _ := m.lancer(t, "", "man")
	_, aide, _ := m.lancer(t, "", "aide")
	_, modele, _ := m.lancer(t, "", "config", "--sortie", "fichier")
	page = strings.ReplaceAll(page, `\-`, "-")
	for _, c := range tableCommandes() {
		if !strings.Contains(page, ".B guichet "+c.nom) || !strings.Contains(aide, "  "+c.nom) {
			t.Errorf("command %s is missing", c.nom)
		}
	}
	for _, k := range reglagesConnus() {
		if !strings.Contains(page, ".B "+k.nom+"\n") || !strings.Contains(aide, k.nom) || !strings.Contains(modele, "\n#"+k.nom+"="+k.defaut+"\n") {
			t.Errorf("setting %s is missing", k.nom)
		}
	}
	for l := range strings.SplitSeq(strings.TrimSpace(modele), "\n") {
		if l != "" && l[0] != '#' {
			t.Errorf("in force in the model: %s", l)
		}
	}
	for l := range strings.SplitSeq(page, "\n") {
		if strings.HasPrefix(l, ".") && !strings.Contains(" .TH .SH .SS .TP .B .I ", " "+strings.Fields(l)[0]+" ") {
			t.Errorf("roff reads a command in %q", l)
		}
	}
}
