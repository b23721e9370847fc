package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// annonce is the line that "guichet demo" prints once it serves.
type annonce struct {
	Adresse      string               `json:"adresse"`
	Fournisseurs []annonceFournisseur `json:"fournisseurs"`
	Agents       []annonceAgent       `json:"agents"`
}

type annonceFournisseur struct {
	RaisonSociale string `json:"raisonSociale"`
	Siret         string `json:"siret"`
	NumeroAns     string `json:"numeroAns"`
	Utilisateur   string `json:"utilisateur"`
	MotDePasse    string `json:"motDePasse"`
	Jeton         string `json:"jeton"`
}

type annonceAgent struct {
	Role        string   `json:"role"`
	Roles       []string `json:"roles"`
	Utilisateur string   `json:"utilisateur"`
	MotDePasse  string   `json:"motDePasse"`
	Jeton       string   `json:"jeton"`
}

// demo serves a portal on its embedded stores, with accounts made for it. Its
// folder keeps everything from one start to the next, but passwords and tokens,
// which are new each time: only their hashes are kept.
func demo(ctx context.Context, env environnement, args []string) error {
	dossier, port, sortie := "", 8080, "texte"
	if err := lireOptions("demo", args, func(fs *flag.FlagSet) {
		fs.StringVar(&dossier, "dossier", "", "")
		fs.IntVar(&port, "port", 8080, "")
		fs.StringVar(&sortie, "sortie", "texte", "")
	}); err != nil {
		return err
	}
	if sortie != "texte" && sortie != "json" {
		return usage("--sortie vaut « %s » ; valeurs admises : texte, json", sortie)
	}
	if port < 0 || port > 65535 {
		return usage("--port vaut %d ; attendu : de 0 (un port libre) à 65535", port)
	}
	if dossier == "" {
		d, err := os.MkdirTemp("", "guichet-demo-")
		if err != nil {
			return err
		}
		dossier = d
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	_, prise, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	// Browsers know passkeys on a machine itself by this name only.
	r, err := reglagesDemo(env, dossier, "http://localhost:"+prise)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	p, err := ouvrir(ctx, env, r, true)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	a, err := p.peupler(ctx)
	if err != nil {
		return errors.Join(err, l.Close(), p.fermer())
	}
	a.Adresse = "http://" + l.Addr().String()
	h, err := p.routeur()
	if err == nil {
		err = a.dire(env, sortie, dossier)
	}
	if err == nil {
		err = p.servirSur(ctx, l, h)
	}
	return errors.Join(err, p.fermer())
}

// reglagesDemo are the settings of a portal that keeps everything in a folder
// and serves at an address.
func reglagesDemo(env environnement, dossier, adresse string) (reglages, error) {
	dossier, err := filepath.Abs(dossier)
	if err != nil {
		return nil, err
	}
	pieces, temp := filepath.Join(dossier, "pieces"), filepath.Join(dossier, "envois")
	if err := errors.Join(os.MkdirAll(pieces, 0o700), os.MkdirAll(temp, 0o700)); err != nil {
		return nil, err
	}
	cle := filepath.Join(dossier, "cle")
	if err := creerCle(cle, rand.Reader); err != nil {
		return nil, err
	}
	return reglages{
		"GUICHET_CLE": cle, "GUICHET_ADRESSE": adresse,
		"GUICHET_BASE": "sqlite:" + filepath.Join(dossier, "guichet.db"), "GUICHET_PIECES": "file://" + filepath.ToSlash(pieces), "GUICHET_TEMP": temp,
		"GUICHET_BAC_A_SABLE":    env.variable("GUICHET_BAC_A_SABLE"),
		"GUICHET_AGENCE_SERVICE": "Pôle Ségur numérique", "GUICHET_AGENCE_ADRESSE": "1 place de l’Exemple | 00000 VILLE-EXEMPLE", "GUICHET_AGENCE_COURRIEL": "segur@agence.example", "GUICHET_AGENCE_LIEU": "Ville-Exemple",
		"GUICHET_PAYEUR_NOM": "Agence fictive de paiement", "GUICHET_PAYEUR_IBAN": ibanDemo(0), "GUICHET_PAYEUR_BIC": "FICTFRPPXXX",
	}, nil
}

// fournisseurDemo is one supplier of the demonstration.
type fournisseurDemo struct{ raison, siret, ans, utilisateur, nom string }

func fournisseursDemo() []fournisseurDemo {
	return []fournisseurDemo{
		{"Officine Logiciels Exemple SAS", "99999999800001", "DEMO000001", "gestion@fournisseur-a.example", "Gestion, fournisseur A"},
		{"Comptoir Numérique Fictif SARL", "99999998000009", "DEMO000002", "gestion@fournisseur-b.example", "Gestion, fournisseur B"},
	}
}

// agentsDemo lists the agents: every duty, two where one person must not do
// both halves, and one person who has them all.
func agentsDemo() []guichet.Compte {
	r := func(rs ...guichet.Role) []guichet.Role { return rs }
	return []guichet.Compte{
		{Identifiant: "instructeur1@agence.example", Nom: "Premier instructeur", Roles: r(guichet.Instructeur)},
		{Identifiant: "instructeur2@agence.example", Nom: "Second instructeur", Roles: r(guichet.Instructeur)},
		{Identifiant: "decideur@agence.example", Nom: "Décideur", Roles: r(guichet.Decideur)},
		{Identifiant: "comptable1@agence.example", Nom: "Premier comptable", Roles: r(guichet.Comptable)},
		{Identifiant: "comptable2@agence.example", Nom: "Second comptable", Roles: r(guichet.Comptable)},
		{Identifiant: "controleur@agence.example", Nom: "Contrôleur", Roles: r(guichet.Controleur)},
		{Identifiant: "auditeur@agence.example", Nom: "Auditeur", Roles: r(guichet.Auditeur)},
		{Identifiant: "administrateur@agence.example", Nom: "Administrateur", Roles: r(guichet.Administrateur)},
		{Identifiant: "cumul@agence.example", Nom: "Agent de toutes les fonctions", Roles: r(guichet.Instructeur, guichet.Decideur, guichet.Comptable, guichet.Controleur)},
	}
}

// peupler makes sure that the demonstration's world is there, with fresh
// passwords and tokens.
func (p *portail) peupler(ctx context.Context) (*annonce, error) {
	neuf, err := p.neuf(ctx)
	if err != nil {
		return nil, err
	}
	if neuf {
		if err := p.guichet.InstallerCampagne(ctx, campagneDemo()); err != nil {
			return nil, err
		}
	}
	a := &annonce{}
	for i, d := range fournisseursDemo() {
		f := &guichet.Fournisseur{RaisonSociale: d.raison, Siret: d.siret, IBAN: ibanDemo(i + 1), BIC: "FICTFRPPXXX", Courriel: d.utilisateur, Actif: true}
		if err := p.guichet.InstallerFournisseur(ctx, f, []guichet.NumeroAns{{Numero: d.ans, Couloir: "PHA", Logiciel: "LGO"}}); err != nil {
			return nil, err
		}
		c := &guichet.Compte{Identifiant: d.utilisateur, Nom: d.nom, Roles: []guichet.Role{guichet.Gestionnaire}, FournisseurID: f.ID, Actif: true}
		motDePasse, jeton, err := p.entree(ctx, c)
		if err != nil {
			return nil, err
		}
		a.Fournisseurs = append(a.Fournisseurs, annonceFournisseur{d.raison, d.siret, d.ans, d.utilisateur, motDePasse, jeton})
	}
	for _, c := range agentsDemo() {
		c.Actif = true
		motDePasse, jeton, err := p.entree(ctx, &c)
		if err != nil {
			return nil, err
		}
		x := annonceAgent{Role: string(c.Roles[0]), Utilisateur: c.Identifiant, MotDePasse: motDePasse, Jeton: jeton}
		if len(c.Roles) > 1 {
			x.Role = "cumul"
		}
		for _, r := range c.Roles {
			x.Roles = append(x.Roles, string(r))
		}
		a.Agents = append(a.Agents, x)
	}
	if neuf {
		return a, p.animer(ctx)
	}
	return a, nil
}

func (p *portail) neuf(ctx context.Context) (bool, error) {
	cs, err := p.guichet.Campagnes(ctx)
	return len(cs) == 0, err
}

// entree gives an account a new password and a new token.
func (p *portail) entree(ctx context.Context, c *guichet.Compte) (motDePasse, jeton string, err error) {
	motDePasse = rand.Text()[:16]
	if err := p.guichet.Installer(ctx, c, motDePasse); err != nil {
		return "", "", err
	}
	jeton, _, err = p.guichet.CreerJeton(ctx, &guichet.Acteur{Compte: *c}, guichet.NouveauJeton{Nom: "démonstration", Expire: p.env.maintenant().Add(30 * 24 * time.Hour)})
	return motDePasse, jeton, err
}

func campagneDemo() *guichet.Campagne {
	return &guichet.Campagne{
		Libelle: "Ségur officine, vague 1 (démonstration)", Couloir: "PHA", Logiciel: "LGO",
		Ouverture: time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC), Fermeture: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		Bareme: segur.BaremePHA, Plafond: 875_00,
		Tranches: []guichet.Tranche{{Code: "B", Libelle: "801 à 1300 k€ de chiffre d’affaires", HT: 708_33, TTC: 850_00}},
	}
}

// ibanDemo is a plainly fictitious IBAN whose key holds.
func ibanDemo(n int) string {
	compte := fmt.Sprintf("99999999990000000000%03d", n)
	reste := 0
	for _, c := range compte + "152700" { // F is 15, R is 27, and 00 for the key
		reste = (reste*10 + int(c-'0')) % 97
	}
	return fmt.Sprintf("FR%02d%s", 98-reste, compte)
}

// dire prints where to click, or the one line of JSON.
func (a *annonce) dire(env environnement, sortie, dossier string) error {
	if sortie == "json" {
		return json.NewEncoder(env.sortie).Encode(a)
	}
	fmt.Fprintf(env.sortie, "\nLe portail de démonstration est ouvert : %s\n\n", a.Adresse)
	for _, f := range a.Fournisseurs {
		fmt.Fprintf(env.sortie, "  %-16s %-34s %s\n", "fournisseur", f.Utilisateur, f.MotDePasse)
	}
	for _, x := range a.Agents {
		fmt.Fprintf(env.sortie, "  %-16s %-34s %s\n", x.Role, x.Utilisateur, x.MotDePasse)
	}
	fmt.Fprintf(env.sortie, "\nDonnées fictives dans %s. Ctrl-C arrête le portail.\n", dossier)
	return nil
}
