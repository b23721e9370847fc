package segur

import (
	"fmt"
	"time"
)

// Jour is a civil date, without hour or zone: what the format calls a date.
// The zero Jour is no day; every date is after it.
type Jour struct {
	Annee, Mois, Jour int
}

// JourDe returns the civil date of t in t's own location. Callers pass a time
// in Europe/Paris, the zone of the portal (D6).
func JourDe(t time.Time) Jour {
	a, m, j := t.Date()
	return Jour{a, int(m), j}
}

// LireJour reads JJ/MM/AAAA, the spelling of the format, or AAAA-MM-JJ.
func LireJour(s string) (Jour, error) {
	var j Jour
	if len(s) == 10 {
		switch {
		case s[2] == '/' && s[5] == '/' && chiffresSeuls(s[:2]+s[3:5]+s[6:]):
			j = Jour{nombreDe(s[6:]), nombreDe(s[3:5]), nombreDe(s[:2])}
		case s[4] == '-' && s[7] == '-' && chiffresSeuls(s[:4]+s[5:7]+s[8:]):
			j = Jour{nombreDe(s[:4]), nombreDe(s[5:7]), nombreDe(s[8:])}
		}
	}
	if !j.Valide() {
		return Jour{}, fmt.Errorf("« %s » n’est pas une date JJ/MM/AAAA ou AAAA-MM-JJ", s)
	}
	return j, nil
}

// Valide tells whether the day exists in the calendar.
func (j Jour) Valide() bool {
	if j.Annee < 1 || j.Mois < 1 || j.Mois > 12 || j.Jour < 1 {
		return false
	}
	return j.Jour <= joursDuMois(j.Annee, j.Mois)
}

func joursDuMois(annee, mois int) int {
	switch mois {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if annee%4 == 0 && (annee%100 != 0 || annee%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// Apres tells whether j comes after k.
func (j Jour) Apres(k Jour) bool {
	if j.Annee != k.Annee {
		return j.Annee > k.Annee
	}
	if j.Mois != k.Mois {
		return j.Mois > k.Mois
	}
	return j.Jour > k.Jour
}

// Nul tells the zero Jour.
func (j Jour) Nul() bool { return j == Jour{} }

// String is the French spelling of the format, JJ/MM/AAAA.
func (j Jour) String() string { return fmt.Sprintf("%02d/%02d/%04d", j.Jour, j.Mois, j.Annee) }

// ISO is AAAA-MM-JJ.
func (j Jour) ISO() string { return fmt.Sprintf("%04d-%02d-%02d", j.Annee, j.Mois, j.Jour) }

// Compact is AAAAMMJJ, the spelling of file names (§3.3).
func (j Jour) Compact() string { return fmt.Sprintf("%04d%02d%02d", j.Annee, j.Mois, j.Jour) }

func chiffresSeuls(s string) bool { return tousChiffres([]byte(s)) }

// nombreDe reads digits that chiffresSeuls has seen.
func nombreDe(s string) int {
	n := 0
	for _, c := range []byte(s) {
		n = n*10 + int(c-'0')
	}
	return n
}
