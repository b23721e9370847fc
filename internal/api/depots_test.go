package api_test

import (
	"archive/zip"
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet/guichettest"
)

func sorted(ts []string) []string { return slices.Sorted(slices.Values(ts)) }

// depot is the call that deposits a file; plus are headers.
func depot(qui, nom, contenu, genre, ans string, plus map[string]string) appel {
	corps, typeCorps := formulaire(nom, [2]string{"fichier", contenu}, [2]string{"type", genre}, [2]string{"numeroAns", ans})
	entetes := map[string]string{"Content-Type": typeCorps}
	maps.Copy(entetes, plus)
	return appel{qui, "POST", "/depots", corps, entetes}
}

func TestScenesDepots(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	a, b := guichettest.Fournisseurs()[0], guichettest.Fournisseurs()[1]
	nom, suivant, dernier := p.NomFichier(a), p.NomFichier(a), p.NomFichier(a)
	bon := string(guichettest.FichierAvance(a, "00001", "00002"))
	partiel := strings.Replace(string(guichettest.FichierAvance(a, "00003", "00004")), `"TTC"`, `"ttc"`, 1)
	multipart, genreCorps := formulaire(nom, [2]string{"fichier", bon}, [2]string{"numeroAns", a.Ans})
	double, genreDouble := formulaire(nom, [2]string{"fichier", bon}, [2]string{"type", "avance"}, [2]string{"type", "avance"}, [2]string{"numeroAns", a.Ans})
	cle := map[string]string{"Idempotency-Key": "clé de l’essai"}
	essai := map[string]string{"Idempotency-Key": "clé d’un refus"}
	const garde = "demande depot depot_fichier numero_brule sequence"
	jouer(t, p, []scene{
		{nom: "nobody", appel: depot("", nom, bon, "avance", a.Ans, nil), statut: 401},
		{nom: "an agent", appel: depot("instructeur1", nom, bon, "avance", a.Ans, nil), statut: 403, journal: []string{"instructeur1 deposer  refuse"}},
		{nom: "a reader", appel: depot("a.lecteur", nom, bon, "avance", a.Ans, nil), statut: 403, journal: []string{"a.lecteur deposer  refuse"}},
		{nom: "no form", appel: appel{"a.deposant", "POST", "/depots", bon, map[string]string{"Content-Type": "application/json"}}, statut: 415},
		{nom: "a form cut short", appel: appel{"a.deposant", "POST", "/depots", multipart[:300], map[string]string{"Content-Type": genreCorps}}, statut: 400},
		{nom: "a field missing", appel: appel{"a.deposant", "POST", "/depots", multipart, map[string]string{"Content-Type": genreCorps}}, statut: 422, present: []string{"type"}, absent: []string{"rapport"}},
		{nom: "a field twice", appel: appel{"a.deposant", "POST", "/depots", double, map[string]string{"Content-Type": genreDouble}}, statut: 400},
		{nom: "unknown type", appel: depot("a.deposant", nom, bon, "acompte", a.Ans, nil), statut: 422, absent: []string{"rapport"}},
		{nom: "no JSON", appel: depot("a.deposant", nom, "{", "avance", a.Ans, nil), statut: 422, present: []string{`"rapport"`, `"verdict":"rejete"`}},
		{nom: "another supplier's file", appel: depot("b.gestionnaire", nom, bon, "avance", a.Ans, nil), statut: 422, present: []string{b.Siret, b.Ans}, absent: []string{"Fournisseur fictif a"}},
		{nom: "another number than declared", appel: depot("a.deposant", nom, bon, "avance", b.Ans, nil), statut: 422, present: []string{`"rapport"`}},
		{nom: "refused under a key", appel: depot("a.deposant", nom, "{", "avance", a.Ans, essai), statut: 422, present: []string{`"rapport"`}, garder: map[string]string{"refus": "detail"}, change: "cle"},
		{nom: "refused again, as it was", appel: depot("a.deposant", nom, "{", "avance", a.Ans, essai), statut: 422, present: []string{`"rapport"`, "{refus}"}},
		{nom: "the key of a refusal for another file", appel: depot("a.deposant", nom, bon, "avance", a.Ans, essai), statut: 409},
		{nom: "a right is no answer to keep", appel: depot("a.lecteur", nom, bon, "avance", a.Ans, essai), statut: 403, journal: []string{"a.lecteur deposer  refuse"}},
		{nom: "one byte too many", appel: depot("a.deposant", nom, bon+strings.Repeat(" ", 10<<20-len(bon)+1), "avance", a.Ans, nil), statut: 413},

		{nom: "a good file", appel: depot("a.deposant", nom, bon, "avance", a.Ans, cle), statut: 201, present: []string{`"verdict":"accepte"`, `"statut":"incomplete"`, `"complete":false`},
			garder: map[string]string{"d": "id", "1": "demandes.0.numeroASP", "2": "demandes.1.numeroASP"}, journal: []string{"a.deposant deposer {d} fait"}, change: "cle " + garde},
		{nom: "the same call again", appel: depot("a.deposant", nom, bon, "avance", a.Ans, cle), statut: 201, present: []string{`"{d}"`, `"{1}"`}},
		{nom: "the same key for another file", appel: depot("a.deposant", suivant, partiel, "avance", a.Ans, cle), statut: 409},
		{nom: "the key is of one account", appel: depot("a.gestionnaire", nom, bon, "avance", a.Ans, cle), statut: 422, present: []string{suivant}, change: "cle"},
		{nom: "the same file without a key", appel: depot("a.deposant", nom, bon, "avance", a.Ans, nil), statut: 422, present: []string{suivant, `"code":"`}},
		{nom: "one line of two", appel: depot("a.gestionnaire", suivant, partiel, "avance", a.Ans, nil), statut: 201, present: []string{`"verdict":"partiel"`},
			garder: map[string]string{"e": "id"}, journal: []string{"a.gestionnaire deposer {e} fait"}, change: strings.Replace(garde, "sequence", "rejet sequence", 1)},
		{nom: "burnt numbers only", appel: depot("a.deposant", dernier, strings.Replace(partiel, `"ttc"`, `"TTC"`, 1), "avance", a.Ans, nil), statut: 201, present: []string{`"verdict":"rejete"`, `"demandes":[]`, `"code":"30`},
			garder: map[string]string{"f": "id"}, journal: []string{"a.deposant deposer {f} fait"}, change: "depot depot_fichier rejet"},

		{nom: "the deposit as it is", appel: appel{"a.lecteur", "GET", "/depots/{d}", "", nil}, statut: 200, present: []string{`"{1}"`, `"manquantes":[{`}},
		{nom: "an agent sees it", appel: appel{"decideur", "GET", "/depots/{d}", "", nil}, statut: 200, present: []string{`"{1}"`}, journal: []string{"decideur depot:lire {d} fait"}},
		{nom: "another supplier does not", appel: appel{"b.gestionnaire", "GET", "/depots/{d}", "", nil}, statut: 404, absent: []string{"{1}", a.Ans}},
		{nom: "nor its returned file", appel: appel{"b.gestionnaire", "GET", "/depots/{d}/retour", "", nil}, statut: 404, absent: []string{"{1}", a.Ans}},
		{nom: "nobody does", appel: appel{"", "GET", "/depots/{d}", "", nil}, statut: 401, absent: []string{"{1}"}},
		{nom: "unknown deposit", appel: appel{"a.lecteur", "GET", "/depots/inconnu", "", nil}, statut: 404},
		{nom: "the returned file", appel: appel{"a.lecteur", "GET", "/depots/{d}/retour", "", nil}, statut: 200, present: []string{`"impId": "{d}"`, `"numeroASP": "{2}"`, `"codeTraitement": "0000"`}},
	})
}

// The simulator keeps nothing and leaves no entry.
func TestScenesControles(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	a := guichettest.Fournisseurs()[0]
	bon := string(guichettest.FichierAvance(a, "00001"))
	jouer(t, p, []scene{
		{nom: "nobody simulates", appel: appel{"", "POST", "/controles?nom=" + p.NomFichier(a), bon, nil}, statut: 200, present: []string{`"verdict": "accepte"`}},
		{nom: "a bad file", appel: appel{"", "POST", "/controles?type=avance", "[]", nil}, statut: 200, present: []string{`"verdict": "rejete"`}},
		{nom: "as a balance", appel: appel{"a.lecteur", "POST", "/controles?type=solde", bon, nil}, statut: 200, present: []string{`"verdict": "rejete"`, `PHA-LGO-Va1/solde`}},
		{nom: "unknown type", appel: appel{"", "POST", "/controles?type=acompte", bon, nil}, statut: 400},
		{nom: "type twice", appel: appel{"", "POST", "/controles?type=avance&type=avance", bon, nil}, statut: 400},
		{nom: "what the portal judges by", appel: appel{"", "GET", "/regles", "", nil}, statut: 200, present: []string{`{"jeux":[{"type":"avance","id":"PHA-LGO-Va1/avance","version":"2022-11-04","empreinte":"sha256:`, `"type":"solde"`, `"durcis":[]`}},
		{nom: "10 MiB and one byte", appel: appel{"", "POST", "/controles", strings.Repeat(" ", 10<<20+1), nil}, statut: 413},
	})
}

// archive makes a zip of documents, name and content in turn.
func archive(t testing.TB, paires ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(paires); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: paires[i], Method: zip.Store})
		if err == nil {
			_, err = w.Write([]byte(paires[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestScenesPieces(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	v := p.Deposer(t, "a.gestionnaire", 3)
	p.nommer("d", string(v.Depot.ID))
	var noms, bons []string
	for i, d := range v.Demandes {
		p.nommer([]string{"1", "2", "3"}[i], string(d.NumeroASP))
		noms = append(noms, v.Couverture.Manquantes[i].Nom)
		bons = append(bons, guichettest.Document(d.NumeroASP, noms[i]))
	}
	p.entrees()
	put := func(qui, chemin, corps string) appel { return appel{qui, "PUT", chemin, corps, nil} }
	un := "/demandes/{1}/pieces/" + noms[0]
	jouer(t, p, []scene{
		{nom: "nobody", appel: put("", un, bons[0]), statut: 401},
		{nom: "an agent", appel: put("instructeur1", un, bons[0]), statut: 403, journal: []string{"instructeur1 deposer_pieces {1} refuse"}},
		{nom: "a reader, in a zip", appel: put("a.lecteur", "/depots/{d}/pieces", archive(t, noms[0], bons[0])), statut: 403, journal: []string{"a.lecteur deposer_pieces {d} refuse"}},
		{nom: "another supplier", appel: put("b.gestionnaire", un, bons[0]), statut: 404, absent: []string{noms[0]}},
		{nom: "another supplier's zip", appel: put("b.gestionnaire", "/depots/{d}/pieces", archive(t, noms[0], bons[0])), statut: 404},
		{nom: "unknown request", appel: put("a.deposant", "/demandes/ASP-99999999-6/pieces/"+noms[0], bons[0]), statut: 404},
		{nom: "name not expected", appel: put("a.deposant", "/demandes/{1}/pieces/"+noms[1], bons[1]), statut: 404},
		{nom: "not what its name says", appel: put("a.deposant", un, "GIF89a"), statut: 200, present: []string{`"refusees":[{`, `"complete":false`}, journal: []string{"a.deposant deposer_pieces {1} fait"}},
		{nom: "too big", appel: put("a.deposant", un, strings.Repeat("x", 3<<20+1)), statut: 413},
		{nom: "a good document", appel: put("a.deposant", un, bons[0]), statut: 200, present: []string{`"complete":true`, `"refusees":[]`}, journal: []string{"a.deposant deposer_pieces {1} fait"}, change: "demande passage piece"},
		{nom: "a refused replacement leaves it", appel: put("a.deposant", un, ""), statut: 200, present: []string{`"complete":true`, `"refusees":[{`}, journal: []string{"a.deposant deposer_pieces {1} fait"}},
		{nom: "no zip", appel: put("a.deposant", "/depots/{d}/pieces", "PK"), statut: 422, present: []string{`"refusees":[{`}},
		{nom: "a zip with a path", appel: put("a.deposant", "/depots/{d}/pieces", archive(t, "../"+noms[1], bons[1], noms[2], bons[2])), statut: 200, present: []string{`"nomFichier":"../` + noms[1], `"numeroASP":"{3}","nomFichier":"` + noms[2] + `","taille"`},
			journal: []string{"a.deposant deposer_pieces {d} fait"}, change: "demande passage piece"},
		{nom: "taken", appel: appel{"instructeur1", "POST", "/demandes/{1}/actes", `{"acte": "prendre"}`, nil}, statut: 200, journal: []string{"instructeur1 prendre {1} fait"}, change: "demande passage"},
		{nom: "too late", appel: put("a.deposant", un, bons[0]), statut: 409},
		{nom: "too late, in a zip", appel: put("a.deposant", "/depots/{d}/pieces", archive(t, noms[0], bons[0], noms[1], bons[1])), statut: 200, present: []string{`"refusees":[{"nomFichier":"` + noms[0], `"numeroASP":"{2}","nomFichier":"` + noms[1] + `","taille"`},
			journal: []string{"a.deposant deposer_pieces {d} fait"}, change: "demande passage piece"},
	})
}
