package contrat

import (
	"net/url"
	"testing"
)

// tranche is the one tranche that every demo has: 708.33 HT.
const tranche = "B"

// cheminDemande is the address of a request.
func cheminDemande(asp string) string { return "/api/v1/demandes/" + url.PathEscape(asp) }

// agir does an act on a request.
func (c *client) agir(t testing.TB, asp string, acte any, entetes ...string) reponse {
	t.Helper()
	return c.appeler(t, "POST", cheminDemande(asp)+"/actes", acte, entetes...)
}

// faire is agir that must succeed; it gives the request after the act.
func (c *client) faire(t testing.TB, asp string, acte objet) demande {
	t.Helper()
	r := c.agir(t, asp, acte)
	if r.statut != 200 {
		t.Fatalf("%s avec %v : reçu %d, attendu 200 : %s", r.quoi, acte, r.statut, r.extrait())
	}
	return lire[demande](t, r)
}

// voir reads one request.
func (c *client) voir(t testing.TB, asp string) demande {
	t.Helper()
	return lire[demande](t, c.appeler(t, "GET", cheminDemande(asp), nil).exige(t, "lire une demande", 200))
}

// mettrePiece sends one piece of a request.
func (c *client) mettrePiece(t testing.TB, asp, nom string, octets []byte) reponse {
	t.Helper()
	return c.appeler(t, "PUT", cheminDemande(asp)+"/pieces/"+url.PathEscape(nom), octets, "Content-Type", "application/octet-stream")
}

// verser sends a zip to a deposit.
func (c *client) verser(t testing.TB, depot string, octets []byte) reponse {
	t.Helper()
	return c.appeler(t, "PUT", "/api/v1/depots/"+depot+"/pieces", octets, "Content-Type", "application/zip")
}

// enEtat gives requests that stand in a status, made by the shortest way; the
// line is its first.
func (d *demo) enEtat(t testing.TB, statut string, lignes ...ligne) []string {
	t.Helper()
	f := d.fournisseur(0)
	if len(lignes) == 0 {
		lignes = []ligne{{}}
	}
	lignes = f.garnir(lignes...)
	dep := f.deposer(t, lignes)
	if len(dep.Demandes) != len(lignes) {
		t.Fatalf("%d demandes acceptées sur %d : %+v", len(dep.Demandes), len(lignes), dep.Rapport.Demandes)
	}
	var asps, noms []string
	for i, dem := range dep.Demandes {
		asps = append(asps, dem.NumeroASP)
		noms = append(noms, lignes[i].pieces()...)
	}
	if statut == "incomplete" {
		return asps
	}
	r := f.verser(t, dep.ID, zipPieces(noms...)).exige(t, "verser les pièces", 200)
	if c := lire[couverture](t, r); !c.Complete {
		t.Fatalf("pièces toutes versées, couverture %s", r.extrait())
	}
	d.pousser(t, statut, asps)
	return asps
}

// pousser brings requests from deposee to a status.
func (d *demo) pousser(t testing.TB, statut string, asps []string) {
	t.Helper()
	for _, asp := range asps {
		d.avancer(t, statut, asp)
	}
	switch statut {
	case "mise_en_paiement", "payee", "paiement_rejete":
		id := d.lotApprouve(t, asps)
		switch statut {
		case "payee":
			d.agirLot(t, d.agent(t, "comptable", 1), id, objet{"acte": "regler", "date": aujourdhui().ISO()}).exige(t, "régler", 200)
		case "paiement_rejete":
			var retours []objet
			for _, asp := range asps {
				retours = append(retours, objet{"numeroASP": asp, "motif": "AC04"})
			}
			d.agirLot(t, d.agent(t, "comptable", 1), id, objet{"acte": "retourner", "retours": retours}).exige(t, "retourner", 200)
		}
	}
	for _, asp := range asps {
		if vu := d.fournisseur(0).voir(t, asp).Statut; vu != statut && statut != "refus_propose" {
			t.Fatalf("%s : statut %s, attendu %s", asp, vu, statut)
		}
	}
}

func (d *demo) avancer(t testing.TB, statut, asp string) {
	t.Helper()
	instructeur := d.agent(t, "instructeur")
	switch statut {
	case "deposee":
		return
	case "annulee":
		d.fournisseur(0).faire(t, asp, objet{"acte": "annuler"})
		return
	}
	instructeur.faire(t, asp, objet{"acte": "prendre"})
	switch statut {
	case "en_instruction":
	case "a_modifier":
		instructeur.faire(t, asp, d.demandeModification(t))
	case "refus_propose":
		instructeur.faire(t, asp, objet{"acte": "proposer_refus", "motifs": []string{d.motif(t, "proposer_refus")}})
	case "validee":
		instructeur.faire(t, asp, d.validation(t, asp))
	default:
		instructeur.faire(t, asp, d.validation(t, asp))
		decision := objet{"acte": "decider", "sens": "attribution"}
		if statut == "refusee" {
			decision = objet{"acte": "decider", "sens": "refus", "motifs": []string{d.motif(t, "decider")}}
		}
		d.agent(t, "decideur").faire(t, asp, decision)
	}
}

// validation answers every check of a request with yes.
func (d *demo) validation(t testing.TB, asp string) objet {
	t.Helper()
	verifications := objet{}
	for _, v := range d.agent(t, "instructeur").voir(t, asp).Verifications {
		verifications[v.Code] = "oui"
	}
	return objet{"acte": "valider", "tranche": tranche, "verifications": verifications}
}

func (d *demo) demandeModification(t testing.TB) objet {
	t.Helper()
	echeance := jourDans(15)
	return objet{"acte": "demander_modification", "motifs": []string{d.motif(t, "demander_modification")},
		"cibles": []string{"beneficiaire.nomResponsable", "commande", "piecesJustificatives"}, "echeance": echeance, "message": "Merci de revoir ces points."}
}

// motif is a coded reason that an act takes.
func (d *demo) motif(t testing.TB, acte string) string {
	t.Helper()
	for _, m := range d.motifs(t, d.fournisseur(0)) {
		for _, a := range m.Actes {
			if a == acte {
				return m.Code
			}
		}
	}
	t.Fatalf("GET /motifs ne donne aucun motif pour %s", acte)
	return ""
}

type motif struct {
	Code, Libelle string
	Actes         []string
}

func (d *demo) motifs(t testing.TB, c *client) []motif {
	t.Helper()
	r := c.appeler(t, "GET", "/api/v1/motifs", nil).exige(t, "GET /motifs, tout compte", 200)
	return lire[struct{ Motifs []motif }](t, r).Motifs
}

// preparerLot prepares a batch with the first comptable.
func (d *demo) preparerLot(t testing.TB, asps []string) lot {
	t.Helper()
	r := d.agent(t, "comptable").appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": asps})
	return lire[lot](t, r.exige(t, "préparer un lot", 201))
}

// agirLot does an act on a batch.
func (d *demo) agirLot(t testing.TB, c *client, id string, acte any) reponse {
	t.Helper()
	return c.appeler(t, "POST", "/api/v1/lots-paiement/"+url.PathEscape(id)+"/actes", acte)
}

// lotApprouve prepares a batch with one comptable and approves it with the other.
func (d *demo) lotApprouve(t testing.TB, asps []string) string {
	t.Helper()
	l := d.preparerLot(t, asps)
	d.agirLot(t, d.agent(t, "comptable", 1), l.ID, objet{"acte": "approuver"}).exige(t, "approuver", 200)
	return l.ID
}
