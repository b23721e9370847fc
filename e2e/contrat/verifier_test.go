package contrat

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the journal is changed as an intruder would, in the file
)

// baseDe finds the one SQLite file of a folder that holds a table journal.
func baseDe(t testing.TB, dossier string) string {
	t.Helper()
	var trouvees []string
	err := filepath.WalkDir(dossier, func(chemin string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(chemin)
		if err == nil && bytes.HasPrefix(b, []byte("SQLite format 3\x00")) {
			trouvees = append(trouvees, chemin)
		}
		return nil
	})
	if err != nil || len(trouvees) == 0 {
		t.Fatalf("aucun fichier SQLite sous %s (%v)", dossier, err)
	}
	var avecJournal []string
	for _, chemin := range trouvees {
		db := ouvrir(t, chemin)
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM journal`).Scan(&n); err == nil && n > 0 {
			avecJournal = append(avecJournal, chemin)
		}
		_ = db.Close()
	}
	if len(avecJournal) != 1 {
		t.Fatalf("fichiers SQLite avec une table journal : %v, attendu un", avecJournal)
	}
	return avecJournal[0]
}

func ouvrir(t testing.TB, chemin string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", chemin)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func verifier(t testing.TB, base string) (int, string) {
	t.Helper()
	return lancerGuichet(t, []string{"GUICHET_BASE=sqlite:" + base}, "journal", "verifier")
}

// copie is the base in a folder of its own, changed by statements.
func copie(t testing.TB, base []byte, requetes ...string) string {
	t.Helper()
	chemin := filepath.Join(t.TempDir(), "copie.db")
	if err := os.WriteFile(chemin, base, 0o600); err != nil {
		t.Fatal(err)
	}
	db := ouvrir(t, chemin)
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(`PRAGMA foreign_keys = OFF`); err != nil {
		t.Fatal(err)
	}
	for _, declencheur := range noms(t, db, `SELECT name FROM sqlite_master WHERE type = 'trigger'`) {
		if _, err := db.Exec(fmt.Sprintf(`DROP TRIGGER %q`, declencheur)); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range requetes {
		r, err := db.Exec(q)
		if err != nil {
			t.Fatalf("%s : %v", q, err)
		}
		if n, _ := r.RowsAffected(); n == 0 {
			t.Fatalf("%s ne change rien", q)
		}
	}
	return chemin
}

func noms(t testing.TB, db *sql.DB, q string) []string {
	t.Helper()
	rs, err := db.Query(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rs.Close() }()
	var ns []string
	for rs.Next() {
		var n string
		if err := rs.Scan(&n); err != nil {
			t.Fatal(err)
		}
		ns = append(ns, n)
	}
	if err := rs.Err(); err != nil {
		t.Fatal(err)
	}
	return ns
}

// journalAbouti is a closed base whose journal has lived, with its columns and
// the values of its first one.
func journalAbouti(t *testing.T) (base []byte, colonnes, numeros []string) {
	t.Helper()
	d := demarrer(t, t.TempDir())
	asp := d.enEtat(t, "payee")[0]
	d.agent(t, "decideur").agir(t, asp, objet{"acte": "prendre"}).exige(t, "403", 403)
	chemin := baseDe(t, d.dossier)
	if code, sortie := verifier(t, chemin); code != 0 {
		t.Errorf("vérifier pendant qu’il sert : %d, attendu 0 : %s", code, sortie)
	}
	d.fournisseur(0).voir(t, asp)
	if code := d.arreter(); code != 0 {
		t.Fatalf("SIGTERM : %d", code)
	}
	db := ouvrir(t, chemin)
	colonnes = noms(t, db, `SELECT name FROM pragma_table_info('journal') ORDER BY cid`)
	numeros = noms(t, db, fmt.Sprintf(`SELECT %q FROM journal ORDER BY %q`, colonnes[0], colonnes[0]))
	if _, err := db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	base, err := os.ReadFile(chemin)
	if err != nil || len(numeros) < 8 {
		t.Fatalf("%d entrées au journal, %v", len(numeros), err)
	}
	return base, colonnes, numeros
}

func TestVerifierSeesEveryChange(t *testing.T) {
	t.Parallel()
	base, colonnes, numeros := journalAbouti(t)
	if code, sortie := verifier(t, copie(t, base)); code != 0 {
		t.Fatalf("copie entière : %d, attendu 0 : %s", code, sortie)
	}
	premier, milieu, dernier := numeros[0], numeros[len(numeros)/2], numeros[len(numeros)-1]
	ou := func(n string) string { return fmt.Sprintf(" WHERE %q = %s", colonnes[0], n) }
	cas := map[string][]string{
		"première entrée ôtée":       {"DELETE FROM journal" + ou(premier)},
		"entrée du milieu ôtée":      {"DELETE FROM journal" + ou(milieu)},
		"dernière entrée ôtée":       {"DELETE FROM journal" + ou(dernier)},
		"entrée ôtée et renumérotée": {"DELETE FROM journal" + ou(milieu), fmt.Sprintf("UPDATE journal SET %q = %q - 1 WHERE %q > %s AND %q <= %s", colonnes[0], colonnes[0], colonnes[0], milieu, colonnes[0], dernier)},
		"deux échangées":             echange(colonnes[0], milieu, premier),
		"deux voisines échangées":    echange(colonnes[0], dernier, numeros[len(numeros)-2]),
	}
	for _, colonne := range colonnes {
		for _, n := range []string{premier, milieu, dernier} {
			c := fmt.Sprintf("%q", colonne)
			cas["colonne "+colonne+" de l’entrée "+n] = []string{fmt.Sprintf(
				`UPDATE journal SET %[1]s = CASE typeof(%[1]s) WHEN 'integer' THEN %[1]s + 1000 WHEN 'blob' THEN CAST(%[1]s || x'00' AS BLOB) WHEN 'null' THEN 'x' WHEN 'real' THEN %[1]s + 1 ELSE %[1]s || 'x' END`, c) + ou(n)}
		}
	}
	for titre, requetes := range cas {
		t.Run(titre, func(t *testing.T) {
			t.Parallel()
			if code, sortie := verifier(t, copie(t, base, requetes...)); code != 1 {
				t.Errorf("%s : statut %d, attendu 1 : %s", titre, code, sortie)
			}
		})
	}
}

func echange(cle, a, b string) []string {
	return []string{
		fmt.Sprintf("UPDATE journal SET %q = -1 WHERE %q = %s", cle, cle, a),
		fmt.Sprintf("UPDATE journal SET %q = %s WHERE %q = %s", cle, a, cle, b),
		fmt.Sprintf("UPDATE journal SET %q = %s WHERE %q = -1", cle, b, cle),
	}
}

func TestVerifierWithNothingToRead(t *testing.T) {
	t.Parallel()
	dossier := t.TempDir()
	absent := filepath.Join(dossier, "absent.db")
	if code, sortie := verifier(t, absent); code != 3 || strings.TrimSpace(sortie) == "" {
		t.Errorf("base absente : statut %d, attendu 3 et un mot : %s", code, sortie)
	}
	texte := filepath.Join(dossier, "texte.db")
	vide := filepath.Join(dossier, "vide.db")
	for chemin, contenu := range map[string]string{texte: "ceci n’est pas une base, mais un texte assez long pour en avoir l’air\n", vide: ""} {
		if err := os.WriteFile(chemin, []byte(contenu), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, sortie := verifier(t, chemin); code != 3 {
			t.Errorf("%s : statut %d, attendu 3 : %s", filepath.Base(chemin), code, sortie)
		}
		if b, _ := os.ReadFile(chemin); string(b) != contenu {
			t.Errorf("%s a été changé", filepath.Base(chemin))
		}
	}
	if code, _ := verifier(t, filepath.Join(dossier, "pas", "de", "dossier.db")); code != 3 {
		t.Errorf("dossier absent : statut %d, attendu 3", code)
	}
	fichiers, err := os.ReadDir(dossier)
	if err != nil || len(fichiers) != 2 {
		t.Errorf("après la vérification : %v (%v), attendu qu’aucun fichier ne soit fait", fichiers, err)
	}
}
