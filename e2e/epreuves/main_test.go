package main

import (
	"io"
	"strings"
	"testing"
)

func TestEpreuveInconnue(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"autre"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is played", strings.Join(args, " "))
		}
	}
}
