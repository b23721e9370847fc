package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsCorrection is the form by which a supplier corrects a request that came
// back.
type corpsCorrection struct {
	Demande *guichet.Demande
	Blocs   []blocCorrige
	Pieces  []pieceCorrigee
	Motifs  []guichet.Motif
	Erreur  string
	Autres  []segur.Constat // what is wrong and belongs to no field of the form
}

type blocCorrige struct {
	Titre  string
	Champs []champCorrige
}

// champCorrige is one field of the form.
type champCorrige struct {
	*segur.Champ
	Nom     string // of the form field, and its balise
	Valeur  string
	Vise    bool
	Options []choix // not empty = one of these
	Fautes  []segur.Constat
}

// pieceCorrigee is one type of document: whether the request declares it, and
// in which format.
type pieceCorrigee struct {
	segur.TypePiece
	Nom     string
	Formats []choix
}

func (s *serveur) correction(v *visite) error {
	return s.pageCorrection(v, http.StatusOK, nil, nil)
}

// pageCorrection shows the form: the values of the request, or those that were
// typed and refused.
func (s *serveur) pageCorrection(v *visite, statut int, saisie url.Values, refus error) error {
	x, err := s.g.Demande(v.r.Context(), v.a, guichet.NumeroASP(v.r.PathValue("numeroASP")))
	if err != nil {
		return err
	}
	d := x.Demande
	if d.Statut != guichet.AModifier {
		return &guichet.Error{Genre: guichet.Conflit, Message: "La demande " + string(d.NumeroASP) + " est « " + d.Statut.Libelle() + " » : il n’y a rien à corriger."}
	}
	j, err := s.g.JeuDuJour(d.Type)
	if err != nil {
		return err
	}
	c := corpsCorrection{Demande: d}
	if refus != nil {
		if c.Erreur, c.Autres, _ = phraseDe(refus); len(c.Autres) > 0 {
			c.Erreur = "Les corrections ne passent pas le contrôle de ce jour. Voyez les champs signalés."
		}
	}
	if d.Modification != nil {
		for _, code := range d.Modification.Motifs {
			if m, ok := guichet.MotifDe(code); ok {
				c.Motifs = append(c.Motifs, m)
			}
		}
	}
	for _, b := range j.Blocs {
		y := blocCorrige{Titre: b.Titre}
		for i := range j.Champs {
			if f := &j.Champs[i]; f.Bloc == b.Cle && corrigeable(f) {
				y.Champs = append(y.Champs, champDe(f, d, saisie, &c))
			}
		}
		if len(y.Champs) > 0 {
			c.Blocs = append(c.Blocs, y)
		}
	}
	c.Pieces = piecesCorrigees(j, d, saisie)
	return s.rendre(v, statut, "correction", "Corriger la demande "+string(d.NumeroASP), c)
}

// champDe makes one field of the form, and takes the faults that are its own
// from those of the page.
func champDe(f *segur.Champ, d *guichet.Demande, saisie url.Values, c *corpsCorrection) champCorrige {
	balise := f.Balise()
	x := champCorrige{Champ: f, Nom: balise, Valeur: valeurSaisie(f, d.Champs[balise]), Vise: vise(d, f)}
	if saisie.Has(balise) {
		x.Valeur = saisie.Get(balise)
	}
	for _, k := range c.Autres {
		if k.Balise != balise {
			continue
		}
		if _, err := segur.LireMontant(valeurEcrite(f, x.Valeur)); f.Genre == segur.GenreMontant && err != nil {
			// Control speaks of JSON, which nobody typed here.
			k.Message, k.Remede = "« "+segur.Visible(x.Valeur, 40)+" » n’est pas un montant.", "Écrivez-le avec deux décimales, par exemple 708,33."
		}
		x.Fautes = append(x.Fautes, k)
	}
	c.Autres = slices.DeleteFunc(slices.Clone(c.Autres), func(k segur.Constat) bool { return k.Balise == balise })
	switch f.Genre {
	case segur.GenreListe:
		for _, o := range f.Valeurs {
			x.Options = append(x.Options, choix{o, o, o == x.Valeur})
		}
	case segur.GenreBooleen:
		x.Options = []choix{{"true", "oui", x.Valeur == "true"}, {"false", "non", x.Valeur == "false"}}
	}
	return x
}

// champPiece names the form field of a type of document.
func champPiece(t segur.TypePiece) string { return "piece_" + t.Valeur }

// declaration is one element of the list of pieces.
type declaration struct {
	NomFichier    string `json:"nomFichier"`
	FormatFichier string `json:"formatFichier"`
	TypeFichier   string `json:"typeFichier"`
}

func piecesCorrigees(j *segur.Jeu, d *guichet.Demande, saisie url.Values) []pieceCorrigee {
	var actuelles []declaration
	// The list was written by the service: it reads back.
	_ = json.Unmarshal([]byte(d.Champs[clePieces]), &actuelles)
	formats, _ := j.Champ(clePieces + ".formatFichier")
	var ps []pieceCorrigee
	for _, t := range j.Pieces {
		x := pieceCorrigee{TypePiece: t, Nom: champPiece(t)}
		choisi := ""
		for _, p := range actuelles {
			if p.TypeFichier == t.Valeur {
				choisi = p.FormatFichier
			}
		}
		if saisie.Has(x.Nom) {
			choisi = saisie.Get(x.Nom)
		}
		x.Formats = append(x.Formats, choix{"", "pas de pièce", choisi == ""})
		for _, f := range formats.Valeurs {
			x.Formats = append(x.Formats, choix{f, f, f == choisi})
		}
		ps = append(ps, x)
	}
	return ps
}

// corriger sends what was changed, and only that, to the service.
func (s *serveur) corriger(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	n := guichet.NumeroASP(v.r.PathValue("numeroASP"))
	x, err := s.g.Demande(v.r.Context(), v.a, n)
	if err != nil {
		return err
	}
	j, err := s.g.JeuDuJour(x.Demande.Type)
	if err != nil {
		return err
	}
	champs, err := champsCorriges(j, x.Demande, v.r.PostForm)
	if err != nil {
		return s.pageCorrection(v, http.StatusUnprocessableEntity, v.r.PostForm, err)
	}
	_, err = s.g.Agir(v.r.Context(), v.a, n, guichet.ActeDemande{Action: guichet.Corriger, Champs: champs}, guichet.Appel{})
	if guichet.GenreDe(err) == guichet.Invalide {
		return s.pageCorrection(v, http.StatusUnprocessableEntity, v.r.PostForm, err)
	}
	if err != nil {
		return err
	}
	return v.aller("/demandes/" + string(n) + "?fait=corrigee")
}

func champsCorriges(j *segur.Jeu, d *guichet.Demande, saisie url.Values) (guichet.Champs, error) {
	champs := guichet.Champs{}
	for i := range j.Champs {
		f := &j.Champs[i]
		balise := f.Balise()
		if !corrigeable(f) || !saisie.Has(balise) || saisie.Get(balise) == valeurSaisie(f, d.Champs[balise]) {
			continue
		}
		champs[balise] = valeurEcrite(f, saisie.Get(balise))
	}
	pieces, err := listePieces(j, d.NumeroEditeur, saisie)
	if err == nil && pieces != "" && pieces != d.Champs[clePieces] {
		champs[clePieces] = pieces
	}
	return champs, err
}

// listePieces writes the list of pieces that the form declares; "" when the
// form does not speak of them.
func listePieces(j *segur.Jeu, numero string, saisie url.Values) (string, error) {
	var elements []string
	parle := false
	for _, t := range j.Pieces {
		parle = parle || saisie.Has(champPiece(t))
		format := saisie.Get(champPiece(t))
		if format == "" {
			continue
		}
		nom, err := j.NomPiece(segur.NomPiece{Type: t.Valeur, NumeroEditeur: numero, Format: format})
		if err != nil {
			return "", &guichet.Error{Genre: guichet.Invalide, Message: "Le format de pièce « " + segur.Visible(format, 20) + " » n’existe pas.", Cause: err}
		}
		b := segur.AppendMembreJSON([]byte("{"), "nomFichier", nom)
		b = segur.AppendMembreJSON(append(b, ", "...), "formatFichier", format)
		b = segur.AppendMembreJSON(append(b, ", "...), "typeFichier", t.Valeur)
		elements = append(elements, string(b)+"}")
	}
	if !parle {
		return "", nil
	}
	return "[" + strings.Join(elements, ", ") + "]", nil
}
