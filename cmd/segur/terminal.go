package main

import (
	"os"
	"strconv"

	"golang.org/x/term"
)

// estTerminal tells whether f is a terminal.
func estTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// largeurTerminal is the width to write for: COLUMNS, that of the terminal, or
// 100; reports are not made for less than 60.
func largeurTerminal(f *os.File, terminal bool, variable func(string) string) int {
	n, err := strconv.Atoi(variable("COLUMNS"))
	if err != nil && terminal {
		n, _, err = term.GetSize(int(f.Fd()))
	}
	if err != nil || n <= 0 {
		return 100
	}
	return min(max(n, 60), 160)
}
