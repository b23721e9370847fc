package main

import (
	"errors"
	"io"
	"os"
	"strings"

	"guichet.example/internal/cle"
	"guichet.example/internal/guichet"
	"guichet.example/internal/identite"
)

// equiperAcces gives the business the ways of signing in that rest on the
// portal's public address: passkeys, and the identity provider.
func (r reglages) equiperAcces(m *guichet.Monde) error {
	switch s := r["GUICHET_SECOND_FACTEUR"]; s {
	case "", "libre":
	case "agents", "tous":
		m.Second = guichet.ExigenceSecond(s)
	default:
		return usage("GUICHET_SECOND_FACTEUR vaut « %s » ; valeurs admises : agents, tous, libre", s)
	}
	adresse := strings.TrimSuffix(r["GUICHET_ADRESSE"], "/")
	c, err := cle.Ouvrir(adresse, "Guichet Ségur")
	if err != nil && !errors.Is(err, cle.ErrSansCles) {
		return usage("GUICHET_ADRESSE : %v", err)
	}
	if c != nil {
		m.Cles = c
	}
	if r["GUICHET_OIDC_EMETTEUR"] == "" {
		return nil
	}
	q := identite.Reglages{Emetteur: r["GUICHET_OIDC_EMETTEUR"], Client: r["GUICHET_OIDC_CLIENT"], Secret: r["GUICHET_OIDC_SECRET"], Nom: r["GUICHET_OIDC_NOM"], Portail: adresse, Horloge: m.Horloge}
	for p := range strings.SplitSeq(r["GUICHET_OIDC_PUBLIC"], ",") {
		switch strings.TrimSpace(p) {
		case "agents":
			q.Agents = true
		case "fournisseurs":
			q.Fournisseurs = true
		default:
			return usage("GUICHET_OIDC_PUBLIC : « %s » n’est pas admis ; attendu : agents, fournisseurs ou les deux", p)
		}
	}
	f, err := identite.Nouveau(q)
	if err != nil {
		return usage("GUICHET_OIDC_… : %v", err)
	}
	m.Identites = f
	return nil
}

// ouvrirDivulgues opens the operator's list of leaked passwords.
func ouvrirDivulgues(chemin string) (io.Closer, *guichet.Divulgues, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, nil, usage("GUICHET_MOTS_DIVULGUES : %v", err)
	}
	i, err := f.Stat()
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	d, err := guichet.NouveauxDivulgues(f, i.Size())
	if err != nil {
		return nil, nil, errors.Join(usage("GUICHET_MOTS_DIVULGUES : %s : %v", chemin, err), f.Close())
	}
	return f, d, nil
}
