package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guichet.example/segur"
)

// fichier is one deposit, ready to be sent.
type fichier struct {
	nom     string
	contenu []byte
}

// fabriquer makes n files of 200 requests under fresh numbers.
func fabriquer(ans, siret string, n int) ([]fichier, error) {
	jeu, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, err
	}
	r := jeu.Controler(jeu.Exemple(1), segur.JourExemple, segur.Options{})
	base := strings.NewReplacer(r.Entete("numeroAns"), ans, r.Entete("SIRET"), siret).Replace(string(jeu.Exemple(parFichier)))
	jour := segur.JourDe(time.Now().In(zone))
	fs := make([]fichier, n)
	for i := range fs {
		var paires []string
		for k := 1; k <= parFichier; k++ {
			ancien := fmt.Sprintf("%05d", k)
			nouveau := strings.ToUpper(strconv.FormatInt(int64(36*36*36*36+i*parFichier+k), 36))
			paires = append(paires, `"`+ancien+`"`, `"`+nouveau+`"`, "-"+ancien+".", "-"+nouveau+".")
		}
		fs[i] = fichier{segur.NomFichier{NumeroAns: ans, Jour: jour, Numero: 200 + i}.String(), []byte(strings.NewReplacer(paires...).Replace(base))}
	}
	return fs, nil
}

// lignes reads a file's requests as the other contenders store them: every
// leaf as a text.
func (f *fichier) lignes() ([]map[string]string, error) {
	jeu, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		return nil, err
	}
	var ls []map[string]string
	for d := range jeu.Controler(f.contenu, segur.JourExemple, segur.Options{}).Demandes() {
		l := map[string]string{}
		for i := range jeu.Champs {
			if b := jeu.Champs[i].Balise(); d.Brut(b) != nil {
				l[strings.ReplaceAll(b, ".", "_")] = strings.Trim(string(d.Brut(b)), `"`)
			}
		}
		for p := range d.Pieces() {
			l["piece"] = p.NomFichier
		}
		ls = append(ls, l)
	}
	return ls, nil
}

// colonnes are the leaves that every request of the files has.
func colonnes(f *fichier) ([]string, error) {
	ls, err := f.lignes()
	if err != nil {
		return nil, err
	}
	var cs []string
	for c := range ls[0] {
		cs = append(cs, c)
	}
	return cs, nil
}
