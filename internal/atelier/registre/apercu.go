package registre

import (
	"errors"
	"fmt"

	"guichet.example/segur"
)

// Apercu shows the numbers that the ledger would give next, and gives none:
// what a plan prints before anything is decided. Another program may take them
// first.
type Apercu struct {
	r        *Registre
	rang     int
	fichiers map[string]int
}

// Apercu begins a look ahead; a zero Registre stands for a ledger to come.
func (r *Registre) Apercu() *Apercu {
	return &Apercu{r: r, rang: r.etat.dernierRang, fichiers: map[string]int{}}
}

// AttribuerNumeros shows n numbers as [Registre.AttribuerNumeros] would give
// them.
func (a *Apercu) AttribuerNumeros(n int) ([]string, error) {
	var vus []string
	for len(vus) < n {
		if a.rang++; a.rang > numerosEnTout {
			return nil, errors.New("il n’y a plus de numéro éditeur libre : tous ont été attribués")
		}
		if numero := numeroDe(a.rang); !a.r.etat.connus[cleNumero(numero)] {
			vus = append(vus, numero)
		}
	}
	return vus, nil
}

// AttribuerFichiers shows n file numbers as [Registre.AttribuerFichiers] would
// give them.
func (a *Apercu) AttribuerFichiers(numeroAns string, jour segur.Jour, n int) ([]int, error) {
	cle := numeroAns + " " + jour.ISO()
	if a.fichiers[cle] == 0 {
		a.fichiers[cle] = a.r.etat.fichiers[cle]
	}
	deb := a.fichiers[cle]
	a.fichiers[cle] += n
	return suivants(numeroAns, jour, deb, n)
}

// AttribuerFichiers gives n file numbers of a day at once, ascending, as
// AttribuerFichier gives one: all are in the ledger when it returns, or none.
func (r *Registre) AttribuerFichiers(numeroAns string, jour segur.Jour, n int) ([]int, error) {
	rangs, err := suivants(numeroAns, jour, r.etat.fichiers[numeroAns+" "+jour.ISO()], n)
	if err != nil || n <= 0 {
		return nil, err
	}
	return rangs, r.ajouterPlusieurs(GenreFichier, n, func(i int) any {
		return numeroFichier{NumeroAns: numeroAns, Jour: jour.ISO(), Numero: rangs[i]}
	})
}

// suivants is the n file numbers after deb.
func suivants(numeroAns string, jour segur.Jour, deb, n int) ([]int, error) {
	if deb+n > 999 {
		return nil, fmt.Errorf("il reste %d numéros de fichier sur 999 pour le %s et le numéro ANS %s, et il en faut %d ; préparez la suite à la date de demain", 999-deb, jour, numeroAns, n)
	}
	var rangs []int
	for i := range n {
		rangs = append(rangs, deb+1+i)
	}
	return rangs, nil
}
