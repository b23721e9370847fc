package guichet

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// What people write, and the addresses they write from, stand beside the chain:
// the entry holds a seal of the text, made with a salt of its own, and the text
// with its salt are kept in clear next to it. While both are there anybody can
// hold the text against its seal; once they are erased the chain still verifies,
// and nobody can guess the text back.

// TexteScelle is a text with the salt of its seal.
type TexteScelle struct {
	Sel   string `json:"sel"`
	Texte string `json:"texte"`
}

// Sceau is what the chain holds of a text: SHA-256 of its salt, a line feed and
// the text.
func (t TexteScelle) Sceau() string {
	somme := sha256.Sum256([]byte(t.Sel + "\n" + t.Texte))
	return "sha256:" + hex.EncodeToString(somme[:])
}

// Clair is what of an entry can be erased; nil members have no seal, or are
// erased.
type Clair struct {
	Adresse *TexteScelle `json:"adresse,omitempty"`
	Detail  *TexteScelle `json:"detail,omitempty"`
}

// Texte is the spelling of the store: never empty, so that an emptied column
// shows.
func (c Clair) Texte() string {
	b, err := json.Marshal(c)
	if err != nil { // two structs of texts
		panic(err)
	}
	return string(b)
}

// LireClair reads the spelling of the store; any other spelling of the same is
// refused, so that a change of a single byte shows.
func LireClair(s string) (c Clair, err error) {
	if err := json.Unmarshal([]byte(s), &c); err != nil {
		return c, err
	}
	if c.Texte() != s {
		return c, fmt.Errorf("not the spelling of the store: %.40q", s)
	}
	return c, nil
}

// detailPublic tells the acts whose detail is made of amounts, numbers, codes
// and hashes: it stays in the chain itself, where the sums are read.
func detailPublic(a Action) bool {
	return slices.Contains([]Action{DeposerFichier, PreparerLot, ApprouverLot, RetournerLot, ReglerLot, Recouvrer, Rembourser, Compenser, Decider, Reviser,
		RecevoirReleve, AppliquerReleve, FigerControle, TirerControle, ImporterRegistre, EffacerDonnees, EffacerAdresses}, a)
}

// couvrir puts seals in place of what may be erased one day.
func (e *Entree) couvrir(hasard io.Reader, public bool) error {
	sceller := func(p *string) (*TexteScelle, error) {
		if *p == "" {
			return nil, nil
		}
		var sel [16]byte
		if _, err := io.ReadFull(hasard, sel[:]); err != nil {
			return nil, fmt.Errorf("randomness: %w", err)
		}
		t := &TexteScelle{Sel: hex.EncodeToString(sel[:]), Texte: *p}
		*p = t.Sceau()
		return t, nil
	}
	var err error
	if e.Clair.Adresse, err = sceller(&e.Adresse); err != nil || public {
		return err
	}
	e.Clair.Detail, err = sceller(&e.Detail)
	return err
}

// Scelle tells a member of the chain that is a seal.
func Scelle(membre string) bool {
	const debut = "sha256:"
	if len(membre) != len(debut)+64 || membre[:len(debut)] != debut {
		return false
	}
	_, err := hex.DecodeString(membre[len(debut):])
	return err == nil
}

const efface = "(effacé)"

// DetailLisible is the detail for people: its text, or that it is erased.
func (e *Entree) DetailLisible() string { return texteLisible(e.Detail, e.Clair.Detail) }

// AdresseLisible is where the act came from, or that it is erased.
func (e *Entree) AdresseLisible() string { return texteLisible(e.Adresse, e.Clair.Adresse) }

func texteLisible(membre string, t *TexteScelle) string {
	switch {
	case t != nil:
		return t.Texte
	case Scelle(membre):
		return efface
	}
	return membre
}

// Ecart says what is wrong between the chain and what stands beside it: "" for
// nothing, and which seals have no text any more.
func (e *Entree) Ecart() (faute string, sansAdresse, sansDetail bool) {
	for _, x := range []struct {
		membre string
		t      *TexteScelle
		sans   *bool
	}{{e.Adresse, e.Clair.Adresse, &sansAdresse}, {e.Detail, e.Clair.Detail, &sansDetail}} {
		switch {
		case x.t == nil:
			*x.sans = Scelle(x.membre)
		case x.t.Sceau() != x.membre:
			return "son texte ne correspond plus à son sceau", false, false
		}
	}
	return "", sansAdresse, sansDetail
}

// ObjetAdresses begins the object of an entry that orders the erasure of the
// addresses of all entries up to a number, which ends it.
const ObjetAdresses = "adresses:1-"
