package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"guichet.example/internal/guichet"
)

// cles tells whether passkeys work on the address that the browser shows: they
// are bound to the portal's public name.
func (s *serveur) cles(v *visite) bool {
	protocole := "http://"
	if s.o.Chiffre(v.r) {
		protocole = "https://"
	}
	return slices.Contains(s.g.ClesOuvertes(), protocole+v.r.Host)
}

// repondreScript answers the script of the passkeys: what the browser needs, or
// the sentence to show.
func (s *serveur) repondreScript(v *visite, x any, err error) error {
	statut := http.StatusOK
	if err != nil {
		phrase, _, ok := phraseDe(err)
		if !ok {
			return err
		}
		refusConnexion(v, err)
		statut = statutDe(genreDe(err))
		x = struct {
			Erreur string `json:"erreur"`
		}{phrase}
	}
	b, err := json.Marshal(x)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	v.w.WriteHeader(statut)
	_, _ = v.w.Write(b) // nobody is left to tell
	return nil
}

func (s *serveur) debuterEntreeCle(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	d, err := s.g.PreparerEntreeCle(v.r.Context(), v.champ("defi"), s.origine(v))
	return s.repondreScript(v, d, err)
}

// entrerParCle signs in by passkey: a form that the script has filled.
func (s *serveur) entrerParCle(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	c := corpsConnexion{Suite: cheminSur(v.champ("suite"))}
	secret, a, err := s.g.ConnecterCle(v.r.Context(), v.champ("ceremonie"), []byte(v.champ("reponse")), s.origine(v))
	return s.conclure(v, secret, a, err, c)
}

func (s *serveur) debuterAjoutCle(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	d, err := s.g.PreparerCle(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe"), v.champ("nom"))
	return s.repondreScript(v, d, err)
}

func (s *serveur) ajouterCle(v *visite) (c corpsSecurite, err error) {
	if c.Nouveaux, err = s.g.AjouterCle(v.r.Context(), v.a, v.champ("ceremonie"), []byte(v.champ("reponse")), s.sessionPresente(v)); err == nil {
		c.Fait = "La clé d’accès est enregistrée. Vos autres sessions sont fermées."
	}
	if guichet.GenreDe(err) == guichet.NonIdentifie { // the ceremony, not the session
		err = refus(guichet.Conflit, "L’enregistrement de la clé d’accès a expiré. Recommencez.")
	}
	return c, err
}

func (s *serveur) retirerCle(v *visite) (c corpsSecurite, err error) {
	if err = s.g.RetirerCle(v.r.Context(), v.a, v.champ("cle"), v.r.PostForm.Get("mot_de_passe")); err == nil {
		c.Fait = "La clé d’accès est retirée : elle n’ouvre plus votre compte."
	}
	return c, err
}
