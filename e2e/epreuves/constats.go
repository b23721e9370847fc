package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// page asks one portal for a page as a browser would, without following where
// it sends.
func page(ctx context.Context, methode, adresse, chemin string, champs url.Values, cookies []*http.Cookie) (int, []*http.Cookie, error) {
	q, err := http.NewRequestWithContext(ctx, methode, "http://"+adresse+chemin, strings.NewReader(champs.Encode()))
	if err != nil {
		return 0, nil, err
	}
	if champs != nil {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q.Header.Set("Origin", "http://"+adresse)
	}
	for _, c := range cookies {
		q.AddCookie(c)
	}
	r, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		return 0, nil, err
	}
	return r.StatusCode, r.Cookies(), r.Body.Close()
}

// sessions looks whether a session opened at one portal is one at all others,
// and ends at all of them.
func (x *endurance) sessions(ctx context.Context) error {
	p := &x.vie.Gens.Fournisseurs[0]
	statut, cookies, err := page(ctx, http.MethodPost, x.portails[0].Adresse, "/connexion", url.Values{"identifiant": {p.Identifiant}, "mot_de_passe": {p.MotDePasse}}, nil)
	if err != nil {
		return err
	}
	ouvertes, texte := true, fmt.Sprintf("connexion : %d", statut)
	for _, q := range x.portails {
		statut, _, err := page(ctx, http.MethodGet, q.Adresse, "/tableau-de-bord", nil, cookies)
		if err != nil {
			return err
		}
		ouvertes = ouvertes && statut == http.StatusOK
		texte += fmt.Sprintf(", %d", statut)
	}
	x.constater("session ouverte sur un portail, connue des autres", ouvertes, texte)
	if _, _, err := page(ctx, http.MethodPost, x.portails[1].Adresse, "/deconnexion", url.Values{}, cookies); err != nil {
		return err
	}
	statut, _, err = page(ctx, http.MethodGet, x.portails[2].Adresse, "/tableau-de-bord", nil, cookies)
	x.constater("session close sur un portail, close sur les autres", statut == http.StatusSeeOther, fmt.Sprint(statut))
	return err
}

// essaisMax is more wrong passwords than any portal bears.
const essaisMax = 14

// essais spreads wrong passwords over the portals: the limit is one for all.
func (x *endurance) essais(ctx context.Context) error {
	var statuts []int
	for i := range essaisMax {
		s, _, err := page(ctx, http.MethodPost, x.portails[i%nbPortails].Adresse, "/connexion", url.Values{"identifiant": {x.vie.Gens.Fournisseurs[1].Identifiant}, "mot_de_passe": {"une phrase qui n’est pas la bonne"}}, nil)
		if err != nil {
			return err
		}
		statuts = append(statuts, s)
	}
	tous := true
	for _, s := range statuts[len(statuts)-nbPortails:] {
		tous = tous && s == http.StatusTooManyRequests
	}
	x.constater("essais de mot de passe comptés par tous ensemble", tous && statuts[0] == http.StatusUnauthorized, fmt.Sprint(statuts))
	return nil
}

// sauvegarde saves the whole while it serves, restores it elsewhere and proves
// the copy as it did the first.
func (x *endurance) sauvegarde(ctx context.Context) error {
	archive := filepath.Join(x.b.Dossier, "sauvegarde.tar")
	if _, err := x.site.Commander(ctx, "sauvegarder", archive); err != nil {
		return err
	}
	_, base, err := x.b.Postgres()
	if err != nil {
		return err
	}
	copie, err := x.b.Site("copie", x.site.Programme, base, "file://"+filepath.Join(x.b.Dossier, "copie", "pieces"))
	if err != nil {
		return err
	}
	if _, err := copie.Commander(ctx, "restaurer", archive); err != nil {
		return err
	}
	p, err := copie.Prouver(ctx, x.vie.Carnet)
	if err != nil {
		return err
	}
	x.constater("sauvegarde prise en service, restaurée, prouvée", p.Bonne() && p.Restes == 0, strings.Join(append(append(p.Perdus, p.Doubles...), p.Ecarts...), " ; "))
	return nil
}

// registre is a register in which the place that files of the bench name, %s, is
// a hospital.
const registre = "finess;etalab;95;2023-07-01\n" +
	"structureet;%s;750000000;OFFICINE FICTIVE;OFFICINE FICTIVE DU BANC;;;;;;;;75;PARIS;75001 PARIS;;;;355;Centre Hospitalier;;;;;;;;;;;;\n"

// finess imports a register by the command: all portals judge by it, none was
// started again.
func (x *endurance) finess(ctx context.Context) error {
	f, _, err := x.vie.Suite.NouveauFichier(&x.vie.Gens.Fournisseurs[0], 1)
	if err != nil {
		return err
	}
	_, apresCle, _ := strings.Cut(string(f.Contenu), `"FINESSGeo": "`)
	numero, _, _ := strings.Cut(apresCle, `"`)
	extrait := filepath.Join(x.b.Dossier, "finess.csv")
	if err := os.WriteFile(extrait, fmt.Appendf(nil, registre, numero), 0o600); err != nil {
		return err
	}
	verdicts := func() (accepte, rejete int, err error) {
		for _, p := range x.portails {
			r, err := http.Post("http://"+p.Adresse+"/api/v1/controles", "application/json", bytes.NewReader(f.Contenu))
			if err != nil {
				return 0, 0, err
			}
			b, err := io.ReadAll(r.Body)
			if err = errors.Join(err, r.Body.Close()); err != nil {
				return 0, 0, err
			}
			if bytes.Contains(b, []byte(`"verdict": "accepte"`)) {
				accepte++
			}
			if bytes.Contains(b, []byte(`"verdict": "rejete"`)) {
				rejete++
			}
		}
		return accepte, rejete, nil
	}
	avant, _, err := verdicts()
	if err != nil {
		return err
	}
	if _, err := x.site.Commander(ctx, "finess", "importer", extrait); err != nil {
		return err
	}
	apres := 0
	for fin := time.Now().Add(2 * time.Minute); apres < nbPortails && time.Now().Before(fin); attendre(ctx, time.Second) {
		if _, apres, err = verdicts(); err != nil {
			return err
		}
	}
	x.constater("registre FINESS importé, pris par tous sans redémarrage", avant == nbPortails && apres == nbPortails, fmt.Sprintf("%d l’acceptaient avant, %d le refusent après", avant, apres))
	return nil
}
