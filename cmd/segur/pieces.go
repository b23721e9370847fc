package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"guichet.example/internal/rapport"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// examen is what a lot's folder and archives were found to hold, once for all
// its JSON files.
type examen struct {
	une   sync.Once
	lots  []piece.Lot
	apres sync.Mutex
	// porteur is the first file of the lot, in the order given, that reports on
	// pieces: what concerns no request stands with it, whichever worker is first.
	porteur *entree
}

// controlerPieces controls the pieces of the lot against the requests of one
// of its files, and adds what it finds to the result.
func (k *controle) controlerPieces(e *entree, res *rapport.Resultat) int {
	x := &e.lot.examen
	x.une.Do(func() { k.examiner(e.lot, x) })
	x.apres.Lock()
	defer x.apres.Unlock()
	attendues := piece.Attendues(res.Rapport)
	c := piece.Couvrir(attendues, x.lots...)
	if x.porteur != nil && x.porteur != e {
		// Refusals that concern no request of this file stand with the porteur.
		noms := map[string]bool{}
		for _, a := range attendues {
			noms[strings.ToLower(a.NomFichier)] = true
		}
		c.Refusees = slices.DeleteFunc(c.Refusees, func(r piece.Constat) bool { return !noms[strings.ToLower(r.Nom)] })
		c.Avertissements = slices.DeleteFunc(c.Avertissements, func(r piece.Constat) bool { return !noms[strings.ToLower(r.Nom)] })
	}
	res.Plus = c.AppendJSON([]byte(`"pieces": `))
	for _, r := range slices.Concat(c.Refusees, c.Avertissements) {
		res.Pieces = append(res.Pieces, constatDe(r, 0))
	}
	for _, d := range c.Demandes {
		for _, m := range d.Manquantes {
			if !m.Refusee {
				res.Pieces = append(res.Pieces, constatDe(m.Constat, d.Rang))
			}
		}
	}
	res.Note = noteDe(c)
	if len(c.NonControlees) > 0 {
		n := c.NonControlees[0]
		res.Erreur = fmt.Sprintf("%d pièces n’ont pas pu être contrôlées, dont %s : %s", len(c.NonControlees), n.Nom, enFrancais(n.Erreur))
		return statutOutil
	}
	if len(res.Pieces) > len(c.Avertissements) {
		return statutRefuse
	}
	return statutBon
}

// noteDe sums a coverage up.
func noteDe(c *piece.Couverture) string {
	incompletes := 0
	for _, d := range c.Demandes {
		if !d.Complete {
			incompletes++
		}
	}
	s := fmt.Sprintf("Pièces : %d attendues, %d reçues", c.Bilan.Attendues, c.Bilan.Recues)
	switch {
	case incompletes == 1:
		s += " ; 1 demande resterait incomplète"
	case incompletes > 1:
		s += fmt.Sprintf(" ; %d demandes resteraient incomplètes", incompletes)
	case c.Complete:
		s += " ; toutes les demandes sont complètes"
	}
	return s + "."
}

func constatDe(c piece.Constat, rang int) segur.Constat {
	e, _ := piece.Entree(c.Code)
	recu := c.Nom
	if c.Source != "" && c.Source != c.Nom {
		recu += " (" + c.Source + ")"
	}
	return segur.Constat{Code: c.Code, Gravite: c.Gravite, Rang: rang, Balise: e.Balise, Ligne: 1, Colonne: 1,
		Message: c.Message, Attendu: c.Attendu, Recu: strings.ToValidUTF8(recu, "\ufffd"), Remede: c.Remede, Reference: e.Reference}
}

// examiner looks at the folder and the archives of a lot, against what all its
// files declare together.
func (k *controle) examiner(l *lot, x *examen) {
	var attendues []piece.Attendue
	var t tampon
	for i := range k.entrees {
		if e := &k.entrees[i]; e.lot == l && e.chemin != "-" {
			f, err := k.lireEntree(e, &t)
			if err != nil {
				continue
			}
			r := k.juger(e, f, &t)
			if x.porteur == nil && r.StructureValide() {
				x.porteur = e
			}
			attendues = append(attendues, piece.Attendues(r)...)
		}
	}
	c := &piece.Controleur{Attendues: attendues, SansDemandes: len(attendues) == 0, PDF: k.pdf, Examinee: k.progres.piece}
	ctx := context.Background()
	for _, d := range dossiersDe(l.fichiers) {
		x.lots = append(x.lots, c.Dossier(ctx, d.chemin, os.DirFS(d.chemin), func(nom string) bool { return d.noms[nom] }))
	}
	for _, z := range l.zips {
		x.lots = append(x.lots, examinerZip(ctx, c, z))
	}
}

// examinerZip looks at one archive. JSON files in it are controlled as such,
// and are no pieces.
func examinerZip(ctx context.Context, c *piece.Controleur, chemin string) piece.Lot {
	f, err := os.Open(chemin)
	if err != nil {
		return piece.Lot{Nom: chemin, Erreur: err}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return piece.Lot{Nom: chemin, Erreur: err}
	}
	if !info.Mode().IsRegular() {
		return piece.Lot{Nom: chemin, Erreur: errors.New("ce n’est pas un fichier ordinaire")}
	}
	lot := c.Zip(ctx, filepath.Base(chemin), f, info.Size())
	lot.Pieces = slices.DeleteFunc(lot.Pieces, func(p piece.Piece) bool { return strings.EqualFold(path.Ext(p.Nom), ".json") })
	return lot
}

// dossierPieces is one folder and the names to look at in it.
type dossierPieces struct {
	chemin string
	noms   map[string]bool
}

// dossiersDe groups files by their folder, in the order they come.
func dossiersDe(fichiers []string) []dossierPieces {
	var ds []dossierPieces
	for _, f := range fichiers {
		d, nom := filepath.Dir(f), filepath.Base(f)
		i := slices.IndexFunc(ds, func(x dossierPieces) bool { return x.chemin == d })
		if i < 0 {
			i = len(ds)
			ds = append(ds, dossierPieces{d, map[string]bool{}})
		}
		ds[i].noms[nom] = true
	}
	return ds
}
