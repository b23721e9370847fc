package virement

import (
	"strings"
	"testing"
)

// What is taken for an IBAN is one in its one spelling, whatever was typed.
func FuzzIBAN(f *testing.F) {
	for _, s := range []string{"FR76 3000 6000 0112 3456 7890 189", "fr7630006000011234567890189", "DE89370400440532013000", "", "FR", "FR00", "ＦＲ76", "FR76\x00", strings.Repeat("9", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		net, err := LireIBAN(s)
		if IBANValide(s) && err != nil {
			t.Fatalf("%q is valid and not read: %v", s, err)
		}
		if BICValide(s) && len(s) != 8 && len(s) != 11 {
			t.Errorf("%q is no BIC", s)
		}
		if err != nil {
			return
		}
		encore, err := LireIBAN(net)
		if err != nil || encore != net || !IBANValide(net) || mod97(net) != 1 || len(net) < 15 || len(net) > 34 {
			t.Errorf("%q gives %q, then %q, %v", s, net, encore, err)
		}
	})
}
