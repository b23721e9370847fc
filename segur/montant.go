package segur

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Montant is an amount in whole euro cents. No float ever holds money.
type Montant int64

// MontantMax is the greatest amount of the format: 9 digits before the point (D23).
const MontantMax Montant = 999_999_999_99

var errMontant = errors.New("un montant s’écrit avec un point et exactement deux décimales, au plus 9 chiffres avant le point")

// LireMontant reads an amount as the format spells it: "708.33". It takes
// nothing else: no sign, no comma, no other number of decimals.
func LireMontant(s string) (Montant, error) {
	m, ok := lireMontant(s)
	if !ok {
		return 0, fmt.Errorf("« %.40s » : %w", s, errMontant)
	}
	return m, nil
}

func lireMontant[T string | []byte](t T) (m Montant, ok bool) {
	n := len(t)
	if n < 4 || n > 12 || t[n-3] != '.' {
		return 0, false
	}
	for i := range n {
		if i == n-3 {
			continue
		}
		if t[i] < '0' || t[i] > '9' {
			return 0, false
		}
		m = m*10 + Montant(t[i]-'0')
	}
	return m, true
}

// String is the spelling of the format and of the API: "708.33".
func (m Montant) String() string {
	signe := ""
	if m < 0 {
		signe, m = "-", -m
	}
	return fmt.Sprintf("%s%d.%02d", signe, m/100, m%100)
}

// Francais is the spelling of letters and pages: "1 050,00 €", with no-break
// spaces.
func (m Montant) Francais() string {
	signe := ""
	if m < 0 {
		signe, m = "-", -m
	}
	s := strconv.FormatInt(int64(m/100), 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return fmt.Sprintf("%s%s,%02d\u00a0€", signe, s, m%100)
}

// Bareme holds the figures of a campaign that money depends on (D12). Rates
// are in hundredths of a percent: 2000 is 20 %.
type Bareme struct {
	TVA        int // VAT rate
	PartAvance int // share of the advance in the base
}

// BaremePHA is the scale of the document: 20 % VAT, 30 % in advance (§1.2, §3.1).
var BaremePHA = Bareme{TVA: 2000, PartAvance: 3000}

// Calcul is the money of one request, with the way to it.
type Calcul struct {
	HT     Montant // montantSegurHT
	Regime string  // "TTC" or "HT"
	TTC    Montant // HT × (1 + VAT), half-up to the cent
	Base   Montant // TTC under "TTC", HT under "HT"
	Avance Montant // Base × share, half-up to the cent
	Solde  Montant // Base − Avance
	Etapes []Etape
}

// Etape is one line of a computation, ready to be shown.
type Etape struct {
	Libelle  string // "Montant TTC"
	Formule  string // "708,33 € × 1,20"
	Resultat Montant
}

// Calculer computes what a request of that amount and regimeTVA is worth
// (D12). It fails for an amount out of range or an unknown regime.
func (b Bareme) Calculer(ht Montant, regime string) (Calcul, error) {
	c, err := b.Montants(ht, regime)
	if err != nil {
		return c, err
	}
	if regime == "TTC" {
		c.Etapes = append(c.Etapes, Etape{"Montant TTC", ht.Francais() + " × " + taux(10000+b.TVA, 10000), c.TTC},
			Etape{"Base, régime TTC", "montant TTC", c.Base})
	} else {
		c.Etapes = append(c.Etapes, Etape{"Base, régime HT", "montant HT", c.Base})
	}
	c.Etapes = append(c.Etapes,
		Etape{"Avance", c.Base.Francais() + " × " + taux(b.PartAvance, 100) + "\u00a0%", c.Avance},
		Etape{"Solde", c.Base.Francais() + " − " + c.Avance.Francais(), c.Solde})
	return c, nil
}

// Montants is Calculer without the way to the result: no Etapes. It is for
// those who compute for many requests and show none.
func (b Bareme) Montants(ht Montant, regime string) (Calcul, error) {
	if ht <= 0 || ht > MontantMax {
		return Calcul{}, fmt.Errorf("montant hors taxe hors limites : %s", ht)
	}
	c := Calcul{HT: ht, Regime: regime, TTC: part(ht, 10000+b.TVA)}
	switch regime {
	case "TTC":
		c.Base = c.TTC
	case "HT":
		c.Base = ht
	default:
		return Calcul{}, fmt.Errorf("régime de TVA inconnu : « %.20s »", regime)
	}
	c.Avance = part(c.Base, b.PartAvance)
	c.Solde = c.Base - c.Avance
	return c, nil
}

// part is m × n / 10000, rounded half-up to the cent. m is not negative.
func part(m Montant, n int) Montant { return (m*Montant(n) + 5000) / 10000 }

// taux writes n/unite with a French comma and no useless zeros beyond two.
func taux(n, unite int) string {
	s := fmt.Sprintf("%d,%04d", n/unite, n%unite*(10000/unite))
	for strings.HasSuffix(s, "0") && len(s)-strings.IndexByte(s, ',') > 3 {
		s = s[:len(s)-1]
	}
	return strings.TrimSuffix(s, ",00")
}
