package atelier

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"guichet.example/segur"
)

// lireMontant reads a French amount and writes it as the format does:
// "1 050,00 €" is 1050.00. No digit is rounded away. detail says, in French,
// why a text is not taken; propose is what it may mean.
func lireMontant(s string) (montant, detail, propose string) {
	if strings.HasSuffix(strings.ToUpper(s), "TTC") {
		return "", "est un montant TTC", ""
	}
	n := sansUnite(s)
	signe := ""
	if r, ok := strings.CutPrefix(n, "-"); ok {
		signe, n = "-", r
	}
	virgule, point := strings.LastIndexByte(n, ','), strings.LastIndexByte(n, '.')
	sep := max(virgule, point)
	entiers, cents := n, ""
	if sep >= 0 {
		entiers, cents = n[:sep], n[sep+1:]
	}
	milliers, ok := "", true
	switch {
	case virgule >= 0 && point >= 0:
		milliers = map[bool]string{true: ".", false: ","}[virgule > point]
	case strings.Count(n, ",") > 1 || strings.Count(n, ".") > 1:
		ok = false
	}
	if entiers, ok = sansMilliers(entiers, milliers, ok); !ok || !chiffres(entiers) || sep >= 0 && !chiffres(cents) {
		return "", "n’est pas un montant", ""
	}
	if entiers = strings.TrimLeft(entiers, "0"); entiers == "" {
		entiers = "0"
	}
	if len(cents) == 3 && milliers == "" && len(entiers) <= 3 && entiers != "0" {
		propose = entiers + cents + ",00"
		if point < 0 {
			propose = arrondi(signe, entiers, cents)
		}
		return "", "peut vouloir dire " + entiers + " " + cents + " euros, ou " + entiers + " euros et des millièmes", propose
	}
	if len(cents) > 2 {
		if cents = strings.TrimRight(cents, "0"); len(cents) > 2 {
			return "", "a plus de deux décimales", arrondi(signe, entiers, cents)
		}
	}
	return signe + entiers + "." + cents + "00"[len(cents):], "", ""
}

// arrondi is the amount rounded half-up to the cent, as a person would write
// it; only a proposal, an amount is never rounded by itself.
func arrondi(signe, entiers, decimales string) string {
	n, err := strconv.ParseInt(entiers+decimales[:2], 10, 64)
	if err != nil || signe != "" {
		return ""
	}
	if decimales[2] >= '5' {
		n++
	}
	return strings.Replace(segur.Montant(n).String(), ".", ",", 1)
}

// sansUnite takes the currency, "HT" behind it and the outer blanks away.
func sansUnite(s string) string {
	for _, u := range []string{"HT", "H.T."} {
		s = strings.TrimSpace(strings.TrimSuffix(s, u))
	}
	s = strings.TrimPrefix(s, "€")
	for _, u := range []string{"€", "euros", "EUROS", "EUR", "eur", "euro"} {
		if r, ok := strings.CutSuffix(s, u); ok {
			s = r
			break
		}
	}
	return strings.TrimSpace(s)
}

// sansMilliers takes the separators of thousands out of the whole part: blanks
// or the sign given, every three digits or not at all.
func sansMilliers(entiers, sep string, ok bool) (string, bool) {
	groupes := strings.FieldsFunc(entiers, func(r rune) bool { return unicode.IsSpace(r) || sep != "" && string(r) == sep })
	for i, g := range groupes {
		if i > 0 && len(g) != 3 || i == 0 && len(groupes) > 1 && len(g) > 3 {
			ok = false
		}
	}
	return strings.Join(groupes, ""), ok
}

func chiffres(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// lireDate reads a date as French people and spreadsheets write it, as
// JJ/MM/AAAA. A day that does not exist is left to the control, which says so.
func lireDate(s string, jours1904 bool) (date, detail, propose string) {
	if len(s) == 10 && s[2] == '/' && s[5] == '/' {
		return s, "", ""
	}
	s = sansHeure(s)
	if j, err := segur.LireJour(s); err == nil {
		return j.String(), "", ""
	}
	if entier, fraction, avec := strings.Cut(s, "."); chiffres(entier) && (!avec || chiffres(fraction)) && len(entier) <= 6 {
		return lireJourTableur(entier, jours1904)
	}
	p := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
	if len(p) != 3 || !chiffres(p[0]) || !chiffres(p[2]) {
		return "", "n’est pas une date", ""
	}
	if m := moisDe(p[1]); m != "" {
		p[1] = m
	}
	switch {
	case !chiffres(p[1]) || len(p[0]) > 2 || len(p[1]) > 2:
		return "", "n’est pas une date", ""
	case len(p[2]) == 2:
		return "", "a une année sur deux chiffres : 19" + p[2] + " ou 20" + p[2], deuxChiffres(p[0]) + "/" + deuxChiffres(p[1]) + "/20" + p[2]
	case len(p[2]) != 4:
		return "", "n’est pas une date", ""
	}
	return deuxChiffres(p[0]) + "/" + deuxChiffres(p[1]) + "/" + p[2], "", ""
}

// sansHeure takes away the hour that exports put behind a day: "03/02/2023
// 14:35:12", "2023-02-03T00:00:00". The day is the same with and without.
func sansHeure(s string) string {
	if len(s) > 10 && s[4] == '-' && s[10] == 'T' {
		return s[:10]
	}
	i := strings.LastIndexByte(s, ' ')
	h, reste, ok := strings.Cut(s[i+1:], ":")
	if i > 0 && ok && len(h) <= 2 && chiffres(h) && chiffres(strings.NewReplacer(":", "", ".", "").Replace(reste)) {
		return strings.TrimSpace(s[:i])
	}
	return s
}

// lireJourTableur turns the number of a day in a spreadsheet into a date: days
// are counted from 30/12/1899, or from 01/01/1904 in old workbooks of Macs.
// Days before this century are none: "2023" is a year, not a day of 1905.
func lireJourTableur(s string, jours1904 bool) (date, detail, propose string) {
	n, err := strconv.Atoi(s)
	t := time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC)
	if jours1904 {
		t = time.Date(1904, 1, 1+n, 0, 0, 0, 0, time.UTC)
	}
	if err != nil || t.Year() < 2000 || t.Year() > 2100 {
		return "", "n’est pas une date", ""
	}
	return segur.JourDe(t).String(), "", ""
}

// moisDe is the number of a month spelt in French; "" when it is none.
func moisDe(s string) string {
	for i, m := range []string{"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"} {
		p := plat(s)
		if p == m || len(p) >= 3 && len(p) <= 4 && strings.HasPrefix(m, p) && p != "jui" {
			return deuxChiffres(strconv.Itoa(i + 1))
		}
	}
	return ""
}

func deuxChiffres(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// lireBooleen reads yes and no.
func lireBooleen(s string) (json string, ok bool) {
	switch plat(s) {
	case "oui", "o", "vrai", "true", "1", "x", "yes", "y":
		return "true", true
	case "non", "n", "faux", "false", "0", "no":
		return "false", true
	}
	return "", false
}

// erreursTableur are what a spreadsheet shows for a formula that failed.
var erreursTableur = map[string]bool{"#N/A": true, "#NOM?": true, "#NAME?": true, "#REF!": true, "#VALEUR!": true, "#VALUE!": true,
	"#DIV/0!": true, "#NUL!": true, "#NULL!": true, "#NOMBRE!": true, "#NUM!": true}

// erreurTableur tells such a value, or the signs that stand for one too wide
// for its column.
func erreurTableur(s string) bool {
	return s[0] == '#' && (erreursTableur[s] || strings.Trim(s, "#") == "")
}

// scientifique tells a number that a spreadsheet has shortened: 2,1E+09.
func scientifique(s string) bool {
	i := strings.IndexAny(s, "eE")
	return i > 0 && i < len(s)-1 && strings.ContainsAny(s[:i], ",.0123456789") && strings.Trim(s[:i], "0123456789,.") == "" &&
		(s[i+1] == '+' || s[i+1] == '-') && chiffres(s[i+2:])
}

// Amounts with tax that the document and the agency's public pages show:
// tranche B is 850.00 with tax for 708.33 without, and the amounts known go
// from 625.00 to 875.00 without tax (D12). They only serve to ask, never to
// refuse what is declared.
const (
	ttcConnuMin segur.Montant = 750_00
	ttcConnu    segur.Montant = 850_00
	htConnuMax  segur.Montant = 875_00
	ttcConnuMax segur.Montant = 1050_00
)

// ressembleTTC tells an amount that is more likely with tax than without.
func ressembleTTC(m segur.Montant) bool {
	return m == ttcConnu || m == ttcConnuMin || m > htConnuMax && m <= ttcConnuMax
}

// horsTaxe is the amount without tax that gives ttc by the scale of the format;
// false when none does to the cent.
func horsTaxe(ttc segur.Montant) (segur.Montant, bool) {
	taux := segur.Montant(10000 + segur.BaremePHA.TVA)
	ht := (ttc*10000 + taux/2) / taux
	c, err := segur.BaremePHA.Montants(ht, "TTC")
	return ht, err == nil && c.TTC == ttc
}
