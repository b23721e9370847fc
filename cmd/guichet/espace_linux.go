package main

import (
	"fmt"
	"syscall"
)

// espace tells the bytes that are free and all those of the disk of a folder,
// with a key that is the disk's own.
func espace(dossier string) (libre, total uint64, cle string, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dossier, &s); err != nil || s.Bsize <= 0 {
		return 0, 0, "", false
	}
	return s.Bavail * uint64(s.Bsize), s.Blocks * uint64(s.Bsize), fmt.Sprint(s.Fsid), true
}
