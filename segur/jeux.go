package segur

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"sync"
)

// Moteur numbers the engine: it goes up when the same table would give
// another verdict or another code, so that equal hashes mean equal verdicts.
const Moteur = 1

// Jeux returns the rule sets that this version of the package knows, advances
// first, each type in the order of its validity.
func Jeux() []*Jeu { return []*Jeu{jeuAvance(), jeuSolde()} }

var (
	jeuAvance = sync.OnceValue(func() *Jeu { return preparer(avance()) })
	jeuSolde  = sync.OnceValue(func() *Jeu { return preparer(solde()) })
)

func preparer(j *Jeu) *Jeu {
	j.plan = newPlan(j)
	j.plan.catalogue = sync.OnceValue(func() []Entree { return construireCatalogue(j) })
	j.plan.empreinte = sync.OnceValue(func() string { return empreinteDe(j) })
	return j
}

// JeuPour returns the rule set of a type of request in force on a day. The
// error is French, for the person who asked.
func JeuPour(t TypeDemande, jour Jour) (*Jeu, error) {
	if t == Avance {
		// The usual question, answered without preparing the other sets.
		if j := jeuAvance(); j.Couvre(jour) {
			return j, nil
		}
	}
	for _, j := range Jeux() {
		if j.Type == t && j.Couvre(jour) {
			return j, nil
		}
	}
	return nil, fmt.Errorf("aucun jeu de règles « %s » n’est en vigueur le %s", t, jour)
}

// Couvre tells whether the rule set is in force on a day.
func (j *Jeu) Couvre(jour Jour) bool {
	return (j.Depuis.Nul() || !j.Depuis.Apres(jour)) && (j.Jusque.Nul() || !jour.Apres(j.Jusque))
}

// Empreinte is "sha256:" and the hash of all that decides a verdict under this
// rule set: its table, the operators, the engine's number.
func (j *Jeu) Empreinte() string { return j.plan.empreinte() }

func empreinteDe(j *Jeu) string {
	// Hashed bit by bit: a command pays for every page of memory it touches.
	h := sha256.New()
	var b []byte
	textes := func(ts ...string) {
		for _, t := range ts {
			b = append(append(b[:0], t...), 0)
			h.Write(b)
		}
	}
	nombres := func(ns ...int) {
		for _, n := range ns {
			textes(strconv.Itoa(n))
		}
	}
	nombres(Moteur, TailleMax, ProfondeurMax, DemandesMax, PieceMax, ZipMax)
	textes(j.ID, j.Version, j.PrefixePiece(), j.Depuis.ISO(), j.Jusque.ISO())
	for _, champs := range [][]Champ{j.Entete, j.Champs} {
		for i := range champs {
			c := &champs[i]
			textes(c.Bloc, c.Cle, strconv.FormatBool(c.Facultatif))
			nombres(int(c.Genre), c.Base, c.Longueur, len(c.Valeurs))
			textes(c.Valeurs...)
		}
	}
	for _, bloc := range j.Blocs {
		textes(bloc.Cle, strconv.FormatBool(bloc.Tableau))
		nombres(bloc.Base)
	}
	for _, p := range j.Pieces {
		textes(p.Valeur, p.Abrege, p.SousRegime)
		nombres(p.CodeManque, p.CodeTrop, p.CodeHorsCas)
	}
	for i := range operateurs {
		textes(operateurs[i].Code)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
