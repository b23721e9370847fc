package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// source is one Go file of the repository, other modules' included.
type source struct {
	name  string // from the root, with slashes
	text  string
	tree  *ast.File
	fset  *token.FileSet
	built bool // part of a package: no "ignore" constraint
}

func (s *source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

func (s *source) at(p token.Pos) string {
	return s.name + ":" + strconv.Itoa(s.fset.Position(p).Line)
}

// sources reads every Go file once.
var sources = sync.OnceValues(func() ([]*source, error) {
	var list []*source
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || len(d.Name()) > 2 && d.Name()[0] == '.'):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		s := &source{name: filepath.ToSlash(name), text: string(b), fset: token.NewFileSet()}
		s.tree, err = parser.ParseFile(s.fset, file, b, parser.ParseComments|parser.SkipObjectResolution)
		s.built = !strings.Contains(s.text, "//go:build ignore\n")
		list = append(list, s)
		return err
	})
	return list, err
})

func files(t *testing.T) []*source {
	t.Helper()
	list, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 10 {
		t.Fatalf("only %d Go files found: the walk goes wrong", len(list))
	}
	return list
}

func TestNoGoFileInTheRoot(t *testing.T) {
	for _, s := range files(t) {
		if !strings.Contains(s.name, "/") {
			t.Errorf("%s: the root is a table of contents; give the file a folder", s.name)
		}
	}
}

// A test that stands behind "!race" would never run if "make test" did not name
// it, with its package, for the run without the race detector.
func TestWhatTheRaceDetectorSkipsIsRunWithoutIt(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?m)^SANS_COURSE := (.*)$`).FindSubmatch(makefile)
	run := regexp.MustCompile(`-run '\$\(SANS_COURSE\)' (.*?) \|\|`).FindSubmatch(makefile)
	if named == nil || run == nil {
		t.Fatal("the Makefile has no such run any more")
	}
	found := 0
	for _, s := range files(t) {
		if !s.test() || !strings.HasPrefix(s.text, "//go:build !race\n") {
			continue
		}
		for _, d := range s.tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			found++
			if !slices.Contains(strings.Split(string(named[1]), "|"), f.Name.Name) || !slices.Contains(strings.Fields(string(run[1])), "./"+path.Dir(s.name)) {
				t.Errorf("%s: %s is never run; name it and its package in the Makefile", s.at(f.Pos()), f.Name.Name)
			}
		}
	}
	if found < 4 {
		t.Errorf("only %d tests found", found)
	}
}

func TestNoInitFunctions(t *testing.T) {
	for _, s := range files(t) {
		for _, d := range s.tree.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" && !s.test() {
				t.Errorf("%s: an init function; commands wire by hand", s.at(f.Pos()))
			}
		}
	}
}

func TestNoPromisesInComments(t *testing.T) {
	promise := regexp.MustCompile(`(?m)^(//|/\*)?\s*\*?\s*(TODO|FIXME|XXX|HACK)\b`)
	for _, s := range files(t) {
		for _, group := range s.tree.Comments {
			for _, c := range group.List {
				if m := promise.FindString(c.Text); m != "" {
					t.Errorf("%s: %q; do it now or file an issue", s.at(c.Pos()), m)
				}
			}
		}
	}
}

func TestFilesStayShort(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range files(t) {
		lines := strings.Count(s.text, "\n")
		if lines <= maxLines || ast.IsGenerated(s.tree) {
			continue
		}
		if seen[s.name] = true; longFiles[s.name] == "" {
			t.Errorf("%s has %d lines, more than %d: split it by subject", s.name, lines, maxLines)
		}
	}
	for _, name := range sorted(longFiles) {
		if !seen[name] {
			t.Errorf("longFiles: %s needs no exception any more", name)
		}
	}
}

func TestEveryPackageIsDocumentedAndTested(t *testing.T) {
	documented, tested := map[string]bool{}, map[string]bool{}
	for _, s := range files(t) {
		dir := path.Dir(s.name)
		if s.built && s.tree.Doc != nil {
			documented[dir] = true
		}
		if s.test() {
			tested[dir] = true
		}
	}
	_, own := project(t)
	for _, name := range sorted(own) {
		if !documented[name] {
			t.Errorf("%s has no package comment: what is it for, where to start reading, what must it never import", name)
		}
		if !tested[name] && untested[name] == "" {
			t.Errorf("%s has no test file", name)
		}
		if tested[name] && untested[name] != "" {
			t.Errorf("untested: %s needs no exception any more", name)
		}
	}
}

func TestFloorsDoNotCallTheWorld(t *testing.T) {
	for _, s := range files(t) {
		banned := packages[path.Dir(s.name)].noCall
		if len(banned) == 0 || s.test() || !s.built {
			continue
		}
		names := importNames(s.tree)
		ast.Inspect(s.tree, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if called := names[identName(x)] + "." + sel.Sel.Name; ok && slices.Contains(banned, called) {
				t.Errorf("%s: %s; time, waiting and printing belong to the caller", s.at(sel.Pos()), called)
			}
			return true
		})
	}
}

func TestNoFloatHoldsMoney(t *testing.T) {
	for _, s := range files(t) {
		if path.Dir(s.name) != "segur" || s.test() || !s.built {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			x, ok := n.(*ast.Ident)
			if ok && slices.Contains([]string{"float32", "float64", "ParseFloat"}, x.Name) {
				t.Errorf("%s: %s; amounts are exact (D12)", s.at(x.Pos()), x.Name)
			}
			return true
		})
	}
}

// importNames maps the names that a file uses for its imports to their paths.
func importNames(f *ast.File) map[string]string {
	names := map[string]string{}
	for _, i := range f.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(p)
		if i.Name != nil {
			name = i.Name.Name
		}
		names[name] = p
	}
	return names
}

func identName(x *ast.Ident) string {
	if x == nil {
		return ""
	}
	return x.Name
}
