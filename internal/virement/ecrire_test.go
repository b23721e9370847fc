package virement

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"guichet.example/segur"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the goldens again")

// Account numbers of the standards' own examples: nobody's.
const (
	ibanFR = "FR7630006000011234567890189"
	ibanDE = "DE89370400440532013000"
	ibanBE = "BE68539007547034"
)

func exemple() Ordre {
	return Ordre{
		MsgID:         "LOT-000042",
		CreeLe:        time.Date(2023, 7, 3, 14, 5, 6, 789, time.FixedZone("CEST", 7200)),
		DateExecution: segur.Jour{Annee: 2023, Mois: 7, Jour: 5},
		Donneur:       Compte{Nom: "Agence fictive de paiement", IBAN: "FR76 3000 6000 0112 3456 7890 189", BIC: "agrifrpp"},
		Virements: []Virement{
			{EndToEndID: "ASP-0000001-K", Montant: 25500, Beneficiaire: Compte{"Éditions Œuvre & Santé – Île-d’Yeu", ibanFR, "AGRIFRPPXXX"}, Libelle: "Avance Ségur n° 00001"},
			{EndToEndID: "ASP-0000002-M", Montant: 1, Beneficiaire: Compte{"Łódź Größe <SARL> № 5", "de89 3704 0044 0532 0130 00", ""}},
		},
	}
}

func ecrit(t *testing.T, o Ordre) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Ecrire(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOrderIsTheGoldenMessage(t *testing.T) {
	obtenu := ecrit(t, exemple())
	chemin := filepath.Join("testdata", "ordre.xml")
	if *update {
		if err := os.WriteFile(chemin, obtenu, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	attendu, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(attendu), string(obtenu)); d != "" {
		t.Error(d)
	}
	if !bytes.Equal(obtenu, ecrit(t, exemple())) {
		t.Error("the same order gives other bytes")
	}
}

func TestXmllintReadsTheMessage(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	cmd := exec.Command(xmllint, "--noout", "--nonet", "-")
	cmd.Stdin = bytes.NewReader(ecrit(t, exemple()))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The schema of the message fixes the order of its elements, and a bank's
// reader refuses any other.
func TestElementsStandInTheOrderOfTheSchema(t *testing.T) {
	var chemins []string
	var pile []string
	d := xml.NewDecoder(bytes.NewReader(ecrit(t, exemple())))
	for {
		x, err := d.Token()
		if err != nil {
			break
		}
		switch x := x.(type) {
		case xml.StartElement:
			if x.Name.Space != espace {
				t.Fatalf("%s is in the namespace %q", x.Name.Local, x.Name.Space)
			}
			pile = append(pile, x.Name.Local)
			chemins = append(chemins, strings.Join(pile[min(2, len(pile)-1):], "/"))
		case xml.EndElement:
			pile = pile[:len(pile)-1]
		}
	}
	virement := func(bic, libelle bool) []string {
		l := []string{"", "/PmtId", "/PmtId/EndToEndId", "/Amt", "/Amt/InstdAmt"}
		if bic {
			l = append(l, "/CdtrAgt", "/CdtrAgt/FinInstnId", "/CdtrAgt/FinInstnId/BICFI")
		}
		l = append(l, "/Cdtr", "/Cdtr/Nm", "/CdtrAcct", "/CdtrAcct/Id", "/CdtrAcct/Id/IBAN")
		if libelle {
			l = append(l, "/RmtInf", "/RmtInf/Ustrd")
		}
		for i := range l {
			l[i] = "PmtInf/CdtTrfTxInf" + l[i]
		}
		return l
	}
	attendu := append(strings.Fields(`Document CstmrCdtTrfInitn GrpHdr GrpHdr/MsgId GrpHdr/CreDtTm GrpHdr/NbOfTxs GrpHdr/CtrlSum
		GrpHdr/InitgPty GrpHdr/InitgPty/Nm PmtInf PmtInf/PmtInfId PmtInf/PmtMtd PmtInf/NbOfTxs PmtInf/CtrlSum PmtInf/PmtTpInf
		PmtInf/PmtTpInf/SvcLvl PmtInf/PmtTpInf/SvcLvl/Cd PmtInf/ReqdExctnDt PmtInf/ReqdExctnDt/Dt PmtInf/Dbtr PmtInf/Dbtr/Nm
		PmtInf/DbtrAcct PmtInf/DbtrAcct/Id PmtInf/DbtrAcct/Id/IBAN PmtInf/DbtrAcct/Ccy PmtInf/DbtrAgt PmtInf/DbtrAgt/FinInstnId
		PmtInf/DbtrAgt/FinInstnId/BICFI PmtInf/ChrgBr`), append(virement(true, true), virement(false, false)...)...)
	if d := cmp.Diff(attendu, chemins); d != "" {
		t.Error(d)
	}
}

// lu is the message as another reader sees it.
type lu struct {
	Nombre string `xml:"CstmrCdtTrfInitn>GrpHdr>NbOfTxs"`
	Somme  string `xml:"CstmrCdtTrfInitn>GrpHdr>CtrlSum"`
	Groupe struct {
		Nombre string `xml:"NbOfTxs"`
		Somme  string `xml:"CtrlSum"`
		Autre  string `xml:"DbtrAgt>FinInstnId>Othr>Id"`
		Lignes []struct {
			ID      string `xml:"PmtId>EndToEndId"`
			Montant string `xml:"Amt>InstdAmt"`
			Nom     string `xml:"Cdtr>Nm"`
			Libelle string `xml:"RmtInf>Ustrd"`
		} `xml:"CdtTrfTxInf"`
	} `xml:"CstmrCdtTrfInitn>PmtInf"`
}

func TestSumsUniquenessAndCharset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := exemple()
		o.Virements = nil
		n := rapid.IntRange(1, 40).Draw(t, "n")
		var somme segur.Montant
		for i := range n {
			v := Virement{
				EndToEndID:   fmt.Sprintf("ASP-%05d", i),
				Montant:      segur.Montant(rapid.Int64Range(1, int64(segur.MontantMax)).Draw(t, "montant")),
				Beneficiaire: Compte{"A" + rapid.String().Draw(t, "nom"), rapid.SampledFrom([]string{ibanFR, ibanDE, ibanBE}).Draw(t, "iban"), ""},
				Libelle:      rapid.String().Draw(t, "libelle"),
			}
			somme += v.Montant
			o.Virements = append(o.Virements, v)
		}
		var b bytes.Buffer
		if err := Ecrire(&b, o); err != nil {
			t.Fatal(err)
		}
		var m lu
		if err := xml.Unmarshal(b.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		if m.Nombre != fmt.Sprint(n) || m.Groupe.Nombre != m.Nombre || len(m.Groupe.Lignes) != n {
			t.Fatalf("NbOfTxs %s and %s for %d transfers, %d written", m.Nombre, m.Groupe.Nombre, n, len(m.Groupe.Lignes))
		}
		if m.Somme != somme.String() || m.Groupe.Somme != m.Somme {
			t.Fatalf("CtrlSum %s and %s, expected %s", m.Somme, m.Groupe.Somme, somme)
		}
		vus := map[string]bool{}
		for i, l := range m.Groupe.Lignes {
			if vus[l.ID] || l.ID != o.Virements[i].EndToEndID || l.Montant != o.Virements[i].Montant.String() {
				t.Fatalf("transfer %d: %+v", i, l)
			}
			vus[l.ID] = true
			if strings.ContainsFunc(l.Nom+l.Libelle, horsJeu) || len(l.Nom) > 70 || len(l.Libelle) > 140 || l.Nom == "" {
				t.Fatalf("not in the SEPA set or too long: %q %q", l.Nom, l.Libelle)
			}
		}
	})
}

func TestPayerWithoutBICIsNotProvided(t *testing.T) {
	o := exemple()
	o.Donneur.BIC = ""
	var m lu
	if err := xml.Unmarshal(ecrit(t, o), &m); err != nil {
		t.Fatal(err)
	}
	if m.Groupe.Autre != "NOTPROVIDED" {
		t.Errorf("got %q", m.Groupe.Autre)
	}
}

func TestFaultyOrderWritesNothing(t *testing.T) {
	for nom, cas := range map[string]struct {
		gater   func(*Ordre)
		attendu string
	}{
		"twice the same payment":  {func(o *Ordre) { o.Virements[1].EndToEndID = o.Virements[0].EndToEndID }, "deux fois"},
		"nothing to pay":          {func(o *Ordre) { o.Virements[0].Montant = 0 }, "0,00"},
		"negative":                {func(o *Ordre) { o.Virements[0].Montant = -1 }, "-0,01"},
		"too much":                {func(o *Ordre) { o.Virements[0].Montant = segur.MontantMax + 1 }, "attendu de"},
		"no transfer":             {func(o *Ordre) { o.Virements = nil }, "de 1 à"},
		"bad IBAN":                {func(o *Ordre) { o.Virements[0].Beneficiaire.IBAN = "FR7630006000011234567890188" }, "clé de l’IBAN"},
		"IBAN outside SEPA":       {func(o *Ordre) { o.Virements[0].Beneficiaire.IBAN = "TN5910006035183598478831" }, "zone SEPA"},
		"bad BIC":                 {func(o *Ordre) { o.Virements[0].Beneficiaire.BIC = "AGRI12PP" }, "BIC"},
		"name without a letter":   {func(o *Ordre) { o.Virements[0].Beneficiaire.Nom = "健康" }, "lettres latines"},
		"identifier with accent":  {func(o *Ordre) { o.Virements[0].EndToEndID = "É1" }, "jeu SEPA"},
		"identifier with slashes": {func(o *Ordre) { o.Virements[0].EndToEndID = "A//B" }, "jeu SEPA"},
		"identifier too long":     {func(o *Ordre) { o.Virements[0].EndToEndID = strings.Repeat("A", 36) }, "35"},
		"message without a name":  {func(o *Ordre) { o.MsgID = "" }, "message"},
		"no such day":             {func(o *Ordre) { o.DateExecution.Mois = 13 }, "date d’exécution"},
		"no instant":              {func(o *Ordre) { o.CreeLe = time.Time{} }, "instant"},
	} {
		t.Run(nom, func(t *testing.T) {
			o := exemple()
			cas.gater(&o)
			var b bytes.Buffer
			var faux *Invalide
			if err := Ecrire(&b, o); !errors.As(err, &faux) || !strings.Contains(err.Error(), cas.attendu) {
				t.Errorf("got %v, expected %q", err, cas.attendu)
			}
			if b.Len() > 0 {
				t.Errorf("%d bytes written", b.Len())
			}
		})
	}
}

func TestFaultsAreCountedAndBounded(t *testing.T) {
	o := exemple()
	o.Virements = make([]Virement, 100)
	var faux *Invalide
	if err := Ecrire(&bytes.Buffer{}, o); !errors.As(err, &faux) || len(faux.Fautes) != fautesMax || faux.Nombre <= 100 {
		t.Fatalf("got %v", err)
	}
}

func TestFailingWriterIsReported(t *testing.T) {
	o := exemple()
	for i := range 1000 {
		o.Virements = append(o.Virements, Virement{EndToEndID: fmt.Sprint(i), Montant: 1, Beneficiaire: o.Virements[0].Beneficiaire})
	}
	if err := Ecrire(plein{}, o); !errors.Is(err, errPlein) {
		t.Errorf("got %v", err)
	}
}

var errPlein = errors.New("disk full")

type plein struct{}

func (plein) Write([]byte) (int, error) { return 0, errPlein }

func BenchmarkEcrire20000(b *testing.B) {
	o := exemple()
	o.Virements = nil
	for i := range 20_000 {
		o.Virements = append(o.Virements, Virement{EndToEndID: fmt.Sprintf("ASP-%07d", i), Montant: 25500,
			Beneficiaire: Compte{"Éditeur fictif & fils", ibanFR, "AGRIFRPPXXX"}, Libelle: "Avance Ségur"})
	}
	for b.Loop() {
		if err := Ecrire(&bytes.Buffer{}, o); err != nil {
			b.Fatal(err)
		}
	}
}
