package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"time"

	"guichet.example/internal/antivirus"
	"guichet.example/internal/appel"
	"guichet.example/internal/courrier"
	"guichet.example/internal/guichet"
)

// equiper gives the business what the settings open to the outside: mail, the
// safe and, with it, webhooks.
func (r reglages) equiper(m *guichet.Monde) error {
	cle, err := lireCle("GUICHET_CLE", r["GUICHET_CLE"])
	if err != nil {
		return err
	}
	if m.CleAncienne, err = lireCle("GUICHET_CLE_ANCIENNE", r["GUICHET_CLE_ANCIENNE"]); err != nil {
		return err
	}
	if m.Cle = cle; cle != nil {
		m.Appelant = appel.Nouveau(appel.Options{Boucle: r.oui("GUICHET_WEBHOOKS_LOCAUX")})
	}
	if err := r.equiperAcces(m); err != nil {
		return err
	}
	if r["GUICHET_CLAMD"] != "" {
		c, err := antivirus.Ouvrir(r["GUICHET_CLAMD"])
		if err != nil {
			return usage("GUICHET_CLAMD : %v", err)
		}
		m.Analyseur = analyseur{c}
	}
	if r["GUICHET_SMTP"] == "" {
		return nil
	}
	if r["GUICHET_ADRESSE"] == "" {
		return usage("GUICHET_ADRESSE manque : les courriels portent des liens vers le portail")
	}
	q, err := courrier.LireReglages(r["GUICHET_SMTP"])
	if err != nil {
		return usage("GUICHET_SMTP : %v", err)
	}
	f, err := courrier.Nouveau(q)
	if err != nil {
		return usage("GUICHET_SMTP : %v", err)
	}
	m.Facteur = facteur{f: f, horloge: m.Horloge, zone: m.Zone, cadre: courrier.Cadre{BacASable: m.BacASable, Portail: "Guichet Ségur", Adresse: strings.TrimSuffix(r["GUICHET_ADRESSE"], "/")}}
	return nil
}

// cleMin is the least that a key file holds, in bytes.
const cleMin = 32

// lireCle reads the key of the safe; nil when none is set. Any file of chance
// will do: its hash is the key.
func lireCle(nom, chemin string) ([]byte, error) {
	if chemin == "" {
		return nil, nil
	}
	texte, err := lireSecret(nom, chemin)
	if err != nil {
		return nil, err
	}
	if len(texte) < cleMin {
		return nil, usage("%s : le fichier contient moins de %d caractères ; créez-le par exemple avec « openssl rand -hex 32 »", nom, cleMin)
	}
	somme := sha256.Sum256([]byte("guichet : clé du coffre\n" + texte))
	return somme[:], nil
}

// analyseur scans documents by clamd.
type analyseur struct{ c *antivirus.Client }

func (a analyseur) Analyser(ctx context.Context, contenu io.Reader) (menace string, err error) {
	v, err := a.c.Analyser(ctx, contenu)
	switch {
	case errors.Is(err, antivirus.ErrTaille):
		return "", errors.Join(guichet.ErrAbandon, err)
	case err == nil && v.Etat == antivirus.Infectee:
		return cmp.Or(v.Signature, "inconnu"), nil
	}
	return "", err
}

// facteur sends the mail of the business by SMTP.
type facteur struct {
	f       *courrier.Facteur
	cadre   courrier.Cadre
	horloge func() time.Time
	zone    *time.Location
}

func (f facteur) Envoyer(ctx context.Context, c guichet.Courrier) error {
	l := courrier.Lettre{Objet: c.Objet, Paragraphes: c.Paragraphes, Bouton: c.Bouton}
	for _, x := range c.Lignes {
		l.Lignes = append(l.Lignes, courrier.Fait{Cle: x.Titre, Valeur: x.Detail})
	}
	if c.Chemin != "" {
		l.URL = f.cadre.Adresse + c.Chemin
	}
	m, err := courrier.Libre(f.cadre, c.A, l)
	if err != nil {
		return errors.Join(guichet.ErrAbandon, err)
	}
	err = f.f.Envoyer(ctx, m, c.ID, f.horloge().In(f.zone))
	if err != nil && courrier.Definitif(err) {
		return errors.Join(guichet.ErrAbandon, err)
	}
	return err
}
