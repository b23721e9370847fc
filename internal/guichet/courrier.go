package guichet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet.example/segur"
)

// Courrier is a mail to send, in plain words; whoever sends it makes text and
// HTML of it.
type Courrier struct {
	ID          string          `json:"id"` // the same at each attempt: readers drop doubles by it
	A           string          `json:"a"`
	Objet       string          `json:"objet"`
	Paragraphes []string        `json:"paragraphes"`
	Lignes      []LigneCourrier `json:"lignes"` // a table: what, and what about it
	Chemin      string          `json:"chemin"` // of the page to open, below the portal's address; "" = none
	Bouton      string          `json:"bouton"` // what that link says
}

// LigneCourrier is one line of the table of a mail.
type LigneCourrier struct {
	Titre  string `json:"titre"`
	Detail string `json:"detail"`
}

// Facteur sends mail. Envoyer returns once the next server has taken the
// message; nothing of the message goes into its error, which wraps [ErrAbandon]
// when no further attempt would help.
type Facteur interface {
	Envoyer(ctx context.Context, c Courrier) error
}

const (
	evenementsParVe = 1000
	lignesCourrier  = 100 // shown in one mail; the rest is counted
)

// envoyerMessage sends a mail that is ready.
func (g *Guichet) envoyerMessage(ctx context.Context, t *Travail) error {
	var c Courrier
	if err := json.Unmarshal(t.Charge, &c); err != nil {
		return fmt.Errorf("%w: %w", ErrAbandon, err)
	}
	if g.m.Facteur == nil {
		return fmt.Errorf("%w: no mail is set", ErrAbandon)
	}
	return g.m.Facteur.Envoyer(ctx, c)
}

// poster asks for a mail to each of some people, in the transaction of what it
// tells of.
func (g *Guichet) poster(tx Tx, c Courrier, a ...string) error {
	if g.m.Facteur == nil {
		return nil
	}
	id := c.ID
	for i, x := range a {
		c.A, c.ID = x, id+"-"+strconv.Itoa(i)
		b, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if err := g.commander(tx, TravailMessage, c.ID, b); err != nil {
			return err
		}
	}
	return nil
}

// envoyerLien makes a link of one use and mails it. Its secret exists only in
// the mail: another attempt makes another one. An account that is not there,
// or needs no such link, gets nothing.
func (g *Guichet) envoyerLien(ctx context.Context, t *Travail) (suiteTravail, error) {
	usage, identifiant, _ := strings.Cut(t.Cle, ":")
	if g.m.Facteur == nil {
		return nil, nil
	}
	var c *Compte
	secret := ""
	err := g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		if c, err = tx.CompteNomme(identifiant); err != nil {
			return err
		}
		// A recovery before the activation is an activation once more.
		if !c.Actif || UsageLien(usage) == LienActivation && c.MotDePasse != "" {
			return ErrAbsent
		}
		duree := dureeRecuperation
		if UsageLien(usage) == LienActivation || c.MotDePasse == "" {
			usage, duree = string(LienActivation), dureeActivation
		}
		secret, err = g.nouveauLien(tx, c.ID, UsageLien(usage), duree)
		return err
	})
	if errors.Is(err, ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := Courrier{ID: "lien-" + strconv.FormatInt(t.ID, 10) + "-" + strconv.Itoa(t.Essais), A: c.Identifiant, Chemin: "/activation/" + secret}
	switch UsageLien(usage) {
	case LienActivation:
		m.Objet, m.Bouton = "Activez votre compte", "Choisir mon mot de passe"
		m.Paragraphes = []string{"Bonjour " + c.Nom + ",", "Un compte vous est ouvert sur le guichet du programme Ségur. Choisissez votre mot de passe : ce lien sert une seule fois et reste valable 7 jours.",
			"Si vous n’attendiez pas ce message, ignorez-le : sans mot de passe, le compte reste fermé."}
	default:
		m.Objet, m.Bouton = "Choisissez un nouveau mot de passe", "Choisir un mot de passe"
		m.Paragraphes = []string{"Bonjour " + c.Nom + ",", "Un nouveau mot de passe a été demandé pour votre compte. Ce lien sert une seule fois et reste valable une heure.",
			"Si vous n’avez rien demandé, ignorez ce message : votre mot de passe ne change pas."}
	}
	return nil, g.m.Facteur.Envoyer(ctx, m)
}

// prevenirEnrolement mails what an administrator concluded.
func (g *Guichet) prevenirEnrolement(tx Tx, e *Enrolement) error {
	if e.Statut != EnrolementRefuse {
		return g.commander(tx, TravailSuivi, string(e.ID), nil)
	}
	return g.poster(tx, Courrier{
		ID: "enr-" + string(e.ID) + "-" + strconv.FormatInt(e.Modifie.UnixNano(), 36), Objet: "Votre demande d’enrôlement est refusée",
		Paragraphes: []string{"Bonjour " + e.Nom + ",", "La demande d’enrôlement de " + e.RaisonSociale + " n’est pas acceptée, pour la raison suivante.", e.Message,
			"Vous pouvez déposer une nouvelle demande une fois ces points réglés."},
	}, e.Courriel)
}

// envoyerSuivi mails what more is asked for, with an address to complete the
// request by: the one that was shown at its deposit may be lost, and goes on
// being good. As a link's, its secret exists only in the mail. A request that
// waits for nothing gets nothing.
func (g *Guichet) envoyerSuivi(ctx context.Context, t *Travail) error {
	if g.m.Facteur == nil {
		return nil
	}
	var e *Enrolement
	secret := ""
	err := g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		if e, err = tx.Enrolement(EnrolementID(t.Cle)); err != nil {
			return err
		}
		if e.Statut != EnrolementACompleter {
			return ErrAbsent
		}
		if secret, e.SuiviCourriel, err = nouveauSecret(g.m.Hasard, ""); err != nil {
			return err
		}
		return tx.MajEnrolement(e)
	})
	if err != nil {
		return presence(err)
	}
	return g.m.Facteur.Envoyer(ctx, Courrier{
		ID: "suivi-" + strconv.FormatInt(t.ID, 10) + "-" + strconv.Itoa(t.Essais), A: e.Courriel, Objet: "Votre demande d’enrôlement est à compléter",
		Paragraphes: []string{"Bonjour " + e.Nom + ",", "La demande d’enrôlement de " + e.RaisonSociale + " attend un complément.", e.Message, "Joignez les documents demandés par ce lien ; gardez-le pour vous."},
		Chemin:      "/enrolement/" + string(e.ID) + "/" + secret, Bouton: "Compléter la demande",
	})
}

// ageAvis is how old an event may be that a mail tells of: a portal that gets
// its first mail server does not tell of the past.
const ageAvis = 7 * 24 * time.Hour

// aviser turns what happened to a supplier since the last time into mails, one
// a kind, in the transaction that notes them told.
func (g *Guichet) aviser(ctx context.Context, t *Travail) (suiteTravail, error) {
	n, err := strconv.ParseInt(t.Cle, 10, 64)
	if err != nil {
		return nil, ErrAbandon
	}
	f := FournisseurID(n)
	return func(tx Tx) error {
		jusqua, err := tx.Avise(f)
		if err != nil {
			return err
		}
		es, err := tx.Evenements(f, jusqua, evenementsParVe)
		if err != nil || len(es) == 0 {
			return err
		}
		a, err := g.destinataires(tx, f)
		if err != nil {
			return err
		}
		depuis := g.m.Horloge().Add(-ageAvis)
		for _, genre := range []GenreEvenement{EvenementDepot, EvenementModification, EvenementPiece, EvenementRappel, EvenementExpiration, EvenementDecision, EvenementPaiement, EvenementRejet, EvenementControle} {
			du := slices.DeleteFunc(slices.Clone(es), func(e Evenement) bool { return e.Genre != genre || e.Date.Before(depuis) })
			if len(du) == 0 {
				continue
			}
			c := avis(genre, du)
			c.ID = fmt.Sprintf("avis-%d-%d", f, du[len(du)-1].ID)
			if err := g.poster(tx, c, a...); err != nil {
				return err
			}
		}
		if len(es) == evenementsParVe { // more waits
			if err := g.commander(tx, TravailAvis, t.Cle, nil); err != nil {
				return err
			}
		}
		return tx.PoserAvise(f, es[len(es)-1].ID)
	}, ctx.Err()
}

// destinataires are the supplier's address and its active gestionnaires.
func (g *Guichet) destinataires(tx Tx, f FournisseurID) ([]string, error) {
	x, err := tx.Fournisseur(f)
	if err != nil {
		return nil, err
	}
	cs, err := tx.Comptes(f)
	if err != nil {
		return nil, err
	}
	var as []string
	ajouter := func(s string) {
		if a, ok := adresseCourriel(s); ok && !slices.Contains(as, a) {
			as = append(as, a)
		}
	}
	ajouter(x.Courriel)
	for i := range cs {
		if cs[i].Actif && cs[i].A(Gestionnaire) {
			ajouter(cs[i].Identifiant)
		}
	}
	return as, nil
}

// avis writes the mail of events of one kind.
func avis(genre GenreEvenement, es []Evenement) Courrier {
	n := len(es)
	pluriel := func(un, plusieurs string) string {
		if n == 1 {
			return un
		}
		return fmt.Sprintf(plusieurs, n)
	}
	c := Courrier{Chemin: "/demandes", Bouton: "Voir les demandes"}
	if n == 1 && es[0].Charge.NumeroASP != "" {
		c.Chemin, c.Bouton = "/demandes/"+string(es[0].Charge.NumeroASP), "Voir la demande"
	}
	var phrase string
	switch genre {
	case EvenementDepot:
		c.Objet, phrase = pluriel("Votre dépôt a sa réponse", "Vos %d dépôts ont leur réponse"), "Le fichier retour et le rapport de contrôle sont à télécharger sur le portail."
		c.Chemin, c.Bouton = "/depots", "Voir les dépôts"
	case EvenementModification:
		c.Objet, phrase = pluriel("Une demande est à modifier", "%d demandes sont à modifier"), "L’instructeur demande une correction. Apportez-la avant l’échéance : ensuite, le refus de la demande est proposé."
	case EvenementPiece:
		c.Objet, phrase = pluriel("Une pièce est écartée", "%d pièces sont écartées"), "L’analyse antivirus a trouvé un logiciel malveillant. Vérifiez votre poste, puis envoyez la pièce de nouveau."
	case EvenementRappel:
		c.Objet, phrase = pluriel("Rappel : une demande vous attend", "Rappel : %d demandes vous attendent"), "Leur échéance approche et c’est à vous d’agir."
	case EvenementExpiration:
		c.Objet, phrase = pluriel("Une échéance est passée", "%d échéances sont passées"), "La modification demandée n’a pas été apportée à temps : le refus de la demande est proposé au décideur."
	case EvenementDecision:
		c.Objet, phrase = pluriel("Une demande est décidée", "%d demandes sont décidées"), "La décision et ses motifs sont sur le portail."
	case EvenementControle:
		c.Objet, phrase = pluriel("Contrôle a posteriori : une demande", "Contrôle a posteriori : %d demandes"), "Un contrôle fait après le paiement vous concerne. Le constat, et ce que vous pouvez répondre, sont sur le portail."
	case EvenementPaiement:
		c.Objet, phrase = pluriel("Avis de paiement", "Avis de paiement : %d demandes"), "Les sommes suivantes ont été versées sur votre compte."
	default:
		c.Objet, phrase = pluriel("Un paiement est revenu de la banque", "%d paiements sont revenus de la banque"), "Vérifiez vos coordonnées bancaires ; le paiement sera présenté de nouveau."
	}
	c.Paragraphes = []string{"Bonjour,", phrase}
	for _, e := range es[:min(n, lignesCourrier)] {
		c.Lignes = append(c.Lignes, ligneAvis(&e))
	}
	if n > lignesCourrier {
		c.Paragraphes = append(c.Paragraphes, fmt.Sprintf("Les %d premières sont dans ce message ; le portail les montre toutes.", lignesCourrier))
	}
	return c
}

// ligneAvis says in one line what happened to one object.
func ligneAvis(e *Evenement) LigneCourrier {
	k := &e.Charge
	if e.Genre == EvenementDepot {
		return LigneCourrier{k.NomFichier, fmt.Sprintf("%d demandes acceptées, %d refusées", k.Acceptees, k.Rejetees)}
	}
	var ds []string
	ajouter := func(format string, args ...any) { ds = append(ds, fmt.Sprintf(format, args...)) }
	switch {
	case k.Sens == "attribution":
		ajouter("attribuée, %s", francais(k.Montant))
	case k.Sens != "":
		ajouter("refusée")
	case k.Montant != "":
		ajouter("%s", francais(k.Montant))
	}
	for _, m := range k.Motifs {
		if x, ok := MotifDe(m); ok {
			ajouter("%s. %s", x.Libelle, x.Remede)
		}
	}
	if k.Message != "" {
		ajouter("%s", k.Message)
	}
	if j, err := segur.LireJour(k.Echeance); err == nil && k.ProchainActeur == "fournisseur" {
		ajouter("à faire avant le %s", j)
	}
	return LigneCourrier{fmt.Sprintf("%s (votre numéro %s)", k.NumeroASP, k.NumeroEditeur), strings.Join(ds, " ; ")}
}

func francais(montant string) string {
	m, err := segur.LireMontant(montant)
	if err != nil {
		return montant
	}
	return m.Francais()
}
