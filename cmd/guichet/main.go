// Command guichet is the agency's portal. It wires the parts together and
// decides nothing; start reading at commandes.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // machines without a zone database still know Europe/Paris
)

// version is set by the linker.
var version = "dev"

// Exit statuses, those of segur.
const (
	statutBon   = 0
	statutRefus = 1
	statutUsage = 2
	statutOutil = 3
)

// environnement is the world as a command sees it.
type environnement struct {
	entree         io.Reader
	sortie, erreur io.Writer
	variable       func(string) string
	maintenant     func() time.Time
}

// erreurUsage is a mistake of the person who called; status 2.
type erreurUsage struct{ message string }

func (e erreurUsage) Error() string { return e.message }

func usage(format string, args ...any) error { return erreurUsage{fmt.Sprintf(format, args...)} }

// statut is an exit status without a message: all is said already.
type statut int

func (s statut) Error() string { return fmt.Sprintf("statut %d", int(s)) }

func main() {
	ctx, arreter := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer arreter()
	env := environnement{entree: os.Stdin, sortie: os.Stdout, erreur: os.Stderr, variable: os.Getenv, maintenant: time.Now}
	os.Exit(run(ctx, env, os.Args[1:]))
}

// run executes a command line and returns its exit status.
func run(ctx context.Context, env environnement, args []string) int {
	err := executer(ctx, env, args)
	var s statut
	var u erreurUsage
	switch {
	case err == nil:
		return statutBon
	case errors.As(err, &s):
		return int(s)
	case errors.As(err, &u):
		fmt.Fprintln(env.erreur, "guichet :", u.message)
		return statutUsage
	}
	fmt.Fprintln(env.erreur, "guichet :", err)
	return statutOutil
}
