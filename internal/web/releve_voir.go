package web

import (
	"net/http"

	"guichet.example/internal/guichet"
)

// corpsReleves is the files of returns that came from the bank.
type corpsReleves struct {
	Releves  []guichet.ReleveRecu
	Recevoir bool
	Erreur   string
}

// relevesMax is how many files the list shows.
const relevesMax = 100

func (s *serveur) releves(v *visite) error { return s.pageReleves(v, http.StatusOK, "") }

func (s *serveur) pageReleves(v *visite, statut int, erreur string) (err error) {
	c := corpsReleves{Recevoir: v.peut(guichet.RecevoirReleve), Erreur: erreur}
	if c.Releves, err = s.g.RelevesRecus(v.r.Context(), v.a, relevesMax); err != nil {
		return err
	}
	return s.rendre(v, statut, "releves", "Retours de la banque", c)
}

// recevoirReleve keeps a file and shows what it would change.
func (s *serveur) recevoirReleve(v *visite) error {
	f, err := s.recevoir(v, guichet.ReleveMax)
	if err == nil {
		defer s.jeter(v, f)
		var b []byte
		if b, err = f.contenu(); err != nil {
			return err
		}
		var r *guichet.ReleveVu
		if r, err = s.g.RecevoirReleve(v.r.Context(), v.a, b); err == nil {
			return v.aller("/releves/" + r.SHA256 + "?fait=releve")
		}
	}
	switch g := guichet.GenreDe(err); g {
	case guichet.Invalide, guichet.Conflit, guichet.Illisible, guichet.TropGros, guichet.MauvaisType:
		phrase, _, _ := phraseDe(err)
		return s.pageReleves(v, statutDe(g), phrase)
	}
	return err
}

// corpsReleve is one file, line by line.
type corpsReleve struct {
	Releve   *guichet.ReleveVu
	Lignes   []ligneReleve
	Masquees int
	Noter    bool // the visitor may note what is to be noted
	Autres   int  // lines that change nothing
	Erreur   string
}

// ligneReleve is one line with its reason in French.
type ligneReleve struct {
	guichet.LigneReleve
	Libelle string
}

func (s *serveur) releve(v *visite) error { return s.pageReleve(v, http.StatusOK, "") }

func (s *serveur) pageReleve(v *visite, statut int, erreur string) error {
	r, err := s.g.ReleveDe(v.r.Context(), v.a, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	c := corpsReleve{Releve: r, Noter: v.peut(guichet.AppliquerReleve) && r.ANoter() > 0, Autres: len(r.Lignes) - r.ANoter(), Erreur: erreur}
	for _, l := range r.Lignes[:min(len(r.Lignes), lignesLot)] {
		c.Lignes = append(c.Lignes, ligneReleve{l, s.motifBanque(l.Motif)})
	}
	c.Masquees = len(r.Lignes) - len(c.Lignes)
	return s.rendre(v, statut, "releve", "Retours de la banque", c)
}

// appliquerReleve notes the returns that the page has shown.
func (s *serveur) appliquerReleve(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	_, err := s.g.AppliquerReleve(v.r.Context(), v.a, id, guichet.Appel{})
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		phrase, _, _ := phraseDe(err)
		return s.pageReleve(v, statutDe(guichet.GenreDe(err)), phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/releves/" + id + "?fait=retours")
}

// motifBanque spells a bank's reason with its meaning, where it has one.
func (s *serveur) motifBanque(code string) string {
	if s.o.MotifBanque == nil {
		return ""
	}
	return s.o.MotifBanque(code)
}
