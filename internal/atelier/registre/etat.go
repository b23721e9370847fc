package registre

import (
	"fmt"
	"slices"

	"guichet.example/segur"
)

// place is where an entry stands in the file.
type place struct {
	deb      int64
	longueur int // with its line end
}

// Statuses of a request that only the supplier's side knows; once a portal
// has told its own, that one counts. See [Demande.Statut].
const (
	StatutPreparee = "preparee" // ready, not sent yet
	StatutEnvoyee  = "envoyee"  // sent, no answer read yet
	StatutAcceptee = "acceptee" // has its numeroASP
	StatutRejetee  = "rejetee"  // refused by the control at deposit; its number is burnt
	StatutReprise  = "reprise"  // rejected, and prepared again under another number
)

// Demande is what the ledger knows of one request. It is read only.
type Demande struct {
	NumeroEditeur string
	Type          segur.TypeDemande
	Rang          int // in its file, from 1
	FINESSGeo     string
	Regime        string
	Montants      Montants
	Extras        []Extra
	Source        Source
	Remplace      string // refused number that it stands for
	RemplaceePar  string // number that stands for it since
	NumeroASP     string // its own; "" = none yet
	NumeroAvance  string // of a balance: numeroASP of its advance
	Code, Libelle string // answer of the agency
	Acceptee      bool   // the returned file says so
	Rejetee       bool   // the returned file says so
	Portail       *StatutPortail
	Depot         *Depot
	avant         *Demande // balance that was claimed before under the same number
}

// Depot is what the ledger knows of one prepared file. It is read only.
type Depot struct {
	Dossier   string
	Type      segur.TypeDemande
	NumeroAns string
	SIRET     string
	Fichier   Fichier
	Zips      []Fichier
	Regles    string
	Importe   bool   // deposited by other means, learnt afterwards
	Date      string // of its preparation
	Demandes  []*Demande
	NomDepot  string          // under which it is deposited; that of Fichier unless another day's was taken
	Envoi     *Envoi          // last answer of a portal; nil = not sent
	ZipsRecus map[string]bool // by SHA-256: received by the portal
	lot       Lot
	place     place
}

// Statut is where the request stands: what the portal told last, or what the
// supplier's side knows.
func (d *Demande) Statut() string {
	switch {
	case d.Rejetee && d.RemplaceePar != "":
		return StatutReprise
	case d.Rejetee:
		return StatutRejetee
	case d.Portail != nil:
		return d.Portail.Statut
	case d.Acceptee || d.NumeroASP != "":
		return StatutAcceptee
	case d.Depot.Envoi != nil && d.Depot.Envoi.Depot != "":
		return StatutEnvoyee
	}
	return StatutPreparee
}

// cleDemande tells an advance from its balance: both have one numeroEditeur.
type cleDemande struct {
	t      segur.TypeDemande
	numero string // by cleNumero
}

// etat is the ledger summed up: it is made again from the entries alone.
type etat struct {
	dernierRang int             // of the last number given
	connus      map[string]bool // used elsewhere
	fichiers    map[string]int  // last file number, by ANS number and day
	depots      []*Depot
	demandes    []*Demande
	parNumero   map[cleDemande]*Demande
	parFichier  map[string]*Depot // by file name
	retours     map[string]bool   // by SHA-256
	attente     []*Depot          // of a lot that is not complete yet
	abandons    int               // lots that were never completed
}

func (s *etat) attribue(numero string) bool {
	cle := cleNumero(numero)
	if n := rangDe(cle); n > 0 && n <= s.dernierRang {
		return true
	}
	return s.connus[cle]
}

// lire applies an entry that was read.
func (s *etat) lire(e *Entree, p place) error {
	v, err := decoder(e)
	if err != nil {
		return err
	}
	return s.appliquer(v, e.Date, p)
}

// decoder reads the data of an entry into the type of its kind. A kind of a
// later version gives nil: what it says cannot be understood, but it must not
// be lost.
func decoder(e *Entree) (v any, err error) {
	switch e.Genre {
	case GenreOuverture:
		v, err = lireDonnees[ouverture](e)
	case GenreNumeros:
		v, err = lireDonnees[numeros](e)
	case GenreFichier:
		v, err = lireDonnees[numeroFichier](e)
	case GenreDepot:
		v, err = lireDonnees[DepotPrepare](e)
	case GenreNom:
		v, err = lireDonnees[nomDepot](e)
	case GenreEnvoi:
		v, err = lireDonnees[Envoi](e)
	case GenrePieces:
		v, err = lireDonnees[EnvoiPieces](e)
	case GenreRetour:
		v, err = lireDonnees[Retour](e)
	case GenreStatuts:
		v, err = lireDonnees[statuts](e)
	case GenreReparation:
		v, err = lireDonnees[reparation](e)
	}
	if err != nil {
		return nil, fmt.Errorf("les données de l’entrée « %s » ne se lisent pas : %w", e.Genre, err)
	}
	return v, nil
}

// appliquer adds what one entry says.
func (s *etat) appliquer(donnees any, date string, p place) error {
	if d, ok := donnees.(DepotPrepare); ok {
		donnees = resumer(&d)
	}
	if d, ok := donnees.(*Depot); ok {
		d.Date, d.place = date, p
		s.depot(d)
		return nil
	}
	if len(s.attente) > 0 { // its program was killed between two files
		s.attente = nil
		s.abandons++
	}
	switch v := donnees.(type) {
	case ouverture:
		if v.Format != formatRegistre {
			return fmt.Errorf("ce registre est de forme « %s » ; cette version de segur lit « %s »", segur.Visible(v.Format, 40), formatRegistre)
		}
	case numeros:
		return s.numeros(&v)
	case numeroFichier:
		cle := v.NumeroAns + " " + v.Jour
		if s.fichiers == nil {
			s.fichiers = map[string]int{}
		}
		s.fichiers[cle] = max(s.fichiers[cle], v.Numero)
	case nomDepot:
		if d := s.parFichier[v.Fichier]; d != nil {
			d.NomDepot = v.Nom
			s.parFichier[v.Nom] = d
		}
	case Envoi:
		if d := s.parFichier[v.Fichier]; d != nil {
			d.Envoi = &v
		}
	case EnvoiPieces:
		s.pieces(&v)
	case Retour:
		s.retour(&v)
	case statuts:
		s.statuts(&v)
	}
	return nil
}

func (s *etat) numeros(v *numeros) error {
	for _, p := range v.Plages {
		deb, fin := rangDe(p[0]), rangDe(p[1])
		if deb == 0 || fin < deb {
			return fmt.Errorf("plage de numéros illisible : %s à %s", segur.Visible(p[0], 10), segur.Visible(p[1], 10))
		}
		s.dernierRang = max(s.dernierRang, fin)
	}
	if s.connus == nil {
		s.connus = map[string]bool{}
	}
	for _, n := range v.Connus {
		s.connus[cleNumero(n)] = true
	}
	return nil
}

// resumer is what the ledger holds in memory of a deposit.
func resumer(v *DepotPrepare) *Depot {
	d := &Depot{
		Dossier: v.Dossier, Type: v.Type, NumeroAns: v.NumeroAns, SIRET: v.SIRET, Fichier: v.Fichier, Zips: v.Zips,
		NomDepot: v.Fichier.Nom, Regles: v.Regles, Importe: v.Importe, ZipsRecus: map[string]bool{}, lot: v.Lot,
	}
	d.Demandes = make([]*Demande, len(v.Demandes))
	toutes := make([]Demande, len(v.Demandes)) // at once: there are many
	for i := range v.Demandes {
		p := &v.Demandes[i]
		toutes[i] = Demande{
			NumeroEditeur: p.NumeroEditeur, Type: v.Type, Rang: i + 1, FINESSGeo: p.FINESSGeo, Regime: p.Regime,
			Montants: p.Montants, Extras: p.Extras, Source: p.Source, Remplace: p.Remplace, NumeroAvance: p.NumeroASP, Depot: d,
		}
		d.Demandes[i] = &toutes[i]
	}
	return d
}

// depot keeps a deposit once its lot is complete.
func (s *etat) depot(d *Depot) {
	if d.lot.Rang != len(s.attente)+1 || len(s.attente) > 0 && d.lot.Rang == 1 {
		s.attente = nil
		s.abandons++
	}
	if s.attente = append(s.attente, d); d.lot.Rang < d.lot.Sur {
		return
	}
	for _, d := range s.attente {
		s.inscrire(d)
	}
	s.attente = nil
}

func (s *etat) inscrire(d *Depot) {
	if s.parNumero == nil {
		s.parNumero, s.parFichier = map[cleDemande]*Demande{}, map[string]*Depot{}
	}
	s.depots = append(s.depots, d)
	s.parFichier[d.Fichier.Nom] = d
	for _, q := range d.Demandes {
		s.demandes = append(s.demandes, q)
		if q.Remplace != "" {
			if ancienne := s.parNumero[cleDemande{q.Type, cleNumero(q.Remplace)}]; ancienne != nil {
				ancienne.RemplaceePar = q.NumeroEditeur
			}
		}
		cle := cleDemande{q.Type, cleNumero(q.NumeroEditeur)}
		q.avant, s.parNumero[cle] = s.parNumero[cle], q
	}
}

// soldeRefuse tells a balance that was rejected at deposit or cancelled: it
// keeps its advance's number when it is claimed again.
func (s *etat) soldeRefuse(cle cleDemande) bool {
	d := s.parNumero[cle]
	return d != nil && d.Type == segur.Solde && (d.Statut() == StatutRejetee || d.Statut() == "annulee")
}

func (s *etat) pieces(v *EnvoiPieces) {
	i := slices.IndexFunc(s.depots, func(d *Depot) bool { return d.Envoi != nil && d.Envoi.Depot == v.Depot })
	if i >= 0 {
		s.depots[i].ZipsRecus[v.SHA256] = true
	}
}

func (s *etat) retour(v *Retour) {
	if s.retours == nil {
		s.retours = map[string]bool{}
	}
	s.retours[v.SHA256] = true
	for i := range v.Demandes {
		r := &v.Demandes[i]
		d := s.parNumero[cleDemande{v.Type, cleNumero(r.NumeroEditeur)}]
		if d == nil {
			continue
		}
		d.Code, d.Libelle = r.Code, r.Libelle
		if r.Acceptee {
			d.Acceptee, d.Rejetee = true, false
			if d.Type == segur.Avance {
				d.NumeroASP = r.NumeroASP
			}
		} else if !d.Acceptee && d.NumeroASP == "" { // what was accepted once stays so
			d.Rejetee = true
		}
	}
}

func (s *etat) statuts(v *statuts) {
	for i := range v.Demandes {
		if d, elle := s.celle(&v.Demandes[i]); elle {
			d.Portail, d.NumeroASP = &v.Demandes[i], v.Demandes[i].NumeroASP
		}
	}
}

// celle finds the request of this ledger that a portal speaks of: elle tells
// that it is that one, for its answer has brought the same numeroASP. A number
// proves nothing: another ledger, or another copy of this one, may have used
// it. A balance's own number stands in no returned file, and the portal is the
// first to tell it, of one that was accepted.
func (s *etat) celle(p *StatutPortail) (d *Demande, elle bool) {
	derniere := s.parNumero[cleDemande{p.Type, cleNumero(p.NumeroEditeur)}]
	for d := derniere; d != nil; d = d.avant {
		if d.NumeroASP != "" && d.NumeroASP == p.NumeroASP {
			return d, true
		}
	}
	elle = derniere != nil && derniere.Type == segur.Solde && derniere.Acceptee && derniere.NumeroASP == "" && p.NumeroASP != ""
	return derniere, elle
}
