package atelier

import (
	"encoding/hex"
	"io"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/atelier/registre"
)

// Names of the files that tell what a prepared folder holds. NomSommes is read
// by the usual "sha256sum -c".
const (
	NomManifeste = "manifeste.txt"
	NomSommes    = "SHA256SUMS"
)

// manifeste is the manifest, as JSON.
type manifeste struct {
	Outil     outil              `json:"outil"`
	Regles    regles             `json:"regles"`
	Date      string             `json:"date"` // day of the deposit, AAAA-MM-JJ
	Type      string             `json:"type"`
	NumeroAns string             `json:"numeroAns"`
	SIRET     string             `json:"siret"`
	Demandes  int                `json:"demandes"`
	Montants  montants           `json:"montants"`
	Depots    []depotManifeste   `json:"depots"`
	Annexes   []fichierManifeste `json:"annexes,omitempty"`
}

type outil struct {
	Nom     string `json:"nom"`
	Version string `json:"version"`
}

type regles struct {
	ID        string `json:"id"`
	Version   string `json:"version"`
	Empreinte string `json:"empreinte"`
}

// montants are texts with two decimals, as in the API.
type montants struct {
	HT     string `json:"ht"`
	Base   string `json:"base"`
	Avance string `json:"avance"`
	Solde  string `json:"solde"`
}

type fichierManifeste struct {
	Nom    string `json:"nom"`
	Taille int64  `json:"taille"`
	SHA256 string `json:"sha256"`
}

type depotManifeste struct {
	Fichier  fichierManifeste `json:"fichier"`
	Demandes int              `json:"demandes"`
	Montants montants         `json:"montants"`
	Zips     []zipManifeste   `json:"zips"`
}

type zipManifeste struct {
	fichierManifeste `json:",inline"`
	Pieces           []pieceManifeste `json:"pieces"`
}

type pieceManifeste struct {
	fichierManifeste `json:",inline"`
	Source           string `json:"source"` // name of the original
}

func montantsEcrits(m Montants) montants {
	return montants{m.HT.String(), m.Base.String(), m.Avance.String(), m.Solde.String()}
}

func (x *ecriture) manifeste(annexes []registre.Fichier) *manifeste {
	p, o := x.plan, x.plan.Cadre
	m := &manifeste{Outil: outil(o.Outil), Regles: regles{o.Jeu.ID, o.Jeu.Version, o.Jeu.Empreinte()}, Date: o.Jour.ISO(), Type: string(o.Jeu.Type),
		NumeroAns: o.NumeroAns, SIRET: o.SIRET, Demandes: p.Demandes(), Montants: montantsEcrits(p.Montants())}
	for i, d := range p.Depots {
		dm := depotManifeste{Fichier: fichierManifeste(x.ecrits[i].fichier), Demandes: len(d.Commandes), Montants: montantsEcrits(d.Montants), Zips: []zipManifeste{}}
		for k, z := range d.Zips {
			zm := zipManifeste{fichierManifeste: fichierManifeste(x.ecrits[i].zips[k])}
			for _, e := range z.Entrees {
				zm.Pieces = append(zm.Pieces, pieceManifeste{fichierManifeste{e.Nom, e.Piece.Taille, hex.EncodeToString(e.Piece.SHA256[:])}, filepath.Base(e.Piece.Source)})
			}
			dm.Zips = append(dm.Zips, zm)
		}
		m.Depots = append(m.Depots, dm)
	}
	for _, a := range annexes {
		m.Annexes = append(m.Annexes, fichierManifeste(a))
	}
	return m
}

// ecrireManifeste writes the manifest and the sums of all files, itself
// included.
func (x *ecriture) ecrireManifeste(annexes []registre.Fichier) error {
	m := x.manifeste(annexes)
	f, err := x.creer(NomManifeste, func(w io.Writer) error {
		return json.MarshalWrite(w, m, jsontext.WithIndent("  "))
	})
	if err != nil {
		return err
	}
	var sommes strings.Builder
	noter := func(f registre.Fichier) { sommes.WriteString(f.SHA256 + "  " + f.Nom + "\n") }
	for i := range x.ecrits {
		noter(x.ecrits[i].fichier)
		for _, z := range x.ecrits[i].zips {
			noter(z)
		}
	}
	for _, a := range annexes {
		noter(a)
	}
	noter(f)
	_, err = x.creer(NomSommes, func(w io.Writer) error { _, err := io.WriteString(w, sommes.String()); return err })
	return err
}
