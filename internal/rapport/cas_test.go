package rapport

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"guichet.example/segur"
)

// essai is one run: its files in order, and the options that matter.
type essai struct {
	nom       string
	resultats []Resultat
	options   Options
	formes    []string // with a golden file; nil = texte
}

var outil = segur.Outil{Nom: "segur", Version: "1.0.0"}

// jeuEssai is the rule set of the tests.
func jeuEssai(t testing.TB) *segur.Jeu {
	t.Helper()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// controle controls bytes under a name.
func controle(t testing.TB, nom string, octets []byte) Resultat {
	t.Helper()
	somme := sha256.Sum256(octets)
	f := segur.Fichier{Nom: nom[strings.LastIndexByte(nom, '/')+1:], Chemin: nom, Taille: int64(len(octets)), SHA256: hex.EncodeToString(somme[:])}
	return Resultat{Fichier: f, Octets: octets, Rapport: jeuEssai(t).Controler(octets, segur.JourExemple, segur.Options{Nom: f.Nom})}
}

// changer replaces the n-th occurrence (from 1) of avant; it must be there.
func changer(t testing.TB, octets []byte, n int, avant, apres string) []byte {
	t.Helper()
	debut := 0
	for range n - 1 {
		i := bytes.Index(octets[debut:], []byte(avant))
		if i < 0 {
			t.Fatalf("%q is not there %d times", avant, n)
		}
		debut += i + len(avant)
	}
	if !bytes.Contains(octets[debut:], []byte(avant)) {
		t.Fatalf("%q is not there %d times", avant, n)
	}
	return append(bytes.Clone(octets[:debut]), bytes.Replace(octets[debut:], []byte(avant), []byte(apres), 1)...)
}

func bonNom(n int) string { return segur.NomExemple(n) }

// partiel has five requests, three refused, one with two faults, one warning.
func partiel(t testing.TB) []byte {
	d := jeuEssai(t).Exemple(5)
	d = changer(t, d, 2, `"montantSegurHT": 708.33`, `"montantSegurHT": 850`)
	d = changer(t, d, 2, `"montantSegurHT": 708.33`, `"montantSegurHT": 850.0`)
	d = changer(t, d, 3, `"nomResponsable": "EXEMPLE"`, `"nomResponsable": "Éloïse"`)
	d = changer(t, d, 5, `"formatFichier": "PDF"`, `"formatFichier": "pdf"`)
	return changer(t, d, 1, `"FINESSGeo": "990000010"`, `"FINESSGeo": "777777777"`)
}

// hostile carries what would act on a terminal, a page or a spreadsheet.
func hostile(t testing.TB) []byte {
	d := jeuEssai(t).Exemple(4)
	d = changer(t, d, 1, `"nomResponsable": "EXEMPLE"`, `"nomResponsable": "<script>alert('x')</script>"`)
	d = changer(t, d, 1, `"numeroEditeur": "00002"`, `"numeroEditeur": "=cmd|' /C calc'!A0"`)
	d = changer(t, d, 3, `"emailResponsable": "officine@pharmacie.example"`, "\"emailResponsable\": \"\u202egnp.exe\u202c@\u2066x\"")
	d = changer(t, d, 3, `"nomAdminTechnique": "EXEMPLE"`, "\"nomAdminTechnique\": \"\\u001b[31mROUGE\u009b2J\"")
	return changer(t, d, 3, `"nomAdminTechnique": "EXEMPLE"`, `"nomAdminTechnique": "日本語薬局の管理者です e\u0301e\u0301 :-) trop long pour le champ"`)
}

// piecesFautives are constats as package segur/piece gives them.
func piecesFautives() []segur.Constat {
	var ps []segur.Constat
	for i, nom := range []string{"PHA-LGO-Va1-BDC-00001.pdf", "PHA-LGO-Va1-BDC-00004.pdf"} {
		ps = append(ps, segur.Constat{Code: 2445, Gravite: segur.Erreur, Rang: 1 + 3*i, Balise: "piecesJustificatives", Ligne: 1, Colonne: 1,
			Message: "« " + nom + " », déclarée par la demande, n’a pas été reçue.", Attendu: "chaque pièce déclarée",
			Remede: "Envoyez la pièce sous ce nom, dans une archive ou seule.", Reference: "§1.3"})
	}
	return append(ps, segur.Constat{Code: 9441, Gravite: segur.Avertissement, Balise: "piecesJustificatives",
		Message: "L’archive « lot.zip » pèse 200100200 octets.", Attendu: "200 Mo au plus", Remede: "Répartissez les pièces.", Reference: "D11"})
}

func entreePieces(c segur.Code) (segur.Entree, bool) {
	switch c {
	case 2445:
		return segur.Entree{Code: c, Gravite: segur.Erreur, Titre: "Pièce manquante", Message: "« {nom} » n’a pas été {recue}.", Attendu: "chaque pièce déclarée", Remede: "Envoyez la pièce.", Reference: "§1.3"}, true
	case 9441:
		return segur.Entree{Code: c, Gravite: segur.Avertissement, Titre: "Archive proche de la limite"}, true
	}
	return segur.Entree{}, false
}

func nonLu() Resultat {
	return Resultat{Fichier: segur.Fichier{Nom: "absent.json", Chemin: "lot/absent.json"}, Erreur: "le fichier n’existe pas"}
}

// essais are the runs of the golden files.
func essais(t testing.TB) []essai {
	j := jeuEssai(t)
	bon := func(n int) Resultat { return controle(t, bonNom(n), j.Exemple(3)) }
	syntaxe := changer(t, j.Exemple(2), 1, "null,\n", "null\n")
	cles := changer(t, changer(t, j.Exemple(2), 1, `"SIRET"`, `"siret"`), 2, `"dateCommande"`, `"datecommande"`)
	uneLigne := bytes.ReplaceAll(bytes.ReplaceAll(partiel(t), []byte("\n"), nil), []byte("  "), nil)
	avecPieces := controle(t, bonNom(1), j.Exemple(5))
	avecPieces.Pieces, avecPieces.Plus = piecesFautives(), []byte(`"pieces": {"attendues": 5}`)
	incomplet := controle(t, bonNom(2), j.Exemple(1))
	incomplet.Erreur = "l’archive lot.zip ne s’ouvre pas"
	fautive := changer(t, j.Exemple(1), 1, `"typeAction": "C"`, `"typeAction": "S"`)
	un := func(nom string, r Resultat) essai { return essai{nom: nom, resultats: []Resultat{r}} }
	plusieurs := []Resultat{bon(1), controle(t, "lot/"+bonNom(2), partiel(t)), controle(t, "lot été/"+bonNom(3), syntaxe),
		nonLu(), controle(t, bonNom(4), fautive)}
	return []essai{
		un("acceptes", bon(1)),
		un("avertissement", controle(t, "JSON-9999999999-20230630-001.json", changer(t, j.Exemple(2), 1, `"FINESSGeo": "990000010"`, `"FINESSGeo": "777777777"`))),
		un("partiel", controle(t, bonNom(1), partiel(t))),
		un("cles", controle(t, bonNom(1), cles)),
		un("syntaxe", controle(t, bonNom(1), syntaxe)),
		un("bom", controle(t, bonNom(1), append([]byte("\ufeff"), partiel(t)...))),
		un("nom", controle(t, "export (1).json", j.Exemple(2))),
		{nom: "hostile", resultats: []Resultat{controle(t, bonNom(1), hostile(t))}, formes: Formes()},
		un("nom_hostile", controle(t, "=a\x1b[2J\n<b>\u202e\".json", j.Exemple(1))),
		un("longue_ligne", controle(t, bonNom(1), uneLigne)),
		un("non_lu", nonLu()),
		un("incomplet", incomplet),
		{nom: "pieces", resultats: []Resultat{avecPieces}, options: Options{Entree: entreePieces}, formes: Formes()},
		{nom: "plusieurs", resultats: plusieurs, options: Options{Plusieurs: true}, formes: Formes()},
		{nom: "quiet", resultats: append(plusieurs[:5:5], avecPieces, incomplet), options: Options{Plusieurs: true, Quiet: true}},
		{nom: "premier", resultats: []Resultat{controle(t, bonNom(1), partiel(t))}, options: Options{Premier: true}, formes: []string{"texte", "json", "csv"}},
		{nom: "couleur", resultats: []Resultat{controle(t, bonNom(1), partiel(t))}, options: Options{Couleur: true, Largeur: 64}},
		{nom: "vide", options: Options{Plusieurs: true}, formes: Formes()},
	}
}

// rendre writes a run in a form.
func rendre(t testing.TB, forme string, e essai) string {
	t.Helper()
	var b bytes.Buffer
	o := e.options
	o.Outil, o.Date = outil, segur.JourExemple.String()
	w, err := Nouveau(forme, &b, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range e.resultats {
		// Buffers are used again: nothing may be kept of a result.
		r.Octets = bytes.Clone(r.Octets)
		if r.Rapport != nil {
			r.Rapport = jeuEssai(t).Controler(r.Octets, segur.JourExemple, segur.Options{Nom: r.Fichier.Nom})
		}
		if err := w.Resultat(r); err != nil {
			t.Fatal(err)
		}
		for i := range r.Octets {
			r.Octets[i] = '!'
		}
	}
	if err := w.Fin(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
