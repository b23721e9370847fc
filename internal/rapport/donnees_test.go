package rapport

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"guichet.example/segur"
)

func essaiNomme(t *testing.T, nom string) essai {
	t.Helper()
	for _, e := range essais(t) {
		if e.nom == nom {
			return e
		}
	}
	t.Fatalf("no run %s", nom)
	return essai{}
}

// TestJSONNonLuSansVerdict: a file that was not read has an error and no
// verdict, at its place in the array.
func TestJSONNonLuSansVerdict(t *testing.T) {
	var rs []map[string]any
	if err := json.Unmarshal([]byte(rendre(t, "json", essaiNomme(t, "plusieurs"))), &rs); err != nil {
		t.Fatal(err)
	}
	verdicts := []any{"accepte", "partiel", "rejete", nil, "rejete"}
	if len(rs) != len(verdicts) {
		t.Fatalf("%d reports", len(rs))
	}
	for i, r := range rs {
		_, erreur := r["erreur"]
		if r["verdict"] != verdicts[i] || erreur != (verdicts[i] == nil) {
			t.Errorf("report %d: verdict %v, erreur %v", i+1, r["verdict"], r["erreur"])
		}
	}
	var un map[string]any
	if err := json.Unmarshal([]byte(rendre(t, "json", essaiNomme(t, "pieces"))), &un); err != nil || un["pieces"] == nil {
		t.Errorf("no pieces: %v", err)
	}
	if err := json.Unmarshal([]byte(rendre(t, "json", essaiNomme(t, "incomplet"))), &un); err != nil || un["erreur"] == nil || un["verdict"] != "accepte" {
		t.Errorf("a report beside which something failed must say both: %v", un)
	}
}

type journalSARIF struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		ColumnKind string
		Tool       struct {
			Driver struct {
				Name, Version string
				Rules         []struct {
					ID               string
					ShortDescription struct{ Text string }
				}
			}
		}
		Invocations []struct {
			ExecutionSuccessful        *bool
			ToolExecutionNotifications []struct {
				Level   string
				Message struct{ Text string }
			}
		}
		Artifacts []struct {
			Location struct{ URI string }
			Hashes   map[string]string
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct {
						URI   string
						Index int
					}
					Region *struct{ StartLine, StartColumn, EndLine, EndColumn, CharOffset, CharLength int }
				}
			}
		}
	}
}

// TestSARIF checks that results, rules and files agree, and that regions are
// exactly where the faults are, characters counted without the BOM.
func TestSARIF(t *testing.T) {
	for _, e := range essais(t) {
		var j journalSARIF
		if err := json.Unmarshal([]byte(rendre(t, "sarif", e)), &j); err != nil {
			t.Fatal(err)
		}
		if j.Version != "2.1.0" || len(j.Runs) != 1 || len(j.Runs[0].Artifacts) != len(e.resultats) || j.Runs[0].ColumnKind != "unicodeCodePoints" {
			t.Fatalf("%s: not the log expected", e.nom)
		}
		r := j.Runs[0]
		for _, x := range r.Results {
			if r.Tool.Driver.Rules[x.RuleIndex].ID != x.RuleID || r.Tool.Driver.Rules[x.RuleIndex].ShortDescription.Text == "" {
				t.Errorf("%s: rule %d is not %s", e.nom, x.RuleIndex, x.RuleID)
			}
			p := x.Locations[0].PhysicalLocation
			if p.ArtifactLocation.URI != r.Artifacts[p.ArtifactLocation.Index].Location.URI {
				t.Errorf("%s: file %d is not %s", e.nom, p.ArtifactLocation.Index, p.ArtifactLocation.URI)
			}
			if g := p.Region; g != nil {
				// The same place by line and column as by offset.
				texte := []rune(strings.TrimPrefix(string(e.resultats[p.ArtifactLocation.Index].Octets), "\ufeff"))
				if ligne, colonne := placeDe(texte, g.CharOffset); ligne != g.StartLine || colonne != g.StartColumn {
					t.Errorf("%s %s: starts at %d:%d, offset says %d:%d", e.nom, x.RuleID, g.StartLine, g.StartColumn, ligne, colonne)
				}
				if ligne, colonne := placeDe(texte, g.CharOffset+g.CharLength); ligne != g.EndLine || colonne != g.EndColumn {
					t.Errorf("%s %s: ends at %d:%d, offset says %d:%d", e.nom, x.RuleID, g.EndLine, g.EndColumn, ligne, colonne)
				}
			}
		}
		for _, avis := range r.Invocations[0].ToolExecutionNotifications {
			if *r.Invocations[0].ExecutionSuccessful || avis.Level != "error" {
				t.Errorf("%s: a failure that is called a success", e.nom)
			}
		}
	}
}

// placeDe is the line and the column of an offset.
func placeDe(texte []rune, off int) (ligne, colonne int) {
	avant := string(texte[:off])
	ligne = 1 + strings.Count(avant, "\n")
	return ligne, 1 + len([]rune(avant[strings.LastIndexByte(avant, '\n')+1:]))
}

// TestJUnit checks that the counts of each suite are those of its cases.
func TestJUnit(t *testing.T) {
	for _, e := range essais(t) {
		var j struct {
			Suites []struct {
				Tests    int `xml:"tests,attr"`
				Failures int `xml:"failures,attr"`
				Errors   int `xml:"errors,attr"`
				Cases    []struct {
					Failure *string `xml:"failure"`
					Error   *string `xml:"error"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal([]byte(rendre(t, "junit", e)), &j); err != nil {
			t.Fatal(err)
		}
		if len(j.Suites) != len(e.resultats) {
			t.Errorf("%s: %d suites", e.nom, len(j.Suites))
		}
		for i, s := range j.Suites {
			echecs, erreurs := 0, 0
			for _, c := range s.Cases {
				if c.Failure != nil {
					echecs++
				}
				if c.Error != nil {
					erreurs++
				}
			}
			if s.Tests != len(s.Cases) || s.Failures != echecs || s.Errors != erreurs {
				t.Errorf("%s, suite %d: says %d/%d/%d, has %d/%d/%d", e.nom, i+1, s.Tests, s.Failures, s.Errors, len(s.Cases), echecs, erreurs)
			}
		}
	}
}

func TestURI(t *testing.T) {
	for chemin, attendu := range map[string]string{
		"a.json": "a.json", "./lot été/a b#1.json": "lot%20%C3%A9t%C3%A9/a%20b%231.json", "-": "entree-standard",
		"/tmp/x.json": "file:///tmp/x.json", "a:b?.json": "a%3Ab%3F.json", ".//x.json": "x.json",
	} {
		if uri := uriDe(&segur.Fichier{Chemin: chemin}); uri != attendu {
			t.Errorf("%s: %s, want %s", chemin, uri, attendu)
		}
	}
}
