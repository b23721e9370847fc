package segur

// Memoire is the memory of a control, to be used again by the next one. Who
// controls many files keeps one for each goroutine and passes it in
// [Options]; the report of a control is then good until the next control with
// the same Memoire. The zero value is ready. It serves one control at a time.
type Memoire struct {
	passe     passe
	vals      []valeur
	lignes    []ligne
	pieces    []pieceLue
	structure []faute
	fautes    []faute
}

func (m *Memoire) rapport(j *Jeu, fichier []byte, jour Jour, nom string) *Rapport {
	return &Rapport{jeu: j, d: fichier, jour: jour, nom: nom,
		vals: m.vals[:0], lignes: m.lignes[:0], pieces: m.pieces[:0], structure: m.structure[:0], fautes: m.fautes[:0]}
}

// garder takes the report's memory back for later; a hostile file's is let go.
func (m *Memoire) garder(r *Rapport) {
	m.passe.oublier()
	if cap(r.fautes)+cap(r.structure)+cap(r.pieces) < 10*DemandesMax {
		m.vals, m.lignes, m.pieces, m.structure, m.fautes = r.vals, r.lignes, r.pieces, r.structure, r.fautes
	}
}

// reprendre makes the pass ready for a file.
func (m *Memoire) reprendre(r *Rapport, opt Options) *passe {
	s := &m.passe
	s.d, s.pl, s.opt, s.jour, s.r = r.d, r.jeu.plan, opt, r.jour, r
	s.arrete, s.arret, s.entete, s.cleVue = false, echec{}, [4]valeur{}, 0
	s.vals, s.lieu = nil, lieu{piece: -1}
	s.cleCourante, s.cleEtrangere = 0, 0
	s.numeros.vider()
	s.raccourci.vider()
	return s
}

// oublier lets go of what belongs to the file just controlled, and of scratch
// memory that a hostile one made large.
func (s *passe) oublier() {
	s.d, s.r, s.vals, s.opt = nil, nil, nil, Options{}
	s.inconnues, s.pile = petit(s.inconnues), petit(s.pile)
	s.texte, s.texteBis = petit(s.texte), petit(s.texteBis)
}

func petit[T any](t []T) []T {
	if cap(t) > 1<<12 {
		return nil
	}
	return t[:0]
}
