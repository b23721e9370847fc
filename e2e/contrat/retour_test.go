package contrat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// rendu is what the returned file carries.
type rendu struct {
	ImpID        any `json:"impId"`
	LignesImport []struct {
		NumeroASP, CodeTraitement, LibelleTraitement any
	} `json:"lignesImport"`
}

// TestReturnedFileIsTheSameBytes rebuilds the returned file from the one sent
// and the values it carries: nothing else may move.
func TestReturnedFileIsTheSameBytes(t *testing.T) {
	t.Parallel()
	f := partage(t, "depots").fournisseur(0)
	lignes := func() []ligne {
		return f.garnir(ligne{}, ligne{valeurs: map[string]string{"commande.regimeTVA": `"ttc"`}}, ligne{avecHT: true})
	}
	etrange := func(b []byte) []byte {
		b = bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n\t "))
		b = bytes.Replace(b, []byte("TITULAIRE"), []byte(`T\u0049TULAIRE`), 1)
		return append([]byte("  "), append(b, " \n\n"...)...)
	}
	for titre, modifier := range map[string]func([]byte) []byte{
		"tel quel":     func(b []byte) []byte { return b },
		"BOM":          func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) },
		"blancs":       etrange,
		"compact":      func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), nil) },
		"impId en fin": func(b []byte) []byte { return impIDEnFin(b) },
		"impId espacés": func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"impId": null`), []byte("\"impId\" \t:\n null "), 1)
		},
	} {
		envoye := modifier(fichier(f.NumeroAns, f.Siret, lignes()))
		d := lire[depot](t, f.deposerOctets(t, "avance", f.numeros.nomSuivant(f.NumeroAns), envoye).exige(t, titre, 201))
		r := f.appeler(t, "GET", "/api/v1/depots/"+d.ID+"/retour", nil).exige(t, titre, 200)
		if g := r.entetes.Get("Content-Type"); !strings.HasPrefix(g, "application/json") {
			t.Errorf("%s : retour en %q", titre, g)
		}
		var v rendu
		if err := json.Unmarshal(bytes.TrimPrefix(r.corps, []byte("\xef\xbb\xbf")), &v); err != nil || v.ImpID == nil || len(v.LignesImport) != 3 {
			t.Errorf("%s : retour illisible ou sans impId (%v) : %s", titre, err, r.extrait())
			continue
		}
		if attendu := remplir(envoye, v); !bytes.Equal(attendu, r.corps) {
			t.Errorf("%s : le retour n’a pas les octets reçus\nattendu %q\nreçu    %q", titre, attendu, r.corps)
		}
		verifierRendu(t, titre, v, d)
	}
}

func verifierRendu(t *testing.T, titre string, v rendu, d depot) {
	t.Helper()
	for i, l := range v.LignesImport {
		if i == 1 {
			if l.NumeroASP != nil || l.CodeTraitement != d.Rapport.Demandes[1].CodeTraitement || l.LibelleTraitement != d.Rapport.Demandes[1].LibelleTraitement {
				t.Errorf("%s : ligne refusée rendue %+v, rapport %+v", titre, l, d.Rapport.Demandes[1])
			}
			continue
		}
		if l.CodeTraitement != "0000" || l.LibelleTraitement != "Demande acceptée" || l.NumeroASP != d.Demandes[i/2].NumeroASP {
			t.Errorf("%s : ligne acceptée rendue %+v, dépôt %+v", titre, l, d.Demandes)
		}
	}
}

// remplir fills the null of a file that has every key.
func remplir(b []byte, v rendu) []byte {
	texte := func(x any) string { j, _ := json.Marshal(x); return string(j) }
	s := string(b)
	for _, motif := range []string{`"impId": null`, "\"impId\" \t:\n null"} {
		s = strings.Replace(s, motif, strings.Replace(motif, "null", texte(v.ImpID), 1), 1)
	}
	parts := strings.Split(s, `"numeroASP": `)
	for i, l := range v.LignesImport {
		p := strings.TrimPrefix(parts[i+1], "null")
		p = strings.Replace(p, `"codeTraitement": null`, `"codeTraitement": `+texte(l.CodeTraitement), 1)
		p = strings.Replace(p, `"libelleTraitement": null`, `"libelleTraitement": `+texte(l.LibelleTraitement), 1)
		parts[i+1] = texte(l.NumeroASP) + p
	}
	return []byte(strings.Join(parts, `"numeroASP": `))
}

func impIDEnFin(b []byte) []byte {
	s := strings.Replace(string(b), "  \"impId\": null,\n", "", 1)
	i := strings.LastIndex(s, "}")
	return []byte(s[:i] + `, "impId": null` + s[i:])
}

// D14: a missing key of the agency's is added at the end of its object.
func TestMissingKeysAreAddedAtTheEnd(t *testing.T) {
	t.Parallel()
	f := partage(t, "depots").fournisseur(0)
	d := f.deposer(t, f.garnir(ligne{sansCles: []string{"numeroASP", "codeTraitement", "libelleTraitement"}}))
	if len(d.Demandes) != 1 {
		t.Fatalf("ligne sans clés de l’agence refusée : %+v", d.Rapport.Demandes)
	}
	r := f.appeler(t, "GET", "/api/v1/depots/"+d.ID+"/retour", nil).exige(t, "retour", 200)
	var v rendu
	if err := json.Unmarshal(r.corps, &v); err != nil {
		t.Fatal(err)
	}
	verifierRendu(t, "clés ajoutées", v, d)
	for _, cle := range []string{"numeroASP", "codeTraitement", "libelleTraitement"} {
		if n, fin := bytes.Count(r.corps, []byte(fmt.Sprintf("%q", cle))), bytes.Index(r.corps, []byte(`"operateurMessagerie"`)); n != 1 || bytes.Index(r.corps, []byte(fmt.Sprintf("%q", cle))) < fin {
			t.Errorf("%s : %d fois dans le retour, attendu une, à la fin de son objet", cle, n)
		}
	}
}
