package web

import (
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// The JSON of a case file: what a reader needs who has no portal.
type (
	dossierJSON struct {
		NumeroASP     string                    `json:"numeroASP"`
		NumeroEditeur string                    `json:"numeroEditeur"`
		Type          segur.TypeDemande         `json:"type"`
		Fournisseur   string                    `json:"fournisseur"`
		Siret         string                    `json:"siret"`
		Statut        guichet.Statut            `json:"statut"`
		Depot         guichet.DepotID           `json:"depot"`
		Lot           guichet.LotID             `json:"lot,omitzero"`
		Champs        map[string]jsontext.Value `json:"champs"`
		Verse         string                    `json:"verse"`
		Verifications map[string]string         `json:"verifications"`
		Historique    []passageJSON             `json:"historique"`
		Controle      *auditJSON                `json:"controle"`
	}
	passageJSON struct {
		Date   string         `json:"date"`
		Acte   guichet.Action `json:"acte"`
		Acteur string         `json:"acteur"`
		Metier string         `json:"metier"`
		Statut guichet.Statut `json:"statut,omitzero"`
		Detail string         `json:"detail,omitzero"`
	}
	auditJSON struct {
		Controle     guichet.ControleID `json:"controle,omitzero"`
		Motif        string             `json:"motif"`
		Conforme     *bool              `json:"conforme"`
		Observations string             `json:"observations"`
		ReponseAvant string             `json:"reponseAvant,omitzero"`
		Reponse      string             `json:"reponse"`
		Classe       string             `json:"classe"`
		Recouvrement string             `json:"recouvrement"`
	}
	controleJSON struct {
		ID         guichet.ControleID `json:"id"`
		Libelle    string             `json:"libelle"`
		Regle      string             `json:"regle"`
		Methode    string             `json:"methode"`
		Fige       string             `json:"fige"`
		FigePar    string             `json:"figePar"`
		Nombre     int                `json:"nombre"`
		Empreinte  string             `json:"empreinte"`
		Graine     string             `json:"graine"`
		Source     string             `json:"source"`
		Tire       string             `json:"tire"`
		TirePar    string             `json:"tirePar"`
		Tires      []string           `json:"tires"`
		Population []string           `json:"population"`
	}
)

func formeDossier(x *guichet.Dossier) dossierJSON {
	d := x.Demande
	f := dossierJSON{NumeroASP: string(d.NumeroASP), NumeroEditeur: d.NumeroEditeur, Type: d.Type, Fournisseur: x.Fournisseur.RaisonSociale, Siret: d.Siret, Statut: d.Statut,
		Depot: d.DepotID, Lot: d.LotID, Champs: map[string]jsontext.Value{}, Verse: d.Montants.Verse.String(), Verifications: d.Verifications}
	for k, t := range d.Champs {
		f.Champs[k] = jsontext.Value(t)
	}
	for _, p := range x.Historique {
		f.Historique = append(f.Historique, passageJSON{guichet.Instant(p.Date), p.Acte, p.Acteur, p.Metier, p.Statut, p.Detail})
	}
	if u := d.Audit; u != nil {
		f.Controle = &auditJSON{Controle: u.Controle, Motif: u.Motif, Conforme: u.Conforme, Observations: u.Observations, Reponse: u.Reponse, Classe: u.Classe, Recouvrement: u.Recouvrement.String()}
		if !u.Avant.Nul() {
			f.Controle.ReponseAvant = u.Avant.ISO()
		}
	}
	return f
}

func formeControle(c *guichet.Controle, raison string) controleJSON {
	f := controleJSON{ID: c.ID, Libelle: c.Libelle, Regle: c.Regle.Texte(raison), Methode: c.Methode, Fige: guichet.Instant(c.Fige), FigePar: c.FigePar, Nombre: c.Nombre, Empreinte: c.Empreinte, Graine: c.Graine, Source: c.Source, TirePar: c.TirePar}
	if !c.Tire.IsZero() {
		f.Tire = guichet.Instant(c.Tire)
	}
	for _, l := range c.Tires() {
		f.Tires = append(f.Tires, string(l.NumeroASP))
	}
	for _, l := range c.Lignes {
		f.Population = append(f.Population, string(l.NumeroASP))
	}
	return f
}
