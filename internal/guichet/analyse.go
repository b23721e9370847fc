package guichet

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Analyseur scans documents for viruses. menace is the name of what was found,
// "" for nothing; an error concludes nothing.
type Analyseur interface {
	Analyser(ctx context.Context, contenu io.Reader) (menace string, err error)
}

// States of the scan of a document; "" = received while no scanner was set.
const (
	AnalyseAttend    = "en_attente"
	AnalysePropre    = "propre"
	AnalyseInfectee  = "infectee"
	aAnalyserParJour = 100_000
)

// commanderAnalyses marks documents just received and asks for their scan.
func (g *Guichet) commanderAnalyses(tx Tx, ps []Piece) error {
	if g.m.Analyseur == nil {
		return nil
	}
	for i := range ps {
		ps[i].Analyse = AnalyseAttend
		if err := g.commander(tx, TravailAnalyse, ps[i].SHA256, nil); err != nil {
			return err
		}
	}
	return nil
}

// exigerAnalyse refuses to show a document that is not known to be clean, when
// a scanner is set.
func (g *Guichet) exigerAnalyse(p *Piece) error {
	switch {
	case p.Analyse == AnalyseInfectee:
		return erreur(Conflit, "Cette pièce porte un logiciel malveillant : elle n’est pas ouverte.")
	case g.m.Analyseur != nil && p.Analyse != AnalysePropre:
		return erreur(Conflit, "L’analyse antivirus de cette pièce n’est pas finie. Réessayez dans un instant.")
	}
	return nil
}

// Ouvrable tells whether a received document can be shown: whoever may read it
// is told why not by [Guichet.OuvrirPiece].
func (g *Guichet) Ouvrable(p *Piece) bool { return p.SHA256 != "" && g.exigerAnalyse(p) == nil }

// analyserAvantDeMontrer scans a document of an enrolment, which nobody waits
// for, at the moment it is opened.
func (g *Guichet) analyserAvantDeMontrer(ctx context.Context, sha string) error {
	if g.m.Analyseur == nil {
		return nil
	}
	menace, err := g.scanner(ctx, sha)
	if err != nil {
		return &Error{Genre: Indisponible, Message: "L’analyse antivirus ne répond pas : le document n’est pas ouvert. Réessayez plus tard.", Cause: err}
	}
	if menace != "" {
		return erreur(Conflit, "Ce document porte un logiciel malveillant (%s) : il n’est pas ouvert.", visible(menace))
	}
	return nil
}

func (g *Guichet) scanner(ctx context.Context, sha string) (menace string, err error) {
	r, _, err := g.m.Magasin.Ouvrir(ctx, sha)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return g.m.Analyseur.Analyser(ctx, r)
}

// analyser scans one document. What carries a threat is as not received: its
// request waits for a clean one, if it still takes documents.
func (g *Guichet) analyser(ctx context.Context, t *Travail) (suiteTravail, error) {
	if g.m.Analyseur == nil {
		return nil, nil // the scanner was taken out meanwhile
	}
	menace, err := g.scanner(ctx, t.Cle)
	if errors.Is(err, ErrAbsent) {
		return nil, fmt.Errorf("%w: %w", ErrAbandon, err)
	}
	if err != nil {
		return nil, err
	}
	return func(tx Tx) error {
		if menace == "" {
			return tx.PoserAnalyse(t.Cle, AnalysePropre)
		}
		return g.ecarter(tx, t.Cle, menace)
	}, nil
}

// ecarter takes an infected document out of the requests that have it.
func (g *Guichet) ecarter(tx Tx, sha, menace string) error {
	if err := tx.PoserAnalyse(sha, AnalyseInfectee); err != nil {
		return err
	}
	ps, err := tx.PiecesDe(sha)
	if err != nil {
		return err
	}
	for _, p := range ps {
		d, err := tx.Demande(p.NumeroASP)
		if err != nil {
			return err
		}
		if err := g.journaliser(tx, &operation{acteur: systeme(), action: EcarterPiece, objet: string(d.NumeroASP)}, "fait", p.Nom+" : "+menace); err != nil {
			return err
		}
		if etat, _ := EtatDe(d.Statut); !etat.Pieces {
			continue // under instruction or later: never shown, the officer sees why
		}
		if err := tx.OterPieces(d.NumeroASP, []string{p.Nom}); err != nil {
			return err
		}
		s := Statut("")
		if d.Statut == Deposee {
			d.Statut, s = Incomplete, Incomplete
		}
		detail := "La pièce " + p.Nom + " porte un logiciel malveillant ; envoyez-en une autre."
		if err := g.entrer(tx, systeme(), d, Passage{Acte: EcarterPiece, Metier: metierSysteme, Statut: s, Detail: detail}); err != nil {
			return err
		}
	}
	return nil
}

// metierSysteme is the duty of what nobody does.
const metierSysteme = "systeme"

// systeme acts when nobody does: what the clock or a scanner brings about.
func systeme() *Acteur { return &Acteur{Compte: Compte{Identifiant: metierSysteme}} }
