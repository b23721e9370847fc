package registre

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"guichet.example/segur"
)

// verrou is the lock of a working folder. The lock itself belongs to the
// system and dies with its process; what the file says is for people.
type verrou struct {
	f      *os.File
	chemin string
}

// errPris is what prendreVerrou gives when somebody else holds the lock.
var errPris = errors.New("lock held")

// ErreurVerrou tells that another program is at work in the folder.
type ErreurVerrou struct {
	Chemin  string
	Porteur string // what the lock's file says of it; "" = nothing
}

// Error is the sentence for the person, in French.
func (e *ErreurVerrou) Error() string {
	qui := "un autre programme"
	if e.Porteur != "" {
		qui = e.Porteur
	}
	return fmt.Sprintf("le registre est utilisé par %s (verrou %s). Attendez qu’il ait fini, puis relancez la commande", qui, e.Chemin)
}

// verrouiller takes the lock and writes who holds it.
func verrouiller(chemin string, o Options) (*verrou, error) {
	f, err := ouvrirVerrou(chemin)
	if errors.Is(err, errPris) {
		return nil, &ErreurVerrou{Chemin: chemin, Porteur: lirePorteur(chemin)}
	}
	if err != nil {
		return nil, err
	}
	v := &verrou{f: f, chemin: chemin}
	if err := v.signer(o); err != nil {
		return nil, errors.Join(err, v.liberer())
	}
	return v, nil
}

// signer writes who holds the lock, for whoever is refused.
func (v *verrou) signer(o Options) error {
	auteur := o.Auteur
	if auteur == "" {
		auteur = "une session sans nom"
	}
	texte := fmt.Sprintf("%s, processus %s sur %s, depuis %s\n", auteur, strconv.Itoa(os.Getpid()), o.Poste, o.Maintenant().Format(time.RFC3339))
	if err := v.f.Truncate(0); err != nil {
		return err
	}
	_, err := v.f.WriteAt([]byte(texte), 0)
	return err
}

// lirePorteur reads who holds the lock. The file may be anybody's.
func lirePorteur(chemin string) string {
	f, err := os.Open(chemin)
	if err != nil {
		return ""
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 300))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(segur.Visible(string(b), 200))
}
