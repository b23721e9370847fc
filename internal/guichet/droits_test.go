package guichet

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var reecrire = flag.Bool("update", false, "rewrite the goldens of testdata")

// comparer holds a text against its golden.
func comparer(t *testing.T, nom, got string) {
	t.Helper()
	chemin := filepath.Join("testdata", nom)
	if *reecrire {
		if err := os.WriteFile(chemin, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not what the table says; -update rewrites it, to be read before it is committed:\n%s", chemin, diff)
	}
}

func tousRoles() []Role {
	return append([]Role{Gestionnaire, Deposant, Lecteur}, RolesAgents()...)
}

// The table of rights as one page that a lawyer can read.
func TestDroitsGolden(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Qui a le droit de quoi. Un « x » donne le droit ; rien d’autre ne le donne.\n" +
		"Les rôles d’un fournisseur n’atteignent que les objets de ce fournisseur. Quel que soit le nombre de ses rôles,\n" +
		"une personne n’agit sur une même demande que dans une seule fonction : instruction, décision, paiement ou contrôle.\n\n")
	for i, r := range tousRoles() {
		genre := "agence"
		if i < 3 {
			genre = "fournisseur"
		}
		fmt.Fprintf(&b, "%d = %s (%s)\n", i+1, r, genre)
	}
	b.WriteString("\ndroit                   1 2 3   4 5 6 7 8 9\n")
	for _, d := range Droits() {
		fmt.Fprintf(&b, "%-22s", d.Action)
		for i, r := range tousRoles() {
			if i == 0 || i == 3 {
				b.WriteString(" ")
			}
			if i == 3 {
				b.WriteString(" ")
			}
			signe := " ."
			if Peut([]Role{r}, d.Action) {
				signe = " x"
			}
			b.WriteString(signe)
		}
		b.WriteString("\n")
	}
	comparer(t, "droits.txt", b.String())
}

// What outsiders were promised (contracts.md), said once more by hand: a
// mistake in the table must not agree with itself.
func TestDroitsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	fournisseur := []Role{Gestionnaire, Deposant}
	promis := map[Action][]Role{
		Prendre: {Instructeur}, DemanderModification: {Instructeur}, Valider: {Instructeur}, ProposerRefus: {Instructeur},
		Decider: {Decideur}, Renvoyer: {Decideur},
		PreparerLot: {Comptable}, ApprouverLot: {Comptable}, RetournerLot: {Comptable}, ReglerLot: {Comptable},
		DeposerFichier: fournisseur, DeposerPieces: fournisseur, Corriger: fournisseur, Annuler: fournisseur,
		OuvrirControle: {Controleur}, Constater: {Controleur}, Recouvrer: {Controleur},
		LireJournal: {Auditeur, Administrateur}, LireDemande: tousRoles(),
	}
	for action, roles := range promis {
		for _, r := range tousRoles() {
			if got, want := Peut([]Role{r}, action), slices.Contains(roles, r); got != want {
				t.Errorf("%s as %s: %v", action, r, got)
			}
		}
	}
	for _, r := range append(fournisseur, Lecteur, Instructeur, Decideur) {
		if Peut([]Role{r}, LireVirement) {
			t.Errorf("%s reads payment files", r)
		}
	}
	if Peut(nil, LireDemande) || Peut(tousRoles(), "inconnue") {
		t.Error("a right out of nothing")
	}
}

// An action that no service asks for is a right that nothing holds; one
// without a row is a service that nobody may use.
func TestEveryActionIsAskedFor(t *testing.T) {
	t.Parallel()
	constantes := map[string]Action{}
	usages := map[string]bool{}
	for _, dossier := range []string{".", "../api", "../web"} {
		fichiers, err := filepath.Glob(filepath.Join(dossier, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fichiers {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			arbre, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if f == "droits.go" {
				actionsDe(arbre, constantes)
				continue
			}
			ast.Inspect(arbre, func(n ast.Node) bool {
				if x, ok := n.(*ast.Ident); ok {
					usages[x.Name] = true
				}
				return true
			})
		}
	}
	if len(constantes) < 20 {
		t.Fatalf("only %d actions found in droits.go", len(constantes))
	}
	rangees := map[Action]int{}
	for _, d := range Droits() {
		rangees[d.Action]++
	}
	// What nobody signed in does needs no right, and must not seem to give one.
	sansRole := []Action{DemanderEnrolement, ImporterRegistre, ExpirerDemande, EcarterPiece, RenouvelerCle, Connexion, Deconnexion}
	for nom, a := range constantes {
		if want := map[bool]int{true: 0, false: 1}[slices.Contains(sansRole, a)]; rangees[a] != want {
			t.Errorf("%s has %d rows in the table of rights", a, rangees[a])
		}
		if !usages[nom] {
			t.Errorf("no service or route asks for %s (%s)", nom, a)
		}
	}
	if want := len(constantes) - len(sansRole); len(rangees) != want {
		t.Errorf("%d rows for %d actions", len(rangees), want)
	}
}

// actionsDe collects the constants of type Action.
func actionsDe(f *ast.File, dans map[string]Action) {
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if genre, ok := v.Type.(*ast.Ident); !ok || genre.Name != "Action" || len(v.Values) != 1 {
			return true
		}
		if valeur, ok := v.Values[0].(*ast.BasicLit); ok {
			dans[v.Names[0].Name] = Action(strings.Trim(valeur.Value, `"`))
		}
		return true
	})
}
