package guichet

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// donneesPersonnelles are the leaves of the format that speak of a person. The
// FINESS number is the establishment's: it stays, and with it the search for
// orders claimed twice.
func donneesPersonnelles() []string {
	return []string{"certificatsServeur.numeroCarteCPX", "certificatsServeur.nomAdminTechnique", "certificatsServeur.telAdminTechnique", "certificatsServeur.emailAdminTechnique",
		"beneficiaire.nomResponsable", "beneficiaire.emailResponsable", "beneficiaire.telephoneResponsable"}
}

// caviarder writes (effacé) in place of the scalars of a JSON text that choisir
// names by their pointer; no other byte moves. A text that is no JSON comes
// back as an error: nothing may be concluded from it.
func caviarder(texte []byte, choisir func(pointeur string) bool) ([]byte, error) {
	const marque = `"` + efface + `"`
	d := jsontext.NewDecoder(bytes.NewReader(texte), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	var sortie []byte
	copie := int64(0)
	for {
		avant := d.InputOffset()
		t, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return append(sortie, texte[copie:]...), nil
		}
		if err != nil {
			return nil, err
		}
		k := t.Kind()
		if k != '"' && k != '0' || nomDeMembre(d) || !choisir(string(d.StackPointer())) {
			continue
		}
		// Between two tokens stand blanks, a comma or a colon.
		debut := avant + int64(len(texte[avant:d.InputOffset()])-len(bytes.TrimLeft(texte[avant:d.InputOffset()], " \t\r\n,:")))
		sortie = append(append(sortie, texte[copie:debut]...), marque...)
		copie = d.InputOffset()
	}
}

// nomDeMembre tells whether the token read last names a member.
func nomDeMembre(d *jsontext.Decoder) bool {
	genre, n := d.StackIndex(d.StackDepth())
	return genre == '{' && n%2 == 1
}

// caviarderFichier takes what it says of people out of lines of a file of
// requests, by their rank.
func caviarderFichier(fichier []byte, rangs map[int]bool) ([]byte, error) {
	personnelles := map[string]bool{}
	for _, b := range donneesPersonnelles() {
		personnelles[strings.ReplaceAll(b, ".", "/")] = true
	}
	return caviarder(bytes.TrimPrefix(fichier, []byte("\ufeff")), func(p string) bool {
		reste, ok := strings.CutPrefix(p, "/lignesImport/")
		indice, feuille, _ := strings.Cut(reste, "/")
		return ok && rangs[entier(indice)+1] && personnelles[feuille]
	})
}

// caviarderRapport takes received values out of the constats of lines: they
// quote the file.
func caviarderRapport(rapport []byte, rangs map[int]bool) ([]byte, error) {
	return caviarder(rapport, func(p string) bool {
		reste, ok := strings.CutPrefix(p, "/demandes/")
		indice, feuille, _ := strings.Cut(reste, "/")
		return ok && rangs[entier(indice)+1] && (strings.HasSuffix(feuille, "/recu") || strings.HasSuffix(feuille, "/message"))
	})
}

// entier reads an index of a pointer; -2 for what is none.
func entier(s string) int {
	n := 0
	if s == "" || len(s) > 6 {
		return -2
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return -2
		}
		n = n*10 + int(c-'0')
	}
	return n
}
