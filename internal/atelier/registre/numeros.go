package registre

import (
	"errors"
	"fmt"
	"strings"

	"guichet.example/segur"
)

// Numbers are given in one order for ever: 00001 to 99999, then texts of five
// capitals and digits that begin with a letter, A0000 to ZZZZZ.
const (
	numerosDecimaux = 99_999
	chiffres36      = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	numerosEnTout   = numerosDecimaux + 26*36*36*36*36
)

// numeroDe is the i-th number, from 1.
func numeroDe(i int) string {
	if i <= numerosDecimaux {
		return fmt.Sprintf("%05d", i)
	}
	n := i - numerosDecimaux - 1 + 10*36*36*36*36
	var b [5]byte
	for k := len(b) - 1; k >= 0; k-- {
		b[k] = chiffres36[n%36]
		n /= 36
	}
	return string(b[:])
}

// rangDe is the place of a number in that order; 0 = it is not in it.
func rangDe(numero string) int {
	if len(numero) != 5 {
		return 0
	}
	n := 0
	decimal := true
	for k := range len(numero) {
		c := strings.IndexByte(chiffres36, numero[k])
		if c < 0 {
			return 0
		}
		decimal = decimal && c < 10
		n = n*36 + c
	}
	switch {
	case decimal:
		n = 0
		for k := range len(numero) {
			n = n*10 + int(numero[k]-'0')
		}
		return n
	case n < 10*36*36*36*36:
		return 0 // a letter behind a digit: never given by this ledger
	}
	return n - 10*36*36*36*36 + 1 + numerosDecimaux
}

// cleNumero is what two numbers are compared by: those that differ by letter
// case only are the same (D20).
func cleNumero(numero string) string { return strings.ToUpper(numero) }

// AttribuerNumeros gives n numbers never given before, ascending; they are in
// the ledger, durably, when it returns, and are never given again, whatever
// becomes of the requests.
func (r *Registre) AttribuerNumeros(n int) ([]string, error) {
	if n <= 0 {
		return nil, nil
	}
	var donnes []string
	var plages [][2]string
	i := r.etat.dernierRang
	for len(donnes) < n {
		if i++; i > numerosEnTout {
			return nil, errors.New("il n’y a plus de numéro éditeur libre : tous ont été attribués")
		}
		numero := numeroDe(i)
		if r.etat.connus[cleNumero(numero)] {
			continue
		}
		if k := len(plages) - 1; k >= 0 && rangDe(plages[k][1]) == i-1 {
			plages[k][1] = numero
		} else {
			plages = append(plages, [2]string{numero, numero})
		}
		donnes = append(donnes, numero)
	}
	err := r.ajouter(GenreNumeros, numeros{Auteur: r.opt.Auteur, Plages: plages})
	if err != nil {
		return nil, err
	}
	return donnes, nil
}

// Attribue tells whether a number was given by this ledger or is known to be
// used, letter case aside.
func (r *Registre) Attribue(numero string) bool { return r.etat.attribue(numero) }

// DeclarerNumeros burns numbers that were used elsewhere: past deposits, a
// portal's list, another copy of the ledger. It returns those that were new;
// what is no numeroEditeur is refused and nothing is written.
func (r *Registre) DeclarerNumeros(connus []string, origine string) ([]string, error) {
	var neufs []string
	vus := map[string]bool{}
	for i, n := range connus {
		if !numeroValide(n) {
			return nil, fmt.Errorf("numéro %d : « %s » n’est pas un numéro éditeur ; attendu : 5 lettres ou chiffres sans accent", i+1, segur.Visible(n, 30))
		}
		if cle := cleNumero(n); !vus[cle] && !r.etat.attribue(n) {
			vus[cle] = true
			neufs = append(neufs, n)
		}
	}
	if len(neufs) == 0 {
		return nil, nil
	}
	return neufs, r.ajouter(GenreNumeros, numeros{Auteur: r.opt.Auteur, Connus: neufs, Origine: origine})
}

// numeroValide tells a text of exactly 5 ASCII letters or digits (D5).
func numeroValide(n string) bool {
	if len(n) != 5 {
		return false
	}
	for i := range len(n) {
		c := n[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// AttribuerFichier gives the next file number of a day for a number of the
// ANS, 1 to 999. It is in the ledger, durably, when it returns.
func (r *Registre) AttribuerFichier(numeroAns string, jour segur.Jour) (int, error) {
	cle := numeroAns + " " + jour.ISO()
	n := r.etat.fichiers[cle] + 1
	if n > 999 {
		return 0, fmt.Errorf("les 999 numéros de fichier du %s sont attribués pour le numéro ANS %s ; préparez la suite à la date de demain", jour, numeroAns)
	}
	if err := r.ajouter(GenreFichier, numeroFichier{NumeroAns: numeroAns, Jour: jour.ISO(), Numero: n}); err != nil {
		return 0, err
	}
	return n, nil
}
