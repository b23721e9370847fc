package api

import (
	"net/http"
	"strconv"

	"guichet.example/internal/guichet"
)

// Webhooks of the caller's supplier. A secret is answered once, when it is
// made: such answers are not kept for an Idempotency-Key, and a second creation
// for one address is a conflict instead.
type (
	webhook struct {
		ID     int64  `json:"id"`
		URL    string `json:"url"`
		Actif  bool   `json:"actif"`
		Livre  int64  `json:"livre"` // last event delivered
		Cree   string `json:"cree"`
		Secret string `json:"secret,omitzero"`
	}
	livraison struct {
		Date    string  `json:"date"`
		Premier int64   `json:"premier"`
		Dernier int64   `json:"dernier"`
		Statut  int     `json:"statut"` // HTTP; 0 = no answer
		Erreur  *string `json:"erreur"`
	}
)

func formeWebhook(b *guichet.Abonnement, secret string) webhook {
	return webhook{int64(b.ID), b.URL, b.Actif, b.Jusqua, guichet.Instant(b.Cree), secret}
}

func (s *serveur) webhooks(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	if err := s.g.Autoriser(r.Context(), a, guichet.GererWebhooks, ""); err != nil {
		return err
	}
	bs, err := s.g.Abonnements(r.Context(), a)
	if err != nil {
		return err
	}
	forme := struct {
		Webhooks []webhook `json:"webhooks"`
	}{[]webhook{}}
	for i := range bs {
		forme.Webhooks = append(forme.Webhooks, formeWebhook(&bs[i], ""))
	}
	return s.repondre(w, r, http.StatusOK, forme)
}

func (s *serveur) creerWebhook(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	if err := s.g.Autoriser(r.Context(), a, guichet.GererWebhooks, ""); err != nil {
		return err
	}
	m, _, err := objet(r)
	if err != nil {
		return err
	}
	var adresse string
	x := membres{m: m}
	if x.lire("url", "une adresse https", &adresse); x.err != nil {
		return x.err
	}
	secret, b, err := s.g.CreerAbonnement(r.Context(), a, adresse)
	if err != nil {
		return err
	}
	w.Header().Set("Location", racine+"/webhooks/"+strconv.FormatInt(int64(b.ID), 10))
	return s.repondre(w, r, http.StatusCreated, formeWebhook(b, secret))
}

// webhookDe finds the webhook of an address.
func (s *serveur) webhookDe(r *http.Request, a *guichet.Acteur) (*guichet.Abonnement, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		n = 0 // there is none
	}
	return s.g.Abonnement(r.Context(), a, guichet.AbonnementID(n))
}

func (s *serveur) webhook(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	b, err := s.webhookDe(r, a)
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeWebhook(b, ""))
}

func (s *serveur) livraisons(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	b, err := s.webhookDe(r, a)
	if err != nil {
		return err
	}
	ls, err := s.g.Livraisons(r.Context(), a, b.ID)
	if err != nil {
		return err
	}
	forme := struct {
		Livraisons []livraison `json:"livraisons"`
	}{[]livraison{}}
	for _, l := range ls {
		forme.Livraisons = append(forme.Livraisons, livraison{guichet.Instant(l.Date), l.Premier, l.Dernier, l.Statut, texteOuNul(l.Erreur)})
	}
	return s.repondre(w, r, http.StatusOK, forme)
}

// agirWebhook tries a webhook, gives it another secret, delivers again, or
// ends it.
func (s *serveur) agirWebhook(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	b, err := s.webhookDe(r, a)
	if err != nil {
		return err
	}
	m, _, err := objet(r)
	if err != nil {
		return err
	}
	var acte, secret string
	var depuis int64
	x := membres{m: m}
	x.lire("acte", "un texte", &acte)
	x.lire("depuis", "un numéro d’événement", &depuis)
	if x.err != nil {
		return x.err
	}
	switch acte {
	case "essayer":
		err = s.g.EssayerAbonnement(r.Context(), a, b.ID)
	case "renouveler":
		secret, err = s.g.RenouvelerAbonnement(r.Context(), a, b.ID)
	case "rejouer":
		err = s.g.RejouerAbonnement(r.Context(), a, b.ID, depuis)
	case "arreter":
		err = s.g.ArreterAbonnement(r.Context(), a, b.ID)
	default:
		err = erreur(guichet.Invalide, "« acte » vaut essayer, renouveler, rejouer ou arreter.")
	}
	if err != nil {
		return err
	}
	if b, err = s.g.Abonnement(r.Context(), a, b.ID); err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeWebhook(b, secret))
}
