package atelier

import (
	"context"
	"fmt"
	"path"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/segur"
)

// Cadre is what holds for a whole preparation.
type Cadre struct {
	Jeu  *segur.Jeu
	Jour segur.Jour // of the deposit, in Europe/Paris
	Entete
	Outil segur.Outil
	// Finess looks a number up in a register; may be nil (D7).
	Finess func(numero string) (categorie int, connu bool)
	// Durcis are the warnings that the portal refuses.
	Durcis []segur.Code
	// Avancer is told of the work done, in bytes of pieces; may be nil. It is
	// called by one goroutine at a time.
	Avancer func(etape string, fait, total int64)
}

// Controler judges orders by the engine of package segur, as the portal would
// judge the files made of them. Constats point at orders and balises; the
// error tells a header that condemns every file.
func Controler(o *Cadre, cs []Commande) ([]Constat, error) {
	if err := o.verifierEntete(); err != nil {
		return nil, err
	}
	d := nouveauDocument(o.Jeu, o.Entete)
	groupes := (len(cs) + segur.DemandesMax - 1) / segur.DemandesMax
	resultats := make([][]Constat, groupes)
	err := enParallele(context.Background(), groupes, func() func(context.Context, int) error {
		var tampon []byte
		var memoire segur.Memoire
		return func(_ context.Context, g int) error {
			deb := g * segur.DemandesMax
			lot := pointeurs(cs[deb:min(deb+segur.DemandesMax, len(cs))])
			tampon = d.append(tampon[:0], lot, func(i int) string { return numeroProvisoire(lot[i], i) })
			r := o.juger(tampon, segur.Options{Memoire: &memoire, Finess: o.Finess})
			var err error
			resultats[g], err = rattacher(r, lot, deb)
			return err
		}
	})
	var ks []Constat
	for _, r := range resultats {
		ks = append(ks, r...)
	}
	return ks, err
}

// juger controls a file as the portal would.
func (o *Cadre) juger(contenu []byte, q segur.Options) *segur.Rapport {
	r := o.Jeu.Controler(contenu, o.Jour, q)
	return r.AvecPortail(r.Durcis(o.Durcis...)...)
}

// numeroProvisoire stands for the number that the ledger will give: it is good
// and unique in its file.
func numeroProvisoire(c *Commande, i int) string {
	if c.Numero != "" {
		return c.Numero
	}
	return fmt.Sprintf("%05d", i+1)
}

func pointeurs(cs []Commande) []*Commande {
	ps := make([]*Commande, len(cs))
	for i := range cs {
		ps[i] = &cs[i]
	}
	return ps
}

// rattacher turns the constats of a report into those of orders. Fault of
// structure: the workshop wrote it, so it is a failure of ours, never a fault
// of a row.
func rattacher(r *segur.Rapport, lot []*Commande, deb int) ([]Constat, error) {
	if !r.StructureValide() {
		for k := range r.Structure() {
			if k.Gravite == segur.Erreur {
				return nil, fmt.Errorf("le fichier préparé serait refusé en entier (%s, ligne %d) : %s", k.Code, k.Ligne, k.Message)
			}
		}
	}
	b := r.Bilan()
	if b.Erreurs == 0 && b.Avertissements == 0 {
		return nil, nil
	}
	var ks []Constat
	for q := range r.Demandes() {
		c := lot[q.Rang()-1]
		for k := range q.Constats() {
			k.Rang, k.Ligne, k.Colonne, k.Pointeur = deb+q.Rang(), 1, 1, ""
			ks = append(ks, Constat{Constat: k, Feuille: c.Source.Feuille, Rangee: c.Source.Ligne})
		}
	}
	return ks, nil
}

// verifierEntete controls the header alone, with a request that is good.
func (o *Cadre) verifierEntete() error {
	for _, e := range []struct{ cle, valeur, option string }{{"numeroAns", o.NumeroAns, "--numero-ans"}, {"SIRET", o.SIRET, "--siret"}} {
		c, ok := o.Jeu.Champ(e.cle)
		switch {
		case !ok:
		case e.valeur == "":
			return fmt.Errorf("il manque le %s (%s) : donnez %s, ou une constante \"%s\" dans la correspondance. Attendu : %s", minuscule(c.Titre), e.cle, e.option, e.cle, c.Attendu)
		}
	}
	r := o.Jeu.Controler(nouveauDocument(o.Jeu, o.Entete).append(nil, nil, nil), o.Jour, segur.Options{})
	for k := range r.Structure() {
		if k.Gravite == segur.Erreur && k.Balise != "" && k.Balise != "lignesImport" {
			return fmt.Errorf("%s %s", k.Message, k.Remede)
		}
	}
	return nil
}

func minuscule(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] < 'A' || s[1] > 'Z') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}

// Reunir puts findings of several steps together, row by row: what the
// workshop found about a leaf stands for what the control says of it, whose
// value was never written.
func (l *Lecture) Reunir(jeu *segur.Jeu, ks ...[]Constat) []Constat {
	type lieu struct {
		rang   int
		balise string
	}
	deja := map[lieu]bool{}
	pasCommandes := map[int]bool{} // nothing else need be said of them
	for i := range l.Constats {
		if k := &l.Constats[i]; k.Gravite == segur.Erreur {
			deja[lieu{k.Rang, k.Balise}] = true
			pasCommandes[k.Rang] = pasCommandes[k.Rang] || k.Code == catalogue.PasCommande
		}
	}
	parRang := make([][]Constat, len(l.Commandes)+1)
	ajouter := func(k Constat) {
		if !pasCommandes[k.Rang] || k.Code == catalogue.PasCommande {
			parRang[k.Rang] = append(parRang[k.Rang], k)
		}
	}
	for i := range l.Constats {
		ajouter(l.Constats[i])
	}
	for _, liste := range ks {
		for _, k := range liste {
			if !deja[lieu{k.Rang, k.Balise}] {
				l.situer(jeu, &k)
				ajouter(k)
			}
		}
	}
	var tous []Constat
	for _, r := range parRang {
		tous = append(tous, r...)
	}
	return tous
}

// situer says which cell a finding of the control is about.
func (l *Lecture) situer(jeu *segur.Jeu, k *Constat) {
	if k.Rang < 1 || k.Rang > len(l.Commandes) || k.Titre != "" {
		return
	}
	if remplissable(jeu, k.Balise) {
		enMotsDeListe(k)
	}
	for i := range l.Colonnes {
		c := &l.Colonnes[i]
		if c.Scan != "" && k.Balise == balisePieces && memeScan(l.Table.Lignes[k.Rang-1].Cellules[i], k.Valeur) {
			k.Titre = c.Titre
			return
		}
		if c.Balise != k.Balise || c.Balise == "" {
			continue
		}
		k.Titre, k.Valeur = c.Titre, l.Table.Lignes[k.Rang-1].Cellules[i]
		k.Recu = segur.Visible(k.Valeur, 60)
		for _, x := range l.correctionsDe(k.Rang) {
			if x.Titre == k.Titre && !x.Faite {
				k.Propose = x.Apres
			}
		}
		return
	}
}

// memeScan tells whether a cell names a file, with or without folders and
// extension.
func memeScan(cellule, fichier string) bool {
	nom := path.Base(nomPlie(strings.ReplaceAll(cellule, `\`, "/")))
	fichier = nomPlie(fichier)
	tronc := strings.TrimSuffix(fichier, path.Ext(fichier))
	return cellule != "" && (nom == fichier || nom == tronc || strings.TrimSuffix(nom, path.Ext(nom)) == tronc)
}

// correctionsDe lists the corrections of an order; they are kept in its order.
func (l *Lecture) correctionsDe(rang int) []Correction {
	deb := sort.Search(len(l.Corrections), func(i int) bool { return l.Corrections[i].Rang >= rang })
	fin := deb
	for fin < len(l.Corrections) && l.Corrections[fin].Rang == rang {
		fin++
	}
	return l.Corrections[deb:fin]
}

// enParallele calls f for 0 to n-1 on all cores; each worker makes its own f.
// The first error stops the others.
func enParallele(ctx context.Context, n int, ouvrier func() func(ctx context.Context, i int) error) error {
	return enParalleleSur(ctx, runtime.GOMAXPROCS(0), n, ouvrier)
}

// enParalleleSur is enParallele with a number of workers.
func enParalleleSur(ctx context.Context, ouvriers, n int, ouvrier func() func(ctx context.Context, i int) error) error {
	ctx, arreter := context.WithCancelCause(ctx)
	defer arreter(nil)
	var suivant int
	var verrou sync.Mutex
	prendre := func() (int, bool) {
		verrou.Lock()
		defer verrou.Unlock()
		if suivant >= n || ctx.Err() != nil {
			return 0, false
		}
		suivant++
		return suivant - 1, true
	}
	var attente sync.WaitGroup
	for range min(ouvriers, n) {
		attente.Go(func() {
			f := ouvrier()
			for i, ok := prendre(); ok; i, ok = prendre() {
				if err := f(ctx, i); err != nil {
					arreter(err)
				}
			}
		})
	}
	attente.Wait()
	return context.Cause(ctx)
}

// rangEnTexte names an order in a sentence.
func rangEnTexte(c *Commande, rang int) string {
	if c.Source.Ligne > 0 {
		return "la ligne " + strconv.Itoa(c.Source.Ligne)
	}
	return "la commande " + strconv.Itoa(rang)
}
