// Package envoi sends prepared deposits to a portal: the JSON file, then its
// supporting documents, and brings the returned file back.
//
// Start at [Rassembler], which finds what a folder holds, then
// [Expediteur.Envoyer], for one file. Everything can be cut and begun again:
// the deposit is repeatable by its key, and of the documents only those are
// sent that the portal says it lacks.
//
// It talks to the portal through [Portail]; it must never open a connection
// itself.
package envoi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"guichet.example/internal/api/client"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/retour"
	"guichet.example/segur"
)

// Portail is what is asked of a portal; [client.Client] is the real one, and
// its comments are the contract.
type Portail interface {
	Adresse() string
	Deposer(ctx context.Context, n client.NouveauDepot) (*client.Depot, error)
	Depot(ctx context.Context, id string) (*client.Depot, error)
	Retour(ctx context.Context, id string) ([]byte, error)
	EnvoyerZip(ctx context.Context, id string, z client.Contenu) (*client.Couverture, error)
	EnvoyerPiece(ctx context.Context, numeroASP, nomFichier string, p client.Contenu) (*client.Couverture, error)
	Corriger(ctx context.Context, numeroASP string) error
}

// Etape is a step of sending one file, for a progress bar.
type Etape string

// The steps, in their order.
const (
	EtapeDepot  Etape = "dépôt"
	EtapePieces Etape = "pièces"
	EtapeRetour Etape = "fichier retour"
)

// Expediteur sends. Registre may be nil: the portal then is the only memory.
type Expediteur struct {
	Portail  Portail
	Registre *registre.Registre
	// Remplacer writes a file whole, in place of the one that is there.
	Remplacer func(chemin string, octets []byte) error
	// Partiel lets a file go whose control refuses some requests; without it
	// their numbers are not burnt by accident.
	Partiel bool
	// Redater gives a file whose day has passed, or whose name was taken by
	// another deposit, a free name of Jour; it needs the ledger, which has the
	// file numbers.
	Redater bool
	// Corriger gives requests that were to be modified back to the agency.
	Corriger bool
	// Certificat is a control certificate to send along; without it the one
	// that lies beside a deposit is.
	Certificat *Certificat
	Jour       segur.Jour
	// Progres, when not nil, hears how many bytes of a step have left, and of
	// how many; total -1 = unknown. It may be called often.
	Progres func(e Etape, fait, total int64)
}

// Resultat is what became of one file.
type Resultat struct {
	Fichier   string // path as given
	Nom       string
	Depot     string // id at the portal; "" = not deposited
	Deja      bool   // deposited by an earlier run
	Acceptees int
	Refusees  []Refus // requests
	Structure []Refus // why the file was refused as a whole
	// Pieces of the accepted requests.
	Recues          int
	Manquantes      []string // declared, and found nowhere here or refused
	PiecesRefusees  []client.Refusee
	Complete        bool
	Remplacees      []string // pieces that the portal had, sent again with other content
	AModifier       []string // numeroEditeur of requests that wait for a correction
	Corrigees       []string // those that went back to the agency
	Certificat      string   // what became of the control certificate; "" = there is none
	Retour          string   // path of the returned file; "" = none
	DejaDansLeLivre bool     // the returned file was in the ledger already
}

// Refus is a request, or a file, that was not accepted.
type Refus struct {
	Rang          int // from 1; 0 = the file
	NumeroEditeur string
	Code          string
	Message       string
	Attendu       string
	Remede        string
	Extras        []registre.Extra // of the request in the ledger
}

// Refuse tells whether anything of the file was not taken.
func (r *Resultat) Refuse() bool {
	return r.Depot == "" || len(r.Refusees) > 0 || len(r.Structure) > 0 || len(r.PiecesRefusees) > 0 || !r.Complete
}

// Envoyer sends one file and its documents. An error means that it could not
// be known what became of it; to call again is harmless. What the portal
// refused is in the result.
func (x *Expediteur) Envoyer(ctx context.Context, f *Fichier) (*Resultat, error) {
	r := &Resultat{Fichier: f.Chemin, Nom: f.Nom}
	octets, err := os.ReadFile(f.Chemin)
	if err != nil {
		return nil, err
	}
	sha := hexa(octets)
	connu, change := x.connu(f.Nom, sha)
	if change {
		r.Structure = []Refus{{Message: f.Nom + " a été modifié depuis sa préparation : ce n’est plus le contenu que le registre connaît.",
			Remede: "Remettez l’original, ou préparez de nouveau les commandes."}}
		return r, nil
	}
	d, err := x.deposer(ctx, f, octets, sha, connu, r)
	if err != nil || d == nil {
		return r, err
	}
	r.Depot, r.Acceptees, r.Refusees = d.ID, len(d.Demandes), refusDe(d.Rapport)
	for i := range r.Refusees {
		if k := r.Refusees[i].Rang; connu != nil && k >= 1 && k <= len(connu.Demandes) {
			r.Refusees[i].Extras = connu.Demandes[k-1].Extras
		}
	}
	r.noterCertificat(d.Certificat)
	if err := x.pieces(ctx, f, d, r); err != nil {
		return r, err
	}
	if err := x.corriger(ctx, d, r); err != nil {
		return r, err
	}
	return r, x.retour(ctx, f, d, r)
}

// connu finds the file in the ledger, and tells one that has changed since.
func (x *Expediteur) connu(nom, sha string) (d *registre.Depot, change bool) {
	if x.Registre == nil {
		return nil, false
	}
	d, ok := x.Registre.Depot(nom)
	return d, ok && d.Fichier.SHA256 != sha
}

// deposer brings the file to the portal, unless it is there; nil = refused.
func (x *Expediteur) deposer(ctx context.Context, f *Fichier, octets []byte, sha string, connu *registre.Depot, r *Resultat) (*client.Depot, error) {
	if connu != nil && connu.Envoi != nil && connu.Envoi.Depot != "" && connu.Envoi.Portail == x.Portail.Adresse() {
		r.Deja, r.Nom = true, connu.NomDepot
		return x.Portail.Depot(ctx, connu.Envoi.Depot)
	}
	rapport, refus := examiner(f.Nom, octets, x.Jour, x.Partiel)
	if r.Structure = refus; len(refus) > 0 {
		return nil, nil
	}
	n := client.NouveauDepot{Nom: f.Nom, Contenu: octets, Type: rapport.Jeu().Type, NumeroAns: rapport.Entete("numeroAns")}
	if connu != nil {
		n.Nom = connu.NomDepot
	}
	n.Certificat, r.Certificat = x.certificatDe(f, sha)
	d, p, err := x.posterSousNomLibre(ctx, &n, sha, connu)
	r.Nom = n.Nom
	e := registre.Envoi{Fichier: f.Nom, SHA256: sha, Portail: x.Portail.Adresse()}
	if p != nil {
		r.Structure = x.refusEnTete(p, n.Nom, connu)
		e.Refus = premier(r.Structure, p)
		return nil, x.noter(e)
	}
	if err != nil {
		return nil, err
	}
	e.Depot = d.ID
	if err := x.noter(e); err != nil {
		return nil, err
	}
	// The answer to a repeated call is the first one: what the portal has now
	// is asked afresh.
	return x.Portail.Depot(ctx, d.ID)
}

// poster makes the call, whose key comes from name and content.
func (x *Expediteur) poster(ctx context.Context, n client.NouveauDepot, sha string) (*client.Depot, error) {
	n.Cle = cle(n.Nom, sha)
	x.dire(EtapeDepot, 0, int64(len(n.Contenu)))
	d, err := x.Portail.Deposer(ctx, n)
	var p *client.Probleme
	if n.Certificat != nil && errors.As(err, &p) && p.Conflit() {
		// The key was used without the certificate: by an earlier run, whose
		// deposit this is. It is better known without than not at all.
		n.Certificat = nil
		d, err = x.Portail.Deposer(ctx, n)
	}
	x.dire(EtapeDepot, int64(len(n.Contenu)), int64(len(n.Contenu)))
	return d, err
}

// refusDepot is a refusal at control 1; nil for a success and for a failure.
func refusDepot(err error) *client.Probleme {
	var p *client.Probleme
	if errors.As(err, &p) && !p.Echec() && p.Rapport != nil {
		return p
	}
	return nil
}

// cle makes a deposit repeatable: the same file under the same name is the
// same deposit, whoever sends it again and whenever.
func cle(nom, sha string) string {
	return "segur-" + hexa([]byte(nom+"\x00"+sha))
}

func hexa(octets []byte) string {
	somme := sha256.Sum256(octets)
	return hex.EncodeToString(somme[:])
}

func premier(rs []Refus, p *client.Probleme) string {
	if len(rs) > 0 {
		return rs[0].Code + " " + rs[0].Message
	}
	return p.Detail
}

// noter writes the portal's answer in the ledger, when it knows the file.
func (x *Expediteur) noter(e registre.Envoi) error {
	if x.Registre == nil {
		return nil
	}
	if _, ok := x.Registre.Depot(e.Fichier); !ok {
		return nil
	}
	return x.Registre.NoterEnvoi(e)
}

// NomRetour is the name under which the returned file of a deposit is kept
// beside it. It does not end in .json: a folder is controlled and deposited by
// its .json files, and a returned file is neither to control nor to deposit.
func NomRetour(nom string) string {
	return nom[:len(nom)-len(filepath.Ext(nom))] + ".retour"
}

// retour fetches the returned file, keeps it beside the deposit and reads it
// into the ledger.
func (x *Expediteur) retour(ctx context.Context, f *Fichier, d *client.Depot, r *Resultat) error {
	x.dire(EtapeRetour, 0, -1)
	octets, err := x.Portail.Retour(ctx, d.ID)
	if err != nil {
		return err
	}
	lu, err := retour.Lire(octets)
	if err != nil {
		return fmt.Errorf("le fichier retour de %s : %w", f.Nom, err)
	}
	vers := filepath.Join(filepath.Dir(f.Chemin), NomRetour(f.Nom))
	if err := x.Remplacer(vers, octets); err != nil {
		return err
	}
	r.Retour = vers
	if x.Registre == nil {
		return nil
	}
	if _, ok := x.Registre.Depot(f.Nom); !ok {
		return nil
	}
	neuf, err := x.Registre.NoterRetour(lu.Retour(filepath.Base(vers), hexa(octets), f.Nom))
	r.DejaDansLeLivre = !neuf
	return err
}

func (x *Expediteur) dire(e Etape, fait, total int64) {
	if x.Progres != nil {
		x.Progres(e, fait, total)
	}
}
