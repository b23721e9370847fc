package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"guichet.example/segur"
)

const (
	runsOne     = 21 // of each command on 1 file
	runsHundred = 9  // of each command on 100 files
	runsGrowth  = 15 // of segur on each number of files
)

// ran is what a process cost.
type ran struct {
	NS     int64  `json:"ns"`
	MaxRSS int64  `json:"max_rss"` // KiB
	Status int    `json:"status"`
	Error  string `json:"error"`
}

// spawn runs one command a line of r (a JSON list of words) and answers one
// ran a line. It is a process of its own because a child's peak memory begins
// with that of the process which started it: this one stays small.
func spawn(r io.Reader, w io.Writer) error {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var words []string
		if err := json.Unmarshal(line, &words); err != nil {
			return err
		}
		answer, err := json.Marshal(spawnOne(words, null))
		if err != nil {
			return err
		}
		if _, err := w.Write(append(answer, '\n')); err != nil {
			return err
		}
	}
}

func spawnOne(words []string, null *os.File) ran {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdout, cmd.Stderr = null, null
	start := time.Now()
	err := cmd.Run()
	r := ran{NS: int64(time.Since(start))}
	if cmd.ProcessState == nil {
		r.Error = err.Error()
		return r
	}
	r.Status = cmd.ProcessState.ExitCode()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.MaxRSS = u.Maxrss
	}
	return r
}

// processes talks to the spawner.
type processes struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startSpawner() (*processes, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &processes{cmd: exec.Command(self, "-spawn")}
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	return p, p.cmd.Start()
}

func (p *processes) stop() error {
	if err := p.in.Close(); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// run runs a command, which must succeed: exit status 0 is "all accepted" for
// segur, ajv-cli and jsonschema alike.
func (p *processes) run(words []string) (ran, error) {
	line, err := json.Marshal(words)
	if err != nil {
		return ran{}, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return ran{}, err
	}
	answer, err := p.out.ReadBytes('\n')
	if err != nil {
		return ran{}, fmt.Errorf("the spawner ended: %w", err)
	}
	var r ran
	if err := json.Unmarshal(answer, &r); err != nil {
		return ran{}, err
	}
	if r.Status != 0 || r.Error != "" {
		return r, fmt.Errorf("%s ended with status %d %s", words[0], r.Status, r.Error)
	}
	return r, nil
}

// command is one validator on a list of files.
type command struct {
	name string
	args func(files []string) []string
}

// commands lists segur first, then its peers, then what it costs to start and
// end a process that does nothing. Each is called in the way that
// costs it least and still gives every fault, except Blaze's fast mode, which
// stops at the first.
func commands(segurPath, out string) ([]command, error) {
	schema := schemaPath(out)
	blaze, err := blazePath()
	if err != nil {
		return nil, err
	}
	with := func(words ...string) func([]string) []string {
		return func(files []string) []string { return append(words[:len(words):len(words)], files...) }
	}
	return []command{
		{"segur", with(segurPath, "controler", "--sortie", "json", "--date", jour.ISO())},
		{"ajv-cli", func(files []string) []string {
			words := []string{"node_modules/.bin/ajv", "validate", "--spec=draft2020", "--all-errors", "--strict=false", "-s", schema}
			for _, f := range files {
				words = append(words, "-d", f)
			}
			return words
		}},
		{"Blaze, exhaustive", with(blaze, "validate", schema)},
		{"Blaze, fast (stops at the first fault)", with(blaze, "validate", "--fast", schema)},
		{"no work: an empty Go program", func([]string) []string { return []string{filepath.Join(out, "nothing")} }},
	}, nil
}

// blazePath is the native program inside the npm package, which its own
// launcher would start through node.
func blazePath() (string, error) {
	arch := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	path := filepath.Join("node_modules/@sourcemeta/jsonschema/build/github-releases", "jsonschema-"+runtime.GOOS+"-"+arch)
	_, err := os.Stat(path)
	return path, err
}

func measureProcesses(t *table, out, segurPath string) (err error) {
	files, err := writeFiles(filepath.Join(out, "files"), 100)
	if err != nil {
		return err
	}
	cmds, err := commands(segurPath, out)
	if err != nil {
		return err
	}
	p, err := startSpawner()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if err := p.compare(t, "Whole process, 1 file: peer ÷ segur", cmds, files[:1], runsOne, []limit{atLeast(50), {}, {}, {}}); err != nil {
		return err
	}
	if err := p.compare(t, "Whole process, 100 files, 20,000 requests: peer ÷ segur", cmds, files, runsHundred, []limit{atLeast(10), atLeast(1), atLeast(1), {}}); err != nil {
		return err
	}
	return p.growth(t, cmds[0], files)
}

// writeFiles writes n different good files under the names of deposits.
func writeFiles(dir string, n int) ([]string, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var files []string
	for i := 1; i <= n; i++ {
		doc := generate(spec{requests: 200, seed: uint64(i)})
		name := segur.NomFichier{NumeroAns: numeroAns, Jour: jour, Numero: i}.String()
		r := jeu.Controler(doc, jour, segur.Options{Nom: name})
		if r.Bilan() != (segur.Bilan{Demandes: 200, Acceptees: 200}) {
			return nil, fmt.Errorf("segur on %s: %+v", name, r.Bilan())
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, doc, 0o644); err != nil {
			return nil, err
		}
		files = append(files, path)
	}
	return files, nil
}

// compare runs all commands in turn, and divides each peer's time by that of
// segur in the same round.
func (p *processes) compare(t *table, section string, cmds []command, files []string, runs int, limits []limit) error {
	times := make([][]float64, len(cmds))
	var memory []float64
	for i := -1; i < runs; i++ { // the first round fills the caches of files
		for k := range cmds {
			c := (k + i + len(cmds)) % len(cmds)
			r, err := p.run(cmds[c].args(files))
			if err != nil {
				return fmt.Errorf("%s: %w", cmds[c].name, err)
			}
			if i < 0 {
				continue
			}
			times[c] = append(times[c], float64(r.NS))
			if c == 0 {
				memory = append(memory, float64(r.MaxRSS)/1024)
			}
		}
	}
	for k := 1; k < len(cmds); k++ {
		t.addPair(section, cmds[k].name, newPair(times[k], times[0]), limits[k-1], "")
	}
	peak := quantile(memory, 4)
	var l limit
	if len(files) > 1 {
		l = atMost(24)
	}
	t.add(row{Section: section, Name: "segur, peak memory", Value: peak, Unit: "MiB", Note: fmt.Sprintf("greatest of %d runs", runs)}, l)
	return nil
}

// growth measures segur on more and more files, and fits a line.
func (p *processes) growth(t *table, c command, files []string) error {
	counts := []float64{1, 10, 25, 50, 75, 100}
	times := make([][]float64, len(counts))
	for range runsGrowth {
		for i, n := range counts {
			r, err := p.run(c.args(files[:int(n)]))
			if err != nil {
				return err
			}
			times[i] = append(times[i], float64(r.NS)/1e6)
		}
	}
	ys := make([]float64, len(counts))
	note := ""
	raw := map[string]float64{}
	for i, n := range counts {
		ys[i] = quantile(times[i], 2)
		note += fmt.Sprintf(" %g:%.1f", n, ys[i])
		raw[fmt.Sprintf("ms_%g_files", n)] = ys[i]
	}
	slope, start, worst := line(counts, ys)
	const section = "Growth of segur from 1 to 100 files"
	t.add(row{Section: section, Name: "slope", Value: slope, Unit: "ms/file", Note: fmt.Sprintf("starts at %.1f ms; files:ms%s", start, note), Raw: raw}, limit{})
	t.add(row{Section: section, Name: "greatest distance from the line", Value: worst, Unit: "ms", Note: fmt.Sprintf("%.0f %% of the time of 100 files", 100*worst/ys[len(ys)-1])}, limit{})
	return nil
}
