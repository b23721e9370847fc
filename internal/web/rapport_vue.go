package web

import (
	"cmp"
	"slices"

	"github.com/go-json-experiment/json"

	"guichet.example/internal/rapport"
	"guichet.example/segur"
)

// rapportVu is a control report as pages show it: what became of each request,
// then every fault, gathered by code.
type rapportVu struct {
	Fichier   segur.Fichier
	Regles    reglesVues
	Verdict   segur.Verdict
	Bilan     segur.Bilan
	Structure bool // control 1 passed
	Demandes  []ligneVue
	Groupes   []*groupeVu
}

type reglesVues struct {
	ID        string `json:"id"`
	Version   string `json:"version"`
	Empreinte string `json:"empreinte"`
}

// ligneVue is one request of the file.
type ligneVue struct {
	Rang          int    `json:"rang"`
	NumeroEditeur string `json:"numeroEditeur"`
	Acceptee      bool   `json:"acceptee"`
	Code          string `json:"codeTraitement"`
	Libelle       string `json:"libelleTraitement"`
	NumeroASP     string `json:"-"` // given at a deposit
}

// groupeVu is the constats of one code.
type groupeVu struct {
	Code, Titre, Attendu, Remede, Reference string
	Avertissement                           bool
	Nombre                                  int
	Places                                  []placeVue
}

// Masques is how many places the page leaves out; it says so.
func (g *groupeVu) Masques() int { return g.Nombre - len(g.Places) }

// placeVue is one place where a code was found.
type placeVue struct {
	Rang                   int
	NumeroEditeur          string
	Balise                 string
	Ligne, Colonne         int
	Message, Attendu, Recu string
	Remede                 string
	Avant, Marque, Apres   string // the source line; all "" = not at hand
}

const (
	placesMax   = 200 // places of one code that a page lists
	extraitPage = 76  // characters of a source line
)

// voirRapport shows a report that has just been made.
func voirRapport(r *segur.Rapport, f segur.Fichier, octets []byte) *rapportVu {
	j := r.Jeu()
	x := &rapportVu{Fichier: f, Regles: reglesVues{j.ID, j.Version, j.Empreinte()}, Verdict: r.Verdict(), Bilan: r.Bilan(), Structure: r.StructureValide()}
	g := groupeur{}
	for k := range r.Structure() {
		g.ajouter(k, "", octets)
	}
	for d := range r.Demandes() {
		x.Demandes = append(x.Demandes, ligneVue{Rang: d.Rang(), NumeroEditeur: d.NumeroEditeur(), Acceptee: d.Acceptee(), Code: d.CodeTraitement().String(), Libelle: d.LibelleTraitement()})
		for k := range d.Constats() {
			g.ajouter(k, d.NumeroEditeur(), octets)
		}
	}
	x.Groupes = g.trier(titreDe(j))
	return x
}

// titreDe finds the title of a code among those of a rule set and the portal's.
func titreDe(j *segur.Jeu) func(segur.Code) string {
	return func(c segur.Code) string {
		if e, ok := entreeDe(j, c); ok {
			return e.Titre
		}
		return ""
	}
}

// entreeDe finds a code in the catalogues of control and of the portal.
func entreeDe(j *segur.Jeu, c segur.Code) (segur.Entree, bool) {
	if e, ok := j.Entree(c); ok {
		return e, true
	}
	for _, e := range segur.CataloguePortail() {
		if e.Code == c {
			return e, true
		}
	}
	return segur.Entree{}, false
}

// groupeur gathers constats by code.
type groupeur struct {
	groupes []*groupeVu
	codes   []segur.Code
}

func (g *groupeur) ajouter(k segur.Constat, numero string, octets []byte) {
	i := slices.Index(g.codes, k.Code)
	if i < 0 {
		i = len(g.codes)
		g.codes = append(g.codes, k.Code)
		g.groupes = append(g.groupes, &groupeVu{Code: k.Code.String(), Attendu: k.Attendu, Remede: k.Remede, Reference: k.Reference, Avertissement: k.Gravite == segur.Avertissement})
	}
	x := g.groupes[i]
	x.Nombre++
	if len(x.Places) == placesMax {
		return
	}
	p := placeVue{Rang: k.Rang, NumeroEditeur: numero, Balise: k.Balise, Ligne: k.Ligne, Colonne: k.Colonne, Message: k.Message, Recu: k.Recu}
	// What all places share is said once above them.
	if k.Attendu != x.Attendu {
		p.Attendu = k.Attendu
	}
	if k.Remede != x.Remede {
		p.Remede = k.Remede
	}
	if octets != nil {
		p.Avant, p.Marque, p.Apres, _ = rapport.Source(octets, k, extraitPage)
	}
	x.Places = append(x.Places, p)
}

// trier puts errors before warnings, each by code.
func (g *groupeur) trier(titre func(segur.Code) string) []*groupeVu {
	for i, x := range g.groupes {
		if x.Titre = titre(g.codes[i]); x.Titre == "" {
			x.Titre = x.Places[0].Message
		}
	}
	slices.SortFunc(g.groupes, func(a, b *groupeVu) int {
		if a.Avertissement != b.Avertissement {
			return map[bool]int{true: 1, false: -1}[a.Avertissement]
		}
		return cmp.Compare(a.Code, b.Code)
	})
	return g.groupes
}

// rapportGarde is the JSON of a report, as a deposit keeps it.
type rapportGarde struct {
	Regles  reglesVues `json:"regles"`
	Fichier struct {
		Nom    string `json:"nom"`
		Taille int64  `json:"taille"`
		SHA256 string `json:"sha256"`
	} `json:"fichier"`
	Verdict segur.Verdict `json:"verdict"`
	Bilan   struct {
		Demandes       int `json:"demandes"`
		Acceptees      int `json:"acceptees"`
		Rejetees       int `json:"rejetees"`
		Erreurs        int `json:"erreurs"`
		Avertissements int `json:"avertissements"`
	} `json:"bilan"`
	Structure []constatGarde `json:"structure"`
	Demandes  []struct {
		ligneVue
		Constats []constatGarde `json:"constats"`
	} `json:"demandes"`
}

type constatGarde struct {
	Code      string        `json:"code"`
	Gravite   segur.Gravite `json:"gravite"`
	Balise    string        `json:"balise"`
	Ligne     int           `json:"ligne"`
	Colonne   int           `json:"colonne"`
	Message   string        `json:"message"`
	Attendu   string        `json:"attendu"`
	Recu      string        `json:"recu"`
	Remede    string        `json:"remede"`
	Reference string        `json:"reference"`
}

func (k *constatGarde) constat(rang int) segur.Constat {
	c, _ := segur.LireCode(k.Code)
	return segur.Constat{Code: c, Gravite: k.Gravite, Rang: rang, Balise: k.Balise, Ligne: k.Ligne, Colonne: k.Colonne, Message: k.Message, Attendu: k.Attendu, Recu: k.Recu, Remede: k.Remede, Reference: k.Reference}
}

// relireRapport shows a report that was kept. numeros gives the number of each
// accepted request by its rank.
func relireRapport(b []byte, j *segur.Jeu, numeros map[int]string) (*rapportVu, error) {
	var r rapportGarde
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, err
	}
	x := &rapportVu{Fichier: segur.Fichier{Nom: r.Fichier.Nom, Taille: r.Fichier.Taille, SHA256: r.Fichier.SHA256}, Regles: r.Regles, Verdict: r.Verdict, Bilan: segur.Bilan(r.Bilan), Structure: true}
	g := groupeur{}
	for i := range r.Structure {
		g.ajouter(r.Structure[i].constat(0), "", nil)
	}
	for i := range r.Demandes {
		d := &r.Demandes[i]
		d.NumeroASP = numeros[d.Rang]
		x.Demandes = append(x.Demandes, d.ligneVue)
		for k := range d.Constats {
			g.ajouter(d.Constats[k].constat(d.Rang), d.NumeroEditeur, nil)
		}
	}
	x.Groupes = g.trier(titreDe(j))
	return x, nil
}
