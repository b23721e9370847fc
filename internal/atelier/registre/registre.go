package registre

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// NomRegistre is the file name of the ledger in the working folder, and
// NomVerrou that of its lock.
const (
	NomRegistre = "registre.segur"
	NomVerrou   = "registre.verrou"
)

// ligneMax bounds a line: 200 requests need some 400 kB.
const ligneMax = 64 << 20

// Options is what a ledger may know of the world.
type Options struct {
	Maintenant func() time.Time // required to write
	Auteur     string           // who writes, for the lock and the entries: "claire"
	Poste      string           // name of the machine
	Outil      string           // version of the program
}

// Registre is an open ledger. It is used by one goroutine.
type Registre struct {
	dossier string
	chemin  string // of the file
	opt     Options
	verrou  *verrou  // nil: opened to read
	f       fichier  // nil: opened to read
	taille  int64    // bytes of whole, verified entries
	nombre  int      // entries
	tete    string   // hash of the last one
	avis    []string // what the person should know, in French
	mort    error    // set when the file may no longer be written
	etat    etat
	tampons sync.Pool // of []byte, for Encoder
}

// fichier is what is needed of the file of a ledger; tests put faults in it.
type fichier interface {
	io.WriterAt
	Sync() error
	Truncate(taille int64) error
	Stat() (fs.FileInfo, error)
	Close() error
}

// ErrLecture is the error of every write on a ledger opened by [Lire].
var ErrLecture = errors.New("le registre est ouvert en lecture seule")

// ErrAbsent is the error of [Lire] where there is no ledger.
var ErrAbsent = errors.New("il n’y a pas de registre dans ce dossier")

// Ouvrir opens the ledger of a folder to write, and makes one where there is
// none. It takes the lock first: a second program gets an error that says who
// holds it. A torn tail is cut off and said in [Registre.Avis]; any other
// damage is an *ErreurChaine and nothing is changed. The caller must call
// Fermer.
func Ouvrir(dossier string, o Options) (*Registre, error) {
	if o.Maintenant == nil {
		return nil, errors.New("registre.Ouvrir: no clock")
	}
	v, err := verrouiller(filepath.Join(dossier, NomVerrou), o)
	if err != nil {
		return nil, err
	}
	r := &Registre{dossier: dossier, chemin: filepath.Join(dossier, NomRegistre), opt: o, verrou: v}
	if err := r.ouvrirFichier(); err != nil {
		return nil, errors.Join(err, r.Fermer())
	}
	return r, nil
}

// Lire reads the ledger of a folder without its lock, while another program
// may be writing: an entry not yet whole is left aside, and that is said in
// [Registre.Avis]. The ledger as read is a picture; it cannot be written.
func Lire(dossier string, o Options) (*Registre, error) {
	return LireFichier(filepath.Join(dossier, NomRegistre), o)
}

// LireFichier is [Lire] of a ledger under another name: a copy, a backup.
func LireFichier(chemin string, o Options) (*Registre, error) {
	f, err := os.Open(chemin)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s : %w", filepath.Dir(chemin), ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &Registre{dossier: filepath.Dir(chemin), chemin: chemin, opt: o}
	reste, err := r.rejouer(f)
	if err != nil {
		return nil, err
	}
	if reste.octets > 0 {
		r.avis = append(r.avis, fmt.Sprintf("la dernière entrée de %s est inachevée (%d octets) : elle ne compte pas ; elle sera écartée à la prochaine écriture", filepath.Base(chemin), reste.octets))
	}
	return r, nil
}

// ouvrirFichier opens or makes the file, replays it, and repairs its tail.
func (r *Registre) ouvrirFichier() error {
	f, err := os.OpenFile(r.chemin, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	r.f = f
	reste, err := r.rejouer(f)
	if err != nil {
		return err
	}
	if r.nombre == 0 {
		if err := r.ouvrirRegistre(); err != nil {
			return err
		}
		return synchroniserDossier(r.dossier)
	}
	if reste.complete || reste.octets > 0 {
		return r.reparer(reste)
	}
	return nil
}

// ouvrirRegistre writes the first entry over whatever a killed first writing
// left.
func (r *Registre) ouvrirRegistre() error {
	if err := r.f.Truncate(0); err != nil {
		return err
	}
	return r.ajouter(GenreOuverture, ouverture{Format: formatRegistre, Auteur: r.opt.Auteur, Poste: r.opt.Poste, Outil: r.opt.Outil})
}

// reparer ends a whole last line that lacks its line end, or cuts a torn tail
// off and says so in the ledger itself.
func (r *Registre) reparer(reste queue) error {
	if reste.complete {
		if _, err := r.f.WriteAt([]byte{'\n'}, r.taille-1); err != nil {
			return err
		}
		return r.f.Sync()
	}
	if err := r.f.Truncate(r.taille); err != nil {
		return err
	}
	r.avis = append(r.avis, fmt.Sprintf("la dernière entrée du registre était inachevée (%d octets, écriture interrompue) : elle a été écartée ; les %d entrées précédentes sont intactes", reste.octets, r.nombre))
	return r.ajouter(GenreReparation, reparation{Octets: reste.octets, SHA256: reste.sha256, Debut: reste.debut, Auteur: r.opt.Auteur})
}

// Fermer gives the lock back. The ledger must not be used afterwards.
func (r *Registre) Fermer() error {
	var errs []error
	if r.f != nil {
		errs = append(errs, r.f.Close())
		r.f = nil
	}
	if r.verrou != nil {
		errs = append(errs, r.verrou.liberer())
		r.verrou = nil
	}
	r.mort = errors.New("le registre est fermé")
	return errors.Join(errs...)
}

// Avis are sentences that the person should read: a repaired tail, a lock left
// by a program that died. The slice is the caller's.
func (r *Registre) Avis() []string { return append([]string(nil), r.avis...) }

// Dossier is the folder of the ledger.
func (r *Registre) Dossier() string { return r.dossier }

// Tete is the number of entries and the hash of the last one: what a copy of
// the ledger can be compared with.
func (r *Registre) Tete() (nombre int, empreinte string) { return r.nombre, r.tete }

// prete refuses to write a ledger that is closed, only read, or changed by
// somebody who did not take the lock.
func (r *Registre) prete() error {
	switch {
	case r.mort != nil:
		return r.mort
	case r.f == nil:
		return ErrLecture
	}
	info, err := r.f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != r.taille {
		return fmt.Errorf("%s a été modifié par un autre programme pendant son utilisation : rien n’a été écrit, relancez la commande", filepath.Join(r.dossier, NomRegistre))
	}
	return nil
}

// synchroniserDossier makes a new file's name durable.
func synchroniserDossier(dossier string) error {
	d, err := os.Open(dossier)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		err = nil // some systems cannot, and keep names safe by themselves
	}
	return errors.Join(err, d.Close())
}
