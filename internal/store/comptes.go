package store

import (
	"net/netip"
	"strings"
	"time"

	"guichet.example/internal/guichet"
)

const colonnesCompte = "id, identifiant, nom, mot_de_passe, roles, fournisseur_id, actif, cree, mandat"

func lireCompte(scan func(...any) error) (*guichet.Compte, error) {
	var c guichet.Compte
	var roles, cree, mandat string
	var f *int64
	if err := scan(&c.ID, &c.Identifiant, &c.Nom, &c.MotDePasse, &roles, &f, &c.Actif, &cree, &mandat); err != nil {
		return nil, err
	}
	for r := range strings.SplitSeq(roles, ",") {
		c.Roles = append(c.Roles, guichet.Role(r))
	}
	if f != nil {
		c.FournisseurID = guichet.FournisseurID(*f)
	}
	var l lectures
	if c.Cree = l.instant(cree); mandat != "" {
		l.json(mandat, &c.Mandat)
	}
	return &c, l.err
}

func (t *transaction) compte(condition string, v any) (c *guichet.Compte, err error) {
	err = guichet.ErrAbsent
	errLire := t.tous("SELECT "+colonnesCompte+" FROM compte WHERE "+condition, []any{v}, func(scan func(...any) error) (e error) {
		c, e = lireCompte(scan)
		err = e
		return e
	})
	if errLire != nil {
		return nil, errLire
	}
	return c, err
}

func (t *transaction) Compte(id guichet.CompteID) (*guichet.Compte, error) {
	return t.compte("id = ?", int64(id))
}

func (t *transaction) CompteNomme(identifiant string) (*guichet.Compte, error) {
	return t.compte("identifiant = ?", identifiant)
}

func (t *transaction) Comptes(f guichet.FournisseurID) (cs []guichet.Compte, err error) {
	condition, args := "fournisseur_id IS NULL", []any(nil)
	if f != 0 {
		condition, args = "fournisseur_id = ?", []any{int64(f)}
	}
	err = t.tous("SELECT "+colonnesCompte+" FROM compte WHERE "+condition+" ORDER BY identifiant", args, func(scan func(...any) error) error {
		c, err := lireCompte(scan)
		if err == nil {
			cs = append(cs, *c)
		}
		return err
	})
	return cs, err
}

func (t *transaction) PoserCompte(c *guichet.Compte) error {
	var roles []string
	for _, r := range c.Roles {
		roles = append(roles, string(r))
	}
	var f any
	if c.FournisseurID != 0 {
		f = int64(c.FournisseurID)
	}
	mandat := ""
	if c.Mandat != nil {
		var err error
		if mandat, err = texteJSON(c.Mandat); err != nil {
			return err
		}
	}
	args := []any{c.Identifiant, c.Nom, c.MotDePasse, strings.Join(roles, ","), f, c.Actif, instant(c.Cree), mandat}
	return t.poser("compte", "identifiant, nom, mot_de_passe, roles, fournisseur_id, actif, cree, mandat", args, (*int64)(&c.ID))
}

// poser adds a row when its id is 0, and sets it; else it changes the row.
func (t *transaction) poser(table, colonnes string, args []any, id *int64) error {
	noms := strings.Split(colonnes, ", ")
	if *id == 0 {
		err := t.un("INSERT INTO "+table+" ("+colonnes+") VALUES ("+strings.TrimSuffix(strings.Repeat("?,", len(noms)), ",")+") RETURNING id", args, id)
		if doublon(err) {
			return guichet.ErrDoublon
		}
		return err
	}
	_, err := t.executer("UPDATE "+table+" SET "+strings.Join(noms, " = ?, ")+" = ? WHERE id = ?", append(args, *id)...)
	return err
}

const colonnesJeton = "id, compte_id, nom, empreinte, cree, expire, reseaux, usage, revoque, portees"

func lireJeton(scan func(...any) error) (j guichet.Jeton, err error) {
	var cree, expire, reseaux, usage, portees string
	if err := scan(&j.ID, &j.CompteID, &j.Nom, &j.Empreinte, &cree, &expire, &reseaux, &usage, &j.Revoque, &portees); err != nil {
		return j, err
	}
	var l lectures
	j.Cree, j.Expire, j.Usage = l.instant(cree), l.instant(expire), l.instant(usage)
	l.json(reseaux, &j.Reseaux)
	j.Portees = []guichet.Portee{} // none lets nothing through; nil would limit nothing
	for p := range strings.SplitSeq(portees, ",") {
		j.Portees = append(j.Portees, guichet.Portee(p))
	}
	return j, l.err
}

func (t *transaction) JetonDe(empreinte string) (*guichet.Jeton, error) {
	js, err := t.jetons("empreinte = ?", empreinte)
	if err == nil && len(js) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &js[0], nil
}

func (t *transaction) Jetons(c guichet.CompteID) ([]guichet.Jeton, error) {
	return t.jetons("compte_id = ?", int64(c))
}

func (t *transaction) jetons(condition string, v any) (js []guichet.Jeton, err error) {
	err = t.tous("SELECT "+colonnesJeton+" FROM jeton WHERE "+condition+" ORDER BY id DESC", []any{v}, func(scan func(...any) error) error {
		j, err := lireJeton(scan)
		js = append(js, j)
		return err
	})
	return js, err
}

func (t *transaction) PoserJeton(j *guichet.Jeton) error {
	if j.Reseaux == nil {
		j.Reseaux = []netip.Prefix{}
	}
	reseaux, err := texteJSON(j.Reseaux)
	if err != nil {
		return err
	}
	portees := make([]string, len(j.Portees))
	for i, p := range j.Portees {
		portees[i] = string(p)
	}
	args := []any{int64(j.CompteID), j.Nom, j.Empreinte, instant(j.Cree), instant(j.Expire), reseaux, instant(j.Usage), j.Revoque, strings.Join(portees, ",")}
	return t.poser("jeton", "compte_id, nom, empreinte, cree, expire, reseaux, usage, revoque, portees", args, &j.ID)
}

func (t *transaction) Essais(identifiant, reseau string, depuis time.Time) (n int, err error) {
	err = t.un("SELECT COUNT(*) FROM essai WHERE identifiant = ? AND reseau = ? AND quand > ?", []any{identifiant, reseau, instant(depuis)}, &n)
	return n, err
}

func (t *transaction) PoserEssai(identifiant, reseau string, quand time.Time) error {
	return t.inserer("essai", "identifiant, reseau, quand", "", [][]any{{identifiant, reseau, instant(quand)}})
}

func (t *transaction) DernierEssai(identifiant, reseau string) (time.Time, error) {
	var quand string
	if err := t.un("SELECT COALESCE(MAX(quand), '') FROM essai WHERE identifiant = ? AND reseau = ?", []any{identifiant, reseau}, &quand); err != nil {
		return time.Time{}, err
	}
	return lireInstant(quand)
}

func (t *transaction) OterEssais(identifiant, reseau string) error {
	_, err := t.executer("DELETE FROM essai WHERE identifiant = ? AND reseau = ?", identifiant, reseau)
	return err
}
