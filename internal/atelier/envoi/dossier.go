package envoi

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"guichet.example/segur"
)

// Fichier is a JSON file to deposit and what lies beside it.
type Fichier struct {
	Chemin string
	Nom    string
	lieux  *lieux
}

// lieux says where documents are: in which archive, or in which file. Names
// are exact: the portal's are.
type lieux struct {
	zips   []string
	noms   map[string]int    // name → archive
	seules map[string]string // name → path of a file on its own
}

// profondeurMax bounds how far below a folder is looked.
const profondeurMax = 4

// Rassembler finds what to send: files given by name, and in folders those
// whose name is a deposit's, in the order of their day and number. Archives and
// documents of all the places are looked at together: what is in which archive
// is known, not guessed.
func Rassembler(chemins []string) ([]Fichier, error) {
	l := &lieux{noms: map[string]int{}, seules: map[string]string{}}
	var fs []Fichier
	vus := map[string]bool{}
	ajouter := func(chemin string) error {
		if nom := filepath.Base(chemin); !vus[nom] {
			vus[nom] = true
			fs = append(fs, Fichier{Chemin: chemin, Nom: nom, lieux: l})
			return nil
		}
		return fmt.Errorf("%s : ce nom de fichier est donné deux fois", chemin)
	}
	for _, c := range chemins {
		info, err := os.Stat(c)
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			err = l.parcourir(c, ajouter)
		case strings.EqualFold(filepath.Ext(c), ".zip"):
			l.zips = append(l.zips, c)
		case strings.EqualFold(filepath.Ext(c), ".json"):
			if err = ajouter(c); err == nil {
				err = l.parcourir(filepath.Dir(c), nil)
			}
		default:
			err = fmt.Errorf("%s : ce n’est ni un dossier, ni un fichier .json, ni un zip de pièces", c)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(fs) == 0 {
		return nil, errors.New("aucun fichier JSON-<numeroAns>-<AAAAMMJJ>-<NNN>.json à déposer : donnez le dossier préparé par « segur preparer »")
	}
	slices.SortStableFunc(fs, func(a, b Fichier) int { return strings.Compare(a.Nom, b.Nom) })
	return fs, l.ouvrir()
}

// parcourir notes what a folder holds; deposits go to ajouter when it is not
// nil.
func (l *lieux) parcourir(racine string, ajouter func(string) error) error {
	depart := filepath.Clean(racine) + string(filepath.Separator)
	return filepath.WalkDir(depart, func(chemin string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		nom := d.Name()
		rel := strings.TrimPrefix(chemin, depart)
		if chemin != depart && strings.HasPrefix(nom, ".") || strings.Count(rel, string(filepath.Separator)) > profondeurMax {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		switch ext := strings.ToLower(filepath.Ext(nom)); {
		case !d.Type().IsRegular():
		case ext == ".zip":
			if !slices.Contains(l.zips, chemin) {
				l.zips = append(l.zips, chemin)
			}
		case ext == ".json" && ajouter != nil:
			if _, err := segur.LireNomFichier(nom); err == nil {
				return ajouter(chemin)
			}
		case ext == ".pdf" || ext == ".jpg" || ext == ".png":
			l.seules[nom] = chemin
		}
		return nil
	})
}

// ouvrir reads the directories of the archives. One that cannot be read is
// left aside only if nothing of it is missed: its documents are then said to
// be missing.
func (l *lieux) ouvrir() error {
	for i, chemin := range l.zips {
		z, err := zip.OpenReader(chemin)
		if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
			return fmt.Errorf("%s : ce n’est pas un zip lisible (%w)", chemin, err)
		}
		for _, f := range z.File {
			if _, deja := l.noms[f.Name]; !deja {
				l.noms[f.Name] = i
			}
		}
		if err := z.Close(); err != nil {
			return err
		}
	}
	return nil
}
