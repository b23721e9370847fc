package api

import (
	"net/http"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// releve and ligneReleve are a bank's file of returns as the API shows it.
type (
	ligneReleve struct {
		NumeroASP   string  `json:"numeroASP"`
		Motif       string  `json:"motif"`
		Detail      string  `json:"detail"`
		Montant     *string `json:"montant"`
		Envoye      *string `json:"envoye"`
		Lot         *string `json:"lot"`
		Etat        string  `json:"etat"`
		Explication string  `json:"explication"`
	}
	releve struct {
		ID          string        `json:"id"`
		Format      string        `json:"format"`
		Message     string        `json:"message"`
		Ordre       *string       `json:"ordre"`
		Rejet       *string       `json:"rejet"`
		Lus         int           `json:"lus"`
		Explication *string       `json:"explication"`
		ANoter      int           `json:"aNoter"`
		Lignes      []ligneReleve `json:"lignes"`
	}
)

// montantOuNul spells an amount; nil = not said.
func montantOuNul(m segur.Montant) *string {
	if m == 0 {
		return nil
	}
	return texteOuNul(m.String())
}

// texteBanque makes a text of the bank safe and short.
func texteBanque(s string) string { return segur.Visible(s, 200) }

func formeReleve(v *guichet.ReleveVu) releve {
	f := releve{ID: v.SHA256, Format: v.Format, Message: v.Message, Ordre: texteOuNul(texteBanque(v.Contenu.Ordre)), Rejet: texteOuNul(v.Contenu.Rejet),
		Lus: v.Contenu.Lus, Explication: texteOuNul(v.Explication), ANoter: v.ANoter(), Lignes: []ligneReleve{}}
	for _, l := range v.Lignes {
		f.Lignes = append(f.Lignes, ligneReleve{NumeroASP: texteBanque(l.EndToEndID), Motif: texteBanque(l.Motif), Detail: texteBanque(l.Detail), Montant: montantOuNul(l.Montant),
			Envoye: montantOuNul(l.Envoye), Lot: texteOuNul(string(l.Lot)), Etat: string(l.Etat), Explication: l.Explication})
	}
	return f
}

func (s *serveur) recevoirReleve(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	if err := s.g.Autoriser(r.Context(), a, guichet.RecevoirReleve, ""); err != nil {
		return err
	}
	b, err := lireTout(r, guichet.ReleveMax)
	if err != nil {
		return err
	}
	v, err := s.g.RecevoirReleve(r.Context(), a, b)
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeReleve(v))
}

func (s *serveur) releve(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	v, err := s.g.ReleveDe(r.Context(), a, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeReleve(v))
}

func (s *serveur) agirReleve(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	if err := s.g.Autoriser(r.Context(), a, guichet.AppliquerReleve, r.PathValue("id")); err != nil {
		return err
	}
	m, brut, err := objet(r)
	if err != nil {
		return err
	}
	var acte string
	x := membres{m: m}
	if x.lire("acte", "appliquer", &acte); x.err != nil {
		return x.err
	}
	if acte != "appliquer" {
		return erreur(guichet.Invalide, "L’acte « "+segur.Visible(acte, 40)+" » n’existe pas pour un fichier de la banque ; acte : appliquer.")
	}
	forme := func(v any) any { return formeReleve(v.(*guichet.ReleveVu)) }
	appel, err := s.appelDe(r, http.StatusOK, forme, brut)
	if err != nil {
		return err
	}
	v, err := s.g.AppliquerReleve(r.Context(), a, r.PathValue("id"), appel)
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, forme(v))
}
