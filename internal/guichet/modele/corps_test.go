package modele

import (
	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// corps draws the body of an act, and the kind of its refusal when it is wrong
// by itself.
func (x *marche) corps(d *modeleDemande, acte guichet.Action) (q guichet.ActeDemande, contenu guichet.Genre) {
	faux := x.r.IntN(6) == 0
	si := func(v, sinon string) string {
		if faux {
			contenu = guichet.Invalide
			return sinon
		}
		return v
	}
	q.Action = acte
	switch acte {
	case "valider":
		q.Tranche = si("B", "Z")
		q.Verifications = guichettest.Verifications(&guichet.Demande{Avance: d.numeroAvance()})
	case "demander_modification":
		q = x.m.Modification()
		q.Cibles = []string{si("commande", "numeroASP")}
	case "proposer_refus":
		q.Motifs = []string{si("ineligible", "coordonnees")}
	case "decider":
		if q.Sens = "attribution"; x.r.IntN(10) == 0 || d.refus && x.r.IntN(2) == 0 {
			q.Sens, q.Motifs = "refus", []string{si("doublon", "inconnu")}
		} else if d.etat() == refus {
			contenu = guichet.Conflit // it has no check-list
		}
	case "reviser":
		q.Motif, q.Sens = "Essai", []string{"attribution", "refus", "retrait"}[x.r.IntN(3)]
		if contenu = d.jugerRevision(q.Sens); q.Sens == "refus" {
			q.Motifs = []string{"doublon"}
		}
		if faux && contenu == bon {
			q.Motif, contenu = " ", guichet.Invalide
		}
	case "renvoyer", "ouvrir_controle":
		q.Motif = si("Essai", " ")
	case "corriger":
		q.Champs, contenu = x.corrections(d)
	case "constater":
		if !faux {
			conforme := x.r.IntN(2) == 0
			q.Conforme = &conforme
		}
		si("", "")
	case "recouvrer":
		q.Mode = []guichet.ModeCreance{"", "remboursement", "compensation", "compensation"}[x.r.IntN(4)]
		q.Motif, q.Montant = "Essai", si([]string{"10.00", "255.00"}[x.r.IntN(2)], []string{"0.00", "-1.00", "1.0", "99999.00"}[x.r.IntN(4)])
		if m, err := segur.LireMontant(q.Montant); err == nil && d.recouvre+m > d.verse {
			contenu = guichet.Invalide
		}
	}
	return q, contenu
}

func (d *modeleDemande) numeroAvance() guichet.NumeroASP {
	if d.avance == nil {
		return ""
	}
	return d.avance.numero
}

func (x *marche) corrections(d *modeleDemande) (guichet.Champs, guichet.Genre) {
	switch n := x.r.IntN(6); {
	case n == 0:
		return guichet.Champs{"numeroEditeur": `"ZZZZZ"`}, guichet.Invalide
	case n == 1:
		return guichet.Champs{"beneficiaire.nomResponsable": `"minuscule"`}, guichet.Invalide
	case n == 2 && d.avance == nil:
		return guichet.Champs{"commande.montantSegurHT": "875.01"}, guichet.Invalide
	case n == 3 && d.avance == nil && len(d.pieces) == 1:
		return guichet.Champs{"commande.montantSegurHT": "700.00"}, bon
	case n == 4 && d.avance == nil && d.base != 840_00:
		return guichet.Champs{"commande.regimeTVA": `"HT"`, "piecesJustificatives": `[{"nomFichier": "PHA-LGO-Va1-BDC-` + d.editeur + `.pdf", "formatFichier": "PDF", "typeFichier": "BON_COMMANDE"},
			{"nomFichier": "` + preuve(d) + `", "formatFichier": "PDF", "typeFichier": "PREUVE_HT"}]`}, bon
	}
	return guichet.Champs{}, bon
}
