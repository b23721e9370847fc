package guichet

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Enrolements lists the requests of a status ("" = any), oldest first.
// Administrators call it; the reading is journalled.
func (g *Guichet) Enrolements(ctx context.Context, a *Acteur, s StatutEnrolement, max int) (es []Enrolement, err error) {
	if err := g.Autoriser(ctx, a, LireEnrolement, objetEnrolement); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		es, err = tx.Enrolements(s, max)
		return err
	})
	if err == nil && len(es) > 0 {
		err = g.noterLecture(ctx, a, LireEnrolement, objetEnrolement, fmt.Sprintf("liste ; demandes lues : %d", len(es)))
	}
	return es, err
}

// Enrolement shows one request to an administrator; the reading is journalled.
func (g *Guichet) Enrolement(ctx context.Context, a *Acteur, id EnrolementID) (e *Enrolement, err error) {
	err = g.faire(ctx, operation{acteur: a, action: LireEnrolement, objet: string(id)}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, LireEnrolement); err != nil {
			return nil, "", err
		}
		e, err = tx.Enrolement(id)
		return nil, "", absent(err, "Cette demande d’enrôlement n’existe pas.")
	})
	return e, err
}

// ExamenEnrolement is what an administrator concludes.
type ExamenEnrolement struct {
	Sens    string // "accepter", "demander_complement", "refuser"
	Message string // what is missing, or why it is refused; not for accepter
}

// ExaminerEnrolement concludes on a request that is EnrolementDepose (or, to
// refuse it, EnrolementACompleter). Accepting makes the supplier, its numbers
// and its first gestionnaire, who gets an activation link by mail; lien is that
// link's secret when no mail goes out, so that the administrator hands it over
// himself, and "" otherwise.
func (g *Guichet) ExaminerEnrolement(ctx context.Context, a *Acteur, id EnrolementID, q ExamenEnrolement) (lien string, err error) {
	var c *Compte
	err = g.faire(ctx, operation{acteur: a, action: ExaminerEnrolement, objet: string(id)}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, ExaminerEnrolement); err != nil {
			return nil, "", err
		}
		e, err := tx.Enrolement(id)
		if err != nil {
			return nil, "", absent(err, "Cette demande d’enrôlement n’existe pas.")
		}
		if e.Statut != EnrolementDepose && (q.Sens != "refuser" || e.Statut != EnrolementACompleter) {
			return nil, "", erreur(Conflit, "Cette demande d’enrôlement est « %s » : « %s » n’est pas possible.", e.Statut.Libelle(), visible(q.Sens))
		}
		e.Modifie = g.m.Horloge()
		switch q.Sens {
		case "accepter":
			if c, err = g.enroler(tx, e); err != nil {
				return nil, "", err
			}
		case "demander_complement", "refuser":
			if err := exigerTexte("message", q.Message); err != nil {
				return nil, "", err
			}
			e.Statut, e.Message = EnrolementACompleter, strings.TrimSpace(q.Message)
			if q.Sens == "refuser" {
				e.Statut = EnrolementRefuse
			}
			if err := g.prevenirEnrolement(tx, e); err != nil {
				return nil, "", err
			}
		default:
			return nil, "", erreur(Invalide, "« sens » vaut « %s » ; valeurs admises : accepter, demander_complement, refuser.", visible(q.Sens))
		}
		return nil, q.Sens + " " + e.Siret + " " + q.Message, tx.MajEnrolement(e)
	})
	if err != nil || c == nil {
		return "", err
	}
	return g.inviter(ctx, c)
}

// enroler makes the supplier of an accepted request.
func (g *Guichet) enroler(tx Tx, e *Enrolement) (*Compte, error) {
	fs, err := tx.Fournisseurs()
	if err != nil {
		return nil, err
	}
	for i := range fs {
		if fs[i].Siret == e.Siret {
			return nil, erreur(Conflit, "Le SIRET %s est déjà celui d’un fournisseur enrôlé, %s.", e.Siret, fs[i].RaisonSociale)
		}
	}
	f := &Fournisseur{RaisonSociale: e.RaisonSociale, Siret: e.Siret, IBAN: e.IBAN, BIC: e.BIC, Courriel: e.Courriel, Actif: true}
	if err := tx.PoserFournisseur(f); err != nil {
		return nil, err
	}
	for _, n := range e.Numeros {
		_, err := tx.NumeroAns(n.Numero)
		if err == nil {
			return nil, erreur(Conflit, "Le numéro ANS %s est déjà celui d’un autre fournisseur.", n.Numero)
		}
		if !errors.Is(err, ErrAbsent) {
			return nil, err
		}
		n.FournisseurID = f.ID
		if err := tx.PoserNumeroAns(n); err != nil {
			return nil, err
		}
	}
	c := &Compte{Identifiant: e.Courriel, Nom: e.Nom, Roles: []Role{Gestionnaire}, FournisseurID: f.ID, Actif: true, Cree: g.m.Horloge()}
	if err := tx.PoserCompte(c); errors.Is(err, ErrDoublon) {
		return nil, erreur(Conflit, "L’adresse %s est déjà celle d’un compte : demandez-en une autre au fournisseur.", e.Courriel)
	} else if err != nil {
		return nil, err
	}
	e.Statut, e.Message, e.FournisseurID = EnrolementAccepte, "", f.ID
	return c, g.commander(tx, TravailLien, string(LienActivation)+":"+c.Identifiant, nil)
}
