package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"guichet.example/internal/virement"
)

// virementMax bounds a payment file that is read whole: 100,000 transfers fit.
const virementMax = 128 << 20

// verifierVirement is "guichet virement verifier --xsd SCHEMA FICHIER": 0 the
// file holds against the schema, 1 it does not, 3 when nothing can be concluded.
func verifierVirement(ctx context.Context, env environnement, args []string) error {
	const forme = "usage : guichet virement verifier --xsd SCHEMA FICHIER (le schéma est celui de votre banque ; défaut : GUICHET_VIREMENT_XSD)"
	if len(args) == 0 || args[0] != "verifier" && args[0] != "verify" {
		return usage(forme)
	}
	r, err := lireReglages(env.variable)
	if err != nil {
		return err
	}
	xsd := r["GUICHET_VIREMENT_XSD"]
	fs := flag.NewFlagSet("virement", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&xsd, "xsd", xsd, "")
	if err := fs.Parse(args[1:]); err != nil || fs.NArg() != 1 || xsd == "" {
		return usage(forme)
	}
	f, err := os.Open(fs.Arg(0))
	if err != nil {
		return err
	}
	b, err := io.ReadAll(io.LimitReader(f, virementMax+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if len(b) > virementMax {
		return fmt.Errorf("%s dépasse 128 Mio", fs.Arg(0))
	}
	if err := virement.Valider(ctx, b, xsd); errors.Is(err, virement.ErrXmllint) {
		return err
	} else if err != nil {
		fmt.Fprintln(env.sortie, "✗ Le fichier n’est pas conforme au schéma :", err)
		return statut(statutRefus)
	}
	fmt.Fprintf(env.sortie, "✓ %s est conforme au schéma %s.\n", fs.Arg(0), xsd)
	return nil
}
