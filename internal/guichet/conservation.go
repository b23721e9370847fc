package guichet

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"guichet.example/segur"
)

// Conservation is one row of the table of retention: how long a kind of data is
// kept, from when on, and what becomes of it then.
type Conservation struct {
	Code    string
	Donnees string // what it is about
	Annees  int
	Jours   int
	Depuis  string // from when on
	Ensuite string // what is erased
	Reste   string // what stays, and proves
	Motif   string // why so long
}

// The rules that the erasure follows. A code stands in the journal.
const (
	regleRefusee  = "demande_close"
	reglePayee    = "demande_payee"
	regleLignes   = "lignes_refusees"
	regleEnrole   = "enrolement_clos"
	regleAdresses = "adresses_journal"
	regleCles     = "reponses_api"
)

// Conservations is the table of retention, in the order of a request's life.
func Conservations() []Conservation {
	const champs = "noms, téléphones, courriels et carte CPx de la demande et de ses courriers ; octets des pièces ; ces mêmes valeurs dans le fichier déposé, le fichier retour et le rapport ; textes libres de l’historique et du journal"
	const preuves = "numéros, FINESS, dates, statuts, montants, décisions, empreintes des pièces et du fichier, chaîne du journal"
	return []Conservation{
		{regleEnrole, "Demandes d’ouverture de compte, acceptées ou refusées", 1, 0, "la décision", "pièces jointes (identité, relevé bancaire, mandat), nom et coordonnées du contact", "raison sociale, SIRET, décision", "le temps d’un recours et d’une vérification"},
		{regleLignes, "Lignes refusées au dépôt, jamais devenues des demandes", 1, 0, "le dépôt", "noms, téléphones, courriels et carte CPx de ces lignes", "codes de refus, empreinte du fichier", "le temps de corriger et de déposer à nouveau"},
		{regleRefusee, "Demandes refusées ou annulées", 2, 0, "le dernier acte", champs, preuves, "délais de recours et de contentieux"},
		{reglePayee, "Demandes payées", 10, 0, "le dernier acte", champs, preuves, "conservation des pièces comptables, contrôle a posteriori"},
		{regleAdresses, "Adresses de connexion dans le journal", 1, 0, "l’entrée", "adresse IP et son sel", "l’entrée elle-même et son sceau", "sécurité du système d’information"},
		{regleCles, "Réponses gardées pour les appels répétés de l’API", 0, 90, "l’appel", "la réponse entière", "rien", "le temps qu’un programme réessaie"},
		{"", "Sessions, essais de connexion, liens à usage unique, travaux finis", 0, 7, "leur fin", "tout, chaque nuit, sans qu’on le demande", "l’entrée du journal", "sécurité du système d’information"},
		{"", "Événements et envois aux fournisseurs", 0, 90, "l’événement", "tout, chaque nuit, sans qu’on le demande", "l’entrée du journal", "le temps qu’un programme les relise"},
		{"", "Journal, lots, virements, recouvrements", 10, 0, "l’exercice comptable", "rien n’est effacé par le portail", "tout", "comptabilité publique, preuve"},
	}
}

// Duree is how long the data is kept, in French.
func (c Conservation) Duree() string {
	switch {
	case c.Annees == 1:
		return "1 an"
	case c.Annees > 1:
		return fmt.Sprintf("%d ans", c.Annees)
	}
	return fmt.Sprintf("%d jours", c.Jours)
}

// avant is the instant before which data of a rule is due.
func (c Conservation) avant(t time.Time) time.Time { return t.AddDate(-c.Annees, 0, -c.Jours) }

func conservation(code string) Conservation {
	for _, c := range Conservations() {
		if c.Code == code {
			return c
		}
	}
	return Conservation{}
}

// Effacements keeps what retention looks for, and takes it out.
type Effacements interface {
	// AEffacer lists requests of a status that changed last before an instant
	// and were not erased, after a serial number, ascending.
	AEffacer(s Statut, avant time.Time, apres int64, max int) ([]Demande, error)
	// Caviarder puts other texts in place of what was received and answered.
	Caviarder(id DepotID, recu, retour, rapport []byte) error
	// ACaviarder lists deposits made before an instant with refused lines that
	// were not taken care of; Caviardes notes that they were.
	ACaviarder(avant time.Time, max int) ([]Depot, error)
	NoterCaviarde(id DepotID, quand time.Time) error
	// EffacerTextes takes out a request's card and the free texts of its history
	// and letters, and the texts beside the journal's entries about it.
	EffacerTextes(n NumeroASP, actes []Action) error
	// EffacerAdresses takes addresses out beside the entries up to a number.
	EffacerAdresses(jusqua int64) (int, error)
	// DerniereAvant is the last entry before an instant (journal spelling)
	// whose address is still there; 0 = none.
	DerniereAvant(instant string) (int64, error)
	// EffacerPieces marks the documents of a request as erased.
	EffacerPieces(NumeroASP) error
	// ADetruire lists bytes that only erased documents name; Detruites notes
	// that they are gone.
	ADetruire(max int) ([]string, error)
	NoterDetruite(sha256 string) error
	// ClesAvant counts answers kept for repeated calls since before an
	// instant; OterClesAvant forgets them.
	ClesAvant(avant time.Time) (int, error)
	OterClesAvant(avant time.Time) error
	// EnrolementsClos lists decided enrolments that changed last before an
	// instant and still hold documents.
	EnrolementsClos(avant time.Time, max int) ([]Enrolement, error)
}

// ADue is what one rule makes due today.
type ADue struct {
	Conservation
	Nombre   int
	Plus     bool     // there is more than was counted
	Exemples []string // the first objects by name
	Retenues []string // due by their age, and why they stay for now
}

const (
	dusMax      = 10_000
	exemplesMax = 20
)

// AEffacerMaintenant tells what an erasure would take out today; nothing
// changes.
func (g *Guichet) AEffacerMaintenant(ctx context.Context, a *Acteur) (ds []ADue, err error) {
	if err := g.Autoriser(ctx, a, LireConservation, ""); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		ds = nil
		for _, c := range Conservations() {
			if c.Code == "" {
				continue
			}
			d := ADue{Conservation: c}
			if err := g.compterDu(tx, &d); err != nil {
				return err
			}
			ds = append(ds, d)
		}
		return nil
	})
	return ds, err
}

func (d *ADue) nommer(nom string) {
	if d.Nombre++; len(d.Exemples) < exemplesMax {
		d.Exemples = append(d.Exemples, nom)
	}
}

func (g *Guichet) compterDu(tx Tx, d *ADue) error {
	avant := d.avant(g.m.Horloge())
	switch d.Code {
	case regleRefusee, reglePayee:
		return g.compterDemandes(tx, d, avant)
	case regleLignes:
		ds, err := tx.ACaviarder(avant, dusMax)
		for _, x := range ds {
			d.nommer(x.NomFichier)
		}
		return err
	case regleEnrole:
		es, err := tx.EnrolementsClos(avant, dusMax)
		for _, x := range es {
			d.nommer(x.RaisonSociale)
		}
		return err
	case regleAdresses:
		n, err := tx.DerniereAvant(Instant(avant))
		if n > 0 {
			d.nommer(fmt.Sprintf("toutes les entrées du journal jusqu’à la %d", n))
		}
		return err
	}
	n, err := tx.ClesAvant(avant)
	d.Nombre = n
	return err
}

func (g *Guichet) compterDemandes(tx Tx, d *ADue, avant time.Time) error {
	for _, s := range statutsRegle(d.Code) {
		ds, err := tx.AEffacer(s, avant, 0, dusMax)
		if err != nil {
			return err
		}
		d.Plus = d.Plus || len(ds) == dusMax
		for i := range ds {
			raison, err := g.retient(tx, &ds[i])
			if err != nil {
				return err
			}
			if raison == "" {
				d.nommer(string(ds[i].NumeroASP))
			} else if len(d.Retenues) < exemplesMax {
				d.Retenues = append(d.Retenues, string(ds[i].NumeroASP)+" : "+raison)
			}
		}
	}
	return nil
}

func statutsRegle(code string) []Statut {
	if code == reglePayee {
		return []Statut{Payee}
	}
	return []Statut{Refusee, Annulee}
}

// retient says why a request whose time is over must stay as it is; "" = it
// need not.
func (g *Guichet) retient(tx Tx, d *Demande) (string, error) {
	if u := d.Audit; u != nil && !u.clos() {
		return "un contrôle a posteriori est en cours", nil
	}
	cs, err := tx.Creances(FiltreCreance{NumeroASP: d.NumeroASP, Ouvertes: true})
	if err != nil {
		return "", err
	}
	if len(cs) > 0 {
		return "une somme reste à rendre", nil
	}
	if d.Type != segur.Avance || d.Statut != Payee {
		return "", nil
	}
	s, err := tx.SoldeDe(d.NumeroASP)
	if errors.Is(err, ErrAbsent) {
		return "", nil
	}
	if err == nil && s.Statut != Payee {
		return "son solde " + string(s.NumeroASP) + " est en cours", nil
	}
	return "", err
}

// EffacerDu takes out everything that is due today, a page of it in one
// transaction, each request with its journal entry; it returns what it did, by
// rule. Cut short, it goes on where it was when it is called again.
func (g *Guichet) EffacerDu(ctx context.Context, a *Acteur) (faits map[string]int, err error) {
	if err := g.Autoriser(ctx, a, EffacerDonnees, ""); err != nil {
		return nil, err
	}
	return g.effacerDu(ctx, a)
}

func (g *Guichet) effacerDu(ctx context.Context, a *Acteur) (faits map[string]int, err error) {
	faits = map[string]int{}
	for _, code := range []string{regleRefusee, reglePayee} {
		if faits[code], err = g.effacerDemandesDues(ctx, a, conservation(code)); err != nil {
			return faits, err
		}
	}
	if faits[regleLignes], err = g.caviarderDepots(ctx, a); err != nil {
		return faits, err
	}
	if faits[regleEnrole], err = g.effacerEnrolements(ctx, a); err != nil {
		return faits, err
	}
	if faits[regleAdresses], err = g.effacerAdresses(ctx, a); err != nil {
		return faits, err
	}
	avant := conservation(regleCles).avant(g.m.Horloge())
	if err := g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		if faits[regleCles], err = tx.ClesAvant(avant); err == nil {
			err = tx.OterClesAvant(avant)
		}
		return err
	}); err != nil {
		return faits, err
	}
	if err := g.detruire(ctx); err != nil {
		return faits, err
	}
	return faits, g.m.Base.Ecrire(ctx, func(tx Tx) error { return g.noterPassage(tx, a, faits) })
}

// parEffacement is how many requests one transaction erases: others wait.
const parEffacement = 50

func (g *Guichet) effacerDemandesDues(ctx context.Context, a *Acteur, c Conservation) (n int, err error) {
	avant := c.avant(g.m.Horloge())
	for _, s := range statutsRegle(c.Code) {
		apres := int64(0)
		for {
			fini := false
			err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
				ds, err := tx.AEffacer(s, avant, apres, parEffacement)
				fini = len(ds) < parEffacement
				for i := range ds {
					d := &ds[i]
					apres = d.Serie
					raison, err2 := g.retient(tx, d)
					if err = errors.Join(err, err2); err != nil || raison != "" {
						continue
					}
					n++
					if err = g.effacerDemande(tx, a, d, c.Code); err != nil {
						return err
					}
				}
				return err
			})
			if err != nil {
				return n, err
			}
			if fini {
				break
			}
		}
	}
	return n, nil
}

// ResumeEffacement is what an erasure did, in French.
func ResumeEffacement(faits map[string]int) string {
	var ts []string
	for _, c := range Conservations() {
		if n := faits[c.Code]; n > 0 && c.Code != "" {
			ts = append(ts, fmt.Sprintf("%s : %d", c.Donnees, n))
		}
	}
	if len(ts) == 0 {
		return "Rien n’était à effacer."
	}
	return "Effacé. " + strings.Join(ts, " ; ") + "."
}
