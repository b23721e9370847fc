package certificat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"guichet.example/internal/atelier/retour"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// Options are what a control may know beyond the files.
type Options struct {
	Outil Outil
	Date  string // RFC 3339
	Jour  segur.Jour
	PDF   piece.LecteurPDF
}

// lieu is what was found to certify.
type lieu struct {
	fichiers []string // JSON files
	zips     []string
	seules   []string // documents on their own
}

// Faire controls files with the documents that lie beside them and certifies
// what comes out, be it good or bad. An error, in French, means that something
// could not be looked at: then there is no certificate.
func Faire(ctx context.Context, chemins []string, o Options) (*Certificat, error) {
	l, err := rassembler(chemins)
	if err != nil {
		return nil, err
	}
	c := &Certificat{Forme: Forme, Outil: o.Outil, Date: o.Date, Jour: o.Jour.ISO()}
	var attendues []piece.Attendue
	parFichier := make([][]piece.Attendue, len(l.fichiers))
	var total somme
	for i, chemin := range l.fichiers {
		f, as, err := controler(chemin, o.Jour, &total)
		if err != nil {
			return nil, err
		}
		c.Fichiers = append(c.Fichiers, f)
		parFichier[i] = as
		attendues = append(attendues, as...)
	}
	lots, err := l.examiner(ctx, attendues, o.PDF)
	if err != nil {
		return nil, err
	}
	// Puts the places side by side first: a name found in two is refused in both.
	if k := piece.Couvrir(attendues, lots...); len(k.NonControlees) > 0 {
		n := k.NonControlees[0]
		return nil, fmt.Errorf("%s n’a pas pu être contrôlée : %w", segur.Visible(n.Nom, 80), n.Erreur)
	}
	for i := range c.Fichiers {
		c.Fichiers[i].Pieces = bilanPieces(parFichier[i], lots)
	}
	for i := range lots {
		c.retenir(&lots[i])
	}
	slices.SortFunc(c.Pieces, func(a, b Piece) int { return strings.Compare(a.Nom, b.Nom) })
	c.Totaux = Totaux{Demandes: total.n, HT: total.ht.String(), Base: total.base.String(), Avance: total.avance.String(), Solde: total.solde.String(), Pieces: len(c.Pieces)}
	for _, p := range c.Pieces {
		c.Totaux.Octets += p.Taille
	}
	return c, nil
}

func (c *Certificat) retenir(lot *piece.Lot) {
	for i := range lot.Pieces {
		if p := &lot.Pieces[i]; p.Recue() {
			c.Pieces = append(c.Pieces, Piece{Nom: p.Nom, Archive: lot.Nom, Taille: p.Taille, SHA256: hex.EncodeToString(p.SHA256[:])})
		}
	}
}

// rassembler lists what there is to certify: files given, and what folders
// hold.
func rassembler(chemins []string) (*lieu, error) {
	l := &lieu{}
	for _, chemin := range chemins {
		info, err := os.Stat(chemin)
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			noms, err := os.ReadDir(chemin)
			if err != nil {
				return nil, err
			}
			for _, d := range noms {
				if d.Type().IsRegular() && !strings.HasPrefix(d.Name(), ".") {
					l.ajouter(filepath.Join(chemin, d.Name()), false)
				}
			}
		default:
			if !l.ajouter(chemin, true) {
				return nil, fmt.Errorf("%s : ce n’est ni un fichier JSON, ni un zip, ni une pièce", chemin)
			}
		}
	}
	if len(l.fichiers) == 0 {
		return nil, errors.New("il n’y a aucun fichier JSON à certifier : donnez le dossier préparé, ou le fichier")
	}
	return l, nil
}

// ajouter sorts one file; in a folder only the names of deposits are files to
// certify.
func (l *lieu) ajouter(chemin string, donne bool) bool {
	switch strings.ToLower(filepath.Ext(chemin)) {
	case ".json":
		if _, err := segur.LireNomFichier(filepath.Base(chemin)); err == nil || donne {
			l.fichiers = append(l.fichiers, chemin)
		}
	case ".zip":
		l.zips = append(l.zips, chemin)
	case ".pdf", ".png", ".jpg":
		l.seules = append(l.seules, chemin)
	default:
		return false
	}
	return true
}

// somme is the money of accepted requests.
type somme struct {
	n                       int
	ht, base, avance, solde segur.Montant
}

// controler controls one file.
func controler(chemin string, jour segur.Jour, total *somme) (Fichier, []piece.Attendue, error) {
	octets, err := lire(chemin)
	if err != nil {
		return Fichier{}, nil, err
	}
	jeu, err := segur.JeuPour(retour.TypeDe(octets), jour)
	if err != nil {
		return Fichier{}, nil, err
	}
	s := sha256.Sum256(octets)
	nom := filepath.Base(chemin)
	r := jeu.Controler(octets, jour, segur.Options{Nom: nom})
	f := Fichier{Nom: nom, Taille: int64(len(octets)), SHA256: hex.EncodeToString(s[:]), Type: jeu.Type, Regles: Regles{jeu.ID, jeu.Version, jeu.Empreinte()},
		Verdict: r.Verdict(), Bilan: Bilan(r.Bilan())}
	for d := range r.Demandes() {
		if !d.Acceptee() {
			continue
		}
		total.n++
		ht, ok := d.MontantHT()
		if !ok {
			continue
		}
		if m, err := segur.BaremePHA.Calculer(ht, d.Texte("commande.regimeTVA")); err == nil {
			total.ht, total.base, total.avance, total.solde = total.ht+m.HT, total.base+m.Base, total.avance+m.Avance, total.solde+m.Solde
		}
	}
	return f, piece.Attendues(r), nil
}

func lire(chemin string) ([]byte, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, segur.TailleMax+1))
	if err == nil && len(b) > segur.TailleMax {
		err = fmt.Errorf("%s dépasse %d Mo : il serait refusé en entier", chemin, segur.TailleMax>>20)
	}
	return b, err
}

// examiner looks at archives and documents, against what all files declare.
func (l *lieu) examiner(ctx context.Context, attendues []piece.Attendue, pdf piece.LecteurPDF) ([]piece.Lot, error) {
	k := &piece.Controleur{Attendues: attendues, PDF: pdf}
	var lots []piece.Lot
	for _, chemin := range l.zips {
		lot, err := ouvrir(chemin, func(f *os.File, taille int64) piece.Lot { return k.Zip(ctx, filepath.Base(chemin), f, taille) })
		if err != nil {
			return nil, err
		}
		lots = append(lots, lot)
	}
	for _, chemin := range l.seules {
		lot, err := ouvrir(chemin, func(f *os.File, taille int64) piece.Lot {
			return piece.Lot{Pieces: []piece.Piece{k.Fichier(ctx, filepath.Base(chemin), f, taille)}}
		})
		if err != nil {
			return nil, err
		}
		lots = append(lots, lot)
	}
	return lots, nil
}

func ouvrir(chemin string, f func(f *os.File, taille int64) piece.Lot) (piece.Lot, error) {
	x, err := os.Open(chemin)
	if err != nil {
		return piece.Lot{}, err
	}
	defer x.Close()
	info, err := x.Stat()
	if err != nil {
		return piece.Lot{}, err
	}
	lot := f(x, info.Size())
	return lot, lot.Erreur
}

// bilanPieces counts the documents of one file.
func bilanPieces(attendues []piece.Attendue, lots []piece.Lot) BilanPieces {
	etats := map[string]bool{} // name → received
	for i := range lots {
		for k := range lots[i].Pieces {
			p := &lots[i].Pieces[k]
			etats[p.Nom] = etats[p.Nom] || p.Recue()
		}
	}
	b := BilanPieces{Attendues: len(attendues)}
	for _, a := range attendues {
		switch recue, la := etats[a.NomFichier]; {
		case recue:
			b.Recues++
		case la:
			b.Refusees++
		default:
			b.Manquantes++
		}
	}
	return b
}
