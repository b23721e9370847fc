package segur

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	h := sha256.New()
	fmt.Fprintf(h, "%d\x00%s\x00%s\x00%s\x00%s\x00%s\x00", Moteur, j.ID, j.Version, j.PrefixePiece(), j.Depuis, j.Jusque)
	fmt.Fprintf(h, "%d\x00%d\x00%d\x00%d\x00%d\x00", TailleMax, ProfondeurMax, DemandesMax, PieceMax, ZipMax)
	for _, champs := range [][]Champ{j.Entete, j.Champs} {
		for i := range champs {
			c := &champs[i]
			fmt.Fprintf(h, "%s\x00%d\x00%d\x00%d\x00%t\x00%q\x00", c.Balise(), c.Genre, c.Base, c.Longueur, c.Facultatif, c.Valeurs)
		}
	}
	for _, b := range j.Blocs {
		fmt.Fprintf(h, "%s\x00%t\x00%d\x00", b.Cle, b.Tableau, b.Base)
	}
	for _, p := range j.Pieces {
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00%d\x00%d\x00%d\x00", p.Valeur, p.Abrege, p.SousRegime, p.CodeManque, p.CodeTrop, p.CodeHorsCas)
	}
	for _, o := range operateurs {
		fmt.Fprintf(h, "%s\x00", o.Code)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
