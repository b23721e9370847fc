package contrat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// deposer sends garnished lines and gives the deposit; 201 or the test ends.
func (c *client) deposer(t testing.TB, lignes []ligne) depot {
	t.Helper()
	return lire[depot](t, c.deposerLignes(t, lignes).exige(t, "un dépôt lisible est enregistré", 201))
}

func TestDepositGivesItsWholeShape(t *testing.T) {
	t.Parallel()
	f := partage(t, "depots").fournisseur(0)
	lignes := f.garnir(ligne{}, ligne{avecHT: true}, ligne{valeurs: map[string]string{"commande.dateCommande": `"31/02/2023"`}})
	octets, nom := fichier(f.NumeroAns, f.Siret, lignes), f.numeros.nomSuivant(f.NumeroAns)
	r := f.deposerOctets(t, "avance", nom, octets).exige(t, "201 POST /depots", 201)
	o := clesDe(t, r, "id", "type", "numeroAns", "nomFichier", "date", "sha256", "rapport", "demandes", "couverture")
	exigeCles(t, r.quoi, o["couverture"].(objet), "complete", "recues", "manquantes", "refusees")
	exigeCles(t, r.quoi, o["rapport"].(objet), "outil", "regles", "fichier", "verdict", "bilan", "structure", "demandes")
	d := lire[depot](t, r)
	if d.ID == "" || d.Type != "avance" || d.NumeroAns != f.NumeroAns || d.NomFichier != nom || d.Sha256 != sha(octets) {
		t.Errorf("dépôt : id %q, type %q, numeroAns %q, nomFichier %q, sha256 %q", d.ID, d.Type, d.NumeroAns, d.NomFichier, d.Sha256)
	}
	instant(t, "date du dépôt", d.Date)
	if d.Rapport.Verdict != "partiel" || d.Rapport.Bilan.Demandes != 3 || d.Rapport.Bilan.Acceptees != 2 || d.Rapport.Bilan.Rejetees != 1 {
		t.Errorf("rapport : verdict %q, bilan %+v ; attendu partiel, 2 acceptées, 1 rejetée", d.Rapport.Verdict, d.Rapport.Bilan)
	}
	if d.Rapport.Fichier.Nom != nom || d.Rapport.Fichier.Sha256 != sha(octets) || d.Rapport.Fichier.Taille != len(octets) {
		t.Errorf("rapport.fichier : %+v", d.Rapport.Fichier)
	}
	if len(d.Demandes) != 2 {
		t.Fatalf("demandes : %+v ; attendu les deux lignes acceptées seules", d.Demandes)
	}
	for i, dem := range d.Demandes {
		if dem.Rang != i+1 || dem.NumeroEditeur != lignes[i].editeur || !formeASP.MatchString(dem.NumeroASP) || dem.Statut != "incomplete" {
			t.Errorf("demande %d : %+v", i+1, dem)
		}
	}
	attendues := slices.Concat(lignes[0].pieces(), lignes[1].pieces())
	var manquantes []string
	for _, m := range d.Couverture.Manquantes {
		manquantes = append(manquantes, m.NomFichier)
	}
	if diff := cmp.Diff(attendues, manquantes); diff != "" || d.Couverture.Complete {
		t.Errorf("couverture d’un dépôt neuf : complete %v, manquantes (-attendu +reçu)\n%s", d.Couverture.Complete, diff)
	}
	relu := f.appeler(t, "GET", "/api/v1/depots/"+d.ID, nil).exige(t, "200 GET /depots/{id}", 200)
	if diff := cmp.Diff(lire[objet](t, r), lire[objet](t, relu)); diff != "" {
		t.Errorf("GET /depots/{id} n’est pas le même objet (-POST +GET)\n%s", diff)
	}
}

func TestEmptyListsAreListsNotNull(t *testing.T) {
	t.Parallel()
	f := partage(t, "depots").fournisseur(0)
	r := f.deposerLignes(t, f.garnir(ligne{valeurs: map[string]string{"typeAction": `"X"`}})).exige(t, "201 même si toutes les lignes sont refusées", 201)
	o := lire[objet](t, r)
	if v := o["rapport"].(objet)["verdict"]; v != "rejete" {
		t.Errorf("verdict %v, attendu rejete", v)
	}
	for _, l := range []any{o["demandes"], o["couverture"].(objet)["recues"], o["couverture"].(objet)["refusees"], o["couverture"].(objet)["manquantes"]} {
		if a, ok := l.([]any); !ok || len(a) != 0 {
			t.Errorf("attendu une liste vide, reçu %v dans %s", l, r.extrait())
		}
	}
}

func TestControl1RefusesTheFileWithItsReport(t *testing.T) {
	t.Parallel()
	d := partage(t, "depots")
	f, autre := d.fournisseur(0), d.fournisseur(1)
	l := f.garnir(ligne{})
	bon := string(fichier(f.NumeroAns, f.Siret, l))
	nomBon := func() string { return f.numeros.nomSuivant(f.NumeroAns) }
	hier := strings.Replace(nomBon(), aujourdhui().Compact(), strings.ReplaceAll(jourDans(-1), "-", ""), 1)
	for _, cas := range []struct{ titre, nom, octets string }{
		{"JSON coupé", nomBon(), bon[:len(bon)/2]},
		{"fichier vide", nomBon(), ""},
		{"deux valeurs", nomBon(), bon + "{}"},
		{"clé double", nomBon(), strings.Replace(bon, `"impId": null,`, `"impId": null, "impId": null,`, 1)},
		{"clé inconnue", nomBon(), strings.Replace(bon, `"impId": null,`, `"impId": null, "siret": "1",`, 1)},
		{"impId rempli", nomBon(), strings.Replace(bon, `"impId": null,`, `"impId": "1",`, 1)},
		{"pas UTF-8", nomBon(), strings.Replace(bon, "TITULAIRE", "TIT\xe9LAIRE", 1)},
		{"surrogat seul", nomBon(), strings.Replace(bon, "TITULAIRE", `TIT\ud800LAIRE`, 1)},
		{"17 niveaux", nomBon(), strings.Replace(bon, `"numeroAns"`, `"x":`+strings.Repeat("[", 17)+strings.Repeat("]", 17)+`, "numeroAns"`, 1)},
		{"cent mille niveaux", nomBon(), strings.Repeat("[", 100000)},
		{"aucune ligne", nomBon(), string(fichier(f.NumeroAns, f.Siret, nil))},
		{"201 lignes", nomBon(), string(fichier(f.NumeroAns, f.Siret, f.garnir(make([]ligne, 201)...)))},
		{"date qui n’est pas celle du jour", hier, bon},
		{"numéro 000", nomDuJour(f.NumeroAns, 0), bon},
		{"nom difforme", "depot.json", bon},
		{"nom en minuscules", strings.ToLower(nomBon()), bon},
		{"numeroAns du nom différent", nomDuJour(autre.NumeroAns, 900), bon},
		{"SIRET d’un autre", nomBon(), string(fichier(f.NumeroAns, autre.Siret, l))},
		{"numeroAns d’un autre dans le fichier", nomBon(), string(fichier(autre.NumeroAns, f.Siret, l))},
		{"un solde déposé comme avance", nomBon(), string(fichier(f.NumeroAns, f.Siret, f.garnir(ligne{avance: "ASP-1"})))},
	} {
		r := f.deposerOctets(t, "avance", cas.nom, []byte(cas.octets))
		if !r.veut(t, cas.titre+" : 422 refusé au contrôle 1", 422) {
			continue
		}
		p := lire[struct{ Rapport *rapport }](t, r)
		if p.Rapport == nil || p.Rapport.Verdict != "rejete" || len(p.Rapport.Structure) == 0 || len(p.Rapport.Demandes) != 0 {
			t.Errorf("%s : 422 sans rapport rejeté avec ses constats de structure : %s", cas.titre, r.extrait())
			continue
		}
		if c := p.Rapport.Structure[0]; !formeCode.MatchString(c.Code) || c.Message == "" || c.Remede == "" {
			t.Errorf("%s : constat incomplet %+v", cas.titre, c)
		}
	}
	// Not this supplier's number at all, in file, name and form alike.
	genre, corps := formulaireDepot("avance", autre.NumeroAns, nomDuJour(autre.NumeroAns, 901), fichier(autre.NumeroAns, autre.Siret, l))
	f.appeler(t, "POST", "/api/v1/depots", corps, "Content-Type", genre).veut(t, "numéro et SIRET d’un autre fournisseur", 403, 404, 422)
	// Nothing was kept of all that: the line is accepted now.
	if dep := f.deposer(t, l); len(dep.Demandes) != 1 {
		t.Errorf("un fichier refusé au contrôle 1 a brûlé le numeroEditeur : %+v", dep.Rapport.Demandes)
	}
}

func TestRefusedFileUsesNoNumber(t *testing.T) {
	t.Parallel()
	f := partage(t, "depots").fournisseur(0)
	nom, octets := f.numeros.nomSuivant(f.NumeroAns), fichier(f.NumeroAns, f.Siret, f.garnir(ligne{}))
	f.deposerOctets(t, "avance", nom, octets[:100]).exige(t, "contrôle 1", 422)
	f.deposerOctets(t, "avance", nom, octets).exige(t, "D3 : un fichier refusé au contrôle 1 ne prend pas de numéro", 201)
}

func TestUsedNumberNamesTheNextFreeOne(t *testing.T) {
	t.Parallel()
	f := demarrer(t, t.TempDir()).fournisseur(0)
	nom := f.numeros.nomSuivant(f.NumeroAns)
	depuis := func(nom string) reponse {
		return f.deposerOctets(t, "avance", nom, fichier(f.NumeroAns, f.Siret, f.garnir(ligne{})))
	}
	depuis(nom).exige(t, "premier dépôt", 201)
	for range 3 {
		p := lire[struct{ Rapport rapport }](t, depuis(nom).exige(t, "numéro déjà pris", 422))
		libre := ""
		for _, c := range p.Rapport.Structure {
			for _, mot := range strings.FieldsFunc(c.Attendu, func(r rune) bool { return strings.ContainsRune(" «»\u00a0\u202f,;()\"", r) }) {
				if strings.HasPrefix(mot, "JSON-"+f.NumeroAns+"-"+aujourdhui().Compact()+"-") && strings.HasSuffix(mot, ".json") {
					libre = mot
				}
			}
		}
		if libre == "" || libre == nom {
			t.Fatalf("aucun constat n’a dans attendu le prochain nom libre : %+v", p.Rapport.Structure)
		}
		depuis(libre).exige(t, "le nom annoncé libre l’est : "+libre, 201)
	}
	depuis(nomDuJour(f.NumeroAns, 999)).exige(t, "999 est un numéro, et un trou n’est qu’un avertissement", 201)
}

func TestFormThatIsNoDeposit(t *testing.T) {
	t.Parallel()
	f := partage(t, "depots").fournisseur(0)
	octets := fichier(f.NumeroAns, f.Siret, f.garnir(ligne{}))
	nom := f.numeros.nomSuivant(f.NumeroAns)
	typ, ans := champ{cle: "type", valeur: []byte("avance")}, champ{cle: "numeroAns", valeur: []byte(f.NumeroAns)}
	fic := champ{cle: "fichier", nom: nom, valeur: octets}
	for titre, champs := range map[string][]champ{
		"sans type":         {ans, fic},
		"sans numeroAns":    {typ, fic},
		"sans fichier":      {typ, ans},
		"aucun champ":       {},
		"type inconnu":      {{cle: "type", valeur: []byte("acompte")}, ans, fic},
		"type vide":         {{cle: "type"}, ans, fic},
		"type en capitales": {{cle: "type", valeur: []byte("AVANCE")}, ans, fic},
		"type deux fois":    {typ, typ, ans, fic},
		"numeroAns 2 fois":  {typ, ans, ans, fic},
		"fichier deux fois": {typ, ans, fic, fic},
		"deux fois, autre":  {typ, {cle: "type", valeur: []byte("solde")}, ans, fic},
		"fichier sans nom":  {typ, ans, {cle: "fichier", valeur: octets}},
	} {
		genre, corps := formulaire(champs...)
		r := f.appeler(t, "POST", "/api/v1/depots", corps, "Content-Type", genre)
		if r.veut(t, "un formulaire "+titre, 400, 422) && titre != "fichier sans nom" {
			if _, ok := lire[objet](t, r)["rapport"]; ok {
				t.Errorf("%s : attendu une réponse sans rapport : %s", titre, r.extrait())
			}
		}
	}
	genre, corps := formulaireDepot("avance", f.NumeroAns, nom, octets)
	for titre, g := range map[string]string{"sans frontière": "multipart/form-data", "autre frontière": "multipart/form-data; boundary=x", "JSON": "application/json", "aucun genre": "", "urlencodé": "application/x-www-form-urlencoded"} {
		f.appeler(t, "POST", "/api/v1/depots", corps, "Content-Type", g).veut(t, "corps "+titre, 400, 415, 422)
	}
	f.appeler(t, "POST", "/api/v1/depots", corps[:len(corps)-40], "Content-Type", genre).veut(t, "formulaire coupé", 400, 422)
	// The field's order is free, and none of the refusals took the name.
	genre, corps = formulaire(fic, ans, typ)
	f.appeler(t, "POST", "/api/v1/depots", corps, "Content-Type", genre).veut(t, "le fichier avant les autres champs", 201)
}

func TestStateOfThePortalRefusesLines(t *testing.T) {
	t.Parallel()
	d := partage(t, "depots")
	f, autre := d.fournisseur(0), d.fournisseur(1)
	l := f.garnir(ligne{}, ligne{valeurs: map[string]string{"typeAction": `"X"`}})
	f.deposer(t, l)
	for i, titre := range []string{"acceptée", "refusée"} {
		seconde := l[i]
		seconde.valeurs = nil
		r := f.deposer(t, []ligne{seconde})
		if len(r.Demandes) != 0 || !r.Rapport.refusee30xx(1) {
			t.Errorf("numeroEditeur d’une demande %s repris : %+v ; attendu un refus 30xx", titre, r.Rapport.Demandes)
		}
	}
	if r := autre.deposer(t, []ligne{{editeur: l[0].editeur, finess: l[0].finess}}); len(r.Demandes) != 1 {
		t.Errorf("le numeroEditeur d’un autre fournisseur est refusé : %+v", r.Rapport.Demandes)
	}
	for montant, accepte := range map[string]bool{"10000.00": false, "999999999.99": false, "708.33": true, "0.01": true} {
		r := f.deposer(t, f.garnir(ligne{valeurs: map[string]string{"commande.montantSegurHT": montant}}))
		if accepte != (len(r.Demandes) == 1) || !accepte && !r.Rapport.refusee30xx(1) {
			t.Errorf("montant %s : %+v", montant, r.Rapport.Demandes)
		}
	}
}

func TestOnlySuppliersDepositAndOnlyTheirsIsSeen(t *testing.T) {
	t.Parallel()
	d := partage(t, "depots")
	f, autre := d.fournisseur(0), d.fournisseur(1)
	l := f.garnir(ligne{})
	dep := f.deposer(t, l)
	for _, suite := range []string{"", "/retour"} {
		r := autre.appeler(t, "GET", "/api/v1/depots/"+dep.ID+suite, nil)
		r.veut(t, "dépôt d’un autre fournisseur", 403, 404)
		inconnu := autre.appeler(t, "GET", "/api/v1/depots/inconnu"+suite, nil)
		inconnu.veut(t, "dépôt inconnu", 404)
		for _, secret := range []string{f.NumeroAns, f.RaisonSociale, f.Siret, l[0].editeur, dep.Demandes[0].NumeroASP} {
			if bytes.Contains(r.corps, []byte(secret)) {
				t.Errorf("le refus dit %q du dépôt d’un autre", secret)
			}
		}
	}
	for _, a := range d.Agents {
		d.client(a).deposerOctets(t, "avance", f.numeros.nomSuivant(f.NumeroAns), fichier(f.NumeroAns, f.Siret, f.garnir(ligne{}))).veut(t, "un agent ne dépose pas", 403)
	}
}

func TestExactlyTenMebibytesIsAccepted(t *testing.T) {
	t.Parallel()
	f := partage(t, "depots").fournisseur(0)
	octets := fichier(f.NumeroAns, f.Siret, f.garnir(ligne{}))
	plein := append(bytes.Clone(octets), bytes.Repeat([]byte(" "), 10*mebi-len(octets))...)
	nom := f.numeros.nomSuivant(f.NumeroAns)
	f.deposerOctets(t, "avance", nom, append(plein, ' ')).veut(t, "plus de 10 Mio", 413, 422)
	dep := lire[depot](t, f.deposerOctets(t, "avance", nom, plein).exige(t, "exactement 10 Mio", 201))
	r := f.appeler(t, "GET", "/api/v1/depots/"+dep.ID+"/retour", nil).exige(t, "retour", 200)
	if len(r.corps) < 10*mebi {
		t.Errorf("retour de %d octets, moins que reçu", len(r.corps))
	}
}

func TestDepositsAtOnce(t *testing.T) {
	t.Parallel()
	f := partage(t, "depots").fournisseur(1)
	const n = 6
	ensemble := func(appel func(i int) reponse) []reponse {
		rs := make([]reponse, n)
		var g sync.WaitGroup
		for i := range n {
			g.Go(func() { rs[i] = appel(i) })
		}
		g.Wait()
		return rs
	}
	nom := f.numeros.nomSuivant(f.NumeroAns)
	gagnes := 0
	for _, r := range ensemble(func(int) reponse {
		return f.deposerOctets(t, "avance", nom, fichier(f.NumeroAns, f.Siret, f.garnir(ligne{})))
	}) {
		r.veut(t, "plusieurs dépôts à la fois sous un nom : un 201, les autres 422", 201, 422)
		if r.statut == 201 {
			gagnes++
		}
	}
	if gagnes != 1 {
		t.Errorf("%d dépôts ont pris le même nom", gagnes)
	}
	l := f.garnir(ligne{})
	acceptees, refusees := 0, 0
	for _, r := range ensemble(func(int) reponse { return f.deposerLignes(t, l) }) {
		if !r.veut(t, "plusieurs dépôts à la fois d’un numeroEditeur : tous 201", 201) {
			continue
		}
		d := lire[depot](t, r)
		acceptees += len(d.Demandes)
		if d.Rapport.refusee30xx(1) {
			refusees++
		}
	}
	if acceptees != 1 || refusees != n-1 {
		t.Errorf("un numeroEditeur en %d dépôts à la fois : %d acceptées, %d refusées 30xx", n, acceptees, refusees)
	}
}

func TestTwoHundredNumbersDifferByMoreThanOneCharacter(t *testing.T) {
	t.Parallel()
	f := partage(t, "depots").fournisseur(1)
	dep := f.deposer(t, f.garnir(make([]ligne, 200)...))
	if len(dep.Demandes) != 200 {
		t.Fatalf("%d demandes acceptées sur 200", len(dep.Demandes))
	}
	for i, a := range dep.Demandes {
		for _, b := range dep.Demandes[i+1:] {
			if ecart(a.NumeroASP, b.NumeroASP) < 2 {
				t.Fatalf("%s et %s ne diffèrent que d’un caractère", a.NumeroASP, b.NumeroASP)
			}
		}
	}
}

func ecart(a, b string) int {
	if len(a) != len(b) {
		return 2
	}
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

func TestSimulatorKeepsNothing(t *testing.T) {
	t.Parallel()
	d := partage(t, "depots")
	f, personne := d.fournisseur(0), d.anonyme()
	l := f.garnir(ligne{}, ligne{valeurs: map[string]string{"commande.montantSegurHT": `850`}})
	nom := f.numeros.nomSuivant(f.NumeroAns)
	octets := fichier(f.NumeroAns, f.Siret, l)
	for _, chemin := range []string{"/api/v1/controles", "/api/v1/controles?nom=" + nom, "/api/v1/controles?type=avance&nom=" + nom} {
		r := personne.appeler(t, "POST", chemin, octets, "Content-Type", "application/json").exige(t, "POST /controles sans compte", 200)
		if p := lire[rapport](t, r); p.Verdict != "partiel" || p.Bilan.Acceptees != 1 || p.Fichier.Sha256 != sha(octets) {
			t.Errorf("%s : verdict %q, bilan %+v", chemin, p.Verdict, p.Bilan)
		}
	}
	for _, corps := range []string{"", "{", "[1,2", strings.Repeat("[", 200000), "\xff\xfe"} {
		r := personne.appeler(t, "POST", "/api/v1/controles", []byte(corps), "Content-Type", "application/json").exige(t, "un fichier illisible a son rapport", 200)
		if p := lire[rapport](t, r); p.Verdict != "rejete" || len(p.Structure) == 0 {
			t.Errorf("contrôle de %.20q : %s", corps, r.extrait())
		}
	}
	personne.appeler(t, "POST", "/api/v1/controles?type=acompte", octets, "Content-Type", "application/json").veut(t, "type inconnu", 400, 422)
	personne.appeler(t, "POST", "/api/v1/controles", bytes.Repeat([]byte(" "), 10*mebi+1), "Content-Type", "application/json").veut(t, "plus de 10 Mio", 200, 413, 422)
	dep := lire[depot](t, f.deposerOctets(t, "avance", nom, octets).exige(t, "le simulateur n’a rien pris", http.StatusCreated))
	if len(dep.Demandes) != 1 {
		t.Errorf("après le simulateur : %+v", dep.Rapport.Demandes)
	}
}

// A deposit's report is the simulator's report: one engine, one verdict.
func TestSimulatorAgreesWithDeposit(t *testing.T) {
	t.Parallel()
	d := partage(t, "depots")
	f := d.fournisseur(0)
	for balise, valeur := range map[string]string{
		"commande.montantSegurHT": `850.0`, "beneficiaire.nomResponsable": `"Titulaire"`, "numeroEditeur": `"Z-001"`,
		"scenarioInstallation.operateurMessagerie": `"MAILIZ"`, "certificatsServeur.numeroCarteCPX": `"10000000001"`,
	} {
		octets := fichier(f.NumeroAns, f.Siret, f.garnir(ligne{valeurs: map[string]string{balise: valeur}}))
		nom := f.numeros.nomSuivant(f.NumeroAns)
		simule := lire[rapport](t, d.anonyme().appeler(t, "POST", "/api/v1/controles?nom="+nom, octets, "Content-Type", "application/json").exige(t, "simulateur", 200))
		depose := lire[depot](t, f.deposerOctets(t, "avance", nom, octets).exige(t, "dépôt", 201)).Rapport
		codes := func(r rapport) string {
			b, _ := json.Marshal(r.Demandes)
			return fmt.Sprint(r.Verdict, string(b))
		}
		if len(simule.Demandes) != 1 || simule.Demandes[0].Acceptee || codes(simule) != codes(depose) {
			t.Errorf("%s = %s : simulateur %s, dépôt %s", balise, valeur, codes(simule), codes(depose))
		}
	}
}
