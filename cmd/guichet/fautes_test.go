package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"guichet.example/e2e/fautes"
)

// A few faults of each kind under people at work: nothing acknowledged is lost
// or done twice. `make faults` plays hundreds.
func TestFautes(t *testing.T) {
	t.Parallel()
	moi, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"sqlite", "postgres"} {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			var journal, table strings.Builder
			ls, err := fautes.Courir(t.Context(), fautes.Plan{Programme: moi, Morts: 1, Fois: 1, Duree: 200 * time.Millisecond, Bases: []string{base}, UneFois: true, Journal: &journal})
			if err != nil {
				t.Fatalf("%v\n%s", err, journal.String())
			}
			if !fautes.Table(&table, ls) || len(ls) == 0 {
				t.Errorf("%s\n%s", table.String(), journal.String())
			}
			t.Log(table.String())
		})
	}
}
