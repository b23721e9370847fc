package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

//go:embed gabarits
var fichiersGabarits embed.FS

// gabarits are the pages, each with the frame around it.
type gabarits map[string]*template.Template

// lireGabarits parses every page once, so that a mistake in one stops the
// program before it serves.
func lireGabarits(s *serveur) (gabarits, error) {
	cadre := template.New("cadre").Funcs(s.fonctions())
	if err := lireFichiers(cadre, "gabarits/cadre.html", "gabarits/morceaux/*.html"); err != nil {
		return nil, err
	}
	noms, err := fs.Glob(fichiersGabarits, "gabarits/pages/*.html")
	if err != nil {
		return nil, err
	}
	gs := gabarits{}
	for _, n := range noms {
		t, err := cadre.Clone()
		if err == nil {
			err = lireFichiers(t, n)
		}
		if err != nil {
			return nil, err
		}
		gs[strings.TrimSuffix(path.Base(n), ".html")] = t
	}
	return gs, nil
}

// lireFichiers parses files into t, each under its name.
func lireFichiers(t *template.Template, motifs ...string) error {
	for _, m := range motifs {
		noms, err := fs.Glob(fichiersGabarits, m)
		if err != nil {
			return err
		}
		for _, n := range noms {
			b, err := fichiersGabarits.ReadFile(n)
			if err == nil {
				_, err = t.New(path.Base(n)).Parse(horsBalises.ReplaceAllStringFunc(string(b), lierPonctuation))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// horsBalises finds the pieces of a template: its actions and the tags, which
// stay, and the text between them.
var horsBalises = regexp.MustCompile(`(?s)\{\{.*?\}\}|<[^>]*>|[^<{]+`)

// ponctuation is what French sets apart from the word before it.
var ponctuation = regexp.MustCompile(` ([:;?!»€%]+)(\s|$|[.,)])`)

// lierPonctuation ties double punctuation to its word: a line never begins with
// it. Templates and sentences are written with plain spaces.
func lierPonctuation(t string) string {
	if strings.HasPrefix(t, "{{") || strings.HasPrefix(t, "<") {
		return t
	}
	for range 2 { // "« ; »": the space between two signs is of one match alone
		t = ponctuation.ReplaceAllString(t, "\u00a0$1$2")
	}
	return strings.ReplaceAll(t, "« ", "«\u00a0")
}

// fonctions are what templates may call, all about spelling.
func (s *serveur) fonctions() template.FuncMap {
	return template.FuncMap{
		"actif":    func(nom string) string { return s.statiques.adresses[nom] },
		"euros":    segur.Montant.Francais,
		"jour":     func(j segur.Jour) string { return j.String() },
		"instant":  s.instant,
		"heure":    func(t time.Time) string { return t.In(s.o.Zone).Format("02/01/2006 15:04") },
		"date":     func(t time.Time) string { return s.g.JourA(t).String() },
		"iso":      guichet.Instant,
		"nombre":   nombre,
		"accord":   accord,
		"phrase":   lierPonctuation,
		"visible":  func(t string) string { return segur.Visible(t, 0) },
		"court":    func(t string) string { return segur.Visible(t, 60) },
		"octets":   octets,
		"etat":     func(x guichet.Statut) guichet.Etat { e, _ := guichet.EtatDe(x); return e },
		"role":     nomRole,
		"portee":   nomPortee,
		"motif":    nomMotif,
		"banque":   s.motifBanque,
		"lecture":  nomLecture,
		"essai":    s.g.BacASable,
		"etats":    guichet.Etats,
		"acte":     nomActe,
		"lotCourt": lotCourt,
		"annonce":  nomAnnonce,
		"fois":     func(a, b, c int) int { return a*b + c },
		"detail":   nomDetail,
		"ligne":    func(xs ...any) []any { return xs },
	}
}

// instant spells an instant as people read it.
func (s *serveur) instant(t time.Time) string {
	return t.In(s.o.Zone).Format("02/01/2006 à 15 h 04")
}

// nombre spells a whole number with its thousands apart.
func nombre(n int) string {
	t := strconv.Itoa(n)
	for i := len(t) - 3; i > 0 && t[i-1] != '-'; i -= 3 {
		t = t[:i] + "\u202f" + t[i:]
	}
	return t
}

// accord counts things in French: none and one are singular.
func accord(n int, un, plusieurs string) string {
	if n < 2 {
		return nombre(n) + "\u00a0" + un
	}
	return nombre(n) + "\u00a0" + plusieurs
}

// octets spells a size.
func octets(n int64) string {
	switch {
	case n < 1000:
		return accord(int(n), "octet", "octets")
	case n < 1_000_000:
		return fmt.Sprintf("%d\u00a0ko", (n+500)/1000)
	}
	dixiemes := (n + 50_000) / 100_000
	return fmt.Sprintf("%d,%d\u00a0Mo", dixiemes/10, dixiemes%10)
}

// cadre is what every page has around its own struct.
type cadre struct {
	Titre    string
	Menu     []lien
	Aide     []lien
	Acteur   *guichet.Acteur
	Raison   string // of the actor's supplier; "" for agents
	Banniere string
	Annonces []guichet.Annonce
	Fait     string // what a form has just done; "" = nothing
	Corps    any
}

// rendre writes a page. Nothing is sent before the whole of it is rendered, so
// that a mistake in a template is a clean 500.
func (s *serveur) rendre(v *visite, statut int, nom, titre string, corps any) error {
	t, ok := s.gabarits[nom]
	if !ok {
		return fmt.Errorf("no template %q", nom)
	}
	c := cadre{Titre: titre, Menu: menu(v), Aide: menuAide(v), Acteur: v.a, Fait: faits[v.r.URL.Query().Get("fait")], Corps: corps}
	if v.f != nil {
		c.Raison = v.f.RaisonSociale
	}
	c.Banniere, c.Annonces = s.banniere(v)
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "cadre.html", c); err != nil {
		return fmt.Errorf("page %s: %w", nom, err)
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	v.w.WriteHeader(statut)
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(b.Bytes()) // nobody is left to tell
	}
	return nil
}

// banniere is what the newest campaign has to say on every page, with the
// announcements of the moment. A store that does not answer hides them and no
// more: error pages have to come out.
func (s *serveur) banniere(v *visite) (string, []guichet.Annonce) {
	cs, err := s.g.Campagnes(v.r.Context())
	if err != nil {
		return "", nil
	}
	xs, err := s.g.AnnoncesCourantes(v.r.Context())
	if err != nil || len(cs) == 0 {
		return "", xs
	}
	return cs[0].Banniere, xs
}

// page is the handler of a page without data.
func page(nom, titre string) func(*serveur, *visite) error {
	return func(s *serveur, v *visite) error { return s.rendre(v, http.StatusOK, nom, titre, nil) }
}

// faits are what a page says after a form was taken; the address carries the
// key, never the sentence.
var faits = map[string]string{
	"active":      "Votre mot de passe est choisi : connectez-vous.",
	"enrolement":  "Votre demande est enregistrée.",
	"complement":  "Les documents sont reçus ; la demande repart à l’examen.",
	"webhook":     "C’est enregistré.",
	"utilisateur": "C’est enregistré.",
	"connexion":   "Vous êtes connecté.",
	"deconnexion": "Vous êtes déconnecté.",
	"depart":      "Vous êtes déconnecté du portail.",
	"parti":       "La gestion est transmise et votre compte est fermé.",
	"numero":      "Les numéros ANS du fournisseur sont à jour ; il en est averti par courriel.",
	"transmis":    "La gestion est transmise ; vous êtes déposant.",
	"sessions":    "Vos autres sessions sont fermées.",
	"session":     "La session est fermée.",
	"depot":       "Le fichier est déposé et contrôlé.",
	"pieces":      "Les pièces sont reçues.",
	"abandon":     "L’envoi est abandonné : rien n’en est gardé.",
	"acte":        "L’acte est enregistré.",
	"corrigee":    "La correction est enregistrée : la demande repart à l’agence.",
	"prise":       "La demande est à vous : elle est en instruction.",
	"vide":        "Aucune demande déposée n’attend d’être prise.",
	"affecte":     "Les demandes cochées sont confiées.",
	"vue":         "La vue est enregistrée.",
	"regle":       "La règle est enregistrée.",
	"libres":      "Aucune demande déposée n’est sans instructeur.",
	"note":        "La note est enregistrée.",
	"annonce":     "Les annonces sont à jour.",
	"regles":      "C’est enregistré. Le passage sur les demandes ouvertes se fait en arrière-plan.",
	"campagne":    "La campagne est enregistrée.",
	"lot":         "Le lot est préparé ; un autre comptable peut l’approuver.",
	"fige":        "La population est figée. Publiez son empreinte, puis tirez avec une graine publique.",
	"tire":        "Le tirage est fait et les contrôles sont ouverts.",
	"releve":      "Le fichier de la banque est lu. Rien n’est encore noté : vérifiez, puis notez les retours.",
	"retours":     "Les retours sont notés : ces paiements peuvent entrer dans un autre lot.",
	"efface":      "Les données personnelles de cette demande sont effacées. Ses numéros, ses montants et le journal restent.",
	"force":       "Le statut est forcé. C’est un essai : la procédure n’a pas été suivie.",
	"rejoue":      "Les travaux sont remis en file.",
	"revoque":     "Le jeton est révoqué : il ne sert plus.",
}
