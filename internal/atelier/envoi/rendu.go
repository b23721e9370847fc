package envoi

import (
	"fmt"
	"strconv"
	"strings"

	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/rapport"
	"guichet.example/segur"
)

// listeMax is how many refusals or missing documents the text lists one by
// one; the rest is counted.
const listeMax = 20

// Texte tells what became of one file, for a terminal.
func (r *Resultat) Texte() string {
	var b strings.Builder
	b.WriteString(r.Nom + " : " + r.resume() + "\n")
	lister(&b, r.Structure, func(x Refus) string { return "  " + x.phrase() })
	lister(&b, r.Refusees, func(x Refus) string {
		qui := x.NumeroEditeur
		if e := registre.DireExtras(x.Extras); e != "" {
			qui += ", " + e
		}
		return fmt.Sprintf("  demande %d (%s) : %s", x.Rang, qui, x.phrase())
	})
	if r.Depot == "" {
		return b.String()
	}
	b.WriteString("  Pièces : " + r.pieces() + "\n")
	for i, p := range r.PiecesRefusees {
		if i == listeMax {
			fmt.Fprintf(&b, "  … et %d autres pièces refusées\n", len(r.PiecesRefusees)-i)
			break
		}
		fmt.Fprintf(&b, "  pièce refusée %s : %s\n", p.NomFichier, strings.TrimSpace(p.Code+" "+p.Message+" "+p.Remede))
	}
	lister(&b, r.Manquantes, func(nom string) string { return "  pièce manquante : " + segur.Visible(nom, 120) })
	if n := len(r.Remplacees); n > 0 {
		b.WriteString("  " + rapport.Compte(n, "pièce remplacée", "pièces remplacées") + " : " + enumerer(r.Remplacees) + "\n")
	}
	if n := len(r.Corrigees); n > 0 {
		b.WriteString("  " + rapport.Compte(n, "demande rendue", "demandes rendues") + " à l’agence après correction : " + enumerer(r.Corrigees) + "\n")
	}
	if n := len(r.AModifier); n > 0 {
		b.WriteString("  " + rapport.Compte(n, "demande à modifier", "demandes à modifier") + " : " + enumerer(r.AModifier) +
			" ; remplacez dans le dossier les pièces demandées, puis relancez avec --corriger pour les rendre à l’agence (les valeurs se corrigent sur le portail)\n")
	}
	if r.Certificat != "" {
		b.WriteString("  Certificat de contrôle : " + r.Certificat + "\n")
	}
	if r.Retour != "" {
		b.WriteString("  Fichier retour : " + r.Retour + "\n")
	}
	if len(r.Refusees) > 0 && r.Retour != "" {
		b.WriteString("  Pour reprendre les demandes refusées : segur reprendre " + r.Retour + "\n")
	}
	return b.String()
}

// enumerer joins names of a result, the first ones of many.
func enumerer(noms []string) string {
	s := segur.Visible(strings.Join(noms[:min(len(noms), listeMax)], ", "), 0)
	if n := len(noms) - listeMax; n > 0 {
		s += fmt.Sprintf(" et %d autres", n)
	}
	return s
}

func lister[T any](b *strings.Builder, ts []T, f func(T) string) {
	for i, t := range ts {
		if i == listeMax {
			fmt.Fprintf(b, "  … et %d autres\n", len(ts)-i)
			return
		}
		b.WriteString(f(t) + "\n")
	}
}

func (r *Resultat) resume() string {
	acceptees := fmt.Sprintf("%s sur %d", rapport.Compte(r.Acceptees, "demande acceptée", "demandes acceptées"), r.Acceptees+len(r.Refusees))
	switch {
	case r.Depot == "":
		return "refusé, rien n’est déposé"
	case r.Deja:
		return "déjà déposé (dépôt " + r.Depot + "), " + acceptees
	}
	return "déposé (dépôt " + r.Depot + "), " + acceptees
}

func (r *Resultat) pieces() string {
	s := rapport.Compte(r.Recues, "reçue", "reçues")
	if n := len(r.Manquantes); n > 0 {
		return s + ", " + rapport.Compte(n, "manquante", "manquantes") + " : ajoutez au dossier ce qui manque et relancez la même commande"
	}
	return s + ", le dépôt est complet"
}

func (x *Refus) phrase() string {
	s := strings.TrimSpace(x.Code + " " + x.Message)
	if x.Attendu != "" && x.Code != "" {
		s += " Attendu : " + x.Attendu + "."
	}
	if x.Remede != "" {
		s += " → " + x.Remede
	}
	return s
}

// AppendJSON writes results behind dst, for programs: a list of objects.
func AppendJSON(dst []byte, rs []*Resultat) []byte {
	dst = append(dst, '[')
	for i, r := range rs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = r.appendJSON(append(dst, "\n  "...))
	}
	if len(rs) > 0 {
		dst = append(dst, '\n')
	}
	return append(dst, ']')
}

func (r *Resultat) appendJSON(b []byte) []byte {
	membre := func(cle, v string) {
		b = append(segur.AppendMembreJSON(b, cle, v), ", "...)
	}
	b = append(b, '{')
	membre("fichier", r.Fichier)
	membre("nom", r.Nom)
	membre("depot", r.Depot)
	b = strconv.AppendBool(append(b, `"dejaDepose": `...), r.Deja)
	b = strconv.AppendInt(append(b, `, "acceptees": `...), int64(r.Acceptees), 10)
	b = appendRefus(append(b, `, "structure": `...), r.Structure)
	b = appendRefus(append(b, `, "refusees": `...), r.Refusees)
	b = strconv.AppendInt(append(b, `, "piecesRecues": `...), int64(r.Recues), 10)
	b = append(b, `, "piecesManquantes": [`...)
	for i, m := range r.Manquantes {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = segur.AppendTexteJSON(b, m)
	}
	b = append(b, `], "piecesRefusees": [`...)
	for i, p := range r.PiecesRefusees {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, '{')
		membre("nomFichier", p.NomFichier)
		membre("code", p.Code)
		b = append(segur.AppendMembreJSON(b, "message", p.Message), '}')
	}
	b = append(b, ']')
	for _, l := range []struct {
		cle  string
		noms []string
	}{{"piecesRemplacees", r.Remplacees}, {"aModifier", r.AModifier}, {"corrigees", r.Corrigees}} {
		b = append(append(append(b, `, "`...), l.cle...), `": [`...)
		for i, n := range l.noms {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = segur.AppendTexteJSON(b, n)
		}
		b = append(b, ']')
	}
	b = segur.AppendMembreJSON(append(b, ", "...), "certificat", r.Certificat)
	b = strconv.AppendBool(append(b, `, "complet": `...), r.Complete)
	return append(segur.AppendMembreJSON(append(b, ", "...), "retour", r.Retour), '}')
}

func appendRefus(b []byte, rs []Refus) []byte {
	b = append(b, '[')
	for i, x := range rs {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(append(b, `{"rang": `...), int64(x.Rang), 10)
		for _, m := range [][2]string{{"numeroEditeur", x.NumeroEditeur}, {"code", x.Code}, {"message", x.Message}, {"attendu", x.Attendu}, {"remede", x.Remede}} {
			b = segur.AppendMembreJSON(append(b, ", "...), m[0], m[1])
		}
		b = append(registre.AppendExtras(append(b, `, "extras": `...), x.Extras), '}')
	}
	return append(b, ']')
}
