package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"guichet.example/internal/guichet"
)

// avecGuichet runs f on the business over the configured store, for commands
// of the operator; nothing is served, and the file of a base that does not
// exist is not made.
func avecGuichet(ctx context.Context, env environnement, f func(*guichet.Guichet) error) error {
	r, err := lireReglages(env.variable)
	if err != nil {
		return err
	}
	if chemin, vide := absente(r["GUICHET_BASE"]); vide {
		return fmt.Errorf("la base %s n’existe pas ; « guichet migrer » la crée", chemin)
	}
	p, err := ouvrir(ctx, env, r, false)
	if err != nil {
		return err
	}
	return errors.Join(f(p.guichet), p.fermer())
}

const usageCompte = "guichet compte ajouter --identifiant X --nom N --roles R,R | mot-de-passe --identifiant X | sans-second-facteur --identifiant X | desactiver --identifiant X | activer --identifiant X | lister"

// compte manages the accounts of agents. A password is read from standard
// input, never from the command line, which other users of the machine see.
func compte(ctx context.Context, env environnement, args []string) error {
	if len(args) == 0 {
		return usage("usage : %s", usageCompte)
	}
	verbe, identifiant, nom, roles := args[0], "", "", ""
	if err := lireOptions("compte "+verbe, args[1:], func(fs *flag.FlagSet) {
		if verbe != "lister" && verbe != "list" {
			fs.StringVar(&identifiant, "identifiant", "", "")
		}
		if verbe == "ajouter" || verbe == "add" {
			fs.StringVar(&nom, "nom", "", "")
			fs.StringVar(&roles, "roles", "", "")
		}
	}); err != nil {
		return err
	}
	if identifiant = strings.TrimSpace(identifiant); strings.Contains(identifiant, "@") {
		identifiant = strings.ToLower(identifiant)
	}
	if identifiant == "" && verbe != "lister" && verbe != "list" {
		return usage("--identifiant manque. Usage : %s", usageCompte)
	}
	return avecGuichet(ctx, env, func(g *guichet.Guichet) error {
		switch verbe {
		case "ajouter", "add":
			return refus(env, ajouterCompte(ctx, env, g, identifiant, nom, roles))
		case "mot-de-passe", "password":
			return refus(env, changerMotDePasse(ctx, env, g, identifiant))
		case "sans-second-facteur", "reset-second-factor":
			return refus(env, oterSecond(ctx, env, g, identifiant))
		case "desactiver", "disable":
			return refus(env, activerCompte(ctx, env, g, identifiant, false))
		case "activer", "enable":
			return refus(env, activerCompte(ctx, env, g, identifiant, true))
		case "lister", "list":
			return listerComptes(ctx, env, g)
		}
		return usage("« %s » n’existe pas. Usage : %s", verbe, usageCompte)
	})
}

func ajouterCompte(ctx context.Context, env environnement, g *guichet.Guichet, identifiant, nom, roles string) error {
	c := &guichet.Compte{Identifiant: identifiant, Nom: nom, Actif: true}
	if nom == "" || roles == "" {
		return usage("--nom et --roles manquent ; rôles : %v", guichet.RolesAgents())
	}
	for r := range strings.SplitSeq(roles, ",") {
		c.Roles = append(c.Roles, guichet.Role(strings.TrimSpace(r)))
	}
	if _, err := g.CompteNomme(ctx, identifiant); !errors.Is(err, guichet.ErrAbsent) {
		if err == nil {
			fmt.Fprintf(env.erreur, "guichet : le compte %s existe déjà.\n", identifiant)
			return statut(statutRefus)
		}
		return err
	}
	motDePasse, err := lireMotDePasse(env, g, c)
	if err != nil {
		return err
	}
	if err := g.Installer(ctx, c, motDePasse); err != nil {
		return err
	}
	fmt.Fprintf(env.sortie, "Le compte %s est ouvert.\n", identifiant)
	return nil
}

// lireMotDePasse reads one line from standard input.
func lireMotDePasse(env environnement, g *guichet.Guichet, c *guichet.Compte) (string, error) {
	fmt.Fprintln(env.erreur, "Mot de passe, sur une ligne de l’entrée standard :")
	s, err := bufio.NewReader(io.LimitReader(env.entree, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	s = strings.TrimRight(s, "\r\n")
	return s, g.JugerMotDePasse(c, s)
}

func changerMotDePasse(ctx context.Context, env environnement, g *guichet.Guichet, identifiant string) error {
	c, err := compteExistant(ctx, env, g, identifiant)
	if err != nil {
		return err
	}
	motDePasse, err := lireMotDePasse(env, g, c)
	if err != nil {
		return err
	}
	if err := g.Installer(ctx, c, motDePasse); err != nil {
		return err
	}
	fmt.Fprintf(env.sortie, "Le mot de passe de %s est changé.\n", identifiant)
	return g.FermerSessions(ctx, &guichet.Acteur{Compte: *c}, "")
}

// oterSecond is for who has lost telephone, passkeys and recovery codes.
func oterSecond(ctx context.Context, env environnement, g *guichet.Guichet, identifiant string) error {
	c, err := compteExistant(ctx, env, g, identifiant)
	if err != nil {
		return err
	}
	if err := g.OterSecond(ctx, c); err != nil {
		return err
	}
	fmt.Fprintf(env.sortie, "Le compte %s n’a plus de second facteur ; ses sessions et ses jetons ne servent plus.\n", identifiant)
	return nil
}

func compteExistant(ctx context.Context, env environnement, g *guichet.Guichet, identifiant string) (*guichet.Compte, error) {
	c, err := g.CompteNomme(ctx, identifiant)
	if errors.Is(err, guichet.ErrAbsent) {
		fmt.Fprintf(env.erreur, "guichet : le compte %s n’existe pas ; « guichet compte lister » les montre.\n", identifiant)
		return nil, statut(statutRefus)
	}
	return c, err
}

func activerCompte(ctx context.Context, env environnement, g *guichet.Guichet, identifiant string, actif bool) error {
	c, err := compteExistant(ctx, env, g, identifiant)
	if err != nil {
		return err
	}
	c.Actif = actif
	if err := g.Installer(ctx, c, ""); err != nil {
		return err
	}
	mot := "désactivé : ses jetons et ses sessions ne servent plus"
	if actif {
		mot = "actif"
	}
	fmt.Fprintf(env.sortie, "Le compte %s est %s.\n", identifiant, mot)
	return g.FermerSessions(ctx, &guichet.Acteur{Compte: *c}, "")
}

func listerComptes(ctx context.Context, env environnement, g *guichet.Guichet) error {
	cs, err := g.ComptesTous(ctx)
	if err != nil {
		return err
	}
	for _, c := range cs {
		etat := "actif"
		switch {
		case !c.Actif:
			etat = "désactivé"
		case c.MotDePasse == "":
			etat = "à activer"
		}
		roles := make([]string, len(c.Roles))
		for i, r := range c.Roles {
			roles[i] = string(r)
		}
		slices.Sort(roles)
		fmt.Fprintf(env.sortie, "%-40s %-10s %s\n", c.Identifiant, etat, strings.Join(roles, ","))
	}
	return nil
}

// creerCle makes a key file where there is none.
func creerCle(chemin string, hasard io.Reader) error {
	b := make([]byte, cleMin)
	if _, err := io.ReadFull(hasard, b); err != nil {
		return err
	}
	f, err := os.OpenFile(chemin, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%x\n", b)
	return errors.Join(err, f.Close())
}
