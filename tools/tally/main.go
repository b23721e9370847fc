// Command tally reads the events of "go test -json" on its standard input and
// prints what a person wants to know: the output of what failed, one line a
// package, what was skipped and why, and a last line that programs read too:
//
//	123 passed, 0 failed, 1 skipped
//
// It exits with 1 when something failed or when no test ran. A test that only
// groups subtests is not counted beside them, unless it fails by itself; a
// package that fails outside of its tests counts as one failure.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// event is one line of "go test -json"; ImportPath stands in for Package in
// the events of a build.
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// suite is one package.
type suite struct {
	name    string
	result  string // pass, fail or skip; "" = it never ended
	elapsed float64
	tests   map[string]*test
	order   []string // names of tests, as they began
	output  strings.Builder
}

// test is one test or subtest.
type test struct {
	result  string // as suite.result
	group   bool   // it has subtests
	subFail bool   // one of them failed
	output  strings.Builder
}

// count is the closing line.
type count struct{ passed, failed, skipped int }

func (c count) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", c.passed, c.failed, c.skipped)
}

func main() {
	suites, builds, err := read(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tally:", err)
		os.Exit(1)
	}
	total := report(os.Stdout, suites, builds)
	if total.failed > 0 || total.passed == 0 {
		os.Exit(1)
	}
}

// read gathers the events by package and test, in the order of first sight,
// and what the compiler said by the build it said it of.
func read(r io.Reader) ([]*suite, map[string]string, error) {
	var suites []*suite
	byName, builds := map[string]*suite{}, map[string]string{}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				// Not an event: the go command itself speaks.
				builds[""] += string(line)
			} else if e.Package == "" {
				builds[e.ImportPath] += e.Output
			} else {
				if byName[e.Package] == nil {
					byName[e.Package] = &suite{name: e.Package, tests: map[string]*test{}}
					suites = append(suites, byName[e.Package])
				}
				byName[e.Package].note(e, builds)
			}
		}
		if err == io.EOF {
			return suites, builds, nil
		}
		if err != nil {
			return nil, nil, err
		}
	}
}

// note adds one event to the package.
func (s *suite) note(e event, builds map[string]string) {
	if e.Test == "" {
		switch e.Action {
		case "pass", "fail", "skip":
			s.result, s.elapsed = worse(s.result, e.Action), s.elapsed+e.Elapsed
			s.output.WriteString(builds[e.FailedBuild])
		case "output":
			s.output.WriteString(e.Output)
		}
		return
	}
	t := s.tests[e.Test]
	if t == nil {
		t = &test{}
		s.tests[e.Test] = t
		s.order = append(s.order, e.Test)
		for p := parent(e.Test); s.tests[p] != nil; p = parent(p) {
			s.tests[p].group = true
		}
	}
	switch e.Action {
	case "pass", "fail", "skip":
		t.result = worse(t.result, e.Action)
	case "output":
		t.output.WriteString(e.Output)
	}
}

// worse is the result of what may run twice, with the race detector and
// without: a failure stays one.
func worse(before, now string) string {
	if before == "fail" {
		return before
	}
	return now
}

// parent is the name of the test that a subtest belongs to, "" = none.
func parent(name string) string {
	return name[:max(0, strings.LastIndexByte(name, '/'))]
}

// count counts the package. A test that began and never ended, because the
// program died under it, has failed.
func (s *suite) count() count {
	var c count
	for _, name := range slices.Backward(s.order) {
		t := s.tests[name]
		failed := t.result == "fail" || t.result == ""
		if p := s.tests[parent(name)]; p != nil && (failed || t.subFail) {
			p.subFail = true
		}
		switch {
		case failed && !t.subFail:
			c.failed++
		case t.group || failed:
		case t.result == "skip":
			c.skipped++
		default:
			c.passed++
		}
	}
	if c.failed == 0 && s.result != "pass" && s.result != "skip" {
		c.failed = 1
	}
	return c
}

// report prints the packages, the skipped tests, what failed with its output,
// and the closing line.
func report(w io.Writer, suites []*suite, builds map[string]string) count {
	var total count
	var skipped, failed strings.Builder
	for _, s := range suites {
		c := s.count()
		total = count{total.passed + c.passed, total.failed + c.failed, total.skipped + c.skipped}
		mark := "ok  "
		if c.failed > 0 {
			mark = "FAIL"
			s.explain(&failed)
		}
		if len(s.tests) > 0 || c.failed > 0 {
			fmt.Fprintf(w, "%s  %-40s %6.1fs  %s\n", mark, s.name, s.elapsed, c)
		}
		for _, name := range s.order {
			if t := s.tests[name]; t.result == "skip" {
				fmt.Fprintf(&skipped, "SKIP  %s %s\n%s", s.name, name, reason(t.output.String()))
			}
		}
	}
	if text := builds[""]; text != "" {
		total.failed++
		failed.WriteString("\n" + text)
	}
	fmt.Fprintf(w, "%s%s\n%s\n", skipped.String(), failed.String(), total)
	return total
}

// What explain shows of one package; it says what it leaves out.
const (
	shownTests = 20
	shownLines = 40 // of one test
)

// explain prints the output of the tests of the package that failed.
func (s *suite) explain(w io.Writer) {
	fmt.Fprintf(w, "\nFAIL  %s\n", s.name)
	shown := 0
	for _, name := range s.order {
		t := s.tests[name]
		if t.result == "pass" || t.result == "skip" {
			continue
		}
		if shown++; shown > shownTests {
			fmt.Fprintf(w, "--- FAIL: %s (output left out)\n", name)
			continue
		}
		io.WriteString(w, head(t.output.String()))
	}
	io.WriteString(w, head(s.output.String()))
}

// head keeps the first lines of a text, and its last, which tells the result.
func head(text string) string {
	lines := slices.Collect(strings.Lines(text))
	if len(lines) <= shownLines {
		return text
	}
	left := len(lines) - shownLines
	return strings.Join(lines[:shownLines-1], "") + fmt.Sprintf("    … %d lines left out\n", left) + lines[len(lines)-1]
}

// reason keeps what a skipped test said of why.
func reason(output string) string {
	var b strings.Builder
	for line := range strings.Lines(output) {
		if !strings.HasPrefix(strings.TrimSpace(line), "---") && !strings.HasPrefix(line, "===") {
			b.WriteString(line)
		}
	}
	return b.String()
}
