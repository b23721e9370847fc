package rapport

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"guichet.example/segur"
)

// sarif writes SARIF 2.1.0: one run. The results stream; the rules, files and
// notifications that they name are written when the run ends.
type sarif struct {
	*tampon
	o        Options
	n        int // results written
	regles   []regleSARIF
	index    map[segur.Code]int
	fichiers []byte // artifacts, as JSON
	nb       int    // how many they are
	avis     []byte // notifications, as JSON
	jeu      *segur.Jeu
}

// regleSARIF is a code that was given, as it was first found.
type regleSARIF struct {
	entree  segur.Entree
	gravite segur.Gravite
}

const debutSARIF = `{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [{
    "columnKind": "unicodeCodePoints",
    "language": "fr",
    "results": [`

func nouveauSARIF(t *tampon, o Options) *sarif {
	s := &sarif{tampon: t, o: o, index: map[segur.Code]int{}}
	s.ecrire(debutSARIF)
	return s
}

func (s *sarif) Resultat(r Resultat) error {
	uri := uriDe(&r.Fichier)
	s.fichier(&r, uri)
	if r.Rapport != nil {
		s.jeu = r.Rapport.Jeu()
	}
	if r.Rapport == nil || r.Erreur != "" {
		s.notifier(&r, uri)
	}
	c := compteur{octets: r.Octets}
	for k := range r.constats(s.o.Premier) {
		s.resultat(&r, &k, uri, &c)
	}
	s.nb++
	return s.vider()
}

// fichier adds an artifact.
func (s *sarif) fichier(r *Resultat, uri string) {
	b := s.fichiers
	if len(b) > 0 {
		b = append(b, ',')
	}
	b = segur.AppendMembreJSON(append(b, "\n      {\"location\": {"...), "uri", uri)
	b = append(b, `}, "roles": ["analysisTarget"]`...)
	if r.Fichier.SHA256 != "" {
		b = strconv.AppendInt(append(b, `, "length": `...), r.Fichier.Taille, 10)
		b = append(segur.AppendMembreJSON(append(b, `, "hashes": {`...), "sha-256", r.Fichier.SHA256), '}')
	}
	if r.Rapport != nil {
		b = append(segur.AppendMembreJSON(append(b, `, "properties": {`...), "verdict", string(r.Rapport.Verdict())), '}')
	}
	s.fichiers = append(b, '}')
}

// notifier tells that something could not be looked at.
func (s *sarif) notifier(r *Resultat, uri string) {
	b := s.avis
	if len(b) > 0 {
		b = append(b, ',')
	}
	b = segur.AppendMembreJSON(append(b, "\n        {\"level\": \"error\", \"message\": {"...), "text", r.Erreur)
	b = append(s.lieu(append(b, `}, "locations": [{"physicalLocation": {`...), uri), "}}]}"...)
	s.avis = b
}

// lieu names the file being written.
func (s *sarif) lieu(b []byte, uri string) []byte {
	b = segur.AppendMembreJSON(append(b, `"artifactLocation": {`...), "uri", uri)
	return append(strconv.AppendInt(append(b, `, "index": `...), int64(s.nb), 10), '}')
}

// resultat writes one constat.
func (s *sarif) resultat(r *Resultat, k *constat, uri string, c *compteur) {
	if s.n > 0 {
		s.ecrire(",")
	}
	s.n++
	b := segur.AppendMembreJSON(append(s.b, "\n      {"...), "ruleId", k.Code.String())
	b = strconv.AppendInt(append(b, `, "ruleIndex": `...), int64(s.regle(r, k)), 10)
	b = segur.AppendMembreJSON(append(b, ", "...), "level", niveau(k.Gravite))
	b = segur.AppendMembreJSON(append(b, `, "message": {`...), "text", finir(k.Message)+" "+k.Remede)
	b = s.lieu(append(b, `}, "locations": [{"physicalLocation": {`...), uri)
	if k.situe(r.Octets) {
		b = appendRegion(append(b, ", "...), k, c)
	}
	b = append(b, '}')
	if k.Pointeur != "" {
		b = append(segur.AppendMembreJSON(append(b, `, "logicalLocations": [{`...), "fullyQualifiedName", k.Pointeur), "}]"...)
	}
	b = segur.AppendMembreJSON(append(b, `}], "partialFingerprints": {`...), "codePointeur/v1", k.Code.String()+" "+k.Pointeur+k.cible())
	b = append(b, `}, "properties": {`...)
	if k.Rang > 0 {
		b = append(strconv.AppendInt(append(b, `"rang": `...), int64(k.Rang), 10), ", "...)
		if k.numero != "" {
			b = append(segur.AppendMembreJSON(b, "numeroEditeur", k.numero), ", "...)
		}
	}
	b = segur.AppendMembreJSON(b, "balise", k.Balise)
	b = segur.AppendMembreJSON(append(b, ", "...), "attendu", k.Attendu)
	b = segur.AppendMembreJSON(append(b, ", "...), "recu", k.Recu)
	b = segur.AppendMembreJSON(append(b, ", "...), "remede", k.Remede)
	b = segur.AppendMembreJSON(append(b, ", "...), "reference", k.Reference)
	s.b = append(b, "}}"...)
	s.ecrire()
}

// appendRegion writes where a value begins and ends: lines and columns from 1,
// the end column past the last character, characters counted without the BOM.
func appendRegion(b []byte, k *constat, c *compteur) []byte {
	valeur := string(c.octets[k.Deb:k.Fin])
	ligne, colonne := k.Ligne, k.Colonne
	if n := strings.Count(valeur, "\n"); n > 0 {
		ligne, colonne = ligne+n, 1
		valeur = valeur[strings.LastIndexByte(valeur, '\n')+1:]
	}
	colonne += utf8.RuneCountInString(strings.TrimPrefix(valeur, "\ufeff"))
	deb, fin := c.a(k.Deb), c.a(k.Fin)
	b = strconv.AppendInt(append(b, `"region": {"startLine": `...), int64(k.Ligne), 10)
	b = strconv.AppendInt(append(b, `, "startColumn": `...), int64(k.Colonne), 10)
	b = strconv.AppendInt(append(b, `, "endLine": `...), int64(ligne), 10)
	b = strconv.AppendInt(append(b, `, "endColumn": `...), int64(colonne), 10)
	b = strconv.AppendInt(append(b, `, "charOffset": `...), int64(deb), 10)
	b = strconv.AppendInt(append(b, `, "charLength": `...), int64(fin-deb), 10)
	return append(b, '}')
}

// regle returns the index of a constat's rule.
func (s *sarif) regle(r *Resultat, k *constat) int {
	i, ok := s.index[k.Code]
	if !ok {
		i = len(s.regles)
		s.index[k.Code] = i
		e, connu := s.o.entree(r.Rapport, k.Code)
		if !connu {
			e = segur.Entree{Code: k.Code, Titre: "Constat " + k.Code.String()}
		}
		s.regles = append(s.regles, regleSARIF{e, k.Gravite})
	}
	return i
}

func niveau(g segur.Gravite) string {
	if g == segur.Erreur {
		return "error"
	}
	return "warning"
}

// Fin writes what the results refer to.
func (s *sarif) Fin() error {
	b := append(s.b, "\n    ],\n    \"artifacts\": ["...)
	b = append(append(b, s.fichiers...), "\n    ],\n    \"invocations\": [{\"executionSuccessful\": "...)
	b = strconv.AppendBool(b, len(s.avis) == 0)
	b = append(append(b, ", \"toolExecutionNotifications\": ["...), s.avis...)
	b = append(b, "]}],\n    \"tool\": {\"driver\": {"...)
	b = segur.AppendMembreJSON(b, "name", s.o.Outil.Nom)
	if s.o.Outil.Version != "" {
		b = segur.AppendMembreJSON(append(b, ", "...), "version", s.o.Outil.Version)
	}
	b = append(b, ", \"language\": \"fr\", \"rules\": ["...)
	for i := range s.regles {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.regles[i].append(append(b, "\n      "...))
	}
	b = append(b, "\n    ]}}"...)
	if s.jeu != nil {
		b = segur.AppendMembreJSON(append(b, ",\n    \"properties\": {\"regles\": {"...), "id", s.jeu.ID)
		b = segur.AppendMembreJSON(append(b, ", "...), "version", s.jeu.Version)
		b = append(segur.AppendMembreJSON(append(b, ", "...), "empreinte", s.jeu.Empreinte()), "}}"...)
	}
	s.b = append(b, "\n  }]\n}\n"...)
	return s.vider()
}

// append writes the descriptor of a rule. The words that its sentences leave
// open are those of no file in particular.
func (x *regleSARIF) append(b []byte) []byte {
	e := &x.entree
	b = segur.AppendMembreJSON(append(b, '{'), "id", e.Code.String())
	b = append(segur.AppendMembreJSON(append(b, `, "shortDescription": {`...), "text", e.Titre), '}')
	if e.Message != "" {
		b = append(segur.AppendMembreJSON(append(b, `, "fullDescription": {`...), "text", sansMots(e.Message)), '}')
		aide := "Attendu\u00a0: " + sansMots(e.Attendu) + ".\nÀ faire\u00a0: " + sansMots(e.Remede) + "\nRéférence\u00a0: " + e.Reference
		b = append(segur.AppendMembreJSON(append(b, `, "help": {`...), "text", aide), '}')
	}
	return append(segur.AppendMembreJSON(append(b, `, "defaultConfiguration": {`...), "level", niveau(x.gravite)), "}}"...)
}

// sansMots replaces the words in braces of a catalogue sentence by an ellipsis;
// an object shown in braces, which holds spaces, stays.
func sansMots(s string) string {
	var b strings.Builder
	for {
		avant, suite, ok := strings.Cut(s, "{")
		b.WriteString(avant)
		if !ok {
			return b.String()
		}
		mot, apres, ferme := strings.Cut(suite, "}")
		if !ferme || strings.ContainsAny(mot, " {") {
			b.WriteByte('{')
			s = suite
			continue
		}
		if mot != "proche" {
			b.WriteString("…")
		}
		s = apres
	}
}

// compteur turns offsets in bytes into characters, the BOM not among them; it
// walks from where it stands.
type compteur struct {
	octets []byte
	off, n int
}

func (c *compteur) a(off int) int {
	if off >= c.off {
		c.n += utf8.RuneCount(c.octets[c.off:off])
	} else {
		c.n -= utf8.RuneCount(c.octets[off:c.off])
	}
	c.off = off
	if off >= 3 && string(c.octets[:3]) == "\ufeff" {
		return c.n - 1
	}
	return c.n
}
