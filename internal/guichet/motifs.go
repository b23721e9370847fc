package guichet

import "slices"

// Motif is a coded reason.
type Motif struct {
	Code    string
	Libelle string
	Remede  string // what the supplier can do
	Actes   []Action
}

// Motifs lists the reasons that officers and deciders give. A code keeps its
// meaning for ever.
func Motifs() []Motif {
	tous := []Action{DemanderModification, ProposerRefus, Decider}
	refus := []Action{ProposerRefus, Decider}
	return []Motif{
		{"piece_illisible", "La pièce est illisible ou incomplète", "Numérisez de nouveau la pièce, entière et droite, puis remplacez-la.", tous},
		{"piece_autre", "La pièce n’est pas le document attendu", "Joignez le bon de commande, la preuve de régime, la facture ou la vérification d’aptitude demandés.", tous},
		{"piece_non_signee", "La pièce n’est pas signée par l’officine", "Faites signer et dater la pièce, puis remplacez-la.", tous},
		{"montant_discordant", "Le montant ne correspond pas à la pièce", "Corrigez le montant hors taxe de la demande, ou joignez la bonne pièce.", tous},
		{"date_discordante", "La date ne correspond pas à la pièce", "Corrigez la date de la demande, ou joignez la bonne pièce.", tous},
		{"finess_discordant", "Le numéro FINESS ne correspond pas à l’officine", "Corrigez le numéro FINESS géographique de l’officine.", tous},
		{"regime_discordant", "Le régime de TVA ne correspond pas à la preuve fournie", "Corrigez le régime, ou joignez la preuve de régime hors taxe.", tous},
		{"coordonnees", "Les coordonnées du responsable sont inexactes", "Corrigez le nom, le courriel ou le téléphone.", []Action{DemanderModification}},
		{"doublon", "L’officine est déjà financée pour cette prestation", "Une officine ne bénéficie qu’une fois de la prestation Ségur.", refus},
		{"ineligible", "L’établissement n’est pas éligible", "Seules les officines de catégorie 620, 627, 628 ou 629 sont financées.", refus},
		{"hors_delai", "La commande est hors de la période de la campagne", "Seules les commandes signées dans la période sont financées.", refus},
		{"sans_reponse", "La modification demandée n’a pas été apportée à temps", "Déposez une nouvelle demande si la période est encore ouverte.", refus},
	}
}

// MotifDe finds a reason by its code; false when there is none.
func MotifDe(code string) (Motif, bool) {
	for _, m := range Motifs() {
		if m.Code == code {
			return m, true
		}
	}
	return Motif{}, false
}

// exigerMotifs refuses a list of reasons that is empty, says one twice, or
// names one that the act does not take.
func exigerMotifs(a Action, motifs []string) error {
	if len(motifs) == 0 {
		return erreur(Invalide, "Il manque « motifs » : une liste d’au moins un code de GET /motifs.")
	}
	for i, c := range motifs {
		m, ok := MotifDe(c)
		switch {
		case !ok:
			return erreur(Invalide, "Le motif « %s » n’existe pas ; voyez GET /motifs.", visible(c))
		case !slices.Contains(m.Actes, a):
			return erreur(Invalide, "Le motif « %s » ne sert pas à l’acte %s.", c, a)
		case slices.Contains(motifs[:i], c):
			return erreur(Invalide, "Le motif « %s » est donné deux fois.", c)
		}
	}
	return nil
}

// Verification is one question of the check-list of an instruction.
type Verification struct {
	Code    string
	Libelle string
}

// Reponses are what a check-list question can be answered with.
func Reponses() []string { return []string{"oui", "non", "sans_objet"} }

// ListeVerifications names the check-list below, which an answer keeps: a list
// that asks something else has another name.
const ListeVerifications = "2022-11"

// Verifications is the check-list for a type of request.
func Verifications(d *Demande) []Verification {
	vs := []Verification{
		{"officine", "Le nom et le numéro FINESS de la pièce sont ceux de la demande"},
		{"montant", "Le montant hors taxe de la pièce est celui de la demande"},
		{"date", "La date de la pièce est celle de la demande"},
		{"signature", "La pièce est signée par l’officine"},
		{"prestation", "La pièce désigne la prestation Ségur et elle seule"},
		{"regime", "Le régime de TVA est prouvé"},
	}
	if d.Avance != "" {
		vs = append(vs, Verification{"facture", "La facture est celle de la commande de l’avance"},
			Verification{"aptitude", "La vérification d’aptitude est signée par le client final"})
	}
	return vs
}

// exigerVerifications refuses a check-list that is not answered whole.
func exigerVerifications(d *Demande, v map[string]string) error {
	connues := map[string]bool{}
	for _, q := range Verifications(d) {
		connues[q.Code] = true
		r, ok := v[q.Code]
		if !ok {
			return erreur(Invalide, "La vérification « %s » (%s) n’est pas renseignée ; réponses : oui, non, sans_objet.", q.Code, q.Libelle)
		}
		if !slices.Contains(Reponses(), r) {
			return erreur(Invalide, "La vérification « %s » vaut « %s » ; réponses : oui, non, sans_objet.", q.Code, visible(r))
		}
	}
	for c := range v {
		if !connues[c] {
			return erreur(Invalide, "La vérification « %s » n’existe pas pour cette demande.", visible(c))
		}
	}
	return nil
}
