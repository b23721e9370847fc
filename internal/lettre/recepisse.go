package lettre

import (
	"strconv"
	"time"

	"guichet.example/segur"
)

// Depot is what a receipt attests.
type Depot struct {
	ID              string
	Type            segur.TypeDemande
	NumeroAns       string
	NomFichier      string
	Taille          int64
	SHA256          string
	RecuLe          time.Time // in Europe/Paris
	Deposant        string    // who sent it
	Regles          string    // "PHA-LGO-Va1/avance, version 2022-11-04"
	EmpreinteRegles string
	// Entree and Empreinte are the journal's entry of the deposit and its hash,
	// so that a supplier can ask for the proof later; 0 = not given.
	Entree    int64
	Empreinte string
	Lignes    []LigneDepot
}

// LigneDepot is the answer to one line of the file.
type LigneDepot struct {
	Rang          int
	NumeroEditeur string
	NumeroASP     string // "" = refused
	Code, Libelle string
}

// Recepisse is the receipt of a deposit.
func Recepisse(c Cadre, d Depot) (*Document, error) {
	t := &tableau{
		Legende: "Réponse à chaque ligne du fichier",
		Colonnes: []colonne{
			{Titre: "Rang", Part: .08, Droite: true, Fixe: true}, {Titre: "N° éditeur", Part: .14, Fixe: true},
			{Titre: "N° ASP", Part: .24, Fixe: true}, {Titre: "Réponse", Part: .54},
		},
	}
	acceptees := 0
	for _, l := range d.Lignes {
		numero := l.NumeroASP
		if numero == "" {
			numero = "refusée"
		} else {
			acceptees++
		}
		t.Lignes = append(t.Lignes, []string{strconv.Itoa(l.Rang), l.NumeroEditeur, numero, l.Code + " – " + l.Libelle})
	}
	entree := ""
	if d.Entree > 0 {
		entree = "n°\u00a0" + strconv.FormatInt(d.Entree, 10) + ", " + d.Empreinte
	}
	bs := []bloc{
		fiche("Dépôt",
			ligne{"Identifiant", d.ID}, ligne{"Nature", nature(d.Type)}, ligne{"Numéro ANS", d.NumeroAns}, ligne{"Déposé par", d.Deposant},
			ligne{"Reçu le", instant(d.RecuLe)}),
		fiche("Fichier",
			ligne{"Nom", d.NomFichier}, ligne{"Taille", taille(d.Taille)}, ligne{"Empreinte SHA-256", d.SHA256}),
		fiche("Contrôle",
			ligne{"Règles", d.Regles}, ligne{"Empreinte des règles", d.EmpreinteRegles},
			ligne{"Résultat", demandes(len(d.Lignes)) + ", " + accord(acceptees, "acceptée") + ", " + accord(len(d.Lignes)-acceptees, "refusée")},
			ligne{"Entrée du journal", entree}),
	}
	if len(d.Lignes) > 0 {
		bs = append(bs, bloc{Tableau: t})
	}
	return nouveau(c, GenreRecepisse, map[string]string{"depot": d.ID}, bs...)
}
