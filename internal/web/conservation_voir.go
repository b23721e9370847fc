package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"

	"guichet.example/internal/guichet"
	"guichet.example/internal/lettre"
)

// corpsConservation is the table of retention, with what it makes due today.
type corpsConservation struct {
	Regles  []guichet.Conservation
	Dus     []guichet.ADue
	Effacer bool
	Rythme  guichet.RythmeConservation
	Total   int
	Bilan   string
}

func (s *serveur) conservation(v *visite) error { return s.pageConservation(v, "") }

func (s *serveur) pageConservation(v *visite, bilan string) (err error) {
	c := corpsConservation{Regles: guichet.Conservations(), Bilan: bilan}
	if c.Dus, err = s.g.AEffacerMaintenant(v.r.Context(), v.a); err != nil {
		return err
	}
	if c.Rythme, err = s.g.RythmeConservation(v.r.Context(), v.a); err != nil {
		return err
	}
	for i := range c.Dus {
		c.Total += c.Dus[i].Nombre
	}
	c.Effacer = c.Total > 0 && v.peut(guichet.EffacerDonnees)
	return s.rendre(v, http.StatusOK, "conservation", "Conservation des données", c)
}

// effacerDu takes out what is due, and says what it did.
func (s *serveur) effacerDu(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	faits, err := s.g.EffacerDu(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	return s.pageConservation(v, guichet.ResumeEffacement(faits))
}

// effacerDemande takes people out of one request because somebody asked.
func (s *serveur) effacerDemande(v *visite) error {
	return s.surDemande(v, "efface", func(n guichet.NumeroASP) error {
		return s.g.EffacerDemande(v.r.Context(), v.a, n, v.champ("motif"))
	})
}

// corpsLectures is the register of readings.
type corpsLectures struct {
	Lectures       []guichet.Entree
	Acteur, Numero string
	Suite          string // address of the next page; "" = none
	Export         string
}

// pageLectures is how many readings a page has, exportLectures an export.
const (
	pageLectures   = 200
	exportLectures = 100_000
)

// filtreLecture reads what the register is asked for.
func filtreLecture(q url.Values) (f guichet.FiltreLecture, err error) {
	f.Acteur, f.Objet = q.Get("acteur"), q.Get("numero")
	if t := q.Get("avant"); t != "" {
		if f.Avant, err = strconv.ParseInt(t, 10, 64); err != nil || f.Avant < 1 {
			return f, illisible("Cette page du registre n’existe pas.")
		}
	}
	return f, nil
}

func (s *serveur) lectures(v *visite) error {
	q := v.r.URL.Query()
	f, err := filtreLecture(q)
	if err != nil {
		return err
	}
	f.Max = pageLectures + 1
	c := corpsLectures{Acteur: f.Acteur, Numero: f.Objet}
	if c.Lectures, err = s.g.Lectures(v.r.Context(), v.a, f); err != nil {
		return err
	}
	filtre := url.Values{}
	for k, t := range map[string]string{"acteur": f.Acteur, "numero": f.Objet} {
		if t != "" {
			filtre.Set(k, t)
		}
	}
	c.Export = "/lectures.csv?" + filtre.Encode()
	if len(c.Lectures) > pageLectures {
		c.Lectures = c.Lectures[:pageLectures]
		filtre.Set("avant", strconv.FormatInt(c.Lectures[pageLectures-1].Numero, 10))
		c.Suite = "/lectures?" + filtre.Encode()
	}
	return s.rendre(v, http.StatusOK, "lectures", "Registre des lectures", c)
}

// lecturesCSV is the register for a spreadsheet.
func (s *serveur) lecturesCSV(v *visite) error {
	f, err := filtreLecture(v.r.URL.Query())
	if err != nil {
		return err
	}
	f.Max = exportLectures
	es, err := s.g.Lectures(v.r.Context(), v.a, f)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	_ = w.Write([]string{"entree", "date", "compte", "lecture", "objet", "detail"}) // memory takes all
	for i := range es {
		e := &es[i]
		_ = w.Write([]string{strconv.FormatInt(e.Numero, 10), e.Date, lettre.SansFormule(e.Acteur), e.Acte, lettre.SansFormule(e.Objet), lettre.SansFormule(e.DetailLisible())})
	}
	w.Flush()
	v.telecharger("lectures.csv", "text/csv; charset=utf-8", b.Bytes())
	return nil
}

// tirages is what anybody may check of the audits: hashes, seeds and numbers,
// and nobody's name.
func (s *serveur) tirages(v *visite) error {
	cs, err := s.g.TiragesPublics(v.r.Context())
	if err != nil {
		return err
	}
	return s.rendre(v, http.StatusOK, "tirages", "Tirages des contrôles", cs)
}
