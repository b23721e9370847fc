package guichet

import (
	"context"
	"strconv"
	"strings"

	"guichet.example/segur"
)

// AjouterNumeroAns gives an enrolled supplier one more ANS number, or puts one
// of its own that was withdrawn back in use. The reason is kept in the journal
// and the supplier is told by mail. Administrators call it.
func (g *Guichet) AjouterNumeroAns(ctx context.Context, a *Acteur, id FournisseurID, n NumeroAns, motif string) error {
	ns := []NumeroAns{n}
	var f fautes
	jugerNumeros(ns, &f)
	n = ns[0]
	return g.reglerNumero(ctx, a, id, n.Numero, motif, f, func(tx Tx, x *Fournisseur) (string, Courrier, error) {
		ancien, err := tx.NumeroAns(n.Numero)
		switch {
		case err == nil && ancien.FournisseurID != id:
			return "", Courrier{}, erreur(Conflit, "Le numéro ANS %s est déjà celui d’un autre fournisseur.", n.Numero)
		case err == nil && ancien.Retire.Nul():
			return "", Courrier{}, erreur(Conflit, "Le numéro ANS %s est déjà celui de %s, et il est en service.", n.Numero, x.RaisonSociale)
		case presence(err) != nil:
			return "", Courrier{}, err
		}
		siens, err := tx.NumerosAns(id)
		if err != nil {
			return "", Courrier{}, err
		}
		if ancien == nil && len(siens) >= numerosAnsMax {
			return "", Courrier{}, erreur(Conflit, "Un fournisseur a au plus %d numéros ANS ; celui-ci en a déjà %d.", numerosAnsMax, len(siens))
		}
		n.FournisseurID, n.Retire = id, segur.Jour{}
		m := Courrier{Objet: "Numéro ANS " + n.Numero + " ajouté à votre compte",
			Paragraphes: []string{"Bonjour,", "Vous pouvez désormais déposer des fichiers sous le numéro ANS " + n.Numero + " (" + n.Couloir + ", " + n.Logiciel + ").", "Motif : " + motif},
			Chemin:      "/depots/nouveau", Bouton: "Déposer un fichier"}
		return "ajouter à " + x.Siret + ", " + n.Couloir + " " + n.Logiciel, m, tx.PoserNumeroAns(n)
	})
}

// RetirerNumeroAns withdraws a number of a supplier: no advance is deposited
// under it any more. Its requests go on, and their balances may be claimed. The
// reason is kept in the journal and the supplier is told by mail.
// Administrators call it.
func (g *Guichet) RetirerNumeroAns(ctx context.Context, a *Acteur, id FournisseurID, numero, motif string) error {
	return g.reglerNumero(ctx, a, id, numero, motif, nil, func(tx Tx, x *Fournisseur) (string, Courrier, error) {
		n, err := tx.NumeroAns(numero)
		if err == nil && n.FournisseurID != id {
			err = ErrAbsent
		}
		if err != nil {
			return "", Courrier{}, absent(err, "Ce numéro ANS n’est pas de ceux de %s.", x.RaisonSociale)
		}
		if !n.Retire.Nul() {
			return "", Courrier{}, erreur(Conflit, "Le numéro ANS %s est déjà retiré, depuis le %s.", n.Numero, n.Retire)
		}
		n.Retire = g.Aujourdhui()
		m := Courrier{Objet: "Numéro ANS " + n.Numero + " retiré de votre compte",
			Paragraphes: []string{"Bonjour,", "Aucune demande d’avance ne peut plus être déposée sous le numéro ANS " + n.Numero + ". Les demandes déjà déposées suivent leur cours, et leurs soldes restent possibles.", "Motif : " + motif},
			Chemin:      "/demandes", Bouton: "Voir les demandes"}
		return "retirer à " + x.Siret, m, tx.PoserNumeroAns(*n)
	})
}

// reglerNumero runs a change of a supplier's numbers with its journal entry and
// its mail; faire returns what is journalled, before the reason.
func (g *Guichet) reglerNumero(ctx context.Context, a *Acteur, id FournisseurID, numero, motif string, f fautes, faire func(Tx, *Fournisseur) (string, Courrier, error)) error {
	motif = strings.TrimSpace(motif)
	if err := exigerTexte("motif", motif); err != nil {
		f.dire("motif", "%s", err.Error())
	}
	return g.faire(ctx, operation{acteur: a, action: GererNumerosAns, objet: numero}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, GererNumerosAns); err != nil {
			return nil, "", err
		}
		x, err := tx.Fournisseur(id)
		if err != nil {
			return nil, "", absent(err, "Ce fournisseur n’existe pas.")
		}
		if err := f.erreur(); err != nil {
			return nil, "", err
		}
		fait, m, err := faire(tx, x)
		if err != nil {
			return nil, "", err
		}
		qui, err := g.destinataires(tx, id)
		if err != nil {
			return nil, "", err
		}
		m.ID = "ans-" + numero + "-" + strconv.FormatInt(g.m.Horloge().UnixNano(), 36)
		return nil, fait + " ; " + motif, g.poster(tx, m, qui...)
	})
}
