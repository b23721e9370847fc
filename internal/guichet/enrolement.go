package guichet

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// EnrolementID names a request for enrolment.
type EnrolementID string

// StatutEnrolement is where a request for enrolment stands.
type StatutEnrolement string

// The statuses of an enrolment.
const (
	EnrolementDepose     StatutEnrolement = "depose"
	EnrolementACompleter StatutEnrolement = "a_completer"
	EnrolementAccepte    StatutEnrolement = "accepte"
	EnrolementRefuse     StatutEnrolement = "refuse"
)

// Libelle is the French name of a status.
func (s StatutEnrolement) Libelle() string {
	return map[StatutEnrolement]string{EnrolementDepose: "Déposée", EnrolementACompleter: "À compléter", EnrolementAccepte: "Acceptée", EnrolementRefuse: "Refusée"}[s]
}

// Enrolement is a company's request to be a supplier.
type Enrolement struct {
	ID             EnrolementID
	Statut         StatutEnrolement
	RaisonSociale  string
	Siret          string
	Numeros        []NumeroAns // FournisseurID is 0
	RegimeTVA      string      // "TTC", or "HT" for a company without VAT
	IBAN, BIC      string
	Nom            string // of the contact, the first gestionnaire
	Courriel       string
	Telephone      string
	Salarie        bool // an employee files, under a mandate
	Tiers          bool // a third party files, under a contract
	Documents      []DocumentEnrolement
	Message        string // of the administrator, when asked for more or refused
	Suivi          string // hash of the secret that shows and completes it
	SuiviCourriel  string // hash of the like secret that was mailed when more was asked for; "" = none was
	Cree, Modifie  time.Time
	FournisseurID  FournisseurID // once accepted
	ReseauDeposant string        // where it came from
}

// FauteChamp says what is wrong with one field of a form.
type FauteChamp struct {
	Champ   string // name of the field
	Message string // French
}

// ErreurChamps is the cause of a refused form: all its faults.
type ErreurChamps struct{ Fautes []FauteChamp }

func (e *ErreurChamps) Error() string { return fmt.Sprintf("fields refused: %d", len(e.Fautes)) }

// fautes collects what is wrong with a form.
type fautes []FauteChamp

func (f *fautes) dire(champ, format string, args ...any) {
	*f = append(*f, FauteChamp{champ, fmt.Sprintf(format, args...)})
}

// erreur is nil when nothing is wrong.
func (f fautes) erreur() error {
	if len(f) == 0 {
		return nil
	}
	e := erreur(Invalide, "%s", f[0].Message)
	if n := len(f) - 1; n > 0 {
		e.Message += fmt.Sprintf(" Autres points à corriger : %d.", n)
	}
	e.Cause = &ErreurChamps{f}
	return e
}

const (
	numerosAnsMax      = 20
	enrolementsReseau  = 5 // from one network in a window
	fenetreEnrolements = time.Hour
	compteurEnrolement = "enrolement:"
)

// DemanderEnrolement takes a company's request. Anybody may call it; suivi is
// the secret by which the company sees it and completes it, given once. All
// faults of the form come in one [ErreurChamps].
func (g *Guichet) DemanderEnrolement(ctx context.Context, e Enrolement, docs []DocumentRecu, adresse netip.Addr) (id EnrolementID, suivi string, err error) {
	if err := g.freiner(ctx, compteurEnrolement, reseauDe(adresse), enrolementsReseau, fenetreEnrolements); err != nil {
		return "", "", err
	}
	var f fautes
	e.juger(&f)
	joints, err := g.documents(ctx, &f, docs)
	if err != nil {
		return "", "", err
	}
	e.Documents = joints
	e.jugerDocuments(&f)
	if err := f.erreur(); err != nil {
		return "", "", err
	}
	x, err := g.identifiant()
	if err != nil {
		return "", "", err
	}
	suivi, empreinte, err := nouveauSecret(g.m.Hasard, "")
	if err != nil {
		return "", "", err
	}
	maintenant := g.m.Horloge()
	e.ID, e.Statut, e.Suivi, e.Cree, e.Modifie, e.Message, e.FournisseurID = EnrolementID(x), EnrolementDepose, empreinte, maintenant, maintenant, "", 0
	e.ReseauDeposant = reseauDe(adresse)
	o := operation{acteur: anonyme(adresse), action: DemanderEnrolement, objet: x}
	err = g.faire(ctx, o, func(tx Tx, _ *operation) (any, string, error) {
		return nil, e.Siret, tx.AjouterEnrolement(&e)
	})
	return e.ID, suivi, err
}

// freiner counts a call of somebody without an account and refuses it when
// there were too many of that kind from one network.
func (g *Guichet) freiner(ctx context.Context, compteur, reseau string, max int, fenetre time.Duration) error {
	maintenant := g.m.Horloge()
	return g.m.Base.Ecrire(ctx, func(tx Tx) error {
		n, err := tx.Essais(compteur, reseau, maintenant.Add(-fenetre))
		if err != nil {
			return err
		}
		if n >= max {
			return erreur(TropSouvent, "Trop de demandes depuis votre réseau. Réessayez plus tard.")
		}
		return tx.PoserEssai(compteur, reseau, maintenant)
	})
}

// anonyme is somebody without an account.
func anonyme(adresse netip.Addr) *Acteur {
	return &Acteur{Compte: Compte{Identifiant: "public"}, Adresse: adresse}
}

// juger folds the fields to their kept form and collects what is wrong.
func (e *Enrolement) juger(f *fautes) {
	texte := func(champ, nom string, v *string, max int) {
		*v = strings.TrimSpace(*v)
		if n := len([]rune(*v)); n == 0 || n > max || !lisible(*v) {
			f.dire(champ, "%s : attendu de 1 à %d caractères visibles.", nom, max)
		}
	}
	texte("raisonSociale", "Raison sociale", &e.RaisonSociale, 70)
	texte("nom", "Nom du contact", &e.Nom, 100)
	texte("telephone", "Téléphone", &e.Telephone, 49)
	e.Siret = strings.Join(strings.Fields(e.Siret), "")
	if !SiretValide(e.Siret) {
		f.dire("siret", "SIRET « %s » : attendu 14 chiffres dont la clé est juste. Vérifiez-le chiffre par chiffre.", visible(e.Siret))
	}
	if e.RegimeTVA != "TTC" && e.RegimeTVA != "HT" {
		f.dire("regimeTVA", "Régime de TVA « %s » ; valeurs admises : TTC, HT.", visible(e.RegimeTVA))
	}
	var ok bool
	if e.IBAN, ok = IBANNet(e.IBAN); !ok {
		f.dire("iban", "L’IBAN n’est pas valable : sa longueur ou sa clé est fausse. Recopiez-le de votre relevé d’identité bancaire.")
	}
	if e.BIC = strings.ToUpper(strings.TrimSpace(e.BIC)); !bicValide(e.BIC) {
		f.dire("bic", "BIC « %s » : attendu 8 ou 11 caractères, par exemple ceux du relevé d’identité bancaire.", visible(e.BIC))
	}
	if e.Courriel, ok = adresseCourriel(e.Courriel); !ok {
		f.dire("courriel", "Courriel « %s » : ce n’est pas une adresse.", visible(e.Courriel))
	}
	if e.Salarie && e.Tiers {
		f.dire("tiers", "Le dépôt est fait par un salarié ou par un tiers, pas les deux.")
	}
	jugerNumeros(e.Numeros, f)
}

// jugerNumeros folds ANS numbers to their kept form and collects what is wrong.
func jugerNumeros(ns []NumeroAns, f *fautes) {
	if len(ns) == 0 || len(ns) > numerosAnsMax {
		f.dire("numerosAns", "Donnez de 1 à %d numéros ANS.", numerosAnsMax)
	}
	vus := map[string]bool{}
	for i := range ns {
		n := &ns[i]
		n.Numero, n.FournisseurID = strings.TrimSpace(n.Numero), 0
		switch {
		case len(n.Numero) != 10 || strings.IndexFunc(n.Numero, horsAlnum) >= 0:
			f.dire("numerosAns", "Numéro ANS « %s » : attendu 10 lettres ou chiffres.", visible(n.Numero))
		case vus[n.Numero]:
			f.dire("numerosAns", "Le numéro ANS %s est donné deux fois.", n.Numero)
		case !slices.Contains(Couloirs(), n.Couloir):
			f.dire("numerosAns", "Couloir « %s » du numéro %s ; valeurs admises : %s.", visible(n.Couloir), n.Numero, strings.Join(Couloirs(), ", "))
		case len(n.Logiciel) != 3 || strings.IndexFunc(n.Logiciel, horsMajuscule) >= 0:
			f.dire("numerosAns", "Logiciel « %s » du numéro %s : attendu trois lettres capitales, par exemple LGO.", visible(n.Logiciel), n.Numero)
		}
		vus[n.Numero] = true
	}
}

// Couloirs lists the tracks of the programme.
func Couloirs() []string { return []string{"PHA", "HOP", "RAD", "BIO", "MDV"} }

func horsMajuscule(r rune) bool { return r < 'A' || r > 'Z' }

func horsAlnum(r rune) bool {
	return horsMajuscule(r) && (r < '0' || r > '9') && (r < 'a' || r > 'z')
}

// EnrolementSuivi shows a request to whoever has its secret.
func (g *Guichet) EnrolementSuivi(ctx context.Context, id EnrolementID, suivi string) (e *Enrolement, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		e, err = enrolementSuivi(tx, id, suivi)
		return err
	})
	return e, err
}

func enrolementSuivi(tx Tx, id EnrolementID, suivi string) (*Enrolement, error) {
	e, err := tx.Enrolement(id)
	if h := empreinteSecret(suivi); err == nil && !memeEmpreinte(e.Suivi, h) && (e.SuiviCourriel == "" || !memeEmpreinte(e.SuiviCourriel, h)) {
		err = ErrAbsent
	}
	if err != nil {
		return nil, absent(err, "Cette demande d’enrôlement n’existe pas, ou le lien n’est pas entier.")
	}
	return e, nil
}

// CompleterEnrolement takes the documents that the administrator asked for;
// they take the place of those of the same kind. Whoever has the secret may
// call it while the request is EnrolementACompleter.
func (g *Guichet) CompleterEnrolement(ctx context.Context, id EnrolementID, suivi string, docs []DocumentRecu, adresse netip.Addr) error {
	if _, err := g.EnrolementSuivi(ctx, id, suivi); err != nil {
		return err
	}
	if err := g.freiner(ctx, compteurEnrolement, reseauDe(adresse), 4*enrolementsReseau, fenetreEnrolements); err != nil {
		return err
	}
	var f fautes
	ds, err := g.documents(ctx, &f, docs)
	if err != nil {
		return err
	}
	if len(ds) == 0 {
		f.dire("documents", "Joignez au moins un document.")
	}
	if err := f.erreur(); err != nil {
		return err
	}
	return g.faire(ctx, operation{acteur: anonyme(adresse), action: DemanderEnrolement, objet: string(id)}, func(tx Tx, _ *operation) (any, string, error) {
		e, err := enrolementSuivi(tx, id, suivi)
		if err != nil {
			return nil, "", err
		}
		if e.Statut != EnrolementACompleter {
			return nil, "", erreur(Conflit, "Cette demande est « %s » : aucun complément n’est attendu.", e.Statut.Libelle())
		}
		for _, d := range ds {
			e.Documents = slices.DeleteFunc(e.Documents, func(x DocumentEnrolement) bool { return x.Type == d.Type })
		}
		e.Documents, e.Statut, e.Modifie = append(e.Documents, ds...), EnrolementDepose, g.m.Horloge()
		return nil, "compléments", tx.MajEnrolement(e)
	})
}
