package envoi

import (
	"context"

	"guichet.example/internal/api/client"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// posterSousNomLibre deposits, under another name of the day when the file's is
// refused and Redater is given; n then has that name. p is a refusal at
// control 1, which is no error.
func (x *Expediteur) posterSousNomLibre(ctx context.Context, n *client.NouveauDepot, sha string, connu *registre.Depot) (d *client.Depot, p *client.Probleme, err error) {
	d, err = x.poster(ctx, *n, sha)
	p = refusDepot(err)
	for range nomsEssayes {
		libre := nomLibre(p)
		if p == nil || !x.Redater || connu == nil || libre == 0 && !perime(n.Nom, x.Jour) {
			break
		}
		if n.Nom, err = x.Registre.Redater(connu, x.Jour, libre); err != nil {
			return nil, nil, err
		}
		d, err = x.poster(ctx, *n, sha)
		p = refusDepot(err)
	}
	return d, p, err
}

// refusEnTete says why a file was refused as a whole, with the cure of a name
// that cannot be used.
func (x *Expediteur) refusEnTete(p *client.Probleme, nom string, connu *registre.Depot) []Refus {
	rs := structureDe(p.Rapport)
	switch {
	case len(rs) == 0:
	case perime(nom, x.Jour):
		rs[0].Remede = "Le fichier porte la date d’un autre jour : relancez la même commande avec --redater, il sera déposé sous le nom du jour sans changer de contenu."
	case connu != nil && nomLibre(p) > 0:
		rs[0].Remede = "Ce nom a été pris ce jour par un autre dépôt, que le registre n’a pas fait : relancez la même commande avec --redater, le fichier sera déposé sous le prochain nom libre sans changer de contenu. Ne le renommez pas : le registre le connaît sous ce nom."
	}
	return rs
}

// nomsEssayes bounds how many names are tried for one file: the first may be
// another day's, and the next one taken by who deposits at the same time.
const nomsEssayes = 3

// nomLibre is the file number that a portal proposes when the name of a
// deposit is taken; 0 = it is not refused for that.
func nomLibre(p *client.Probleme) int {
	if p == nil {
		return 0
	}
	for _, r := range structureDe(p.Rapport) {
		if n, err := segur.LireNomFichier(r.Attendu); err == nil && r.Code == segur.CodeFichierPris.String() {
			return n.Numero
		}
	}
	return 0
}

// perime tells a name of another day.
func perime(nom string, jour segur.Jour) bool {
	n, err := segur.LireNomFichier(nom)
	return err == nil && n.Jour != jour
}
