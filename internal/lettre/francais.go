package lettre

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guichet.example/segur"
)

// jour writes a day as a letter does: "1er juillet 2023", with no-break spaces.
func jour(j segur.Jour) string {
	mois := strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
	if !j.Valide() {
		return "date inconnue"
	}
	n := strconv.Itoa(j.Jour)
	if j.Jour == 1 {
		n = "1er"
	}
	return n + "\u00a0" + mois[j.Mois-1] + "\u00a0" + strconv.Itoa(j.Annee)
}

// instant writes a time in its own location, and says how far that is from
// UTC, so that it means the same everywhere.
func instant(t time.Time) string {
	return jour(segur.JourDe(t)) + " à " + t.Format("15:04:05") + " (UTC" + t.Format("-07:00") + ")"
}

// demandes writes a number of requests.
func demandes(n int) string { return accord(n, "demande") }

// accord writes a number of things: in French the plural begins at two.
func accord(n int, mot string) string {
	if n >= 2 {
		mot += "s"
	}
	return strconv.Itoa(n) + "\u00a0" + mot
}

// taille writes a number of bytes.
func taille(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s + "\u00a0octets"
}

// nature names the kind of a request.
func nature(t segur.TypeDemande) string {
	switch t {
	case segur.Avance:
		return "Avance"
	case segur.Solde:
		return "Solde"
	}
	return string(t)
}

// calcul shows the way to an amount, one step a line.
func calcul(etapes []segur.Etape) string {
	l := make([]string, len(etapes))
	for i, e := range etapes {
		l[i] = fmt.Sprintf("%s\u00a0: %s = %s", e.Libelle, e.Formule, e.Resultat.Francais())
	}
	return strings.Join(l, "\n")
}
