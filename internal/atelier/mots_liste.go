package atelier

import "strings"

// enMotsDeListe says a finding of the control to a person who has cells before
// her and no JSON: nothing is written between quotes there, an amount has its
// comma, and null is an empty cell.
func enMotsDeListe(k *Constat) {
	r := strings.NewReplacer(
		" est obligatoire et vaut null", " est obligatoire, et la cellule est vide",
		"un nombre sans guillemets, avec un point et exactement deux décimales", "un montant hors taxe à deux décimales, comme 708,33",
		" supérieur à 0.00", " supérieur à 0,00",
		" vaut 0.00.", " vaut 0,00.",
		" entre guillemets doubles", "", " entre guillemets", "", ", sans guillemets", "", " sans guillemets", "",
		", ou null", ", ou rien", " ou écrivez null", " ou laissez la cellule vide")
	vide := strings.Contains(k.Message, " est obligatoire et vaut null")
	k.Message = r.Replace(k.Message)
	k.Attendu, k.Remede = guillemets(r.Replace(k.Attendu)), guillemets(r.Replace(k.Remede))
	if vide && k.Feuille != "" {
		k.Remede += " Si le tableur y montre le résultat d’une formule, ouvrez et enregistrez-y le classeur : le fichier ne contient pas ce résultat."
	}
}

// guillemets puts French quotes, which nobody types into a cell, in place of
// those of JSON.
func guillemets(s string) string {
	if strings.Count(s, `"`)%2 != 0 {
		return s
	}
	var b strings.Builder
	ouvert := false
	for i, morceau := range strings.Split(s, `"`) {
		switch {
		case i == 0:
		case ouvert:
			b.WriteString(" »")
			ouvert = false
		default:
			b.WriteString("« ")
			ouvert = true
		}
		b.WriteString(morceau)
	}
	return b.String()
}
