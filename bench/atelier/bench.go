package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

type bench struct {
	out, segur, python, script string
	orders, rounds             int
}

// cost is what one process took.
type cost struct {
	time   time.Duration
	cpu    time.Duration // of all cores: what a busy machine disturbs less
	memory float64       // MiB, at its greatest
}

func (b *bench) run() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	// In a process of its own: a child's peak memory begins with its parent's.
	if _, err := b.exec(self, "-generer", "-out", b.out, "-commandes", strconv.Itoa(b.orders)); err != nil {
		return err
	}
	if err := b.withScans("20,000 scans: preparer ÷ zip -0 -q", 1.3, "commandes.csv", "scans"); err != nil {
		return err
	}
	if err := b.withoutScans(self); err != nil {
		return err
	}
	return b.withScans("20,000 PDF, each opened: preparer ÷ zip -0 -q", 0, "commandes-pdf.csv", "pdfs")
}

func (b *bench) exec(words ...string) (cost, error) {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stderr = os.Stderr
	start := time.Now()
	err := cmd.Run()
	c := cost{time: time.Since(start)}
	if err != nil {
		return c, fmt.Errorf("%s: %w", words[0], err)
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.memory = float64(u.Maxrss) / 1024
	}
	return c, nil
}

// prepare runs the command on a fresh working folder.
func (b *bench) prepare(list string, more ...string) (cost, error) {
	work := filepath.Join(b.out, "travail")
	if err := os.RemoveAll(work); err != nil {
		return cost{}, err
	}
	if err := os.MkdirAll(work, 0o755); err != nil {
		return cost{}, err
	}
	syscall.Sync() // what was written before is not this one's cost
	return b.exec(append([]string{b.segur, "preparer", filepath.Join(b.out, list), "--numero-ans", "9999999999", "--siret", "00000000000000",
		"--date", "2023-07-01", "--vers", filepath.Join(work, "depot"), "--quiet"}, more...)...)
}

// withScans compares with zip: as many archives of the same scans, stored.
func (b *bench) withScans(name string, most float64, list, folder string) error {
	script := `cd "$1" && rm -rf "$2" && mkdir "$2" && ls | split -l 200 - "$2/liste." && for l in "$2"/liste.*; do zip -0 -q -j -@ "$l.zip" < "$l" || exit 1; done`
	scans, err := filepath.Abs(filepath.Join(b.out, folder))
	if err != nil {
		return err
	}
	zips, err := filepath.Abs(filepath.Join(b.out, "zips"))
	if err != nil {
		return err
	}
	return b.compare(name, most, func() (cost, error) { return b.prepare(list, "--scans", scans) },
		func() (cost, error) {
			if err := os.RemoveAll(zips); err != nil {
				return cost{}, err
			}
			syscall.Sync()
			return b.exec("sh", "-c", script, "zip", scans, zips)
		}, 200)
}

// withoutScans compares the JSON part alone.
func (b *bench) withoutScans(self string) error {
	depot := filepath.Join(b.out, "travail")
	bare := func() (cost, error) {
		if err := os.RemoveAll(filepath.Join(b.out, "nu")); err != nil {
			return cost{}, err
		}
		syscall.Sync()
		return b.exec(self, "-out", b.out, "-nu", filepath.Join(b.out, "commandes.csv")+","+depot)
	}
	if err := b.compare("JSON only: preparer ÷ bare CSV + same bytes", 2, func() (cost, error) { return b.prepare("commandes.csv") }, bare, 200); err != nil {
		return err
	}
	return b.compare("JSON only: preparer ÷ Python csv + json", 0.2, func() (cost, error) { return b.prepare("commandes.csv") }, func() (cost, error) {
		return b.exec(b.python, b.script, filepath.Join(b.out, "commandes.csv"), filepath.Join(b.out, "python"))
	}, 200)
}

// compare runs both in turn, which goes first alternating, and prints the
// median of the ratios; most 0 = no target.
func (b *bench) compare(name string, most float64, ours, theirs func() (cost, error), memory float64) error {
	var ratios, us, them, cpuUs, cpuThem []float64
	peak := 0.0
	for i := -1; i < b.rounds; i++ { // the first round fills the caches of files
		first, second := ours, theirs
		if i%2 != 0 {
			first, second = theirs, ours
		}
		if i < 0 {
			first, second = ours, theirs // theirs may need what ours wrote
		}
		x, err := first()
		if err != nil {
			return err
		}
		y, err := second()
		if err != nil {
			return err
		}
		if i >= 0 && i%2 != 0 {
			x, y = y, x
		}
		if i < 0 {
			continue
		}
		peak = max(peak, x.memory)
		us, them = append(us, x.time.Seconds()), append(them, y.time.Seconds())
		cpuUs, cpuThem = append(cpuUs, x.cpu.Seconds()), append(cpuThem, y.cpu.Seconds())
		ratios = append(ratios, x.time.Seconds()/y.time.Seconds())
	}
	verdict := map[bool]string{true: "met", false: "MISSED"}
	r := median(ratios)
	if most == 0 {
		most = math.Inf(1)
	}
	fmt.Printf("  %-46s %6.2f ×  ≤ %-4g %-6s  %.3f s : %.3f s, fastest %.2f ×, processor %.2f s : %.2f s\n", name, r, most, verdict[r <= most], median(us), median(them),
		slices.Min(us)/slices.Min(them), median(cpuUs), median(cpuThem))
	fmt.Printf("  %-46s %6.0f MiB ≤ %-4g %s\n", "   peak memory", peak, memory, verdict[peak <= memory])
	return nil
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// readAndWrite is the bare program: it reads the list with encoding/csv and
// writes again every byte that a preparation wrote, ledger included, as
// durably, and does nothing else.
func readAndWrite(listAndFolder, out string) error {
	list, folder, ok := cutComma(listAndFolder)
	if !ok {
		return errors.New("-nu wants LIST,FOLDER")
	}
	f, err := os.Open(list)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	for {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	return filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return writeSynced(filepath.Join(out, d.Name()), b)
	})
}

func writeSynced(path string, b []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := f.Write(b); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(f.Sync(), f.Close())
}

func cutComma(s string) (string, string, bool) {
	for i := range s {
		if s[i] == ',' {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}
