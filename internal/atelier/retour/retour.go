// Package retour reads returned files: what the agency answers to a deposit,
// request by request. Ours, or any with the same keys: the agency's own codes
// are not public, so a request is accepted when it has its numeroASP, and
// codes and labels are kept as the text that they are.
//
// Start at [Lire]. The package reads bytes only; it must never import the
// workshop above it.
package retour

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// TailleMax bounds a returned file: a deposit with some numbers more.
const TailleMax = 2 * segur.TailleMax

// Fichier is a returned file that was read.
type Fichier struct {
	ImpID, NumeroAns, SIRET string
	Type                    segur.TypeDemande
	Lignes                  []Ligne
}

// Ligne is one request with its answer.
type Ligne struct {
	Rang          int // from 1
	NumeroEditeur string
	NumeroASP     string // "" = none
	Acceptee      bool
	Code, Libelle string                   // as received
	Valeurs       registre.Valeurs         // its leaves, pieces and answers left out
	Pieces        []registre.PiecePreparee // as declared; without source
}

// racine and ligne are what a returned file must have to be of any use.
type racine struct {
	ImpID     jsontext.Value `json:"impId"`
	NumeroAns jsontext.Value `json:"numeroAns"`
	SIRET     jsontext.Value `json:"SIRET"`
	Lignes    []ligne        `json:"lignesImport"`
}

type ligne map[string]jsontext.Value

// Lire reads a returned file. It fails, in French, for what is no such file
// and for one that carries no answer at all: a deposit taken for its return.
func Lire(octets []byte) (*Fichier, error) {
	if len(octets) > TailleMax {
		return nil, fmt.Errorf("le fichier dépasse %d Mo : ce n’est pas un fichier retour", TailleMax>>20)
	}
	octets = bytes.TrimPrefix(octets, []byte("\xef\xbb\xbf"))
	var r racine
	// The agency's program is not ours: what it doubles or misspells in a text
	// must not keep the supplier from its numbers.
	if err := json.Unmarshal(octets, &r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, fmt.Errorf("le fichier ne se lit pas : ce n’est pas du JSON de la forme d’un fichier retour (%s)", segur.Visible(err.Error(), 160))
	}
	if len(r.Lignes) == 0 {
		return nil, errors.New("le fichier n’a pas de demande (lignesImport) : ce n’est pas un fichier retour")
	}
	f := &Fichier{ImpID: texteDe(r.ImpID), NumeroAns: texteDe(r.NumeroAns), SIRET: texteDe(r.SIRET), Type: segur.Avance}
	if texteDe(r.Lignes[0]["typeAction"]) == "S" {
		f.Type = segur.Solde
	}
	jeu := jeuDe(f.Type)
	reponses, vus := 0, map[string]int{}
	for i, brut := range r.Lignes {
		l, err := f.ligne(jeu, i+1, brut)
		if err != nil {
			return nil, err
		}
		if avant := vus[strings.ToUpper(l.NumeroEditeur)]; avant > 0 {
			return nil, fmt.Errorf("les demandes %d et %d ont le même numeroEditeur %s : leurs réponses ne peuvent pas être distinguées", avant, l.Rang, l.NumeroEditeur)
		}
		vus[strings.ToUpper(l.NumeroEditeur)] = l.Rang
		if !l.Acceptee && f.Type == segur.Avance && l.Code == segur.Code(0).String() {
			return nil, fmt.Errorf("la demande %d est acceptée et n’a pas de numeroASP : ce fichier vient d’un contrôle (« segur controler --retour »), pas d’un portail", l.Rang)
		}
		if l.Acceptee || l.Code != "" {
			reponses++
		}
		f.Lignes = append(f.Lignes, l)
	}
	if reponses == 0 {
		return nil, errors.New("aucune demande n’a de réponse (ni numeroASP, ni codeTraitement) : c’est le fichier déposé, pas le fichier retour")
	}
	return f, nil
}

// jeuDe is the newest rule set of a type: only its list of leaves is read.
func jeuDe(t segur.TypeDemande) *segur.Jeu {
	var dernier *segur.Jeu
	for _, j := range segur.Jeux() {
		if j.Type == t {
			dernier = j
		}
	}
	return dernier
}

// ligne reads one request.
func (f *Fichier) ligne(jeu *segur.Jeu, rang int, brut ligne) (Ligne, error) {
	l := Ligne{Rang: rang, NumeroEditeur: texteDe(brut["numeroEditeur"]), NumeroASP: texteDe(brut["numeroASP"]),
		Code: texteDe(brut["codeTraitement"]), Libelle: segur.Visible(texteDe(brut["libelleTraitement"]), 500)}
	l.Code = segur.Visible(l.Code, 40)
	if l.NumeroEditeur == "" {
		return l, fmt.Errorf("la demande %d n’a pas de numeroEditeur : on ne sait pas à laquelle la réponse appartient", rang)
	}
	l.NumeroEditeur, l.NumeroASP = segur.Visible(l.NumeroEditeur, 40), segur.Visible(l.NumeroASP, 80)
	l.Acceptee = l.NumeroASP != ""
	if f.Type == segur.Solde { // it always has its advance's numeroASP
		l.Acceptee = l.Code == segur.Code(0).String()
	}
	l.Valeurs = valeurs(jeu, brut)
	return l, l.lirePieces(brut["piecesJustificatives"])
}

// valeurs lists the leaves of a request in the order of the document, but the
// pieces and what the agency fills.
func valeurs(jeu *segur.Jeu, brut ligne) registre.Valeurs {
	var vs registre.Valeurs
	blocs := map[string]ligne{"": brut}
	for i := range jeu.Champs {
		c := &jeu.Champs[i]
		if c.Bloc == "piecesJustificatives" || c.Cle == "codeTraitement" || c.Cle == "libelleTraitement" || c.Cle == "numeroASP" {
			continue
		}
		b, lu := blocs[c.Bloc]
		if !lu {
			_ = json.Unmarshal(brut[c.Bloc], &b) // a block of another kind has no leaves
			blocs[c.Bloc] = b
		}
		if v, ok := b[c.Cle]; ok {
			vs = append(vs, registre.Valeur{Balise: c.Balise(), JSON: string(v)})
		}
	}
	return vs
}

func (l *Ligne) lirePieces(brut jsontext.Value) error {
	var ps []struct {
		NomFichier    string `json:"nomFichier"`
		FormatFichier string `json:"formatFichier"`
		TypeFichier   string `json:"typeFichier"`
	}
	if len(brut) == 0 || json.Unmarshal(brut, &ps) != nil {
		return nil // a refused request may be malformed there: its answer still counts
	}
	if len(ps) > segur.PiecesDetaillees {
		return fmt.Errorf("la demande %d déclare %d pièces : ce n’est pas un fichier retour", l.Rang, len(ps))
	}
	for _, p := range ps {
		l.Pieces = append(l.Pieces, registre.PiecePreparee{NomFichier: p.NomFichier, Format: p.FormatFichier, Type: p.TypeFichier})
	}
	return nil
}

// texteDe is a scalar as text: a string's content, the spelling of a number or
// of a boolean, "" for null and anything else.
func texteDe(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		if s, err := jsontext.AppendUnquote(nil, v); err == nil {
			return string(s)
		}
	case '0', 't', 'f':
		return string(v)
	}
	return ""
}

// Concerne refuses an answer about another order than the one that the ledger
// has under its number: another pharmacy's, or of another amount. The number
// proves nothing, for two ledgers may have given it.
func (l *Ligne) Concerne(d *registre.Demande) error {
	ici, la := d.FINESSGeo, l.Valeurs.Texte("beneficiaire.FINESSGeo")
	quoi := "l’officine "
	if ici == "" || la == "" || ici == la {
		quoi = "une commande de "
		brut, _ := l.Valeurs.De("commande.montantSegurHT")
		ht, err := segur.LireMontant(brut)
		if err != nil || d.Montants.HT == 0 || ht == d.Montants.HT {
			return nil
		}
		ici, la = d.Montants.HT.Francais()+" HT", ht.Francais()+" HT"
	}
	return fmt.Errorf("le numéro %s est celui de %s%s dans ce fichier, et de %s%s dans le registre : deux copies du registre, ou deux registres, l’ont donné, ou le fichier a été changé à la main avant son dépôt. Voyez « segur registre verifier AUTRE-REGISTRE » ; rien n’a été changé",
		segur.Visible(l.NumeroEditeur, 20), quoi, segur.Visible(la, 20), quoi, ici)
}

// Retour is what the ledger keeps of it.
func (f *Fichier) Retour(nom, sha256, depot string) registre.Retour {
	r := registre.Retour{Nom: nom, SHA256: sha256, Depot: depot, ImpID: segur.Visible(f.ImpID, 80), Type: f.Type}
	for _, l := range f.Lignes {
		r.Demandes = append(r.Demandes, registre.DemandeRetour{NumeroEditeur: l.NumeroEditeur, Acceptee: l.Acceptee, NumeroASP: l.NumeroASP, Code: l.Code, Libelle: l.Libelle})
	}
	return r
}

// Importer makes of a returned file the deposit that it answers, for a ledger
// that did not see it: advances filed by other means can then be followed and
// their balance claimed. A request whose amount or regime cannot be read has
// no money. requests that dejaLa knows are left out.
func (f *Fichier) Importer(nom string, taille int64, sha256 string, bareme segur.Bareme, dejaLa func(numero string) bool) registre.DepotPrepare {
	d := registre.DepotPrepare{Type: f.Type, NumeroAns: segur.Visible(f.NumeroAns, 20), SIRET: segur.Visible(f.SIRET, 20), Importe: true,
		Fichier: registre.Fichier{Nom: nom, Taille: taille, SHA256: sha256}}
	for _, l := range f.Lignes {
		if dejaLa(l.NumeroEditeur) {
			continue
		}
		p := registre.DemandePreparee{NumeroEditeur: l.NumeroEditeur, Regime: l.Valeurs.Texte("commande.regimeTVA"), FINESSGeo: segur.Visible(l.Valeurs.Texte("beneficiaire.FINESSGeo"), 20),
			Valeurs: l.Valeurs, Pieces: l.Pieces, Source: registre.Source{Fichier: nom, Ligne: l.Rang}}
		brut, _ := l.Valeurs.De("commande.montantSegurHT")
		if ht, err := segur.LireMontant(brut); err == nil {
			if c, err := bareme.Calculer(ht, p.Regime); err == nil {
				p.Montants = registre.MontantsDe(c)
			}
		}
		if f.Type == segur.Solde {
			p.NumeroASP = l.NumeroASP
		}
		d.Demandes = append(d.Demandes, p)
	}
	return d
}

// TypeDe is the type of requests that a file of the format says it holds; an
// advance when it does not say, for the control then tells what is wrong.
func TypeDe(octets []byte) segur.TypeDemande {
	var r racine
	err := json.Unmarshal(bytes.TrimPrefix(octets, []byte("\xef\xbb\xbf")), &r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err == nil && len(r.Lignes) > 0 && texteDe(r.Lignes[0]["typeAction"]) == "S" {
		return segur.Solde
	}
	return segur.Avance
}
