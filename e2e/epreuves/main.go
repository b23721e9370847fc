// Command epreuves plays the long trials of the portal and prints one table
// each: "fautes" (make faults), "endurance" (make soak), "charge" (make load).
// It ends with 1 when something was lost, doubled or does not agree.
//
// Start at main; package banc is the bench that all three use. Never linked
// into the product.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"guichet.example/e2e/fautes"
)

// errMauvais says that the table tells of something lost.
var errMauvais = errors.New("tout n’est pas comme il faut : voyez la table")

func main() {
	ctx, arreter := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer arreter()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "epreuves:", err)
		os.Exit(1)
	}
}

// run plays one trial; the table goes to w, what goes on to journal.
func run(ctx context.Context, args []string, w, journal io.Writer) error {
	if len(args) == 0 {
		return errors.New("usage: epreuves fautes|endurance|charge")
	}
	fs := flag.NewFlagSet(args[0], flag.ContinueOnError)
	guichet := fs.String("guichet", "bin/guichet", "the portal's program")
	s3 := fs.String("s3", "bin/versitygw", "the S3 server's program")
	switch args[0] {
	case "fautes":
		horloge := fs.String("horloge", "bin/guichet.test", "the test program of cmd/guichet")
		morts := fs.Int("morts", 35, "kills of each of five kinds of act, on each database")
		fois := fs.Int("fois", 5, "how often each other fault comes")
		duree := fs.Duration("duree", 3*time.Second, "how long each other fault lasts")
		if err := fs.Parse(args[1:]); err != nil {
			return err
		}
		ls, err := fautes.Courir(ctx, fautes.Plan{Programme: *horloge, Versitygw: *s3, Morts: *morts, Fois: *fois, Duree: *duree, Bases: []string{"sqlite", "postgres"}, Accessoire: true, Journal: journal})
		if !fautes.Table(w, ls) && err == nil {
			err = errMauvais
		}
		return err
	case "endurance":
		duree := fs.Duration("duree", 5*time.Minute, "how long people work")
		conf := fs.String("nginx", "docs/exploitation/nginx.conf", "nginx's configuration")
		if err := fs.Parse(args[1:]); err != nil {
			return err
		}
		return jouerEndurance(ctx, *guichet, *s3, *conf, *duree, w, journal)
	case "charge":
		duree := fs.Duration("duree", 10*time.Second, "how long each rate is kept")
		if err := fs.Parse(args[1:]); err != nil {
			return err
		}
		return jouerCharge(ctx, *guichet, *duree, w, journal)
	}
	return fmt.Errorf("no trial %q", args[0])
}
