// Package pgtest starts a real PostgreSQL server for tests: its own data
// folder, a Unix socket and no TCP port, ended by its process id.
//
// Start at [Serveur]. It is imported by tests only.
package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"database/sql"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// ErrAbsent tells that PostgreSQL is not installed: `make test` installs it.
var ErrAbsent = errors.New("PostgreSQL is not installed (apt: postgresql)")

// Serveur is a running server.
type Serveur struct {
	dossier string
	socket  string
	cmd     *exec.Cmd
	bases   atomic.Int64
	modele  sync.Once
	erreur  error               // of making the model
	titre   *syscall.Credential // who runs it: PostgreSQL refuses root
	bin     string
}

// Demarrer starts a server in a folder that it makes; the caller must call
// Arreter. options are passed to the server as they are ("-c", "…").
func Demarrer(options ...string) (*Serveur, error) { return DemarrerDans("", options...) }

// DemarrerDans is [Demarrer] with the folder made in another one, which may be
// a disk of its own that everybody can enter; "" = where temporary files go.
func DemarrerDans(parent string, options ...string) (*Serveur, error) {
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 {
		return nil, errors.Join(ErrAbsent, err)
	}
	slices.Sort(bins)
	s := &Serveur{bin: bins[len(bins)-1]}
	if s.dossier, err = os.MkdirTemp(parent, "pg"); err != nil {
		return nil, err
	}
	if err := s.preparer(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dossier))
	}
	if err := s.Lancer(options...); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dossier))
	}
	return s, nil
}

func (s *Serveur) preparer() error {
	s.socket = filepath.Join(s.dossier, "s")
	if err := os.Mkdir(s.socket, 0o700); err != nil {
		return err
	}
	if os.Getuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			return err
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2, os.Chown(s.dossier, uid, gid), os.Chown(s.socket, uid, gid)); err != nil {
			return err
		}
		s.titre = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	c := s.commande("initdb", "-D", filepath.Join(s.dossier, "d"), "-U", "guichet", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if b, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, b)
	}
	return nil
}

func (s *Serveur) commande(nom string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, nom), args...)
	c.Dir = s.dossier
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.titre, Pdeathsig: syscall.SIGQUIT}
	return c
}

// Lancer starts the server again on its folder, after Couper.
func (s *Serveur) Lancer(options ...string) error {
	args := []string{"-D", filepath.Join(s.dossier, "d"), "-k", s.socket, "-c", "listen_addresses=", "-c", "shared_buffers=32MB"}
	s.cmd = s.commande("postgres", append(args, options...)...)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	if err := s.Attendre(30 * time.Second); err != nil {
		return errors.Join(err, s.cmd.Process.Kill())
	}
	return nil
}

// Attendre waits until the server answers; its error tells that it does not.
func (s *Serveur) Attendre(d time.Duration) error {
	db, err := sql.Open("pgx", s.adresse("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // only asked whether it answers
	for ; d > 0; d -= 50 * time.Millisecond {
		if err = db.Ping(); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("PostgreSQL does not answer: %w", err)
}

func (s *Serveur) adresse(base string) string {
	return "postgres://guichet@/" + base + "?host=" + strings.ReplaceAll(s.socket, "/", "%2F") + "&sslmode=disable"
}

// NouvelleBase makes an empty database and returns its address.
func (s *Serveur) NouvelleBase() (string, error) {
	return s.creer("essai"+strconv.FormatInt(s.bases.Add(1), 10), "template1")
}

// NouvelleBasePrete makes a database that is as preparer leaves an empty one,
// and returns its address. preparer runs once, whoever asks first: a copy
// takes a tenth of the time of a schema. It must close what it opens.
func (s *Serveur) NouvelleBasePrete(preparer func(adresse string) error) (string, error) {
	const modele = "modele"
	s.modele.Do(func() {
		adresse, err := s.creer(modele, "template1")
		if err == nil {
			err = preparer(adresse)
		}
		s.erreur = err
	})
	if s.erreur != nil {
		return "", s.erreur
	}
	return s.creer("essai"+strconv.FormatInt(s.bases.Add(1), 10), modele)
}

func (s *Serveur) creer(nom, modele string) (string, error) {
	db, err := sql.Open("pgx", s.adresse("postgres"))
	if err != nil {
		return "", err
	}
	_, err = db.Exec("CREATE DATABASE " + nom + " TEMPLATE " + modele)
	return s.adresse(nom), errors.Join(err, db.Close())
}

// Couper ends the server at once, as a crash would.
func (s *Serveur) Couper() error {
	err := s.cmd.Process.Signal(syscall.SIGQUIT)
	_ = s.cmd.Wait() // a crash is what was asked for
	return err
}

// Arreter ends the server and removes its folder.
func (s *Serveur) Arreter() error {
	return errors.Join(s.Couper(), os.RemoveAll(s.dossier))
}
