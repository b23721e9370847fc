package atelier

import (
	"context"
	"strings"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/tableur"
	"guichet.example/segur"
)

// Lecture is a list as it was read: orders, what was understood of the
// columns, and what was found about rows.
type Lecture struct {
	Table     *tableur.Table
	Colonnes  []Colonne
	Questions []Question // when there are any, no order was read
	Commandes []Commande // one for each of Table.Lignes
	Constats  []Constat
	Laissees  []Laissee // rows that are no orders
	// Corrections are the cells that were changed as the person allowed, and
	// those whose change is only offered.
	Corrections []Correction
	// Entete is what the list says of numeroAns and SIRET.
	Entete map[string]string
}

// Correction is one cell, before and after.
type Correction struct {
	Rang         int // order, from 1
	Rangee       int
	Titre        string
	Avant, Apres string
	Faite        bool // false: offered only
}

// OptionsListe are what reading a list may know beyond the file.
type OptionsListe struct {
	Jeu            *segur.Jeu
	Correspondance *Correspondance // nil = none
	Encodage       string          // before the mapping's; "" = none
	Separateur     string
	Corriger       bool   // make the corrections that would only be offered
	Entete         Entete // what is known of it; columns are not read for it
}

// LireListe reads a list of orders. Errors are French: the file cannot be read,
// or the mapping does not fit it. Faults of rows are Constats.
func LireListe(chemin string, o OptionsListe) (*Lecture, error) {
	m := o.Correspondance
	if m == nil {
		m = &Correspondance{}
	}
	connus := nomsDe(o.Jeu)
	declares := map[string]bool{}
	for i := range m.Colonnes {
		declares[plat(m.Colonnes[i].Titre)] = true
	}
	t, err := tableur.Lire(chemin, tableur.Options{
		Encodage: premier(o.Encodage, m.Encodage), Separateur: premier(o.Separateur, m.Separateur), Feuille: m.Feuille,
		Noter: func(cellules []string) int {
			n := 0
			for _, c := range cellules {
				if k := connus.de(c); k.Utile() || declares[plat(c)] {
					n++
				}
			}
			return n
		},
	})
	if err != nil {
		return nil, err
	}
	l := &Lecture{Table: t}
	if l.Colonnes, l.Questions, err = colonnes(o.Jeu, t.Entetes, m); err != nil || len(l.Questions) > 0 {
		return l, err
	}
	l.laisser(o.Jeu)
	if err := nouvelleListe(l, o, m).toutLire(); err != nil {
		return nil, err
	}
	l.signalerNotes()
	l.signalerDoubles(o.Jeu)
	return l, l.lireEntete(o.Entete, m)
}

func premier(textes ...string) string {
	for _, t := range textes {
		if t != "" {
			return t
		}
	}
	return ""
}

// liste is the reading of rows: what is looked up once for all of them.
type liste struct {
	*Lecture
	o          OptionsListe
	m          *Correspondance
	champs     []int    // rank of the leaf of each column; -1 = none
	aMontant   int      // rank of montantSegurHT
	constantes []string // JSON text of each leaf that a column does not fill
	libelles   map[string][]string
	vus        map[string]string // labels already looked up
	scans      []int             // rank of the type of piece of each column; -1 = none
	valeurs    []string          // place for Commande.Valeurs of a block
	tampon     []byte            // JSON texts of the row being read
	places     [][3]int          // leaf, begin and end in tampon
}

func nouvelleListe(l *Lecture, o OptionsListe, m *Correspondance) *liste {
	x := &liste{Lecture: l, o: o, m: m, aMontant: rangChamp(o.Jeu, baliseMontant), constantes: make([]string, len(o.Jeu.Champs)), vus: map[string]string{}}
	for i := range l.Colonnes {
		x.champs = append(x.champs, rangChamp(o.Jeu, l.Colonnes[i].Balise))
		k := -1
		for p := range o.Jeu.Pieces {
			if l.Colonnes[i].Scan == o.Jeu.Pieces[p].Valeur {
				k = p
			}
		}
		x.scans = append(x.scans, k)
	}
	var sans Commande
	for i := range o.Jeu.Champs {
		c := &o.Jeu.Champs[i]
		switch v := m.Constantes[c.Balise()]; {
		case v != "" && deLaListe(c):
			x.tampon, x.places = x.tampon[:0], x.places[:0]
			x.cellule(&sans, 0, i, &Colonne{Titre: "constante " + c.Balise(), Lire: LireHT}, v)
			x.constantes[i] = string(x.tampon)
		case c.Genre == segur.GenreListe && len(c.Valeurs) == 1:
			x.constantes[i] = string(segur.AppendTexteJSON(nil, c.Valeurs[0]))
		}
	}
	return x
}

// bloc is how many rows a worker reads at a time.
const bloc = 512

// toutLire reads all rows on all cores. Findings keep the order of the rows.
func (x *liste) toutLire() error {
	l := x.Lecture
	l.Commandes = make([]Commande, len(l.Table.Lignes))
	blocs := make([]Lecture, (len(l.Commandes)+bloc-1)/bloc)
	err := enParallele(context.Background(), len(blocs), func() func(context.Context, int) error {
		y := *x // its own memory, beside what is only read
		y.vus, y.libelles, y.tampon, y.places = map[string]string{}, nil, nil, nil
		return func(_ context.Context, b int) error {
			y.Lecture = &Lecture{Table: l.Table, Colonnes: l.Colonnes, Commandes: l.Commandes}
			fin := min((b+1)*bloc, len(l.Commandes))
			y.valeurs = make([]string, 0, (fin-b*bloc)*len(x.constantes))
			for i := b * bloc; i < fin; i++ {
				y.lire(i)
			}
			blocs[b] = *y.Lecture
			return nil
		}
	})
	for i := range blocs {
		l.Constats, l.Corrections = append(l.Constats, blocs[i].Constats...), append(l.Corrections, blocs[i].Corrections...)
	}
	return err
}

// lire reads the i-th row.
func (x *liste) lire(i int) {
	ligne := &x.Table.Lignes[i]
	c := &x.Commandes[i]
	c.Source = registre.Source{Fichier: x.Table.Nom, Feuille: x.Table.Feuille, Ligne: ligne.Numero}
	deb := len(x.valeurs)
	x.valeurs = append(x.valeurs, x.constantes...)
	c.Valeurs = x.valeurs[deb:len(x.valeurs):len(x.valeurs)]
	x.tampon, x.places = x.tampon[:0], x.places[:0]
	for k := range x.Colonnes {
		col := &x.Colonnes[k]
		v := sansGarde(ligne.Cellules[k])
		switch {
		case v == "":
		case erreurTableur(v) && col.Utile():
			x.noter(c, i+1, col, catalogue.Tableur, mots{valeur: v})
		case x.champs[k] >= 0:
			x.cellule(c, i+1, x.champs[k], col, v)
		case x.scans[k] >= 0:
			if c.scans == nil {
				c.scans = make([]string, len(x.o.Jeu.Pieces))
			}
			c.scans[x.scans[k]] = v
		case col.Extra != "":
			c.Extras = append(c.Extras, registre.Extra{Colonne: col.Extra, Valeur: v})
		}
	}
	texte := string(x.tampon)
	for _, p := range x.places {
		c.Valeurs[p[0]] = texte[p[1]:p[2]]
	}
}

// sansGarde takes away the apostrophe that keeps a cell from being run as a
// formula; reports and lists of ours write it.
func sansGarde(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexByte("=+-@", s[1]) >= 0 {
		return s[1:]
	}
	return s
}

func (x *liste) noter(c *Commande, rang int, col *Colonne, code segur.Code, m mots) {
	k := constat(c, rang, code, m)
	k.Titre = col.Titre
	if col.Balise != "" {
		k.Balise = col.Balise
	}
	x.Constats = append(x.Constats, k)
}

// cellule reads one cell into the leaf of rank f. What it cannot make sense of
// goes on as text: the control says what is wrong with it.
func (x *liste) cellule(c *Commande, rang, f int, col *Colonne, v string) {
	champ := &x.o.Jeu.Champs[f]
	if v == "null" {
		return // a home-made script's way to leave a cell empty (D9)
	}
	switch champ.Genre {
	case segur.GenreMontant:
		x.montant(c, rang, f, col, v)
		return
	case segur.GenreBooleen:
		if json, ok := lireBooleen(v); ok {
			x.poser(f, json)
		} else {
			x.noter(c, rang, col, catalogue.Booleen, mots{valeur: v})
		}
		return
	case segur.GenreDate:
		date, detail, propose := lireDate(v, x.Table.Jours1904)
		if detail != "" {
			x.noter(c, rang, col, catalogue.Date, mots{valeur: v, detail: detail, propose: propose})
			return
		}
		v = date
	case segur.GenreListe:
		v = valeurListe(champ, v)
	case segur.GenreOperateur:
		var ok bool
		if v, ok = x.operateur(c, rang, col, v); !ok {
			return
		}
	case segur.GenreMajuscules:
		v = x.majuscules(rang, col, v)
	case segur.GenreTexte:
		v = x.telephone(c, rang, champ, col, v)
	case segur.GenreIdentifiant, segur.GenreCarte, segur.GenreFiness, segur.GenreSiret:
		if scientifique(v) {
			x.noter(c, rang, col, catalogue.Scientifique, mots{valeur: v})
			return
		}
		if v = strings.Join(strings.Fields(v), ""); champ.Genre == segur.GenreFiness {
			v = x.finess(c, rang, col, v)
		}
	}
	x.poserTexte(f, v)
}

// poser notes the JSON text of a leaf.
func (x *liste) poser(f int, json string) {
	deb := len(x.tampon)
	x.tampon = append(x.tampon, json...)
	x.places = append(x.places, [3]int{f, deb, len(x.tampon)})
}

func (x *liste) poserTexte(f int, v string) {
	deb := len(x.tampon)
	x.tampon = segur.AppendTexteJSON(x.tampon, v)
	x.places = append(x.places, [3]int{f, deb, len(x.tampon)})
}

func (x *liste) montant(c *Commande, rang, f int, col *Colonne, v string) {
	texte, detail, propose := lireMontant(v)
	if detail != "" {
		x.noter(c, rang, col, catalogue.Montant, mots{valeur: v, detail: detail, propose: propose})
		return
	}
	if m, err := segur.LireMontant(texte); err == nil && x.aMontant == f {
		ht, juste := horsTaxe(m)
		suite := ""
		if juste && ressembleTTC(m) {
			suite = " (" + ht.Francais() + " hors taxe)"
		}
		switch {
		case col.Lire == LireTTC && !juste:
			x.noter(c, rang, col, catalogue.Montant, mots{valeur: v, detail: "est un montant TTC qu’aucun montant hors taxe ne donne au centime"})
			return
		case col.Lire == LireTTC:
			texte = ht.String()
			x.Corrections = append(x.Corrections, Correction{rang, c.Source.Ligne, col.Titre, v, ht.Francais() + " HT", true})
		case col.Lire == LireHT || !ressembleTTC(m):
		case col.Note == titreHT:
			x.noter(c, rang, col, catalogue.AvertTTC, mots{valeur: v, detail: suite})
		default:
			x.noter(c, rang, col, catalogue.MontantTTC, mots{valeur: v, detail: suite})
			return
		}
	}
	x.poser(f, texte)
}
