//go:build leger && unix

package main

import (
	"fmt"
	"syscall"
)

// remplacer puts another program in the place of this one; it returns only when
// that fails.
func remplacer(chemin string, args, env []string) error {
	err := syscall.Exec(chemin, args, env)
	return fmt.Errorf("%s ne démarre pas : %w", chemin, err)
}
