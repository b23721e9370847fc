package main

import (
	"fmt"
	"io"
	"strings"
)

func aideGenerale(w io.Writer, table []commande) {
	fmt.Fprint(w, "segur — prépare et contrôle les demandes de financement du Ségur numérique (officine)\n\nUsage : segur COMMANDE [OPTIONS] [ARGUMENTS]\n\nCommandes :\n")
	for i := range table {
		fmt.Fprintf(w, "  %-12s %s\n", table[i].nom, table[i].resume)
	}
	fmt.Fprint(w, "\n« segur aide COMMANDE » dit tout d’une commande.\n\nStatut de sortie :\n  0  rien n’est refusé\n  1  quelque chose est refusé\n  2  la commande est mal écrite\n  3  l’outil a échoué : rien ne peut être conclu\n")
}

func aideCommande(w io.Writer, c *commande) {
	fmt.Fprintf(w, "segur %s — %s\n\nUsage : segur %s [OPTIONS] %s\n", c.nom, c.resume, c.nom, c.usage)
	if c.alias != "" {
		fmt.Fprintf(w, "Alias : segur %s\n", c.alias)
	}
	if c.detail != "" {
		fmt.Fprintf(w, "\n%s\n", c.detail)
	}
	fmt.Fprint(w, "\nOptions :\n")
	for _, o := range c.toutes() {
		fmt.Fprintf(w, "  %-30s %s\n", o.forme(), o.explication())
	}
	if len(c.exemples) > 0 {
		fmt.Fprint(w, "\nExemples :\n")
		for _, e := range c.exemples {
			fmt.Fprintf(w, "  %s\n", e)
		}
	}
}

// forme is how a flag is written: "-s, --sortie FORME".
func (o *option) forme() string {
	s := "    --" + o.nom
	if o.court != "" {
		s = "-" + o.court + ", --" + o.nom
	}
	switch {
	case o.seule:
		s += "[=" + o.valeur + "]"
	case o.valeur != "":
		s += " " + o.valeur
	}
	return s
}

func (o *option) explication() string {
	s := o.resume
	if len(o.choix) > 1 {
		s += " : " + strings.Join(o.choix, ", ")
	}
	if o.defaut != "" && len(o.choix) != 1 {
		s += " (défaut : " + o.defaut + ")"
	}
	return s
}

func aide(c *contexte) error {
	if len(c.args) == 0 {
		aideGenerale(c.sortie, c.table)
		return nil
	}
	cible := trouverCommande(c.table, c.args[0])
	if cible == nil {
		return usage("la commande « %s » n’existe pas. Voyez « segur aide ».", c.args[0])
	}
	aideCommande(c.sortie, cible)
	return nil
}

// manuel writes the man page, from the same table as the help.
func manuel(c *contexte) error {
	w := c.sortie
	fmt.Fprintf(w, ".TH SEGUR 1 \"\" \"segur %s\" \"Ségur numérique\"\n.SH NOM\nsegur \\- prépare et contrôle les demandes de financement du Ségur numérique\n.SH SYNOPSIS\n.B segur\n.I COMMANDE\n[OPTIONS] [ARGUMENTS]\n.SH COMMANDES\n", version)
	for i := range c.table {
		k := &c.table[i]
		fmt.Fprintf(w, ".SS \"segur %s %s\"\n%s.\n", k.nom, roff(k.usage), roff(k.resume))
		for _, l := range strings.Split(k.detail, "\n") {
			if l != "" {
				fmt.Fprintf(w, ".PP\n%s\n", roff(l))
			}
		}
		for _, o := range k.toutes() {
			fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(o.forme())), roff(o.explication()))
		}
		for _, e := range k.exemples {
			fmt.Fprintf(w, ".PP\n.EX\n%s\n.EE\n", roff(e))
		}
	}
	_, err := fmt.Fprint(w, ".SH \"STATUT DE SORTIE\"\n0 rien n'est refusé ; 1 quelque chose est refusé ; 2 mauvais usage ; 3 l'outil a échoué, rien ne peut être conclu.\n")
	return err
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

// completion writes a shell's completion script, from the same table.
func completion(c *contexte) error {
	switch c.args[0] {
	case "bash":
		c.completionBash()
	case "zsh":
		// zsh runs bash's script through its own compatibility layer.
		fmt.Fprint(c.sortie, "#compdef segur\nautoload -U +X bashcompinit && bashcompinit\n")
		c.completionBash()
	case "fish":
		c.completionFish()
	default:
		return usage("pas de complétion pour « %s » ; shells connus : bash, zsh, fish", c.args[0])
	}
	return nil
}

func (c *contexte) completionBash() {
	fmt.Fprintf(c.sortie, "_segur() {\n  local mot=\"${COMP_WORDS[COMP_CWORD]}\" avant=\"${COMP_WORDS[COMP_CWORD-1]}\"\n  if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W \"%s\" -- \"$mot\")); return; fi\n  case \"${COMP_WORDS[1]}\" in\n", strings.Join(nomsDe(c.table), " "))
	for i := range c.table {
		k := &c.table[i]
		var options []string
		fmt.Fprintf(c.sortie, "  %s)\n    case \"$avant\" in\n", strings.Trim(k.nom+"|"+k.alias, "|"))
		for _, o := range k.toutes() {
			options = append(options, "--"+o.nom)
			if len(o.choix) > 0 {
				fmt.Fprintf(c.sortie, "    --%s) COMPREPLY=($(compgen -W \"%s\" -- \"$mot\")); return;;\n", o.nom, strings.Join(o.choix, " "))
			}
		}
		fmt.Fprintf(c.sortie, "    esac\n    case \"$mot\" in -*) COMPREPLY=($(compgen -W \"%s\" -- \"$mot\")); return;; esac\n", strings.Join(options, " "))
		if k.mots != nil {
			fmt.Fprintf(c.sortie, "    COMPREPLY=($(compgen -W \"%s\" -- \"$mot\")); return\n", strings.Join(k.mots(c.table), " "))
		}
		fmt.Fprint(c.sortie, "    ;;\n")
	}
	fmt.Fprint(c.sortie, "  esac\n  COMPREPLY=($(compgen -f -- \"$mot\"))\n}\ncomplete -o filenames -F _segur segur\n")
}

func (c *contexte) completionFish() {
	for i := range c.table {
		k := &c.table[i]
		fmt.Fprintf(c.sortie, "complete -c segur -n __fish_use_subcommand -a %s -d %q\n", k.nom, k.resume)
		for _, o := range k.toutes() {
			fmt.Fprintf(c.sortie, "complete -c segur -n '__fish_seen_subcommand_from %s' -l %s -d %q", strings.TrimSpace(k.nom+" "+k.alias), o.nom, o.resume)
			if len(o.choix) > 0 {
				fmt.Fprintf(c.sortie, " -x -a %q", strings.Join(o.choix, " "))
			}
			fmt.Fprintln(c.sortie)
		}
		if k.mots != nil {
			fmt.Fprintf(c.sortie, "complete -c segur -n '__fish_seen_subcommand_from %s' -x -a %q\n", strings.TrimSpace(k.nom+" "+k.alias), strings.Join(k.mots(c.table), " "))
		}
	}
}
