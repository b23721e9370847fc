package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// manuel writes the man page, from the tables of commands and settings.
func manuel(_ context.Context, env environnement, args []string) error {
	if len(args) > 0 {
		return usage("« %s » est de trop pour « guichet manuel »", args[0])
	}
	w := env.sortie
	fmt.Fprintf(w, ".TH GUICHET 1 \"\" \"guichet %s\" \"Ségur numérique\"\n.SH NOM\nguichet \\- portail de l’agence : dépôt, instruction, décision, paiement\n.SH SYNOPSIS\n.B guichet\n.I COMMANDE\n[OPTIONS] [ARGUMENTS]\n.SH COMMANDES\n", roff(version))
	for _, c := range tableCommandes() {
		fmt.Fprintf(w, ".TP\n.B guichet %s %s\n%s.\n", roff(c.nom), roff(c.usage), roff(c.resume))
		if c.alias != "" {
			fmt.Fprintf(w, "Alias : %s.\n", roff(c.alias))
		}
	}
	ecrireManuelReglages(w)
	_, err := fmt.Fprint(w, ".SH \"STATUT DE SORTIE\"\n0 rien n’est refusé ; 1 quelque chose est refusé ; 2 mauvais usage ; 3 l’outil a échoué, rien ne peut être conclu.\n"+
		".SH FICHIERS\n.TP\n.I /etc/guichet/guichet.conf\nréglages du service installé par le paquet Debian.\n.TP\n.I /var/lib/guichet\nbase, pièces et certificats du service.\n")
	return err
}

func ecrireManuelReglages(w io.Writer) {
	fmt.Fprint(w, ".SH RÉGLAGES\nUn réglage se donne dans le fichier que GUICHET_CONFIG désigne, dans l’environnement, ou par une option de guichet servir.\n")
	for _, g := range tableReglages() {
		fmt.Fprintf(w, ".SS \"%s\"\n", roff(g.titre))
		for _, k := range g.reglages {
			fmt.Fprintf(w, ".TP\n.B %s\n%s", roff(k.nom), roff(k.resume))
			if k.defaut != "" {
				fmt.Fprintf(w, " (défaut : %s)", roff(k.defaut))
			}
			fmt.Fprint(w, "\n")
		}
	}
}

// roff escapes a line for the man macros.
func roff(s string) string {
	s = strings.ReplaceAll(s, `\`, `\e`)
	s = strings.ReplaceAll(s, "-", `\-`)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
