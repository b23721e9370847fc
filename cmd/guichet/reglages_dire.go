package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
)

//go:generate sh -c "go run . config --sortie markdown > ../../docs/exploitation/reglages.md"

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

// configurer prints the settings in force, secrets masked, or their reference.
func configurer(_ context.Context, env environnement, args []string) error {
	sortie := "texte"
	if err := lireOptions("config", args, func(fs *flag.FlagSet) { fs.StringVar(&sortie, "sortie", "texte", "") }); err != nil {
		return err
	}
	switch sortie {
	case "markdown":
		ecrireReference(env.sortie)
		return nil
	case "fichier":
		ecrireModele(env.sortie)
		return nil
	case "texte":
	default:
		return usage("--sortie vaut « %s » ; valeurs admises : texte, markdown, fichier", sortie)
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

// enteteReference opens docs/exploitation/reglages.md.
const enteteReference = `# Réglages du portail

Cette page est écrite par ` + "`guichet config --sortie markdown`" + ` à partir du programme : elle ne se modifie pas à la main.
` + "`guichet config`" + ` affiche les réglages en vigueur, secrets masqués.

Un réglage se donne, du plus faible au plus fort : dans le fichier que ` + "`GUICHET_CONFIG`" + ` désigne (une ligne ` + "`NOM=valeur`" + ` par
réglage, ` + "`#`" + ` commence un commentaire), dans l’environnement, puis par une option de ` + "`guichet servir`" + `. Un réglage vide dans le
fichier retire la valeur par défaut.

**Secrets.** Les réglages marqués « secret » n’ont pas d’option. Ils se donnent aussi par un fichier qui ne contient que leur
valeur, désigné par le même nom suivi de ` + "`_FICHIER`" + ` (par exemple ` + "`GUICHET_SMTP_FICHIER=/etc/guichet/smtp`" + `). Un tel fichier, celui de
la clé du coffre ou de la clé TLS, et un fichier de réglages qui contient un mot de passe sont refusés quand tout le monde peut
les lire : au plus le mode 0640.
`

func ecrireReference(w io.Writer) {
	fmt.Fprint(w, enteteReference)
	code := func(s string) string {
		if s == "" {
			return ""
		}
		return "`" + s + "`"
	}
	for _, g := range tableReglages() {
		fmt.Fprintf(w, "\n## %s\n\n| réglage | option | défaut | ce qu’il règle |\n|---|---|---|---|\n", g.titre)
		for _, k := range g.reglages {
			option := "secret"
			if !k.secret {
				option = code("--" + optionDe(k))
			}
			fmt.Fprintf(w, "| %s | %s | %s | %s |\n", code(k.nom), option, code(k.defaut), strings.ReplaceAll(k.resume, "|", "\\|"))
		}
	}
}

// ecrireModele is a file of settings to fill in: each with what it is, none in
// force.
func ecrireModele(w io.Writer) {
	fmt.Fprint(w, "# Réglages du portail : une ligne NOM=valeur par réglage ; une ligne qui commence par # ne compte pas.\n# La référence est dans reglages.md ; « guichet config » affiche les réglages en vigueur.\n")
	for _, g := range tableReglages() {
		fmt.Fprintf(w, "\n# --- %s ---\n", g.titre)
		for _, k := range g.reglages {
			fmt.Fprintf(w, "\n# %s\n", k.resume)
			if k.secret {
				fmt.Fprintf(w, "# (secret : peut être dans un fichier à part, désigné par %s%s)\n", k.nom, suffixeFichier)
			}
			fmt.Fprintf(w, "#%s=%s\n", k.nom, k.defaut)
		}
	}
}

// optionDe is the flag of a setting: GUICHET_TLS_CLE is --tls-cle.
func optionDe(k reglage) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(k.nom, "GUICHET_"), "_", "-"))
}

// declarerOptions lets the flags of a command change settings, secrets left
// out: every user of the machine reads a command line.
func (r reglages) declarerOptions(fs *flag.FlagSet) {
	for _, k := range reglagesConnus() {
		if !k.secret {
			fs.Func(optionDe(k), "", func(v string) error { r[k.nom] = v; return nil })
		}
	}
}
