package registre

import (
	"fmt"
	"slices"

	"guichet.example/segur"
)

// Redater gives a prepared file another name of a day, with the next file
// number of that day from auMoins on, those below being used by others; it is
// in the ledger, durably, when it returns. The bytes of the file do not change:
// no date stands in them.
func (r *Registre) Redater(d *Depot, jour segur.Jour, auMoins int) (string, error) {
	n := max(1, auMoins-r.etat.fichiers[d.NumeroAns+" "+jour.ISO()])
	ks, err := r.AttribuerFichiers(d.NumeroAns, jour, n)
	if err != nil {
		return "", err
	}
	nom := segur.NomFichier{NumeroAns: d.NumeroAns, Jour: jour, Numero: ks[n-1]}.String()
	return nom, r.ajouter(GenreNom, nomDepot{Fichier: d.Fichier.Nom, Nom: nom})
}

// NoterEnvoi writes the answer of a portal to a deposit. The same answer
// again writes nothing.
func (r *Registre) NoterEnvoi(e Envoi) error {
	d := r.etat.parFichier[e.Fichier]
	if d == nil {
		return fmt.Errorf("le fichier %s n’est pas dans le registre", e.Fichier)
	}
	if d.Envoi != nil && *d.Envoi == e {
		return nil
	}
	return r.ajouter(GenreEnvoi, e)
}

// NoterPieces writes that a portal has received an archive of a deposit. The
// same archive again writes nothing.
func (r *Registre) NoterPieces(p EnvoiPieces) error {
	for _, d := range r.etat.depots {
		if d.Envoi != nil && d.Envoi.Depot == p.Depot && d.ZipsRecus[p.SHA256] {
			return nil
		}
	}
	return r.ajouter(GenrePieces, p)
}

// RetourLu tells whether a returned file of that hash is in the ledger.
func (r *Registre) RetourLu(sha256 string) bool { return r.etat.retours[sha256] }

// NoterRetour writes what a returned file says. One that is there already
// writes nothing and gives false.
func (r *Registre) NoterRetour(v Retour) (bool, error) {
	if r.RetourLu(v.SHA256) {
		return false, nil
	}
	return true, r.ajouter(GenreRetour, v)
}

// Releve is what one reading of a portal brought.
type Releve struct {
	Nouveaux int        // requests whose state has changed
	Autres   []Autre    // requests that only have a number of this ledger's
	Absentes []*Demande // requests that were sent there and that it does not list
}

// Autre is a request of a portal under the number of a request of the ledger
// that it is not.
type Autre struct {
	Portail StatutPortail
	Demande *Demande
}

// NoterStatuts writes what a portal tells of all its requests, those only
// whose state has changed; numbers that this ledger never gave are burnt with
// them. What does not agree with the ledger is in the result and changes
// nothing.
func (r *Registre) NoterStatuts(portail string, lus []StatutPortail) (Releve, error) {
	var v Releve
	var neufs []StatutPortail
	var etrangers []string
	vues := make(map[*Demande]bool, len(lus))
	for _, p := range lus {
		d, elle := r.etat.celle(&p)
		switch {
		case d == nil:
			if numeroValide(p.NumeroEditeur) && p.Type == segur.Avance {
				etrangers = append(etrangers, p.NumeroEditeur)
			}
		case elle:
			vues[d] = true
			if d.Portail == nil || !memeStatut(d.Portail, &p) {
				neufs = append(neufs, p)
			}
		case !d.Rejetee: // a rejected one has a number used before: its answer said so
			v.Autres = append(v.Autres, Autre{p, d})
		}
	}
	for _, d := range r.etat.demandes {
		if e := d.Depot.Envoi; e != nil && e.Portail == portail && (d.Acceptee || d.NumeroASP != "") && !vues[d] {
			v.Absentes = append(v.Absentes, d)
		}
	}
	if _, err := r.DeclarerNumeros(etrangers, portail); err != nil {
		return v, err
	}
	if v.Nouveaux = len(neufs); v.Nouveaux == 0 {
		return v, nil
	}
	return v, r.ajouter(GenreStatuts, statuts{Portail: portail, Demandes: neufs})
}

func memeStatut(a, b *StatutPortail) bool {
	x, y := *a, *b
	x.PiecesManquantes, y.PiecesManquantes = nil, nil
	return x.NumeroASP == y.NumeroASP && x.Statut == y.Statut && x.ProchainActeur == y.ProchainActeur && x.Echeance == y.Echeance &&
		x.Montants == y.Montants && slices.Equal(a.PiecesManquantes, b.PiecesManquantes)
}
