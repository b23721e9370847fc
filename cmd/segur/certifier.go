//go:build !leger

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"guichet.example/internal/atelier/certificat"
	"guichet.example/internal/rapport"
	"guichet.example/segur"
)

// certifier is the command: it makes a certificate, or verifies one.
func certifier(c *contexte) error {
	jour, err := c.jour()
	if err != nil {
		return err
	}
	zone, err := paris()
	if err != nil {
		return err
	}
	pdf, fermer := c.lecteurPDF()
	defer fermer()
	ctx, arreter := interruptible()
	defer arreter()
	o := certificat.Options{Outil: certificat.Outil{Nom: "segur", Version: version}, Date: c.maintenant.In(zone).Format(time.RFC3339), Jour: jour, PDF: pdf}
	if chemin := c.valeur("verifier"); chemin != "" {
		lu, err := lireCertificat(chemin)
		if err != nil {
			return c.certificatRefuse(chemin, err)
		}
		es, err := certificat.Verifier(ctx, lu, c.args, o)
		if err != nil {
			return err
		}
		return c.direVerification(chemin, lu, es)
	}
	k, err := certificat.Faire(ctx, c.args, o)
	if err != nil {
		return err
	}
	if err := c.ecrireCertificat(k); err != nil {
		return err
	}
	if !k.Bon() {
		c.prevenir("tout n’est pas accepté : le certificat le dit ; voyez « segur controler »")
		return statut(statutRefuse)
	}
	return nil
}

func (c *contexte) ecrireCertificat(k *certificat.Certificat) error {
	b, err := k.JSON()
	if err != nil {
		return err
	}
	if c.valeur("sortie") == "html" {
		return k.EcrireHTML(c.sortie)
	}
	_, err = c.sortie.Write(b)
	return err
}

// certificatMax bounds what is read of a certificate.
const certificatMax = 64 << 20

func lireCertificat(chemin string) (*certificat.Certificat, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, certificatMax+1))
	if err != nil {
		return nil, err
	}
	k, err := certificat.Lire(b)
	if err != nil {
		return nil, certificatFaux{err}
	}
	return k, nil
}

// certificatFaux is a certificate that was read and is none, or was changed.
type certificatFaux struct{ error }

// certificatRefuse tells a refusal from a failure to look.
func (c *contexte) certificatRefuse(chemin string, err error) error {
	var faux certificatFaux
	if !errors.As(err, &faux) {
		return err
	}
	if _, err := fmt.Fprintf(c.sortie, "%s : %v.\n", chemin, faux.error); err != nil {
		return err
	}
	return statut(statutRefuse)
}

func (c *contexte) direVerification(chemin string, k *certificat.Certificat, es []certificat.Ecart) error {
	if len(es) == 0 {
		if c.oui("quiet") {
			return nil
		}
		_, err := fmt.Fprintf(c.sortie, "%s : le certificat est celui de ces fichiers (%s, %s, contrôle au %s) ; le contrôle donne le même résultat.\n", chemin,
			rapport.Compte(len(k.Fichiers), "fichier", "fichiers"), rapport.Compte(len(k.Pieces), "pièce", "pièces"), jourDit(k.Jour))
		return err
	}
	for _, e := range es {
		nom := e.Nom
		if nom == "" {
			nom = chemin
		}
		if _, err := fmt.Fprintf(c.sortie, "%s : %s.\n", nom, e.Message); err != nil {
			return err
		}
	}
	return statut(statutRefuse)
}

// jourDit is a day of a certificate as people write it.
func jourDit(s string) string {
	if j, err := segur.LireJour(s); err == nil {
		return j.String()
	}
	return segur.Visible(s, 20)
}
