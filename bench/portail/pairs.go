package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	_ "modernc.org/sqlite"
)

// servirPocketBase is the peer, in a process of its own: its defaults, with the
// batch API allowed for as many records as one file has.
func servirPocketBase() {
	dossier, adresse, noms := os.Args[2], os.Args[3], strings.Split(os.Args[4], ",")
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dossier, HideStartBanner: true})
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		s := app.Settings()
		s.Batch.Enabled, s.Batch.MaxRequests, s.Batch.Timeout = true, parFichier, 60
		if err := app.Save(s); err != nil {
			return err
		}
		c := core.NewBaseCollection("demandes")
		tous := ""
		c.CreateRule = &tous
		for _, n := range noms {
			c.Fields.Add(&core.TextField{Name: n})
		}
		c.AddIndex("idx_finess", false, "beneficiaire_FINESSGeo", "")
		c.AddIndex("idx_numero", true, "numeroEditeur", "")
		if err := app.Save(c); err != nil {
			return err
		}
		return e.Next()
	})
	os.Args = []string{os.Args[0], "serve", "--http", adresse}
	if err := app.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func mesurerPocketBase(dossier string, fs []fichier) (mesure, error) {
	cs, err := colonnes(&fs[0])
	if err != nil {
		return mesure{}, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return mesure{}, err
	}
	adresse := l.Addr().String()
	if err := l.Close(); err != nil {
		return mesure{}, err
	}
	c := exec.Command(os.Args[0], "pocketbase", dossier, adresse, strings.Join(cs, ","))
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		return mesure{}, err
	}
	defer func() { _ = errors.Join(c.Process.Kill(), c.Wait()) }() // it has served
	if err := attendre("http://" + adresse + "/api/health"); err != nil {
		return mesure{}, err
	}
	corps := make([][]byte, len(fs))
	for i := range fs {
		ls, err := fs[i].lignes()
		if err != nil {
			return mesure{}, err
		}
		var requetes []any
		for _, l := range ls {
			requetes = append(requetes, map[string]any{"method": "POST", "url": "/api/collections/demandes/records", "body": l})
		}
		if corps[i], err = json.Marshal(map[string]any{"requests": requetes}); err != nil {
			return mesure{}, err
		}
	}
	return paralleles(len(fs), clients, func(i int) error {
		r, err := http.Post("http://"+adresse+"/api/batch", "application/json", bytes.NewReader(corps[i]))
		if err != nil {
			return err
		}
		b, err := io.ReadAll(r.Body)
		if err = errors.Join(err, r.Body.Close()); err == nil && r.StatusCode != http.StatusOK {
			err = fmt.Errorf("batch: %s: %.300s", r.Status, b)
		}
		return err
	})
}

func attendre(adresse string) error {
	for range 200 {
		if r, err := http.Get(adresse); err == nil {
			return r.Body.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("no answer from " + adresse)
}

// boucleNue inserts the same rows without anything around them: one
// transaction a file, a prepared statement, the same driver and pragmas, and
// as many indexes as the portal keeps.
func boucleNue(chemin string, fs []fichier, ecrivains int) (mesure, error) {
	db, err := sql.Open("sqlite", "file:"+chemin+"?_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return mesure{}, err
	}
	defer func() { _ = db.Close() }() // measured already
	db.SetMaxOpenConns(ecrivains)
	db.SetMaxIdleConns(ecrivains)
	cs, err := colonnes(&fs[0])
	if err != nil {
		return mesure{}, err
	}
	for _, q := range []string{
		"CREATE TABLE demande (serie INTEGER PRIMARY KEY, statut TEXT, modifie TEXT, " + strings.Join(cs, " TEXT, ") + " TEXT)",
		"CREATE INDEX a ON demande (statut, serie)", "CREATE INDEX b ON demande (beneficiaire_FINESSGeo)", "CREATE INDEX c ON demande (modifie)", "CREATE UNIQUE INDEX d ON demande (numeroEditeur)",
	} {
		if _, err := db.Exec(q); err != nil {
			return mesure{}, err
		}
	}
	rangs := make([][][]any, len(fs))
	for i := range fs {
		ls, err := fs[i].lignes()
		if err != nil {
			return mesure{}, err
		}
		for _, l := range ls {
			r := []any{"incomplete", fs[i].nom}
			for _, c := range cs {
				r = append(r, l[c])
			}
			rangs[i] = append(rangs[i], r)
		}
	}
	insertion := "INSERT INTO demande (statut, modifie, " + strings.Join(cs, ", ") + ") VALUES (?, ?" + strings.Repeat(", ?", len(cs)) + ")"
	return paralleles(len(fs), ecrivains, func(i int) error { return inserer(db, insertion, rangs[i]) })
}

func inserer(db *sql.DB, insertion string, rangs [][]any) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after the commit it does nothing
	s, err := tx.Prepare(insertion)
	if err != nil {
		return err
	}
	for _, r := range rangs {
		if _, err := s.Exec(r...); err != nil {
			return err
		}
	}
	return tx.Commit()
}
