package main

import (
	"net"
	"syscall"
)

// tarir lets no connection begin at a listener any more, while those that have
// begun are still accepted: closing it at once would reset the ones that wait
// to be accepted, whose caller has sent already and cannot know what became of
// it. The kernel drops what asks for a connection; by the time that it is asked
// again, a second later, the listener is closed, and the caller is refused and
// goes elsewhere. ok tells whether that could be done.
func tarir(l net.Listener) (ok bool) {
	c, estPrise := l.(syscall.Conn)
	if !estPrise {
		return false
	}
	brut, err := c.SyscallConn()
	if err != nil {
		return false
	}
	// Of a segment's header, byte 13 has the flags, of which 2 is SYN.
	//nolint:staticcheck // what replaces these four lines is a module more
	filtre := []syscall.SockFilter{
		*syscall.LsfStmt(syscall.BPF_LD|syscall.BPF_B|syscall.BPF_ABS, 13),
		*syscall.LsfJump(syscall.BPF_JMP|syscall.BPF_JSET|syscall.BPF_K, 2, 0, 1),
		*syscall.LsfStmt(syscall.BPF_RET|syscall.BPF_K, 0),
		*syscall.LsfStmt(syscall.BPF_RET|syscall.BPF_K, 1<<18),
	}
	err = brut.Control(func(fd uintptr) {
		ok = syscall.AttachLsf(int(fd), filtre) == nil //nolint:staticcheck // as above
	})
	return ok && err == nil
}
