package atelier

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"golang.org/x/text/unicode/norm"

	"guichet.example/segur"
)

// scansMax bounds what a folder of scans may hold.
const scansMax = 200_000

// Scans is a folder of scans, listed once: its files are matched to orders and
// only read. What a link shows outside the folder is not part of it.
type Scans struct {
	dossier  string
	fichiers []scan
	noms     []string         // lower-case names, ascending, beside ordre
	ordre    []int            // files in the order of noms
	parNom   map[string][]int // by lower-case name, and by path in the folder
	parTronc map[string][]int // by lower-case name without extension
	parMot   map[string][]int // by words of the name with five characters or more
	pris     map[int]int      // file → order that has it
}

type scan struct {
	chemin string // in the folder, with slashes
	taille int64
	info   fs.FileInfo
}

// OuvrirScans lists a folder and those below it. What desktops leave
// everywhere is left aside, hidden or not.
func OuvrirScans(dossier string) (*Scans, error) {
	racine, err := os.OpenRoot(dossier)
	if err != nil {
		return nil, err
	}
	defer func() { _ = racine.Close() }() // only read
	s := &Scans{dossier: dossier, parNom: map[string][]int{}, parTronc: map[string][]int{}, parMot: map[string][]int{}, pris: map[int]int{}}
	err = fs.WalkDir(racine.FS(), ".", func(chemin string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if p := (*fs.PathError)(nil); errors.As(err, &p) {
				err = p.Err // its path is the one in the folder
			}
			return &fs.PathError{Op: "open", Path: filepath.Join(dossier, filepath.FromSlash(chemin)), Err: err}
		case chemin != "." && duBureau(path.Base(chemin)):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		info, err := d.Info()
		if err == nil && d.Type()&fs.ModeSymlink != 0 {
			info, err = racine.Stat(chemin) // fails when it leads outside
		}
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() || err != nil && d.Type()&fs.ModeSymlink != 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if len(s.fichiers) >= scansMax {
			return fmt.Errorf("le dossier %s contient plus de %d fichiers", dossier, scansMax)
		}
		s.indexer(scan{chemin, info.Size(), info})
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.trier()
	return s, nil
}

// duBureau tells the files and folders that desktops and spreadsheets make for
// themselves.
func duBureau(nom string) bool {
	switch strings.ToLower(nom) {
	case "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx":
		return true
	}
	return nom[0] == '.' || strings.HasPrefix(nom, "~$")
}

// nomPlie is a name as names are compared: in lower case, each accent in its
// letter. Macs write accents behind the letter, and lists have them in it.
func nomPlie(nom string) string { return strings.ToLower(norm.NFC.String(nom)) }

func (s *Scans) indexer(f scan) {
	i := len(s.fichiers)
	s.fichiers = append(s.fichiers, f)
	complet := nomPlie(f.chemin)
	nom := path.Base(complet)
	s.parNom[nom] = append(s.parNom[nom], i)
	if complet != nom {
		s.parNom[complet] = append(s.parNom[complet], i)
	}
	tronc := strings.TrimSuffix(nom, path.Ext(nom))
	s.parTronc[tronc] = append(s.parTronc[tronc], i)
	for _, m := range motsDe(tronc) {
		s.indexerMot(m, i)
		for chiffres := range strings.FieldsFuncSeq(m, func(r rune) bool { return r < '0' || r > '9' }) {
			if len(chiffres) == 9 { // a FINESS number behind letters: "bdc990000018"
				s.indexerMot(chiffres, i)
			}
		}
	}
}

func (s *Scans) indexerMot(m string, i int) {
	if len(m) >= 5 && !slices.Contains(s.parMot[m], i) {
		s.parMot[m] = append(s.parMot[m], i)
	}
}

func (s *Scans) trier() {
	s.ordre = make([]int, len(s.fichiers))
	for i := range s.ordre {
		s.ordre[i] = i
	}
	nom := func(i int) string { return nomPlie(path.Base(s.fichiers[i].chemin)) }
	slices.SortFunc(s.ordre, func(a, b int) int { return strings.Compare(nom(a), nom(b)) })
	for _, i := range s.ordre {
		s.noms = append(s.noms, nom(i))
	}
}

// motsDe cuts a name into its runs of letters and digits.
func motsDe(nom string) []string {
	return strings.FieldsFunc(nom, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') && r < 0x80 })
}

// trouver looks a name up as a list gives it: with or without folders and
// extension, whatever its letter case.
func (s *Scans) trouver(nom string) []int {
	nom = nomPlie(path.Clean(strings.ReplaceAll(nom, `\`, "/")))
	if is := s.parNom[nom]; is != nil {
		return is
	}
	nom = path.Base(nom)
	if is := s.parNom[nom]; is != nil {
		return is
	}
	if is := s.parTronc[nom]; is != nil {
		return is
	}
	// "scan.jpeg" for scan.jpg, and the other way round.
	if e := path.Ext(nom); e == ".jpeg" || e == ".jpg" {
		tronc := strings.TrimSuffix(nom, e)
		return append(slices.Clone(s.parNom[tronc+".jpg"]), s.parNom[tronc+".jpeg"]...)
	}
	return nil
}

// correspondre lists the files whose name fits a pattern of path.Match.
func (s *Scans) correspondre(motif string) ([]int, error) {
	motif = nomPlie(motif)
	if _, err := path.Match(motif, ""); err != nil {
		return nil, fmt.Errorf("le motif « %s » est mal formé", segur.Visible(motif, 60))
	}
	fixe := motif
	if i := strings.IndexAny(motif, `*?[\`); i >= 0 {
		fixe = motif[:i]
	}
	var is []int
	for k := sort.SearchStrings(s.noms, fixe); k < len(s.noms) && strings.HasPrefix(s.noms[k], fixe); k++ {
		if ok, _ := path.Match(motif, s.noms[k]); ok {
			is = append(is, s.ordre[k])
		}
	}
	return is, nil
}

// Inutilises lists the files that no order has, as paths in the folder.
func (s *Scans) Inutilises() []string {
	var noms []string
	for i := range s.fichiers {
		if _, pris := s.pris[i]; !pris {
			noms = append(noms, s.fichiers[i].chemin)
		}
	}
	return noms
}

// chemin is where a file can be opened.
func (s *Scans) chemin(i int) string {
	return filepath.Join(s.dossier, filepath.FromSlash(s.fichiers[i].chemin))
}

// formatScan is the value of formatFichier that an extension stands for; ""
// when it is not accepted. "jpeg" becomes JPG, and the copy ".jpg".
func formatScan(nom string) string {
	switch strings.ToLower(path.Ext(nom)) {
	case ".pdf":
		return "PDF"
	case ".png":
		return "PNG"
	case ".jpg", ".jpeg":
		return "JPG"
	}
	return ""
}
