package store

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"guichet.example/internal/guichet"
)

func (t *transaction) AEffacer(s guichet.Statut, avant time.Time, apres int64, max int) ([]guichet.Demande, error) {
	return t.demandes("statut = ? AND modifie < ? AND serie > ? AND etat NOT LIKE '%\"efface\":%' ORDER BY serie LIMIT ?", string(s), instant(avant), apres, max)
}

func (t *transaction) Caviarder(id guichet.DepotID, recu, retour, rapport []byte) error {
	_, err := t.executer("UPDATE depot_fichier SET recu = ?, retour = ? WHERE depot_id = ?", t.z.comprimer(recu), t.z.comprimer(retour), string(id))
	if err == nil {
		_, err = t.executer("UPDATE depot SET rapport = ? WHERE id = ?", t.z.comprimer(rapport), string(id))
	}
	return err
}

func (t *transaction) ACaviarder(avant time.Time, max int) (ds []guichet.Depot, err error) {
	err = t.tous("SELECT "+colonnesDepot+" FROM depot WHERE rejetees > 0 AND date < ? AND id IN (SELECT depot_id FROM depot_fichier WHERE caviarde = '') ORDER BY date LIMIT ?", []any{instant(avant), max}, func(scan func(...any) error) error {
		d, err := lireDepot(scan)
		ds = append(ds, d)
		return err
	})
	return ds, err
}

func (t *transaction) NoterCaviarde(id guichet.DepotID, quand time.Time) error {
	_, err := t.executer("UPDATE depot_fichier SET caviarde = ? WHERE depot_id = ?", instant(quand), string(id))
	return err
}

// texteEfface stands in place of what people wrote.
const texteEfface = "(effacé)"

func (t *transaction) EffacerTextes(n guichet.NumeroASP, actes []guichet.Action) error {
	serie, ok := n.Serie()
	if !ok {
		return guichet.ErrAbsent
	}
	if _, err := t.executer("UPDATE demande SET carte = '' WHERE serie = ?", serie); err != nil {
		return err
	}
	q, args := parmi(actes)
	for i, a := range actes {
		args[i] = string(a)
	}
	if _, err := t.executer("UPDATE passage SET detail = '"+texteEfface+"' WHERE numero_asp = ? AND detail <> '' AND acte "+q, append([]any{string(n)}, args...)...); err != nil {
		return err
	}
	if _, err := t.executer("UPDATE note SET texte = '"+texteEfface+"', motif = CASE WHEN motif = '' THEN '' ELSE '"+texteEfface+"' END WHERE numero_asp = ?", string(n)); err != nil {
		return err
	}
	ls, err := t.Lettres(n)
	if err != nil {
		return err
	}
	for i := range ls {
		c := &ls[i].Charge
		if c.Message == "" && c.Motif == "" {
			continue
		}
		for _, s := range []*string{&c.Message, &c.Motif} {
			if *s != "" {
				*s = texteEfface
			}
		}
		charge, err := texteJSON(c)
		if err == nil {
			_, err = t.executer("UPDATE lettre SET charge = ? WHERE id = ?", charge, ls[i].ID)
		}
		if err != nil {
			return err
		}
	}
	_, err = t.executer("UPDATE journal SET clair = '{}' WHERE objet = ?", string(n))
	return err
}

// avecAdresse tells the rows whose address is still there: the spelling of
// [guichet.Clair] begins with it.
const avecAdresse = `clair LIKE '{"adresse":%'`

func (t *transaction) DerniereAvant(instant string) (n int64, err error) {
	err = t.un("SELECT COALESCE(MAX(numero), 0) FROM journal WHERE date < ? AND "+avecAdresse, []any{instant}, &n)
	return n, err
}

// parAdresses is how many rows of the journal one statement reads.
const parAdresses = 1000

func (t *transaction) EffacerAdresses(jusqua int64) (total int, err error) {
	type ligne struct {
		numero int64
		clair  string
	}
	for {
		var ls []ligne
		if err := t.tous("SELECT numero, clair FROM journal WHERE numero <= ? AND "+avecAdresse+" ORDER BY numero LIMIT ?", []any{jusqua, parAdresses}, func(scan func(...any) error) error {
			var l ligne
			err := scan(&l.numero, &l.clair)
			ls = append(ls, l)
			return err
		}); err != nil || len(ls) == 0 {
			return total, err
		}
		for _, l := range ls {
			var c guichet.Clair
			if err := json.Unmarshal([]byte(l.clair), &c); err != nil {
				return total, err
			}
			c.Adresse = nil
			if _, err := t.executer("UPDATE journal SET clair = ? WHERE numero = ?", c.Texte(), l.numero); err != nil {
				return total, err
			}
			total++
		}
	}
}

func (t *transaction) EffacerPieces(n guichet.NumeroASP) error {
	_, err := t.executer("UPDATE piece SET antivirus = '"+guichet.PieceEffacee+"' WHERE numero_asp = ? AND antivirus <> '"+guichet.PieceDetruite+"'", string(n))
	return err
}

func (t *transaction) ADetruire(max int) (hs []string, err error) {
	const q = `SELECT DISTINCT sha256 FROM piece WHERE antivirus = '` + guichet.PieceEffacee + `' AND sha256 <> ''
		AND sha256 NOT IN (SELECT sha256 FROM piece WHERE antivirus NOT IN ('` + guichet.PieceEffacee + `', '` + guichet.PieceDetruite + `')) ORDER BY sha256 LIMIT ?`
	err = t.tous(q, []any{max}, func(scan func(...any) error) error {
		var h string
		err := scan(&h)
		hs = append(hs, h)
		return err
	})
	return hs, err
}

func (t *transaction) NoterDetruite(sha256 string) error {
	_, err := t.executer("UPDATE piece SET antivirus = '"+guichet.PieceDetruite+"' WHERE sha256 = ? AND antivirus = '"+guichet.PieceEffacee+"'", sha256)
	return err
}

func (t *transaction) ClesAvant(avant time.Time) (n int, err error) {
	err = t.un("SELECT COUNT(*) FROM cle WHERE cree < ?", []any{instant(avant)}, &n)
	return n, err
}

func (t *transaction) OterClesAvant(avant time.Time) error {
	_, err := t.executer("DELETE FROM cle WHERE cree < ?", instant(avant))
	return err
}

func (t *transaction) EnrolementsClos(avant time.Time, max int) (es []guichet.Enrolement, err error) {
	for _, s := range []guichet.StatutEnrolement{guichet.EnrolementAccepte, guichet.EnrolementRefuse} {
		tous, err2 := t.Enrolements(s, max)
		err = errors.Join(err, err2)
		for i := range tous {
			if tous[i].Modifie.Before(avant) && len(tous[i].Documents) > 0 {
				es = append(es, tous[i])
			}
		}
	}
	return es, err
}

func (t *transaction) Lectures(f guichet.FiltreLecture) ([]guichet.Entree, error) {
	actes := guichet.ActesLecture()
	noms := make([]string, len(actes))
	for i, a := range actes {
		noms[i] = string(a)
	}
	q, args := parmi(noms)
	cs := []string{"acte " + q, "resultat = 'fait'"}
	et := func(c string, v any) { cs, args = append(cs, c), append(args, v) }
	if f.Acteur != "" {
		et("acteur = ?", f.Acteur)
	}
	if f.Objet != "" {
		et("objet = ?", f.Objet)
	}
	if f.Depuis != "" {
		et("date >= ?", f.Depuis)
	}
	if f.Avant > 0 {
		et("numero < ?", f.Avant)
	}
	return t.entrees("WHERE "+strings.Join(cs, " AND ")+" ORDER BY numero DESC LIMIT ?", append(args, f.Max)...)
}
