package guichet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"guichet.example/segur"
)

// NouveauDepot is a file that a supplier deposits.
type NouveauDepot struct {
	Type       segur.TypeDemande
	NumeroAns  string // as chosen at deposit
	NomFichier string
	Contenu    []byte
	Certificat []byte // of the control made before; nil = none
}

// DepotVu is a deposit with what became of it, as of now.
type DepotVu struct {
	Depot      *Depot
	Demandes   []Demande // accepted lines, in order
	Couverture Couverture
}

// ErreurControle refuses a file at control 1.
type ErreurControle struct {
	Rapport *segur.Rapport
	Fichier segur.Fichier
}

func (*ErreurControle) Error() string {
	return "Le fichier est refusé en entier au premier contrôle : il n’est pas conforme à la structure attendue, ou ne peut pas être déposé aujourd’hui."
}

// JeuDuJour is the rule set in force for a type.
func (g *Guichet) JeuDuJour(t segur.TypeDemande) (*segur.Jeu, error) {
	j, err := segur.JeuPour(t, g.Aujourdhui())
	if err != nil {
		return nil, &Error{Genre: Invalide, Message: "Le type de dépôt vaut « avance » ou « solde ».", Cause: err}
	}
	return j, nil
}

// Controler is the simulator: control 1 and 2 as the portal does them, for
// anybody; nothing is kept.
func (g *Guichet) Controler(ctx context.Context, t segur.TypeDemande, nom string, contenu []byte) (*segur.Rapport, segur.Fichier, error) {
	j, err := g.JeuDuJour(t)
	if err != nil {
		return nil, segur.Fichier{}, err
	}
	f := fichierDe(nom, contenu)
	r := j.Controler(contenu, g.Aujourdhui(), segur.Options{Nom: nom, Portail: nom != "", Finess: g.registre()})
	regles, err := g.reglesEnVigueur(ctx)
	if err != nil {
		return nil, f, err
	}
	return r.AvecPortail(durcis(regles, g.Aujourdhui(), r)...), f, nil
}

func fichierDe(nom string, contenu []byte) segur.Fichier {
	somme := sha256.Sum256(contenu)
	return segur.Fichier{Nom: nom, Taille: int64(len(contenu)), SHA256: hex.EncodeToString(somme[:])}
}

// Deposer takes a file: refused as a whole with an [ErreurControle], or kept
// with each line accepted or refused. Suppliers with the right to deposit call
// it. Of several calls at once with one file name one is kept; of several with
// one numeroEditeur, one has that line.
func (g *Guichet) Deposer(ctx context.Context, a *Acteur, q NouveauDepot, appel Appel) (*DepotVu, error) {
	j, err := g.JeuDuJour(q.Type)
	if err != nil {
		return nil, err
	}
	id, err := g.identifiant()
	if err != nil {
		return nil, err
	}
	sortir, err := g.depots.entrer(ctx, a.FournisseurID)
	if err != nil {
		return nil, err
	}
	defer sortir()
	d := depot{g: g, a: a, q: q, id: DepotID(id), fichier: fichierDe(q.NomFichier, q.Contenu)}
	d.rapport = j.Controler(q.Contenu, g.Aujourdhui(), segur.Options{Nom: q.NomFichier, Portail: true, Finess: g.registre()})
	if err := d.preparer(); err != nil {
		return nil, err
	}
	err = g.faire(ctx, operation{acteur: a, action: DeposerFichier, objet: id, appel: appel}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, DeposerFichier); err != nil {
			return nil, "", err
		}
		if !a.couvre(q.NumeroAns) {
			return nil, "", erreur(Interdit, "Votre mandat ne porte pas sur le numéro ANS %s.", visible(q.NumeroAns))
		}
		err := d.garder(tx)
		return d.vu, q.NomFichier, err
	})
	return d.vu, err
}

// depot is one deposit on its way.
type depot struct {
	g       *Guichet
	a       *Acteur
	q       NouveauDepot
	id      DepotID
	fichier segur.Fichier
	rapport *segur.Rapport // of the bytes alone
	texte   []byte         // rapport, as JSON
	recuZ   Comprime       // the file
	texteZ  Comprime       // texte
	cert    *CertificatDepot
	lues    []Demande // what the bytes say of each request, by its rank less one
	vu      *DepotVu
}

// preparer does what needs no state of the portal, before the transaction:
// writers stand in one line, and what each does there makes the others wait.
func (d *depot) preparer() error {
	if !d.rapport.StructureValide() {
		return nil
	}
	d.cert = d.g.reconnaitre(d.q.Certificat, d.fichier, d.rapport.Jeu())
	d.texte = d.rapport.AppendJSON(nil, d.g.Outil(), d.fichier, false, nil)
	d.recuZ, d.texteZ = d.g.m.Base.Comprimer(d.q.Contenu), d.g.m.Base.Comprimer(d.texte)
	commun := Demande{DepotID: d.id, FournisseurID: d.a.FournisseurID, NumeroAns: d.rapport.Entete("numeroAns"), Siret: d.rapport.Entete("SIRET"), Type: d.q.Type, Statut: Incomplete}
	d.lues = make([]Demande, d.rapport.Bilan().Demandes)
	for x := range d.rapport.Demandes() {
		if !x.Acceptee() {
			continue
		}
		m := &d.lues[x.Rang()-1]
		*m = commun
		m.Rang, m.NumeroEditeur = x.Rang(), x.NumeroEditeur()
		if m.Type == segur.Solde {
			m.Avance = NumeroASP(x.Texte("numeroASP"))
		}
		if err := m.lireValeurs(x); err != nil {
			return err
		}
	}
	return nil
}

// garder judges what only the portal knows, and writes everything.
func (d *depot) garder(tx Tx) error {
	e := etatPortail{depot: d, tx: tx, nouveaux: map[NumeroASP]bool{}}
	var err error
	if e.regles, err = reglesFutures(tx); err != nil {
		return err
	}
	faits, err := e.fichier()
	if err != nil {
		return err
	}
	lignes, err := e.lignes()
	if err != nil {
		return err
	}
	faits = append(append(append(faits, lignes...), durcis(e.regles, d.g.Aujourdhui(), d.rapport)...), e.provoques()...)
	r, texte, texteZ := d.rapport.AvecPortail(faits...), d.texte, d.texteZ
	if !r.StructureValide() {
		return &ErreurControle{r, d.fichier}
	}
	if len(faits) > 0 {
		texte = r.AppendJSON(nil, d.g.Outil(), d.fichier, false, nil)
		texteZ = d.g.m.Base.Comprimer(texte)
	}
	demandes, err := d.demandes(tx, r, &e)
	if err != nil {
		return err
	}
	numero := map[int]string{}
	for _, x := range demandes {
		numero[x.Rang] = string(x.NumeroASP)
	}
	retour := r.Epissures(segur.Numeros{ImpID: string(d.id), NumeroASP: func(rang int) string { return numero[rang] }})
	nom, err := segur.LireNomFichier(d.q.NomFichier)
	if err != nil {
		return fmt.Errorf("a name that control accepted: %w", err)
	}
	b := r.Bilan()
	dep := &Depot{ID: d.id, FournisseurID: d.a.FournisseurID, CompteID: d.a.ID, Type: d.q.Type, NumeroAns: nom.NumeroAns, Nom: nom,
		NomFichier: d.q.NomFichier, Date: d.g.m.Horloge(), SHA256: d.fichier.SHA256, Taille: d.fichier.Taille,
		Rapport: texte, Verdict: r.Verdict(), Acceptees: b.Acceptees, Rejetees: b.Rejetees, Certificat: d.cert}
	if len(demandes) > 0 {
		dep.Serie = demandes[0].Serie
	}
	if err := tx.AjouterDepot(dep, d.recuZ, texteZ, retour); err != nil {
		return err
	}
	return d.inscrire(tx, r, dep, demandes, e.regles)
}

// inscrire writes the accepted requests, and burns the numbers of all lines.
func (d *depot) inscrire(tx Tx, r *segur.Rapport, dep *Depot, demandes []*Demande, regles []ReglesFutures) error {
	if dep.Type == segur.Avance {
		numeros := make([]string, 0, len(d.lues))
		for x := range r.Demandes() {
			if n := x.NumeroEditeur(); numeroEditeurValide(n) {
				numeros = append(numeros, n)
			}
		}
		if err := tx.Bruler(dep.FournisseurID, dep.Type, numeros); err != nil {
			return err
		}
	}
	d.vu = &DepotVu{Depot: dep, Demandes: make([]Demande, 0, len(demandes))}
	d.vu.Couverture.Manquantes = make([]Piece, 0, 2*len(demandes))
	for _, x := range demandes {
		d.vu.Demandes = append(d.vu.Demandes, *x)
		d.vu.Couverture.Manquantes = append(d.vu.Couverture.Manquantes, x.Declarees()...)
	}
	return errors.Join(tx.AjouterDemandes(demandes), d.g.ombreArrivees(tx, regles, r, demandes), tx.AjouterRejets(dep.ID, rejets(r)), d.g.annoncerDepot(tx, dep))
}

// rejets counts the refused lines by the code that they were returned with.
func rejets(r *segur.Rapport) map[string]int {
	ns := map[string]int{}
	for x := range r.Demandes() {
		if !x.Acceptee() {
			ns[x.CodeTraitement().String()]++
		}
	}
	return ns
}

// metierFournisseur is the duty of the supplier's acts in a history.
const metierFournisseur = "fournisseur"

// demandes makes the accepted requests.
func (d *depot) demandes(tx Tx, r *segur.Rapport, e *etatPortail) ([]*Demande, error) {
	n := r.Bilan().Acceptees
	if n == 0 {
		return nil, nil
	}
	serie, err := tx.Suivant("demande", n)
	if err != nil {
		return nil, err
	}
	maintenant := d.g.m.Horloge()
	echeance := d.g.echeance(&Demande{Statut: Incomplete})
	ds := make([]*Demande, 0, n)
	for x := range r.Demandes() {
		if !x.Acceptee() {
			continue
		}
		m := &d.lues[x.Rang()-1]
		m.NumeroASP, m.Serie, m.Echeance, m.Cree, m.Modifie = d.g.numero(serie), serie, echeance, maintenant, maintenant
		if err := m.chiffrer(e.campagne, e.avances[m.Avance]); err != nil {
			return nil, err
		}
		ds = append(ds, m)
		serie++
	}
	return ds, nil
}

// lireValeurs sets what is kept at hand of the values of a request that control
// accepted: what alerts compare, its amount, its documents.
func (d *Demande) lireValeurs(x segur.Demande) (err error) {
	d.Abrege = abregeDe(x)
	d.Montants.HT, _ = x.MontantHT()
	d.Finess, d.Carte = x.FINESSGeo(), ""
	if x.Texte("certificatsServeur.statutAdminTechnique") == "P" {
		d.Carte = x.Texte("certificatsServeur.numeroCarteCPX")
	}
	d.DateCommande, err = segur.LireJour(x.Texte("commande.dateCommande"))
	return err
}

// chiffrer sets the money of a request whose values are read.
func (d *Demande) chiffrer(c *Campagne, avance *Demande) error {
	k, err := c.Bareme.Montants(d.Montants.HT, d.Abrege.Regime)
	if err != nil {
		return err
	}
	d.Montants.Base, d.Montants.Avance, d.Montants.Solde = k.Base, k.Avance, k.Solde
	if d.Type == segur.Solde {
		d.Montants.Avance = avance.Montants.Verse
		d.Montants.Solde = soldeDe(k, avance)
	}
	return nil
}

// soldeDe is what is left to pay: the base of the balance, never more than the
// base that was awarded, less what the advance paid (D12, D13).
func soldeDe(k segur.Calcul, avance *Demande) segur.Montant {
	return min(k.Base, avance.Montants.Base) - avance.Montants.Verse
}

func numeroEditeurValide(n string) bool {
	return len(n) == 5 && strings.IndexFunc(n, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
}

// echeance is the due date of the status just entered.
func (g *Guichet) echeance(d *Demande) segur.Jour {
	if d.Statut == AModifier && d.Modification != nil {
		return d.Modification.Echeance
	}
	e, _ := EtatDe(d.Statut)
	if e.Delai == 0 {
		return segur.Jour{}
	}
	return ajouterJours(g.Aujourdhui(), e.Delai)
}
