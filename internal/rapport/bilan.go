package rapport

import (
	"strings"

	"guichet.example/segur"
)

// etat is what became of one file.
type etat int

const (
	etatAccepte    etat = iota
	etatPieces          // accepted, but pieces are missing or refused
	etatSansPieces      // accepted, but pieces could not be looked at
	etatPartiel         // some requests
	etatRejete          // no request
	etatStructure       // control 1 failed
	etatNom             // control 1 failed, and only for the name of the file
	etatNonLu           // no verdict
	nbEtats
)

// Codes of the file's name; each is a promise of the catalogue.
const (
	codeNomPremier segur.Code = 1200
	codeNomDernier segur.Code = 1249
	codeNomJour    segur.Code = 9002 // the name is right, for another day
)

// etatDe judges a result; autreJour tells whether its name is for another day.
func etatDe(r *Resultat) (e etat, autreJour bool) {
	if r.Rapport == nil {
		return etatNonLu, false
	}
	nom := true
	for k := range r.Rapport.Structure() {
		autreJour = autreJour || k.Code == codeNomJour
		if k.Gravite == segur.Erreur && (k.Code < codeNomPremier || k.Code > codeNomDernier) {
			nom = false
		}
	}
	switch {
	case !r.Rapport.StructureValide() && nom:
		return etatNom, autreJour
	case !r.Rapport.StructureValide():
		return etatStructure, autreJour
	case r.Rapport.Verdict() == segur.Accepte:
		return etatPiecesDe(r), autreJour
	case r.Rapport.Verdict() == segur.Partiel:
		return etatPartiel, autreJour
	}
	return etatRejete, autreJour
}

// etatPiecesDe tells apart the results whose requests are all accepted.
func etatPiecesDe(r *Resultat) etat {
	for i := range r.Pieces {
		if r.Pieces[i].Gravite == segur.Erreur {
			return etatPieces
		}
	}
	if r.Erreur != "" {
		return etatSansPieces
	}
	return etatAccepte
}

// bilan counts over files, or over one.
type bilan struct {
	fichiers      int
	etats         [nbEtats]int
	somme         segur.Bilan
	piecesErreurs int
	piecesAvert   int
	autreJour     int // names for another day
	retours       int // files that carry the agency's answers
	incomplets    int // reports beside which something could not be looked at
	masques       int // constats that --premier leaves out
}

// compter counts one result.
func compter(r *Resultat, o *Options) bilan {
	var b bilan
	e, autreJour := etatDe(r)
	b.fichiers, b.etats[e] = 1, 1
	if autreJour {
		b.autreJour = 1
	}
	for i := range r.Pieces {
		if r.Pieces[i].Gravite == segur.Erreur {
			b.piecesErreurs++
		} else {
			b.piecesAvert++
		}
	}
	if r.Rapport == nil {
		return b
	}
	if r.Erreur != "" {
		b.incomplets = 1
	}
	b.somme = r.Rapport.Bilan()
	if r.Rapport.SembleRetour() {
		b.retours = 1
	}
	if o.Premier {
		for d := range r.Rapport.Demandes() {
			if n := d.NbConstats(); d.Acceptee() {
				b.masques += n
			} else {
				b.masques += n - 1
			}
		}
	}
	return b
}

func (b *bilan) ajouter(c *bilan) {
	b.fichiers += c.fichiers
	for i := range b.etats {
		b.etats[i] += c.etats[i]
	}
	b.somme.Demandes += c.somme.Demandes
	b.somme.Acceptees += c.somme.Acceptees
	b.somme.Rejetees += c.somme.Rejetees
	b.somme.Erreurs += c.somme.Erreurs
	b.somme.Avertissements += c.somme.Avertissements
	b.piecesErreurs += c.piecesErreurs
	b.piecesAvert += c.piecesAvert
	b.autreJour += c.autreJour
	b.retours += c.retours
	b.incomplets += c.incomplets
	b.masques += c.masques
}

// verdict is the verdict of one file in words.
func (e etat) verdict() string {
	return [...]string{"Accepté", "Accepté, pièces à corriger", "Accepté, pièces non contrôlées", "Accepté en partie", "Refusé", "Refusé en entier", "Refusé en entier", "Non contrôlé"}[e]
}

// phrase says what the verdict of one file rests on.
func (b *bilan) phrase(e etat, erreur string) string {
	s := &b.somme
	switch e {
	case etatNonLu:
		return finir(segur.Visible(erreur, 0)) + " Ce n’est pas un refus\u00a0: on ne peut rien conclure sur ce fichier."
	case etatNom:
		return "le nom du fichier ne convient pas (contrôle 1)\u202f; aucune demande n’a été examinée"
	case etatStructure:
		return "la structure du fichier est fautive (contrôle 1)\u202f; aucune demande n’a été examinée"
	case etatAccepte, etatPieces, etatSansPieces:
		return Compte(s.Acceptees, "demande acceptée", "demandes acceptées")
	case etatRejete:
		if s.Demandes == 1 {
			return "la seule demande est refusée"
		}
		return "les " + Nombre(s.Demandes) + " demandes sont refusées"
	}
	return Nombre(s.Acceptees) + " des " + Nombre(s.Demandes) + " demandes " + accord(s.Acceptees, "est acceptée", "sont acceptées") +
		", " + Nombre(s.Rejetees) + " " + accord(s.Rejetees, "est refusée", "sont refusées")
}

// comptes lists the counts of constats that are not zero.
func (b *bilan) comptes() []string {
	var cs []string
	ajouter := func(n int, un, plusieurs string) {
		if n > 0 {
			cs = append(cs, Compte(n, un, plusieurs))
		}
	}
	ajouter(b.somme.Erreurs, "erreur", "erreurs")
	ajouter(b.somme.Avertissements, "avertissement", "avertissements")
	ajouter(b.piecesErreurs, "erreur de pièce", "erreurs de pièces")
	ajouter(b.piecesAvert, "avertissement de pièce", "avertissements de pièces")
	return cs
}

// comptesFichiers lists how many files there are of each verdict.
func (b *bilan) comptesFichiers() []string {
	var cs []string
	for _, x := range []struct {
		n             int
		un, plusieurs string
	}{
		{b.etats[etatAccepte], "accepté", "acceptés"},
		{b.etats[etatPieces], "accepté, pièces à corriger", "acceptés, pièces à corriger"},
		{b.etats[etatSansPieces], "accepté, pièces non contrôlées", "acceptés, pièces non contrôlées"},
		{b.etats[etatPartiel], "accepté en partie", "acceptés en partie"},
		{b.etats[etatRejete] + b.etats[etatStructure] + b.etats[etatNom], "refusé", "refusés"},
		{b.etats[etatNonLu], "non contrôlé", "non contrôlés"},
	} {
		if x.n > 0 {
			cs = append(cs, Compte(x.n, x.un, x.plusieurs))
		}
	}
	return cs
}

func accord(n int, un, plusieurs string) string {
	if n < 2 {
		return un
	}
	return plusieurs
}

// finir ends a sentence with a full stop, unless it has its end.
func finir(s string) string {
	for _, fin := range [...]string{".", "!", "?", "…"} {
		if strings.HasSuffix(s, fin) {
			return s
		}
	}
	return s + "."
}

// majuscule raises the first letter of a text that begins with an ASCII one.
func majuscule(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// minuscule lowers it.
func minuscule(s string) string { return strings.ToLower(s[:1]) + s[1:] }
