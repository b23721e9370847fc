package web

import (
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"guichet.example/internal/guichet"
)

// corpsExamens lists requests for enrolment; corpsExamen is one.
type (
	corpsExamens struct {
		Demandes []guichet.Enrolement
		Statut   guichet.StatutEnrolement
		Statuts  []guichet.StatutEnrolement
	}
	corpsExamen struct {
		Demande *guichet.Enrolement
		Types   map[string]string // labels of documents
		Ouverte bool              // something can be concluded
		Erreur  string
		Lien    string // activation, to hand over; "" = mailed, or nothing
	}
)

const listeEnrolements = 500

func (s *serveur) enrolements(v *visite) error {
	c := corpsExamens{Statut: guichet.StatutEnrolement(v.r.URL.Query().Get("statut")), Statuts: []guichet.StatutEnrolement{guichet.EnrolementDepose, guichet.EnrolementACompleter, guichet.EnrolementAccepte, guichet.EnrolementRefuse}}
	if c.Statut.Libelle() == "" {
		c.Statut = guichet.EnrolementDepose
	}
	var err error
	if c.Demandes, err = s.g.Enrolements(v.r.Context(), v.a, c.Statut, listeEnrolements); err != nil {
		return err
	}
	return s.rendre(v, http.StatusOK, "enrolements", "Demandes de compte", c)
}

func (s *serveur) examen(v *visite) error {
	return s.pageExamen(v, http.StatusOK, corpsExamen{})
}

func (s *serveur) pageExamen(v *visite, statut int, c corpsExamen) (err error) {
	if c.Demande, err = s.g.Enrolement(v.r.Context(), v.a, guichet.EnrolementID(v.r.PathValue("id"))); err != nil {
		return err
	}
	c.Ouverte = c.Demande.Statut == guichet.EnrolementDepose || c.Demande.Statut == guichet.EnrolementACompleter
	c.Types = map[string]string{}
	for _, t := range guichet.TypesDocuments() {
		c.Types[t.Code] = t.Libelle
	}
	return s.rendre(v, statut, "enrolement_examen", "Demande de compte", c)
}

func (s *serveur) examiner(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	lien, err := s.g.ExaminerEnrolement(v.r.Context(), v.a, guichet.EnrolementID(v.r.PathValue("id")), guichet.ExamenEnrolement{Sens: v.champ("sens"), Message: v.champ("message")})
	if refuse, phrase, _ := refusFormulaire(err); refuse {
		return s.pageExamen(v, statutDe(guichet.GenreDe(err)), corpsExamen{Erreur: phrase})
	}
	if err != nil {
		return err
	}
	if lien != "" {
		return s.pageExamen(v, http.StatusOK, corpsExamen{Lien: "/activation/" + lien})
	}
	return v.aller("/enrolements/" + v.r.PathValue("id") + "?fait=acte")
}

// documentEnrolement gives a joined document to be kept, never shown in the
// page: it comes from somebody that nobody knows yet.
func (s *serveur) documentEnrolement(v *visite) error {
	d, r, err := s.g.OuvrirDocument(v.r.Context(), v.a, guichet.EnrolementID(v.r.PathValue("id")), v.r.PathValue("type"))
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // it was only read
	h := v.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+d.Type+strings.ToLower(filepath.Ext(d.Nom))+`"`)
	h.Set("Content-Length", strconv.FormatInt(d.Taille, 10))
	_, _ = io.Copy(v.w, r) // nobody is left to tell
	return nil
}
