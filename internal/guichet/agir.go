package guichet

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"guichet.example/segur"
)

// visible makes a caller's text safe and short for a sentence.
func visible(s string) string { return segur.Visible(s, 60) }

// ActeDemande is an act on a request, as its caller asks for it. Which fields
// an act reads stands beside each.
type ActeDemande struct {
	Action        Action
	Tranche       string            // valider
	Verifications map[string]string // valider
	Motifs        []string          // demander_modification, proposer_refus, decider, reviser
	Cibles        []string          // demander_modification
	Echeance      segur.Jour        // demander_modification
	Message       string            // demander_modification
	Sens          string            // decider, reviser
	Motif         string            // renvoyer, reviser, ouvrir_controle, recouvrer, classer
	Reponse       string            // repondre
	Champs        Champs            // corriger: JSON text by balise; nil = not given
	Conforme      *bool             // constater
	Observations  string            // constater
	Montant       string            // recouvrer, "10.00"
	Mode          ModeCreance       // recouvrer; "" = remboursement
	// Defaut is what is wrong with the body itself, raised once right and
	// status are judged; nil = nothing.
	Defaut   error
	controle ControleID // that drew the request; of our own acts only
}

// Agir does an act on one request and returns it. The judgement keeps an
// order: unknown request, right, duty, status, content. An act that was done
// already is a Conflit.
func (g *Guichet) Agir(ctx context.Context, a *Acteur, n NumeroASP, q ActeDemande, appel Appel) (*DemandeVue, error) {
	if q.Action == Repondre || q.Action == Classer {
		return g.suivreConstat(ctx, a, n, q, appel)
	}
	acte, ok := ActeDe(q.Action)
	v := &DemandeVue{}
	if !ok {
		err := g.m.Base.Lire(ctx, func(tx Tx) error { _, err := g.demandeDe(tx, a, n); return err })
		if err == nil && q.Defaut != nil {
			err = q.Defaut
		}
		if err == nil && q.Action == "" {
			err = erreur(Invalide, "Il manque « acte » ; actes : %s.", nomsActes())
		}
		if err == nil {
			err = erreur(Invalide, "L’acte « %s » n’existe pas ; actes : %s.", visible(string(q.Action)), nomsActes())
		}
		return nil, err
	}
	o := operation{acteur: a, action: q.Action, objet: string(n), appel: appel}
	err := g.faire(ctx, o, func(tx Tx, _ *operation) (any, string, error) {
		d, err := g.demandeDe(tx, a, n)
		if err != nil {
			return nil, "", err
		}
		if err := g.juger(tx, a, acte, d); err != nil {
			return nil, "", err
		}
		if q.Defaut != nil {
			return nil, "", q.Defaut
		}
		x := execution{g: g, tx: tx, a: a, d: d, q: &q}
		if err := x.faire(); err != nil {
			return nil, "", err
		}
		*v = DemandeVue{}
		err = g.voir(tx, a, n, v)
		return v, x.detail, err
	})
	return v, err
}

func nomsActes() string {
	var ns []string
	for _, x := range Actes() {
		ns = append(ns, string(x.Action))
	}
	return strings.Join(ns, ", ")
}

// juger tells whether the actor may do an act on a request now.
func (g *Guichet) juger(tx Tx, a *Acteur, acte Acte, d *Demande) error {
	if err := exiger(a, acte.Action); err != nil {
		return err
	}
	if err := separer(tx, a, acte.Action, d.NumeroASP); err != nil {
		return err
	}
	return acte.permettre(d)
}

// permettre says in French why an act does not go from where a request stands.
func (a Acte) permettre(d *Demande) error {
	if !a.permis(d) {
		etat := d.Statut.Libelle()
		if d.Statut == EnInstruction && len(d.RefusPropose) > 0 {
			etat += ", refus proposé"
		}
		return erreur(Conflit, "La demande %s est « %s » : l’acte « %s » n’est pas possible.", d.NumeroASP, etat, a.Libelle)
	}
	return nil
}

// separer holds that one person acts on a request in one duty only, whatever
// the roles.
func separer(tx Tx, a *Acteur, x Action, n NumeroASP) error {
	m := metier(x)
	if m == "" {
		return nil
	}
	ms, err := tx.Metiers(n, a.ID)
	if err != nil {
		return err
	}
	return unSeul(m, n, ms)
}

func unSeul(m Role, n NumeroASP, exerces []Role) error {
	for _, autre := range exerces {
		if autre != m {
			return erreur(Interdit, "Vous avez déjà agi sur la demande %s comme %s : un autre agent doit faire cet acte.", n, autre)
		}
	}
	return nil
}

// separerTous is [separer] for many requests: the first that forbids the act
// forbids it all.
func separerTous(tx Tx, a *Acteur, x Action, ns []NumeroASP) error {
	m := metier(x)
	if m == "" {
		return nil
	}
	exerces, err := tx.MetiersSur(ns, a.ID)
	if err != nil {
		return err
	}
	for _, n := range ns {
		if err := unSeul(m, n, exerces[n]); err != nil {
			return err
		}
	}
	return nil
}

// execution is one act under way: allowed, its content still to be judged.
type execution struct {
	g      *Guichet
	tx     Tx
	a      *Acteur
	d      *Demande
	q      *ActeDemande
	detail string // for the journal: what changed
}

func (x *execution) faire() error {
	switch x.q.Action {
	case Prendre:
		x.d.AgentID = x.a.ID
		return x.passer(EnInstruction, "")
	case Valider:
		return x.valider()
	case DemanderModification:
		return x.demanderModification()
	case ProposerRefus:
		return x.proposerRefus()
	case Decider:
		return x.decider()
	case Renvoyer:
		return x.renvoyer()
	case Reviser:
		return x.reviser()
	case Corriger:
		return x.corriger()
	case Annuler:
		return x.passer(Annulee, "")
	case OuvrirControle:
		return x.ouvrirControle()
	case Constater:
		return x.constater()
	}
	return x.recouvrer()
}

// passer enters a status; s "" stays where the request is.
func (x *execution) passer(s Statut, detail string) error {
	avant := x.d.Statut
	if s != "" {
		x.d.Statut = s
		x.detail = string(avant) + " → " + string(s)
	}
	if detail != "" {
		x.detail = strings.TrimPrefix(x.detail+" ; "+detail, " ; ")
	}
	m := metierFournisseur
	if r := metier(x.q.Action); r != "" {
		m = string(r)
	}
	return x.g.entrer(x.tx, x.a, x.d, Passage{Acte: x.q.Action, Metier: m, Statut: s, Detail: detail})
}

func (x *execution) valider() error {
	c, err := x.g.campagneDe(x.tx, x.d)
	if err != nil {
		return err
	}
	if c == nil {
		return erreur(Conflit, "La campagne de cette demande n’existe plus : aucune tranche ne peut être choisie.")
	}
	if _, ok := c.Tranche(x.q.Tranche); !ok {
		var codes []string
		for _, t := range c.Tranches {
			codes = append(codes, t.Code)
		}
		return erreur(Invalide, "La tranche « %s » n’existe pas ; tranches de la campagne : %s.", visible(x.q.Tranche), strings.Join(codes, ", "))
	}
	if err := exigerVerifications(x.d, x.q.Verifications); err != nil {
		return err
	}
	x.d.Tranche, x.d.Verifications, x.d.Modification = x.q.Tranche, x.q.Verifications, nil
	x.d.Verifie = &Verifie{Liste: ListeVerifications, Date: x.g.m.Horloge(), Par: x.a.Identifiant}
	return x.passer(Validee, "tranche "+x.q.Tranche)
}

func (x *execution) demanderModification() error {
	if err := exigerMotifs(DemanderModification, x.q.Motifs); err != nil {
		return err
	}
	j, err := x.g.JeuDuJour(x.d.Type)
	if err != nil {
		return err
	}
	if len(x.q.Cibles) == 0 {
		return erreur(Invalide, "Il manque « cibles » : la liste des balises à corriger, ou « piecesJustificatives ».")
	}
	for _, c := range x.q.Cibles {
		if !cible(j, c) {
			return erreur(Invalide, "La cible « %s » n’est pas une balise que le fournisseur peut corriger.", visible(c))
		}
	}
	if x.q.Echeance.Nul() {
		return erreur(Invalide, "Il manque « echeance » : un jour AAAA-MM-JJ.")
	}
	if !x.q.Echeance.Apres(x.g.Aujourdhui()) {
		return erreur(Invalide, "L’échéance %s est passée ; donnez un jour à venir.", x.q.Echeance.ISO())
	}
	if err := exigerLisible("message", x.q.Message); err != nil {
		return err
	}
	x.d.Modification = &Modification{Motifs: x.q.Motifs, Cibles: x.q.Cibles, Echeance: x.q.Echeance, Message: x.q.Message}
	l := ChargeLettre{Motifs: x.q.Motifs, Cibles: x.q.Cibles, Echeance: x.q.Echeance, Message: x.q.Message}
	return errors.Join(x.passer(AModifier, strings.Join(x.q.Motifs, ", ")), x.ecrire(LettreModification, l))
}

func (x *execution) proposerRefus() error {
	if err := exigerMotifs(ProposerRefus, x.q.Motifs); err != nil {
		return err
	}
	x.d.RefusPropose = x.q.Motifs
	return x.passer("", strings.Join(x.q.Motifs, ", "))
}

// decider awards a validated request, or refuses one. A request whose refusal
// is proposed has no check-list: to award it, it goes back to instruction.
func (x *execution) decider() error {
	switch x.q.Sens {
	case "attribution":
		if err := x.apercu(); err != nil {
			return err
		}
		if len(x.q.Motifs) > 0 {
			return erreur(Invalide, "Une attribution n’a pas de motifs.")
		}
		return x.attribuer(x.d.Retiree, x.d.Retiree.suite())
	case "refus":
		if err := exigerMotifs(Decider, x.q.Motifs); err != nil {
			return err
		}
		return x.refuser(x.d.Retiree, x.d.Retiree.suite())
	}
	return erreur(Invalide, "« sens » vaut « %s » ; valeurs admises : attribution, refus.", visible(x.q.Sens))
}

func (x *execution) renvoyer() error {
	if err := exigerTexte("motif", x.q.Motif); err != nil {
		return err
	}
	x.d.RefusPropose = nil
	if x.d.Statut == EnInstruction {
		return x.passer("", x.q.Motif)
	}
	return x.passer(EnInstruction, x.q.Motif)
}

// texteMax bounds what a person writes, in characters.
const texteMax = 2000

// exigerTexte refuses a sentence that is missing or out of measure.
func exigerTexte(nom, s string) error {
	if strings.TrimSpace(s) == "" {
		return erreur(Invalide, "Il manque « %s » : une phrase qui explique l’acte.", nom)
	}
	return exigerLisible(nom, s)
}

// exigerLisible refuses a text that is out of measure, or that holds what
// nobody would see: it is shown to others, and kept in the journal.
func exigerLisible(nom, s string) error {
	if utf8.RuneCountInString(s) > texteMax {
		return erreur(Invalide, "« %s » dépasse %d caractères.", nom, texteMax)
	}
	for _, r := range s {
		if segur.Invisible(r) && !strings.ContainsRune("\n\r\t", r) {
			return erreur(Invalide, "« %s » contient un caractère invisible (%s) ; ôtez-le.", nom, segur.SigneVisible(r, string(r)))
		}
	}
	return nil
}
