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

// AttribuerFichier shows a file number as [Registre.AttribuerFichier] would
// give it.
func (a *Apercu) AttribuerFichier(numeroAns string, jour segur.Jour) (int, error) {
	cle := numeroAns + " " + jour.ISO()
	if a.fichiers[cle] == 0 {
		a.fichiers[cle] = a.r.etat.fichiers[cle]
	}
	if a.fichiers[cle]++; a.fichiers[cle] > 999 {
		return 0, fmt.Errorf("les 999 numéros de fichier du %s sont attribués pour le numéro ANS %s", jour, numeroAns)
	}
	return a.fichiers[cle], nil
}
