package store

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

func (t *transaction) Suivant(sequence string, n int) (int64, error) {
	var valeur int64
	err := t.un("INSERT INTO sequence (nom, valeur) VALUES (?, ?) ON CONFLICT (nom) DO UPDATE SET valeur = sequence.valeur + excluded.valeur RETURNING valeur", []any{sequence, int64(n)}, &valeur)
	return valeur - int64(n) + 1, err
}

const colonnesDepot = "id, fournisseur_id, compte_id, type, numero_ans, jour, numero, nom_fichier, date, sha256, taille, verdict, acceptees, rejetees, serie"

func (t *transaction) AjouterDepot(d *guichet.Depot, recu, rapport guichet.Comprime, retour []segur.Epissure) error {
	err := t.inserer("depot", colonnesDepot+", rapport", "", [][]any{{string(d.ID), int64(d.FournisseurID), int64(d.CompteID), string(d.Type), d.NumeroAns, jour(d.Nom.Jour), d.Nom.Numero, d.NomFichier,
		instant(d.Date), d.SHA256, d.Taille, string(d.Verdict), d.Acceptees, d.Rejetees, d.Serie, []byte(rapport)}})
	if err != nil {
		return err
	}
	if d.Certificat != nil {
		etat, err := texteJSON(d.Certificat)
		if err == nil {
			err = t.inserer("depot_certificat", "depot_id, etat", "", [][]any{{string(d.ID), etat}})
		}
		if err != nil {
			return err
		}
	}
	return t.inserer("depot_fichier", "depot_id, recu, retour", "", [][]any{{string(d.ID), []byte(recu), t.z.comprimerEpissures(retour)}})
}

// lireDepot scans colonnesDepot, and what stands behind them into plus.
func lireDepot(scan func(...any) error, plus ...any) (d guichet.Depot, err error) {
	var leJour, date string
	dest := []any{&d.ID, &d.FournisseurID, &d.CompteID, &d.Type, &d.NumeroAns, &leJour, &d.Nom.Numero, &d.NomFichier, &date, &d.SHA256, &d.Taille, &d.Verdict, &d.Acceptees, &d.Rejetees, &d.Serie}
	if err := scan(append(dest, plus...)...); err != nil {
		return d, err
	}
	var l lectures
	d.Nom.NumeroAns, d.Nom.Jour, d.Date = d.NumeroAns, l.jour(leJour), l.instant(date)
	return d, l.err
}

func (t *transaction) Depot(id guichet.DepotID) (*guichet.Depot, error) {
	var d guichet.Depot
	err := guichet.ErrAbsent
	errLire := t.tous("SELECT "+colonnesDepot+", rapport FROM depot WHERE id = ?", []any{string(id)}, func(scan func(...any) error) error {
		var rapport []byte
		if d, err = lireDepot(scan, &rapport); err == nil {
			d.Rapport, err = t.z.lire(rapport)
		}
		return err
	})
	if err = errors.Join(errLire, err); err != nil {
		return nil, err
	}
	var etat string
	switch err := t.un("SELECT etat FROM depot_certificat WHERE depot_id = ?", []any{string(id)}, &etat); {
	case errors.Is(err, guichet.ErrAbsent):
		return &d, nil
	case err != nil:
		return nil, err
	}
	var l lectures
	d.Certificat = &guichet.CertificatDepot{}
	l.json(etat, d.Certificat)
	return &d, l.err
}

func (t *transaction) DepotsDe(f guichet.FournisseurID, numerosAns []string, max int) (ds []guichet.Depot, err error) {
	condition, args := appartenance(f, numerosAns)
	err = t.tous("SELECT "+colonnesDepot+" FROM depot"+condition+" ORDER BY date DESC LIMIT ?", append(args, max), func(scan func(...any) error) error {
		d, err := lireDepot(scan)
		ds = append(ds, d)
		return err
	})
	return ds, err
}

func (t *transaction) Retour(id guichet.DepotID) ([]byte, error) {
	var recu, retour []byte
	if err := t.un("SELECT recu, retour FROM depot_fichier WHERE depot_id = ?", []any{string(id)}, &recu, &retour); err != nil {
		return nil, err
	}
	return t.z.lireRetour(recu, retour)
}

func (t *transaction) Origine(id guichet.DepotID) (identifiant, nomFichier string, err error) {
	err = t.un("SELECT c.identifiant, d.nom_fichier FROM depot d JOIN compte c ON c.id = d.compte_id WHERE d.id = ?", []any{string(id)}, &identifiant, &nomFichier)
	return identifiant, nomFichier, err
}

func (t *transaction) FichiersDuJour(numeroAns string, j segur.Jour) ([]int, error) {
	// One text for all: a row for each would cost a deposit more than its check.
	var texte string
	if err := t.un("SELECT COALESCE(STRING_AGG(CAST(numero AS TEXT), ' '), '') FROM depot WHERE numero_ans = ? AND jour = ?", []any{numeroAns, jour(j)}, &texte); err != nil {
		return nil, err
	}
	ns := make([]int, 0, len(texte)/2+1)
	for mot := range strings.FieldsSeq(texte) {
		n, err := strconv.Atoi(mot)
		if err != nil {
			return nil, err
		}
		ns = append(ns, n)
	}
	slices.Sort(ns)
	return ns, nil
}
