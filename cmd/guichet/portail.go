package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/store"
	"guichet.example/internal/traces"
	"guichet.example/segur/piece"
)

// portail is everything a serving process holds.
type portail struct {
	env      environnement
	reglages reglages
	trace    *slog.Logger
	base     *store.Base
	magasin  magasin
	guichet  *guichet.Guichet
	pdf      *piece.ProcessusPDF
	temp     string
	registre *registreFiness // nil where nothing is controlled

	mandataires []netip.Prefix  // proxies that are believed
	traceur     *traces.Traceur // nil = no traces
	chiffrement *chiffrement    // nil = the portal does not speak TLS itself
	suspects    *suspects       // what looks like an attack goes to the log
	divulgues   io.Closer       // the file of leaked passwords; nil = none
}

// ouvrir opens the stores and wires the business to them.
func ouvrir(ctx context.Context, env environnement, r reglages, migrer bool) (*portail, error) {
	p := &portail{env: env, reglages: r, trace: nouvelleTrace(env.erreur)}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, err
	}
	p.suspects = &suspects{trace: p.trace, horloge: env.maintenant}
	if t := r["GUICHET_TRACE"]; t != "" && t != "requetes" && t != "erreurs" {
		return nil, usage("GUICHET_TRACE vaut « %s » ; valeurs admises : requetes, erreurs", t)
	}
	if t := r["GUICHET_CONSERVATION"]; t != "" && t != "quotidienne" && t != "manuelle" {
		return nil, usage("GUICHET_CONSERVATION vaut « %s » ; valeurs admises : quotidienne, manuelle", t)
	}
	if p.traceur, err = r.traceur(p.trace); err != nil {
		return nil, err
	}
	if p.mandataires, err = lireReseaux(r.liste("GUICHET_MANDATAIRES")); err != nil {
		return nil, err
	}
	if err := r.exigerChiffre(); err != nil {
		return nil, err
	}
	if p.base, err = store.Ouvrir(ctx, r["GUICHET_BASE"]); err != nil {
		return nil, err
	}
	if migrer {
		if _, err := p.base.Migrer(ctx); err != nil {
			return nil, errors.Join(err, p.base.Fermer())
		}
	}
	if p.temp, err = dossierTemp(r["GUICHET_TEMP"]); err != nil {
		return nil, errors.Join(err, p.base.Fermer())
	}
	if p.magasin, err = ouvrirMagasin(ctx, r["GUICHET_PIECES"], p.temp); err != nil {
		return nil, errors.Join(err, p.base.Fermer())
	}
	if p.pdf, err = lecteurPDF(); err != nil {
		return nil, errors.Join(err, p.magasin.Close(), p.base.Fermer())
	}
	monde := guichet.Monde{
		Base: p.base, Magasin: p.magasin, Virementier: virementier{nom: r["GUICHET_PAYEUR_NOM"], iban: r["GUICHET_PAYEUR_IBAN"], bic: r["GUICHET_PAYEUR_BIC"], zone: zone, xsd: r["GUICHET_VIREMENT_XSD"]},
		PDF: p.pdf, Horloge: env.maintenant, Hasard: rand.Reader, Zone: zone, Version: version, DossierTemp: p.temp, Certificat: lireCertificat, Releves: lireReleve, BacASable: r.oui("GUICHET_BAC_A_SABLE"),
		Signaler: func(m string, err error) { p.trace.Error(m, "cause", err.Error()) },
	}
	if migrer {
		p.registre = &registreFiness{base: p.base}
		monde.Finess = p.registre.enPlace
		if err := p.registre.rafraichir(ctx); err != nil {
			return nil, errors.Join(err, p.fermer())
		}
	}
	monde.Sante, monde.ConservationManuelle = p.sante, r["GUICHET_CONSERVATION"] == "manuelle"
	p.suivre(&monde)
	if monde.Exploitants, err = r.exploitants(); err != nil {
		return nil, errors.Join(err, p.fermer())
	}
	if err := r.equiper(&monde); err != nil {
		return nil, errors.Join(err, p.fermer())
	}
	if chemin := r["GUICHET_MOTS_DIVULGUES"]; chemin != "" {
		if p.divulgues, monde.Divulgues, err = ouvrirDivulgues(chemin); err != nil {
			return nil, errors.Join(err, p.fermer())
		}
	}
	p.guichet, err = guichet.Nouveau(monde)
	return p, err
}

// fermer ends what ouvrir began, stores last.
func (p *portail) fermer() error {
	ctx, annuler := context.WithTimeout(context.Background(), 5*time.Second)
	defer annuler()
	var err error
	if p.divulgues != nil {
		err = p.divulgues.Close()
	}
	return errors.Join(err, p.pdf.Close(), p.magasin.Close(), p.base.Fermer(), p.traceur.Fermer(ctx))
}

// dossierTemp is where uploads wait: of this process alone, emptied of what an
// earlier one left.
func dossierTemp(dossier string) (string, error) {
	if dossier == "" {
		dossier = filepath.Join(os.TempDir(), "guichet")
	}
	if err := os.MkdirAll(dossier, 0o700); err != nil {
		return "", fmt.Errorf("GUICHET_TEMP : %w", err)
	}
	// An upload that a killed process left behind is of no use to anybody;
	// those of the last hour may belong to another process.
	err := filepath.WalkDir(dossier, func(chemin string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasPrefix(e.Name(), "envoi-") {
			return err
		}
		if i, err := e.Info(); err == nil && time.Since(i.ModTime()) > time.Hour {
			return os.Remove(chemin)
		}
		return nil
	})
	return dossier, err
}

// lireReseaux reads the networks of trusted proxies.
func lireReseaux(valeurs []string) (rs []netip.Prefix, err error) {
	for _, t := range valeurs {
		r, err := netip.ParsePrefix(t)
		if err != nil {
			return nil, usage("GUICHET_MANDATAIRES : « %s » n’est pas un réseau, par exemple 10.0.0.0/8", t)
		}
		rs = append(rs, r)
	}
	return rs, nil
}
