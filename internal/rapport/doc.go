// Package rapport renders control reports ([segur.Rapport]) in every form that
// the command "segur controler" offers and that the portal shows: texte, json,
// html, csv, sarif and junit.
//
// Start at [Nouveau], which gives the [Ecrivain] of a form. Results are handed
// over one at a time, in the order of the run, and are written at once: nothing
// of a report is kept but counters and short names, so that a run of any length
// stays small.
//
// What comes from a controlled file is hostile until shown otherwise. Every
// form escapes it in its own way: no control or bidirectional character reaches
// a terminal or a page, no cell becomes a formula, no text becomes a tag.
//
// The package starts fast: it must never import encoding/json, encoding/xml, a
// template engine, regexp or net. It imports package segur and nothing else of
// this project.
package rapport
