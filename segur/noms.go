package segur

import (
	"errors"
	"fmt"
	"strings"
)

// NomFichier is the name of a deposit, JSON-<numeroAns>-<AAAAMMJJ>-<NNN>.json (§3.3).
type NomFichier struct {
	NumeroAns string // 10 ASCII letters or digits (D2)
	Jour      Jour   // day of the deposit
	Numero    int    // rank of the file that day for that number, 1 to 999
}

var errNomFichier = errors.New("le nom attendu est JSON-<numeroAns>-<AAAAMMJJ>-<NNN>.json")

// LireNomFichier reads the name of a deposit. The error is French and says
// which part is wrong.
func LireNomFichier(nom string) (NomFichier, error) {
	var n NomFichier
	reste, ok := strings.CutPrefix(nom, "JSON-")
	reste, ok2 := strings.CutSuffix(reste, ".json")
	parts := strings.Split(reste, "-")
	if !ok || !ok2 || len(parts) != 3 {
		return n, errNomFichier
	}
	ans, jour, num := parts[0], parts[1], parts[2]
	if len(ans) != 10 || !tousAlnum([]byte(ans)) {
		return n, fmt.Errorf("%w ; « %s » n’est pas un numéro ANS de 10 lettres ou chiffres", errNomFichier, ans)
	}
	if len(jour) != 8 || !chiffresSeuls(jour) {
		return n, fmt.Errorf("%w ; « %s » n’est pas une date AAAAMMJJ", errNomFichier, jour)
	}
	n = NomFichier{ans, Jour{nombreDe(jour[:4]), nombreDe(jour[4:6]), nombreDe(jour[6:])}, 0}
	if !n.Jour.Valide() {
		return NomFichier{}, fmt.Errorf("%w ; la date %s n’existe pas", errNomFichier, jour)
	}
	if len(num) != 3 || !chiffresSeuls(num) || num == "000" {
		return NomFichier{}, fmt.Errorf("%w ; « %s » n’est pas un numéro de 001 à 999", errNomFichier, num)
	}
	n.Numero = nombreDe(num)
	return n, nil
}

// String builds the name; it reads back as itself through [LireNomFichier]
// when the parts are valid.
func (n NomFichier) String() string {
	return fmt.Sprintf("JSON-%s-%s-%03d.json", n.NumeroAns, n.Jour.Compact(), n.Numero)
}

// NomPiece is the name of a supporting document,
// <couloir>-<logiciel>-Va1-<type>-<numeroEditeur>.<extension> (§3.3).
type NomPiece struct {
	Type          string // value of typeFichier: "BON_COMMANDE"
	NumeroEditeur string
	Format        string // value of formatFichier: "PDF"
}

// NomPiece builds the name of a piece under this rule set; an error tells a
// type or a format that it does not have.
func (j *Jeu) NomPiece(p NomPiece) (string, error) {
	t, ok := j.TypePiece(p.Type)
	if !ok {
		return "", fmt.Errorf("type de pièce inconnu : « %s »", p.Type)
	}
	c, _ := j.Champ("piecesJustificatives.formatFichier")
	if !contient(c.Valeurs, []byte(p.Format)) {
		return "", fmt.Errorf("format de pièce inconnu : « %s » ; formats admis : %s", p.Format, guillemets(c.Valeurs))
	}
	if len(p.NumeroEditeur) != 5 || !tousAlnum([]byte(p.NumeroEditeur)) {
		return "", fmt.Errorf("« %s » n’est pas un numéro éditeur de 5 chiffres ou lettres", p.NumeroEditeur)
	}
	return j.PrefixePiece() + t.Abrege + "-" + p.NumeroEditeur + "." + extension(p.Format), nil
}

// LireNomPiece reads the name of a piece under this rule set.
func (j *Jeu) LireNomPiece(nom string) (NomPiece, error) {
	s := passe{pl: j.plan, numeroOK: true}
	d, ok := s.decouper([]byte(nom), true, true)
	if !ok {
		c, _ := j.Champ("piecesJustificatives.nomFichier")
		return NomPiece{}, fmt.Errorf("« %s » n’est pas un nom de pièce ; attendu : %s", nom, c.Attendu)
	}
	return NomPiece{
		Type:          j.Pieces[d.typ].Valeur,
		NumeroEditeur: string(d.numero),
		Format:        j.plan.champs[j.plan.premierPiece+1].Valeurs[d.format],
	}, nil
}

// extension is the extension of a format: its lower case (§3.3).
func extension(format string) string { return strings.ToLower(format) }
