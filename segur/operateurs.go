package segur

import "slices"

//go:generate go run generer_operateurs.go

// Operateur is one operator of secure health messaging, a row of section 4.
type Operateur struct {
	Code    string // what the file must carry, byte for byte: "CH _20" has a space, "HÔP_302" an accent
	Libelle string
}

// Operateurs lists the 355 operators in the order of section 4.
func Operateurs() []Operateur { return slices.Clone(operateurs[:]) }

// OperateurDe returns the operator of a code, byte for byte; false when
// section 4 has none.
func OperateurDe(code string) (Operateur, bool) {
	if n := rangOperateur([]byte(code)); n > 0 {
		return operateurs[n-1], true
	}
	return Operateur{}, false
}

func estOperateur(t []byte) bool { return rangOperateur(t) > 0 }

// rangOperateur finds a code by the number after its underscore, which runs
// from 1 to 355 without a hole; 0 = not a code.
func rangOperateur(t []byte) int {
	i := len(t) - 1
	n, poids := 0, 1
	for ; i >= 0 && t[i] != '_'; i-- {
		if t[i] < '0' || t[i] > '9' || poids > 100 {
			return 0
		}
		n += int(t[i]-'0') * poids
		poids *= 10
	}
	if n < 1 || n > len(operateurs) || operateurs[n-1].Code != string(t) {
		return 0
	}
	return n
}

// operateursProches proposes operators for a value that is none, as the end of
// a remedy.
func operateursProches(texte string) string {
	ops := ChercherOperateurs(texte, 3)
	if len(ops) == 0 {
		return " Cherchez le code avec « segur operateurs »."
	}
	s := " Vouliez-vous dire "
	for i, o := range ops {
		if i > 0 {
			s += ", "
		}
		s += "\"" + o.Code + "\" (" + o.Libelle + ")"
	}
	return s + " ?"
}
