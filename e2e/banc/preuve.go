package banc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"guichet.example/internal/blob"
	"guichet.example/internal/guichet"
	"guichet.example/internal/store"
)

// Preuve is what the store says of what callers were told.
type Preuve struct {
	Reconnus  int      // acts that were acknowledged
	Perdus    []string // acknowledged, and not there
	Doubles   []string // there more than once
	Ecarts    []string // anything else that does not agree
	Restes    int      // stored documents that no request names; nobody is shown them
	Demandes  int
	EnAttente int // pieces of work
	Morts     int // pieces of work given up
}

// Bonne tells whether nothing is lost, nothing doubled and everything agrees.
func (p *Preuve) Bonne() bool { return len(p.Perdus)+len(p.Doubles)+len(p.Ecarts) == 0 }

func (p *Preuve) perdre(f string, args ...any) { p.Perdus = append(p.Perdus, fmt.Sprintf(f, args...)) }
func (p *Preuve) doubler(f string, args ...any) {
	p.Doubles = append(p.Doubles, fmt.Sprintf(f, args...))
}
func (p *Preuve) ecarter(f string, args ...any) {
	p.Ecarts = append(p.Ecarts, fmt.Sprintf(f, args...))
}

// etat is all that a store holds of the people's work.
type etat struct {
	depots   []guichet.Depot
	demandes map[string]*guichet.Demande
	pieces   map[string]string         // "numeroASP/nom" → SHA-256
	faits    map[string]int            // journal: "acte objet" → entries of acts done
	entrees  map[string]map[string]int // request → status → how often its history enters it
	lots     []guichet.Lot
	ordres   map[string]string // batch → SHA-256 of its payment file
	travaux  map[guichet.EtatTravail]int
}

// Prouver holds what callers were told against the store, the documents and
// the journal. The portals may serve meanwhile, but nobody must be at work.
func (s *Site) Prouver(ctx context.Context, c *Carnet) (p Preuve, err error) {
	b, err := store.OuvrirLecture(ctx, s.Base)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, b.Fermer()) }()
	v, err := b.VerifierJournal(ctx)
	if err != nil {
		return p, err
	}
	for _, r := range v.Ruptures {
		p.ecarter("journal : %s", r)
	}
	e := etat{demandes: map[string]*guichet.Demande{}, pieces: map[string]string{}, faits: map[string]int{}, ordres: map[string]string{}, entrees: map[string]map[string]int{}}
	if err := b.Lire(ctx, e.lire); err != nil {
		return p, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e.deposes(&p, c)
	e.instruits(&p, c)
	e.payes(&p, c)
	p.Demandes, p.EnAttente, p.Morts = len(e.demandes), e.travaux[guichet.TravailAttend]+e.travaux[guichet.TravailCours], e.travaux[guichet.TravailMort]
	return p, s.documents(ctx, &p, &e)
}

const parPage = 500

func (e *etat) lire(tx guichet.Tx) (err error) {
	if e.depots, err = tx.DepotsDe(0, nil, 1_000_000); err != nil {
		return err
	}
	for apres := int64(0); ; {
		ds, err := tx.Demandes(guichet.Filtre{Apres: apres, Max: parPage})
		if err != nil || len(ds) == 0 {
			if err != nil {
				return err
			}
			break
		}
		if err := e.lireDemandes(tx, ds); err != nil {
			return err
		}
		apres = ds[len(ds)-1].Serie
	}
	ls, err := tx.Lots(1_000_000)
	if err != nil {
		return err
	}
	for _, l := range ls {
		x, err := tx.Lot(l.ID)
		if err != nil {
			return err
		}
		if e.lots = append(e.lots, *x); l.Statut == guichet.LotPrepare {
			continue
		}
		fichier, err := tx.Virement(l.ID)
		if err != nil {
			return err
		}
		e.ordres[string(l.ID)] = empreinte(fichier)
	}
	for depuis := int64(1); ; depuis += parPage {
		es, err := tx.Journal(depuis, parPage)
		if err != nil {
			return err
		}
		for _, x := range es {
			if x.Resultat == "fait" {
				e.faits[x.Acte+" "+x.Objet]++
			}
		}
		if len(es) < parPage {
			break
		}
	}
	e.travaux, err = tx.CompterTravaux()
	return err
}

func (e *etat) lireDemandes(tx guichet.Tx, ds []guichet.Demande) error {
	for i := range ds {
		d := &ds[i]
		n := string(d.NumeroASP)
		e.demandes[n], e.entrees[n] = d, map[string]int{}
		ps, err := tx.PiecesRecues(d.NumeroASP)
		if err != nil {
			return err
		}
		for _, x := range ps {
			e.pieces[n+"/"+x.Nom] = x.SHA256
		}
		hs, err := tx.Passages(d.NumeroASP)
		if err != nil {
			return err
		}
		for _, h := range hs {
			if h.Statut != "" {
				e.entrees[n][string(h.Statut)]++
			}
		}
	}
	return nil
}

// deposes judges deposits and documents.
func (e *etat) deposes(p *Preuve, c *Carnet) {
	noms, editeurs := map[string]*guichet.Depot{}, map[string]string{}
	for i := range e.depots {
		d := &e.depots[i]
		if noms[d.NomFichier] != nil {
			p.doubler("dépôt %s", d.NomFichier)
		}
		noms[d.NomFichier] = d
		if n := e.faits[string(guichet.DeposerFichier)+" "+string(d.ID)]; n != 1 {
			p.ecarter("dépôt %s : %d entrées de journal", d.ID, n)
		}
		if !c.tentes[d.NomFichier] {
			p.ecarter("dépôt %s : personne ne l’a envoyé", d.NomFichier)
		}
	}
	for n, d := range e.demandes {
		k := fmt.Sprint(d.FournisseurID, d.Type, d.NumeroEditeur)
		if autre := editeurs[k]; autre != "" {
			p.doubler("demandes %s et %s d’un même numéro %s", autre, n, d.NumeroEditeur)
		}
		editeurs[k] = n
	}
	for nom, d := range c.Depots {
		p.Reconnus++
		x := noms[nom]
		if x == nil || string(x.ID) != d.ID || x.SHA256 != d.SHA256 || x.Acceptees != len(d.Numeros) {
			p.perdre("dépôt %s", nom)
			continue
		}
		for _, n := range d.Numeros {
			if y := e.demandes[n]; y == nil || y.DepotID != x.ID {
				p.perdre("demande %s du dépôt %s", n, nom)
			}
		}
	}
	for k, sha := range c.Pieces {
		p.Reconnus++
		if e.pieces[k] != sha {
			p.perdre("pièce %s", k)
		}
	}
}

// instruits judges acts on requests: each is done once, as the people of the
// bench never go back.
func (e *etat) instruits(p *Preuve, c *Carnet) {
	for k := range c.Actes {
		p.Reconnus++
		n, acte, _ := strings.Cut(k, " ")
		if e.faits[acte+" "+n] == 0 {
			p.perdre("%s", k)
		}
	}
	for n, statuts := range e.entrees {
		for _, acte := range []guichet.Action{guichet.Prendre, guichet.Valider, guichet.Decider} {
			if k := e.faits[string(acte)+" "+n]; k > 1 {
				p.doubler("%s de %s, %d fois au journal", acte, n, k)
			}
		}
		for _, s := range []guichet.Statut{guichet.Deposee, guichet.EnInstruction, guichet.Validee, guichet.Decidee, guichet.Payee} {
			if statuts[string(s)] > 1 {
				p.doubler("%s entre %d fois dans « %s »", n, statuts[string(s)], s)
			}
		}
	}
}

// payes judges batches and money.
func (e *etat) payes(p *Preuve, c *Carnet) {
	lots, verse := map[string]*guichet.Lot{}, map[string]int64{}
	tenues := map[string]int{}
	for i := range e.lots {
		l := &e.lots[i]
		lots[string(l.ID)] = l
		var total int64
		for _, x := range l.Lignes {
			total += int64(x.Montant)
			if x.Rejet == "" {
				tenues[string(x.NumeroASP)]++
				if l.Statut == guichet.LotRegle {
					verse[string(x.NumeroASP)] += int64(x.Montant)
				}
			}
		}
		if total != int64(l.Total) {
			p.ecarter("lot %s : total %s, somme des lignes %d centimes", l.ID, l.Total, total)
		}
		for _, a := range []guichet.Action{guichet.PreparerLot, guichet.ApprouverLot, guichet.ReglerLot} {
			if n := e.faits[string(a)+" "+string(l.ID)]; n > 1 {
				p.doubler("%s du lot %s, %d fois au journal", a, l.ID, n)
			}
		}
	}
	for n, k := range tenues {
		if k > 1 {
			p.doubler("demande %s dans %d lots à la fois", n, k)
		}
	}
	for n, d := range e.demandes {
		if int64(d.Montants.Verse) != verse[n] {
			p.ecarter("demande %s : %s versés selon elle, %d centimes selon les lots réglés", n, d.Montants.Verse, verse[n])
		}
	}
	for id, r := range c.Lots {
		p.Reconnus++
		l := lots[id]
		if l == nil || len(l.Lignes) != len(r.Numeros) || l.Total.String() != r.Total || rang(string(l.Statut)) < rang(r.Statut) {
			p.perdre("lot %s, %s", id, r.Statut)
			continue
		}
		if r.Virement != "" && e.ordres[id] != r.Virement {
			p.ecarter("lot %s : le fichier de virement n’est plus celui qui a été lu", id)
		}
		for _, n := range r.Retournes {
			if e.faits[string(guichet.RetournerLot)+" "+id] == 0 {
				p.perdre("retour de %s du lot %s", n, id)
			}
		}
	}
}

// rang orders the statuses of a batch.
func rang(statut string) int {
	return map[string]int{"prepare": 1, "approuve": 2, "regle": 3}[statut]
}

// documents opens every document that a request shows, and counts those that
// none does.
func (s *Site) documents(ctx context.Context, p *Preuve, e *etat) (err error) {
	temp, err := os.MkdirTemp(s.banc.Dossier, "preuve")
	if err != nil {
		return err
	}
	m, err := blob.Ouvrir(ctx, s.Pieces, temp)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	nommes := map[string]bool{}
	for k, sha := range e.pieces {
		if nommes[sha] = true; sha == "" {
			continue
		}
		if _, err := blob.Copier(ctx, m, sha, io.Discard); err != nil {
			p.ecarter("pièce %s montrée sans son contenu : %v", k, err)
		}
	}
	return m.Parcourir(ctx, func(x blob.Ecrit) error {
		if !nommes[x.SHA256] {
			p.Restes++
		}
		return nil
	})
}

// Tarir waits until no work is due any more, the clock of the portals moved on
// so that leases of the dead and waits between attempts are over. Without such
// a clock it waits for what is due now only.
func (s *Site) Tarir(ctx context.Context, horloge bool, delai time.Duration) (reste int, err error) {
	b, err := store.OuvrirLecture(ctx, s.Base)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, b.Fermer()) }()
	decalage := time.Duration(0)
	for fin := time.Now().Add(delai); ; {
		err := b.Lire(ctx, func(tx guichet.Tx) error {
			if !horloge {
				ts, err := tx.TravauxDus(time.Now(), 1000)
				reste = len(ts)
				return err
			}
			n, err := tx.CompterTravaux()
			reste = n[guichet.TravailAttend] + n[guichet.TravailCours]
			return err
		})
		if err != nil || reste == 0 || time.Now().After(fin) {
			return reste, err
		}
		if horloge {
			// Past the longest lease, and slower than the workers' pace, so that they see each step.
			decalage += 11 * time.Minute
			if err := s.Decaler(decalage); err != nil {
				return reste, err
			}
		}
		select {
		case <-ctx.Done():
			return reste, context.Cause(ctx)
		case <-time.After(700 * time.Millisecond):
		}
	}
}
