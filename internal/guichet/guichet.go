package guichet

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// Magasin keeps the bytes of supporting documents by their SHA-256. Ecrire
// returns once they would survive a power cut; writing the same bytes twice is
// no error. Ouvrir fails with an error that wraps [ErrAbsent] for bytes that
// are not there. Supprimer takes bytes out for good; none there is no error.
type Magasin interface {
	Ecrire(ctx context.Context, contenu []byte) (sha256 string, err error)
	// Serie begins to write many documents that are waited for once.
	Serie() SerieDocuments
	Ouvrir(ctx context.Context, sha256 string) (io.ReadCloser, int64, error)
	// Supprimer takes bytes out for good; bytes that are not there are no error.
	Supprimer(ctx context.Context, sha256 string) error
}

// SerieDocuments writes many documents. Ecrire may be called by several at
// once; Assurer returns once all would survive a power cut. Abandonner ends a
// series that is not assured, and after Assurer does nothing: bytes of it may
// stay in the store, harmless alone.
type SerieDocuments interface {
	Ecrire(ctx context.Context, contenu []byte) (sha256 string, err error)
	Assurer(ctx context.Context) error
	Abandonner() error
}

// Virementier writes the payment file of an approved batch.
type Virementier interface {
	Fichier(l *Lot, virements []Virement, cree time.Time) ([]byte, error)
}

// Virement is one payment, with the account that it goes to.
type Virement struct {
	NumeroASP     NumeroASP
	Montant       segur.Montant
	RaisonSociale string
	IBAN, BIC     string
	Libelle       string
}

// Monde is what the business needs of the outside; every field is required but
// those that say what nil means, and Finess.
type Monde struct {
	Base        Base
	Magasin     Magasin
	Virementier Virementier
	PDF         piece.LecteurPDF
	Horloge     func() time.Time
	Hasard      io.Reader
	Zone        *time.Location // Europe/Paris
	Version     string         // of the program, in reports
	DossierTemp string         // where uploads wait while they are controlled
	// Finess gives the register of health establishments in place now, which
	// may be nil: then categories and existence are not judged. nil = never any.
	Finess    func() Registre
	Facteur   Facteur   // nil = no mail goes out
	Analyseur Analyseur // nil = documents are not scanned
	Appelant  Appelant  // nil = no webhooks
	Cle       []byte    // of the safe, CleTaille bytes; nil = no second factor, no webhooks
	// CleAncienne opens what an earlier key of the safe sealed, until
	// [Guichet.RenouvelerCoffre] has sealed it anew; nil = there is none.
	CleAncienne []byte
	Cles        AuthentificateurCles // nil = no passkeys
	Identites   FournisseurIdentite  // nil = nobody else says who people are
	Certificat  LecteurCertificat    // nil = certificates are not read
	Releves     LecteurReleve        // nil = the bank's files of returns are not read
	BacASable   bool                 // everything is a trial: see essai.go
	Second      ExigenceSecond       // who must have a second factor
	Divulgues   *Divulgues           // nil = leaked passwords are not known
	Affluence   Affluence
	MotDePasse  CoutMotDePasse

	// ConservationManuelle leaves erasing what is due to people; otherwise the
	// clock does it every night.
	ConservationManuelle bool

	Exploitants []string                          // who gets the daily bulletin; none = nobody
	Sante       func(ctx context.Context) []Point // what the bulletin says besides; nil = nothing

	// Suivre is told of each piece of work before it is done, and how it ended:
	// for traces. nil = nobody watches.
	Suivre func(ctx context.Context, t *Travail) (context.Context, func(error))
	// Signaler tells the operator what went wrong behind an answer that did
	// not: a journal entry that could not be written, a file that stays behind.
	Signaler func(message string, err error)
}

// Guichet is the agency's counter: its methods are the services. Safe for
// concurrent use.
type Guichet struct {
	m              Monde
	depots, envois *salle // what is costly waits here: see affluence.go
}

// Registre knows the category of an establishment by its FINESS number.
type Registre func(numero string) (categorie int, connu bool)

// registre is the register in place now; nil = none.
func (g *Guichet) registre() Registre {
	if g.m.Finess == nil {
		return nil
	}
	return g.m.Finess()
}

// Nouveau opens the counter. It fails when something of the world is missing.
func Nouveau(m Monde) (*Guichet, error) {
	if m.Base == nil || m.Magasin == nil || m.Virementier == nil || m.PDF == nil || m.Horloge == nil || m.Hasard == nil || m.Zone == nil || m.DossierTemp == "" || m.Signaler == nil {
		return nil, errors.New("guichet: something of the world is missing")
	}
	m.MotDePasse = m.MotDePasse.ordinaire()
	x := m.Affluence.ordinaire()
	// Documents were received before they wait: they may wait longer than files.
	return &Guichet{m, nouvelleSalle(x.Depots, x.FileDepots, x.Attente), nouvelleSalle(x.Envois, x.FileEnvois, 6*x.Attente)}, nil
}

// Maintenant is the present instant.
func (g *Guichet) Maintenant() time.Time { return g.m.Horloge() }

// Aujourdhui is the day in Europe/Paris, whatever the machine's zone.
func (g *Guichet) Aujourdhui() segur.Jour { return segur.JourDe(g.m.Horloge().In(g.m.Zone)) }

// JourA is the day in Europe/Paris of an instant.
func (g *Guichet) JourA(t time.Time) segur.Jour { return segur.JourDe(t.In(g.m.Zone)) }

// Outil names the engine in reports: it is the same on both sides, so that
// "it passed at home" means what it says.
func (g *Guichet) Outil() segur.Outil { return segur.Outil{Nom: "segur", Version: g.m.Version} }

// heure is midnight UTC of a day, for counting days.
func heure(j segur.Jour) time.Time {
	return time.Date(j.Annee, time.Month(j.Mois), j.Jour, 0, 0, 0, 0, time.UTC)
}

// identifiant is 128 bits of chance, hexadecimal.
func (g *Guichet) identifiant() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(g.m.Hasard, b[:]); err != nil {
		return "", fmt.Errorf("randomness: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// Appel is a call that its caller may repeat: the first answer is kept with
// the change, in the same transaction, and given again; so is the answer that
// the act is refused. The zero Appel is not kept.
type Appel struct {
	Route string
	Cle   string // the caller's key; "" = none
	Corps string // hash of what is asked
	// Rendre makes the answer that is kept.
	Rendre func(resultat any) (statut int, contenu []byte, err error)
	// Refuser makes the answer of a refusal that is kept.
	Refuser func(refus error) (statut int, contenu []byte, err error)
}

// DejaRepondu is the error of a call that was answered before.
type DejaRepondu struct{ Reponse Reponse }

func (*DejaRepondu) Error() string { return "appel déjà traité" }

// refusRetenu is how long a refusal answers for its call: longer than anybody
// repeats a call for want of an answer, and short enough for who calls again
// because what stood in the way is settled.
const refusRetenu = 10 * time.Minute

// repondu is a [DejaRepondu] when the actor's call was answered before, and a
// Conflit when its key was used for another content.
func (x *Appel) repondu(tx Tx, a *Acteur, maintenant time.Time) error {
	if x.Cle == "" {
		return nil
	}
	r, err := tx.Cle(a.ID, x.Route, x.Cle)
	switch {
	case err != nil:
		return presence(err)
	case r.refus() && maintenant.Sub(r.Cree) >= refusRetenu:
		return nil
	case r.Corps != x.Corps:
		return erreur(Conflit, "Cette clé d’idempotence a déjà servi pour un autre contenu ; choisissez-en une nouvelle.")
	}
	return &DejaRepondu{*r}
}

// retenir keeps the answer of the actor's call.
func (x *Appel) retenir(tx Tx, a *Acteur, resultat any, maintenant time.Time) error {
	if x.Cle == "" {
		return nil
	}
	statut, contenu, err := x.Rendre(resultat)
	if err != nil {
		return err
	}
	return tx.PoserCle(a.ID, x.Route, x.Cle, Reponse{Corps: x.Corps, Statut: statut, Contenu: contenu, Cree: maintenant})
}

// retenirRefus keeps that the actor's call was judged and refused, and returns
// what to answer. Rights, unreadable bodies and failures are not judgements of
// the act: the call may be made again. Of several calls at once, the answer
// that was kept first is that of all.
func (g *Guichet) retenirRefus(ctx context.Context, o operation, refus error) error {
	var controle *ErreurControle
	if genre := GenreDe(refus); o.appel.Cle == "" || genre != Invalide && genre != Conflit && !errors.As(refus, &controle) {
		return refus
	}
	statut, contenu, err := o.appel.Refuser(refus)
	if err != nil {
		return err
	}
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		if err := o.appel.repondu(tx, o.acteur, g.m.Horloge()); err != nil {
			return err
		}
		return tx.PoserCle(o.acteur.ID, o.appel.Route, o.appel.Cle, Reponse{Corps: o.appel.Corps, Statut: statut, Contenu: contenu, Cree: g.m.Horloge()})
	})
	if err != nil {
		return err
	}
	return refus
}

// operation is one act: who, what, on what.
type operation struct {
	acteur *Acteur
	action Action
	objet  string
	appel  Appel
}

// faire runs an act in one transaction with its journal entry; f returns what
// the caller gets and the detail for the journal. A refusal for want of right
// leaves an entry of its own.
func (g *Guichet) faire(ctx context.Context, o operation, f func(tx Tx, o *operation) (any, string, error)) error {
	var refus error // of the act itself
	err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
		refus = nil
		if err := o.appel.repondu(tx, o.acteur, g.m.Horloge()); err != nil {
			return err
		}
		op := o
		resultat, detail, err := f(tx, &op)
		if err != nil {
			refus = err
			return err
		}
		if err := g.journaliser(tx, &op, "fait", detail); err != nil {
			return err
		}
		return o.appel.retenir(tx, o.acteur, resultat, g.m.Horloge())
	})
	if GenreDe(err) == Interdit {
		g.noterRefus(ctx, o, err)
	}
	if err != nil && refus != nil {
		return g.retenirRefus(ctx, o, err)
	}
	return err
}

// journaliser writes the entry of an act.
func (g *Guichet) journaliser(tx Tx, o *operation, resultat, detail string) error {
	e := g.entree(o, resultat, detail)
	if err := e.couvrir(g.m.Hasard, resultat == "fait" && detailPublic(o.action)); err != nil {
		return err
	}
	return tx.Journaliser([]Entree{e})
}

// objetMax is longer than any name of an object, in characters.
const objetMax = 200

// entree describes an act. Its act and object may be words of a caller who was
// refused: they are made safe and short.
func (g *Guichet) entree(o *operation, resultat, detail string) Entree {
	adresse := ""
	if o.acteur.Adresse.IsValid() {
		adresse = o.acteur.Adresse.String()
	}
	return Entree{Date: Instant(g.m.Horloge()), Acteur: o.acteur.Identifiant, Acte: visible(string(o.action)), Objet: segur.Visible(o.objet, objetMax), Resultat: resultat, Adresse: adresse, Detail: detail}
}

// noterRefus journals an act that was not its caller's right.
func (g *Guichet) noterRefus(ctx context.Context, o operation, cause error) {
	var e *Error
	message := ""
	if errors.As(cause, &e) {
		message = e.Message
	}
	err := g.m.Base.Ecrire(ctx, func(tx Tx) error { return g.journaliser(tx, &o, "refuse", message) })
	if err != nil {
		g.m.Signaler("a refusal could not be journalled", err)
	}
}

// exiger refuses an actor who has no duty with the right of an action.
func exiger(a *Acteur, x Action) error {
	if a.Peut(x) {
		return nil
	}
	if a.SansSecond {
		return errSansSecond()
	}
	if Peut(a.Roles, x) {
		return erreur(Interdit, "Votre jeton n’a pas la portée de cet acte (%s) : ses portées sont %s. Créez-en un autre sur la page de votre compte.", x, nomsPortees(a.Portees))
	}
	return erreur(Interdit, "Votre compte n’a pas le droit de faire cela (%s).", x)
}

// Autoriser tells before any work whether an actor has the right of an action,
// and journals it when not. Services check again.
func (g *Guichet) Autoriser(ctx context.Context, a *Acteur, x Action, objet string) error {
	err := exiger(a, x)
	if err != nil {
		g.noterRefus(ctx, operation{acteur: a, action: x, objet: objet}, err)
	}
	return err
}
