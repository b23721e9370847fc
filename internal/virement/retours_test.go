package virement

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const entete002 = `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>` +
	`<GrpHdr><MsgId>BQ-1</MsgId></GrpHdr>`

const pied002 = `</CstmrPmtStsRpt></Document>`

func TestReturnsAreRead(t *testing.T) {
	for fichier, attendu := range map[string]Releve{
		"pain002.xml": {Format: "pain.002.001.10", Message: "BANQUE-FICTIVE-77", Ordre: "LOT-000042", Lus: 3,
			Retours: []Retour{{"ASP-0000001-K", "AC04", "Compte clôturé le 1er juin", "LOT-000042", 255_00}, {"ASP-0000003-P", "MS03", "", "LOT-000042", 0}}},
		"camt054.xml": {Format: "camt.054.001.08", Message: "BANQUE-FICTIVE-78", Lus: 4,
			Retours: []Retour{{"ASP-0000002-M", "AC01", "", "LOT-000042", 1}}},
	} {
		b, err := os.ReadFile("testdata/" + fichier)
		if err != nil {
			t.Fatal(err)
		}
		r, err := LireRetours(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%s: %v", fichier, err)
		}
		if d := cmp.Diff(attendu, *r); d != "" {
			t.Errorf("%s: %s", fichier, d)
		}
		if _, err := LireRetours(bytes.NewReader(b[:len(b)-20])); err == nil {
			t.Errorf("%s: cut short and read all the same", fichier)
		}
	}
}

func TestStatusOfTheGroupCoversItsTransfers(t *testing.T) {
	groupe := func(statut, suite string) string {
		return entete002 + `<OrgnlGrpInfAndSts><OrgnlMsgId>L</OrgnlMsgId>` + statut + `</OrgnlGrpInfAndSts>` + suite + pied002
	}
	raison := `<StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>`
	for nom, cas := range map[string]struct {
		xml     string
		rejet   string
		retours []Retour
	}{
		"whole order":    {groupe(`<GrpSts>RJCT</GrpSts>`+raison, ""), "FF01", nil},
		"group":          {groupe("", `<OrgnlPmtInfAndSts><PmtInfSts>RJCT</PmtInfSts>`+raison+`</OrgnlPmtInfAndSts>`), "FF01", nil},
		"named by group": {groupe("", `<OrgnlPmtInfAndSts><PmtInfSts>RJCT</PmtInfSts>`+raison+`<TxInfAndSts><OrgnlEndToEndId>A</OrgnlEndToEndId></TxInfAndSts></OrgnlPmtInfAndSts>`), "", []Retour{{EndToEndID: "A", Motif: "FF01", Ordre: "L"}}},
		"accepted":       {groupe(`<GrpSts>ACTC</GrpSts>`, ""), "", nil},
		"partly":         {groupe(`<GrpSts>PART</GrpSts>`, `<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>A</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>`), "", nil},
		"said twice alike": {groupe("", strings.Repeat(`<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>A</OrgnlEndToEndId><TxSts>RJCT</TxSts>`+raison+`</TxInfAndSts></OrgnlPmtInfAndSts>`, 2)),
			"", []Retour{{EndToEndID: "A", Motif: "FF01", Ordre: "L"}}},
	} {
		r, err := LireRetours(strings.NewReader(cas.xml))
		if err != nil {
			t.Errorf("%s: %v", nom, err)
			continue
		}
		if r.Rejet != cas.rejet || !cmp.Equal(r.Retours, cas.retours) {
			t.Errorf("%s: got %+v", nom, r)
		}
	}
}

// A week's notification brings back a payment and its re-issue, for another
// reason each: they are two returns. What is said of one order twice is one.
func TestReissueComesBackBesideTheFirst(t *testing.T) {
	ligne := func(ordre, motif string) string {
		return `<Ntry><Amt Ccy="EUR">255.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs><MsgId>` + ordre + `</MsgId><EndToEndId>A</EndToEndId></Refs>` +
			`<Amt Ccy="EUR">255.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RtrInf><Rsn><Cd>` + motif + `</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>`
	}
	r, err := LireRetours(strings.NewReader(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><Ntfctn>` +
		ligne("LOT-1", "AC04") + ligne("LOT-2", "AC06") + ligne("LOT-2", "AC06") + `</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]Retour{{"A", "AC04", "", "LOT-1", 255_00}, {"A", "AC06", "", "LOT-2", 255_00}}, r.Retours); d != "" {
		t.Error(d)
	}
}

func TestHostileReturnsAreRefused(t *testing.T) {
	tx := func(id, code string) string {
		return `<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>` + id + `</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>` + code + `</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>`
	}
	for nom, cas := range map[string][2]string{
		"doctype":            {`<!DOCTYPE d [<!ENTITY a "b">]>` + entete002[38:] + pied002, "DOCTYPE"},
		"entity":             {entete002 + `<X>&a;</X>` + pied002, "syntaxe XML à la ligne 1"},
		"encoding":           {strings.Replace(entete002, "UTF-8", "UTF-16", 1) + pied002, "attendu UTF-8"},
		"other format":       {`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"></Document>`, "pain.002 ou camt.054"},
		"html":               {`<html></html>`, "pain.002 ou camt.054"},
		"empty":              {``, "pas un document XML"},
		"text":               {`bonjour`, "pas un document XML"},
		"cut short":          {entete002, "tronqué"},
		"crossed tags":       {entete002 + `<a><b></a></b>` + pied002, "ne ferme rien"},
		"two documents":      {entete002 + pied002 + entete002[38:] + pied002, "deux documents"},
		"deep":               {entete002 + strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40) + pied002, "imbriqués"},
		"long text":          {entete002 + `<a>` + strings.Repeat("x", 3000) + `</a>` + pied002, "trop long"},
		"huge text":          {entete002 + `<a>` + strings.Repeat("x", 70_000) + `</a>` + pied002, "trop long"},
		"attributes":         {entete002 + `<a ` + strings.Repeat(`b="" `, 20_000) + `/>` + pied002, "64 Kio"},
		"without identifier": {entete002 + tx("", "AC04") + pied002, "de quel virement"},
		"not provided":       {entete002 + tx("NOTPROVIDED", "AC04") + pied002, "de quel virement"},
		"two reasons":        {entete002 + tx("A", "AC04") + tx("A", "AC01") + pied002, "deux motifs"},
	} {
		if _, err := LireRetours(strings.NewReader(cas[0])); err == nil || !strings.Contains(err.Error(), cas[1]) {
			t.Errorf("%s: got %v, expected %q", nom, err, cas[1])
		}
	}
}

// infini repeats a harmless element for ever.
type infini struct{ debut, motif string }

func (x *infini) Read(p []byte) (int, error) {
	if x.debut != "" {
		n := copy(p, x.debut)
		x.debut = x.debut[n:]
		return n, nil
	}
	n := copy(p, strings.Repeat(x.motif, len(p)/len(x.motif)+1)[:len(p)/len(x.motif)*len(x.motif)])
	return n, nil
}

func TestEndlessReturnsStop(t *testing.T) {
	if _, err := lireRetours(&infini{entete002, "<aaaaaaaaaaaa/>\n"}, 1<<20); err == nil || !strings.Contains(err.Error(), "64 Mio") {
		t.Errorf("got %v", err)
	}
}

func TestReasonsHaveTheirForm(t *testing.T) {
	for code, libelle := range motifs {
		if motif(code) != code || libelle == "" {
			t.Errorf("%q: %q", code, libelle)
		}
	}
	for _, s := range []string{"", "AC0", "AC045", "ac04", "AC-4", "é€"} {
		if motif(s) != "MS03" {
			t.Errorf("%q passes as a reason", s)
		}
	}
	if LibelleMotif("AC04") != "compte clôturé" || LibelleMotif("ZZ99") != "" {
		t.Error("wrong sentence for a reason")
	}
}

func FuzzLireRetours(f *testing.F) {
	for _, n := range []string{"pain002.xml", "camt054.xml"} {
		b, err := os.ReadFile("testdata/" + n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := LireRetours(bytes.NewReader(b))
		if err != nil {
			return
		}
		if r == nil || r.Format == "" || len(r.Retours) > r.Lus {
			t.Fatalf("%+v", r)
		}
		for _, x := range r.Retours {
			if x.EndToEndID == "" || len(x.EndToEndID) > idMax || motif(x.Motif) != x.Motif {
				t.Fatalf("%+v", x)
			}
		}
	})
}
