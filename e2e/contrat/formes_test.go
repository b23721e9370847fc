package contrat

import (
	"encoding/json"
	"regexp"
	"testing"
	"time"
)

// constat and rapport are the report of a control, as far as the suite looks.
type constat struct {
	Code, Gravite, Balise, Pointeur, Message, Attendu, Recu, Remede, Reference string
}

type rapport struct {
	Outil   struct{ Nom, Version string }
	Regles  struct{ ID, Version, Empreinte string }
	Fichier struct {
		Nom    string
		Taille int
		Sha256 string
	}
	Verdict   string
	Bilan     struct{ Demandes, Acceptees, Rejetees, Erreurs, Avertissements int }
	Structure []constat
	Demandes  []struct {
		Rang              int
		NumLigne          *int
		NumeroEditeur     *string
		Acceptee          bool
		CodeTraitement    string
		LibelleTraitement string
		Constats          []constat
	}
}

type depot struct {
	ID, Type, NumeroAns, NomFichier, Date, Sha256 string
	Rapport                                       rapport
	Demandes                                      []struct {
		Rang                             int
		NumeroEditeur, NumeroASP, Statut string
	}
	Couverture couverture
}

type couverture struct {
	Complete bool
	Recues   []struct {
		NumeroASP, NomFichier string
		Taille                int
		Sha256                string
	}
	Manquantes []struct{ NumeroASP, NomFichier string }
	Refusees   []refusee
}

type refusee struct{ NomFichier, Code, Message string }

// demande is a request, with the keys of its detail.
type demande struct {
	NumeroASP, NumeroEditeur, Type, Statut string
	ProchainActeur, Echeance               *string
	Montants                               struct {
		HT, Base, Avance, Solde *string
	}
	PiecesManquantes []string
	NumeroASPAvance  *string
	Decision         *struct {
		Sens, Date string
		Motifs     []string
	}
	Historique []struct {
		Date, Acte, Acteur string
		Statut             *string
	}
	Alertes       []alerte
	Verifications []struct{ Code, Libelle string }
}

type alerte struct {
	Code, Message string
	Demandes      []string
}

type lot struct {
	ID, Statut       string
	Nombre           int
	Total, Empreinte string
	Demandes         []struct{ NumeroASP, Montant string }
}

var (
	formeASP   = regexp.MustCompile(`^[A-Z0-9-]{1,35}$`)
	formeEuros = regexp.MustCompile(`^\d+\.\d{2}$`)
	formeJour  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	formeCode  = regexp.MustCompile(`^\d{4}$`)
	forme30xx  = regexp.MustCompile(`^30\d{2}$`)
	forme24xx  = regexp.MustCompile(`^24\d{2}$`)
)

// instant fails unless s is an instant of RFC 3339 near now.
func instant(t testing.TB, quoi, s string) time.Time {
	t.Helper()
	h, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Errorf("%s : %q n’est pas un instant RFC 3339 avec décalage", quoi, s)
		return h
	}
	if e := time.Since(h); e > time.Hour || e < -time.Minute {
		t.Errorf("%s : %q est loin de maintenant", quoi, s)
	}
	return h
}

// clesDe are the keys that an answer's object must have, null or not.
func clesDe(t testing.TB, r reponse, cles ...string) objet {
	t.Helper()
	o := lire[objet](t, r)
	exigeCles(t, r.quoi, o, cles...)
	return o
}

func exigeCles(t testing.TB, quoi string, o objet, cles ...string) {
	t.Helper()
	for _, cle := range cles {
		if _, ok := o[cle]; !ok {
			b, _ := json.Marshal(o)
			t.Errorf("%s : il manque la clé %q : %.500s", quoi, cle, b)
		}
	}
}

// texte is a nullable text, for messages.
func texte(s *string) string {
	if s == nil {
		return "null"
	}
	return *s
}

// refusee30xx tells whether a line is refused by the state of the portal.
func (r rapport) refusee30xx(rang int) bool {
	for _, d := range r.Demandes {
		if d.Rang == rang && !d.Acceptee {
			for _, c := range d.Constats {
				if forme30xx.MatchString(c.Code) && c.Gravite == "erreur" {
					return true
				}
			}
		}
	}
	return false
}
