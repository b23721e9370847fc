package main

import (
	"testing"

	"guichet.example/internal/atelier/certificat"
)

// The portal reads what "segur certifier" writes, and nothing that was changed
// since.
func TestPortalReadsTheSuppliersCertificate(t *testing.T) {
	t.Parallel()
	c := certificat.Certificat{Forme: certificat.Forme, Jour: "2026-11-24", Fichiers: []certificat.Fichier{
		{Nom: "JSON-DEMO000001-20261124-001.json", SHA256: "aa", Regles: certificat.Regles{ID: "PHA-LGO-Va1/avance", Version: "2022-11-04", Empreinte: "sha256:bb"}}}}
	b, err := c.JSON()
	if err != nil {
		t.Fatal(err)
	}
	fs, jour, err := lireCertificat(b)
	if err != nil || jour != "2026-11-24" || len(fs) != 1 || fs[0].SHA256 != "aa" || fs[0].EmpreinteRegles != "sha256:bb" || fs[0].Regles != "PHA-LGO-Va1/avance, version 2022-11-04" {
		t.Errorf("%v, %q, %+v", err, jour, fs)
	}
	b[len(b)/2] ^= 1
	if _, _, err := lireCertificat(b); err == nil {
		t.Error("a changed certificate is read")
	}
}
