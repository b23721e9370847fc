package courrier

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"guichet.example/segur"
)

var update = flag.Bool("update", false, "write the goldens again")

var quand = time.Date(2023, 7, 3, 14, 5, 0, 0, time.FixedZone("CEST", 7200))

func cadre() Cadre {
	return Cadre{Portail: "Guichet Ségur (exemple)", Adresse: "https://guichet.example", Contact: "aide@guichet.example"}
}

const a = "gestionnaire@editeur.example"

// tous makes one message of each kind.
func tous(t testing.TB, c Cadre) map[string]Message {
	t.Helper()
	faits := map[string]Message{}
	noter := func(nom string) func(Message, error) {
		return func(m Message, err error) {
			t.Helper()
			if err != nil {
				t.Fatalf("%s: %v", nom, err)
			}
			faits[nom] = m
		}
	}
	jour := segur.Jour{Annee: 2023, Mois: 8, Jour: 31}
	noter("activation")(Activation(c, a, "gestionnaire", "https://guichet.example/activation/AbC-123_z", quand))
	noter("reinitialisation")(Reinitialisation(c, a, "https://guichet.example/mot-de-passe/AbC-123_z", quand))
	d := Depot{ID: "D-7", Type: segur.Avance, NomFichier: "JSON-1234567890-20230703-001.json", RecuLe: quand, Acceptees: 195, Refusees: 5, PiecesManquantes: 12, URL: "https://guichet.example/depots/D-7"}
	noter("depot")(DepotRecu(c, a, d))
	d.Acceptees, d.PiecesManquantes = 0, 0
	noter("depot_rejete")(DepotRecu(c, a, d))
	d.Acceptees, d.Refusees = 1, 0
	noter("depot_accepte")(DepotRecu(c, a, d))
	noter("modification")(ModificationDemandee(c, a, Correction{"ASP-2023-000005-K", "00005", []string{"Le bon de commande n’est pas signé : faites-le signer par le titulaire et déposez-le de nouveau."}, jour, "https://guichet.example/demandes/ASP-2023-000005-K"}))
	noter("relance")(Relance(c, a, Rappel{[]string{"ASP-2023-000005-K : à modifier avant le 31/08/2023", "ASP-2023-000009-M : pièces manquantes"}, 14, jour, "https://guichet.example/a-faire"}))
	noter("decision")(DecisionRendue(c, a, Notification{3, 1, "DEC-2023-000042", "https://guichet.example/decisions/42"}))
	noter("avis")(AvisPaiement(c, a, Paiement{"LOT-000042", 4, 102000, segur.Jour{Annee: 2023, Mois: 7, Jour: 5}, "https://guichet.example/avis/42"}))
	return faits
}

func TestMessagesAreTheGoldens(t *testing.T) {
	for nom, m := range tous(t, cadre()) {
		for ext, s := range map[string]string{".txt": m.Objet + "\n\n" + m.Texte, ".html": m.HTML} {
			if ext == ".html" && nom != "activation" && nom != "modification" {
				continue // one with facts and one with a list show the whole template
			}
			chemin := filepath.Join("testdata", nom+ext)
			if *update {
				if err := os.WriteFile(chemin, []byte(s), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			attendu, err := os.ReadFile(chemin)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(attendu), s); d != "" {
				t.Errorf("%s%s: %s", nom, ext, d)
			}
		}
	}
}

func TestBothPartsSayTheSame(t *testing.T) {
	for nom, m := range tous(t, cadre()) {
		for _, l := range strings.Split(m.Texte, "\n") {
			if strings.Contains(l, "https://") && !strings.Contains(m.HTML, l) {
				t.Errorf("%s: the HTML part has not the link %s", nom, l)
			}
			if n := len([]rune(l)); n > 72 && !strings.HasPrefix(l, "https://") {
				t.Errorf("%s: a line of %d characters: %s", nom, n, l)
			}
		}
		if !strings.Contains(m.HTML, `<html lang="fr">`) || strings.Contains(m.Texte+m.HTML, "%!") || strings.Contains(m.Texte, "'") {
			t.Errorf("%s: badly written:\n%s", nom, m.Texte)
		}
	}
}

func TestSandboxMarksEveryMessage(t *testing.T) {
	c := cadre()
	c.BacASable = true
	for nom, m := range tous(t, c) {
		if !strings.HasPrefix(m.Objet, "[TEST] ") || !strings.Contains(m.HTML, bacASable) || !strings.Contains(m.Texte, "*** TEST") {
			t.Errorf("%s is not marked", nom)
		}
	}
}

// A text from a form must not add a header, an addressee, a tag or a link.
func TestHostileTextsStayTexts(t *testing.T) {
	for _, s := range []string{"x\r\nBcc: autre@editeur.example", "x\nContent-Type: text/html\n\n<b>", "<script>alert(1)</script>", "\u202eexe", strings.Repeat("long ", 10_000), "\xff\x00"} {
		m, err := ModificationDemandee(cadre(), a, Correction{s, s, []string{s}, segur.Jour{Annee: 2023, Mois: 8, Jour: 31}, "https://guichet.example/x"})
		if err != nil {
			t.Fatalf("%.20q: %v", s, err)
		}
		if strings.ContainsAny(m.Objet, "\r\n\x00\u202e") || strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, "<b>") {
			t.Errorf("%.20q: %q", s, m.Objet)
		}
		for _, l := range strings.Split(m.Texte, "\n") {
			if strings.HasPrefix(l, "Bcc:") || strings.HasPrefix(l, "Content-Type") {
				t.Errorf("%.20q begins a line", s)
			}
		}
	}
	for _, u := range []string{"javascript:alert(1)", "//autre.example", "https://", "https://x.example/\"><b>", "https://x.example/a b", "ftp://x.example"} {
		if _, err := Activation(cadre(), a, "x", u, quand); err == nil {
			t.Errorf("the link %q passes", u)
		}
	}
	for _, x := range []string{"", "sans-arobase", "Nom <a@b.example>", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "a@b.example ", "é@b.example"} {
		if _, err := Activation(cadre(), x, "x", "https://guichet.example/x", quand); err == nil {
			t.Errorf("the addressee %q passes", x)
		}
	}
}

func TestCallersListIsLeftAlone(t *testing.T) {
	l := []string{"un\ndeux"}
	if _, err := Relance(cadre(), a, Rappel{l, 1, segur.Jour{Annee: 2023, Mois: 8, Jour: 31}, "https://guichet.example/x"}); err != nil || l[0] != "un\ndeux" {
		t.Errorf("%q, %v", l, err)
	}
}
