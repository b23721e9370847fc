package main

import (
	"strings"
	"testing"
	"time"
)

// The command says what the mail says: the journal, the disks, the certificate.
func TestBulletinEnLigneDeCommande(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	m.exiger(t, statutBon, "version", "", "migrer")
	statut, sortie, _ := m.lancer(t, "", "bulletin")
	for _, attendu := range []string{"✓ Journal : entier", "Travail abandonné : aucun", "Disque de " + m.dossier} {
		if !strings.Contains(sortie, attendu) {
			t.Errorf("%q is missing\n%s", attendu, sortie)
		}
	}
	if (statut == statutRefus) != strings.Contains(sortie, "✗") {
		t.Errorf("status %d\n%s", statut, sortie)
	}
	m.exiger(t, statutUsage, "de trop", "", "bulletin", "x")
	for valeur, dit := range map[string]string{"pas une adresse": "n’est pas une adresse", "exploitation@agence.example": "GUICHET_SMTP manque"} {
		m.r["GUICHET_EXPLOITANTS"] = valeur
		m.exiger(t, statutUsage, dit, "", "servir")
	}
}

func TestBulletinDitLeCertificat(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	p := m.ouvrirEn(t)
	p.chiffrement = &chiffrement{}
	for reste, grave := range map[time.Duration]bool{certificatMin + time.Hour: false, certificatMin - time.Hour: true, -time.Hour: true} {
		p.chiffrement.expire.Store(p.env.maintenant().Add(reste).Unix())
		ps := p.sante(t.Context())
		if x := ps[len(ps)-1]; x.Titre != "Certificat TLS" || x.Grave != grave {
			t.Errorf("%s: %+v", reste, x)
		}
	}
}
