//go:build !leger

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// rapportAttendu is the report that stands beside each case of the kit. It is
// no .json: a control of the folder would take it for a deposit.
const rapportAttendu = "rapport-attendu.txt"

// redacteurKit writes the accreditation kit.
type redacteurKit struct {
	jeu    *segur.Jeu
	racine string
	pdf    piece.LecteurPDF
	cas    int
}

// kit writes the accreditation kit into a new folder: one folder a case, with
// the files and the report to expect.
func kit(c *contexte) error {
	jeu, err := c.jeuDemande()
	if err != nil {
		return err
	}
	k := redacteurKit{jeu: jeu, racine: c.args[0]}
	var fermer func()
	k.pdf, fermer = c.lecteurPDF()
	defer fermer()
	if err := os.Mkdir(k.racine, 0o755); err != nil {
		return err
	}
	for cas := range jeu.Kit() {
		if err := k.ecrireDepot(cas); err != nil {
			return err
		}
	}
	for cas := range piece.Kit(jeu) {
		if err := k.ecrirePieces(cas); err != nil {
			return err
		}
	}
	if !c.oui("quiet") {
		fmt.Fprintf(c.erreur, "%d cas écrits dans %s, à contrôler au %s.\n", k.cas, k.racine, segur.JourExemple)
	}
	return nil
}

// dossier makes the folder of a case.
func (k *redacteurKit) dossier(e segur.Entree, bon string) (string, error) {
	k.cas++
	if e.Code != 0 {
		bon = e.Code.String()
	}
	d := filepath.Join(k.racine, bon)
	return d, os.Mkdir(d, 0o755)
}

func (k *redacteurKit) ecrireDepot(cas segur.CasKit) error {
	d, err := k.dossier(cas.Entree, "bon")
	if err != nil {
		return err
	}
	r := k.jeu.Controler(cas.Octets, segur.JourExemple, cas.Options)
	return ecrireCas(d, cas.Nom, cas.Octets, r, nil)
}

// ecrirePieces writes a case of documents: a good deposit, archives, and what
// the control of both says.
func (k *redacteurKit) ecrirePieces(cas piece.CasKit) error {
	d, err := k.dossier(cas.Entree, "bon-avec-pieces")
	if err != nil {
		return err
	}
	nom := segur.NomExemple(1)
	r := k.jeu.Controler(cas.Depot, segur.JourExemple, segur.Options{Nom: nom})
	c := &piece.Controleur{Attendues: piece.Attendues(r), PDF: k.pdf}
	var lots []piece.Lot
	for _, a := range cas.Archives {
		lot, err := ecrireArchive(c, filepath.Join(d, a.Nom), a)
		if err != nil {
			return err
		}
		lots = append(lots, lot)
	}
	couverture := piece.Couvrir(c.Attendues, lots...)
	if len(couverture.NonControlees) > 0 {
		return couverture.NonControlees[0].Erreur
	}
	return ecrireCas(d, nom, cas.Depot, r, couverture.AppendJSON([]byte(`"pieces": `)))
}

// ecrireArchive writes an archive, its hole as one where the file system has
// holes, and controls it as it stands there.
func ecrireArchive(c *piece.Controleur, chemin string, a piece.ArchiveKit) (lot piece.Lot, err error) {
	f, err := os.Create(chemin)
	if err != nil {
		return lot, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteAt(a.Octets, a.Trou); err != nil {
		return lot, err
	}
	return c.Zip(context.Background(), a.Nom, f, a.Trou+int64(len(a.Octets))), nil
}

// ecrireCas writes a deposit and the report to expect of it.
func ecrireCas(dossier, nom string, octets []byte, r *segur.Rapport, plus []byte) error {
	if err := os.WriteFile(filepath.Join(dossier, nom), octets, 0o644); err != nil {
		return err
	}
	somme := sha256.Sum256(octets)
	fichier := segur.Fichier{Nom: nom, Taille: int64(len(octets)), SHA256: hex.EncodeToString(somme[:])}
	attendu := r.AppendJSON(nil, segur.Outil{Nom: "segur", Version: version}, fichier, false, plus)
	return os.WriteFile(filepath.Join(dossier, rapportAttendu), append(attendu, '\n'), 0o644)
}
