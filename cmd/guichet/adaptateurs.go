package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/lecteurpdf"
	"guichet.example/internal/virement"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// argumentPDF makes this program its own reader of PDF documents, in a process
// apart.
const argumentPDF = piece.ArgumentLecteurPDF

func servirPDF(args []string) error {
	if s := lecteurpdf.Executer(args); s != statutBon {
		return statut(s)
	}
	return nil
}

func lecteurPDF() (*piece.ProcessusPDF, error) {
	moi, err := os.Executable()
	if err != nil {
		return nil, err
	}
	commande, err := piece.CommandeLecteurPDF(moi)
	if err != nil {
		return nil, err
	}
	return piece.NewProcessusPDF(commande), nil
}

// virementier writes payment files from the agency's account.
type virementier struct {
	nom, iban, bic string
	zone           *time.Location
}

func (v virementier) Fichier(l *guichet.Lot, vs []guichet.Virement, cree time.Time) ([]byte, error) {
	cree = cree.In(v.zone)
	o := virement.Ordre{MsgID: "LOT-" + string(l.ID)[:24], CreeLe: cree, DateExecution: segur.JourDe(cree),
		Donneur: virement.Compte{Nom: v.nom, IBAN: v.iban, BIC: v.bic}}
	for _, x := range vs {
		o.Virements = append(o.Virements, virement.Virement{EndToEndID: string(x.NumeroASP), Montant: x.Montant,
			Beneficiaire: virement.Compte{Nom: x.RaisonSociale, IBAN: x.IBAN, BIC: x.BIC}, Libelle: x.Libelle})
	}
	var b bytes.Buffer
	err := virement.Ecrire(&b, o)
	return b.Bytes(), err
}

// magasinDossier keeps documents in a folder, by their hash.
type magasinDossier struct{ dossier string }

func ouvrirMagasin(_ context.Context, adresse string) (guichet.Magasin, error) {
	u, err := url.Parse(adresse)
	if err != nil || u.Scheme != "file" {
		return nil, usage("GUICHET_PIECES vaut « %s » ; attendu : file:///CHEMIN", adresse)
	}
	return magasinDossier{filepath.FromSlash(u.Path)}, os.MkdirAll(filepath.FromSlash(u.Path), 0o700)
}

func (m magasinDossier) chemin(sha string) string {
	return filepath.Join(m.dossier, sha[:2], sha)
}

func (m magasinDossier) Ecrire(_ context.Context, contenu []byte) (string, error) {
	somme := sha256.Sum256(contenu)
	sha := hex.EncodeToString(somme[:])
	chemin := m.chemin(sha)
	if _, err := os.Stat(chemin); err == nil {
		return sha, nil
	}
	if err := os.MkdirAll(filepath.Dir(chemin), 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(m.dossier, "arrivee-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(contenu)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), chemin)
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return sha, nil
}

func (m magasinDossier) Ouvrir(_ context.Context, sha string) (io.ReadCloser, int64, error) {
	f, err := os.Open(m.chemin(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("%w: %w", guichet.ErrAbsent, err)
	}
	if err != nil {
		return nil, 0, err
	}
	i, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, i.Size(), nil
}
