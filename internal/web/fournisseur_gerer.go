package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"guichet.example/internal/guichet"
)

// corpsFournisseurs is the page where an administrator finds who manages each
// supplier, and its ANS numbers.
type corpsFournisseurs struct {
	Fournisseurs []guichet.FournisseurVu
	Couloirs     []string
	Choisi       guichet.FournisseurID // whose form was refused: it stays open
	Saisie       url.Values            // of that form
	Erreur       string
	Fautes       []guichet.FauteChamp
	Lien         string // activation, to hand over
}

func (s *serveur) fournisseurs(v *visite) error {
	return s.pageFournisseurs(v, http.StatusOK, corpsFournisseurs{})
}

func (s *serveur) pageFournisseurs(v *visite, statut int, c corpsFournisseurs) (err error) {
	c.Couloirs = guichet.Couloirs()
	if c.Fournisseurs, err = s.g.Fournisseurs(v.r.Context(), v.a); err != nil {
		return err
	}
	return s.rendre(v, statut, "fournisseurs", "Fournisseurs", c)
}

// fournisseurVise reads which supplier a form is about.
func fournisseurVise(v *visite) (guichet.FournisseurID, error) {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, inconnu("Ce fournisseur n’existe pas.")
	}
	return guichet.FournisseurID(id), nil
}

// reglerNumeroAns adds an ANS number to a supplier, or withdraws one.
func (s *serveur) reglerNumeroAns(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	id, err := fournisseurVise(v)
	if err != nil {
		return err
	}
	numero, motif := strings.TrimSpace(v.champ("numero")), v.champ("motif")
	switch v.champ("acte") {
	case "ajouter":
		n := guichet.NumeroAns{Numero: numero, Couloir: v.champ("couloir"), Logiciel: strings.ToUpper(strings.TrimSpace(v.champ("logiciel")))}
		err = s.g.AjouterNumeroAns(v.r.Context(), v.a, id, n, motif)
	case "retirer":
		err = s.g.RetirerNumeroAns(v.r.Context(), v.a, id, numero, motif)
	default:
		err = invalide("Choisissez d’ajouter un numéro ou d’en retirer un.")
	}
	if refuse, phrase, fautes := refusFormulaire(err); refuse {
		return s.pageFournisseurs(v, statutDe(guichet.GenreDe(err)), corpsFournisseurs{Erreur: phrase, Fautes: fautes, Choisi: id, Saisie: v.r.PostForm})
	}
	if err != nil {
		return err
	}
	return v.aller("/fournisseurs?fait=numero")
}

func (s *serveur) nommerGestionnaire(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	id, err := fournisseurVise(v)
	if err != nil {
		return err
	}
	q := guichet.Invitation{Courriel: v.champ("courriel"), Nom: v.champ("nom")}
	lien, err := s.g.NommerGestionnaire(v.r.Context(), v.a, id, q, v.champ("remplacer") == "oui")
	if refuse, phrase, fautes := refusFormulaire(err); refuse {
		return s.pageFournisseurs(v, statutDe(guichet.GenreDe(err)), corpsFournisseurs{Erreur: phrase, Fautes: fautes})
	}
	if err != nil {
		return err
	}
	if lien != "" {
		return s.pageFournisseurs(v, http.StatusOK, corpsFournisseurs{Lien: "/activation/" + lien})
	}
	return v.aller("/fournisseurs?fait=utilisateur")
}
