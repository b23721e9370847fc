package main

import "testing"

// What crosses a network is encrypted, unless the operator says why not.
func TestServicesHorsDeLaMachineSontChiffres(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	for _, x := range []struct{ reglage, valeur, service string }{
		{"GUICHET_BASE", "postgres://guichet@base.example/guichet", "base"},
		{"GUICHET_BASE", "postgres://guichet@base.example/guichet?sslmode=require", "base"}, // encrypted to whoever answers
		{"GUICHET_BASE", "postgres://guichet@127.0.0.1,base.example/guichet", "base"},
		{"GUICHET_PIECES", "s3://pieces?endpoint=http://s3.example", "pieces"},
		{"GUICHET_CLAMD", "tcp://clamd.example:3310", "antivirus"},
		{"GUICHET_CLAMD", "tcp://192.0.2.7", "antivirus"},
		{"GUICHET_OTLP", "http://collecteur.example/v1/traces", "traces"},
		{"GUICHET_SMTP", "smtp://relais.example?de=portail@guichet.example&tls=si_possible", "courrier"},
	} {
		avant := m.r[x.reglage]
		m.r[x.reglage] = x.valeur
		m.exiger(t, statutUsage, x.reglage+" : ", "", "servir")
		m.exiger(t, statutUsage, "GUICHET_CLAIR="+x.service+"=RAISON", "", "servir")
		r, err := lireReglages(func(n string) string { return m.r[n] })
		if err != nil {
			t.Fatal(err)
		}
		r["GUICHET_CLAIR"] = x.service + " = réseau de la salle"
		if err = r.exigerChiffre(); err != nil {
			t.Errorf("%s=%s with a reason: %v", x.reglage, x.valeur, err)
		}
		m.r[x.reglage] = avant
	}
	for _, r := range []reglages{
		{"GUICHET_BASE": "postgres://guichet@base.example/guichet?sslmode=verify-full"},
		{"GUICHET_BASE": "postgres://guichet@/guichet?host=%2Frun%2Fpostgresql"},
		{"GUICHET_BASE": "sqlite:guichet.db", "GUICHET_PIECES": "s3://pieces?endpoint=https://s3.example", "GUICHET_CLAMD": "unix:///run/clamav/clamd.ctl"},
		{"GUICHET_PIECES": "s3://pieces?endpoint=http://127.0.0.1:9000", "GUICHET_CLAMD": "tcp://localhost:3310", "GUICHET_OTLP": "http://[::1]:4318/v1/traces"},
		{"GUICHET_SMTP": "smtp://relais.example?de=portail@guichet.example", "GUICHET_OTLP": "https://collecteur.example/v1/traces"},
	} {
		if err := r.exigerChiffre(); err != nil {
			t.Errorf("%v: %v", r, err)
		}
	}
	for valeur, dit := range map[string]string{"tout=oui": "n’est pas un service", "base": "ne dit pas pourquoi", "base=x;pieces= ": "ne dit pas pourquoi"} {
		m.r["GUICHET_CLAIR"] = valeur
		m.exiger(t, statutUsage, dit, "", "servir")
	}
}

// Somebody must be able to enrol the second factor that the settings demand,
// and a list of leaked passwords must be one.
func TestReglagesDesComptes(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	m.r["GUICHET_SECOND_FACTEUR"] = "parfois"
	m.exiger(t, statutUsage, "valeurs admises : agents, tous, libre", "", "servir")
	delete(m.r, "GUICHET_SECOND_FACTEUR")
	m.exiger(t, statutBon, "GUICHET_SECOND_FACTEUR=agents\n", "", "config")
	cle := m.r["GUICHET_CLE"]
	delete(m.r, "GUICHET_CLE")
	m.exiger(t, statutUsage, "GUICHET_CLE manque", "", "servir")
	m.r["GUICHET_CLE"], m.r["GUICHET_MOTS_DIVULGUES"] = cle, cle
	m.exiger(t, statutUsage, "GUICHET_MOTS_DIVULGUES", "", "servir")
}

// The key of the safe changes by the operator's command.
func TestCoffreEnLigneDeCommande(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	m.exiger(t, statutUsage, "usage : guichet coffre renouveler", "", "coffre")
	m.exiger(t, statutBon, "version", "", "migrer")
	m.exiger(t, statutBon, "de nouveau : 0 ; déjà scellés par cette clé : 0", "", "coffre", "renouveler")
	m.r["GUICHET_CLE_ANCIENNE"] = m.r["GUICHET_BASE"]
	m.exiger(t, statutOutil, "GUICHET_CLE_ANCIENNE", "", "coffre", "renouveler")
	delete(m.r, "GUICHET_CLE_ANCIENNE")
	delete(m.r, "GUICHET_CLE")
	m.exiger(t, statutRefus, "GUICHET_CLE", "", "coffre", "renouveler")
}
