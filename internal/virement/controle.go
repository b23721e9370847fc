package virement

import (
	"fmt"
	"strings"

	"guichet.example/segur"
)

// fautesMax bounds the faults that an [Invalide] lists; Nombre counts them all.
const fautesMax = 20

// Invalide is an order that cannot be sent to a bank. Nothing was written.
type Invalide struct {
	Fautes []string // French sentences that say where, what and how to mend it; the first 20
	Nombre int      // of faults
}

// Error is the list, ready to be shown to a comptable.
func (e *Invalide) Error() string {
	s := "ordre de virement refusé : " + strings.Join(e.Fautes, " ; ")
	if n := e.Nombre - len(e.Fautes); n > 0 {
		s += fmt.Sprintf(" ; et %d autre(s)", n)
	}
	return s
}

func (e *Invalide) ajouter(format string, a ...any) {
	if e.Nombre++; len(e.Fautes) < fautesMax {
		e.Fautes = append(e.Fautes, fmt.Sprintf(format, a...))
	}
}

// preparer controls an order and gives it with its texts in the SEPA set. The
// caller's slice is left as it is.
func preparer(o Ordre) (*pret, error) {
	faux := new(Invalide)
	p := &pret{ordre: o, total: o.Total().String(), nombre: nombre(len(o.Virements))}
	if !identifiant(o.MsgID) {
		faux.ajouter("l’identifiant du message « %.40s » doit avoir de 1 à 35 caractères du jeu SEPA", o.MsgID)
	}
	if !o.DateExecution.Valide() {
		faux.ajouter("la date d’exécution %s n’existe pas", o.DateExecution)
	}
	if o.CreeLe.IsZero() {
		faux.ajouter("il manque l’instant de création de l’ordre")
	}
	if n := len(o.Virements); n == 0 || n > VirementsMax {
		faux.ajouter("un ordre compte de 1 à %d virements, et celui-ci %d", VirementsMax, n)
	}
	p.donneur = compte(faux, "le compte payeur", o.Donneur)
	p.ordre.Virements = make([]Virement, len(o.Virements))
	vus := make(map[string]bool, len(o.Virements))
	for i, v := range o.Virements {
		p.ordre.Virements[i] = controler(faux, i, v, vus)
	}
	if faux.Nombre > 0 {
		return nil, faux
	}
	return p, nil
}

func controler(faux *Invalide, i int, v Virement, vus map[string]bool) Virement {
	if !identifiant(v.EndToEndID) {
		faux.ajouter("le virement %d a l’identifiant « %.40s » : attendu 1 à 35 caractères du jeu SEPA", i+1, v.EndToEndID)
	}
	if vus[v.EndToEndID] {
		faux.ajouter("l’identifiant « %.40s » sert deux fois : un paiement serait versé en double", v.EndToEndID)
	}
	vus[v.EndToEndID] = true
	if v.Montant <= 0 || v.Montant > segur.MontantMax {
		faux.ajouter("le virement « %.40s » est de %s : attendu de 0,01 € à %s", v.EndToEndID, v.Montant.Francais(), segur.MontantMax.Francais())
	}
	v.Beneficiaire = compte(faux, fmt.Sprintf("le bénéficiaire du virement « %.40s »", v.EndToEndID), v.Beneficiaire)
	v.Libelle = Translitterer(v.Libelle, libelleMax)
	return v
}

// compte controls an account and gives it as it is written.
func compte(faux *Invalide, qui string, c Compte) Compte {
	nom := Translitterer(c.Nom, nomMax)
	if !strings.ContainsFunc(nom, lettreOuChiffre) {
		faux.ajouter("%s : le nom « %.70s » ne garde aucune lettre dans le jeu de caractères SEPA ; donnez un nom en lettres latines", qui, c.Nom)
	}
	iban, err := LireIBAN(c.IBAN)
	switch {
	case err != nil:
		faux.ajouter("%s : %s", qui, err)
	case !sepa(iban):
		faux.ajouter("%s : le pays « %s » de l’IBAN n’est pas dans la zone SEPA", qui, iban[:2])
	}
	bic := strings.ToUpper(strings.TrimSpace(c.BIC))
	if bic != "" && !BICValide(bic) {
		faux.ajouter("%s : le BIC « %.20s » n’a pas la forme de 8 ou 11 caractères, par exemple ABCDFRPPXXX", qui, c.BIC)
	}
	return Compte{Nom: nom, IBAN: iban, BIC: bic}
}

// identifiant tells whether s may be a reference of the message: the SEPA
// rulebook wants the Latin set, no slash at either end and no double slash.
func identifiant(s string) bool {
	return s != "" && len(s) <= idMax && s == strings.TrimSpace(s) && strings.IndexFunc(s, horsJeu) < 0 &&
		s[0] != '/' && s[len(s)-1] != '/' && !strings.Contains(s, "//")
}
