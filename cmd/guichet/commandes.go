package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

// commande is one command, as data.
type commande struct {
	nom, alias string
	resume     string // one French line
	usage      string
	executer   func(ctx context.Context, env environnement, args []string) error
}

func tableCommandes() []commande {
	return []commande{
		{"servir", "serve", "sert le portail", "[--ecoute ADRESSE]", servir},
		{"demo", "", "sert un portail d’essai, avec des comptes et des demandes fictifs", "[--dossier DIR] [--port N] [--sortie texte|json]", demo},
		{"migrer", "migrate", "met le schéma de la base à jour", "[--vers N]", migrer},
		{"compte", "account", "ouvre, désactive et liste les comptes", "ajouter|mot-de-passe|sans-second-facteur|activer|desactiver|lister [--identifiant X] [--nom N] [--roles R,R]", compte},
		{"travaux", "jobs", "montre et rejoue les travaux abandonnés", "lister [--etat mort] | rejouer [--id N]", travaux},
		{"bulletin", "digest", "dit ce qui a échoué et ce qui attend, comme le courriel quotidien des exploitants", "", bulletin},
		{"finess", "", "met un registre FINESS en place", "importer FICHIER", importerFiness},
		{"sauvegarder", "backup", "écrit une archive de la base et des pièces, pendant que le portail sert", "FICHIER", sauvegarder},
		{"restaurer", "restore", "rétablit un portail vide depuis une archive, puis vérifie son journal", "FICHIER", restaurer},
		{"controle", "audit", "tire de nouveau les demandes d’un contrôle a posteriori, et compare", "rejouer ID | FICHIER.zip", controle},
		{"virement", "transfer", "contrôle un fichier de virements avec xmllint, contre le schéma de la banque", "verifier --xsd SCHEMA FICHIER", verifierVirement},
		{"conservation", "retention", "dit ce dont la durée de conservation est passée ; l’efface avec --effacer", "[--effacer]", conserver},
		{"coffre", "safe", "scelle de nouveau, par la clé de GUICHET_CLE, ce que celle de GUICHET_CLE_ANCIENNE a scellé", "renouveler", coffre},
		{"journal", "", "vérifie la chaîne du journal", "verifier", journal},
		{"config", "", "affiche les réglages en vigueur, secrets masqués ; ou leur référence, ou un fichier de réglages à remplir", "[--sortie texte|markdown|fichier]", configurer},
		{"manuel", "man", "écrit la page de manuel (man)", "", manuel},
	}
}

func executer(ctx context.Context, env environnement, args []string) error {
	if len(args) == 0 {
		aide(env.sortie)
		return usage("il manque une commande ; par exemple : guichet demo")
	}
	switch args[0] {
	case "-h", "--help", "--aide", "aide", "help":
		aide(env.sortie)
		return nil
	case "--version", "-V":
		fmt.Fprintln(env.sortie, "guichet", version)
		return nil
	case argumentPDF:
		return servirPDF(args[1:])
	}
	for _, c := range tableCommandes() {
		if c.nom == args[0] || c.alias != "" && c.alias == args[0] {
			return c.executer(ctx, env, args[1:])
		}
	}
	return usage("la commande « %s » n’existe pas. Voyez « guichet aide ».", args[0])
}

func aide(w io.Writer) {
	fmt.Fprint(w, "guichet est le portail de l’agence : dépôt, instruction, décision, paiement.\n\nCommandes :\n")
	for _, c := range tableCommandes() {
		nom := c.nom
		if c.alias != "" {
			nom += " (" + c.alias + ")"
		}
		fmt.Fprintf(w, "  %-18s %s\n", nom, c.resume)
		if c.usage != "" {
			fmt.Fprintf(w, "  %-18s   guichet %s %s\n", "", c.nom, c.usage)
		}
	}
	fmt.Fprint(w, "\nRéglages (option de « guichet servir », environnement, ou fichier désigné par GUICHET_CONFIG) :\n")
	for _, r := range reglagesConnus() {
		fmt.Fprintf(w, "  %-22s %s (défaut : %s)\n", r.nom, r.resume, r.defaut)
	}
}

// lireOptions reads the flags of a command; no other argument is taken.
func lireOptions(nom string, args []string, declarer func(*flag.FlagSet)) error {
	fs := flag.NewFlagSet(nom, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	declarer(fs)
	if err := fs.Parse(args); err != nil {
		var options []string
		fs.VisitAll(func(f *flag.Flag) { options = append(options, "--"+f.Name) })
		return usage("option inconnue ou mal écrite pour « guichet %s ». Options : %s", nom, strings.Join(options, ", "))
	}
	if fs.NArg() > 0 {
		return usage("« %s » est de trop pour « guichet %s »", fs.Arg(0), nom)
	}
	return nil
}
