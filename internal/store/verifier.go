package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"guichet.example/internal/guichet"
)

// Verification is what a walk over the journal found.
type Verification struct {
	Entrees   int64
	Empreinte string   // of the last entry
	Ruptures  []string // French, one a break; the first rupturesMax of them
	Sommes    Sommes   // of a journal that is whole
}

const rupturesMax = 20

// OuvrirLecture opens a store that nothing is written to, also while another
// process serves it. Its Ecrire fails.
func OuvrirLecture(ctx context.Context, adresse string) (*Base, error) {
	d, ecriture, lecture, err := connecter(adresse)
	if err != nil {
		return nil, err
	}
	b := &Base{d: d, adresse: adresse, ecriture: ecriture, lecture: lecture, seule: true}
	if err := b.Vivante(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("la base ne s’ouvre pas : %w", err), b.fermerBases())
	}
	return b, nil
}

// VerifierJournal recomputes the whole chain. An error means that it could not
// be read, and tells nothing of it.
func (b *Base) VerifierJournal(ctx context.Context) (v Verification, err error) {
	tx, err := b.lecture.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: b.d.instantane()})
	if err != nil {
		return v, err
	}
	defer func() { _ = tx.Rollback() }() // a reading has nothing to keep
	return verifier(ctx, tx)
}

func verifier(ctx context.Context, tx *sql.Tx) (v Verification, err error) {
	rs, err := tx.QueryContext(ctx, "SELECT "+colonnesJournal+" FROM journal ORDER BY numero")
	if err != nil {
		return v, fmt.Errorf("la base n’a pas de journal : %w", err)
	}
	defer func() { _ = rs.Close() }() // Err tells what went wrong
	m := marche{v: &v, empreinte: guichet.EmpreinteNulle, effaces: map[string]effacement{}}
	for rs.Next() {
		if err := m.entree(rs); err != nil {
			return v, err
		}
	}
	if err := rs.Err(); err != nil {
		return v, err
	}
	var numero, empreinte any
	err = tx.QueryRowContext(ctx, "SELECT numero, empreinte FROM journal_tete WHERE id = 1").Scan(&numero, &empreinte)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		m.rompre("la tête du journal manque")
	case err != nil:
		return v, err
	case texteDe(numero) != strconv.FormatInt(v.Entrees, 10) || texteDe(empreinte) != m.empreinte:
		m.rompre("la tête du journal nomme l’entrée " + texteDe(numero) + ", et la dernière lue est la " + strconv.FormatInt(v.Entrees, 10) + " : la fin a été ôtée ou changée")
	}
	v.Empreinte = m.empreinte
	m.sansOrdre()
	if len(v.Ruptures) > 0 {
		return v, nil
	}
	if v.Sommes, err = sommer(ctx, tx); err == nil {
		for _, x := range v.Sommes.Ecarts() {
			m.rompre(x)
		}
	}
	return v, err
}

// marche walks the journal from one entry to the next.
type marche struct {
	v         *Verification
	empreinte string                // of the entry before
	effaces   map[string]effacement // by object: texts that are gone, and no entry met yet that orders it
}

// effacement names the last entry about an object whose address, or whose
// detail, is gone; 0 = none.
type effacement struct{ adresse, detail int64 }

// textes compares what stands beside an entry with its seals. A text that is
// gone needs a later entry that orders its erasure.
func (m *marche) textes(e *guichet.Entree, clair string) {
	c, err := guichet.LireClair(clair)
	e.Clair = c
	faute, sansAdresse, sansDetail := e.Ecart()
	if err != nil {
		faute = "son texte a été changé"
	}
	if faute != "" {
		m.rompre(fmt.Sprintf("l’entrée %d : %s", e.Numero, faute))
		return
	}
	if sansAdresse || sansDetail {
		x := m.effaces[e.Objet]
		if sansAdresse {
			x.adresse = e.Numero
		}
		if sansDetail {
			x.detail = e.Numero
		}
		m.effaces[e.Objet] = x
	}
	if e.Resultat != "fait" {
		return
	}
	switch guichet.Action(e.Acte) {
	case guichet.EffacerDonnees:
		delete(m.effaces, e.Objet)
	case guichet.EffacerAdresses:
		jusqua, _ := strconv.ParseInt(strings.TrimPrefix(e.Objet, guichet.ObjetAdresses), 10, 64)
		for objet, x := range m.effaces {
			if x.adresse <= jusqua {
				if x.adresse = 0; x.detail == 0 {
					delete(m.effaces, objet)
				} else {
					m.effaces[objet] = x
				}
			}
		}
	}
}

// sansOrdre tells of texts that are gone though no entry orders it.
func (m *marche) sansOrdre() {
	for _, objet := range slices.Sorted(maps.Keys(m.effaces)) {
		x := m.effaces[objet]
		m.rompre(fmt.Sprintf("l’entrée %d a perdu un texte, et aucune entrée du journal n’en ordonne l’effacement", max(x.adresse, x.detail)))
	}
}

func (m *marche) rompre(s string) {
	if len(m.v.Ruptures) < rupturesMax {
		m.v.Ruptures = append(m.v.Ruptures, s)
	}
}

// entree reads one row with whatever its columns hold: a value of another kind
// is a break, not an error.
func (m *marche) entree(rs *sql.Rows) error {
	var c [11]any
	dest := make([]any, len(c))
	for i := range c {
		dest[i] = &c[i]
	}
	if err := rs.Scan(dest...); err != nil {
		return err
	}
	m.v.Entrees++
	attendu := m.v.Entrees
	numero, ok := c[0].(int64)
	if !ok || numero != attendu {
		m.rompre(fmt.Sprintf("l’entrée %d manque ou a changé de numéro (lu : %s)", attendu, texteDe(c[0])))
		if ok {
			m.v.Entrees = numero
		}
	}
	e := guichet.Entree{Numero: numero}
	var clair string
	for i, p := range []*string{&e.Date, &e.Acteur, &e.Acte, &e.Objet, &e.Resultat, &e.Adresse, &e.Detail, &e.EmpreintePrecedente, &e.Empreinte, &clair} {
		t, texte := c[i+1].(string)
		if !texte {
			ok = false
		}
		*p = t
	}
	switch {
	case !ok || !e.Intacte():
		m.rompre(fmt.Sprintf("l’entrée %d a été changée : son empreinte ne correspond plus", attendu))
	case e.EmpreintePrecedente != m.empreinte:
		m.rompre(fmt.Sprintf("l’entrée %d ne suit pas la précédente", attendu))
	default:
		m.textes(&e, clair)
	}
	m.empreinte = e.Empreinte
	return nil
}

func texteDe(v any) string {
	switch x := v.(type) {
	case []byte:
		return string(x)
	case nil:
		return "rien"
	}
	return fmt.Sprint(v)
}
