// Command atelier measures "segur preparer" beside the tools that do a part of
// its work: zip on the same scans, a bare reading of the CSV that writes the
// same bytes, and a script in Python as those that circulate. README.md in the
// folder above says how to run it. It fails only when something is wrong; a
// target that is missed is a line of the table.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

func main() {
	out := flag.String("out", "out", "folder of the generated files")
	segurPath := flag.String("segur", "out/segur-complet", "the complete command to measure")
	python := flag.String("python", "python3", "Python of the peer")
	script := flag.String("script", "atelier/naive.py", "the peer's script")
	orders := flag.Int("commandes", 20_000, "orders of the list")
	rounds := flag.Int("tours", 5, "rounds of each comparison")
	make := flag.Bool("generer", false, "only write the list and the scans")
	bare := flag.String("nu", "", "only read this CSV and write again the files of this folder: LIST,FOLDER")
	flag.Parse()
	var err error
	switch {
	case *bare != "":
		err = readAndWrite(*bare, filepath.Join(*out, "nu"))
	case *make:
		err = generate(*out, *orders)
	default:
		b := &bench{out: *out, segur: *segurPath, python: *python, script: *script, orders: *orders, rounds: *rounds}
		err = b.run()
		fmt.Printf("%s, %d cores, %d orders\n", runtime.Version(), runtime.NumCPU(), *orders)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "atelier:", err)
		os.Exit(1)
	}
}
