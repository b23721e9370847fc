package lettre

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"guichet.example/segur"
)

// Modele holds the fixed sentences of one kind of letter, from one day on.
// {words} in braces stand for what each letter fills in; which ones exist
// depends on the kind, and an unknown one is an error when a letter is made,
// never a hole in it.
type Modele struct {
	ID        string // "attribution/2023-01", printed at the foot of the letter
	Genre     Genre
	Depuis    segur.Jour // first day of use
	Objet     string
	Ouverture []string // paragraphs before the figures
	Cloture   []string // paragraphs after them
	Recours   []string // ways of appeal; may be empty
}

// Modeles is a set of templates, in any order.
type Modeles []Modele

// Pour gives the template in force that day: of those of the kind that have
// begun, the latest.
func (ms Modeles) Pour(g Genre, jour segur.Jour) (Modele, error) {
	var choisi Modele
	for _, m := range ms {
		if m.Genre == g && !m.Depuis.Apres(jour) && (choisi.ID == "" || m.Depuis.Apres(choisi.Depuis)) {
			choisi = m
		}
	}
	if choisi.ID == "" {
		return Modele{}, fmt.Errorf("aucun modèle de lettre « %s » n’est en vigueur le %s", g, jour)
	}
	return choisi, nil
}

// remplir puts the values of a letter into its template.
func (m Modele) remplir(valeurs map[string]string) (Modele, error) {
	var err error
	texte := func(s string) string {
		t, e := remplacer(s, valeurs)
		if e != nil && err == nil {
			err = fmt.Errorf("modèle de lettre « %s » : %w", m.ID, e)
		}
		return t
	}
	textes := func(l []string) []string {
		r := make([]string, len(l))
		for i, s := range l {
			r[i] = texte(s)
		}
		return r
	}
	m.Objet, m.Ouverture, m.Cloture, m.Recours = texte(m.Objet), textes(m.Ouverture), textes(m.Cloture), textes(m.Recours)
	return m, err
}

// remplacer fills the {words} of s. Values are put in as they are and not read
// again, so that a brace in a name stays a brace.
func remplacer(s string, valeurs map[string]string) (string, error) {
	var b strings.Builder
	for {
		avant, reste, ok := strings.Cut(s, "{")
		b.WriteString(avant)
		if !ok {
			return b.String(), nil
		}
		mot, suite, ok := strings.Cut(reste, "}")
		v, connu := valeurs[mot]
		if !ok || !connu {
			return "", fmt.Errorf("« {%.30s} » est inconnu ; mots possibles : %s", mot, strings.Join(slices.Sorted(maps.Keys(valeurs)), ", "))
		}
		b.WriteString(v)
		s = suite
	}
}

// recours is the usual way of appeal against a decision of the agency.
var recours = []string{
	"Si vous contestez cette décision, vous pouvez, dans un délai de deux mois à compter de sa notification, nous adresser un recours gracieux, en rappelant la référence {reference}, " +
		"ou saisir le tribunal administratif compétent. Un recours gracieux formé dans ce délai le prolonge : vous pourrez encore saisir le tribunal dans les deux mois qui suivent la réponse.",
}

// ModelesFournis are the sentences that the product comes with. An operator
// may give others through [Cadre].
func ModelesFournis() Modeles {
	depuis := segur.Jour{Annee: 2022, Mois: 11, Jour: 4} // the document's own date
	return Modeles{
		{
			ID: "attribution/2022-11", Genre: GenreAttribution, Depuis: depuis, Recours: recours,
			Objet:     "Décision d’attribution : financement Ségur, {demandes}",
			Ouverture: []string{"Madame, Monsieur,", "Après instruction, nous vous attribuons un financement de {total} au titre du Ségur numérique, pour {demandes} que vous avez déposées sur le portail. Le calcul de chaque montant est donné ci-dessous."},
			Cloture: []string{
				"Le virement sera fait sur le compte bancaire que vous avez déclaré. Vous recevrez alors un avis de paiement, demande par demande. Vous n’avez rien à faire.",
				"Gardez vos pièces justificatives : un contrôle a posteriori peut avoir lieu après le paiement.",
			},
		},
		{
			ID: "refus/2022-11", Genre: GenreRefus, Depuis: depuis, Recours: recours,
			Objet:     "Décision de refus : financement Ségur, {demandes}",
			Ouverture: []string{"Madame, Monsieur,", "Après instruction, nous ne pouvons pas accorder le financement demandé pour {demandes} que vous avez déposées sur le portail. Les motifs sont donnés ci-dessous, chacun avec ce que vous pouvez faire."},
			Cloture:   []string{"Une nouvelle demande pour la même officine reste possible tant que la campagne est ouverte, sous un nouveau numéro éditeur : la commande « segur reprendre » la prépare pour vous."},
		},
		{
			ID: "modification/2022-11", Genre: GenreModification, Depuis: depuis,
			Objet:     "Demande {numero} : une correction est nécessaire avant le {echeance}",
			Ouverture: []string{"Madame, Monsieur,", "L’instruction de votre demande {numero} est suspendue : un ou plusieurs points sont à corriger. Voici lesquels, et comment faire."},
			Cloture: []string{
				"Corrigez la demande sur le portail au plus tard le {echeance}. Elle sera contrôlée selon les règles en vigueur le jour où vous la renverrez, puis son instruction reprendra.",
				"Sans correction à cette date, la demande pourra être refusée.",
			},
		},
		{
			ID: "recouvrement/2022-11", Genre: GenreRecouvrement, Depuis: depuis, Recours: recours,
			Objet:     "Ordre de recouvrement : demande {numero}, {total}",
			Ouverture: []string{"Madame, Monsieur,", "À l’issue du contrôle a posteriori {controle}, et après avoir examiné vos observations éventuelles, nous constatons que la somme de {total} vous a été versée à tort pour la demande {numero}. Elle doit être rendue."},
			Cloture:   []string{"{modalites}", "Si cette somme pose une difficulté, écrivez-nous sans attendre : des délais de paiement peuvent être étudiés."},
		},
		{
			ID: "retrait/2022-11", Genre: GenreRetrait, Depuis: depuis, Recours: recours,
			Objet:     "Demande {numero} : retrait d’une décision",
			Ouverture: []string{"Madame, Monsieur,", "Nous retirons {decision}, prise sur votre demande {numero}. Elle ne produit plus d’effet."},
			Cloture: []string{
				"Votre demande repart à l’instruction. Une nouvelle décision vous sera notifiée ; elle nommera celle qu’elle remplace. Vous n’avez rien à faire dans l’intervalle, sauf si l’instructeur vous demande une correction.",
			},
		},
		{
			ID: "constat/2022-11", Genre: GenreConstat, Depuis: depuis,
			Objet:     "Contrôle a posteriori : constat sur la demande {numero}",
			Ouverture: []string{"Madame, Monsieur,", "Votre demande {numero} a fait l’objet du contrôle a posteriori {controle}. Il constate qu’elle n’est pas conforme. Voici le constat, et comment y répondre."},
			Cloture: []string{
				"Vous pouvez présenter vos observations sur le portail, à la page de la demande, au plus tard le {echeance}. Vous pouvez vous faire assister ou représenter par la personne de votre choix, et demander la copie du dossier de contrôle.",
				"Votre réponse sera lue avant toute suite. Sans réponse à cette date, la suite sera donnée au vu du dossier : classement du contrôle, ou ordre de recouvrement de tout ou partie de la somme versée.",
				"Ce courrier n’est pas encore une décision : aucune somme ne vous est demandée aujourd’hui.",
			},
		},
		{
			ID: "recepisse/2022-11", Genre: GenreRecepisse, Depuis: depuis,
			Objet:     "Accusé de dépôt {depot}",
			Ouverture: []string{"Le portail a reçu et contrôlé votre fichier. Ce document atteste de son contenu exact et de l’instant de sa réception."},
			Cloture: []string{
				"Pour vérifier que votre fichier est bien celui qui a été reçu, calculez son empreinte SHA-256 (« sha256sum » sous Linux, « Get-FileHash » sous Windows) et comparez-la avec celle qui figure ci-dessus : un seul caractère changé dans le fichier en donne une tout autre.",
				"Ce document n’est pas une décision : chaque demande acceptée sera instruite, une fois ses pièces justificatives reçues.",
			},
		},
		{
			ID: "avis/2022-11", Genre: GenreAvis, Depuis: depuis,
			Objet:     "Avis de paiement {lot} : {total}",
			Ouverture: []string{"Madame, Monsieur,", "Nous vous avons versé {total} le {date}, pour {demandes}. Le détail de chaque montant est donné ci-dessous."},
			Cloture:   []string{"Chaque virement porte le numéro ASP de sa demande : vous le retrouverez sur votre relevé de compte. Un montant vous étonne ? Répondez en rappelant la référence {reference} et le numéro de la demande."},
		},
	}
}
