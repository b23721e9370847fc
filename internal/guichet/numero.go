package guichet

import (
	"strconv"
	"strings"
)

const alphabet36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// Prefixes begin every number, so that people know what they read; that of a
// sandbox follows its number into files, exports, mails and transfers.
const (
	prefixeASP  = "ASP"
	prefixeTest = "TEST"
)

// NumeroDeSerie spells a serial number: ASP-00000123-K. K is the check
// character of ISO 7064 MOD 37,36: no two numbers differ by one character
// only, and a mistyped one is found out.
func NumeroDeSerie(serie int64) NumeroASP { return numeroDe(prefixeASP, serie) }

// NumeroDeTest spells a serial number of a sandbox: TEST-00000123-K.
func NumeroDeTest(serie int64) NumeroASP { return numeroDe(prefixeTest, serie) }

func numeroDe(prefixe string, serie int64) NumeroASP {
	n := strconv.FormatInt(serie, 10)
	if len(n) < 8 {
		n = strings.Repeat("0", 8-len(n)) + n
	}
	return NumeroASP(prefixe + "-" + n + "-" + string(cle3736(prefixe+n)))
}

// numero spells a serial number of this portal.
func (g *Guichet) numero(serie int64) NumeroASP {
	if g.m.BacASable {
		return NumeroDeTest(serie)
	}
	return NumeroDeSerie(serie)
}

// cle3736 is the check character of ISO 7064 MOD 37,36.
func cle3736(s string) byte {
	p := 36
	for i := range len(s) {
		p += strings.IndexByte(alphabet36, s[i])
		if p %= 36; p == 0 {
			p = 36
		}
		p = p * 2 % 37
	}
	return alphabet36[(37-p)%36]
}

// Serie reads the serial number back; false when n is none of ours, or its
// check character does not hold.
func (n NumeroASP) Serie() (int64, bool) {
	parts := strings.Split(string(n), "-")
	if len(parts) != 3 || parts[0] != prefixeASP && parts[0] != prefixeTest || len(parts[1]) < 8 || len(parts[2]) != 1 {
		return 0, false
	}
	for i := range len(parts[1]) {
		if parts[1][i] < '0' || parts[1][i] > '9' {
			return 0, false
		}
	}
	serie, err := strconv.ParseInt(parts[1], 10, 64)
	return serie, err == nil && numeroDe(parts[0], serie) == n
}
