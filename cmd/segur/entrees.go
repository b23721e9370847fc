package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"guichet.example/segur"
)

// entree is one JSON file to control, or why it cannot be.
type entree struct {
	chemin  string // as the person would write it; "-" = standard input
	lot     *lot   // what stands beside it
	erreur  error  // found while listing
	zip     string // archive that holds it, "" = none
	interne string // its name inside that archive
}

// lot is what is controlled together: the JSON files of one folder and the
// pieces beside and below them, or the files and archives of the command line.
type lot struct {
	dossier  string   // "" = the command line's
	fichiers []string // pieces that lie in folders
	zips     []string // archives of pieces
	exige    bool     // --pieces was given: pieces are controlled even if there are none
	examen   examen
}

// aPieces tells whether pieces are to be controlled.
func (l *lot) aPieces() bool { return l.exige || len(l.fichiers)+len(l.zips) > 0 }

func (l *lot) ajouter(chemin string) {
	if estZip(chemin) {
		l.zips = append(l.zips, chemin)
	} else {
		l.fichiers = append(l.fichiers, chemin)
	}
}

// rassembler turns the arguments into JSON files to control, in the order
// given. dossiers tells whether a folder is among them.
func rassembler(chemins, pieces []string) (es []entree, dossiers bool, err error) {
	seuls := &lot{}
	seuls.exige = len(pieces) > 0
	for _, p := range pieces {
		if err := seuls.ajouterPieces(p); err != nil {
			return nil, false, err
		}
	}
	for _, c := range chemins {
		info, err := os.Stat(c)
		switch {
		case c == "-":
			es = append(es, entree{chemin: c, lot: seuls})
		case err != nil:
			es = append(es, entree{chemin: c, lot: seuls, erreur: err})
		case info.IsDir():
			dossiers = true
			es = append(es, parcourir(c)...)
		case estZip(c):
			trouves, err := jsonDuZip(c)
			if err != nil {
				es = append(es, entree{chemin: c, lot: seuls, erreur: err})
				continue
			}
			seuls.zips = append(seuls.zips, c)
			for _, nom := range trouves {
				es = append(es, entree{chemin: c + "/" + nom, lot: seuls, zip: c, interne: nom})
			}
		default:
			es = append(es, entree{chemin: c, lot: seuls})
		}
	}
	return es, dossiers, nil
}

// ajouterPieces adds what --pieces names.
func (l *lot) ajouterPieces(chemin string) error {
	info, err := os.Stat(chemin)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		if !estZip(chemin) && !estPiece(chemin) {
			return usage("--pieces %s : ce n’est ni un dossier, ni un zip, ni un document PDF, PNG ou JPG", chemin)
		}
		l.ajouter(chemin)
		return nil
	}
	_, pieces, fautes := lister(chemin)
	for _, p := range pieces {
		l.ajouter(p)
	}
	if len(fautes) > 0 {
		return fautes[0].erreur
	}
	return nil
}

// parcourir lists a folder and those below it: JSON files to control, each
// folder that holds some with the pieces beside and below it.
func parcourir(racine string) []entree {
	json, pieces, es := lister(racine)
	lots := map[string]*lot{}
	for _, chemin := range json {
		d := filepath.Dir(chemin)
		if lots[d] == nil {
			lots[d] = &lot{dossier: d}
		}
		es = append(es, entree{chemin: chemin, lot: lots[d]})
	}
	for _, p := range pieces {
		for d := filepath.Dir(p); ; d = filepath.Dir(d) {
			if l := lots[d]; l != nil {
				l.ajouter(p)
				break
			}
			if d == filepath.Clean(racine) || d == filepath.Dir(d) {
				break // no JSON file above it: nothing declares it
			}
		}
	}
	sort.SliceStable(es, func(i, j int) bool { return es[i].chemin < es[j].chemin })
	if len(es) == 0 {
		es = append(es, entree{chemin: racine, lot: &lot{}, erreur: errors.New("aucun fichier .json dans ce dossier : il n’y a rien à contrôler")})
	}
	return es
}

// nomCertificat is a control certificate beside the files that it speaks of:
// in a folder it is not one of them.
const nomCertificat = "certificat.json"

// lister walks a folder. Hidden files are left aside, as desktops leave theirs
// everywhere; what cannot be read is an entry of its own.
func lister(racine string) (json, pieces []string, fautes []entree) {
	noter := func(chemin string, err error) {
		fautes = append(fautes, entree{chemin: chemin, lot: &lot{}, erreur: err})
	}
	// Behind a separator a link to a folder is the folder.
	depart := filepath.Clean(racine) + string(filepath.Separator)
	err := filepath.WalkDir(depart, func(chemin string, d fs.DirEntry, err error) error {
		cache := chemin != depart && strings.HasPrefix(filepath.Base(chemin), ".")
		switch {
		case err != nil:
			noter(chemin, err)
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case cache && d.IsDir():
			return fs.SkipDir
		case cache || d.IsDir():
		case d.Type()&^fs.ModeSymlink != 0:
			noter(chemin, errSpecial)
		case strings.EqualFold(filepath.Base(chemin), nomCertificat):
		case strings.EqualFold(filepath.Ext(chemin), ".json"):
			json = append(json, chemin)
		case estZip(chemin) || estPiece(chemin):
			pieces = append(pieces, chemin)
		}
		return nil
	})
	if err != nil {
		noter(racine, err)
	}
	return json, pieces, fautes
}

var errSpecial = errors.New("ce n’est pas un fichier ordinaire")

func estZip(chemin string) bool { return strings.EqualFold(filepath.Ext(chemin), ".zip") }

// estPiece tells what looks like a scan; anything else in a folder is none of
// the control's business.
func estPiece(chemin string) bool {
	switch strings.ToLower(filepath.Ext(chemin)) {
	case ".pdf", ".png", ".jpg", ".jpeg":
		return true
	}
	return false
}

// tampon is one worker's memory, used again for each file.
type tampon struct {
	octets  []byte
	memoire segur.Memoire
}

// lire reads a file whole, up to one byte over the size that is accepted: a
// larger one is only hashed. taille is what the file system says, -1 for a
// stream.
func (t *tampon) lire(r io.Reader, taille int64) (segur.Fichier, error) {
	t.octets = t.octets[:0]
	if n := min(max(taille, 0), segur.TailleMax) + bytes.MinRead; int64(cap(t.octets)) < n {
		t.octets = make([]byte, 0, n)
	}
	b := bytes.NewBuffer(t.octets)
	n, err := b.ReadFrom(io.LimitReader(r, segur.TailleMax+1))
	if taille < 0 && n > segur.TailleMax {
		// A stream may never end: what was read is enough to refuse it.
		t.octets = b.Bytes()
		return segur.Fichier{Taille: n}, err
	}
	t.octets = b.Bytes()
	if err != nil {
		return segur.Fichier{}, err
	}
	if n <= segur.TailleMax {
		somme := sha256.Sum256(t.octets)
		return segur.Fichier{Taille: n, SHA256: hex.EncodeToString(somme[:])}, nil
	}
	h := sha256.New()
	h.Write(t.octets)
	reste, err := io.Copy(h, r)
	return segur.Fichier{Taille: n + reste, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// lireEntree reads one entry into t.
func (c *contexte) lireEntree(e *entree, t *tampon) (segur.Fichier, error) {
	if e.erreur != nil {
		return segur.Fichier{Nom: filepath.Base(e.chemin), Chemin: e.chemin}, e.erreur
	}
	f, err := c.ouvrirEntree(e, t)
	f.Nom, f.Chemin = filepath.Base(e.chemin), e.chemin
	return f, err
}

func (c *contexte) ouvrirEntree(e *entree, t *tampon) (segur.Fichier, error) {
	switch {
	case e.chemin == "-":
		return t.lire(c.entree, -1)
	case e.zip != "":
		return lireDansZip(e, t)
	}
	f, err := os.Open(e.chemin)
	if err != nil {
		return segur.Fichier{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return segur.Fichier{}, err
	}
	if info.IsDir() {
		return segur.Fichier{}, errors.New("c’est un dossier")
	}
	if !info.Mode().IsRegular() {
		return t.lire(f, -1)
	}
	return t.lire(f, info.Size())
}
