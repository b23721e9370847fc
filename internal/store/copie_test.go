package store

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// A copy taken while others write is one state, whole, and makes a store like
// the first.
func TestCopierEtInstaller(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		if b.d.numerote {
			if _, err := exec.LookPath("pg_dump"); err != nil {
				t.Skip("pg_dump is not installed")
			}
		}
		f, _, d := socle(t, b)
		x := demande(f, d, 1)
		x.Montants.Verse = 0 // nothing was paid
		ecrire(t, b, func(tx guichet.Tx) error {
			return errors.Join(tx.AjouterDemandes([]*guichet.Demande{x}),
				tx.RecevoirPieces([]guichet.Piece{{NumeroASP: x.NumeroASP, Nom: "a.pdf", Taille: 3, SHA256: strings.Repeat("b", 64)}}),
				tx.AjouterTeleversement(&guichet.Televersement{ID: "coupe", FournisseurID: f.ID, DepotID: d.ID, Taille: 9}), tx.AjouterTranche("coupe", guichet.MorceauRecu{Taille: 4}),
				tx.AjouterEnrolement(&guichet.Enrolement{ID: "e", Documents: []guichet.DocumentEnrolement{{Type: "rib", SHA256: strings.Repeat("a", 64)}}}))
		})
		fin := make(chan struct{})
		var groupe sync.WaitGroup
		groupe.Go(func() {
			for {
				select {
				case <-fin:
					return
				default:
					ecrire(t, b, func(tx guichet.Tx) error { return tx.Journaliser([]guichet.Entree{{Acte: "essai"}}) })
				}
			}
		})
		chemin := filepath.Join(t.TempDir(), "copie")
		c, err := b.Copier(t.Context(), chemin)
		close(fin)
		groupe.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Documents) != 2 || c.Documents[0][0] != 'a' || c.VersionSQL < 2 {
			t.Errorf("%+v", c)
		}
		adresse := "sqlite:" + filepath.Join(t.TempDir(), "autre.db")
		if b.d.numerote {
			if adresse, err = postgres.NouvelleBase(); err != nil {
				t.Fatal(err)
			}
		}
		if err := Installer(t.Context(), adresse, "autre", chemin); err == nil {
			t.Error("installed from another engine")
		}
		if err := Installer(t.Context(), adresse, c.Moteur, chemin); err != nil {
			t.Fatal(err)
		}
		if err := Vide(t.Context(), adresse); !errors.Is(err, ErrPleine) {
			t.Errorf("after the restoration: %v", err)
		}
		if err := Installer(t.Context(), adresse, c.Moteur, chemin); !errors.Is(err, ErrPleine) {
			t.Errorf("over a store that is there: %v", err)
		}
		copie, err := Ouvrir(t.Context(), adresse)
		if err != nil {
			t.Fatal(err)
		}
		v, err := copie.VerifierJournal(t.Context())
		if err != nil || len(v.Ruptures) > 0 || v.Entrees != c.Entrees || v.Empreinte != c.Empreinte {
			t.Errorf("%+v, want %+v; %v", v, c, err)
		}
		lire(t, copie, func(tx guichet.Tx) error {
			if _, err := tx.Televersement("coupe"); !errors.Is(err, guichet.ErrAbsent) {
				t.Errorf("an upload whose slices are not in the copy goes on: %v", err)
			}
			return nil
		})
		// The sequences go on where they were, and the store can be written.
		ecrire(t, copie, func(tx guichet.Tx) error {
			return tx.PoserCompte(&guichet.Compte{Identifiant: "nouveau", Roles: []guichet.Role{guichet.Auditeur}})
		})
		if err := copie.Fermer(); err != nil {
			t.Error(err)
		}
	})
}

// What the first schema held outlives the way up, down and up again. A store
// that has written can do it itself: its migrations once waited for ever for
// the connection that its writer keeps.
func TestMigrationGardeLesDonnees(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		f, c, d := socle(t, b)
		x := demande(f, d, 1)
		numeros := []string{"00001", "00002", "AB0ZZ"}
		ecrire(t, b, func(tx guichet.Tx) error {
			return errors.Join(tx.AjouterDemandes([]*guichet.Demande{x}), tx.Bruler(f.ID, segur.Avance, numeros))
		})
		if err := b.MigrerVers(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if n, err := b.Migrer(t.Context()); err != nil || n < 2 {
			t.Fatal(n, err)
		}
		x.Abrege = guichet.Abrege{Regime: "TTC", Pieces: []guichet.PieceDeclaree{{Nom: "PHA-LGO-Va1-BDC-00001.pdf", Format: "PDF", Type: "BON_COMMANDE"}}} // as the file has it
		lire(t, b, func(tx guichet.Tx) error {
			lu, err := tx.Demande(x.NumeroASP)
			if diff := cmp.Diff(x, lu, memeInstant()); diff != "" {
				t.Error(diff)
			}
			champs, err2 := tx.ChampsCorriges(x.NumeroASP)
			if champs["numeroEditeur"] != `"00001"` || champs["commande.regimeTVA"] != `"TTC"` {
				t.Errorf("values %v", champs)
			}
			pris, err3 := tx.Brules(f.ID, segur.Avance, append(numeros, "AB0ZY"))
			if len(pris) != len(numeros) {
				t.Errorf("numbers used up %v", pris)
			}
			y, err4 := tx.CompteNomme(c.Identifiant)
			if err4 == nil && y.ID != c.ID {
				t.Errorf("account %d, was %d", y.ID, c.ID)
			}
			es, err5 := tx.Enrolements("", 10)
			if len(es) != 0 {
				t.Error(es)
			}
			return errors.Join(err, err2, err3, err4, err5)
		})
		ecrire(t, b, func(tx guichet.Tx) error { return tx.Bruler(f.ID, segur.Avance, []string{"00003"}) })
	})
}
