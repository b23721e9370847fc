// Package guichettest makes portals for tests: a real store of either engine,
// documents in memory, a clock that only tests move, and an account for every
// duty of two suppliers and of the agency.
//
// Start at [Nouveau]; [Monde.Amener] brings requests to a status by the acts
// that lead there. It is imported by tests only.
package guichettest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/store"
	"guichet.example/internal/store/pgtest"
	"guichet.example/segur"
)

// Horloge is a clock that stands still until it is moved. Safe for concurrent
// use.
type Horloge struct {
	mu sync.Mutex
	t  time.Time
}

// Maintenant is the instant that the clock shows.
func (h *Horloge) Maintenant() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.t
}

// Avancer moves the clock on.
func (h *Horloge) Avancer(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.t = h.t.Add(d)
}

// Debut is what a new clock shows: a morning in Paris, on a day when the
// examples of the format are accepted.
var Debut = time.Date(2023, 7, 3, 8, 0, 0, 0, time.UTC)

// Monde is a portal with its outside. Safe for concurrent use, but for the
// methods that take a testing.TB.
type Monde struct {
	Guichet *guichet.Guichet
	Base    *store.Base
	Adresse string // of the store
	Temp    string // where uploads wait
	Horloge *Horloge
	monde   guichet.Monde
	acteurs map[string]*guichet.Acteur
	fichier map[string]int // last file number used, by ANS number and day
	numero  *int           // last numeroEditeur used
}

// SQLite is the address of an empty store of its own, its schema up to date.
func SQLite(t testing.TB) string {
	t.Helper()
	vierge, err := schema()
	chemin := filepath.Join(t.TempDir(), "base.db")
	if err == nil {
		err = os.WriteFile(chemin, vierge, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + chemin
}

// Postgres is SQLite on a server.
func Postgres(t testing.TB, s *pgtest.Serveur) string {
	t.Helper()
	adresse, err := s.NouvelleBasePrete(migrer)
	if err != nil {
		t.Fatal(err)
	}
	return adresse
}

// schema is the file of an empty store. It is made once a test program, for
// migrating takes a fifth of the time of tests that each have their store.
var schema = sync.OnceValues(func() ([]byte, error) {
	dossier, err := os.MkdirTemp("", "guichettest-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dossier) }() // a folder of the system's, emptied by it in the end
	chemin := filepath.Join(dossier, "base.db")
	if err := migrer("sqlite:" + chemin); err != nil {
		return nil, err
	}
	return os.ReadFile(chemin)
})

// migrer makes the schema of an empty store, and closes it: with that, what
// was not in its file yet is.
func migrer(adresse string) error {
	b, err := store.Ouvrir(context.Background(), adresse)
	if err != nil {
		return err
	}
	_, err = b.Migrer(context.Background())
	return errors.Join(err, b.Fermer())
}

// Nouveau opens a portal on an empty store, with its campaign, its suppliers
// and its accounts; it is closed when the test ends.
func Nouveau(t testing.TB, adresse string) *Monde {
	t.Helper()
	m := &Monde{Adresse: adresse, Temp: t.TempDir(), Horloge: &Horloge{t: Debut}, acteurs: map[string]*guichet.Acteur{}, fichier: map[string]int{}, numero: new(int)}
	m.ouvrir(t, magasin{contenus: &sync.Map{}})
	if _, err := m.Base.Migrer(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.peupler(t)
	return m
}

// Autre opens the same store once more, as another process would: the clock,
// the documents and the accounts are shared.
func (m *Monde) Autre(t testing.TB) *Monde {
	t.Helper()
	autre := *m
	autre.ouvrir(t, m.monde.Magasin)
	return &autre
}

func (m *Monde) ouvrir(t testing.TB, documents guichet.Magasin) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	if m.Base, err = store.Ouvrir(t.Context(), m.Adresse); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Base.Fermer(); err != nil {
			t.Error(err)
		}
	})
	m.monde = guichet.Monde{
		Base: m.Base, Magasin: documents, Virementier: Virementier{}, PDF: lecteurPDF{}, Horloge: m.Horloge.Maintenant, Hasard: &hasard{r: rand.NewChaCha8(graine())},
		MotDePasse: guichet.CoutMotDePasse{Memoire: 64, Passes: 1}, // a try costs a millisecond, not a tenth of a second
		Zone:       zone, Version: "essai", DossierTemp: m.Temp, Signaler: func(message string, err error) { t.Errorf("signalled: %s: %v", message, err) },
	}
	if m.Guichet, err = guichet.Nouveau(m.monde); err != nil {
		t.Fatal(err)
	}
}

// graine differs from one portal to the next: two portals on one store must
// not give the same identifiers.
func graine() (g [32]byte) {
	for i := range g {
		g[i] = byte(rand.Uint32())
	}
	return g
}

// hasard is randomness for several callers at once.
type hasard struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (h *hasard) Read(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.r.Read(b)
}

// magasin keeps documents in memory.
type magasin struct{ contenus *sync.Map }

func (m magasin) Ecrire(_ context.Context, contenu []byte) (string, error) {
	somme := sha256.Sum256(contenu)
	sha := hex.EncodeToString(somme[:])
	m.contenus.Store(sha, bytes.Clone(contenu))
	return sha, nil
}

func (m magasin) Ouvrir(_ context.Context, sha string) (io.ReadCloser, int64, error) {
	v, ok := m.contenus.Load(sha)
	if !ok {
		return nil, 0, fmt.Errorf("%s: %w", sha, guichet.ErrAbsent)
	}
	b, _ := v.([]byte)
	return io.NopCloser(bytes.NewReader(b)), int64(len(b)), nil
}

// Serie keeps a document once the series is assured, as stores may.
func (m magasin) Serie() guichet.SerieDocuments {
	return &serie{m, magasin{contenus: &sync.Map{}}}
}

type serie struct{ sous, magasin magasin }

func (s *serie) Ecrire(ctx context.Context, contenu []byte) (string, error) {
	return s.magasin.Ecrire(ctx, contenu)
}

func (s *serie) Assurer(context.Context) error {
	s.magasin.contenus.Range(func(sha, b any) bool {
		s.sous.contenus.Store(sha, b)
		return true
	})
	return nil
}

func (s *serie) Abandonner() error { return nil }

func (m magasin) Supprimer(_ context.Context, sha string) error {
	m.contenus.Delete(sha)
	return nil
}

// lecteurPDF finds one page in any document.
type lecteurPDF struct{}

func (lecteurPDF) Lire(context.Context, []byte) (int, error) { return 1, nil }

// Virementier writes a payment file that a test reads at a glance: one line a
// payment, "number;amount;IBAN".
type Virementier struct{}

// Fichier implements [guichet.Virementier].
func (Virementier) Fichier(_ *guichet.Lot, vs []guichet.Virement, _ time.Time) ([]byte, error) {
	var b bytes.Buffer
	for _, v := range vs {
		fmt.Fprintf(&b, "%s;%s;%s\n", v.NumeroASP, v.Montant, v.IBAN)
	}
	return b.Bytes(), nil
}

// Fournisseur is one of the suppliers of every [Monde].
type Fournisseur struct{ Nom, Siret, Ans string }

// Fournisseurs lists the suppliers, "a" and "b".
func Fournisseurs() []Fournisseur {
	return []Fournisseur{{"a", "99999999800001", "DEMO000001"}, {"b", "99999998000009", "DEMO000002"}}
}

// Comptes lists the accounts by name; FournisseurID is 1 for the users of
// supplier "a" and 2 for those of "b".
func Comptes() []guichet.Compte {
	r := func(rs ...guichet.Role) []guichet.Role { return rs }
	return []guichet.Compte{
		{Identifiant: "a.gestionnaire", FournisseurID: 1, Roles: r(guichet.Gestionnaire)},
		{Identifiant: "a.deposant", FournisseurID: 1, Roles: r(guichet.Deposant)},
		{Identifiant: "a.lecteur", FournisseurID: 1, Roles: r(guichet.Lecteur)},
		{Identifiant: "b.gestionnaire", FournisseurID: 2, Roles: r(guichet.Gestionnaire)},
		{Identifiant: "instructeur1", Roles: r(guichet.Instructeur)},
		{Identifiant: "instructeur2", Roles: r(guichet.Instructeur)},
		{Identifiant: "decideur", Roles: r(guichet.Decideur)},
		{Identifiant: "comptable1", Roles: r(guichet.Comptable)},
		{Identifiant: "comptable2", Roles: r(guichet.Comptable)},
		{Identifiant: "controleur", Roles: r(guichet.Controleur)},
		{Identifiant: "auditeur", Roles: r(guichet.Auditeur)},
		{Identifiant: "administrateur", Roles: r(guichet.Administrateur)},
		{Identifiant: "cumul", Roles: r(guichet.Instructeur, guichet.Decideur, guichet.Comptable, guichet.Controleur)},
	}
}

func (m *Monde) peupler(t testing.TB) {
	t.Helper()
	campagne := &guichet.Campagne{
		Libelle: "Campagne d’essai", Couloir: "PHA", Logiciel: "LGO", Ouverture: Debut.AddDate(-1, 0, 0), Fermeture: Debut.AddDate(10, 0, 0),
		Bareme: segur.BaremePHA, Plafond: 875_00, Tranches: []guichet.Tranche{{Code: "B", Libelle: "801 à 1300 k€", HT: 708_33, TTC: 850_00}},
	}
	if err := m.Guichet.InstallerCampagne(t.Context(), campagne); err != nil {
		t.Fatal(err)
	}
	ids := map[guichet.FournisseurID]guichet.FournisseurID{}
	for i, x := range Fournisseurs() {
		f := &guichet.Fournisseur{RaisonSociale: "Fournisseur fictif " + x.Nom, Siret: x.Siret, IBAN: "FR00FICTIF" + x.Nom, BIC: "FICTFRPPXXX", Courriel: "contact@" + x.Nom + ".example", Actif: true}
		if err := m.Guichet.InstallerFournisseur(t.Context(), f, []guichet.NumeroAns{{Numero: x.Ans, Couloir: "PHA", Logiciel: "LGO"}}); err != nil {
			t.Fatal(err)
		}
		ids[guichet.FournisseurID(i+1)] = f.ID
	}
	for _, c := range Comptes() {
		c.Nom, c.Actif, c.FournisseurID = c.Identifiant, true, ids[c.FournisseurID]
		if err := m.Guichet.Installer(t.Context(), &c, ""); err != nil {
			t.Fatal(err)
		}
		m.acteurs[c.Identifiant] = &guichet.Acteur{Compte: c, Adresse: netip.MustParseAddr("192.0.2.1")}
	}
}

// Acteur is the account of a name; a name that no account has is a mistake of
// the test.
func (m *Monde) Acteur(nom string) *guichet.Acteur {
	a := m.acteurs[nom]
	if a == nil {
		panic("no account " + nom)
	}
	return a
}
