package segur

import (
	"iter"
	"slices"
)

// Rapport is the result of one control. It is immutable; it keeps views of the
// bytes controlled, which must not change while it is used.
type Rapport struct {
	jeu  *Jeu
	d    []byte
	jour Jour
	nom  string

	racine           ligne
	racineVals       [4]valeur
	lignes           []ligne
	vals             []valeur
	pieces           []pieceLue
	structure        []faute
	structureTue     int
	erreursStructure int
	fautes           []faute
	illisible        bool
	bilan            Bilan
}

// Verdict sums a report up.
type Verdict string

// The verdicts: all requests accepted, some, or none (or control 1 failed).
const (
	Accepte Verdict = "accepte"
	Partiel Verdict = "partiel"
	Rejete  Verdict = "rejete"
)

// Bilan counts what a report holds. When control 1 failed no request is
// examined, and none is counted.
type Bilan struct {
	Demandes, Acceptees, Rejetees, Erreurs, Avertissements int
}

// agrandir makes room for the values of n slots, nb at a time.
func (r *Rapport) agrandir(n, nb int) {
	// A file of the usual size is laid out at once; DemandesMax bounds it.
	demandes := min(DemandesMax, len(r.d)/600+1)
	plus := make([]valeur, len(r.vals), max(n, demandes*nb))
	copy(plus, r.vals)
	r.vals = plus
	r.lignes = slices.Grow(r.lignes, demandes)
	r.pieces = slices.Grow(r.pieces, demandes+demandes/4)
}

// conclure orders the faults and counts.
func (r *Rapport) conclure() {
	if r.structureTue > 0 {
		r.structure = append(r.structure, faute{code: codeAutres, champ: -1, piece: -1, autre: uint32(r.structureTue)})
	}
	slices.SortStableFunc(r.structure, func(a, b faute) int { return int(a.rang) - int(b.rang) })
	b := &r.bilan
	b.Erreurs = r.erreursStructure
	for i := range r.structure {
		if r.structure[i].code >= 9000 {
			b.Avertissements++
		}
	}
	if r.erreursStructure > 0 {
		// Control 1 has failed: nothing is said of single requests.
		r.lignes, r.fautes = nil, nil
		return
	}
	b.Demandes = len(r.lignes)
	for i := range r.lignes {
		l := &r.lignes[i]
		b.Erreurs += int(l.erreurs)
		b.Avertissements += int(l.nbFautes - l.erreurs)
		if l.premier == 0 {
			b.Acceptees++
		}
	}
	b.Rejetees = b.Demandes - b.Acceptees
}

// Jeu is the rule set that judged.
func (r *Rapport) Jeu() *Jeu { return r.jeu }

// Jour is the day the control stands for.
func (r *Rapport) Jour() Jour { return r.jour }

// Bilan returns the counts.
func (r *Rapport) Bilan() Bilan { return r.bilan }

// StructureValide tells whether control 1 passed.
func (r *Rapport) StructureValide() bool { return r.erreursStructure == 0 }

// Verdict sums the report up.
func (r *Rapport) Verdict() Verdict {
	switch {
	case r.erreursStructure > 0 || r.bilan.Acceptees == 0:
		return Rejete
	case r.bilan.Rejetees > 0:
		return Partiel
	}
	return Accepte
}

// Structure yields the constats of control 1 and of the file's name, in the
// order of control. When one of them is an error there are no requests.
func (r *Rapport) Structure() iter.Seq[Constat] {
	return func(yield func(Constat) bool) {
		c := curseur{d: r.d}
		for i := range r.structure {
			if !yield(r.constat(&r.structure[i], &c)) {
				return
			}
		}
	}
}

// Demandes yields the requests in their order; none when control 1 failed.
func (r *Rapport) Demandes() iter.Seq[Demande] {
	return func(yield func(Demande) bool) {
		c := curseur{d: r.d}
		for i := range r.lignes {
			if !yield(Demande{r: r, l: &r.lignes[i], rang: i + 1, curseur: &c}) {
				return
			}
		}
	}
}

// Demande returns the request of a rank, from 1 to Bilan().Demandes; false
// outside, and when control 1 failed.
func (r *Rapport) Demande(rang int) (Demande, bool) {
	if rang < 1 || rang > len(r.lignes) {
		return Demande{}, false
	}
	return Demande{r: r, l: &r.lignes[rang-1], rang: rang, curseur: &curseur{d: r.d}}, true
}

// SembleRetour tells a file that carries the agency's answers: an impId or a
// codeTraitement filled in. Its requests were deposited already; to send it
// again would deposit them twice.
func (r *Rapport) SembleRetour() bool {
	rempli := func(v valeur) bool {
		return v.jeton() == jetonNombre || v.jeton() == jetonChaine && r.texte(v) != "" && !estMot([]byte(r.texte(v)))
	}
	if rempli(r.racineVals[r.jeu.plan.impID]) {
		return true
	}
	for i := range r.lignes {
		if rempli(r.vals[i*len(r.jeu.Champs)+r.jeu.plan.codeTraitement]) {
			return true
		}
	}
	return false
}

// Entete returns the text of a leaf of the root ("numeroAns", "SIRET"), "" when
// it is missing or no string.
func (r *Rapport) Entete(cle string) string {
	for i := range r.jeu.Entete {
		if r.jeu.Entete[i].Cle == cle && r.racineVals[i].jeton() == jetonChaine {
			return r.texte(r.racineVals[i])
		}
	}
	return ""
}

// texte is the text of a string value.
func (r *Rapport) texte(v valeur) string {
	brut := r.d[v.deb():v.fin()]
	if v.echappe() {
		return string(decoder(nil, brut))
	}
	return string(brut[1 : len(brut)-1])
}

// Demande is one request of a report.
type Demande struct {
	r       *Rapport
	l       *ligne
	rang    int
	curseur *curseur
}

// Rang is its position in the file, from 1.
func (d Demande) Rang() int { return d.rang }

// NumLigne is the number that the file gives it; false when that is no whole
// number of 64 bits.
func (d Demande) NumLigne() (int64, bool) {
	v := d.slot(d.r.jeu.plan.numLigne)
	if v.jeton() != jetonNombre {
		return 0, false
	}
	return entier(d.r.d[v.deb():v.fin()])
}

// NumeroEditeur is its numeroEditeur as written; "" when it is no text.
func (d Demande) NumeroEditeur() string {
	if v := d.slot(d.r.jeu.plan.numeroEditeur); v.jeton() == jetonChaine {
		return d.r.texte(v)
	}
	return ""
}

// FINESSGeo is the FINESS number of its pharmacy as written; "" when it is no
// text.
func (d Demande) FINESSGeo() string {
	if v := d.slot(d.r.jeu.plan.finess); v.jeton() == jetonChaine {
		return d.r.texte(v)
	}
	return ""
}

// MontantHT is its montantSegurHT; false when that is no valid amount.
func (d Demande) MontantHT() (Montant, bool) { return d.montant(d.r.jeu.plan.montant) }

// Acceptee tells whether control 2 found no error in it.
func (d Demande) Acceptee() bool { return d.l.premier == 0 }

// CodeTraitement is the code of the returned file: that of the first error,
// or "0000".
func (d Demande) CodeTraitement() Code { return Code(d.l.premier) }

// LibelleTraitement is the label that goes with CodeTraitement.
func (d Demande) LibelleTraitement() string { return d.r.jeu.Libelle(Code(d.l.premier)) }

// NbConstats counts its constats, errors and warnings.
func (d Demande) NbConstats() int { return int(d.l.nbFautes) }

// Constats yields what was found in it, in the order of control.
func (d Demande) Constats() iter.Seq[Constat] {
	return func(yield func(Constat) bool) {
		for i := range d.fautes() {
			if !yield(d.r.constat(&d.fautes()[i], d.curseur)) {
				return
			}
		}
	}
}

func (d Demande) fautes() []faute {
	return d.r.fautes[d.l.faute0 : d.l.faute0+d.l.nbFautes]
}

// Premier returns the first error, the one that the returned file tells; false
// when the request is accepted.
func (d Demande) Premier() (Constat, bool) {
	for i := range d.fautes() {
		if f := &d.fautes()[i]; f.code < 9000 {
			return d.r.constat(f, d.curseur), true
		}
	}
	return Constat{}, false
}

// Texte returns the text of a leaf that is a string; "" for any other.
func (d Demande) Texte(balise string) string {
	if v := d.valeur(balise); v.jeton() == jetonChaine {
		return d.r.texte(v)
	}
	return ""
}

// Brut returns the JSON text of a leaf as received; nil when it is missing.
// The bytes belong to the file controlled.
func (d Demande) Brut(balise string) []byte {
	v := d.valeur(balise)
	return d.r.d[v.deb():v.fin():v.fin()]
}

// Montant returns the amount of a leaf that is a valid amount.
func (d Demande) Montant(balise string) (Montant, bool) {
	if i, ok := d.r.jeu.plan.parBalise()[balise]; ok {
		return d.montant(i)
	}
	return 0, false
}

func (d Demande) montant(slot int) (Montant, bool) {
	v := d.slot(slot)
	if v.jeton() != jetonNombre {
		return 0, false
	}
	return lireMontant(d.r.d[v.deb():v.fin()])
}

func (d Demande) valeur(balise string) valeur {
	if i, ok := d.r.jeu.plan.parBalise()[balise]; ok {
		return d.slot(i)
	}
	return 0
}

func (d Demande) slot(i int) valeur { return d.r.vals[(d.rang-1)*len(d.r.jeu.Champs)+i] }

// PieceDeclaree is one piece as the request declares it; fields that are no
// text are "".
type PieceDeclaree struct {
	NomFichier, FormatFichier, TypeFichier string
}

// Pieces yields the declared pieces, the first [PiecesDetaillees] of them.
func (d Demande) Pieces() iter.Seq[PieceDeclaree] {
	return func(yield func(PieceDeclaree) bool) {
		for _, p := range d.r.pieces[d.l.piece0 : d.l.piece0+d.l.nbPieces] {
			var t [3]string
			for i, v := range p.v {
				if v.jeton() == jetonChaine {
					t[i] = d.r.texte(v)
				}
			}
			if !yield(PieceDeclaree{t[0], t[1], t[2]}) {
				return
			}
		}
	}
}
