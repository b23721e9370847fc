// Command bench measures segur side by side with its peers, in one run, and
// prints one table of ratios. README.md says what each row means. It fails
// only when something is wrong, such as a peer that refuses the good file: a
// target that is missed is a line of the table.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

func main() {
	out := flag.String("out", "out", "folder of the raw figures and the generated files")
	segurPath := flag.String("segur", "out/segur", "the command to measure")
	skip := flag.Bool("skip-processes", false, "measure in memory only")
	only := flag.Bool("skip-memory", false, "measure whole processes only")
	spawner := flag.Bool("spawn", false, "run commands for another bench; not for people")
	flag.Parse()
	if *spawner {
		if err := spawn(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(*out, *segurPath, !*only, !*skip); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(out, segurPath string, memory, whole bool) error {
	start := time.Now()
	var t table
	if err := os.WriteFile(schemaPath(out), jeu.Schema(), 0o644); err != nil {
		return err
	}
	if memory {
		fmt.Fprintln(os.Stderr, "bench: in memory…")
		if err := measureMemory(&t, out); err != nil {
			return err
		}
	}
	if whole {
		fmt.Fprintln(os.Stderr, "bench: whole processes…")
		if err := measureProcesses(&t, out, segurPath); err != nil {
			return err
		}
	}
	t.print(os.Stdout)
	fmt.Printf("%s, %d cores, %.0f s; raw figures in %s\n", runtime.Version(), runtime.NumCPU(), time.Since(start).Seconds(), out)
	return t.save(out)
}

// schemaPath is where the peers find the schema that segur generates.
func schemaPath(out string) string { return filepath.Join(out, "schema.json") }
