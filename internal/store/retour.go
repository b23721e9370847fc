package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"

	"guichet.example/segur"
)

// marqueEpissures begins a returned file that is kept as what it changes in
// the file received; one kept whole begins as all that is compressed does.
const marqueEpissures = 1

// comprimerEpissures spells splices: of each, how many bytes stand since the
// one before, how many it replaces, how many it puts there, and those.
func (c *compresseur) comprimerEpissures(es []segur.Epissure) []byte {
	b := make([]byte, 0, 64*len(es))
	pos := 0
	for _, e := range es {
		for _, n := range []int{e.Debut - pos, e.Fin - e.Debut, len(e.Texte)} {
			b = binary.AppendUvarint(b, uint64(n))
		}
		b = append(b, e.Texte...)
		pos = e.Fin
	}
	return c.e.EncodeAll(b, []byte{marqueEpissures})
}

// lireRetour gives a returned file, whole.
func (c *compresseur) lireRetour(recu, retour []byte) ([]byte, error) {
	if len(retour) == 0 || retour[0] != marqueEpissures {
		return c.lire(retour)
	}
	original, err := c.lire(recu)
	if err != nil {
		return nil, err
	}
	b, err := c.lire(retour[1:])
	if err != nil {
		return nil, err
	}
	es, err := lireEpissures(b, len(original))
	if err != nil {
		return nil, err
	}
	return segur.Episser(original, es), nil
}

var errEpissures = errors.New("store: a returned file that does not fit the file received")

// lireEpissures reads the splices of a file of a length.
func lireEpissures(b []byte, longueur int) (es []segur.Epissure, err error) {
	for pos := 0; len(b) > 0; {
		var ns [3]int
		for i := range ns {
			n, k := binary.Uvarint(b)
			if k <= 0 || n > lueMax {
				return nil, errEpissures
			}
			ns[i], b = int(n), b[k:]
		}
		e := segur.Epissure{Debut: pos + ns[0], Fin: pos + ns[0] + ns[1]}
		if e.Fin > longueur || ns[2] > len(b) {
			return nil, errEpissures
		}
		e.Texte, b, pos = b[:ns[2]], b[ns[2]:], e.Fin
		es = append(es, e)
	}
	return es, nil
}

// rendreEntiers puts returned files back whole: an older program reads them so
// alone.
func (b *Base) rendreEntiers(ctx context.Context, tx *sql.Tx) error {
	t := &transaction{ctx: ctx, d: b.d, z: b.z, q: tx}
	for dernier := ""; ; {
		type fichier struct{ recu, retour []byte }
		fs := map[string]fichier{}
		err := t.tous("SELECT depot_id, recu, retour FROM depot_fichier WHERE depot_id > ? ORDER BY depot_id LIMIT ?", []any{dernier, parPage}, func(scan func(...any) error) error {
			var f fichier
			err := scan(&dernier, &f.recu, &f.retour)
			fs[dernier] = f
			return err
		})
		if err != nil || len(fs) == 0 {
			return err
		}
		for id, f := range fs {
			if len(f.retour) == 0 || f.retour[0] != marqueEpissures {
				continue
			}
			entier, err := b.z.lireRetour(f.recu, f.retour)
			if err != nil {
				return err
			}
			if err := t.changer("UPDATE depot_fichier SET retour = ? WHERE depot_id = ?", b.z.comprimer(entier), id); err != nil {
				return err
			}
		}
	}
}
