package registre

import (
	"fmt"
	"os"
	"strings"
	"time"

	"guichet.example/segur"
)

// EntreeResumee is one entry for the eye, without its data.
type EntreeResumee struct {
	Entree
	Resume string // French, one line
}

// Entrees reads and verifies a ledger, entry by entry; dates are cut to the
// second.
func Entrees(chemin string) ([]EntreeResumee, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var es []EntreeResumee
	_, _, err = parcourir(chemin, f, func(e *Entree, _ place) error {
		x := EntreeResumee{Entree: *e, Resume: segur.Visible(enUneLigne(e), 200)}
		x.Donnees = nil
		if t, err := time.Parse(time.RFC3339Nano, e.Date); err == nil {
			x.Date = t.Format(time.RFC3339)
		}
		es = append(es, x)
		return nil
	})
	return es, err
}

// NumerosDe lists every numeroEditeur that a ledger gave or knows to be used.
func NumerosDe(chemin string) ([]string, error) {
	es, err := lireEntrees(chemin)
	if err != nil {
		return nil, err
	}
	liste, err := donnes(es)
	if err != nil {
		return nil, err
	}
	for i := range es {
		if es[i].Genre == GenreNumeros {
			v, err := lireDonnees[numeros](&es[i])
			if err != nil {
				return nil, err
			}
			liste = append(liste, v.Connus...)
		}
	}
	return liste, nil
}

// enUneLigne says what an entry is about; an entry of a later version says its
// kind only.
func enUneLigne(e *Entree) string {
	v, err := decoder(e)
	if err != nil {
		return ""
	}
	switch v := v.(type) {
	case ouverture:
		if v.Auteur == "" {
			return "ouvert sur " + v.Poste
		}
		return "ouvert par " + v.Auteur + " sur " + v.Poste
	case numeros:
		var mots []string
		for _, p := range v.Plages {
			if p[0] == p[1] {
				mots = append(mots, p[0])
			} else {
				mots = append(mots, p[0]+" à "+p[1])
			}
		}
		if n := len(v.Connus); n > 0 {
			mots = append(mots, fmt.Sprintf("déjà utilisés : %d, d’après %s", n, v.Origine))
		}
		return strings.Join(mots, ", ")
	case numeroFichier:
		return fmt.Sprintf("fichier %03d du %s pour %s", v.Numero, v.Jour, v.NumeroAns)
	case DepotPrepare:
		return fmt.Sprintf("%s : %s, %s", v.Fichier.Nom, combien(len(v.Demandes), "demande"), combien(len(v.Zips), "zip"))
	case nomDepot:
		return v.Fichier + " sera déposé sous le nom " + v.Nom
	case Envoi:
		if v.Depot == "" {
			return v.Fichier + " refusé : " + v.Refus
		}
		return v.Fichier + " déposé sous le numéro " + v.Depot
	case EnvoiPieces:
		return fmt.Sprintf("%s reçu, %s", v.Zip, combien(len(v.Manquantes), "pièce")+" à venir")
	case Retour:
		n := 0
		for _, d := range v.Demandes {
			if d.Acceptee {
				n++
			}
		}
		return fmt.Sprintf("%s : %s, %s", v.Nom, combien(n, "acceptée"), combien(len(v.Demandes)-n, "refusée"))
	case statuts:
		return combien(len(v.Demandes), "changement") + " de statut"
	case reparation:
		return fmt.Sprintf("fin inachevée écartée, %d octets", v.Octets)
	}
	return ""
}

// combien is a number of things; none and one are singular in French.
func combien(n int, quoi string) string {
	if n > 1 {
		quoi += "s"
	}
	return fmt.Sprintf("%d %s", n, quoi)
}
