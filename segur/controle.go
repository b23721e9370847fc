package segur

import (
	"math/bits"
	"slices"
	"strconv"
)

// Options are what a control may know beyond the bytes and the day.
type Options struct {
	// Nom is the file's name, without folders; "" leaves it out of the control.
	Nom string
	// Taille is the file's true size when fichier is only its beginning, which
	// is enough of a file over TailleMax; 0 = the length of fichier.
	Taille int64
	// Portail makes a file name of another day an error instead of a warning (D25).
	Portail bool
	// Memoire is memory to use again: that of a report nobody reads any more.
	// nil takes fresh memory, and the report is then its own.
	Memoire *Memoire
	// Finess looks a FINESS number up in a register: its category, and whether
	// it is there. nil = no register is loaded, categories are not judged (D7).
	Finess func(numero string) (categorie int, connu bool)
}

// Controler controls a file by control 1 and control 2 and returns every
// fault found, as of jour, the day in Europe/Paris (D6).
//
// It is a pure function of its arguments and never fails: whatever the bytes,
// the report says what is wrong with them. The report keeps views of fichier;
// the caller must not change the bytes while it uses the report. Files over
// [TailleMax] are refused unread.
func (j *Jeu) Controler(fichier []byte, jour Jour, opt Options) *Rapport {
	if opt.Memoire == nil {
		return j.controlerSeul(fichier, jour, opt)
	}
	return j.controler(opt.Memoire, fichier, jour, opt)
}

// controlerSeul controls with memory of its own, on its stack: inlined, it
// would make the stack grow for those who bring theirs.
//
//go:noinline
func (j *Jeu) controlerSeul(fichier []byte, jour Jour, opt Options) *Rapport {
	return j.controler(new(Memoire), fichier, jour, opt)
}

// controler is Controler with memory of its caller's.
func (j *Jeu) controler(m *Memoire, fichier []byte, jour Jour, opt Options) *Rapport {
	r := m.rapport(j, fichier, jour, opt.Nom)
	s := m.reprendre(r, opt)
	if taille := max(opt.Taille, int64(len(fichier))); taille > TailleMax {
		s.noter(faute{code: codeTaille, champ: -1, piece: -1, mot: strconv.FormatInt(taille, 10)})
	} else {
		s.lireFichier()
	}
	s.lieu = lieu{piece: -1}
	r.racineVals = s.entete
	s.controlerNom()
	m.garder(r)
	r.conclure()
	return r
}

// controlerEntete judges the leaves of the root. When the file could not be
// read to its end (complet false), what is missing is not held against it.
func (s *passe) controlerEntete(complet bool) {
	lieuArret := s.lieu
	s.lieu = lieu{piece: -1}
	for i := range s.pl.racineEntete {
		if s.cleVue&(1<<i) != 0 || complet {
			s.controlerFeuille(&s.pl.racineEntete[i], i, s.entete[i], s.r.racine.deb)
		}
	}
	if complet && s.cleVue&(1<<s.pl.cleLignesIndex) == 0 {
		s.noter(faute{code: codeLignes, champ: -1, piece: -1, absent: true, deb: s.r.racine.deb, fin: s.r.racine.deb + 1})
	}
	s.lieu = lieuArret
}

// finirLigne applies the rules to the request just read, the n-th.
func (s *passe) finirLigne(n int) {
	for manque := s.pl.tousBlocs &^ s.blocsVus; manque != 0; manque &= manque - 1 {
		b := bits.TrailingZeros32(manque)
		f := s.ici(s.pl.bases[b] + blocAbsent)
		f.bloc, f.absent, f.deb, f.fin = uint8(b), true, s.cour.deb, s.cour.deb+1
		s.noter(f)
	}
	if n > DemandesMax {
		return
	}
	if s.r.erreursStructure == 0 {
		s.controlerLigne()
	}
	s.cour.nbFautes = int32(len(s.r.fautes)) - s.cour.faute0
	for _, f := range s.r.fautes[s.cour.faute0:] {
		if f.code < 9000 {
			s.cour.premier = f.code
			break
		}
	}
	s.r.lignes = append(s.r.lignes, s.cour)
}

// controlerLigne is control 2 of one request, in the order of the table of §3.2.
func (s *passe) controlerLigne() {
	pl := s.pl
	s.numeroOK = false
	for slot := 0; slot < len(pl.regles); slot++ {
		if slot == pl.premierPiece {
			s.controlerPieces()
			slot += pl.nbPiece - 1
			continue
		}
		r := &pl.regles[slot]
		if s.nette(r, s.vals[slot]) {
			continue
		}
		s.lieu.bloc = r.bloc
		objet := s.cour.deb
		if r.bloc != 0 {
			objet = s.cour.blocs[r.bloc]
		}
		s.controlerFeuille(&pl.champs[slot], slot, s.vals[slot], objet)
	}
	s.lieu.bloc = 0
}

// controlerNom judges the file's name (D25, D27).
func (s *passe) controlerNom() {
	if s.opt.Nom == "" {
		return
	}
	f := faute{champ: -1, piece: -1}
	nom, err := LireNomFichier(s.opt.Nom)
	if err != nil {
		f.code = codeNomForme
		s.noter(f)
		return
	}
	if v := s.entete[s.pl.numeroAns]; v.jeton() == jetonChaine && !s.fauteEntete(s.pl.numeroAns) {
		if t := string(s.texteDe(v)); t != nom.NumeroAns {
			f.code, f.mot = codeNomNumero, t
			s.noter(f)
		}
	}
	if nom.Jour != s.jour {
		f.code = codeNomJour
		if s.opt.Portail {
			f.code = codeNomDate
		}
		s.noter(f)
	}
}

// fauteEntete tells whether the root's leaf of that slot is at fault.
func (s *passe) fauteEntete(slot int) bool {
	return slices.ContainsFunc(s.r.structure, func(f faute) bool { return f.rang == 0 && int(f.champ) == slot })
}
