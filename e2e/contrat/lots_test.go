package contrat

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

func (c *client) virement(t testing.TB, id string) reponse {
	t.Helper()
	return c.appeler(t, "GET", "/api/v1/lots-paiement/"+url.PathEscape(id)+"/virement", nil)
}

func TestBatchFromPreparationToSettlement(t *testing.T) {
	t.Parallel()
	d := partage(t, "lots")
	un, deux := d.agent(t, "comptable"), d.agent(t, "comptable", 1)
	asps := d.enEtat(t, "decidee", ligne{}, ligne{avecHT: true}, ligne{valeurs: map[string]string{"commande.montantSegurHT": "700.05"}})
	r := un.appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": asps}).exige(t, "préparer", 201)
	clesDe(t, r, "id", "statut", "nombre", "total", "empreinte", "demandes")
	l := lire[lot](t, r)
	montants := []string{"255.00", "212.50", "252.02"}
	if l.ID == "" || l.Statut != "prepare" || l.Nombre != 3 || l.Total != "719.52" || l.Empreinte == "" || len(l.Demandes) != 3 {
		t.Fatalf("lot préparé : %+v", l)
	}
	for _, x := range l.Demandes {
		if i := slices.Index(asps, x.NumeroASP); i < 0 || x.Montant != montants[i] {
			t.Errorf("dans le lot : %+v, attendu %v", x, montants)
		}
	}
	un.virement(t, l.ID).veut(t, "virement avant approbation", 409)
	for _, acte := range []objet{{"acte": "regler"}, {"acte": "retourner", "retours": []objet{}}, {"acte": "regler", "date": aujourdhui().ISO()}, {"acte": "retourner", "retours": []objet{{"numeroASP": asps[0], "motif": "AC04"}}}} {
		d.agirLot(t, deux, l.ID, acte).veut(t, "avant approbation", 409)
	}
	un.appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": asps[:1]}).veut(t, "déjà dans un lot", 409, 422)
	d.agirLot(t, un, l.ID, objet{"acte": "approuver"}).veut(t, "approuvé par un autre comptable", 403)
	approuve := lire[lot](t, d.agirLot(t, deux, l.ID, objet{"acte": "approuver"}).exige(t, "approuver", 200))
	if approuve.Statut != "approuve" || approuve.Total != l.Total || approuve.Empreinte != l.Empreinte {
		t.Errorf("lot approuvé : %+v", approuve)
	}
	d.agirLot(t, deux, l.ID, objet{"acte": "approuver"}).veut(t, "approuver deux fois", 409, 200)
	verifierVirement(t, d, l, montants, asps)
	for _, mauvais := range []any{objet{"acte": "inconnu"}, objet{"acte": "regler"}, objet{"acte": "regler", "date": "hier"}, objet{"acte": "retourner"}, objet{"acte": "retourner", "retours": []objet{}}, "{", objet{},
		objet{"acte": "retourner", "retours": []objet{{"numeroASP": asps[0]}}}, objet{"acte": "retourner", "retours": []objet{{"numeroASP": asps[0], "motif": "pas un code"}}}} {
		if !d.agirLot(t, un, l.ID, mauvais).veut(t, "acte de lot mal formé", 400, 422) {
			t.Logf("corps : %v", mauvais)
		}
	}
	for _, second := range []string{"ASP-INCONNU", asps[1]} {
		d.agirLot(t, un, l.ID, objet{"acte": "retourner", "retours": []objet{{"numeroASP": asps[1], "motif": "AC04"}, {"numeroASP": second, "motif": "AC04"}}}).veut(t, "un numéro hors du lot, ou dit deux fois", 404, 409, 422, 400)
	}
	if v := un.voir(t, asps[1]); v.Statut != "mise_en_paiement" {
		t.Errorf("retour refusé, demande %s", v.Statut)
	}
	d.agirLot(t, un, l.ID, objet{"acte": "retourner", "retours": []objet{{"numeroASP": asps[1], "motif": "AC04"}}}).exige(t, "retourner", 200)
	regle := lire[lot](t, d.agirLot(t, un, l.ID, objet{"acte": "regler", "date": aujourdhui().ISO()}).exige(t, "régler, par tout comptable", 200))
	if regle.Statut != "regle" {
		t.Errorf("lot réglé : %+v", regle)
	}
	for i, statut := range []string{"payee", "paiement_rejete", "payee"} {
		if v := un.voir(t, asps[i]); v.Statut != statut {
			t.Errorf("%s : %s, attendu %s", asps[i], v.Statut, statut)
		}
	}
	d.agirLot(t, deux, l.ID, objet{"acte": "regler", "date": aujourdhui().ISO()}).veut(t, "régler deux fois", 409, 200)
	repris := d.lotApprouve(t, asps[1:2])
	d.agirLot(t, un, repris, objet{"acte": "regler", "date": aujourdhui().ISO()}).exige(t, "payer de nouveau", 200)
	if v := un.voir(t, asps[1]); v.Statut != "payee" {
		t.Errorf("payée dans un autre lot : %s", v.Statut)
	}
}

// pain is what the suite reads of a pain.001.001.09.
type pain struct {
	XMLName xml.Name
	Init    struct {
		Entete struct {
			MsgID  string `xml:"MsgId"`
			Cree   string `xml:"CreDtTm"`
			Nombre string `xml:"NbOfTxs"`
			Somme  string `xml:"CtrlSum"`
		} `xml:"GrpHdr"`
		Lots []struct {
			Nombre    string `xml:"NbOfTxs"`
			Somme     string `xml:"CtrlSum"`
			Debiteur  string `xml:"Dbtr>Nm"`
			Virements []struct {
				Reference string `xml:"PmtId>EndToEndId"`
				Montant   struct {
					Devise string `xml:"Ccy,attr"`
					Valeur string `xml:",chardata"`
				} `xml:"Amt>InstdAmt"`
				Nom  string `xml:"Cdtr>Nm"`
				IBAN string `xml:"CdtrAcct>Id>IBAN"`
			} `xml:"CdtTrfTxInf"`
		} `xml:"PmtInf"`
	} `xml:"CstmrCdtTrfInitn"`
}

var (
	alphabetSepa = regexp.MustCompile(`^[A-Za-z0-9/\-?:().,'+ ]{1,70}$`)
	formeMsgID   = regexp.MustCompile(`^[A-Za-z0-9/\-?:().,'+ ]{1,35}$`)
)

func verifierVirement(t *testing.T, d *demo, l lot, montants, asps []string) {
	t.Helper()
	r := d.agent(t, "comptable").virement(t, l.ID).exige(t, "virement après approbation", 200)
	if g := r.entetes.Get("Content-Type"); !strings.HasPrefix(g, "application/xml") {
		t.Errorf("virement en %q", g)
	}
	for _, c := range []*client{d.agent(t, "comptable", 1), d.agent(t, "comptable")} {
		if encore := c.virement(t, l.ID); !bytes.Equal(encore.corps, r.corps) {
			t.Errorf("le virement relu n’a pas les mêmes octets")
		}
	}
	for _, c := range []*client{d.fournisseur(0), d.agent(t, "instructeur"), d.agent(t, "decideur")} {
		c.virement(t, l.ID).veut(t, "virement réservé", 403, 404)
	}
	p := lirePain(t, r.corps)
	total := 0
	vus := map[string]string{}
	for _, lot := range p.Init.Lots {
		somme := 0
		for _, v := range lot.Virements {
			c := centimes(t, v.Montant.Valeur)
			somme += c
			if _, deja := vus[v.Reference]; deja || v.Montant.Devise != "EUR" || !alphabetSepa.MatchString(v.Nom) || v.IBAN == "" {
				t.Errorf("virement %+v", v)
			}
			vus[v.Reference] = v.Montant.Valeur
		}
		if lot.Nombre != "" && lot.Nombre != strconv.Itoa(len(lot.Virements)) || lot.Somme != "" && centimes(t, lot.Somme) != somme || !alphabetSepa.MatchString(lot.Debiteur) {
			t.Errorf("PmtInf : NbOfTxs %s, CtrlSum %s, Dbtr %q pour %d virements de %d centimes", lot.Nombre, lot.Somme, lot.Debiteur, len(lot.Virements), somme)
		}
		total += somme
	}
	if e := p.Init.Entete; !formeMsgID.MatchString(e.MsgID) || e.Nombre != strconv.Itoa(len(asps)) || centimes(t, e.Somme) != total || total != centimes(t, l.Total) {
		t.Errorf("GrpHdr %+v, somme des virements %d, total du lot %s", e, total, l.Total)
	}
	for i, asp := range asps {
		if vus[asp] != montants[i] {
			t.Errorf("EndToEndId %s : %q, attendu %s", asp, vus[asp], montants[i])
		}
	}
}

func lirePain(t *testing.T, b []byte) pain {
	t.Helper()
	var p pain
	if err := xml.Unmarshal(b, &p); err != nil {
		t.Fatalf("virement illisible : %v : %.300s", err, b)
	}
	if p.XMLName.Space != "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09" || p.XMLName.Local != "Document" {
		t.Errorf("racine du virement : %v", p.XMLName)
	}
	return p
}

func centimes(t *testing.T, s string) int {
	t.Helper()
	if !formeEuros.MatchString(s) {
		t.Errorf("montant %q, attendu deux décimales", s)
	}
	n, err := strconv.Atoi(strings.Replace(s, ".", "", 1))
	if err != nil {
		t.Errorf("montant %q", s)
	}
	return n
}

func TestBatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	d := partage(t, "lots")
	un := d.agent(t, "comptable")
	bonne := d.enEtat(t, "decidee")[0]
	for titre, asps := range map[string][]string{
		"pas décidée": {bonne, d.enEtat(t, "validee")[0]}, "payée": {bonne, d.enEtat(t, "payee")[0]}, "deux fois": {bonne, bonne}, "inconnue": {bonne, "ASP-INCONNU"},
		"vide": {}, "refusée": {d.enEtat(t, "refusee")[0], bonne},
	} {
		un.appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": asps}).veut(t, "lot : "+titre, 404, 409, 422, 400)
	}
	for _, corps := range []any{"{", objet{}, objet{"numerosASP": "x"}, objet{"numerosASP": []int{1}}, `{"numerosASP":[],"numerosASP":["` + bonne + `"]}`, "[]"} {
		un.appeler(t, "POST", "/api/v1/lots-paiement", corps).veut(t, "lot mal formé", 400, 422)
	}
	for _, c := range d.comptes() {
		if !slices.Contains(c.Roles, "comptable") {
			d.client(c).appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": []string{bonne}}).veut(t, "un comptable seul prépare", 403)
		}
	}
	if v := un.voir(t, bonne); v.Statut != "decidee" {
		t.Errorf("un lot refusé a changé %s : %s", bonne, v.Statut)
	}
	l := d.preparerLot(t, []string{bonne})
	for _, c := range []*client{d.fournisseur(0), d.agent(t, "instructeur"), d.agent(t, "decideur"), d.agent(t, "auditeur")} {
		d.agirLot(t, c, l.ID, objet{"acte": "approuver"}).veut(t, "un comptable seul approuve", 403, 404)
	}
	d.agirLot(t, un, "inconnu", "{").veut(t, "404 avant le corps", 404)
	d.agirLot(t, d.agent(t, "instructeur"), l.ID, "{").veut(t, "403 avant le corps", 403)
	for _, id := range []string{"inconnu", strings.Repeat("a", 2000)} {
		d.agirLot(t, un, id, objet{"acte": "approuver"}).veut(t, "lot inconnu", 404, 400)
		un.virement(t, id).veut(t, "lot inconnu", 404, 400)
	}
}

func TestManyBatchesAtOncePayOnce(t *testing.T) {
	t.Parallel()
	d := partage(t, "lots")
	asp := d.enEtat(t, "decidee")[0]
	var mu sync.Mutex
	var ids []string
	var g sync.WaitGroup
	for n := range 6 {
		g.Go(func() {
			r := d.agent(t, "comptable", n%2).appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": []string{asp}})
			if r.veut(t, "six lots à la fois", 201, 409, 422) && r.statut == 201 {
				mu.Lock()
				ids = append(ids, fmt.Sprint(n%2, " ", lire[lot](t, r).ID))
				mu.Unlock()
			}
		})
	}
	g.Wait()
	if len(ids) != 1 {
		t.Fatalf("une demande en %d lots", len(ids))
	}
	preparateur, id, _ := strings.Cut(ids[0], " ")
	autre := map[string]int{"0": 1, "1": 0}[preparateur]
	for range 6 {
		g.Go(func() {
			d.agirLot(t, d.agent(t, "comptable", autre), id, objet{"acte": "approuver"}).veut(t, "six approbations à la fois", 200, 409)
		})
	}
	g.Wait()
	p := lirePain(t, d.agent(t, "comptable").virement(t, id).corps)
	if len(p.Init.Lots) != 1 || len(p.Init.Lots[0].Virements) != 1 {
		t.Errorf("virement d’une demande : %+v", p.Init)
	}
	autreLot := lirePain(t, d.agent(t, "comptable").virement(t, d.lotApprouve(t, d.enEtat(t, "decidee"))).corps)
	if autreLot.Init.Entete.MsgID == p.Init.Entete.MsgID {
		t.Errorf("deux lots sous le même MsgId %s", p.Init.Entete.MsgID)
	}
}
