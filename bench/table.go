package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// row is one line of the table.
type row struct {
	Section string             `json:"section"`
	Name    string             `json:"name"`
	Value   float64            `json:"value"`
	Unit    string             `json:"unit"`
	Target  string             `json:"target"` // "≥ 6" or "≤ 1.3"; "" = none
	Met     *bool              `json:"met,omitempty"`
	Note    string             `json:"note"`
	Raw     map[string]float64 `json:"raw,omitempty"`
}

type table struct {
	rows []row
}

// limit is a target: at least or at most so much. The zero limit is none.
type limit struct {
	least, most float64
}

func atLeast(x float64) limit { return limit{least: x} }
func atMost(x float64) limit  { return limit{most: x} }

// add judges a value and appends it.
func (t *table) add(r row, l limit) {
	switch {
	case l.least != 0:
		met := r.Value >= l.least
		r.Target, r.Met = fmt.Sprintf("≥ %g", l.least), &met
	case l.most != 0:
		met := r.Value <= l.most
		r.Target, r.Met = fmt.Sprintf("≤ %g", l.most), &met
	}
	t.rows = append(t.rows, r)
}

// addPair appends a comparison; note is prefixed by both median times.
func (t *table) addPair(section, name string, p pair, l limit, note string) {
	times := fmt.Sprintf("%s : %s, fastest %s ×", duration(p.A), duration(p.B), number(p.Best))
	if note != "" {
		times += ", " + note
	}
	t.add(row{Section: section, Name: name, Value: p.Ratio, Unit: "×", Note: times,
		Raw: map[string]float64{"a_ns": p.A, "b_ns": p.B, "low_quartile": p.Low, "high_quartile": p.High, "fastest": p.Best}}, l)
}

func duration(ns float64) string {
	if ns < 1e6 {
		return fmt.Sprintf("%.0f µs", ns/1e3)
	}
	return fmt.Sprintf("%.1f ms", ns/1e6)
}

// print writes the table for people.
func (t *table) print(w io.Writer) {
	section, met, missed := "", 0, 0
	for _, r := range t.rows {
		if r.Section != section {
			section = r.Section
			fmt.Fprintf(w, "\n%s\n", section)
		}
		verdict := ""
		if r.Met != nil {
			if verdict = "met"; *r.Met {
				met++
			} else {
				verdict = "MISSED"
				missed++
			}
		}
		fmt.Fprintf(w, "  %s %s %s %s %s\n", pad(r.Name, 50, false), pad(number(r.Value)+" "+r.Unit, 11, true), pad(r.Target, 8, true), pad(verdict, 6, false), r.Note)
	}
	fmt.Fprintf(w, "\n%d targets met, %d missed\n", met, missed)
}

func number(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// pad fills a cell to n characters.
func pad(s string, n int, right bool) string {
	blanks := strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
	if right {
		return blanks + s
	}
	return s + blanks
}

// save writes the raw figures and the printed table.
func (t *table) save(dir string) error {
	raw, err := json.MarshalIndent(t.rows, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "figures.json"), append(raw, '\n'), 0o644); err != nil {
		return err
	}
	var b strings.Builder
	t.print(&b)
	return os.WriteFile(filepath.Join(dir, "table.txt"), []byte(b.String()), 0o644)
}
