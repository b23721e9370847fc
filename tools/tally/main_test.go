package main

import (
	"io"
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	t.Parallel()
	const end = `{"Action":"fail","Package":"p"}` + "\n"
	cases := []struct{ name, events, want string }{
		{"nothing ran", ``, "0 passed, 0 failed, 0 skipped"},
		{"no test files", `{"Action":"skip","Package":"p"}`, "0 passed, 0 failed, 0 skipped"},
		{
			"a group is not counted beside its subtests",
			run("A", "A/x", "A/y") + pass("A/x") + skip("A/y") + pass("A") + `{"Action":"pass","Package":"p"}`,
			"1 passed, 0 failed, 1 skipped",
		},
		{
			"a failed subtest is one failure",
			run("A", "A/x", "A/x/z") + fail("A/x/z") + fail("A/x") + fail("A") + end,
			"0 passed, 1 failed, 0 skipped",
		},
		{
			"a group that fails by itself is one failure",
			run("A", "A/x") + pass("A/x") + fail("A") + end,
			"1 passed, 1 failed, 0 skipped",
		},
		{
			"a program that dies under a test",
			run("A", "B") + pass("A") + end,
			"1 passed, 1 failed, 0 skipped",
		},
		{"a package that fails outside of its tests", run("A") + pass("A") + end, "1 passed, 1 failed, 0 skipped"},
		{"a package that never ends", run("A") + pass("A"), "1 passed, 1 failed, 0 skipped"},
		{"a failure that a second run does not repeat", run("A", "B") + fail("A") + pass("B") + end + run("A") + pass("A") + `{"Action":"pass","Package":"p"}`, "1 passed, 1 failed, 0 skipped"},
		{"a package that fails by itself, then passes", run("A") + pass("A") + end + run("A") + pass("A") + `{"Action":"pass","Package":"p"}`, "1 passed, 1 failed, 0 skipped"},
		{
			"a build that fails",
			`{"ImportPath":"p","Action":"build-output","Output":"x.go:1: bad\n"}` + "\n" +
				`{"Action":"fail","Package":"p","FailedBuild":"p"}`,
			"0 passed, 1 failed, 0 skipped",
		},
		{"the go command complains", "go: no such module\n", "0 passed, 1 failed, 0 skipped"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			suites, builds, err := read(strings.NewReader(c.events))
			if err != nil {
				t.Fatal(err)
			}
			if got := report(io.Discard, suites, builds).String(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestReportShowsWhyAndClosesOnTheCount(t *testing.T) {
	t.Parallel()
	suites, builds, err := read(strings.NewReader(
		run("A", "B", "C") + output("A", "    a_test.go:3: wrong\\n") + fail("A") +
			output("B", "    b_test.go:4: no server\\n") + skip("B") + output("C", "quiet\\n") + pass("C") +
			`{"ImportPath":"q","Action":"build-output","Output":"x.go:1: bad\n"}` + "\n" +
			`{"Action":"fail","Package":"q","FailedBuild":"q"}` + "\n" + `{"Action":"fail","Package":"p"}`))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	report(&b, suites, builds)
	for _, want := range []string{"a_test.go:3: wrong\n", "SKIP  p B\n    b_test.go:4: no server\n", "FAIL  q\nx.go:1: bad\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "quiet") {
		t.Errorf("the report repeats what a passed test prints:\n%s", b.String())
	}
	if !strings.HasSuffix(b.String(), "\n1 passed, 2 failed, 1 skipped\n") {
		t.Errorf("the last line is not the count:\n%s", b.String())
	}
}

func TestLongOutputIsCutAndSaysSo(t *testing.T) {
	t.Parallel()
	short := strings.Repeat("x\n", shownLines)
	if got := head(short); got != short {
		t.Errorf("%d lines are cut:\n%s", shownLines, got)
	}
	got := head(short + "y\n--- FAIL: A\n")
	if !strings.HasSuffix(got, "x\n    … 2 lines left out\n--- FAIL: A\n") || strings.Count(got, "\n") != shownLines+1 {
		t.Errorf("got\n%s", got)
	}
}

func run(names ...string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString(line("run", n))
	}
	return b.String()
}

func pass(name string) string { return line("pass", name) }
func fail(name string) string { return line("fail", name) }
func skip(name string) string { return line("skip", name) }

func line(action, name string) string {
	return `{"Action":"` + action + `","Package":"p","Test":"` + name + `"}` + "\n"
}

func output(name, text string) string {
	return `{"Action":"output","Package":"p","Test":"` + name + `","Output":"` + text + `"}` + "\n"
}
