package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

// root is the folder of the module, seen from this package.
const root = "../.."

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath   string
	ForTest      string
	Standard     bool
	Module       *struct{ Path string }
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string
	Error        *struct{ Err string }
}

// module is the path of the module that holds p; "" = the standard library.
func (p *pkg) module() string {
	if p.Module == nil {
		return ""
	}
	return p.Module.Path
}

// graph lists the packages of the project and everything below them, tests
// included, by import path; light is the same of the light segur.
var (
	graph = sync.OnceValues(func() (map[string]*pkg, error) { return list("", "./...") })
	light = sync.OnceValues(func() (map[string]*pkg, error) { return list("leger", "./cmd/segur") })
)

func list(tags, pattern string) (map[string]*pkg, error) {
	var stderr bytes.Buffer
	cmd := exec.Command("go", "list", "-pgo=off", "-tags", tags, "-deps", "-test",
		"-json=ImportPath,ForTest,Standard,Module,Imports,TestImports,XTestImports,Deps,Error", pattern)
	cmd.Dir, cmd.Stderr = root, &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New("go list: " + err.Error() + "\n" + stderr.String())
	}
	g := map[string]*pkg{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(pkg)
		if err := d.Decode(p); errors.Is(err, io.EOF) {
			return g, nil
		} else if err != nil {
			return nil, err
		}
		// The second copies that go list makes for tests say nothing new.
		if p.ForTest == "" && !strings.HasSuffix(p.ImportPath, ".test") {
			g[p.ImportPath] = p
		}
	}
}

// project gives the graph and the packages of the project, by short path.
func project(t *testing.T) (g, own map[string]*pkg) {
	t.Helper()
	g, err := graph()
	if err != nil {
		t.Fatal(err)
	}
	own = map[string]*pkg{}
	for path, p := range g {
		if p.module() == projet {
			own[short(path)] = p
		}
	}
	if len(own) < 2 {
		t.Fatalf("go list found %d packages of the project", len(own))
	}
	return g, own
}

// sorted gives the keys of m in order, so that a failure reads the same twice.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func short(path string) string { return strings.TrimPrefix(path, projet+"/") }

func TestEveryPackageHasItsRow(t *testing.T) {
	_, own := project(t)
	for _, name := range sorted(own) {
		if _, ok := packages[name]; !ok {
			t.Errorf("package %s is not in the import table: add a row with its floor and what it may import", name)
		}
	}
}

func TestTableNeverPointsUp(t *testing.T) {
	for name, r := range packages {
		for _, i := range r.imports {
			if below, ok := packages[i]; !ok || below.floor > r.floor {
				t.Errorf("%s (floor %d) may not be allowed to import %s (floor %d)", name, r.floor, i, below.floor)
			}
		}
	}
}

func TestImportsObeyTheTable(t *testing.T) {
	g, own := project(t)
	for _, name := range sorted(own) {
		p, r := own[name], packages[name]
		for _, i := range p.Imports {
			if why := r.refuses(g, i, nil); why != "" {
				t.Errorf("%s imports %s: %s", name, i, why)
			}
		}
		relaxed := rule{imports: slices.Concat([]string{name}, r.imports, r.tests), modules: r.modules}
		for _, i := range slices.Concat(p.TestImports, p.XTestImports) {
			if why := relaxed.refuses(g, i, testModules); why != "" {
				t.Errorf("a test of %s imports %s: %s", name, i, why)
			}
		}
	}
}

// refuses tells why a package with rule r may not import path; "" = it may.
func (r rule) refuses(g map[string]*pkg, path string, more []string) string {
	p := g[path]
	switch {
	case path == "C":
		return "the project builds without cgo"
	case path == "unsafe":
		return "memory is safe in the project (docs/securite/asvs.md, V1.4.1)"
	case p == nil:
		return "go list does not know it"
	case p.Standard:
		if under(path, r.noStd) {
			return "this package must not reach that part of the standard library"
		}
	case p.module() == projet:
		if !slices.Contains(r.imports, short(path)) {
			return "not in the import table"
		}
	case !slices.Contains(r.modules, p.module()) && !slices.Contains(more, p.module()):
		return "module " + p.module() + " is not allowed here"
	}
	return ""
}

// under tells whether path is one of roots or lies below one.
func under(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(r string) bool {
		return path == r || strings.HasPrefix(path, r+"/")
	})
}

func TestCommandsLinkWhatTheyMay(t *testing.T) {
	g, own := project(t)
	for _, name := range sorted(own) {
		if !strings.HasPrefix(name, "cmd/") {
			continue
		}
		p := own[name]
		l, ok := commands[name]
		if !ok {
			t.Errorf("command %s has no row in commands: say which modules it may link", name)
		}
		surplus := l.surplus(g, p.Deps)
		for _, what := range sorted(surplus) {
			t.Errorf("%s links %s: %s", name, what, strings.Join(chain(g, p.ImportPath, surplus[what]), " → "))
		}
	}
}

// surplus tells what deps bring beyond l: banned packages of the standard
// library, and modules, each with one package of it.
func (l link) surplus(g map[string]*pkg, deps []string) map[string]string {
	found := map[string]string{}
	for _, d := range deps {
		switch dep := g[d]; {
		case dep == nil || dep.module() == projet:
		case dep.Standard && slices.Contains(l.noStd, d):
			found[d] = d
		case !dep.Standard && !slices.Contains(l.modules, dep.module()):
			found["module "+dep.module()] = d
		}
	}
	return found
}

// The light segur is the same package with fewer files: what it may import is
// in the table already, what it may link is less.
func TestLightSegurStaysLight(t *testing.T) {
	g, err := light()
	if err != nil {
		t.Fatal(err)
	}
	p := g[projet+"/cmd/segur"]
	if p == nil {
		t.Fatal("go list does not know cmd/segur with the tag leger")
	}
	for _, i := range p.Imports {
		if why := packages["cmd/segur"].refuses(g, i, nil); why != "" {
			t.Errorf("cmd/segur imports %s with the tag leger: %s", i, why)
		}
	}
	surplus := lightSegur.surplus(g, p.Deps)
	for _, what := range sorted(surplus) {
		t.Errorf("the light segur links %s: %s", what, strings.Join(chain(g, p.ImportPath, surplus[what]), " → "))
	}
}

// chain is a shortest path of imports from one package to another.
func chain(g map[string]*pkg, from, to string) []string {
	cameFrom := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == to {
			break
		}
		for _, next := range g[queue[0]].Imports {
			if _, seen := cameFrom[next]; !seen && g[next] != nil {
				cameFrom[next] = queue[0]
				queue = append(queue, next)
			}
		}
	}
	var path []string
	for p := to; p != ""; p = cameFrom[p] {
		path = append([]string{short(p)}, path...)
	}
	return path
}
