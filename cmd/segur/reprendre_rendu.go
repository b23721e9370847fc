//go:build !leger

package main

import (
	"fmt"
	"strconv"
	"strings"

	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/rapport"
	"guichet.example/segur"
)

// dire prints what was read, what is explained, what was prepared.
func (k *reprendreRun) dire() error {
	var b []byte
	if k.valeur("sortie") == "json" {
		b = append(k.appendJSON(nil), '\n')
	} else {
		b = []byte(k.texte())
	}
	_, err := k.sortie.Write(b)
	return err
}

func (k *reprendreRun) texte() string {
	var b strings.Builder
	for _, l := range k.lus {
		fmt.Fprintf(&b, "%s : %s, %s", l.Nom, rapport.Compte(l.Acceptees, "acceptée", "acceptées"), rapport.Compte(l.Refusees, "refusée", "refusées"))
		if l.Deja {
			b.WriteString(" (déjà lu)")
		}
		b.WriteByte('\n')
		if n := len(l.Inconnues); n > 0 {
			fmt.Fprintf(&b, "  %s pas dans ce registre, dont %s : autre copie du registre, ou fichier fait autrement ? « segur registre importer » les y met\n",
				rapport.Compte(n, "numéro n’est", "numéros ne sont"), segur.Visible(l.Inconnues[0], 20))
		}
	}
	if len(k.refusees) == 0 && !k.oui("quiet") {
		b.WriteString("Rien à reprendre.\n")
	}
	for _, x := range k.refusees {
		if !k.oui("quiet") || !x.Prete {
			b.WriteString("  " + x.Phrase() + "\n")
		}
	}
	for _, p := range k.preparees {
		fmt.Fprintf(&b, "%s dans %s\n", rapport.Compte(len(p.Paires), "demande préparée", "demandes préparées"), p.Dossier)
		if k.oui("quiet") {
			continue
		}
		for _, n := range p.Paires {
			fmt.Fprintf(&b, "  %s → %s\n", n[0], n[1])
		}
		fmt.Fprintf(&b, "Pour les déposer : segur deposer %s\n", p.Dossier)
	}
	for _, chemin := range k.aCorriger {
		fmt.Fprintf(&b, "À corriger dans %s, puis : segur reprendre --corrections %s\n", chemin, chemin)
	}
	if n := len(k.deja); n > 0 && !k.oui("quiet") {
		fmt.Fprintf(&b, "%s : rien n’a changé de ce côté\n", rapport.Compte(n, "ligne corrigée était déjà reprise", "lignes corrigées étaient déjà reprises"))
	}
	return b.String()
}

func (k *reprendreRun) appendJSON(b []byte) []byte {
	b = append(b, `{"retours": [`...)
	for i, l := range k.lus {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = segur.AppendMembreJSON(append(b, '{'), "nom", l.Nom)
		b = strconv.AppendBool(append(b, `, "dejaLu": `...), l.Deja)
		b = strconv.AppendInt(append(b, `, "acceptees": `...), int64(l.Acceptees), 10)
		b = strconv.AppendInt(append(b, `, "refusees": `...), int64(l.Refusees), 10)
		b = append(segur.AppendTextesJSON(append(b, `, "inconnues": `...), l.Inconnues), '}')
	}
	b = append(b, `], "refusees": [`...)
	for i, x := range k.refusees {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = segur.AppendMembreJSON(append(b, '{'), "numeroEditeur", x.NumeroEditeur)
		for _, m := range [][2]string{{"finess", x.FINESSGeo}, {"code", x.Code}, {"libelle", x.Libelle}, {"explication", x.Explication}, {"remede", x.Remede}} {
			b = segur.AppendMembreJSON(append(b, ", "...), m[0], m[1])
		}
		b = strconv.AppendBool(append(b, `, "prete": `...), x.Prete)
		b = strconv.AppendBool(append(b, `, "corrigee": `...), x.Corrigee)
		b = append(registre.AppendExtras(append(b, `, "extras": `...), x.Extras), '}')
	}
	b = append(b, `], "preparees": [`...)
	for i, p := range k.preparees {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(segur.AppendMembreJSON(append(b, '{'), "dossier", p.Dossier), `, "demandes": [`...)
		for j, n := range p.Paires {
			if j > 0 {
				b = append(b, ", "...)
			}
			b = segur.AppendMembreJSON(append(b, '{'), "ancien", n[0])
			b = append(segur.AppendMembreJSON(append(b, ", "...), "nouveau", n[1]), '}')
		}
		b = append(b, "]}"...)
	}
	return append(segur.AppendTextesJSON(append(b, `], "aCorriger": `...), k.aCorriger), '}')
}
