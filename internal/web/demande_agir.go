package web

import (
	"net/url"
	"slices"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// formulaireActes is what the forms of acts choose from, and what was typed
// into them when one is shown again.
type formulaireActes struct {
	Tranches      []guichet.Tranche
	Verifications []choixVerification
	Motifs        map[guichet.Action][]choix
	Cibles        []choix
	Demain        string // the first day that a due date may have
	Saisie        url.Values
}

// choix is a box or an option of a form.
type choix struct {
	Valeur, Texte string
	Coche         bool
}

// choixVerification is one question of the check-list.
type choixVerification struct {
	guichet.Verification
	Reponses []choix
}

// nomsReponses are the answers of the check-list as people read them.
var nomsReponses = map[string]string{"oui": "oui", "non": "non", "sans_objet": "sans objet"}

func formulaireDe(d *guichet.Demande, j *segur.Jeu, jour segur.Jour, saisie url.Values) formulaireActes {
	f := formulaireActes{Motifs: map[guichet.Action][]choix{}, Saisie: saisie, Demain: lendemain(jour).ISO()}
	for _, q := range guichet.Verifications(d) {
		x := choixVerification{Verification: q}
		for _, r := range guichet.Reponses() {
			x.Reponses = append(x.Reponses, choix{r, nomsReponses[r], saisie.Get("verif_"+q.Code) == r})
		}
		f.Verifications = append(f.Verifications, x)
	}
	for _, a := range []guichet.Action{guichet.DemanderModification, guichet.ProposerRefus, guichet.Decider} {
		f.Motifs[a] = choixMotifs(a, saisie["motifs"])
	}
	f.Motifs[guichet.Reviser] = choixMotifs(guichet.Decider, saisie["motifs"])
	for i := range j.Champs {
		if c := &j.Champs[i]; corrigeable(c) {
			f.Cibles = append(f.Cibles, choix{c.Balise(), c.Titre, slices.Contains(saisie["cibles"], c.Balise())})
		}
	}
	f.Cibles = append(f.Cibles, choix{clePieces, "Pièces justificatives", slices.Contains(saisie["cibles"], clePieces)})
	return f
}

// clePieces is the key of the list of pieces.
const clePieces = "piecesJustificatives"

// choixMotifs lists the coded reasons of an act.
func choixMotifs(a guichet.Action, coches []string) []choix {
	var cs []choix
	for _, m := range guichet.Motifs() {
		if slices.Contains(m.Actes, a) {
			cs = append(cs, choix{m.Code, m.Libelle, slices.Contains(coches, m.Code)})
		}
	}
	return cs
}

// corrigeable tells a field that a supplier may correct: all but numbers, the
// head of the request and what the agency fills in.
func corrigeable(f *segur.Champ) bool {
	switch f.Genre {
	case segur.GenreRang, segur.GenreNul, segur.GenreNumero, segur.GenreReference, segur.GenreSiret:
		return false
	}
	return f.Bloc != "" && f.Bloc != clePieces
}

// agir does an act on one request. Refused, the page comes back with what was
// typed; done, with what it has become.
func (s *serveur) agir(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	n := guichet.NumeroASP(v.r.PathValue("numeroASP"))
	_, err := s.g.Agir(v.r.Context(), v.a, n, acteDe(v.r.PostForm), guichet.Appel{})
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit, guichet.Illisible:
		x := suiteDemande{Saisie: v.r.PostForm}
		x.Erreur, x.Constats, _ = phraseDe(err)
		return s.pageDemande(v, statutDe(guichet.GenreDe(err)), n, x)
	}
	if err != nil {
		return err
	}
	return v.aller("/demandes/" + string(n) + "?fait=acte")
}

// acteDe reads an act from its form.
func acteDe(q url.Values) guichet.ActeDemande {
	texte := func(nom string) string { return strings.TrimSpace(q.Get(nom)) }
	a := guichet.ActeDemande{Action: guichet.Action(texte("acte")), Tranche: texte("tranche"), Motifs: q["motifs"], Cibles: q["cibles"], Message: texte("message"),
		Sens: texte("sens"), Motif: texte("motif"), Observations: texte("observations"), Montant: montantSaisi(texte("montant")), Mode: guichet.ModeCreance(texte("mode")), Verifications: map[string]string{}}
	for k := range q {
		if code, ok := strings.CutPrefix(k, "verif_"); ok {
			a.Verifications[code] = q.Get(k)
		}
	}
	switch texte("conforme") {
	case "oui":
		oui := true
		a.Conforme = &oui
	case "non":
		non := false
		a.Conforme = &non
	}
	a.Echeance, a.Defaut = jourLu(texte("echeance"))
	return a
}

// montantSaisi spells an amount that a person typed as the service reads it.
func montantSaisi(t string) string {
	if t == "" {
		return ""
	}
	brut := valeurEcrite(&segur.Champ{Genre: segur.GenreMontant}, t)
	if x, ok := texteJSON(brut); ok {
		return x
	}
	return brut
}
