package virement

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestIBANs(t *testing.T) {
	for _, s := range []string{ibanFR, ibanDE, ibanBE, "FR76 3000 6000 0112 3456 7890 189", "fr7630006000011234567890189",
		"GB82WEST12345698765432", "NO9386011117947", "MT84MALT011000012345MTLCAST001S", "MC5811222000010123456789030"} {
		if _, err := LireIBAN(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	for s, attendu := range map[string]string{
		"":                              "de 15 à 34",
		"FR76":                          "de 15 à 34",
		"FR763000600001123456789018":    "attendu 27 pour le pays FR",
		"FR7630006000011234567890198":   "clé",
		"7630FR006000011234567890189":   "deux lettres de pays",
		"FR76-3000-6000-0112":           "'-'",
		"FR76300060000112345678901é":    "'É'",
		strings.Repeat("FR76", 20):      "trop long",
		"FR76\t30006000011234567890189": `'\t'`,
	} {
		_, err := LireIBAN(s)
		if err == nil || !strings.Contains(err.Error(), attendu) {
			t.Errorf("%q: got %v, expected %q", s, err, attendu)
		}
	}
}

// The key finds every single wrong character and every exchange of two
// neighbours that differ.
func TestIBANKeyFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(ibanFR)
		i := rapid.IntRange(4, len(b)-2).Draw(t, "i")
		if rapid.Bool().Draw(t, "exchange") {
			b[i], b[i+1] = b[i+1], b[i]
		} else {
			b[i] = "0123456789"[rapid.IntRange(0, 9).Draw(t, "digit")]
		}
		if string(b) != ibanFR && IBANValide(string(b)) {
			t.Fatalf("%s passes", b)
		}
	})
}

func TestBICs(t *testing.T) {
	for s, attendu := range map[string]bool{
		"AGRIFRPP": true, "AGRIFRPPXXX": true, "AGRIFRPP882": true, "1234FRPP": true,
		"": false, "AGRIFRP": false, "AGRIFRPPX": false, "agrifrpp": false, "AGRI1RPP": false, "AGRIFRPP-XX": false,
	} {
		if BICValide(s) != attendu {
			t.Errorf("%q: %v expected", s, attendu)
		}
	}
}

func TestTransliteration(t *testing.T) {
	for s, attendu := range map[string]string{
		"Pharmacie de l’Étoile":        "Pharmacie de l'Etoile",
		"Œuvre & Cœur":                 "OEuvre + Coeur",
		"  a\t\nb \u00a0 c\u202f ":     "a b c",
		"ÀÉÎÖÙÇñ ß Ø ł":                "AEIOUCn ss O l",
		"<b>@#%":                       ".b....",
		"a/b-c?d:e(f)g.h,i'j+k":        "a/b-c?d:e(f)g.h,i'j+k",
		"« Santé » – 50 €":             "' Sante ' - 50 E",
		"\u202eabc\u200b\x00":          "abc",
		"ﬁn ½":                         "fin 1/2",
		strings.Repeat("é", 69) + " x": strings.Repeat("e", 69),
		"\xff":                         ".",
	} {
		if obtenu := Translitterer(s, 70); obtenu != attendu {
			t.Errorf("%q: got %q, expected %q", s, obtenu, attendu)
		}
	}
}

func TestTransliterationIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		une := Translitterer(rapid.String().Draw(t, "s"), 70)
		if deux := Translitterer(une, 70); une != deux {
			t.Fatalf("%q becomes %q", une, deux)
		}
	})
}
