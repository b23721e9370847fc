package main

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// reglage is one setting, as data: the help, "guichet config" and the docs
// print this table.
type reglage struct {
	nom    string
	defaut string
	resume string // French
	secret bool   // never printed
}

func reglagesConnus() []reglage {
	return []reglage{
		{"GUICHET_BASE", "sqlite:guichet.db", "la base : sqlite:CHEMIN ou postgres://…", true},
		{"GUICHET_PIECES", "file:///var/lib/guichet/pieces", "où sont les pièces : file:///CHEMIN ou s3://SEAU?…", true},
		{"GUICHET_ECOUTE", "127.0.0.1:8080", "adresse et port d’écoute", false},
		{"GUICHET_SMTP", "", "relais de courrier : smtp://hote:587?de=ADRESSE (vide : aucun courriel ne part)", true},
		{"GUICHET_CLAMD", "", "antivirus : unix:///run/clamav/clamd.ctl ou tcp://HOTE:3310 (vide : les pièces ne sont pas analysées)", false},
		{"GUICHET_CLE", "", "fichier de la clé du coffre, 32 caractères de hasard au moins (vide : ni second facteur, ni webhooks)", false},
		{"GUICHET_WEBHOOKS_LOCAUX", "", "« oui » pour appeler aussi des webhooks de la machine elle-même : essais seulement", false},
		{"GUICHET_ADRESSE", "", "adresse publique du portail, pour les liens des courriels", false},
		{"GUICHET_TEMP", "", "dossier des envois en cours (défaut : celui du système)", false},
		{"GUICHET_MANDATAIRES", "", "réseaux des mandataires (proxys) dont X-Forwarded-For est cru, séparés par des virgules", false},
		{"GUICHET_AGENCE_NOM", "", "nom de l’agence sur les courriers (défaut : celui du compte débité)", false},
		{"GUICHET_AGENCE_SERVICE", "", "service qui écrit", false},
		{"GUICHET_AGENCE_ADRESSE", "", "adresse postale de l’agence, une ligne entre deux barres : 1 rue X | 00000 VILLE", false},
		{"GUICHET_AGENCE_COURRIEL", "", "adresse électronique où répondre aux courriers", false},
		{"GUICHET_AGENCE_LIEU", "", "ville où les courriers sont signés", false},
		{"GUICHET_BAC_A_SABLE", "", "« oui » : tout est un essai, marqué comme tel, et les statuts se forcent", false},
		{"GUICHET_PAYEUR_NOM", "Agence fictive", "nom du compte débité par les virements", false},
		{"GUICHET_PAYEUR_IBAN", "", "IBAN du compte débité", true},
		{"GUICHET_PAYEUR_BIC", "", "BIC du compte débité", false},
	}
}

// reglages are the settings in force.
type reglages map[string]string

// lireReglages reads the file named by GUICHET_CONFIG, then the environment,
// which wins. A line of the file is NOM=valeur; # begins a comment.
func lireReglages(variable func(string) string) (reglages, error) {
	r := reglages{}
	for _, k := range reglagesConnus() {
		r[k.nom] = k.defaut
	}
	if chemin := variable("GUICHET_CONFIG"); chemin != "" {
		if err := r.lireFichier(chemin); err != nil {
			return nil, err
		}
	}
	for _, k := range reglagesConnus() {
		if v := variable(k.nom); v != "" {
			r[k.nom] = v
		}
	}
	return r, nil
}

func (r reglages) lireFichier(chemin string) error {
	f, err := os.Open(chemin)
	if err != nil {
		return err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for n := 1; s.Scan(); n++ {
		ligne := strings.TrimSpace(s.Text())
		if ligne == "" || ligne[0] == '#' {
			continue
		}
		nom, valeur, ok := strings.Cut(ligne, "=")
		nom = strings.TrimSpace(nom)
		if _, connu := r[nom]; !ok || !connu {
			return usage("%s, ligne %d : « %s » n’est pas un réglage connu", chemin, n, nom)
		}
		r[nom] = strings.TrimSpace(valeur)
	}
	return s.Err()
}

// masquer hides the password of an address and what is secret as a whole.
func masquer(k reglage, v string) string {
	if !k.secret || v == "" {
		return v
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme == "" {
		return "***"
	}
	if u.User != nil {
		u.User = url.UserPassword(u.User.Username(), "***")
	}
	if u.RawQuery != "" {
		u.RawQuery = "***"
	}
	return strings.ReplaceAll(u.String(), "%2A%2A%2A", "***")
}

func configurer(_ context.Context, env environnement, args []string) error {
	if len(args) > 0 {
		return usage("« %s » est de trop pour « guichet config »", args[0])
	}
	r, err := lireReglages(env.variable)
	if err != nil {
		return err
	}
	for _, k := range reglagesConnus() {
		fmt.Fprintf(env.sortie, "%s=%s\n", k.nom, masquer(k, r[k.nom]))
	}
	return nil
}
