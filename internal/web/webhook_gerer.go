package web

import (
	"net/http"
	"strconv"

	"guichet.example/internal/guichet"
)

// corpsWebhooks is the page of a supplier's webhooks.
type corpsWebhooks struct {
	Abonnements []abonnementVu
	Secret      string // of the webhook just made: shown this once
	Adresse     string // as typed
	Erreur      string
}

// abonnementVu is a webhook with its last deliveries.
type abonnementVu struct {
	guichet.Abonnement
	Livraisons []guichet.Livraison
}

const livraisonsMontrees = 10

func (s *serveur) webhooks(v *visite) error {
	return s.pageWebhooks(v, http.StatusOK, corpsWebhooks{})
}

func (s *serveur) pageWebhooks(v *visite, statut int, c corpsWebhooks) error {
	bs, err := s.g.Abonnements(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	for _, b := range bs {
		ls, err := s.g.Livraisons(v.r.Context(), v.a, b.ID)
		if err != nil {
			return err
		}
		c.Abonnements = append(c.Abonnements, abonnementVu{b, ls[:min(len(ls), livraisonsMontrees)]})
	}
	return s.rendre(v, statut, "webhooks", "Webhooks", c)
}

func (s *serveur) creerWebhook(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	adresse := v.champ("adresse")
	secret, _, err := s.g.CreerAbonnement(v.r.Context(), v.a, adresse)
	if refuse, phrase, _ := refusFormulaire(err); refuse {
		return s.pageWebhooks(v, statutDe(guichet.GenreDe(err)), corpsWebhooks{Erreur: phrase, Adresse: adresse})
	}
	if err != nil {
		return err
	}
	return s.pageWebhooks(v, http.StatusOK, corpsWebhooks{Secret: secret})
}

// agirWebhook stops a webhook, tries it, gives it another secret, or delivers again from an event on.
func (s *serveur) agirWebhook(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	n, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return inconnu("Ce webhook n’existe pas.")
	}
	ctx, id := v.r.Context(), guichet.AbonnementID(n)
	switch v.champ("acte") {
	case "arreter":
		err = s.g.ArreterAbonnement(ctx, v.a, id)
	case "essayer":
		err = s.g.EssayerAbonnement(ctx, v.a, id)
	case "renouveler":
		secret, err := s.g.RenouvelerAbonnement(ctx, v.a, id)
		if err == nil {
			return s.pageWebhooks(v, http.StatusOK, corpsWebhooks{Secret: secret})
		}
		return err
	case "rejouer":
		depuis, errLire := strconv.ParseInt(v.champ("depuis"), 10, 64)
		if errLire != nil {
			depuis = 0 // refused with its sentence
		}
		err = s.g.RejouerAbonnement(ctx, v.a, id, depuis)
	default:
		err = invalide("Cet acte n’existe pas pour un webhook.")
	}
	if refuse, phrase, _ := refusFormulaire(err); refuse {
		return s.pageWebhooks(v, statutDe(guichet.GenreDe(err)), corpsWebhooks{Erreur: phrase})
	}
	if err != nil {
		return err
	}
	return v.aller("/webhooks?fait=webhook")
}
