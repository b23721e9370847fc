package virement

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// delaiXmllint bounds one validation: 20,000 transfers take under a second.
const delaiXmllint = 30 * time.Second

// ErrXmllint says that the tool which holds a file against a schema is not
// there, or could not be used: nothing is concluded.
var ErrXmllint = errors.New("xmllint n’a pas pu contrôler le fichier")

// Valider holds a payment order against a schema (XSD), with xmllint and
// without network. An error that wraps [ErrXmllint] concludes nothing; any
// other is what the schema has against the file, in xmllint's words.
func Valider(ctx context.Context, ordre []byte, xsd string) error {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		return fmt.Errorf("%w : il n’est pas installé (Debian : apt install libxml2-utils)", ErrXmllint)
	}
	if _, err := os.Stat(xsd); err != nil {
		return fmt.Errorf("%w : le schéma %s ne s’ouvre pas", ErrXmllint, xsd)
	}
	ctx, fin := context.WithTimeout(ctx, delaiXmllint)
	defer fin()
	var dit bytes.Buffer
	c := exec.CommandContext(ctx, xmllint, "--noout", "--nonet", "--schema", xsd, "-")
	c.Stdin, c.Stderr, c.Stdout = bytes.NewReader(ordre), &dit, &dit
	err = c.Run()
	var sortie *exec.ExitError
	const malForme, nonConforme = 1, 3
	switch {
	case err == nil:
		return nil
	case errors.As(err, &sortie) && (sortie.ExitCode() == malForme || sortie.ExitCode() == nonConforme):
		return errors.New(premieresLignes(dit.String()))
	case errors.As(err, &sortie):
		return fmt.Errorf("%w : le schéma %s n’est pas lisible (%s)", ErrXmllint, xsd, premieresLignes(dit.String()))
	}
	return fmt.Errorf("%w : %w", ErrXmllint, err)
}

// premieresLignes keeps what a person reads of a tool that repeats itself.
func premieresLignes(s string) string {
	const assez = 5
	ls := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(ls[:min(len(ls), assez)], " ; ")
}
