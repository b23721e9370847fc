//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package registre

import (
	"errors"
	"os"
	"syscall"
)

// ouvrirVerrou takes the lock by flock: the system gives it back when the
// process ends, however it ends, so a dead holder blocks nobody. The file
// stays: to remove it would let two programs lock two different files.
func ouvrirVerrou(chemin string) (*os.File, error) {
	f, err := os.OpenFile(chemin, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errPris
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// liberer empties the file, then closes it, which gives the lock back.
func (v *verrou) liberer() error {
	return errors.Join(v.f.Truncate(0), v.f.Close())
}
