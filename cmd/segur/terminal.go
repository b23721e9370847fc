package main

import (
	"os"
	"strconv"
)

// estTerminal tells whether f is a character device, such as a terminal.
func estTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && f.Name() != os.DevNull && info.Mode()&os.ModeDevice != 0
}

// largeurTerminal is the width to write for: COLUMNS, or 100.
func largeurTerminal(variable func(string) string) int {
	if n, err := strconv.Atoi(variable("COLUMNS")); err == nil && n >= 60 && n <= 300 {
		return n
	}
	return 100
}
