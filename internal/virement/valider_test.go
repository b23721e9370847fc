package virement

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func exigerXmllint(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
}

// Our own schema of what we write takes the message, and every way to spoil it
// shows: the schema is not one that takes anything.
func TestMessageHoldsAgainstTheSubset(t *testing.T) {
	exigerXmllint(t)
	const xsd = "testdata/sous-ensemble.xsd"
	bon := ecrit(t, exemple())
	if err := Valider(t.Context(), bon, xsd); err != nil {
		t.Fatal(err)
	}
	sans := exemple()
	sans.Donneur.BIC = ""
	if err := Valider(t.Context(), ecrit(t, sans), xsd); err != nil {
		t.Errorf("payer without BIC: %v", err)
	}
	for _, x := range [][2]string{
		{"<PmtMtd>TRF</PmtMtd>", ""}, {"<PmtMtd>TRF", "<PmtMtd>CHK"}, {"LOT-000042</MsgId>", "LOT-000042-012345678901234567890123456</MsgId>"}, {`Ccy="EUR"`, ""},
		{"255.00</InstdAmt>", "255.001</InstdAmt>"}, {"255.00</InstdAmt>", "0.00</InstdAmt>"}, {"Editions", "Éditions"}, {"AGRIFRPPXXX", "AGRI"}, {"2023-07-05", "05/07/2023"}, {"<ChrgBr>", "<Autre/><ChrgBr>"},
	} {
		if !bytes.Contains(bon, []byte(x[0])) {
			t.Fatalf("%s is not in the message", x[0])
		}
		err := Valider(t.Context(), bytes.Replace(bon, []byte(x[0]), []byte(x[1]), 1), xsd)
		if err == nil || errors.Is(err, ErrXmllint) {
			t.Errorf("%s → %s: %v", x[0], x[1], err)
		}
	}
}

func TestSchemaThatCannotBeUsedConcludesNothing(t *testing.T) {
	exigerXmllint(t)
	faux := filepath.Join(t.TempDir(), "faux.xsd")
	if err := os.WriteFile(faux, []byte("<xs:schema"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, xsd := range []string{faux, filepath.Join(t.TempDir(), "absent.xsd")} {
		if err := Valider(t.Context(), ecrit(t, exemple()), xsd); !errors.Is(err, ErrXmllint) {
			t.Errorf("%s: %v", xsd, err)
		}
	}
	t.Setenv("PATH", "")
	if err := Valider(t.Context(), ecrit(t, exemple()), "testdata/sous-ensemble.xsd"); !errors.Is(err, ErrXmllint) {
		t.Errorf("without xmllint: %v", err)
	}
}
