package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// ajv is a node process that holds the compiled schema.
type ajv struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

// ajvAnswer is one line of ajv.js.
type ajvAnswer struct {
	NS     int64  `json:"ns"`
	Valid  bool   `json:"valid"`
	Errors int    `json:"errors"`
	First  string `json:"first"`
}

func startAjv(schemaPath string) (*ajv, error) {
	a := &ajv{cmd: exec.Command("node", "ajv.js", schemaPath)}
	a.cmd.Stderr = os.Stderr
	var err error
	if a.in, err = a.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := a.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	a.out = bufio.NewScanner(out)
	return a, a.cmd.Start()
}

func (a *ajv) ask(request map[string]any) (ajvAnswer, error) {
	var answer ajvAnswer
	line, err := json.Marshal(request)
	if err != nil {
		return answer, err
	}
	if _, err := a.in.Write(append(line, '\n')); err != nil {
		return answer, fmt.Errorf("ask ajv: %w", err)
	}
	if !a.out.Scan() {
		return answer, fmt.Errorf("ajv ended: %w", a.out.Err())
	}
	return answer, json.Unmarshal(a.out.Bytes(), &answer)
}

// load hands a file over under a name.
func (a *ajv) load(name, path string) error {
	_, err := a.ask(map[string]any{"load": name, "path": path})
	return err
}

// run validates a loaded file n times and returns the time that took.
func (a *ajv) run(name string, n int) (time.Duration, ajvAnswer, error) {
	answer, err := a.ask(map[string]any{"run": name, "times": n})
	return time.Duration(answer.NS), answer, err
}

func (a *ajv) stop() error {
	if err := a.in.Close(); err != nil {
		return err
	}
	return a.cmd.Wait()
}
