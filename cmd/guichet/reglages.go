package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
)

// reglage is one setting, as data: the help, "guichet config", the reference
// of docs/exploitation and the flags of "guichet servir" come from this table.
type reglage struct {
	nom    string
	defaut string
	resume string // French
	secret bool   // never printed, no flag; may stand in a file of its own
}

// groupeReglages are settings that belong together.
type groupeReglages struct {
	titre    string // French
	reglages []reglage
}

func tableReglages() []groupeReglages {
	return []groupeReglages{
		{"La base et les pièces", []reglage{
			{"GUICHET_BASE", "sqlite:guichet.db", "la base : sqlite:CHEMIN ou postgres://…", true},
			{"GUICHET_PIECES", "file:///var/lib/guichet/pieces", "où sont les pièces : file:///CHEMIN ou s3://SEAU?…", true},
			{"GUICHET_TEMP", "", "dossier des envois en cours (défaut : celui du système)", false},
			{"GUICHET_CLE", "", "fichier de la clé du coffre, 32 caractères de hasard au moins (vide : ni second facteur, ni webhooks)", false},
			{"GUICHET_CLE_ANCIENNE", "", "fichier de la clé du coffre d’avant, le temps de « guichet coffre renouveler » (vide : il n’y en a pas)", false},
		}},
		{"L’adresse et le chiffrement", []reglage{
			{"GUICHET_ECOUTE", "127.0.0.1:8080", "adresse et port d’écoute", false},
			{"GUICHET_ADRESSE", "", "adresse publique du portail, pour les liens des courriels et les clés d’accès (https, ou http://localhost)", false},
			{"GUICHET_MANDATAIRES", "", "réseaux des mandataires (proxys) dont X-Forwarded-For et X-Request-Id sont crus, séparés par des virgules", false},
			{"GUICHET_TLS_CERTIFICAT", "", "fichier PEM du certificat et de sa chaîne ; relu quand il change, et sur SIGHUP", false},
			{"GUICHET_TLS_CLE", "", "fichier PEM de la clé du certificat", false},
			{"GUICHET_ACME_DOMAINES", "", "noms pour lesquels un certificat est demandé par ACME, séparés par des virgules", false},
			{"GUICHET_ACME_COURRIEL", "", "adresse que l’autorité de certification prévient", false},
			{"GUICHET_ACME_ANNUAIRE", "https://acme-v02.api.letsencrypt.org/directory", "annuaire de l’autorité ACME", false},
			{"GUICHET_ACME_RACINES", "", "fichier PEM des autorités à croire pour joindre l’annuaire (vide : celles du système)", false},
			{"GUICHET_ACME_DOSSIER", "/var/lib/guichet/acme", "dossier où les certificats obtenus sont gardés", false},
			{"GUICHET_ECOUTE_HTTP", "", "adresse et port d’une seconde écoute, sans TLS, qui renvoie vers GUICHET_ADRESSE et répond aux épreuves ACME (vide : aucune)", false},
		}},
		{"Ce que le portail appelle", []reglage{
			{"GUICHET_SMTP", "", "relais de courrier : smtp://hote:587?de=ADRESSE (vide : aucun courriel ne part)", true},
			{"GUICHET_CLAMD", "", "antivirus : unix:///run/clamav/clamd.ctl ou tcp://HOTE:3310 (vide : les pièces ne sont pas analysées)", false},
			{"GUICHET_CLAIR", "", "services qu’un réseau sûr joint sans TLS, et pourquoi : SERVICE=RAISON, séparés par des points-virgules ; services : base, pieces, antivirus, courrier, traces (vide : hors de la machine, tous sont joints par TLS)", false},
			{"GUICHET_WEBHOOKS_LOCAUX", "", "« oui » pour appeler aussi des webhooks de la machine elle-même : essais seulement", false},
		}},
		{"Les comptes", []reglage{
			{"GUICHET_SECOND_FACTEUR", "agents", "qui doit avoir un second facteur : « agents » (les comptes de l’agence), « tous » ou « libre » (personne)", false},
			{"GUICHET_MOTS_DIVULGUES", "", "fichier des mots de passe divulgués : une empreinte SHA-1 par ligne, triées (la forme de « Pwned Passwords » par empreinte) ; un nouveau mot de passe qui s’y trouve est refusé (vide : seules les règles du portail valent)", false},
		}},
		{"Le fournisseur d’identité", []reglage{
			{"GUICHET_OIDC_EMETTEUR", "", "adresse du fournisseur OpenID Connect, telle qu’il se nomme (vide : aucun)", false},
			{"GUICHET_OIDC_CLIENT", "", "identifiant du portail chez lui", false},
			{"GUICHET_OIDC_SECRET", "", "secret du portail chez lui", true},
			{"GUICHET_OIDC_NOM", "", "son nom sur la page de connexion (défaut : son nom d’hôte)", false},
			{"GUICHET_OIDC_PUBLIC", "agents", "qui se connecte par lui : agents, fournisseurs ou les deux, séparés par une virgule", false},
		}},
		{"La surveillance", []reglage{
			{"GUICHET_TRACE", "requetes", "ce que le programme écrit sur sa sortie d’erreur : « requetes » (chaque requête servie) ou « erreurs »", false},
			{"GUICHET_OTLP", "", "collecteur OpenTelemetry, par exemple http://127.0.0.1:4318/v1/traces (vide : aucune trace n’est prise)", true},
			{"GUICHET_OTLP_PART", "100", "part des requêtes dont la trace est prise, en pour cent", false},
			{"GUICHET_EXPLOITANTS", "", "adresses qui reçoivent chaque jour ce qui a échoué, séparées par des virgules (vide : aucun bulletin)", false},
		}},
		{"L’agence", []reglage{
			{"GUICHET_AGENCE_NOM", "", "nom de l’agence sur les courriers (défaut : celui du compte débité)", false},
			{"GUICHET_AGENCE_SERVICE", "", "service qui écrit", false},
			{"GUICHET_AGENCE_ADRESSE", "", "adresse postale de l’agence, une ligne entre deux barres : 1 rue X | 00000 VILLE", false},
			{"GUICHET_AGENCE_COURRIEL", "", "adresse électronique où répondre aux courriers", false},
			{"GUICHET_AGENCE_LIEU", "", "ville où les courriers sont signés", false},
			{"GUICHET_PAYEUR_NOM", "Agence fictive", "nom du compte débité par les virements", false},
			{"GUICHET_PAYEUR_IBAN", "", "IBAN du compte débité", true},
			{"GUICHET_PAYEUR_BIC", "", "BIC du compte débité", false},
			{"GUICHET_VIREMENT_XSD", "", "schéma XSD de pain.001.001.09, celui de votre banque : xmllint y contrôle chaque virement avant l’approbation du lot (vide : les contrôles du portail seuls)", false},
		}},
		{"Les données personnelles", []reglage{
			{"GUICHET_CONSERVATION", "quotidienne", "« quotidienne » : ce dont la durée de conservation est passée est effacé chaque nuit ; « manuelle » : seulement quand une personne le demande", false},
		}},
		{"Les essais", []reglage{
			{"GUICHET_BAC_A_SABLE", "", "« oui » : tout est un essai, marqué comme tel, et les statuts se forcent", false},
		}},
	}
}

func reglagesConnus() (rs []reglage) {
	for _, g := range tableReglages() {
		rs = append(rs, g.reglages...)
	}
	return rs
}

// suffixeFichier after the name of a secret setting names a file that holds
// its value.
const suffixeFichier = "_FICHIER"

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
	return r, r.poser("l’environnement", variable)
}

// poser takes the settings that a place gives, secrets from their files.
func (r reglages) poser(lieu string, valeur func(string) string) error {
	for _, k := range reglagesConnus() {
		v := valeur(k.nom)
		if fichier := valeur(k.nom + suffixeFichier); k.secret && fichier != "" {
			if v != "" {
				return usage("%s donne %s et %s : gardez l’un des deux", lieu, k.nom, k.nom+suffixeFichier)
			}
			var err error
			if v, err = lireSecret(k.nom+suffixeFichier, fichier); err != nil {
				return err
			}
		}
		if v != "" {
			r[k.nom] = v
		}
	}
	return nil
}

func (r reglages) lireFichier(chemin string) error {
	f, err := os.Open(chemin)
	if err != nil {
		return err
	}
	defer f.Close()
	lus := map[string]string{}
	s := bufio.NewScanner(f)
	for n := 1; s.Scan(); n++ {
		ligne := strings.TrimSpace(s.Text())
		if ligne == "" || ligne[0] == '#' {
			continue
		}
		nom, valeur, ok := strings.Cut(ligne, "=")
		nom = strings.TrimSpace(nom)
		if !ok || !connu(nom) {
			return usage("%s, ligne %d : « %s » n’est pas un réglage connu", chemin, n, nom)
		}
		if _, deja := lus[nom]; deja {
			return usage("%s, ligne %d : %s est donné une seconde fois", chemin, n, nom)
		}
		lus[nom] = strings.TrimSpace(valeur)
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("%s : %w", chemin, err)
	}
	if err := confidentiel(chemin, lus); err != nil {
		return err
	}
	// An empty value in the file is one too: it takes a default away.
	for _, k := range reglagesConnus() {
		if v, ok := lus[k.nom]; ok {
			r[k.nom] = v
		}
	}
	return r.poser(chemin, func(nom string) string { return lus[nom] })
}

// connu tells a name that a file of settings may give.
func connu(nom string) bool {
	return slices.ContainsFunc(reglagesConnus(), func(k reglage) bool {
		return k.nom == nom || k.secret && k.nom+suffixeFichier == nom
	})
}

// oui tells a setting that says yes.
func (r reglages) oui(nom string) bool { return r[nom] == "oui" }

// liste is a setting of several values.
func (r reglages) liste(nom string) (vs []string) {
	for v := range strings.SplitSeq(r[nom], ",") {
		if v = strings.TrimSpace(v); v != "" {
			vs = append(vs, v)
		}
	}
	return vs
}
