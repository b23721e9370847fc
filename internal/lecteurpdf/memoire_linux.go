package lecteurpdf

import (
	"fmt"
	"os"
	"syscall"
)

// limiterMemoire bounds the address space to what the program already has, much
// of it only reserved, and plus bytes. Beyond, the runtime ends the program.
func limiterMemoire(plus uint64) error {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	var pages uint64
	if _, err := fmt.Sscan(string(b), &pages); err != nil {
		return err
	}
	limite := pages*uint64(os.Getpagesize()) + plus
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &l); err != nil {
		return err
	}
	l.Cur = min(limite, l.Max)
	return syscall.Setrlimit(syscall.RLIMIT_AS, &l)
}
