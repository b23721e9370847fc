package segur

import (
	"strings"
	"time"
)

// proche proposes what the sender probably meant, as the end of a remedy;
// "" when nothing is near.
func (r *Rapport) proche(f *faute, e *Entree) string {
	switch {
	case f.code == codeInconnue || f.code == codeCasse:
		if k := r.cleProche(f); k != "" {
			return " Vouliez-vous dire « " + k + " » ?"
		}
		return ""
	case f.champ < 0 || f.rang == 0 || f.absent || int(f.code) >= 9000:
		return ""
	}
	c := &r.jeu.Champs[f.champ]
	brut := r.d[f.deb:f.fin]
	texte := ""
	if len(brut) >= 2 && brut[0] == '"' {
		texte = string(decoderDebut(brut))
	}
	if int(f.code) == c.Base+finType {
		return typeProche(c, string(brut), texte)
	}
	switch c.Genre {
	case GenreListe, GenreFormatPiece, GenreTypePiece:
		if v := PlusProche(strings.TrimSpace(texte), c.Valeurs); v != "" {
			return " Vouliez-vous dire \"" + v + "\" ?"
		}
	case GenreMajuscules:
		return " Proposition : \"" + visible([]byte(strings.ToUpper(strings.TrimSpace(texte)))) + "\"."
	case GenreOperateur:
		return operateursProches(texte)
	case GenreNomPiece:
		return r.nomAttendu(f)
	case GenreMontant:
		if m, ok := montantProche(string(brut)); ok {
			return " Proposition : " + m + "."
		}
	}
	return ""
}

// typeProche proposes the value under its right JSON type, where nothing of it
// was lost: a leading zero that a spreadsheet dropped does not come back.
func typeProche(c *Champ, brut, texte string) string {
	switch {
	case c.Genre == GenreMontant:
		if m, ok := lireMontant(texte); ok && m > 0 {
			return " Proposition : " + texte + "."
		}
	case c.Genre == GenreDate && len(brut) == 5 && chiffresSeuls(brut):
		// Spreadsheets count the days from the end of 1899.
		j := JourDe(time.Date(1899, 12, 30+nombreDe(brut), 0, 0, 0, 0, time.UTC))
		return " C’est un numéro de jour de tableur : \"" + j.String() + "\"."
	case c.Genre != GenreNumero && c.Longueur == len(brut) && chiffresSeuls(brut):
		return " Proposition : \"" + brut + "\"."
	}
	return ""
}

// montantProche completes the decimals of a plain number: 850 → 850.00.
func montantProche(brut string) (string, bool) {
	entiers, cents, _ := strings.Cut(brut, ".")
	if entiers == "" || len(entiers) > 9 || len(cents) > 1 || !chiffresSeuls(entiers+cents) {
		return "", false
	}
	complet := entiers + "." + cents + "00"[len(cents):]
	m, ok := lireMontant(complet)
	return complet, ok && m > 0
}

// nomAttendu is the name that the piece's own declaration asks for.
func (r *Rapport) nomAttendu(f *faute) string {
	d, ok := r.Demande(int(f.rang))
	if !ok {
		return ""
	}
	n := int32(0)
	for p := range d.Pieces() {
		if n == f.piece {
			if nom, err := r.jeu.NomPiece(NomPiece{p.TypeFichier, d.NumeroEditeur(), p.FormatFichier}); err == nil && nom != p.NomFichier {
				return " Nom attendu : " + nom + "."
			}
		}
		n++
	}
	return ""
}

// cleProche is the known key nearest to an unknown one, among those of its
// object first, of the whole format next.
func (r *Rapport) cleProche(f *faute) string {
	var ici, partout []string
	for i := range r.jeu.Entete {
		partout = append(partout, r.jeu.Entete[i].Cle)
	}
	for i := range r.jeu.Champs {
		c := &r.jeu.Champs[i]
		if f.rang > 0 && c.bloc == f.bloc {
			ici = append(ici, c.Cle)
		}
		partout = append(partout, c.Cle)
	}
	for i := range r.jeu.Blocs {
		if f.rang > 0 && f.bloc == 0 && r.jeu.Blocs[i].Cle != "" {
			ici = append(ici, r.jeu.Blocs[i].Cle)
		}
	}
	if f.rang == 0 {
		ici = append(partout[:len(r.jeu.Entete):len(r.jeu.Entete)], cleLignesImport)
	}
	cle := r.texteCle(f)
	if k := PlusProche(cle, ici); k != "" {
		return k
	}
	return PlusProche(cle, partout)
}

// PlusProche is the value nearest to s by edits, letter case and accents
// counting little; "" when none is near enough.
func PlusProche(s string, valeurs []string) string {
	meilleur, cout := "", 1<<30
	ps := plat(s)
	if len(ps) > 64 {
		return ""
	}
	for _, v := range valeurs {
		pv := plat(v)
		if abs(len(ps)-len(pv))*3 > max(len(ps), len(pv)) {
			continue
		}
		d := distance(ps, pv)
		if d < cout && d*3 <= max(len(ps), len(pv)) {
			meilleur, cout = v, d
		}
	}
	return meilleur
}

// distance counts the insertions, deletions and replacements between a and b.
func distance(a, b string) int {
	var place [80]int // on the stack, enough for every value compared
	ligne := append(place[:0], make([]int, len(b)+1)...)
	for j := range ligne {
		ligne[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := ligne[0]
		ligne[0] = i
		for j := 1; j <= len(b); j++ {
			cout := diag
			if a[i-1] != b[j-1] {
				cout = 1 + min(diag, ligne[j], ligne[j-1])
			}
			diag, ligne[j] = ligne[j], cout
		}
	}
	return ligne[len(b)]
}
