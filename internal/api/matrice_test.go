package api_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// colonne is a caller of the matrix.
type colonne struct{ titre, compte string }

func colonnes() []colonne {
	return []colonne{
		{"anonyme", ""}, {"gestionnaire", "a.gestionnaire"}, {"déposant", "a.deposant"}, {"lecteur", "a.lecteur"}, {"autre fournisseur", "b.gestionnaire"}, {"tiers d’un autre numéro", tiers},
		{"instructeur", "instructeur2"}, {"décideur", "decideur"}, {"comptable", "comptable2"}, {"contrôleur", "controleur"}, {"auditeur", "auditeur"}, {"administrateur", "administrateur"},
	}
}

// tiers files for supplier "a" under a number that no object of the matrix has:
// it is told as little as another supplier is.
const tiers = "a.tiers"

// inviterTiers gives the portal that third party, with a token.
func (p *portail) inviterTiers() {
	p.t.Helper()
	secret, _, err := p.Guichet.CreerJeton(p.t.Context(), p.Mandater(p.t, tiers, "AUTRE00001"), guichet.NouveauJeton{Nom: "essai"})
	if err != nil {
		p.t.Fatal(err)
	}
	p.jetons[tiers] = secret
	p.appeler(appel{qui: tiers, methode: "GET", chemin: "/motifs"}) // its first use is noted
	p.entrees()
}

// ligne is a row of the matrix: a call that passes for whoever has the right.
// avant makes one object a caller, each with its name {x}.
type ligne struct {
	methode, chemin, corps string // {x} is the object
	titre                  string // what the row is called; "" = methode and chemin
	avant                  func(p *portail, n int) []string
	forme                  func(p *portail, x string) (corps, genre string) // instead of corps
}

// dans brings n requests to a status.
func dans(s guichet.Statut, plus ...fait) func(*portail, int) []string {
	return func(p *portail, n int) (xs []string) {
		for _, x := range p.Amener(p.t, s, n) {
			for _, f := range plus {
				p.Agir(p.t, f.qui, x, f.q)
			}
			xs = append(xs, string(x))
		}
		return xs
	}
}

type fait struct {
	qui string
	q   guichet.ActeDemande
}

// lots makes n batches of one request.
func lots(s guichet.StatutLot) func(*portail, int) []string {
	return func(p *portail, n int) (xs []string) {
		for _, x := range p.Amener(p.t, guichet.Decidee, n) {
			xs = append(xs, string(p.Lot(p.t, s, x).ID))
		}
		return xs
	}
}

// sourd takes every https address and answers well.
type sourd struct{}

func (sourd) Poster(context.Context, string, map[string]string, []byte) (int, error) { return 200, nil }

func (sourd) Permise(adresse string) error {
	if strings.HasPrefix(adresse, "https://") {
		return nil
	}
	return errors.New("not https")
}

// abonnements makes one webhook, and names it n times.
func abonnements(p *portail, n int) []string {
	_, b, err := p.Guichet.CreerAbonnement(p.t.Context(), p.Acteur("a.gestionnaire"), "https://a.example/"+strconv.Itoa(p.crochets))
	if p.crochets++; err != nil {
		p.t.Fatal(err)
	}
	return slices.Repeat([]string{strconv.FormatInt(int64(b.ID), 10)}, n)
}

// zipDEssai is an archive of one document that nobody expects.
func zipDEssai(t testing.TB) string {
	t.Helper()
	return archive(t, "inattendue.pdf", "%PDF-1.7")
}

// envois announces n archives, and sends them when entiers; those of earlier
// rows make room.
func envois(entiers bool) func(*portail, int) []string {
	return func(p *portail, n int) (xs []string) {
		a, ctx, zip := p.Acteur("a.gestionnaire"), p.t.Context(), zipDEssai(p.t)
		var vieux []guichet.Televersement
		err := p.Base.Lire(ctx, func(tx guichet.Tx) (err error) {
			vieux, err = tx.Televersements(a.FournisseurID)
			return err
		})
		for _, v := range vieux {
			err = errors.Join(err, p.Guichet.AbandonnerTeleversement(ctx, a, v.ID))
		}
		d := p.Deposer(p.t, "a.gestionnaire", 1).Depot.ID
		for range n {
			v, err2 := p.Guichet.CommencerTeleversement(ctx, a, d, guichet.NouveauTeleversement{Nom: "pieces.zip", Taille: int64(len(zip))})
			if err = errors.Join(err, err2); err != nil {
				p.t.Fatal(err)
			}
			if entiers {
				_, err = p.Guichet.RecevoirTranche(ctx, a, v.ID, 0, strings.NewReader(zip), nil)
			}
			xs = append(xs, string(v.ID))
		}
		if err != nil {
			p.t.Fatal(err)
		}
		return xs
	}
}

// creances makes n claims to be paid back.
func creances(p *portail, n int) (xs []string) {
	non := false
	recouvre := fait{"controleur", guichet.ActeDemande{Action: guichet.Recouvrer, Montant: "10.00", Motif: "Essai"}}
	ns := dans(guichet.Payee, fait{"controleur", guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Essai"}},
		fait{"controleur", guichet.ActeDemande{Action: guichet.Constater, Conforme: &non}}, recouvre)(p, n)
	for _, x := range ns {
		cs, err := p.Guichet.Creances(p.t.Context(), p.Acteur("auditeur"), guichet.FiltreCreance{NumeroASP: guichet.NumeroASP(x)})
		if err != nil || len(cs) != 1 {
			p.t.Fatal(err, cs)
		}
		xs = append(xs, fmt.Sprint(cs[0].ID))
	}
	return xs
}

func depots(p *portail, n int) (xs []string) {
	for range n {
		xs = append(xs, string(p.Deposer(p.t, "a.gestionnaire", 1).Depot.ID))
	}
	return xs
}

func lignes() []ligne {
	non := false
	ouvert := fait{"controleur", guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Essai"}}
	constate := fait{"controleur", guichet.ActeDemande{Action: guichet.Constater, Conforme: &non}}
	acte := func(corps string, avant func(*portail, int) []string) ligne {
		return ligne{"POST", "/demandes/{x}/actes", corps, "", avant, nil}
	}
	lot := func(corps string, s guichet.StatutLot) ligne {
		return ligne{"POST", "/lots-paiement/{x}/actes", corps, "", lots(s), nil}
	}
	deposer := func(p *portail, _ string) (string, string) {
		f := guichettest.Fournisseurs()[0]
		return formulaire(p.NomFichier(f), [2]string{"fichier", string(guichettest.FichierAvance(f, p.Numeros(1)...))}, [2]string{"type", "avance"}, [2]string{"numeroAns", f.Ans})
	}
	return []ligne{
		{"POST", "/controles", "{}", "", nil, nil},
		{"GET", "/regles", "", "", nil, nil},
		{"POST", "/depots", "", "", nil, deposer},
		{"GET", "/depots/{x}", "", "", depots, nil},
		{"GET", "/depots/{x}/retour", "", "", depots, nil},
		{"PUT", "/depots/{x}/pieces", "", "", depots, func(p *portail, _ string) (string, string) {
			return archive(p.t, "inattendue.pdf", "%PDF-1.7"), "application/zip"
		}},
		{"POST", "/depots/{x}/envois", "", "", depots, nil},
		{"GET", "/depots/{x}/envois", "", "", depots, nil},
		{"GET", "/envois/{x}", "", "", envois(false), nil},
		{"PATCH", "/envois/{x}", "", "", envois(false), func(p *portail, _ string) (string, string) { return zipDEssai(p.t), "" }},
		{"POST", "/envois/{x}/fin", "", "", envois(true), nil},
		{"DELETE", "/envois/{x}", "", "", envois(true), nil},
		{"PUT", "/demandes/{x}/pieces/{nom}", "%PDF-1.7", "PUT /demandes/{x}/pieces/{nom}", dans(guichet.Incomplete), nil},
		{"GET", "/demandes", "", "", nil, nil},
		{"GET", "/demandes/{x}", "", "", dans(guichet.Incomplete), nil},
		acte(`{"acte": "prendre"}`, dans(guichet.Deposee)),
		acte(`{"acte": "valider", "tranche": "B", "verifications": `+toutes+`}`, dans(guichet.EnInstruction)),
		acte(`{"acte": "demander_modification", "motifs": ["piece_illisible"], "cibles": ["piecesJustificatives"], "echeance": "2023-08-03"}`, dans(guichet.EnInstruction)),
		acte(`{"acte": "proposer_refus", "motifs": ["ineligible"]}`, dans(guichet.EnInstruction)),
		acte(`{"acte": "decider", "sens": "attribution"}`, dans(guichet.Validee)),
		acte(`{"acte": "renvoyer", "motif": "Essai"}`, dans(guichet.Validee)),
		acte(`{"acte": "reviser", "sens": "refus", "motifs": ["doublon"], "motif": "Essai"}`, dans(guichet.Decidee)),
		acte(`{"acte": "corriger", "champs": {}}`, dans(guichet.AModifier)),
		acte(`{"acte": "annuler"}`, dans(guichet.Deposee)),
		acte(`{"acte": "ouvrir_controle", "motif": "Essai"}`, dans(guichet.Payee)),
		acte(`{"acte": "constater", "conforme": true}`, dans(guichet.Payee, ouvert)),
		acte(`{"acte": "recouvrer", "montant": "1.00", "motif": "Essai"}`, dans(guichet.Payee, ouvert, constate)),
		{"POST", "/decisions", `{"sens": "attribution", "numerosASP": ["{x}"]}`, "", dans(guichet.Validee), nil},
		{"GET", "/motifs", "", "", nil, nil},
		{"POST", "/lots-paiement", `{"numerosASP": ["{x}"]}`, "", dans(guichet.Decidee), nil},
		{"GET", "/lots-paiement", "", "", nil, nil},
		{"GET", "/lots-paiement/{x}", "", "", lots(guichet.LotPrepare), nil},
		lot(`{"acte": "approuver"}`, guichet.LotPrepare),
		lot(`{"acte": "retourner", "retours": [{"numeroASP": "{y}", "motif": "AC04"}]}`, guichet.LotApprouve),
		lot(`{"acte": "regler", "date": "2023-07-03"}`, guichet.LotApprouve),
		{"GET", "/lots-paiement/{x}/virement", "", "", lots(guichet.LotApprouve), nil},
		acte(`{"acte": "repondre", "reponse": "Voici."}`, dans(guichet.Payee, ouvert, constate)),
		acte(`{"acte": "classer", "motif": "Convaincu"}`, dans(guichet.Payee, ouvert, constate)),
		{"POST", "/releves-banque", "<x>", "", nil, nil},
		{"GET", "/releves-banque/{r}", "", "", nil, nil},
		{"POST", "/releves-banque/{r}/actes", `{"acte": "appliquer"}`, "", nil, nil},
		{"GET", "/recouvrements", "", "", nil, nil},
		{"GET", "/recouvrements/{x}", "", "", creances, nil},
		{"POST", "/recouvrements/{x}/actes", `{"acte": "rembourser", "montant": "1.00", "date": "2023-07-03", "reference": "VIR-1"}`, "", creances, nil},
		{"POST", "/recouvrements/{x}/actes", `{"acte": "compenser", "motif": "Essai"}`, "", creances, nil},
		{"GET", "/audits", "", "", nil, nil},
		{"POST", "/audits", `{"libelle": "Essai", "aTirer": 1}`, "", nil, nil},
		{"GET", "/audits/{c}", "", "", nil, nil},
		{"POST", "/audits/{c}/tirage", `{"graine": "1", "source": "Essai"}`, "", nil, nil},
		{"GET", "/conservation", "", "", nil, nil},
		{"POST", "/conservation/effacement", "", "", nil, nil},
		{"POST", "/demandes/{x}/effacement", `{"motif": "Essai"}`, "", dans(guichet.Annulee), nil},
		{"GET", "/lectures", "", "", nil, nil},
		{"GET", "/journal", "", "", nil, nil},
		{"GET", "/webhooks", "", "", nil, nil},
		{"POST", "/webhooks", `{"url": "https://a.example/x"}`, "", nil, nil},
		{"GET", "/webhooks/{x}", "", "", abonnements, nil},
		{"GET", "/webhooks/{x}/livraisons", "", "", abonnements, nil},
		{"POST", "/webhooks/{x}/actes", `{"acte": "essayer"}`, "", abonnements, nil},
		{"GET", "/openapi.json", "", "", nil, nil},
	}
}

// modele turns the row's names into those of the route.
func modele(chemin string) string {
	r := strings.NewReplacer("/demandes/{x}", "/demandes/{numeroASP}", "/depots/{x}", "/depots/{id}", "/lots-paiement/{x}", "/lots-paiement/{id}", "/envois/{x}", "/envois/{id}", "/webhooks/{x}", "/webhooks/{id}", "/recouvrements/{x}", "/recouvrements/{id}", "{r}", "{id}", "{c}", "{id}", "{nom}", "{nomFichier}")
	return r.Replace(chemin)
}

func (l ligne) nom() string {
	nom := l.methode + " " + modele(l.chemin)
	if _, acte, ok := strings.Cut(l.corps, `{"acte": "`); ok {
		acte, _, _ = strings.Cut(acte, `"`)
		nom += " " + acte
	}
	return nom
}

// porteur is a caller with one of his tokens.
type porteur struct {
	colonne
	jeton string // name of the token among those of the portal
}

// porteurs are callers with the token that limits nothing.
func porteurs(cs []colonne) (ps []porteur) {
	for _, c := range cs {
		ps = append(ps, porteur{c, c.compte})
	}
	return ps
}

func (l ligne) essayer(t *testing.T, p *portail, ps []porteur) (statuts []int) {
	t.Helper()
	var objets []string
	if l.avant != nil {
		objets = l.avant(p, len(ps))
	}
	var avant map[string]string
	for i, c := range ps {
		x := ""
		if objets != nil {
			x = objets[i]
		}
		a := appel{c.jeton, l.methode, strings.NewReplacer("{x}", x, "{r}", strings.Repeat("0", 64), "{c}", "CTL-2023-0001").Replace(l.chemin), l.corps, nil}
		if strings.Contains(a.chemin, "{nom}") {
			a.chemin = strings.ReplaceAll(a.chemin, "{nom}", p.pieceDe(x))
		}
		if strings.Contains(a.corps, "{y}") {
			a.corps = strings.ReplaceAll(a.corps, "{y}", p.demandeDuLot(x))
		}
		a.corps = strings.ReplaceAll(a.corps, "{x}", x)
		if l.forme != nil {
			corps, genre := l.forme(p, x)
			a.corps, a.entetes = corps, map[string]string{"Content-Type": genre}
		}
		if strings.Contains(a.chemin, "/envois") {
			a.entetes = map[string]string{"Upload-Length": "100", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
		}
		p.entrees()
		if avant == nil {
			avant = p.rangees()
		}
		r := p.appeler(a)
		statuts = append(statuts, r.statut)
		if l.juger(t, p, c.colonne, r, avant); r.statut < 400 {
			avant = nil
		}
	}
	return statuts
}

// juger holds that a refusal changes nothing and is journalled when it is one
// of rights, and that another supplier is told nothing.
func (l ligne) juger(t *testing.T, p *portail, c colonne, r reponse, avant map[string]string) {
	t.Helper()
	cellule := l.nom() + " as " + c.titre
	if r.statut >= 500 || c.compte == "" && r.statut >= 400 && r.statut != 401 {
		t.Errorf("%s: %d", cellule, r.statut)
	}
	es := p.entrees()
	if r.statut >= 400 {
		if tables := changees(avant, p.rangees()); tables != "" {
			t.Errorf("%s: %d, but %s changed", cellule, r.statut, tables)
		}
		refuse := len(es) == 1 && strings.HasPrefix(es[0], c.compte+" ") && strings.HasSuffix(es[0], " refuse")
		if refuse != (r.statut == 403) || r.statut != 403 && len(es) > 0 {
			t.Errorf("%s: %d, journal %v", cellule, r.statut, es)
		}
	} else if slices.ContainsFunc(es, func(e string) bool { return strings.HasSuffix(e, "refuse") }) || len(sansOuvertures(es)) > 1 {
		t.Errorf("%s: %d, journal %v", cellule, r.statut, es)
	}
	if (c.compte == "b.gestionnaire" || c.compte == tiers) && strings.Contains(r.corps, guichettest.Fournisseurs()[0].Ans) && l.chemin != "/depots" {
		t.Errorf("%s: tells of the other supplier: %s", cellule, r.corps)
	}
	if c.compte == tiers && r.statut < 400 && (strings.Contains(r.corps, `"numeroASP":"`) || strings.Contains(r.corps, `"numeroASP": "`)) {
		t.Errorf("%s: tells of what its mandate does not cover: %s", cellule, r.corps)
	}
}

// sansOuvertures leaves out the controls that a draw opens, an entry each.
func sansOuvertures(es []string) []string {
	return slices.DeleteFunc(slices.Clone(es), func(e string) bool { return strings.Contains(e, " ouvrir_controle ") })
}

// demandeDuLot is the request of a batch of one.
func (p *portail) demandeDuLot(id string) string {
	l, err := p.Guichet.Lot(p.t.Context(), p.Acteur("auditeur"), guichet.LotID(id))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(l.Lignes[0].NumeroASP)
}
