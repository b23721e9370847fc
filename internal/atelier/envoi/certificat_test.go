package envoi

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichet.example/internal/atelier/certificat"
	"guichet.example/segur"
)

// A certificate beside a deposit goes with it only when it is whole and speaks
// of that very file; else that is said, and the deposit goes without.
func TestCertificatJointSeulementSilEstLeSien(t *testing.T) {
	chemin, _ := dossier(t, 2)
	c, err := certificat.Faire(t.Context(), []string{filepath.Join(chemin, segur.NomExemple(1))}, certificat.Options{Jour: segur.JourExemple, Date: "2023-07-01T09:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	bon, err := c.JSON()
	if err != nil {
		t.Fatal(err)
	}
	fs, err := Rassembler([]string{chemin})
	if err != nil {
		t.Fatal(err)
	}
	json, err := os.ReadFile(fs[0].Chemin)
	if err != nil {
		t.Fatal(err)
	}
	x := &Expediteur{}
	if b, dit := x.certificatDe(&fs[0], hexa(json)); b != nil || dit != "" {
		t.Errorf("there is none: %q", dit)
	}
	la := filepath.Join(chemin, NomCertificat)
	for _, cas := range []struct{ octets, sha, dit string }{
		{string(bon), hexa(json), ""},
		{string(bon), hexa(nil), "ne parle pas de ce fichier"},
		{strings.Replace(string(bon), `"demandes": 2`, `"demandes": 3`, 1), hexa(json), "modifié"},
		{"{}", hexa(json), "ce n’est pas un certificat"},
	} {
		if err := os.WriteFile(la, []byte(cas.octets), 0o600); err != nil {
			t.Fatal(err)
		}
		b, dit := x.certificatDe(&fs[0], cas.sha)
		if (cas.dit == "") != (string(b) == string(bon)) || !strings.Contains(dit, cas.dit) {
			t.Errorf("%q: sent %d bytes, said %q", cas.dit, len(b), dit)
		}
	}
}
