package main

import (
	"database/sql"
	"strings"
	"testing"
)

// The draw of the demonstration is done again from the store alone, also while
// the portal serves; a line or a seed changed by hand shows.
func TestControleRejouer(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	m.exiger(t, statutOutil, "n’existe pas ou est vide", "", "controle", "rejouer", "CTL-2026-0001")
	p := m.ouvrirEn(t)
	if _, err := p.peupler(t.Context()); err != nil {
		t.Fatal(err)
	}
	base, err := sql.Open("sqlite", strings.TrimPrefix(m.r["GUICHET_BASE"], "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := base.Close(); err != nil {
			t.Error(err)
		}
	})
	var id string
	if err := base.QueryRowContext(t.Context(), "SELECT id FROM controle").Scan(&id); err != nil {
		t.Fatal(err)
	}
	m.exiger(t, statutBon, "le tirage est le même (demandes tirées : 1)", "", "controle", "rejouer", id)
	m.exiger(t, statutBon, "03 14 15 92 65 35", "", "audit", "replay", id)
	m.exiger(t, statutOutil, "« CTL-1999-0001 » n’existe pas", "", "controle", "rejouer", "CTL-1999-0001")
	m.exiger(t, statutUsage, "usage", "", "controle", "rejouer")
	m.exiger(t, statutUsage, "usage", "", "controle", "tirer", id)
	for _, x := range [][2]string{
		{"UPDATE controle_ligne SET tirage = 1 - tirage", "UPDATE controle_ligne SET tirage = 1 - tirage"}, // the other one is drawn
		{"UPDATE controle SET etat = replace(etat, 'sha256:', 'sha256:0')", "UPDATE controle SET etat = replace(etat, 'sha256:0', 'sha256:')"},
		{"UPDATE controle_ligne SET numero_asp = numero_asp || 'X' WHERE rang = 1", "UPDATE controle_ligne SET numero_asp = substr(numero_asp, 1, length(numero_asp) - 1) WHERE rang = 1"},
	} {
		if _, err := base.ExecContext(t.Context(), x[0]); err != nil {
			t.Fatal(err)
		}
		if s, sortie, _ := m.lancer(t, "", "controle", "rejouer", id); s != statutRefus {
			t.Errorf("%s: status %d\n%s", x[0], s, sortie)
		}
		if _, err := base.ExecContext(t.Context(), x[1]); err != nil {
			t.Fatal(err)
		}
	}
	m.exiger(t, statutBon, "le tirage est le même", "", "controle", "rejouer", id)
}
