package virement

import (
	"errors"
	"fmt"
	"strings"
)

// LireIBAN reads an IBAN as people write it, with spaces or in lower case, and
// gives its electronic form. The error is a French sentence that says what is
// wrong, and never repeats the whole number: it may reach a log.
func LireIBAN(s string) (string, error) {
	if len(s) > 64 {
		return "", errors.New("l’IBAN est trop long : au plus 34 caractères")
	}
	iban := strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '\u202f' {
			return -1
		}
		return r
	}, s))
	for _, r := range iban {
		if r > 'Z' || !lettreOuChiffre(r) {
			return "", fmt.Errorf("l’IBAN contient le caractère %q : attendu des lettres et des chiffres", r)
		}
	}
	if len(iban) < 15 || len(iban) > 34 {
		return "", fmt.Errorf("l’IBAN a %d caractères : attendu de 15 à 34, 27 pour la France", len(iban))
	}
	if !lettre(iban[0]) || !lettre(iban[1]) || lettre(iban[2]) || lettre(iban[3]) {
		return "", errors.New("l’IBAN doit commencer par deux lettres de pays et deux chiffres de clé")
	}
	if n := longueurs[iban[:2]]; n != 0 && n != len(iban) {
		return "", fmt.Errorf("l’IBAN a %d caractères : attendu %d pour le pays %s", len(iban), n, iban[:2])
	}
	// Keys 00, 01 and 99 leave the same remainder as 97, 98 and 02 and are never given.
	if k := iban[2:4]; mod97(iban) != 1 || k == "00" || k == "01" || k == "99" {
		return "", errors.New("la clé de l’IBAN est fausse : vérifiez qu’aucun caractère n’est oublié, changé ou inversé")
	}
	return iban, nil
}

// IBANValide tells whether [LireIBAN] takes s.
func IBANValide(s string) bool {
	_, err := LireIBAN(s)
	return err == nil
}

// BICValide tells whether s has the form of a BIC: four letters or digits of
// the institution, two letters of the country, two of the place, and three of
// the branch or none; upper case.
func BICValide(s string) bool {
	if len(s) != 8 && len(s) != 11 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !lettre(c) && (c < '0' || c > '9' || i == 4 || i == 5) {
			return false
		}
	}
	return true
}

// mod97 is the remainder of ISO 7064: the first four characters moved to the
// end, letters as 10 to 35.
func mod97(iban string) int {
	n := 0
	for _, c := range []byte(iban[4:] + iban[:4]) {
		if lettre(c) {
			n = (n*100 + int(c-'A') + 10) % 97
		} else {
			n = (n*10 + int(c-'0')) % 97
		}
	}
	return n
}

func lettre(c byte) bool { return c >= 'A' && c <= 'Z' }

func lettreOuChiffre(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

func sepa(iban string) bool { return longueurs[iban[:2]] != 0 }

// longueurs holds the IBAN lengths of the countries and territories of the
// SEPA schemes, by the country code of the IBAN (EPC409).
var longueurs = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
	"ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27,
	"LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15,
	"PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}
