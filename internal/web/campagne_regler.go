package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsCampagnes is the page of an administrator's campaigns: a form each, and
// one for a new campaign.
type corpsCampagnes struct {
	Formulaires []formulaireCampagne
	Erreur      string
}

// formulaireCampagne is a campaign as its form holds it: what is stored, or
// what was typed and refused.
type formulaireCampagne struct {
	ID                           int64 // 0 = a new one
	Libelle, Couloir, Logiciel   string
	Ouverture, Fermeture         string // local, as date and time fields have them
	Plafond, TVA, Part, Banniere string
	Tranches                     []trancheSaisie
	Ouverte                      bool // deposits are taken now
	Repris                       bool // shown again after a refusal
}

type trancheSaisie struct{ Code, Libelle, HT, TTC string }

const (
	instantLocal   = "2006-01-02T15:04"
	tranchesVides  = 2  // rows left free for more
	tranchesSaisie = 60 // rows that a form may send
)

func (s *serveur) campagnes(v *visite) error {
	return s.pageCampagnes(v, http.StatusOK, nil, "")
}

// pageCampagnes shows the forms; repris takes the place of the stored one.
func (s *serveur) pageCampagnes(v *visite, statut int, repris *formulaireCampagne, erreur string) error {
	cs, err := s.g.Campagnes(v.r.Context())
	if err != nil {
		return err
	}
	c := corpsCampagnes{Erreur: erreur}
	for i := range cs {
		c.Formulaires = append(c.Formulaires, s.formulaire(&cs[i]))
	}
	c.Formulaires = append(c.Formulaires, formulaireCampagne{Couloir: "PHA", Logiciel: "LGO", TVA: "20,00", Part: "30,00"})
	for i := range c.Formulaires {
		if f := &c.Formulaires[i]; repris != nil && f.ID == repris.ID {
			ouverte := f.Ouverte
			*f = *repris
			f.Ouverte, f.Repris = ouverte, true
		}
		c.Formulaires[i].Tranches = append(c.Formulaires[i].Tranches, make([]trancheSaisie, tranchesVides)...)
	}
	return s.rendre(v, statut, "campagnes", "Campagnes", c)
}

func virgule(t string) string { return strings.Replace(t, ".", ",", 1) }

// taux spells hundredths of a percent.
func taux(n int) string { return virgule(segur.Montant(n).String()) }

func (s *serveur) formulaire(c *guichet.Campagne) formulaireCampagne {
	f := formulaireCampagne{ID: c.ID, Libelle: c.Libelle, Couloir: c.Couloir, Logiciel: c.Logiciel, Plafond: virgule(c.Plafond.String()), TVA: taux(c.Bareme.TVA), Part: taux(c.Bareme.PartAvance),
		Ouverture: c.Ouverture.In(s.o.Zone).Format(instantLocal), Fermeture: c.Fermeture.In(s.o.Zone).Format(instantLocal), Banniere: c.Banniere, Ouverte: c.Ouverte(s.g.Maintenant())}
	for _, t := range c.Tranches {
		f.Tranches = append(f.Tranches, trancheSaisie{t.Code, t.Libelle, virgule(t.HT.String()), virgule(t.TTC.String())})
	}
	return f
}

// reglerCampagne changes a campaign or opens a new one.
func (s *serveur) reglerCampagne(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	f, err := saisieCampagne(v.r.PostForm)
	if err != nil {
		return err
	}
	c, err := s.campagneDe(f)
	if err == nil {
		err = s.g.ReglerCampagne(v.r.Context(), v.a, c)
	}
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		phrase, _, _ := phraseDe(err)
		return s.pageCampagnes(v, statutDe(guichet.GenreDe(err)), f, phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/campagnes?fait=campagne")
}

func saisieCampagne(q url.Values) (*formulaireCampagne, error) {
	t := func(nom string) string { return strings.TrimSpace(q.Get(nom)) }
	f := &formulaireCampagne{Libelle: t("libelle"), Couloir: t("couloir"), Logiciel: t("logiciel"), Ouverture: t("ouverture"), Fermeture: t("fermeture"), Plafond: t("plafond"), TVA: t("tva"), Part: t("part"), Banniere: t("banniere")}
	var err error
	if f.ID, err = strconv.ParseInt(t("id"), 10, 64); err != nil || f.ID < 0 {
		return nil, inconnu("Cette campagne n’existe pas.")
	}
	codes, libelles, hts, ttcs := q["tranche_code"], q["tranche_libelle"], q["tranche_ht"], q["tranche_ttc"]
	if len(codes) > tranchesSaisie || len(libelles) != len(codes) || len(hts) != len(codes) || len(ttcs) != len(codes) {
		return nil, illisible("Les tranches du formulaire sont illisibles. Revenez à la page et recommencez.")
	}
	for i := range codes {
		x := trancheSaisie{strings.TrimSpace(codes[i]), strings.TrimSpace(libelles[i]), strings.TrimSpace(hts[i]), strings.TrimSpace(ttcs[i])}
		if x != (trancheSaisie{}) {
			f.Tranches = append(f.Tranches, x)
		}
	}
	return f, nil
}

// campagneDe reads the figures of a form; the service judges them.
func (s *serveur) campagneDe(f *formulaireCampagne) (*guichet.Campagne, error) {
	c := &guichet.Campagne{ID: f.ID, Libelle: f.Libelle, Couloir: f.Couloir, Logiciel: f.Logiciel, Banniere: f.Banniere}
	var err error
	lire := func(nom, t string, m *segur.Montant) {
		x, e := segur.LireMontant(montantSaisi(t))
		if e != nil && err == nil {
			err = invalide(nom + " vaut « " + segur.Visible(t, 40) + " » ; attendu : un nombre avec deux décimales, par exemple 708,33.")
		}
		*m = x
	}
	instant := func(nom, t string, i *time.Time) {
		x, e := time.ParseInLocation(instantLocal, t, s.o.Zone)
		if e != nil && err == nil {
			err = invalide(nom + " vaut « " + segur.Visible(t, 40) + " » ; attendu : un jour et une heure, AAAA-MM-JJThh:mm.")
		}
		*i = x
	}
	var tva, part segur.Montant
	instant("L’ouverture", f.Ouverture, &c.Ouverture)
	instant("La fermeture", f.Fermeture, &c.Fermeture)
	lire("Le plafond", f.Plafond, &c.Plafond)
	lire("La TVA", f.TVA, &tva)
	lire("La part de l’avance", f.Part, &part)
	c.Bareme = segur.Bareme{TVA: int(tva), PartAvance: int(part)}
	for _, t := range f.Tranches {
		x := guichet.Tranche{Code: t.Code, Libelle: t.Libelle}
		lire("Tranche "+segur.Visible(t.Code, 10)+", le montant hors taxe", t.HT, &x.HT)
		lire("Tranche "+segur.Visible(t.Code, 10)+", le montant TTC", t.TTC, &x.TTC)
		c.Tranches = append(c.Tranches, x)
	}
	return c, err
}
