package contrat

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"testing"
)

// avancePayee is a paid advance of the first supplier, with its line.
func avancePayee(t testing.TB, d *demo) (asp, editeur string) {
	t.Helper()
	asp = d.enEtat(t, "payee")[0]
	return asp, d.fournisseur(0).voir(t, asp).NumeroEditeur
}

func TestBalanceFromDepositToPayment(t *testing.T) {
	t.Parallel()
	d := partage(t, "lots")
	f := d.fournisseur(0)
	avance, editeur := avancePayee(t, d)
	l := f.garnir(ligne{editeur: editeur, avance: avance})
	r := f.deposerLignes(t, l).exige(t, "déposer un solde", 201)
	dep := lire[depot](t, r)
	if dep.Type != "solde" || len(dep.Demandes) != 1 || dep.Demandes[0].NumeroASP == avance || !formeASP.MatchString(dep.Demandes[0].NumeroASP) {
		t.Fatalf("dépôt de solde : %s", r.extrait())
	}
	solde := dep.Demandes[0].NumeroASP
	retour := f.appeler(t, "GET", "/api/v1/depots/"+dep.ID+"/retour", nil).exige(t, "retour", 200)
	var v rendu
	if err := json.Unmarshal(retour.corps, &v); err != nil || v.LignesImport[0].NumeroASP != avance || v.LignesImport[0].CodeTraitement != "0000" || v.ImpID == nil {
		t.Errorf("le retour garde le numéro de l’avance : %s", retour.extrait())
	}
	x := f.voir(t, solde)
	if x.Type != "solde" || texte(x.NumeroASPAvance) != avance || x.Statut != "incomplete" || !slices.Equal(x.PiecesManquantes, l[0].pieces()) {
		t.Errorf("demande de solde : %+v", x)
	}
	if encore := f.deposer(t, f.garnir(ligne{editeur: editeur, avance: avance})); len(encore.Demandes) != 0 || !encore.Rapport.refusee30xx(1) {
		t.Errorf("un second solde de l’avance : %+v", encore.Rapport.Demandes)
	}
	f.verser(t, dep.ID, zipPieces(l[0].pieces()...)).exige(t, "facture et VA", 200)
	d.pousser(t, "payee", []string{solde})
	if x := f.voir(t, solde); texte(x.Montants.Solde) != "595.00" {
		t.Errorf("solde payé : montants %+v, solde %s", x.Montants, texte(x.Montants.Solde))
	}
}

func TestBalanceIsPaidToTheCent(t *testing.T) {
	t.Parallel()
	d := partage(t, "lots")
	f := d.fournisseur(0)
	avance := d.enEtat(t, "payee", ligne{valeurs: map[string]string{"commande.montantSegurHT": "700.05"}})[0]
	l := f.garnir(ligne{editeur: f.voir(t, avance).NumeroEditeur, avance: avance, valeurs: map[string]string{"commande.montantSegurHT": "700.05", "commande.montantFactureHT": "700.05"}})
	dep := f.deposer(t, l)
	if len(dep.Demandes) != 1 {
		t.Fatalf("solde refusé : %+v", dep.Rapport.Demandes)
	}
	f.verser(t, dep.ID, zipPieces(l[0].pieces()...)).exige(t, "pièces", 200)
	d.pousser(t, "decidee", []string{dep.Demandes[0].NumeroASP})
	if lt := d.preparerLot(t, []string{dep.Demandes[0].NumeroASP}); lt.Total != "588.04" {
		t.Errorf("lot du solde : %s, attendu 840.06 − 252.02 = 588.04", lt.Total)
	}
}

func TestBalanceWithoutItsAdvance(t *testing.T) {
	t.Parallel()
	d := partage(t, "lots")
	f, autre := d.fournisseur(0), d.fournisseur(1)
	payee, editeur := avancePayee(t, d)
	decidee := d.enEtat(t, "decidee")[0]
	for titre, cas := range map[string]struct {
		qui *client
		l   ligne
	}{
		"inconnue":                    {f, ligne{avance: "ASP-INCONNU-1", editeur: editeur}},
		"d’un autre fournisseur":      {autre, ligne{avance: payee, editeur: editeur}},
		"pas payée":                   {f, ligne{avance: decidee, editeur: f.voir(t, decidee).NumeroEditeur}},
		"numeroEditeur qui n’est pas": {f, ligne{avance: payee}},
	} {
		ls := cas.qui.garnir(cas.l)
		dep := cas.qui.deposer(t, ls)
		if len(dep.Demandes) != 0 || !dep.Rapport.refusee30xx(1) {
			t.Errorf("solde d’une avance %s : %+v ; attendu un refus 30xx", titre, dep.Rapport.Demandes)
		}
		b, _ := json.Marshal(dep)
		if cas.qui == autre && bytes.Contains(b, []byte(f.RaisonSociale)) {
			t.Errorf("le refus nomme l’autre fournisseur")
		}
	}
	sienne := f.deposer(t, f.garnir(ligne{avance: payee, editeur: editeur}))
	if len(sienne.Demandes) != 1 {
		t.Fatalf("les refus ont pris le solde de l’avance : %+v", sienne.Rapport.Demandes)
	}
	if dep := f.deposer(t, f.garnir(ligne{avance: sienne.Demandes[0].NumeroASP, editeur: editeur})); len(dep.Demandes) != 0 || !dep.Rapport.refusee30xx(1) {
		t.Errorf("solde d’un solde : %+v ; attendu un refus 30xx", dep.Rapport.Demandes)
	}
}

func TestBalanceOfNothing(t *testing.T) {
	t.Parallel()
	d := partage(t, "lots")
	f := d.fournisseur(0)
	payee, editeur := avancePayee(t, d)
	zero := f.deposer(t, f.garnir(ligne{avance: payee, editeur: editeur, valeurs: map[string]string{"commande.montantFactureHT": "0.00"}}))
	if len(zero.Demandes) != 0 {
		t.Errorf("une facture à 0 € est acceptée")
	}
}

func TestTwoBalancesAtOnce(t *testing.T) {
	t.Parallel()
	d := partage(t, "lots")
	f := d.fournisseur(0)
	payee, editeur := avancePayee(t, d)
	l := f.garnir(ligne{avance: payee, editeur: editeur})
	var mu sync.Mutex
	acceptees, refusees := 0, 0
	var g sync.WaitGroup
	for range 5 {
		g.Go(func() {
			r := f.deposerLignes(t, l)
			if !r.veut(t, "cinq soldes à la fois", 201) {
				return
			}
			dep := lire[depot](t, r)
			mu.Lock()
			defer mu.Unlock()
			acceptees += len(dep.Demandes)
			if dep.Rapport.refusee30xx(1) {
				refusees++
			}
		})
	}
	g.Wait()
	if acceptees != 1 || refusees != 4 {
		t.Errorf("cinq soldes d’une avance : %d acceptés, %d refusés 30xx", acceptees, refusees)
	}
}
