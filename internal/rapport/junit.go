package rapport

import (
	"strconv"

	"guichet.example/segur"
)

// junit writes JUnit XML, as continuous integration servers read it: a suite a
// file, a case a request, and one for the structure.
type junit struct {
	*tampon
	o      Options
	ouvert bool
}

func nouveauJUnit(t *tampon, o Options) *junit { return &junit{tampon: t, o: o} }

func (j *junit) ouvrir() {
	if !j.ouvert {
		j.ouvert = true
		j.ecrire("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites")
		j.attribut("name", "Contrôle des demandes de financement")
		j.ecrire(">\n")
	}
}

func (j *junit) attribut(nom, valeur string) {
	j.ecrire(" ", nom, `="`)
	j.echapper(valeur)
	j.ecrire(`"`)
}

func (j *junit) Resultat(r Resultat) error {
	j.ouvrir()
	nom := nomAffiche(&r.Fichier)
	j.suite(&r, nom)
	if r.Rapport == nil {
		j.erreur(nom, "lecture", r.Erreur)
	} else {
		j.structure(&r, nom)
		for d := range r.Rapport.Demandes() {
			j.demande(d, nom)
		}
		if r.Erreur != "" {
			j.erreur(nom, "examen des pièces", r.Erreur)
		}
	}
	if len(r.Pieces) > 0 {
		var ks []constat
		for _, p := range r.Pieces {
			ks = append(ks, r.constatPiece(p))
		}
		j.cas(nom, "pièces justificatives", ks)
	}
	j.ecrire("  </testsuite>\n")
	return j.vider()
}

// suite opens a suite; its counts are those of the cases that follow.
func (j *junit) suite(r *Resultat, nom string) {
	b := compter(r, &j.o)
	cas, echecs, erreurs := 1+b.somme.Demandes, b.somme.Rejetees, 0
	if r.Rapport != nil && !r.Rapport.StructureValide() {
		echecs++
	}
	if r.Erreur != "" || r.Rapport == nil {
		erreurs = 1
		cas += b.incomplets
	}
	if len(r.Pieces) > 0 {
		cas++
	}
	if b.piecesErreurs > 0 {
		echecs++
	}
	j.ecrire("  <testsuite")
	j.attribut("name", nom)
	j.attribut("tests", strconv.Itoa(cas))
	j.attribut("failures", strconv.Itoa(echecs))
	j.attribut("errors", strconv.Itoa(erreurs))
	j.ecrire(` skipped="0" time="0">`, "\n")
	if r.Rapport != nil {
		jeu := r.Rapport.Jeu()
		j.ecrire("    <properties>\n")
		j.propriete("verdict", string(r.Rapport.Verdict()))
		j.propriete("regles", jeu.ID+" "+jeu.Version)
		j.propriete("empreinte", jeu.Empreinte())
		j.propriete("sha256", r.Fichier.SHA256)
		j.ecrire("    </properties>\n")
	}
}

func (j *junit) propriete(nom, valeur string) {
	j.ecrire("      <property")
	j.attribut("name", nom)
	j.attribut("value", valeur)
	j.ecrire("/>\n")
}

func (j *junit) structure(r *Resultat, nom string) {
	var ks []constat
	for k := range r.Rapport.Structure() {
		ks = append(ks, constat{Constat: k, numLigne: -1})
	}
	j.cas(nom, "structure", ks)
}

func (j *junit) demande(d segur.Demande, nom string) {
	var ks []constat
	for k := range constatsDe(d, j.o.Premier) {
		ks = append(ks, k)
	}
	titre := "demande " + strconv.Itoa(d.Rang())
	if n := d.NumeroEditeur(); n != "" {
		titre += " · " + segur.Visible(n, 40)
	}
	j.cas(nom, titre, ks)
}

// cas writes one case: a failure when there is an error, with every constat in
// its text; warnings alone go to its output.
func (j *junit) cas(suite, titre string, ks []constat) {
	j.ecrire("    <testcase")
	j.attribut("classname", suite)
	j.attribut("name", titre)
	j.ecrire(` time="0"`)
	if len(ks) == 0 {
		j.ecrire("/>\n")
		return
	}
	j.ecrire(">\n")
	balise := "system-out"
	for i := range ks {
		if k := &ks[i]; k.Gravite == segur.Erreur {
			balise = "failure"
			j.ecrire("      <failure")
			j.attribut("type", k.Code.String())
			j.attribut("message", k.Code.String()+" "+segur.Visible(k.Message, 0))
			j.ecrire(">")
			break
		}
	}
	if balise == "system-out" {
		j.ecrire("      <system-out>")
	}
	for i := range ks {
		j.constat(&ks[i])
	}
	j.ecrire("</", balise, ">\n    </testcase>\n")
}

// constat writes one constat as text.
func (j *junit) constat(k *constat) {
	j.echapper(string(k.Gravite) + " " + k.Code.String())
	if k.Ligne > 0 && !k.piece {
		j.echapper(", ligne " + strconv.Itoa(k.Ligne) + ", colonne " + strconv.Itoa(k.Colonne))
	}
	j.echapper("\u00a0: " + segur.Visible(k.Message, 0))
	j.ecrire("\n")
	for _, x := range [...][2]string{{"attendu", k.Attendu}, {"reçu", k.Recu}, {"à faire", k.Remede}, {"référence", k.Reference}} {
		if x[1] != "" {
			j.ecrire("  ", x[0], "\u00a0: ")
			j.echapper(segur.Visible(x[1], 0))
			j.ecrire("\n")
		}
	}
}

// erreur writes a case that could not be judged.
func (j *junit) erreur(suite, titre, message string) {
	j.ecrire("    <testcase")
	j.attribut("classname", suite)
	j.attribut("name", titre)
	j.ecrire(" time=\"0\">\n      <error")
	j.attribut("type", nonControle)
	j.attribut("message", segur.Visible(message, 0))
	j.ecrire("/>\n    </testcase>\n")
}

func (j *junit) Fin() error {
	j.ouvrir()
	j.ecrire("</testsuites>\n")
	return j.vider()
}
