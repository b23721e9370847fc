//go:build !leger

package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"guichet.example/internal/api/client"
	"guichet.example/segur"
)

// Where the portal and the token come from when no flag says it.
const (
	variablePortail = "SEGUR_PORTAIL"
	variableJeton   = "SEGUR_JETON"
)

// jetonMax bounds the file of a token.
const jetonMax = 4 << 10

// portail makes the caller of the portal that the line or the environment
// names. The token never comes from the line: others would see it there.
func (c *contexte) portail() (*client.Client, error) {
	adresse := c.valeur("portail")
	if adresse == "" {
		adresse = c.variable(variablePortail)
	}
	if adresse == "" {
		return nil, usage("il manque l’adresse du portail : --portail https://… ou la variable %s", variablePortail)
	}
	jeton, err := c.jeton()
	if err != nil {
		return nil, err
	}
	p, err := client.Nouveau(adresse, jeton, client.Options{Attendre: c.attendre, Agent: "segur/" + version})
	if err != nil {
		return nil, usage("%v", err)
	}
	return p, nil
}

// durcisDuPortail asks the portal named by --portail which warnings it refuses
// on a day. A portal of other rules than ours is told of, not an error: its
// deposits still say the truth.
func durcisDuPortail(c *contexte, j *segur.Jeu, jour segur.Jour) (codes []segur.Code, err error) {
	p, err := client.Nouveau(c.valeur("portail"), "", client.Options{Attendre: c.attendre, Agent: "segur/" + version, SansJeton: true})
	if err != nil {
		return nil, usage("%v", err)
	}
	ctx, arreter := interruptible()
	defer arreter()
	r, err := p.Regles(ctx)
	if err != nil {
		return nil, err
	}
	if e := r.Empreintes[j.Type]; e != j.Empreinte() {
		c.prevenir("le portail ne contrôle pas avec les mêmes règles que cette version de segur : mettez segur à jour, un refus pourrait manquer ici")
	}
	for _, d := range r.Durcis {
		if d.Type == j.Type && !d.Depuis.Apres(jour) {
			codes = append(codes, d.Code)
		}
	}
	return codes, nil
}

func (c *contexte) jeton() (string, error) {
	chemin := c.valeur("jeton-fichier")
	if chemin == "" {
		if v := strings.TrimSpace(c.variable(variableJeton)); v != "" {
			return v, nil
		}
		return "", usage("il manque le jeton : mettez-le dans la variable %s, ou dans un fichier donné par --jeton-fichier", variableJeton)
	}
	f, err := os.Open(chemin)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, jetonMax))
	if err != nil {
		return "", err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		c.prevenir("%s peut être lu par d’autres utilisateurs de cette machine : chmod 600 %s", chemin, chemin)
	}
	return strings.TrimSpace(string(b)), nil
}

// interruptible is a context that ends when the person interrupts the command.
func interruptible() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}
