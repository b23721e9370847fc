//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package registre

import (
	"errors"
	"io/fs"
	"os"
)

// ouvrirVerrou takes the lock by making its file, where the system has no
// flock. A process that is killed leaves it behind: the message names the
// file and its holder, and a person removes it.
func ouvrirVerrou(chemin string) (*os.File, error) {
	f, err := os.OpenFile(chemin, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, errPris
	}
	return f, err
}

// liberer removes the file.
func (v *verrou) liberer() error {
	return errors.Join(v.f.Close(), os.Remove(v.chemin))
}
