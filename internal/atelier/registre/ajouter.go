package registre

import (
	"fmt"
	"time"
)

// ecriture is one entry to be written: its data as spelt, and as the summary
// takes it.
type ecriture struct {
	corps   []byte
	donnees any
	rendre  func() // takes corps back once it is copied; may be nil
}

// ajouter writes one entry of one kind.
func (r *Registre) ajouter(genre Genre, donnees any) error {
	return r.ajouterPlusieurs(genre, 1, func(int) any { return donnees })
}

// ajouterPlusieurs writes n entries and fsyncs once. When it fails, nothing of
// them is in the ledger.
func (r *Registre) ajouterPlusieurs(genre Genre, n int, donnees func(i int) any) error {
	return r.inscrire(genre, n, func(i int) (ecriture, error) {
		d := donnees(i)
		corps, err := encoder(d)
		if err != nil {
			err = fmt.Errorf("write the ledger: %w", err)
		}
		return ecriture{corps: corps, donnees: d}, err
	}, nil)
}

// Entries are written some at a time, and made durable on the way when there
// are many: the disk works while the next ones are made.
const (
	paquet  = 1 << 20
	durable = 4 << 20
)

// inscrire writes n entries as prendre gives them and makes them durable, then
// calls conclure if there is one. Entries count from then on; when anything
// fails, that included, nothing of them is in the ledger.
func (r *Registre) inscrire(genre Genre, n int, prendre func(i int) (ecriture, error), conclure func() error) error {
	if err := r.prete(); err != nil {
		return err
	}
	// To the nanosecond: two copies that give the same number in the same
	// second must not write the same line.
	s := suite{r: r, date: r.opt.Maintenant().Format(time.RFC3339Nano), genre: genre, fin: r.taille, numero: r.nombre, tete: r.tete}
	if n > 10 {
		s.tampon = make([]byte, 0, paquet+paquet/4)
	}
	for i := range n {
		x, err := prendre(i)
		if err != nil {
			r.retirer()
			return err
		}
		if err := s.ajouter(x); err != nil {
			return r.annuler(err)
		}
	}
	if err := s.finir(); err != nil {
		return r.annuler(err)
	}
	if conclure != nil {
		if err := conclure(); err != nil {
			r.retirer()
			return err
		}
	}
	r.taille, r.nombre, r.tete = s.fin, s.numero, s.tete
	for i, d := range s.donnees {
		if err := r.etat.appliquer(d, s.date, s.places[i]); err != nil {
			r.mort = err
			return err
		}
	}
	return nil
}

// suite is a run of entries being written behind the ledger's last one.
type suite struct {
	r       *Registre
	date    string
	genre   Genre
	tampon  []byte // lines not yet written
	fin     int64  // where the next line begins
	numero  int
	tete    string
	ecrits  int // bytes written and not yet durable
	donnees []any
	places  []place
}

func (s *suite) ajouter(x ecriture) error {
	deb := len(s.tampon)
	s.numero++
	s.tampon, s.tete = appendLigne(s.tampon, s.numero, s.date, s.genre, x.corps, s.tete)
	if x.rendre != nil {
		x.rendre()
	}
	longueur := len(s.tampon) - deb
	if longueur > ligneMax {
		return fmt.Errorf("l’entrée du registre dépasse %d Mo", ligneMax>>20)
	}
	s.donnees, s.places = append(s.donnees, x.donnees), append(s.places, place{deb: s.fin, longueur: longueur})
	s.fin += int64(longueur)
	if len(s.tampon) < paquet {
		return nil
	}
	if err := s.vider(); err != nil || s.ecrits < durable {
		return err
	}
	s.ecrits = 0
	return s.r.f.Sync()
}

func (s *suite) vider() error {
	_, err := s.r.f.WriteAt(s.tampon, s.fin-int64(len(s.tampon)))
	s.ecrits += len(s.tampon)
	s.tampon = s.tampon[:0]
	return err
}

func (s *suite) finir() error {
	if err := s.vider(); err != nil {
		return err
	}
	return s.r.f.Sync()
}

// annuler takes a failed write back.
func (r *Registre) annuler(cause error) error {
	r.retirer()
	return fmt.Errorf("le registre n’a pas été modifié : %w", cause)
}

// retirer cuts off what was written and does not count. When even that fails
// the ledger is closed to writing; the next opening repairs it.
func (r *Registre) retirer() {
	err := r.f.Truncate(r.taille)
	if err == nil {
		err = r.f.Sync()
	}
	if err != nil {
		r.mort = fmt.Errorf("le registre n’a pas pu être remis en état : %w", err)
	}
}
