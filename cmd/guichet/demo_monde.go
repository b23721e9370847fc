package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// monde plays the demonstration's story through the services, as people would.
type monde struct {
	p       *portail
	acteurs map[string]*guichet.Acteur
}

// animer makes requests in every status, so that each page shows something.
func (p *portail) animer(ctx context.Context) error {
	m := &monde{p: p, acteurs: map[string]*guichet.Acteur{}}
	for i, f := range fournisseursDemo() {
		depot, err := m.deposer(ctx, f, 1, 18-10*i)
		if err != nil {
			return err
		}
		if err := m.completer(ctx, f, depot, 16-9*i); err != nil {
			return err
		}
		if i == 0 {
			if err := m.instruire(ctx, depot.Demandes); err != nil {
				return err
			}
		}
	}
	return m.piloter(ctx)
}

// acteur signs in as an account of the demonstration, from nowhere.
func (m *monde) acteur(ctx context.Context, identifiant string) (*guichet.Acteur, error) {
	if a := m.acteurs[identifiant]; a != nil {
		return a, nil
	}
	c, err := m.p.guichet.CompteNomme(ctx, identifiant)
	if err != nil {
		return nil, err
	}
	m.acteurs[identifiant] = &guichet.Acteur{Compte: *c}
	return m.acteurs[identifiant], nil
}

// deposer makes a file of n requests from the format's own example.
func (m *monde) deposer(ctx context.Context, f fournisseurDemo, numero, n int) (*guichet.DepotVu, error) {
	if n < 10 { // the smaller supplier has one amount of its own, which alerts and rules to come find
		return m.deposerExemple(ctx, f, segur.Avance, numero, n, "708.33", "700.00")
	}
	return m.deposerExemple(ctx, f, segur.Avance, numero, n)
}

// deposerExemple deposits the format's own example in a supplier's name, the
// first of each pair of words replaced by the second, once.
func (m *monde) deposerExemple(ctx context.Context, f fournisseurDemo, genre segur.TypeDemande, numero, n int, paires ...string) (*guichet.DepotVu, error) {
	a, err := m.acteur(ctx, f.utilisateur)
	if err != nil {
		return nil, err
	}
	jeu, err := m.p.guichet.JeuDuJour(genre)
	if err != nil {
		return nil, err
	}
	r := jeu.Controler(jeu.Exemple(1), segur.JourExemple, segur.Options{})
	contenu := string(jeu.Exemple(n))
	paires = append(paires, r.Entete("numeroAns"), f.ans, r.Entete("SIRET"), f.siret)
	for i := 0; i < len(paires); i += 2 {
		contenu = strings.Replace(contenu, paires[i], paires[i+1], 1)
	}
	nom := segur.NomFichier{NumeroAns: f.ans, Jour: m.p.guichet.Aujourdhui(), Numero: numero}
	return m.p.guichet.Deposer(ctx, a, guichet.NouveauDepot{Type: genre, NumeroAns: f.ans, NomFichier: nom.String(), Contenu: []byte(contenu)}, guichet.Appel{})
}

// solder claims the balance of a paid advance, with its documents.
func (m *monde) solder(ctx context.Context, f fournisseurDemo, avance *guichet.Demande) error {
	const numero, facture, aptitude = `"00001"`, "-FAC-00001.", "-VA-00001." // of the example
	sien := func(mot string) string { return strings.Replace(mot, "00001", avance.NumeroEditeur, 1) }
	depot, err := m.deposerExemple(ctx, f, segur.Solde, 2, 1, numero, sien(numero), facture, sien(facture), aptitude, sien(aptitude), `"ASP-000001"`, `"`+string(avance.NumeroASP)+`"`)
	if err != nil {
		return err
	}
	if len(depot.Demandes) == 0 {
		return fmt.Errorf("the balance of %s is refused: %s", avance.NumeroASP, depot.Depot.Rapport)
	}
	return m.completer(ctx, f, depot, 1)
}

// completer sends the documents of the first n requests in one zip.
func (m *monde) completer(ctx context.Context, f fournisseurDemo, depot *guichet.DepotVu, n int) error {
	a, err := m.acteur(ctx, f.utilisateur)
	if err != nil {
		return err
	}
	voulues := map[guichet.NumeroASP]*guichet.Demande{}
	for i := range depot.Demandes[:n] {
		voulues[depot.Demandes[i].NumeroASP] = &depot.Demandes[i]
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range depot.Couverture.Manquantes {
		d := voulues[p.NumeroASP]
		if d == nil {
			continue
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.Nom, Method: zip.Store})
		if err != nil {
			return err
		}
		contenu, err := documentDemo(f.raison, d, p.Type)
		if err != nil {
			return err
		}
		if _, err := w.Write(contenu); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	_, err = m.p.guichet.DeposerZip(ctx, a, depot.Depot.ID, bytes.NewReader(b.Bytes()), int64(b.Len()))
	return err
}

// documentDemo draws an order form that looks like one.
func documentDemo(fournisseur string, d *guichet.Demande, genre string) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(time.Date(2023, 2, 3, 0, 0, 0, 0, time.UTC))
	t := pdf.UnicodeTranslatorFromDescriptor("")
	pdf.AddPage()
	pdf.SetFont("Helvetica", "B", 18)
	titre := "Bon de commande"
	if genre != "BON_COMMANDE" {
		titre = strings.ToUpper(genre[:1]) + strings.ToLower(strings.ReplaceAll(genre[1:], "_", " "))
	}
	pdf.CellFormat(0, 14, t(titre+" n° "+d.NumeroEditeur), "", 1, "L", false, 0, "")
	pdf.SetFont("Helvetica", "", 12)
	for _, l := range []string{
		"DOCUMENT FICTIF DE DÉMONSTRATION", "", "Fournisseur : " + fournisseur, "Officine, FINESS : " + d.Finess, "Date : " + d.DateCommande.String(),
		"Prestation Ségur, logiciel de gestion d’officine", "Montant hors taxe : " + d.Montants.HT.String() + " EUR", "", "Bon pour accord, le titulaire",
	} {
		pdf.CellFormat(0, 9, t(l), "", 1, "L", false, 0, "")
	}
	pdf.Rect(20, 130, 70, 30, "D")
	var b bytes.Buffer
	err := pdf.Output(&b)
	return b.Bytes(), err
}

// etape is one act of the story, on the request of a place.
type etape struct {
	qui   string
	place int
	acte  guichet.ActeDemande
}

// Places of the story beside the first eight.
const (
	attribueePuisRefusee = 10
	annulee              = 11
	rejetee              = 12 // by the bank
	soldee               = 13 // its balance waits for an officer
	retenue              = 14 // paid, and what is due for it kept back since
	aRendre              = 15 // paid, and some of it to be paid back
)

// instruire plays the agency's part: one request reaches each status.
func (m *monde) instruire(ctx context.Context, ds []guichet.Demande) error {
	const i1, i2, dec = "instructeur1@agence.example", "instructeur2@agence.example", "decideur@agence.example"
	verifications := map[string]string{}
	for _, v := range guichet.Verifications(&ds[0]) {
		verifications[v.Code] = "oui"
	}
	prendre := guichet.ActeDemande{Action: guichet.Prendre}
	valider := guichet.ActeDemande{Action: guichet.Valider, Tranche: "B", Verifications: verifications}
	attribuer := guichet.ActeDemande{Action: guichet.Decider, Sens: "attribution"}
	refuser := guichet.ActeDemande{Action: guichet.ProposerRefus, Motifs: []string{"piece_non_signee"}}
	var histoire []etape
	for _, place := range []int{0, 1, 2, 3, 4, 5, 6, 7, attribueePuisRefusee, rejetee, soldee, retenue, aRendre} {
		histoire = append(histoire, etape{i1, place, prendre})
		if place < 5 || place > 7 {
			histoire = append(histoire, etape{i1, place, valider})
		}
		if place < 4 || place > 7 {
			histoire = append(histoire, etape{dec, place, attribuer})
		}
	}
	echeance := m.p.guichet.JourA(m.p.guichet.Maintenant().AddDate(0, 0, 20))
	histoire = append(histoire,
		etape{i1, 5, guichet.ActeDemande{Action: guichet.DemanderModification, Motifs: []string{"piece_illisible"}, Cibles: []string{"piecesJustificatives"}, Echeance: echeance, Message: "La signature est coupée sur le bon de commande."}},
		etape{i1, 6, refuser}, etape{dec, 6, guichet.ActeDemande{Action: guichet.Decider, Sens: "refus", Motifs: []string{"piece_non_signee"}}},
		etape{i2, 7, refuser},
		etape{dec, attribueePuisRefusee, guichet.ActeDemande{Action: guichet.Reviser, Sens: "refus", Motifs: []string{"doublon"}, Motif: "La même officine était déjà financée pour cette prestation."}},
		etape{fournisseursDemo()[0].utilisateur, annulee, guichet.ActeDemande{Action: guichet.Annuler}})
	if err := m.jouer(ctx, ds, histoire); err != nil {
		return err
	}
	if err := m.payer(ctx, append(slices.Clone(ds[:2]), ds[soldee]), true); err != nil {
		return err
	}
	if err := m.solder(ctx, fournisseursDemo()[0], &ds[soldee]); err != nil {
		return err
	}
	if err := m.rejeter(ctx, &ds[rejetee]); err != nil {
		return err
	}
	if err := m.annoter(ctx, ds[7].NumeroASP); err != nil {
		return err
	}
	if err := m.controler(ctx); err != nil {
		return err
	}
	return m.recouvrer(ctx, &ds[retenue], &ds[aRendre], &ds[2])
}

// controler draws one of the paid requests for an audit.
func (m *monde) controler(ctx context.Context) error {
	a, err := m.acteur(ctx, "controleur@agence.example")
	if err != nil {
		return err
	}
	c, err := m.p.guichet.FigerControle(ctx, a, guichet.NouveauControle{Libelle: "Avances de démonstration", Regle: guichet.ReglePopulation{Type: segur.Avance}, ATirer: 1})
	if err != nil {
		return err
	}
	_, err = m.p.guichet.TirerControle(ctx, a, c.ID, "03 14 15 92 65 35", "Tirage fictif de démonstration, dans l’ordre de sortie")
	return err
}

func (m *monde) jouer(ctx context.Context, ds []guichet.Demande, histoire []etape) error {
	for _, e := range histoire {
		a, err := m.acteur(ctx, e.qui)
		if err != nil {
			return err
		}
		if _, err := m.p.guichet.Agir(ctx, a, ds[e.place].NumeroASP, e.acte, guichet.Appel{}); err != nil {
			return fmt.Errorf("%s, place %d: %w", e.acte.Action, e.place, err)
		}
	}
	return nil
}

// payer prepares and approves a batch, and settles it if asked.
func (m *monde) payer(ctx context.Context, ds []guichet.Demande, regler bool) error {
	un, err := m.acteur(ctx, "comptable1@agence.example")
	if err != nil {
		return err
	}
	deux, err := m.acteur(ctx, "comptable2@agence.example")
	if err != nil {
		return err
	}
	var ns []guichet.NumeroASP
	for i := range ds {
		ns = append(ns, ds[i].NumeroASP)
	}
	g := m.p.guichet
	l, err := g.PreparerLot(ctx, un, ns, guichet.Appel{})
	if err != nil {
		return err
	}
	if _, err := g.AgirLot(ctx, deux, l.ID, guichet.ActeLot{Action: guichet.ApprouverLot}, guichet.Appel{}); err != nil || !regler {
		return err
	}
	_, err = g.AgirLot(ctx, un, l.ID, guichet.ActeLot{Action: guichet.ReglerLot, Date: g.Aujourdhui()}, guichet.Appel{})
	return err
}
