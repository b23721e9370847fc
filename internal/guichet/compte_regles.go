package guichet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"guichet.example/segur"
)

// Lengths of a password, in characters. No rule asks for signs of this or that
// kind: length is what holds.
const (
	motDePasseMin = 12
	motDePasseMax = 200
)

// ExigerMotDePasse refuses a password that is too short, that is tried first by
// everybody, or that whoever knows the account can guess.
func ExigerMotDePasse(c *Compte, motDePasse string) error {
	n := len([]rune(motDePasse))
	switch {
	case n < motDePasseMin:
		return erreur(Invalide, "Le mot de passe compte %d caractères ; il en faut au moins %d. Une phrase que vous retenez fait un bon mot de passe.", n, motDePasseMin)
	case n > motDePasseMax:
		return erreur(Invalide, "Le mot de passe dépasse %d caractères.", motDePasseMax)
	case signesDifferents(motDePasse) < 5:
		return erreur(Invalide, "Le mot de passe répète toujours les mêmes caractères ; choisissez-en un moins simple à deviner.")
	case devinable(motDePasse):
		return erreur(Invalide, "Ce mot de passe est de ceux que l’on essaie en premier, même allongé de chiffres. Une phrase de quatre mots sans lien fait mieux.")
	}
	m := lettresSeules(motDePasse)
	boite, _, _ := strings.Cut(c.Identifiant, "@")
	for _, connu := range []string{c.Identifiant, boite, c.Nom} {
		if s := lettresSeules(connu); len(s) >= 4 && (m == s || strings.Contains(m, s) && len(m) < len(s)+6) {
			return erreur(Invalide, "Le mot de passe reprend votre nom ou votre adresse ; choisissez-en un autre.")
		}
	}
	return nil
}

// JugerMotDePasse is [ExigerMotDePasse], and refuses what is in the operator's
// list of leaked passwords, if there is one.
func (g *Guichet) JugerMotDePasse(c *Compte, motDePasse string) error {
	if err := ExigerMotDePasse(c, motDePasse); err != nil || g.m.Divulgues == nil {
		return err
	}
	connu, err := g.m.Divulgues.Contient(motDePasse)
	if err != nil {
		return Panne(err)
	}
	if connu {
		return erreur(Invalide, "Ce mot de passe figure dans une liste publique de mots de passe divulgués : d’autres l’essaieront. Choisissez-en un que vous n’avez employé nulle part.")
	}
	return nil
}

func signesDifferents(s string) int {
	vus := map[rune]bool{}
	for _, r := range s {
		vus[r] = true
	}
	return len(vus)
}

// lettresSeules folds a text to what a guess would try.
func lettresSeules(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// lisible tells a text that is Unicode, on one line, without signs that nobody
// sees.
func lisible(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, segur.Invisible)
}

// adresseCourriel folds an e-mail address to the form under which accounts
// have it; false when it is none.
func adresseCourriel(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	return s, len(s) <= 124 && segur.Courriel([]byte(s))
}

// SiretValide tells whether a SIRET has 14 digits and a key that holds. The
// establishments of La Poste (SIREN 356000000) have a key of their own: the sum
// of the digits is a multiple of 5.
func SiretValide(s string) bool {
	if len(s) != 14 {
		return false
	}
	luhn, somme := 0, 0
	for i := range len(s) {
		c := int(s[i]) - '0'
		if c < 0 || c > 9 {
			return false
		}
		somme += c
		if i%2 == 0 { // from the right, each second digit counts twice
			if c *= 2; c > 9 {
				c -= 9
			}
		}
		luhn += c
	}
	if luhn%10 == 0 {
		return somme > 0
	}
	return strings.HasPrefix(s, "356000000") && somme%5 == 0
}

// IBANNet takes the blanks out of an IBAN; false when its form or its key
// (ISO 7064, mod 97) does not hold.
func IBANNet(s string) (string, bool) {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	if len(s) < 15 || len(s) > 34 || strings.HasPrefix(s, "FR") && len(s) != 27 {
		return s, false
	}
	reste := 0
	for i, c := range []byte(s[4:] + s[:4]) {
		k := (i + 4) % len(s) // place in s
		lettre := c >= 'A' && c <= 'Z'
		switch {
		case !lettre && (c < '0' || c > '9'), k < 2 && !lettre, (k == 2 || k == 3) && lettre:
			return s, false
		case lettre:
			reste = (reste*100 + int(c-'A') + 10) % 97
		default:
			reste = (reste*10 + int(c-'0')) % 97
		}
	}
	return s, reste == 1
}

// bicValide tells whether s has the form of a BIC.
func bicValide(s string) bool {
	if len(s) != 8 && len(s) != 11 {
		return false
	}
	for i := range len(s) {
		lettre := s[i] >= 'A' && s[i] <= 'Z'
		if !lettre && (s[i] < '0' || s[i] > '9' || i == 4 || i == 5) {
			return false
		}
	}
	return true
}
