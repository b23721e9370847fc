package guichet

import (
	"errors"
	"slices"
	"strings"

	"guichet.example/segur"
)

// etatPortail judges what only the portal knows of a file: its names and
// numbers against the account, the calendar, the numbers used, the advances
// paid. Nothing is written here.
type etatPortail struct {
	*depot
	tx       Tx
	campagne *Campagne
	avances  map[NumeroASP]*Demande // of a balance: the advances found
	nouveaux map[NumeroASP]bool     // advances that a line of this file claims already
	regles   []ReglesFutures
}

// fichier judges the file as a whole.
func (e *etatPortail) fichier() ([]segur.FaitPortail, error) {
	var faits []segur.FaitPortail
	dire := func(c segur.Code, balise, mot string) {
		faits = append(faits, segur.FaitPortail{Code: c, Balise: balise, Mot: mot})
	}
	f, err := e.tx.Fournisseur(e.a.FournisseurID)
	if err != nil {
		return nil, err
	}
	if siret := e.rapport.Entete("SIRET"); siret != "" && siret != f.Siret {
		dire(segur.CodeSiretEtranger, "SIRET", f.Siret)
	}
	jeu := e.rapport.Jeu()
	couloir, logiciel := jeu.Couloir, jeu.Logiciel
	if numero := e.rapport.Entete("numeroAns"); numero != "" {
		ans, err := e.tx.NumeroAns(numero)
		switch {
		case errors.Is(err, ErrAbsent) || err == nil && (ans.FournisseurID != e.a.FournisseurID || !ans.Admet(e.q.Type)):
			siens, err := e.numeros()
			if err != nil {
				return nil, err
			}
			dire(segur.CodeAnsEtranger, "numeroAns", siens)
		case err != nil:
			return nil, err
		case ans.Couloir != couloir || ans.Logiciel != logiciel:
			dire(segur.CodeAnsCouloir, "numeroAns", ans.Couloir+" / "+ans.Logiciel)
		}
		if numero != e.q.NumeroAns {
			dire(segur.CodeAnsDeclare, "numeroAns", e.q.NumeroAns)
		}
	}
	if err := e.calendrier(couloir, logiciel, dire); err != nil {
		return nil, err
	}
	return faits, e.nom(dire)
}

// numeros lists the ANS numbers that the file may carry, for a sentence.
func (e *etatPortail) numeros() (string, error) {
	ns, err := e.tx.NumerosAns(e.a.FournisseurID)
	if err != nil {
		return "", err
	}
	var ts []string
	for _, n := range ns {
		if e.a.couvre(n.Numero) && n.Admet(e.q.Type) {
			ts = append(ts, n.Numero)
		}
	}
	if len(ts) == 0 {
		return "un numéro ANS enregistré à votre nom", nil
	}
	return strings.Join(ts, " ou "), nil
}

// calendrier finds the campaign of the day.
func (e *etatPortail) calendrier(couloir, logiciel string, dire func(segur.Code, string, string)) error {
	cs, err := e.tx.Campagnes()
	if err != nil {
		return err
	}
	maintenant, mot := e.g.m.Horloge(), "aucune campagne n’est prévue"
	for i := range cs {
		c := &cs[i]
		if c.Couloir != couloir || c.Logiciel != logiciel {
			continue
		}
		if c.Ouverte(maintenant) {
			e.campagne = c
			return nil
		}
		const forme = "02/01/2006 à 15:04"
		mot = "la période va du " + c.Ouverture.In(e.g.m.Zone).Format(forme) + " au " + c.Fermeture.In(e.g.m.Zone).Format(forme)
	}
	dire(segur.CodeFenetre, "", mot)
	return nil
}

// nom judges the number in the file's name; its form and day are control's.
func (e *etatPortail) nom(dire func(segur.Code, string, string)) error {
	n, err := segur.LireNomFichier(e.q.NomFichier)
	if err != nil || n.Jour != e.g.Aujourdhui() {
		return nil
	}
	pris, err := e.tx.FichiersDuJour(n.NumeroAns, n.Jour)
	if err != nil {
		return err
	}
	libre := n
	if !slices.Contains(pris, n.Numero) {
		if libre.Numero = premierLibre(pris, 1); libre.Numero < n.Numero {
			dire(segur.AvertFichierTrou, "", libre.String())
		}
		return nil
	}
	libre.Numero = premierLibre(pris, n.Numero)
	if libre.Numero > 999 {
		libre.Numero = premierLibre(pris, 1)
	}
	if libre.Numero > 999 {
		dire(segur.CodeFichierEpuise, "", "")
		return nil
	}
	dire(segur.CodeFichierPris, "", libre.String())
	return nil
}

// premierLibre is the first number from n on that is not taken; pris ascends.
func premierLibre(pris []int, n int) int {
	for _, p := range pris {
		if p == n {
			n++
		}
	}
	return n
}

// lignes judges each request.
func (e *etatPortail) lignes() ([]segur.FaitPortail, error) {
	if e.q.Type == segur.Solde {
		return e.soldes()
	}
	var numeros []string
	for x := range e.rapport.Demandes() {
		numeros = append(numeros, x.NumeroEditeur())
	}
	brules, err := e.tx.Brules(e.a.FournisseurID, e.q.Type, numeros)
	if err != nil {
		return nil, err
	}
	var faits []segur.FaitPortail
	for x := range e.rapport.Demandes() {
		if brules[strings.ToUpper(x.NumeroEditeur())] {
			faits = append(faits, segur.FaitPortail{Code: segur.CodeNumeroBrule, Rang: x.Rang(), Balise: "numeroEditeur"})
		}
		if ht, ok := x.MontantHT(); ok && e.campagne != nil && ht > e.campagne.Plafond {
			faits = append(faits, segur.FaitPortail{Code: segur.CodePlafond, Rang: x.Rang(), Balise: "commande.montantSegurHT", Mot: e.campagne.Plafond.String()})
		}
	}
	return faits, nil
}

// soldes ties each balance to its advance (D13).
func (e *etatPortail) soldes() ([]segur.FaitPortail, error) {
	e.avances = map[NumeroASP]*Demande{}
	var faits []segur.FaitPortail
	for x := range e.rapport.Demandes() {
		if !x.Acceptee() {
			continue
		}
		f, err := e.solde(x)
		if err != nil {
			return nil, err
		}
		if f.Code != 0 {
			f.Rang = x.Rang()
			faits = append(faits, f)
		}
	}
	return faits, nil
}

func (e *etatPortail) solde(x segur.Demande) (segur.FaitPortail, error) {
	n := NumeroASP(x.Texte("numeroASP"))
	fait := func(c segur.Code, balise, mot string) (segur.FaitPortail, error) {
		return segur.FaitPortail{Code: c, Balise: balise, Mot: mot}, nil
	}
	av, err := e.tx.Demande(n)
	switch {
	case errors.Is(err, ErrAbsent) || err == nil && (av.FournisseurID != e.a.FournisseurID || !e.a.couvre(av.NumeroAns) || av.Type != segur.Avance):
		return fait(segur.CodeAvanceInconnue, "numeroASP", "")
	case err != nil:
		return segur.FaitPortail{}, err
	case av.Statut != Payee:
		return fait(segur.CodeAvanceImpayee, "numeroASP", av.Statut.Libelle())
	case av.NumeroEditeur != x.NumeroEditeur():
		return fait(segur.CodeAvanceAutre, "numeroEditeur", av.NumeroEditeur)
	}
	if autre, err := e.tx.SoldeDe(n); err == nil {
		return fait(segur.CodeSoldeDemande, "numeroASP", string(autre.NumeroASP))
	} else if !errors.Is(err, ErrAbsent) {
		return segur.FaitPortail{}, err
	}
	if e.nouveaux[n] {
		return fait(segur.CodeSoldeDemande, "numeroASP", "d’une autre ligne de ce fichier")
	}
	if e.campagne != nil {
		ht, _ := x.MontantHT()
		k, err := e.campagne.Bareme.Calculer(ht, x.Texte("commande.regimeTVA"))
		if err != nil {
			return segur.FaitPortail{}, err
		}
		if soldeDe(k, av) <= 0 {
			return fait(segur.CodeSoldeNul, "commande.montantSegurHT", k.Base.Francais())
		}
	}
	e.nouveaux[n], e.avances[n] = true, av
	return segur.FaitPortail{}, nil
}
