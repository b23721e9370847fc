package banc

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/store"
	"guichet.example/segur"
)

// Personne is an account with its token.
type Personne struct {
	Identifiant, MotDePasse, Jeton string
	Siret                          string   // of a supplier's
	Ans                            []string // of a supplier's
}

// Gens are the people of an installation.
type Gens struct {
	Fournisseurs []Personne
	Instructeurs []Personne
	Decideur     Personne
	Comptables   [2]Personne
	Auditeur     Personne
}

// ansParFournisseur gives each supplier numbers enough: a number takes 999
// files a day.
const ansParFournisseur = 40

// motDePasse of every account of the bench.
const motDePasse = "une phrase d’essai bien longue"

// Peupler makes the schema, a campaign, suppliers and agents.
func (s *Site) Peupler(ctx context.Context, fournisseurs int) (g Gens, err error) {
	b, err := store.Ouvrir(ctx, s.Base)
	if err != nil {
		return g, err
	}
	defer func() { err = errors.Join(err, b.Fermer()) }()
	if _, err := b.Migrer(ctx); err != nil {
		return g, err
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return g, err
	}
	p, err := guichet.Nouveau(guichet.Monde{Base: b, Magasin: rien{}, Virementier: rien{}, PDF: rien{}, Horloge: time.Now, Hasard: rand.Reader, Zone: zone, DossierTemp: s.Temp, Signaler: func(string, error) {}})
	if err != nil {
		return g, err
	}
	if err := p.InstallerCampagne(ctx, &guichet.Campagne{Libelle: "Campagne d’essai", Couloir: "PHA", Logiciel: "LGO", Ouverture: time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC), Fermeture: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		Bareme: segur.BaremePHA, Plafond: 875_00, Tranches: []guichet.Tranche{{Code: "B", Libelle: "Tranche d’essai", HT: 708_33, TTC: 850_00}}}); err != nil {
		return g, err
	}
	for i := range fournisseurs {
		x := Personne{Identifiant: fmt.Sprintf("gestion@fournisseur-%d.example", i), Siret: fmt.Sprintf("9999%010d", i)}
		f := &guichet.Fournisseur{RaisonSociale: fmt.Sprintf("Fournisseur fictif %d", i), Siret: x.Siret, IBAN: Iban(i + 1), BIC: "FICTFRPPXXX", Courriel: x.Identifiant, Actif: true}
		var ns []guichet.NumeroAns
		for k := range ansParFournisseur {
			x.Ans = append(x.Ans, fmt.Sprintf("BANC%03d%03d", i, k))
			ns = append(ns, guichet.NumeroAns{Numero: x.Ans[k], Couloir: "PHA", Logiciel: "LGO"})
		}
		if err := p.InstallerFournisseur(ctx, f, ns); err != nil {
			return g, err
		}
		if err := s.entrer(ctx, p, &x, f.ID, guichet.Gestionnaire); err != nil {
			return g, err
		}
		g.Fournisseurs = append(g.Fournisseurs, x)
	}
	return g, s.agents(ctx, p, &g)
}

func (s *Site) agents(ctx context.Context, p *guichet.Guichet, g *Gens) error {
	g.Instructeurs = make([]Personne, 2)
	var err error
	for _, a := range []struct {
		p   *Personne
		nom string
		r   guichet.Role
	}{{&g.Instructeurs[0], "instructeur1", guichet.Instructeur}, {&g.Instructeurs[1], "instructeur2", guichet.Instructeur}, {&g.Decideur, "decideur", guichet.Decideur},
		{&g.Comptables[0], "comptable1", guichet.Comptable}, {&g.Comptables[1], "comptable2", guichet.Comptable}, {&g.Auditeur, "auditeur", guichet.Auditeur}} {
		a.p.Identifiant = a.nom + "@agence.example"
		err = errors.Join(err, s.entrer(ctx, p, a.p, 0, a.r))
	}
	return err
}

// entrer opens an account with a password and a token.
func (s *Site) entrer(ctx context.Context, p *guichet.Guichet, x *Personne, f guichet.FournisseurID, r guichet.Role) (err error) {
	c := &guichet.Compte{Identifiant: x.Identifiant, Nom: x.Identifiant, Roles: []guichet.Role{r}, FournisseurID: f, Actif: true}
	x.MotDePasse = motDePasse
	if err := p.Installer(ctx, c, x.MotDePasse); err != nil {
		return err
	}
	x.Jeton, _, err = p.CreerJeton(ctx, &guichet.Acteur{Compte: *c}, guichet.NouveauJeton{Nom: "banc", Expire: time.Now().Add(300 * 24 * time.Hour)})
	return err
}

// Iban is a plainly fictitious IBAN whose key holds.
func Iban(n int) string {
	compte := fmt.Sprintf("99999999990000000000%03d", n)
	reste := 0
	for _, c := range compte + "152700" { // F is 15, R is 27, and 00 for the key
		reste = (reste*10 + int(c-'0')) % 97
	}
	return fmt.Sprintf("FR%02d%s", 98-reste, compte)
}

// rien stands for the outside that seeding does not need.
type rien struct{}

var errRien = errors.New("the bench's seeds have no outside")

func (rien) Ecrire(context.Context, []byte) (string, error) { return "", errRien }
func (rien) Serie() guichet.SerieDocuments                  { return nil }
func (rien) Ouvrir(context.Context, string) (io.ReadCloser, int64, error) {
	return nil, 0, errRien
}
func (rien) Fichier(*guichet.Lot, []guichet.Virement, time.Time) ([]byte, error) {
	return nil, errRien
}

func (rien) Lire(context.Context, []byte) (int, error) { return 0, errRien }
func (rien) Supprimer(context.Context, string) error   { return errRien }
