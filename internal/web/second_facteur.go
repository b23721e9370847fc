package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"net/http"
	"strings"

	"guichet.example/internal/guichet"
)

// corpsDefi asks for the second factor, between the password and the session.
type corpsDefi struct{ Defi, Suite, Erreur string }

// demanderCode goes on with a sign-in that waits for a code; false when the
// error says nothing of the kind.
func (s *serveur) demanderCode(v *visite, err error, suite string) (bool, error) {
	var requis *guichet.SecondFacteurRequis
	if !errors.As(err, &requis) {
		return false, nil
	}
	return true, s.rendre(v, http.StatusOK, "connexion_code", "Second facteur", corpsDefi{Defi: requis.Defi, Suite: suite})
}

func (s *serveur) donnerCode(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	c := corpsDefi{Defi: v.champ("defi"), Suite: cheminSur(v.champ("suite"))}
	secret, _, err := s.g.ConnecterSecondFacteur(v.r.Context(), c.Defi, v.champ("code"), s.o.Adresse(v.r), v.r.UserAgent())
	if err != nil {
		g := guichet.GenreDe(err)
		if g != guichet.NonIdentifie && g != guichet.TropSouvent {
			return err
		}
		if c.Erreur, _, _ = phraseDe(err); g == guichet.TropSouvent {
			v.w.Header().Set("Retry-After", "60")
		}
		return s.rendre(v, statutDe(g), "connexion_code", "Second facteur", c)
	}
	if err := s.oublierSession(v); err != nil {
		return err
	}
	s.poserSession(v, secret)
	return v.aller(c.Suite)
}

// corpsSecurite is the page of one's own password and second factor.
type corpsSecurite struct {
	Identifiant string
	Actif       bool
	Codes       int
	Secret      string        // of a second factor just prepared, in groups of four
	Dessin      template.HTML // the same, to scan
	Nouveaux    []string      // recovery codes: shown this once
	Erreur      string
}

func (s *serveur) securite(v *visite) error {
	return s.pageSecurite(v, http.StatusOK, corpsSecurite{})
}

func (s *serveur) pageSecurite(v *visite, statut int, c corpsSecurite) (err error) {
	c.Identifiant = v.a.Identifiant
	if c.Actif, c.Codes, err = s.g.EtatSecondFacteur(v.r.Context(), v.a); err != nil {
		return err
	}
	return s.rendre(v, statut, "securite", "Mot de passe et second facteur", c)
}

// sessionPresente is the secret of the session that asks: it stays when the
// others end.
func (v *visite) sessionPresente() string {
	c, err := v.r.Cookie(cookieSession)
	if err != nil {
		return ""
	}
	return c.Value
}

// changerSecurite runs one form of that page: its refusals are shown on the
// page itself.
func changerSecurite(f func(*serveur, *visite) (corpsSecurite, error)) func(*serveur, *visite) error {
	return func(s *serveur, v *visite) error {
		if err := v.saisie(); err != nil {
			return err
		}
		c, err := f(s, v)
		switch g := guichet.GenreDe(err); {
		case err == nil:
			return s.pageSecurite(v, http.StatusOK, c)
		case g == guichet.Invalide || g == guichet.Conflit || g == guichet.TropSouvent:
			c = corpsSecurite{}
			c.Erreur, _, _ = phraseDe(err)
			return s.pageSecurite(v, statutDe(g), c)
		}
		return err
	}
}

func (s *serveur) changerMotDePasse(v *visite) (c corpsSecurite, err error) {
	nouveau := v.r.PostForm.Get("nouveau")
	if nouveau != v.r.PostForm.Get("encore") {
		return c, invalide("Les deux mots de passe ne sont pas les mêmes.")
	}
	return c, s.g.ChangerMotDePasse(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe"), nouveau, v.sessionPresente())
}

func (s *serveur) preparerSecond(v *visite) (c corpsSecurite, err error) {
	p, err := s.g.PreparerSecondFacteur(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe"))
	if err != nil {
		return c, err
	}
	for i := 0; i < len(p.Secret); i += 4 {
		c.Secret += p.Secret[i:min(i+4, len(p.Secret))] + " "
	}
	c.Dessin, err = dessiner(p.QR)
	return c, err
}

func (s *serveur) activerSecond(v *visite) (c corpsSecurite, err error) {
	c.Nouveaux, err = s.g.ActiverSecondFacteur(v.r.Context(), v.a, v.champ("code"), v.sessionPresente())
	return c, err
}

func (s *serveur) renouvelerCodes(v *visite) (c corpsSecurite, err error) {
	c.Nouveaux, err = s.g.RenouvelerCodes(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe"))
	return c, err
}

func (s *serveur) retirerSecond(v *visite) (c corpsSecurite, err error) {
	return c, s.g.RetirerSecondFacteur(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe"))
}

// dessiner makes an SVG of a black and white PNG: the page loads no image that
// is not a file of ours, and this one must be kept nowhere.
func dessiner(octets []byte) (template.HTML, error) {
	img, err := png.Decode(bytes.NewReader(octets))
	if err != nil {
		return "", err
	}
	b := img.Bounds()
	var d strings.Builder
	for y := b.Min.Y; y < b.Max.Y; {
		h := 1
		for y+h < b.Max.Y && memeLigne(img, y, y+h) {
			h++
		}
		for x := b.Min.X; x < b.Max.X; {
			l := 1
			for x+l < b.Max.X && noir(img, x+l, y) == noir(img, x, y) {
				l++
			}
			if noir(img, x, y) {
				fmt.Fprintf(&d, "M%d %dh%dv%dh-%dz", x, y, l, h, l)
			}
			x += l
		}
		y += h
	}
	// Numbers only: nothing of it comes from anybody.
	return template.HTML(fmt.Sprintf(`<svg class="qr" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="Code à scanner avec l’application"><rect width="100%%" height="100%%" fill="#fff"/><path d="%s" fill="#000"/></svg>`,
		b.Dx(), b.Dy(), b.Dx(), b.Dy(), d.String())), nil
}

func noir(img image.Image, x, y int) bool {
	r, _, _, _ := img.At(x, y).RGBA()
	return r < 0x8000
}

func memeLigne(img image.Image, a, b int) bool {
	for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
		if noir(img, x, a) != noir(img, x, b) {
			return false
		}
	}
	return true
}
