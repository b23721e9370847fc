package main

import (
	"slices"
	"strings"
	"time"

	"guichet.example/segur"
)

// option is one flag of a command, as data: help, completion and the man page
// read the same table.
type option struct {
	nom     string
	alias   string   // English alias
	court   string   // one letter, without its dash
	valeur  string   // name of its value in the help; "" = a switch
	seule   bool     // may stand alone as well as with =valeur
	choix   []string // allowed values, when they are few
	defaut  string
	resume  string // French
	plusque bool   // may be repeated
}

// contexte is a command line that has been read.
type contexte struct {
	environnement
	commande *commande
	table    []commande
	valeurs  map[string][]string
	args     []string
	ligne    []string // the whole line, the command's name first
}

// lire reads flags and arguments, in any order; what follows "--" is no flag.
func (c *contexte) lire(args []string) error {
	c.valeurs = map[string][]string{}
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			c.args = append(c.args, args[i+1:]...)
			break
		}
		if a == "-" || !strings.HasPrefix(a, "-") {
			c.args = append(c.args, a)
			continue
		}
		nom, valeur, avecValeur := strings.Cut(a, "=")
		o := c.commande.option(nom)
		if o == nil {
			return c.inconnue(nom)
		}
		switch {
		case o.valeur == "" || o.seule && !avecValeur:
			if avecValeur && o.valeur == "" {
				return usage("l’option --%s ne prend pas de valeur", o.nom)
			}
			valeur = "oui"
		case !avecValeur:
			if i++; i >= len(args) {
				return usage("l’option --%s attend une valeur : --%s %s", o.nom, o.nom, o.valeur)
			}
			valeur = args[i]
		}
		if err := c.poser(o, valeur); err != nil {
			return err
		}
	}
	if c.oui("date") {
		if _, err := c.jour(); err != nil {
			return err
		}
	}
	if n := c.commande.argsMin; len(c.args) < n && !c.oui("aide") {
		return usage("il manque %s. Usage : segur %s %s", c.commande.argument, c.commande.nom, c.commande.usage)
	}
	if n := c.commande.argsMax; n >= 0 && len(c.args) > n {
		return usage("« %s » est de trop. Usage : segur %s %s", c.args[n], c.commande.nom, c.commande.usage)
	}
	return nil
}

func (c *contexte) poser(o *option, valeur string) error {
	if len(o.choix) > 0 && !slices.Contains(o.choix, valeur) {
		return usage("--%s vaut « %s » ; valeurs admises : %s.%s", o.nom, valeur, strings.Join(o.choix, ", "), suggestion(valeur, o.choix))
	}
	if len(c.valeurs[o.nom]) > 0 && !o.plusque {
		return usage("l’option --%s est donnée deux fois", o.nom)
	}
	c.valeurs[o.nom] = append(c.valeurs[o.nom], valeur)
	return nil
}

func (c *contexte) inconnue(nom string) error {
	var noms []string
	for _, o := range c.commande.toutes() {
		noms = append(noms, "--"+o.nom)
	}
	return usage("l’option « %s » n’existe pas pour « segur %s ».%s Voyez « segur %s --aide ».", nom, c.commande.nom, suggestion(nom, noms), c.commande.nom)
}

// valeur is what was given to a flag, or its default.
func (c *contexte) valeur(nom string) string {
	if v := c.valeurs[nom]; len(v) > 0 {
		return v[0]
	}
	if o := c.commande.option("--" + nom); o != nil {
		return o.defaut
	}
	return ""
}

func (c *contexte) oui(nom string) bool { return len(c.valeurs[nom]) > 0 }

// paris is the zone of the portal.
func paris() (*time.Location, error) { return time.LoadLocation("Europe/Paris") }

// jour is the day of control in Europe/Paris: that of --date, or today (D25).
func (c *contexte) jour() (segur.Jour, error) {
	texte := c.valeur("date")
	if j, err := segur.LireJour(texte); err == nil && texte[4] == '-' {
		return j, nil // a plain day needs no zone
	}
	zone, err := paris()
	if err != nil {
		return segur.Jour{}, err
	}
	if texte == "" {
		return segur.JourDe(c.maintenant.In(zone)), nil
	}
	for _, forme := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(forme, texte); err == nil {
			return segur.JourDe(t.In(zone)), nil
		}
	}
	for _, forme := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(forme, texte, zone); err == nil {
			return segur.JourDe(t), nil
		}
	}
	return segur.Jour{}, usage("--date vaut « %s » ; attendu : AAAA-MM-JJThh:mm, heure de Paris, par exemple 2023-02-03T09:00", texte)
}

// durcis are the warnings that the portal refuses on a day: those of --durcis,
// and those that the portal named by --portail tells of.
func (c *contexte) durcis(j *segur.Jeu, jour segur.Jour) ([]segur.Code, error) {
	var codes []segur.Code
	connus := j.Durcissables()
	for _, v := range c.valeurs["durcis"] {
		code, ok := segur.LireCode(v)
		if !ok || !slices.ContainsFunc(connus, func(e segur.Entree) bool { return e.Code == code }) {
			return nil, usage("--durcis vaut « %s » ; attendu : le code d’un avertissement d’une demande, par exemple %s. « segur codes » les donne tous.", v, connus[0].Code)
		}
		codes = append(codes, code)
	}
	if !c.oui("portail") {
		return codes, nil
	}
	duPortail, err := durcisDuPortail(c, j, jour)
	return append(codes, duPortail...), err
}

// couleur tells whether to colour what goes to standard output.
func (c *contexte) couleur() bool {
	switch c.valeur("couleur") {
	case "oui":
		return true
	case "non":
		return false
	}
	return c.terminal && c.variable("NO_COLOR") == "" && c.variable("TERM") != "dumb"
}

// suggestion proposes the name nearest to a mistyped one.
func suggestion(s string, noms []string) string {
	if v := segur.PlusProche(s, noms); v != "" {
		return " Vouliez-vous dire « " + v + " » ?"
	}
	return ""
}
