package rendu

import (
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/tableur"
	"guichet.example/segur"
)

// The JSON form: keys of control reports where they mean the same.
type formeJSON struct {
	Outil       map[string]string `json:"outil"`
	Regles      map[string]string `json:"regles"`
	Fichier     fichierJSON       `json:"fichier"`
	Verdict     segur.Verdict     `json:"verdict"`
	Bilan       bilanJSON         `json:"bilan"`
	Lecture     lectureJSON       `json:"lecture"`
	Questions   []questionJSON    `json:"questions"`
	Constats    []constatJSON     `json:"constats"`
	Corrections []correctionJSON  `json:"corrections"`
	Plan        *planJSON         `json:"plan"`
	Dossier     *string           `json:"dossier"`
}

type fichierJSON struct {
	Nom    string `json:"nom"`
	Taille int64  `json:"taille"`
	SHA256 string `json:"sha256"`
}

type bilanJSON struct {
	Commandes      int `json:"commandes"`
	Pretes         int `json:"pretes"`
	Ecartees       int `json:"ecartees"`
	Erreurs        int `json:"erreurs"`
	Avertissements int `json:"avertissements"`
}

type lectureJSON struct {
	Feuille     string        `json:"feuille"`
	Encodage    string        `json:"encodage"`
	Separateur  string        `json:"separateur"`
	LigneTitres int           `json:"ligneTitres"`
	Laissees    []laisseeJSON `json:"laissees"`
	Masquees    []int         `json:"masquees"`
	Colonnes    []colonneJSON `json:"colonnes"`
}

type laisseeJSON struct {
	Ligne int    `json:"ligne"`
	Motif string `json:"motif"`
}

type colonneJSON struct {
	Titre   string `json:"titre"`
	Balise  string `json:"balise,omitzero"`
	Scan    string `json:"scan,omitzero"`
	Extra   string `json:"extra,omitzero"`
	Lire    string `json:"lire,omitzero"`
	Declare bool   `json:"declaree"`
	Note    string `json:"note,omitzero"`
}

type questionJSON struct {
	Sujet    string   `json:"sujet"`
	Titre    string   `json:"titre"`
	Balise   string   `json:"balise"`
	Message  string   `json:"message"`
	Remede   string   `json:"remede"`
	Reponses []string `json:"reponses"`
}

type constatJSON struct {
	Code      string        `json:"code"`
	Gravite   segur.Gravite `json:"gravite"`
	Balise    string        `json:"balise"`
	Feuille   string        `json:"feuille"`
	Ligne     int           `json:"ligne"`
	Colonne   string        `json:"colonne"`
	Valeur    string        `json:"valeur"`
	Message   string        `json:"message"`
	Attendu   string        `json:"attendu"`
	Propose   string        `json:"propose"`
	Remede    string        `json:"remede"`
	Reference string        `json:"reference"`
	Extras    extrasJSON    `json:"extras"`
}

// extrasJSON are the supplier's own values, by column.
type extrasJSON []registre.Extra

// MarshalJSONTo writes one object, in the order of the list.
func (xs extrasJSON) MarshalJSONTo(e *jsontext.Encoder) error {
	return e.WriteValue(registre.AppendExtras(nil, xs))
}

type correctionJSON struct {
	Ligne   int    `json:"ligne"`
	Colonne string `json:"colonne"`
	Avant   string `json:"avant"`
	Apres   string `json:"apres"`
	Faite   bool   `json:"faite"`
}

type planJSON struct {
	Demandes int               `json:"demandes"`
	Montants map[string]string `json:"montants"`
	Depots   []depotJSON       `json:"depots"`
}

type depotJSON struct {
	Fichier  string            `json:"fichier"`
	Montants map[string]string `json:"montants"`
	Demandes []demandeJSON     `json:"demandes"`
	Zips     []zipJSON         `json:"zips"`
}

type demandeJSON struct {
	NumeroEditeur string     `json:"numeroEditeur"`
	Feuille       string     `json:"feuille"`
	Ligne         int        `json:"ligne"`
	Pieces        []string   `json:"pieces"` // originals
	Extras        extrasJSON `json:"extras"`
}

type zipJSON struct {
	Nom    string   `json:"nom"`
	Taille int64    `json:"taille"` // at most
	Pieces []string `json:"pieces"`
}

func ecrireJSON(w io.Writer, b *Bilan) error {
	c := b.compter()
	t := b.Lecture.Table
	f := formeJSON{
		Outil:   map[string]string{"nom": b.Outil.Nom, "version": b.Outil.Version},
		Regles:  map[string]string{"id": b.Jeu.ID, "version": b.Jeu.Version, "empreinte": b.Jeu.Empreinte()},
		Fichier: fichierJSON{t.Nom, t.Taille, t.SHA256}, Verdict: b.Verdict(),
		Bilan:   bilanJSON{c.commandes, c.commandes - c.ecartees, c.ecartees, c.erreurs, c.avertissements},
		Lecture: lectureJSON{Feuille: t.Feuille, Encodage: t.Encodage, LigneTitres: t.RangEntetes, Laissees: []laisseeJSON{}, Masquees: append([]int{}, t.Masquees...)},
		// Lists are never null.
		Questions: []questionJSON{}, Constats: []constatJSON{}, Corrections: []correctionJSON{},
	}
	for _, x := range b.Lecture.Laissees {
		f.Lecture.Laissees = append(f.Lecture.Laissees, laisseeJSON{x.Rangee, x.Motif})
	}
	if t.Encodage != "" {
		f.Lecture.Separateur = tableur.NomSeparateur(t.Separateur)
	}
	for i := range b.Lecture.Colonnes {
		k := &b.Lecture.Colonnes[i]
		f.Lecture.Colonnes = append(f.Lecture.Colonnes, colonneJSON{k.Titre, k.Balise + k.Entete, k.Scan, k.Extra, string(k.Lire), k.Declare, k.Note})
	}
	for _, q := range b.Lecture.Questions {
		f.Questions = append(f.Questions, questionJSON{string(q.Sujet), q.Titre, q.Balise, q.Phrase, q.Remede, q.Reponse})
	}
	for i := range b.Constats {
		k := &b.Constats[i]
		f.Constats = append(f.Constats, constatJSON{k.Code.String(), k.Gravite, k.Balise, k.Feuille, k.Rangee, k.Titre, k.Valeur, k.Message, k.Attendu, k.Propose, k.Remede, k.Reference, b.extras(k)})
	}
	for _, k := range b.Lecture.Corrections {
		f.Corrections = append(f.Corrections, correctionJSON{k.Rangee, k.Titre, k.Avant, k.Apres, k.Faite})
	}
	f.Plan = b.planJSON()
	if b.Dossier != "" {
		f.Dossier = &b.Dossier
	}
	if err := json.MarshalWrite(w, &f, json.Deterministic(true), jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true)); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (b *Bilan) planJSON() *planJSON {
	if b.Plan == nil {
		return nil
	}
	p := &planJSON{Demandes: b.Plan.Demandes(), Montants: montantsJSON(b.Plan.Montants())}
	for _, d := range b.Plan.Depots {
		dj := depotJSON{Fichier: d.Fichier, Montants: montantsJSON(d.Montants), Zips: []zipJSON{}}
		for i, c := range d.Commandes {
			q := demandeJSON{NumeroEditeur: d.Numeros[i], Feuille: c.Source.Feuille, Ligne: c.Source.Ligne, Pieces: []string{}, Extras: c.Extras}
			for _, x := range c.Pieces {
				q.Pieces = append(q.Pieces, x.Source)
			}
			dj.Demandes = append(dj.Demandes, q)
		}
		for _, z := range d.Zips {
			zj := zipJSON{Nom: z.Nom, Taille: z.Taille}
			for _, e := range z.Entrees {
				zj.Pieces = append(zj.Pieces, e.Nom)
			}
			dj.Zips = append(dj.Zips, zj)
		}
		p.Depots = append(p.Depots, dj)
	}
	return p
}

// montantsJSON writes amounts as texts with two decimals, as the API does.
func montantsJSON(m atelier.Montants) map[string]string {
	return map[string]string{"ht": m.HT.String(), "base": m.Base.String(), "avance": m.Avance.String(), "solde": m.Solde.String()}
}
