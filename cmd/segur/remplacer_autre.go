//go:build leger && !unix && !js

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// remplacer runs another program in the place of this one, and ends as it does.
func remplacer(chemin string, args, env []string) error {
	cmd := exec.Command(chemin, args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var fin *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &fin) && fin.ExitCode() >= 0:
		return statut(fin.ExitCode())
	}
	return fmt.Errorf("%s ne démarre pas : %w", chemin, err)
}
