package guichettest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// FichierAvance is a file of requests that control accepts, one a
// numeroEditeur, of the supplier that the account belongs to.
func FichierAvance(f Fournisseur, numeros ...string) []byte {
	return exemple(segur.Avance, f, func(i int) []string {
		n := fmt.Sprintf("%05d", i+1)
		return []string{`"` + n + `"`, `"` + numeros[i] + `"`, "-" + n + ".", "-" + numeros[i] + "."}
	}, len(numeros))
}

// FichierSolde is the file of the balances of paid advances.
func FichierSolde(f Fournisseur, avances ...guichet.Demande) []byte {
	return exemple(segur.Solde, f, func(i int) []string {
		n, d := fmt.Sprintf("%05d", i+1), &avances[i]
		return []string{`"` + n + `"`, `"` + d.NumeroEditeur + `"`, "-" + n + ".", "-" + d.NumeroEditeur + ".",
			fmt.Sprintf(`"ASP-%06d"`, i+1), `"` + string(d.NumeroASP) + `"`}
	}, len(avances))
}

func exemple(genre segur.TypeDemande, f Fournisseur, mots func(i int) []string, n int) []byte {
	j, err := segur.JeuPour(genre, segur.JourDe(Debut))
	if err != nil {
		panic(err)
	}
	paires := []string{`"9999999999"`, `"` + f.Ans + `"`, `"00000000000000"`, `"` + f.Siret + `"`}
	for i := range n {
		paires = append(paires, mots(i)...)
	}
	return []byte(strings.NewReplacer(paires...).Replace(string(j.Exemple(n))))
}

// NomFichier is the next free file name of a supplier, on the clock's day.
func (m *Monde) NomFichier(f Fournisseur) string {
	n := segur.NomFichier{NumeroAns: f.Ans, Jour: m.Guichet.Aujourdhui()}
	cle := n.String()
	m.fichier[cle]++
	n.Numero = m.fichier[cle]
	return n.String()
}

// Numeros are n values of numeroEditeur that nobody has used.
func (m *Monde) Numeros(n int) (ns []string) {
	for range n {
		*m.numero++
		ns = append(ns, fmt.Sprintf("%05d", *m.numero))
	}
	return ns
}

// DeLui is the supplier whose user an account name is: "a.lecteur" is of "a".
func DeLui(compte string) Fournisseur {
	nom, _, _ := strings.Cut(compte, ".")
	i := slices.IndexFunc(Fournisseurs(), func(f Fournisseur) bool { return f.Nom == nom })
	return Fournisseurs()[i]
}

// Deposer deposits n new advances as an account of a supplier.
func (m *Monde) Deposer(t testing.TB, compte string, n int) *guichet.DepotVu {
	t.Helper()
	f := DeLui(compte)
	return m.deposer(t, compte, f, segur.Avance, FichierAvance(f, m.Numeros(n)...), n)
}

// DeposerSoldes deposits the balances of paid advances.
func (m *Monde) DeposerSoldes(t testing.TB, compte string, avances ...guichet.Demande) *guichet.DepotVu {
	t.Helper()
	f := DeLui(compte)
	return m.deposer(t, compte, f, segur.Solde, FichierSolde(f, avances...), len(avances))
}

func (m *Monde) deposer(t testing.TB, compte string, f Fournisseur, genre segur.TypeDemande, contenu []byte, n int) *guichet.DepotVu {
	t.Helper()
	v, err := m.Guichet.Deposer(t.Context(), m.Acteur(compte), guichet.NouveauDepot{Type: genre, NumeroAns: f.Ans, NomFichier: m.NomFichier(f), Contenu: contenu}, guichet.Appel{})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Demandes) != n {
		t.Fatalf("%d requests accepted of %d: %s", len(v.Demandes), n, v.Depot.Rapport)
	}
	return v
}

// Document is a supporting document that control accepts under a name, unlike
// any of another request.
func Document(n guichet.NumeroASP, nom string) string {
	return "%PDF-1.7\n" + string(n) + " " + nom + "\n%%EOF\n"
}

// Completer sends every document that a request lacks.
func (m *Monde) Completer(t testing.TB, compte string, n guichet.NumeroASP) {
	t.Helper()
	v, err := m.Guichet.Demande(t.Context(), m.Acteur(compte), n)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range v.Pieces {
		d := Document(n, p.Nom)
		c, err := m.Guichet.DeposerPiece(t.Context(), m.Acteur(compte), n, p.Nom, strings.NewReader(d), int64(len(d)))
		if err != nil || len(c.Refusees) > 0 {
			t.Fatalf("%s: %v, %+v", p.Nom, err, c)
		}
	}
}

// Verifications answers the whole check-list of a request.
func Verifications(d *guichet.Demande) map[string]string {
	vs := map[string]string{}
	for _, v := range guichet.Verifications(d) {
		vs[v.Code] = "oui"
	}
	return vs
}

// Agir does an act that must succeed.
func (m *Monde) Agir(t testing.TB, compte string, n guichet.NumeroASP, q guichet.ActeDemande) *guichet.DemandeVue {
	t.Helper()
	v, err := m.Guichet.Agir(t.Context(), m.Acteur(compte), n, q, guichet.Appel{})
	if err != nil {
		t.Fatalf("%s, %s on %s: %v", compte, q.Action, n, err)
	}
	return v
}

// Lot prepares a batch as comptable1 and brings it to a status: approved by
// comptable2, settled by comptable1.
func (m *Monde) Lot(t testing.TB, statut guichet.StatutLot, ns ...guichet.NumeroASP) *guichet.Lot {
	t.Helper()
	l, err := m.Guichet.PreparerLot(t.Context(), m.Acteur("comptable1"), ns, guichet.Appel{})
	if err != nil {
		t.Fatal(err)
	}
	if statut != guichet.LotPrepare {
		l = m.AgirLot(t, "comptable2", l.ID, guichet.ActeLot{Action: guichet.ApprouverLot})
	}
	if statut == guichet.LotRegle {
		l = m.AgirLot(t, "comptable1", l.ID, guichet.ActeLot{Action: guichet.ReglerLot, Date: m.Guichet.Aujourdhui()})
	}
	return l
}

// AgirLot does an act on a batch that must succeed.
func (m *Monde) AgirLot(t testing.TB, compte string, id guichet.LotID, q guichet.ActeLot) *guichet.Lot {
	t.Helper()
	l, err := m.Guichet.AgirLot(t.Context(), m.Acteur(compte), id, q, guichet.Appel{})
	if err != nil {
		t.Fatalf("%s, %s on batch %s: %v", compte, q.Action, id, err)
	}
	return l
}

// Amener brings n new advances of supplier "a" to a status by the shortest way:
// instructeur1 examines, decideur decides, comptable1 prepares and settles,
// comptable2 approves.
func (m *Monde) Amener(t testing.TB, statut guichet.Statut, n int) []guichet.NumeroASP {
	t.Helper()
	var ns []guichet.NumeroASP
	for _, d := range m.Deposer(t, "a.gestionnaire", n).Demandes {
		ns = append(ns, d.NumeroASP)
		m.avancer(t, statut, &d)
	}
	switch statut {
	case guichet.MiseEnPaiement:
		m.Lot(t, guichet.LotApprouve, ns...)
	case guichet.Payee:
		m.Lot(t, guichet.LotRegle, ns...)
	case guichet.PaiementRejete:
		q := guichet.ActeLot{Action: guichet.RetournerLot}
		for _, x := range ns {
			q.Retours = append(q.Retours, guichet.RetourBanque{NumeroASP: x, Motif: "AC04"})
		}
		m.AgirLot(t, "comptable1", m.Lot(t, guichet.LotApprouve, ns...).ID, q)
	}
	return ns
}

// avancer brings one request as far as its own acts do.
func (m *Monde) avancer(t testing.TB, statut guichet.Statut, d *guichet.Demande) {
	t.Helper()
	n := d.NumeroASP
	switch statut {
	case guichet.Incomplete:
		return
	case guichet.Annulee:
		m.Agir(t, "a.gestionnaire", n, guichet.ActeDemande{Action: guichet.Annuler})
		return
	}
	m.Completer(t, "a.gestionnaire", n)
	if statut == guichet.Deposee {
		return
	}
	m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Prendre})
	switch statut {
	case guichet.EnInstruction:
		return
	case guichet.AModifier:
		m.Agir(t, "instructeur1", n, m.Modification())
		return
	}
	m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Valider, Tranche: "B", Verifications: Verifications(d)})
	switch statut {
	case guichet.Validee:
	case guichet.Refusee:
		m.Agir(t, "decideur", n, guichet.ActeDemande{Action: guichet.Decider, Sens: "refus", Motifs: []string{"ineligible"}})
	default:
		m.Agir(t, "decideur", n, guichet.ActeDemande{Action: guichet.Decider, Sens: "attribution"})
	}
}

// Modification asks for a readable document within ten days.
func (m *Monde) Modification() guichet.ActeDemande {
	return guichet.ActeDemande{Action: guichet.DemanderModification, Motifs: []string{"piece_illisible"}, Cibles: []string{"piecesJustificatives"},
		Echeance: m.Guichet.JourA(m.Horloge.Maintenant().AddDate(0, 0, 10)), Message: "La signature est coupée."}
}
