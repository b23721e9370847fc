package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"guichet.example/internal/atelier/certificat"
	"guichet.example/internal/blob"
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

// lireCertificat reads the certificates of "segur certifier".
func lireCertificat(octets []byte) ([]guichet.FichierCertifie, string, error) {
	c, err := certificat.Lire(octets)
	if err != nil {
		return nil, "", err
	}
	fs := make([]guichet.FichierCertifie, len(c.Fichiers))
	for i, f := range c.Fichiers {
		fs[i] = guichet.FichierCertifie{SHA256: f.SHA256, EmpreinteRegles: f.Regles.Empreinte, Regles: f.Regles.ID + ", version " + f.Regles.Version}
	}
	return fs, c.Jour, nil
}

// virementier writes payment files from the agency's account.
type virementier struct {
	nom, iban, bic string
	zone           *time.Location
	xsd            string // schema that every file is held against; "" = none
}

func (v virementier) Fichier(l *guichet.Lot, vs []guichet.Virement, cree time.Time) ([]byte, error) {
	cree = cree.In(v.zone)
	o := virement.Ordre{MsgID: l.ID.Ordre(), CreeLe: cree, DateExecution: segur.JourDe(cree),
		Donneur: virement.Compte{Nom: v.nom, IBAN: v.iban, BIC: v.bic}}
	for _, x := range vs {
		o.Virements = append(o.Virements, virement.Virement{EndToEndID: string(x.NumeroASP), Montant: x.Montant,
			Beneficiaire: virement.Compte{Nom: x.RaisonSociale, IBAN: x.IBAN, BIC: x.BIC}, Libelle: x.Libelle})
	}
	var b bytes.Buffer
	if err := virement.Ecrire(&b, o); err != nil {
		return nil, &guichet.Error{Genre: guichet.Conflit, Message: "Le virement ne peut pas être écrit, et le lot n’est pas approuvé : " + segur.Visible(err.Error(), 600) + ".", Cause: err}
	}
	if v.xsd == "" {
		return b.Bytes(), nil
	}
	if err := virement.Valider(context.Background(), b.Bytes(), v.xsd); err != nil {
		return nil, &guichet.Error{Genre: guichet.Conflit, Message: "Le virement n’est pas conforme au schéma de la banque, et le lot n’est pas approuvé : " + segur.Visible(err.Error(), 600) + ".", Cause: err}
	}
	return b.Bytes(), nil
}

// lireReleve reads the bank's files of returns.
func lireReleve(r io.Reader) (*guichet.ReleveBanque, error) {
	x, err := virement.LireRetours(r)
	if err != nil {
		return nil, err
	}
	b := &guichet.ReleveBanque{Format: x.Format, Message: x.Message, Ordre: x.Ordre, Rejet: x.Rejet, Lus: x.Lus}
	for _, y := range x.Retours {
		b.Retours = append(b.Retours, guichet.RetourReleve{EndToEndID: y.EndToEndID, Motif: y.Motif, Detail: y.Detail, Ordre: y.Ordre, Montant: y.Montant})
	}
	return b, nil
}

// magasin gives the business the store of documents that GUICHET_PIECES names.
type magasin struct{ blob.Magasin }

func ouvrirMagasin(ctx context.Context, adresse, temp string) (magasin, error) {
	m, err := blob.Ouvrir(ctx, adresse, temp)
	return magasin{m}, err
}

func (m magasin) Ecrire(ctx context.Context, contenu []byte) (string, error) {
	e, err := m.Magasin.Ecrire(ctx, bytes.NewReader(contenu))
	return e.SHA256, err
}

func (m magasin) Serie() guichet.SerieDocuments { return serie{m.Magasin.Serie()} }

// serie gives the business documents that are waited for once.
type serie struct{ blob.Serie }

func (s serie) Ecrire(ctx context.Context, contenu []byte) (string, error) {
	e, err := s.Serie.Ecrire(ctx, bytes.NewReader(contenu))
	return e.SHA256, err
}

func (m magasin) Ouvrir(ctx context.Context, sha string) (io.ReadCloser, int64, error) {
	c, err := m.Magasin.Ouvrir(ctx, sha)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: %w", guichet.ErrAbsent, err)
	}
	if errors.Is(err, guichet.ErrAbsent) {
		return nil, 0, err
	}
	if err != nil {
		return nil, 0, guichet.Panne(err)
	}
	return c, c.Taille, nil
}
