package guichet

import (
	"errors"
	"fmt"
	"sort"

	"guichet.example/segur"
)

// clePieces is the key of the list of pieces among [Champs].
const clePieces = "piecesJustificatives"

// champsDe copies the values of a request out of its file.
func champsDe(j *segur.Jeu, d segur.Demande) Champs {
	c := make(Champs, len(j.Champs))
	for i := range j.Champs {
		f := &j.Champs[i]
		if f.Bloc == clePieces {
			continue
		}
		b := f.Balise()
		if brut := d.Brut(b); brut != nil {
			c[b] = string(brut)
		}
	}
	b := []byte{'['}
	for p := range d.Pieces() {
		sep := ", {"
		if len(b) == 1 {
			sep = "{"
		}
		b = segur.AppendMembreJSON(append(b, sep...), "nomFichier", p.NomFichier)
		b = segur.AppendMembreJSON(append(b, ", "...), "formatFichier", p.FormatFichier)
		b = append(segur.AppendMembreJSON(append(b, ", "...), "typeFichier", p.TypeFichier), '}')
	}
	c[clePieces] = string(append(b, ']'))
	return c
}

// abregeDe copies what is kept at hand of a request that control accepted.
func abregeDe(d segur.Demande) Abrege {
	a := Abrege{Regime: d.Texte("commande.regimeTVA")}
	for p := range d.Pieces() {
		a.Pieces = append(a.Pieces, PieceDeclaree{p.NomFichier, p.FormatFichier, p.TypeFichier})
	}
	return a
}

// lireChamps reads the values of a request: those of its last correction, or
// those of the file it came in.
func (g *Guichet) lireChamps(tx Tx, d *Demande) (Champs, error) {
	c, err := tx.ChampsCorriges(d.NumeroASP)
	if !errors.Is(err, ErrAbsent) {
		return c, err
	}
	recu, err := tx.Recu(d.DepotID)
	if err != nil {
		return nil, err
	}
	f, err := LireFichierRecu(d.Type, g.JourA(d.Cree), recu)
	if err == nil {
		c, err = f.Champs(d.Rang)
	}
	if err != nil {
		return nil, fmt.Errorf("values of %s: %w", d.NumeroASP, err)
	}
	return c, nil
}

// FichierRecu is a deposited file, for the values of its requests.
type FichierRecu struct{ r *segur.Rapport }

// LireFichierRecu reads a file by the rule set of the day of its deposit.
func LireFichierRecu(t segur.TypeDemande, jour segur.Jour, recu []byte) (FichierRecu, error) {
	j, err := segur.JeuPour(t, jour)
	if err != nil {
		return FichierRecu{}, err
	}
	return FichierRecu{j.Controler(recu, jour, segur.Options{})}, nil
}

// Champs are the values of one request, as they were deposited.
func (f FichierRecu) Champs(rang int) (Champs, error) {
	d, ok := f.r.Demande(rang)
	if !ok {
		return nil, fmt.Errorf("the received file has no request %d", rang)
	}
	return champsDe(f.r.Jeu(), d), nil
}

// Declarees lists the supporting documents that the request declares, as none
// of them had been received.
func (d *Demande) Declarees() []Piece {
	rs := make([]Piece, len(d.Abrege.Pieces))
	for i, p := range d.Abrege.Pieces {
		rs[i] = Piece{NumeroASP: d.NumeroASP, Nom: p.Nom, Type: p.Type, Format: p.Format}
	}
	return rs
}

// piecesDe lists the documents of requests, declared and received, in order.
func piecesDe(tx Tx, ds ...*Demande) ([]Piece, error) {
	ns := make([]NumeroASP, len(ds))
	for i, d := range ds {
		ns[i] = d.NumeroASP
	}
	recues, err := tx.PiecesRecues(ns...)
	if err != nil {
		return nil, err
	}
	places := make(map[[2]string]int, len(recues))
	for i, p := range recues {
		places[[2]string{string(p.NumeroASP), p.Nom}] = i
	}
	var ps []Piece
	for _, d := range ds {
		for _, p := range d.Declarees() {
			if i, ok := places[[2]string{string(p.NumeroASP), p.Nom}]; ok {
				p.Taille, p.SHA256, p.Recue, p.Analyse = recues[i].Taille, recues[i].SHA256, recues[i].Recue, recues[i].Analyse
			}
			ps = append(ps, p)
		}
	}
	return ps, nil
}

// piecesDuDepot lists the documents of all requests of a deposit.
func piecesDuDepot(tx Tx, id DepotID) ([]Demande, []Piece, error) {
	ds, err := tx.Demandes(Filtre{DepotID: id})
	if err != nil {
		return nil, nil, err
	}
	adresses := make([]*Demande, len(ds))
	for i := range ds {
		adresses[i] = &ds[i]
	}
	ps, err := piecesDe(tx, adresses...)
	return ds, ps, err
}

// fichier writes a file of one request, for controlling it again.
func (c Champs) fichier(j *segur.Jeu, numeroAns, siret string) []byte {
	b := segur.AppendMembreJSON([]byte(`{"impId": null, `), "numeroAns", numeroAns)
	b = segur.AppendMembreJSON(append(b, ", "...), "SIRET", siret)
	b = append(b, `, "lignesImport": [{`...)
	n := 0
	virgule := func() {
		if n++; n > 1 {
			b = append(b, ", "...)
		}
	}
	for i := range j.Blocs {
		bloc := &j.Blocs[i]
		if bloc.Tableau {
			virgule()
			b = append(b, `"`+bloc.Cle+`": `+c.texte(bloc.Cle)...)
			continue
		}
		if bloc.Cle != "" {
			virgule()
			b = append(b, `"`+bloc.Cle+`": {`...)
			n = 0
		}
		for k := range j.Champs {
			if f := &j.Champs[k]; f.Bloc == bloc.Cle {
				virgule()
				b = append(b, `"`+f.Cle+`": `+c.valeur(f)...)
			}
		}
		if bloc.Cle != "" {
			b = append(b, '}')
			n = 1
		}
	}
	return append(b, `}]}`...)
}

// valeur is the JSON text of a leaf; a request that stands alone is the first.
func (c Champs) valeur(f *segur.Champ) string {
	if f.Genre == segur.GenreRang {
		return "1"
	}
	return c.texte(f.Balise())
}

func (c Champs) texte(cle string) string {
	if v, ok := c[cle]; ok {
		return v
	}
	return "null"
}

// cles lists the balises, sorted.
func (c Champs) cles() []string {
	var ks []string
	for k := range c {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	return ks
}

// fixe tells a balise that a correction never changes: the leaves outside the
// blocks are numbers, the header, and what the agency fills in; those of a
// piece change with the whole list.
func fixe(j *segur.Jeu, balise string) bool {
	f, ok := j.Champ(balise)
	if !ok {
		return balise != clePieces
	}
	return f.Bloc == "" || f.Bloc == clePieces
}

// cible tells whether a target of a modification names something that a
// supplier can change: a leaf, a block, or the pieces.
func cible(j *segur.Jeu, balise string) bool {
	if b, ok := j.Bloc(balise); ok && b.Cle != "" {
		return true
	}
	f, ok := j.Champ(balise)
	return ok && f.Bloc != ""
}
