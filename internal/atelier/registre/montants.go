package registre

import (
	"errors"

	"github.com/go-json-experiment/json"

	"guichet.example/segur"
)

// Montants is the money of one request, as computed when it was prepared.
type Montants struct {
	HT, Base, Avance, Solde segur.Montant
}

// MontantsDe keeps of a computation what the ledger holds.
func MontantsDe(c segur.Calcul) Montants {
	return Montants{HT: c.HT, Base: c.Base, Avance: c.Avance, Solde: c.Solde}
}

// Plus adds another request's money; sums stay whole cents.
func (m Montants) Plus(n Montants) Montants {
	return Montants{m.HT + n.HT, m.Base + n.Base, m.Avance + n.Avance, m.Solde + n.Solde}
}

// montantsEcrits is the spelling of the API: texts with two decimals.
type montantsEcrits struct {
	HT     string `json:"ht"`
	Base   string `json:"base"`
	Avance string `json:"avance"`
	Solde  string `json:"solde"`
}

// MarshalJSON writes amounts as texts with two decimals, as the API does.
func (m Montants) MarshalJSON() ([]byte, error) {
	return json.Marshal(montantsEcrits{m.HT.String(), m.Base.String(), m.Avance.String(), m.Solde.String()})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Montants) UnmarshalJSON(b []byte) error {
	var e montantsEcrits
	if err := json.Unmarshal(b, &e); err != nil {
		return err
	}
	var errs [4]error
	m.HT, errs[0] = segur.LireMontant(e.HT)
	m.Base, errs[1] = segur.LireMontant(e.Base)
	m.Avance, errs[2] = segur.LireMontant(e.Avance)
	m.Solde, errs[3] = segur.LireMontant(e.Solde)
	return errors.Join(errs[:]...)
}
