package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/internal/store/pgtest"
)

// surChaque runs a test on a portal over each engine.
func surChaque(t *testing.T, f func(t *testing.T, p *portail)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, servir(t, guichettest.SQLite(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if postgres == nil {
			t.Skip(pgtest.ErrAbsent)
		}
		f(t, servir(t, guichettest.Postgres(t, postgres)))
	})
}

// Addresses that no store holds, and that some engines refuse to look for, are
// unknown objects: never a fault of ours. A refusal is journalled, with a name
// of the object that fits a journal.
func TestHostileAddresses(t *testing.T) {
	t.Parallel()
	surChaque(t, func(t *testing.T, p *portail) {
		for _, mal := range []string{"%00", "a%00b", "%ff%fe", "%C3%28", "%ED%A0%80", "%27%3B%20DROP%20TABLE%20demande", "%252e%252e", "%E2%80%AE", "%0d%0aX:y", strings.Repeat("9", 9000), "-1", "ASP-99999999999999999999999999-2"} {
			for _, x := range []appel{
				{"auditeur", "GET", "/demandes/" + mal, "", nil},
				{"a.lecteur", "GET", "/depots/" + mal, "", nil},
				{"a.lecteur", "GET", "/depots/" + mal + "/retour", "", nil},
				{"a.gestionnaire", "PUT", "/depots/" + mal + "/pieces", "PK", nil},
				{"a.gestionnaire", "PUT", "/demandes/" + mal + "/pieces/" + mal, "x", nil},
				{"instructeur1", "POST", "/demandes/" + mal + "/actes", `{"acte": "prendre"}`, nil},
				{"auditeur", "GET", "/lots-paiement/" + mal, "", nil},
				{"auditeur", "GET", "/lots-paiement/" + mal + "/virement", "", nil},
				{"comptable1", "POST", "/lots-paiement/" + mal + "/actes", `{"acte": "approuver"}`, nil},
			} {
				if r := p.appeler(x); r.statut != 404 {
					t.Errorf("%s %.60s as %s: %d %s", x.methode, x.chemin, x.qui, r.statut, r.corps)
				}
			}
			for _, x := range []appel{
				{"a.gestionnaire", "POST", "/lots-paiement/" + mal + "/actes", `{"acte": "approuver"}`, nil},
				{"a.gestionnaire", "GET", "/lots-paiement/" + mal, "", nil},
				{"decideur", "GET", "/lots-paiement/" + mal + "/virement", "", nil},
			} {
				if r := p.appeler(x); r.statut != 403 {
					t.Errorf("%s %.60s as %s: %d %s", x.methode, x.chemin, x.qui, r.statut, r.corps)
				}
			}
		}
		p.journalSain(t)
	})
}

// Texts of any kind in bodies: refused or kept, never a fault of ours; and no
// caller writes as much as he likes into the journal.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	surChaque(t, func(t *testing.T, p *portail) {
		un := string(p.Amener(t, guichet.Validee, 1)[0])
		deux := string(p.Amener(t, guichet.EnInstruction, 1)[0])
		lot := string(p.Lot(t, guichet.LotPrepare, p.Amener(t, guichet.Decidee, 1)...).ID)
		for _, mal := range []string{`\u0000`, `a\u0000b`, `\u202e`, `\u001b[31m`, `<script>`, strings.Repeat("x", 100_000), `\ud800`, "\xff"} {
			for _, x := range []appel{
				acte("decideur", un, `{"acte": "renvoyer", "motif": "`+mal+`"}`),
				acte("instructeur1", un, `{"acte": "prendre"}`),
				acte("instructeur1", deux, `{"acte": "`+mal+`"}`),
				acte("a.gestionnaire", deux, `{"acte": "`+mal+`"}`),
				acte("instructeur1", deux, `{"acte": "valider", "tranche": "`+mal+`", "verifications": {"`+mal+`": "oui"}}`),
				acte("instructeur1", deux, `{"acte": "demander_modification", "motifs": ["piece_illisible"], "cibles": ["commande"], "echeance": "2023-08-03", "message": "`+mal+`"}`),
				acte("instructeur1", deux, `{"acte": "demander_modification", "motifs": ["`+mal+`"], "cibles": ["`+mal+`"], "echeance": "`+mal+`"}`),
				acte("a.gestionnaire", deux, `{"acte": "corriger", "champs": {"beneficiaire.nomResponsable": "`+mal+`", "`+mal+`": null}}`),
				post("decideur", "/decisions", `{"sens": "attribution", "numerosASP": ["`+mal+`"]}`),
				post("decideur", "/decisions", `{"sens": "`+mal+`", "numerosASP": []}`),
				post("comptable2", "/lots-paiement", `{"numerosASP": ["`+mal+`"]}`),
				post("comptable2", "/lots-paiement/"+lot+"/actes", `{"acte": "`+mal+`"}`),
				post("comptable2", "/lots-paiement/"+lot+"/actes", `{"acte": "retourner", "retours": [{"numeroASP": "`+mal+`", "motif": "`+mal+`"}]}`),
				post("a.gestionnaire", "/lots-paiement/"+lot+"/actes", `{"acte": "`+mal+`"}`),
				{"auditeur", "GET", "/demandes?curseur=" + mal[:1] + "&statut=%00", "", nil},
				{"decideur", "POST", "/decisions", "{}", map[string]string{"Idempotency-Key": "clé\xff"}},
				{"comptable2", "POST", "/lots-paiement", "{}", map[string]string{"Idempotency-Key": "clé\xff"}},
				depot("a.deposant", "JSON-"+mal+".json", "{}", "avance", mal, nil),
			} {
				if r := p.appeler(x); r.statut >= 500 {
					t.Errorf("%s %s %.90q as %s: %d", x.methode, x.chemin, x.corps, x.qui, r.statut)
				}
			}
			// Back to where the next text finds it.
			p.reprendre(t, un, deux)
		}
		p.journalSain(t)
	})
}

// reprendre brings one request back to validee and the other to en_instruction.
func (p *portail) reprendre(t *testing.T, un, deux string) {
	t.Helper()
	statut := func(n string) string {
		return valeur(p.appeler(appel{"a.lecteur", "GET", "/demandes/" + n, "", nil}).corps, "statut")
	}
	if statut(un) == "en_instruction" {
		p.appeler(acte("instructeur1", un, `{"acte": "valider", "tranche": "B", "verifications": `+toutes+`}`))
	}
	if statut(deux) == "a_modifier" {
		p.appeler(acte("a.gestionnaire", deux, `{"acte": "corriger", "champs": {}}`))
		p.appeler(acte("instructeur1", deux, `{"acte": "prendre"}`))
	}
	if a, b := statut(un), statut(deux); a != "validee" || b != "en_instruction" {
		t.Errorf("%s and %s", a, b)
	}
}

// entreeMax is more than any act needs to say of itself.
const entreeMax = 12_000

// journalSain holds the chain, and that every entry is short, of plain text,
// and read back as JSON.
func (p *portail) journalSain(t *testing.T) {
	t.Helper()
	v, err := p.Base.VerifierJournal(t.Context())
	if err != nil || len(v.Ruptures) > 0 {
		t.Errorf("journal: %v %v", v.Ruptures, err)
	}
	lues := 0
	for depuis := "1"; depuis != ""; {
		r := p.appeler(appel{"auditeur", "GET", "/journal?depuis=" + depuis, "", nil})
		var page struct {
			Entrees []json.RawMessage
			Suivant *int64
		}
		if err := json.Unmarshal([]byte(r.corps), &page); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entrees {
			lues++
			if len(e) > entreeMax {
				t.Errorf("an entry of %d bytes: %.300s", len(e), e)
			}
			var x struct{ Acte, Objet string }
			if err := json.Unmarshal(e, &x); err != nil || len(x.Acte) > 100 || len(x.Objet) > 400 || strings.ContainsAny(x.Acte+x.Objet, "\x00\x1b\r\n\u202e\ufffd") {
				t.Errorf("entry %.300s: %v", e, err)
			}
		}
		if depuis = ""; page.Suivant != nil {
			depuis = fmt.Sprint(*page.Suivant)
		}
	}
	if lues < 10 {
		t.Errorf("only %d entries read", lues)
	}
}
