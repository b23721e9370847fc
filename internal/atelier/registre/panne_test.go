package registre

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/segur"
)

// TestKilledAtAnyByteTheLedgerOpensAgain cuts a ledger at every offset, as a
// kill or a power cut does: whole entries stay, the torn one goes, that is
// said, and no number comes twice.
func TestKilledAtAnyByteTheLedgerOpensAgain(t *testing.T) {
	source := t.TempDir()
	r := ouvrir(t, source)
	preparer(t, r, 2)
	if _, err := r.AttribuerNumeros(1); err != nil {
		t.Fatal(err)
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
	tout, err := os.ReadFile(filepath.Join(source, NomRegistre))
	if err != nil {
		t.Fatal(err)
	}
	dossier := enMemoire(t)
	chemin := filepath.Join(dossier, NomRegistre)
	for n := range len(tout) + 1 {
		if err := os.WriteFile(chemin, tout[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		verifierCoupe(t, dossier, tout, n)
	}
}

// enMemoire is a folder whose fsyncs cost nothing, where the system has one:
// thousands of them are waited for.
func enMemoire(t *testing.T) string {
	t.Helper()
	d, err := os.MkdirTemp("/dev/shm", "registre-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(d); err != nil {
			t.Error(err)
		}
	})
	return d
}

// verifierCoupe opens what n bytes of a ledger are left of.
func verifierCoupe(t *testing.T, dossier string, tout []byte, n int) {
	t.Helper()
	entieres := bytes.Count(tout[:n], []byte{'\n'})
	net := n == 0 || tout[n-1] == '\n'
	if !net && n < len(tout) && tout[n] == '\n' { // only the line end is missing
		entieres, net = entieres+1, true
	}
	r, err := Ouvrir(dossier, options())
	if err != nil {
		t.Fatalf("cut at %d: %v", n, err)
	}
	defer func() {
		if err := r.Fermer(); err != nil {
			t.Error(err)
		}
	}()
	nombre, _ := r.Tete()
	want := entieres
	switch {
	case entieres == 0:
		want = 1 // opened anew
	case !net:
		want++ // the entry that tells of the repair
		if a := r.Avis(); len(a) != 1 || !strings.Contains(a[0], "inachevée") {
			t.Fatalf("cut at %d: said %q", n, a)
		}
	}
	if nombre != want {
		t.Fatalf("cut at %d: %d entries, want %d", n, nombre, want)
	}
	neufs, err := r.AttribuerNumeros(1)
	if err != nil {
		t.Fatalf("cut at %d: %v", n, err)
	}
	// The first two numbers are in the second entry, the third in the last.
	if entieres >= 2 && neufs[0] < "00003" {
		t.Fatalf("cut at %d: %s given twice", n, neufs[0])
	}
}

// TestDepositsPreparedTogetherCountTogether: killed between two files of one
// preparation, none of them counts, and their numbers stay burnt.
func TestDepositsPreparedTogetherCountTogether(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	numeros, err := r.AttribuerNumeros(2)
	if err != nil {
		t.Fatal(err)
	}
	var lot []DepotPrepare
	for _, n := range numeros {
		k, err := r.AttribuerFichier("9999999999", segur.JourExemple)
		if err != nil {
			t.Fatal(err)
		}
		c, err := segur.BaremePHA.Calculer(70833, "HT")
		if err != nil {
			t.Fatal(err)
		}
		lot = append(lot, DepotPrepare{Type: segur.Avance, Fichier: Fichier{Nom: segur.NomExemple(k)},
			Demandes: []DemandePreparee{{NumeroEditeur: n, Montants: MontantsDe(c)}}})
	}
	if err := r.Preparer(lot...); err != nil {
		t.Fatal(err)
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
	chemin := filepath.Join(dossier, NomRegistre)
	tout, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	lignes := bytes.SplitAfter(tout, []byte{'\n'})
	sansDernier := bytes.Join(lignes[:len(lignes)-2], nil)
	if err := os.WriteFile(chemin, sansDernier, 0o600); err != nil {
		t.Fatal(err)
	}
	r = ouvrir(t, dossier)
	if n := len(r.Demandes()); n != 0 {
		t.Errorf("%d requests of half a preparation count", n)
	}
	if err := r.Preparer(lot...); err != nil {
		t.Errorf("prepared again: %v", err)
	}
	if n := len(r.Demandes()); n != 2 {
		t.Errorf("%d requests after the second try", n)
	}
}

// faussaire is a file whose writes, syncs or truncations fail.
type faussaire struct {
	*os.File
	ecrire, synchroniser, tronquer error
	moitie                         bool // half of the bytes are written before the failure
}

func (f *faussaire) WriteAt(b []byte, ou int64) (int, error) {
	if f.ecrire == nil {
		return f.File.WriteAt(b, ou)
	}
	if f.moitie {
		n, err := f.File.WriteAt(b[:len(b)/2], ou)
		return n, errors.Join(err, f.ecrire)
	}
	return 0, f.ecrire
}

func (f *faussaire) Sync() error {
	if f.synchroniser != nil {
		return f.synchroniser
	}
	return f.File.Sync()
}

func (f *faussaire) Truncate(n int64) error {
	if f.tronquer != nil {
		return f.tronquer
	}
	return f.File.Truncate(n)
}

// TestFullDiskLeavesTheLedgerUnharmed: the number is not given, the next one
// after the disk is freed is the same, and nothing half written stays.
func TestFullDiskLeavesTheLedgerUnharmed(t *testing.T) {
	plein := &fs.PathError{Op: "write", Path: NomRegistre, Err: errors.New("no space left on device")}
	for nom, panne := range map[string]faussaire{
		"nothing written": {ecrire: plein},
		"half written":    {ecrire: plein, moitie: true},
		"sync fails":      {synchroniser: plein},
	} {
		t.Run(nom, func(t *testing.T) {
			dossier := t.TempDir()
			r := ouvrir(t, dossier)
			avant, err := os.ReadFile(filepath.Join(dossier, NomRegistre))
			if err != nil {
				t.Fatal(err)
			}
			vrai := r.f.(*os.File)
			panne.File = vrai
			r.f = &panne
			if _, err := r.AttribuerNumeros(1); !errors.Is(err, plein) {
				t.Fatalf("err = %v", err)
			}
			apres, err := os.ReadFile(filepath.Join(dossier, NomRegistre))
			if err != nil || !bytes.Equal(avant, apres) {
				t.Errorf("the ledger changed, %v", err)
			}
			if panne.synchroniser != nil {
				return // it also fails to be taken back: the ledger is closed to writing
			}
			r.f = vrai
			if n, err := r.AttribuerNumeros(1); err != nil || n[0] != "00001" {
				t.Errorf("%v, %v", n, err)
			}
		})
	}
}

// TestFailedRepairClosesTheLedgerToWriting: what could not be taken back is
// never written over; the next opening repairs it.
func TestFailedRepairClosesTheLedgerToWriting(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	vrai := r.f.(*os.File)
	r.f = &faussaire{File: vrai, ecrire: errors.New("disk gone"), moitie: true, tronquer: errors.New("disk gone")}
	if _, err := r.AttribuerNumeros(1); err == nil {
		t.Fatal("no error")
	}
	r.f = vrai
	if _, err := r.AttribuerNumeros(1); err == nil || !strings.Contains(err.Error(), "remis en état") {
		t.Fatalf("err = %v", err)
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
	if a := ouvrir(t, dossier).Avis(); len(a) != 1 {
		t.Errorf("repair said %q", a)
	}
}

func TestLedgerChangedBehindTheLockIsNotWritten(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	chemin := filepath.Join(dossier, NomRegistre)
	b, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(chemin, append(b, b...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.AttribuerNumeros(1); err == nil || !strings.Contains(err.Error(), "modifié par un autre programme") {
		t.Errorf("err = %v", err)
	}
}

// variableEnfant makes this test binary write a ledger until it is killed.
const variableEnfant = "REGISTRE_ENFANT"

func TestMain(m *testing.M) {
	if dossier := os.Getenv(variableEnfant); dossier != "" {
		ecrireSansFin(dossier)
	}
	os.Exit(m.Run())
}

func ecrireSansFin(dossier string) {
	r, err := Ouvrir(dossier, Options{Maintenant: time.Now, Auteur: "enfant"})
	for err == nil {
		var n []string
		if n, err = r.AttribuerNumeros(3); err == nil {
			_, err = os.Stdout.WriteString(strings.Join(n, "\n") + "\n")
		}
	}
	os.Exit(3)
}

// TestKillLoopNeverGivesANumberTwice kills a writing process again and again.
func TestKillLoopNeverGivesANumberTwice(t *testing.T) {
	moi, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dossier := t.TempDir()
	vus := map[string]bool{}
	for tour := range 15 {
		var dit bytes.Buffer
		cmd := exec.Command(moi)
		cmd.Env = append(os.Environ(), variableEnfant+"="+dossier)
		tuyau, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 200+tour*37) // killed after another number of bytes each time
		n, _ := tuyau.Read(b)
		dit.Write(b[:n])
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_, _ = dit.ReadFrom(tuyau)
		_ = cmd.Wait() // killed, as it should be
		texte := dit.String()
		if texte == "" {
			t.Fatal("the child gave no number")
		}
		for _, n := range strings.Split(texte[:strings.LastIndexByte(texte, '\n')], "\n") {
			if vus[n] {
				t.Fatalf("%s given twice", n)
			}
			vus[n] = true
		}
	}
	r := ouvrir(t, dossier)
	for n := range vus {
		if !r.Attribue(n) {
			t.Errorf("%s was given and is not in the ledger", n)
		}
	}
}
