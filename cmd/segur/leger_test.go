//go:build !leger

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// leger builds the light program into a folder of its own.
func leger(t *testing.T) string {
	t.Helper()
	chemin := filepath.Join(t.TempDir(), "segur")
	if out, err := exec.Command("go", "build", "-tags", "leger", "-pgo=off", "-o", chemin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build with the tag leger: %v\n%s", err, out)
	}
	return chemin
}

// parler runs a program in an environment where nothing is to be found.
func parler(t *testing.T, env []string, programme string, args ...string) (sortie []byte, erreur string, statut int) {
	t.Helper()
	var out, err bytes.Buffer
	cmd := exec.Command(programme, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(env, "PATH="+t.TempDir()), &out, &err
	var fin *exec.ExitError
	if e := cmd.Run(); e != nil && !errors.As(e, &fin) {
		t.Fatal(e)
	}
	return out.Bytes(), err.String(), cmd.ProcessState.ExitCode()
}

// The light program does the same as the complete one, and says what it lacks
// when it stands alone.
func TestLegerPasseLaMainAuComplet(t *testing.T) {
	t.Parallel()
	chemin := leger(t)
	lourde := []string{"template", "--sortie", "xlsx"}
	pdf := []string{"controler", "--date", "2023-07-01", "../../examples/complet"}

	for _, args := range [][]string{lourde, pdf} {
		out, err, s := parler(t, nil, chemin, args...)
		if dit := string(out) + err; s != statutOutil || !strings.Contains(dit, "segur-complet") || !strings.Contains(dit, "SEGUR_COMPLET") {
			t.Errorf("alone, segur %s: status %d, says %s", args, s, dit)
		}
	}
	if _, err, s := parler(t, []string{"SEGUR_COMPLET=" + chemin}, chemin, lourde...); s != statutOutil || !strings.Contains(err, "ne l’est pas") {
		t.Errorf("a light program instead of the complete one: status %d, %s", s, err)
	}
	if _, err, s := parler(t, []string{"SEGUR_COMPLET=/nulle/part"}, chemin, lourde...); s != statutOutil || !strings.Contains(err, "/nulle/part") {
		t.Errorf("a path that leads nowhere: status %d, %s", s, err)
	}

	moi, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	complet := filepath.Join(filepath.Dir(chemin), nomComplet)
	if err := os.Symlink(moi, complet); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{lourde, pdf, {"aide"}, {"aide", "modele"}, {"manuel"}, {"completion", "bash"},
		{"template", "--sortie", "xlsx", "de trop"}, {"controler", "--date", "2023-07-01", "../../examples/fautes"}} {
		a, errA, sA := parler(t, nil, chemin, args...)
		b, errB, sB := parler(t, nil, complet, args...)
		if !bytes.Equal(a, b) || errA != errB || sA != sB {
			t.Errorf("segur %s differs from the complete program: status %d and %d\n%s%s", args, sA, sB, errA, errB)
		}
		if len(a)+len(errA) == 0 || sA == statutOutil {
			t.Errorf("segur %s: status %d, %s", args, sA, errA)
		}
	}
}
