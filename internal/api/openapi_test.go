package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

type objet = map[string]any

// lireDescription fetches openapi.json as anybody can.
func lireDescription(t *testing.T, p *portail) objet {
	t.Helper()
	r := p.appeler(appel{"", "GET", "/openapi.json", "", nil})
	var d objet
	if err := json.Unmarshal([]byte(r.corps), &d); err != nil || r.statut != http.StatusOK {
		t.Fatalf("%d: %v", r.statut, err)
	}
	return d
}

// sous walks down an object; nil where there is nothing.
func sous(v any, cles ...string) objet {
	for _, k := range cles {
		o, _ := v.(objet)
		v = o[k]
	}
	o, _ := v.(objet)
	return o
}

// routesDecrites lists "METHOD path" of the description.
func routesDecrites(t *testing.T, p *portail) (rs []string) {
	t.Helper()
	for chemin, operations := range sous(lireDescription(t, p), "paths") {
		for methode := range sous(operations) {
			rs = append(rs, strings.ToUpper(methode)+" "+chemin)
		}
	}
	if len(rs) < 18 {
		t.Fatalf("only %d routes described", len(rs))
	}
	return rs
}

// promises of contracts.md: the description holds at least these.
func TestEveryPromisedRouteIsDescribed(t *testing.T) {
	t.Parallel()
	decrites := routesDecrites(t, nouveauPortail(t))
	for _, r := range []string{
		"POST /controles", "POST /depots", "GET /depots/{id}", "GET /depots/{id}/retour", "PUT /depots/{id}/pieces", "PUT /demandes/{numeroASP}/pieces/{nomFichier}",
		"GET /demandes", "GET /demandes/{numeroASP}", "POST /demandes/{numeroASP}/actes", "POST /decisions", "GET /motifs",
		"POST /lots-paiement", "POST /lots-paiement/{id}/actes", "GET /lots-paiement/{id}/virement", "GET /journal", "GET /openapi.json",
	} {
		if !slices.Contains(decrites, r) {
			t.Errorf("%s is not described", r)
		}
	}
}

// The parts of OpenAPI 3.1 that the description uses, as a schema: the rest of
// the standard is not needed to hold it.
const schemaOpenAPI = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["openapi", "info", "paths", "components"], "additionalProperties": false,
  "properties": {
    "openapi": {"const": "3.1.0"},
    "info": {"type": "object", "required": ["title", "version"], "properties": {"title": {"type": "string", "minLength": 1}, "version": {"type": "string", "minLength": 1}, "description": {"type": "string"}}, "additionalProperties": false},
    "servers": {"type": "array", "items": {"type": "object", "required": ["url"]}},
    "security": {"$ref": "#/$defs/security"},
    "paths": {"type": "object", "propertyNames": {"pattern": "^/"}, "additionalProperties": {"type": "object", "propertyNames": {"enum": ["get", "put", "post", "delete", "patch"]}, "additionalProperties": {"$ref": "#/$defs/operation"}}},
    "components": {"type": "object", "required": ["schemas", "securitySchemes"], "additionalProperties": false, "properties": {
      "schemas": {"type": "object", "additionalProperties": {"type": "object"}},
      "securitySchemes": {"type": "object", "additionalProperties": {"type": "object", "required": ["type", "scheme"]}}}}
  },
  "$defs": {
    "security": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}},
    "content": {"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[a-z]+/[a-z0-9.+-]+$"}, "additionalProperties": {"type": "object", "properties": {"schema": {"type": "object"}}, "additionalProperties": false}},
    "operation": {"type": "object", "required": ["operationId", "summary", "responses"], "additionalProperties": false, "properties": {
      "operationId": {"type": "string", "pattern": "^[a-zA-Z][a-zA-Z0-9_]*$"}, "summary": {"type": "string", "minLength": 1}, "description": {"type": "string"}, "security": {"$ref": "#/$defs/security"},
      "parameters": {"type": "array", "items": {"type": "object", "required": ["name", "in", "schema"], "additionalProperties": false, "properties": {
        "name": {"type": "string"}, "in": {"enum": ["path", "query", "header"]}, "required": {"type": "boolean"}, "description": {"type": "string"}, "schema": {"type": "object"}},
        "if": {"properties": {"in": {"const": "path"}}}, "then": {"required": ["required"], "properties": {"required": {"const": true}}}}},
      "requestBody": {"type": "object", "required": ["content"], "properties": {"required": {"type": "boolean"}, "content": {"$ref": "#/$defs/content"}}, "additionalProperties": false},
      "responses": {"type": "object", "required": ["default"], "propertyNames": {"pattern": "^([1-5][0-9]{2}|default)$"}, "additionalProperties": {"type": "object", "required": ["description"], "properties": {"description": {"type": "string"}, "content": {"$ref": "#/$defs/content"}, "headers": {"type": "object"}}, "additionalProperties": false}}}}
  }
}`

func TestDescriptionIsOpenAPI(t *testing.T) {
	t.Parallel()
	d := lireDescription(t, nouveauPortail(t))
	forme, err := jsonschema.UnmarshalJSON(strings.NewReader(schemaOpenAPI))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:openapi", forme); err != nil {
		t.Fatal(err)
	}
	if err := c.MustCompile("mem:openapi").Validate(any(d)); err != nil {
		t.Error(err)
	}
	noms := map[string]bool{}
	for chemin, operations := range sous(d, "paths") {
		for methode, o := range sous(operations) {
			nom, _ := sous(o)["operationId"].(string)
			if noms[nom] {
				t.Errorf("operationId %s twice", nom)
			}
			noms[nom] = true
			parametres, _ := sous(o)["parameters"].([]any)
			for _, x := range parametres {
				if nom, _ := sous(x)["name"].(string); sous(x)["in"] == "path" && !strings.Contains(chemin, "{"+nom+"}") {
					t.Errorf("%s %s: parameter %s is not in the path", methode, chemin, nom)
				}
			}
			if dansChemin := strings.Count(chemin, "{"); dansChemin != compterChemin(parametres) {
				t.Errorf("%s %s: %d parameters in the path", methode, chemin, dansChemin)
			}
		}
	}
}

func compterChemin(parametres []any) (n int) {
	for _, x := range parametres {
		if sous(x)["in"] == "path" {
			n++
		}
	}
	return n
}

// fermer forbids, in a copy for tests, every member that a schema does not
// name: the description must name all that is answered.
func fermer(v any) {
	switch x := v.(type) {
	case objet:
		if _, ok := x["properties"]; ok && x["additionalProperties"] == nil {
			x["additionalProperties"] = false
		}
		for _, y := range x {
			fermer(y)
		}
	case []any:
		for _, y := range x {
			fermer(y)
		}
	}
}

// schemaDe compiles the schema of one body of the description.
func schemaDe(t *testing.T, d objet, pointeur string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("mem:api", any(d)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:api#" + pointeur)
	if err != nil {
		t.Fatalf("%s: %v", pointeur, err)
	}
	return s
}

// What is answered is what is described, member by member; and so are
// refusals.
func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t, avecWebhooks, func(m *guichet.Monde) { m.Releves = lireReleveDEssai })
	d := lireDescription(t, p)
	fermer(sous(d, "components", "schemas"))
	couvertes := map[string]bool{}
	for _, x := range reponsesAttendues(t, p) {
		r := p.appeler(x.appel)
		pointeur := "/paths/" + strings.ReplaceAll(x.route, "/", "~1") + "/" + strings.ToLower(x.methode) + "/responses/" + x.cle + "/content/"
		genre := "application~1json"
		if x.cle == "default" {
			genre = "application~1problem+json"
		}
		var v any
		if err := json.Unmarshal([]byte(r.corps), &v); err != nil {
			t.Fatalf("%s %s: %d %s", x.methode, x.chemin, r.statut, r.corps)
		}
		if want := x.cle; want != "default" && !strings.HasPrefix(want, string(rune('0'+r.statut/100))) || want == "default" && r.statut < 400 {
			t.Errorf("%s %s: %d, described under %s: %s", x.methode, x.chemin, r.statut, want, r.corps)
		}
		if err := schemaDe(t, d, pointeur+genre+"/schema").Validate(v); err != nil {
			t.Errorf("%s %s: %v\n%s", x.methode, x.chemin, err, r.corps)
		}
		couvertes[x.methode+" "+x.route] = true
	}
	for _, r := range routesDecrites(t, p) {
		_, chemin, _ := strings.Cut(r, " ")
		if !couvertes[r] && sous(d, "paths", chemin) != nil && !strings.HasSuffix(chemin, "/retour") && !strings.HasSuffix(chemin, "/virement") && chemin != "/openapi.json" {
			t.Errorf("no answer of %s is held against its description", r)
		}
	}
}

// attendue is a call, the route that describes it, and the key of its answer.
type attendue struct {
	appel
	route, cle string
}

// releveDEssai is read as a return of a payment that nobody knows: the bank's
// own formats are held in package virement.
const releveDEssai = "relevé d’essai"

func lireReleveDEssai(io.Reader) (*guichet.ReleveBanque, error) {
	return &guichet.ReleveBanque{Format: "camt.054.001.08", Lus: 1, Retours: []guichet.RetourReleve{{EndToEndID: "AILLEURS", Motif: "AC04", Montant: 255_00}}}, nil
}

func reponsesAttendues(t *testing.T, p *portail) []attendue {
	t.Helper()
	f := guichettest.Fournisseurs()[0]
	instruite := string(p.Amener(t, guichet.AModifier, 1)[0])
	decidee := string(p.Amener(t, guichet.Refusee, 1)[0])
	deposee := string(p.Amener(t, guichet.Deposee, 1)[0])
	payables := p.Amener(t, guichet.Decidee, 2)
	lot := string(p.Lot(t, guichet.LotApprouve, payables[0]).ID)
	annulee := string(p.Amener(t, guichet.Annulee, 1)[0])
	du := creances(p, 1)[0]
	somme := sha256.Sum256([]byte(releveDEssai))
	releveID := hex.EncodeToString(somme[:])
	nouveau := p.Deposer(t, "a.gestionnaire", 1)
	nom := nouveau.Couverture.Manquantes[0].Nom
	numero, id := string(nouveau.Demandes[0].NumeroASP), string(nouveau.Depot.ID)
	bon := string(guichettest.FichierAvance(f, p.Numeros(1)...))
	zip := archive(t, "autre.pdf", "%PDF-1.7")
	lieu, _ := p.annonce(nouveau.Depot.ID, len(zip), "k")
	if r := p.trancher(lieu, 0, []byte(zip)); r.statut != http.StatusNoContent {
		t.Fatalf("%d %s", r.statut, r.corps)
	}
	if err := p.Guichet.ReglerFutures(t.Context(), p.Acteur("administrateur"), guichet.ReglesFutures{Libelle: "Vague 2", Depuis: segur.Jour{Annee: 2030, Mois: 1, Jour: 1},
		Plafond: 9000_00, Bareme: segur.BaremePHA, Durcis: []segur.Code{9338}, EnVigueur: true}); err != nil {
		t.Fatal(err)
	}
	put := func(chemin, corps string) appel { return appel{"a.deposant", "PUT", chemin, corps, nil} }
	get := func(qui, chemin string) appel { return appel{qui, "GET", chemin, "", nil} }
	return []attendue{
		{post("", "/controles", bon), "/controles", "200"},
		{get("", "/regles"), "/regles", "200"},
		{depot("a.deposant", p.NomFichier(f), bon, "avance", f.Ans, nil), "/depots", "201"},
		{depot("a.deposant", "sans nom.json", bon, "avance", f.Ans, nil), "/depots", "default"},
		{get("a.lecteur", "/depots/"+id), "/depots/{id}", "200"},
		{put("/depots/"+id+"/pieces", archive(t, "autre.pdf", "%PDF-1.7")), "/depots/{id}/pieces", "200"},
		{put("/depots/"+id+"/pieces", "rien"), "/depots/{id}/pieces", "default"},
		{appel{"a.deposant", "POST", "/depots/" + id + "/envois", "", map[string]string{"Upload-Length": "1000"}}, "/depots/{id}/envois", "201"},
		{get("a.deposant", "/depots/"+id+"/envois"), "/depots/{id}/envois", "200"},
		{get("a.deposant", lieu), "/envois/{id}", "200"},
		{appel{"a.deposant", "PATCH", lieu, "", nil}, "/envois/{id}", "default"},
		{post("a.deposant", lieu+"/fin", ""), "/envois/{id}/fin", "200"},
		{appel{"a.deposant", "DELETE", "/envois/inconnu", "", nil}, "/envois/{id}", "default"},
		{put("/demandes/"+numero+"/pieces/"+nom, guichettest.Document("", nom)), "/demandes/{numeroASP}/pieces/{nomFichier}", "200"},
		{get("auditeur", "/demandes"), "/demandes", "200"},
		{get("auditeur", "/demandes/"+instruite), "/demandes/{numeroASP}", "200"},
		{get("auditeur", "/demandes/"+decidee), "/demandes/{numeroASP}", "200"},
		{get("a.lecteur", "/demandes/"+deposee), "/demandes/{numeroASP}", "200"},
		{acte("instructeur1", deposee, `{"acte": "prendre"}`), "/demandes/{numeroASP}/actes", "200"},
		{acte("instructeur1", deposee, `{"acte": "prendre"}`), "/demandes/{numeroASP}/actes", "default"},
		{acte("a.gestionnaire", instruite, `{"acte": "corriger", "champs": {"beneficiaire.nomResponsable": "minuscule"}}`), "/demandes/{numeroASP}/actes", "default"},
		{post("decideur", "/decisions", `{"sens": "attribution", "numerosASP": ["`+decidee+`", "inconnue"]}`), "/decisions", "200"},
		{get("a.lecteur", "/motifs"), "/motifs", "200"},
		{post("comptable1", "/lots-paiement", `{"numerosASP": ["`+string(payables[1])+`"]}`), "/lots-paiement", "201"},
		{get("auditeur", "/lots-paiement"), "/lots-paiement", "200"},
		{get("auditeur", "/lots-paiement/"+lot), "/lots-paiement/{id}", "200"},
		{post("comptable1", "/lots-paiement/"+lot+"/actes", `{"acte": "retourner", "retours": [{"numeroASP": "`+string(payables[0])+`", "motif": "AC04"}]}`), "/lots-paiement/{id}/actes", "200"},
		{post("comptable1", "/releves-banque", releveDEssai), "/releves-banque", "200"},
		{get("auditeur", "/releves-banque/"+releveID), "/releves-banque/{id}", "200"},
		{post("comptable1", "/releves-banque/"+releveID+"/actes", `{"acte": "appliquer"}`), "/releves-banque/{id}/actes", "default"},
		{get("a.lecteur", "/recouvrements"), "/recouvrements", "200"},
		{get("auditeur", "/recouvrements/"+du), "/recouvrements/{id}", "200"},
		{post("comptable1", "/recouvrements/"+du+"/actes", `{"acte": "rembourser", "montant": "4.00", "date": "2023-07-03", "reference": "VIR-1"}`), "/recouvrements/{id}/actes", "200"},
		{post("controleur", "/audits", `{"libelle": "Essai", "aTirer": 1, "du": "2023-01-01", "max": "1000.00"}`), "/audits", "201"},
		{post("controleur", "/audits/CTL-2023-0001/tirage", `{"graine": "4 8 15", "source": "Bulletin fictif"}`), "/audits/{id}/tirage", "200"},
		{get("auditeur", "/audits"), "/audits", "200"},
		{get("auditeur", "/audits/CTL-2023-0001"), "/audits/{id}", "200"},
		{get("auditeur", "/conservation"), "/conservation", "200"},
		{post("administrateur", "/conservation/effacement", ""), "/conservation/effacement", "200"},
		{get("auditeur", "/conservation"), "/conservation", "200"}, // with a passage
		{post("administrateur", "/demandes/"+annulee+"/effacement", `{"motif": "Courrier"}`), "/demandes/{numeroASP}/effacement", "200"},
		{get("administrateur", "/lectures"), "/lectures", "200"},
		{get("auditeur", "/journal"), "/journal", "200"},
		{post("a.gestionnaire", "/webhooks", `{"url": "https://a.example/x"}`), "/webhooks", "201"},
		{post("a.gestionnaire", "/webhooks", `{"url": "https://a.example/x"}`), "/webhooks", "default"},
		{get("a.gestionnaire", "/webhooks"), "/webhooks", "200"},
		{get("a.gestionnaire", "/webhooks/1"), "/webhooks/{id}", "200"},
		{post("a.gestionnaire", "/webhooks/1/actes", `{"acte": "renouveler"}`), "/webhooks/{id}/actes", "200"},
		{post("a.gestionnaire", "/webhooks/1/actes", `{"acte": "rejouer", "depuis": "1"}`), "/webhooks/{id}/actes", "default"},
		{get("a.gestionnaire", "/webhooks/1/livraisons"), "/webhooks/{id}/livraisons", "200"},
	}
}
