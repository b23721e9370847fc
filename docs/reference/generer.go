//go:build ignore

// Writes the reference of each rule set beside this file.
package main

import (
	"log"
	"os"
	"path/filepath"

	"guichet.example/internal/reference"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

func main() {
	dossier := os.Args[1]
	for _, j := range segur.Jeux() {
		codes := append(j.Catalogue(), piece.Catalogue()...)
		for fin, octets := range map[string][]byte{
			".md": reference.Markdown(j, codes), ".html": reference.HTML(j, codes), ".schema.json": j.Schema(),
			".codes.json": reference.JSON(j, codes), ".modele.json": j.Modele(),
		} {
			if err := os.WriteFile(filepath.Join(dossier, string(j.Type)+fin), octets, 0o644); err != nil {
				log.Fatal(err)
			}
		}
	}
}
