package guichet

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// DocumentEnrolement is a document joined to an enrolment.
type DocumentEnrolement struct {
	Type   string `json:"type"`
	Nom    string `json:"nom"`
	Taille int64  `json:"taille"`
	SHA256 string `json:"sha256"`
}

// TypeDocument is one kind of document of an enrolment, and who owes it.
type TypeDocument struct {
	Code    string
	Libelle string
	Exige   func(*Enrolement) bool
}

// TypesDocuments lists the documents of an enrolment (spec page, "Process
// facts").
func TypesDocuments() []TypeDocument {
	toujours := func(*Enrolement) bool { return true }
	return []TypeDocument{
		{"certificat_ans", "Certificat de référencement de l’ANS", toujours},
		{"identite", "Pièce d’identité du représentant légal", toujours},
		{"mandat", "Mandat du représentant légal, quand un salarié dépose", func(e *Enrolement) bool { return e.Salarie }},
		{"contrat_tiers", "Contrat, quand un tiers dépose", func(e *Enrolement) bool { return e.Tiers }},
		{"rib", "Relevé d’identité bancaire", toujours},
		{"exoneration_tva", "Preuve d’exonération de TVA, sous le régime HT", func(e *Enrolement) bool { return e.RegimeTVA == "HT" }},
	}
}

// DocumentRecu is a document as it comes in.
type DocumentRecu struct {
	Type    string
	Nom     string // its extension tells what it is: pdf, jpg, png
	Contenu []byte
}

// jugerDocuments tells which owed documents are missing.
func (e *Enrolement) jugerDocuments(f *fautes) {
	for _, t := range TypesDocuments() {
		present := slices.ContainsFunc(e.Documents, func(d DocumentEnrolement) bool { return d.Type == t.Code })
		deja := slices.ContainsFunc(*f, func(x FauteChamp) bool { return x.Champ == t.Code })
		if t.Exige(e) && !present && !deja {
			f.dire(t.Code, "Il manque le document « %s » (PDF, JPG ou PNG, 3 Mo au plus).", t.Libelle)
		}
	}
}

// documents controls what was joined, as supporting documents are, and stores
// the good ones.
func (g *Guichet) documents(ctx context.Context, f *fautes, docs []DocumentRecu) (ds []DocumentEnrolement, err error) {
	types := TypesDocuments()
	c := &piece.Controleur{SansDemandes: true, PDF: g.m.PDF}
	for _, d := range docs {
		if len(d.Contenu) == 0 && d.Nom == "" {
			continue // a file field left empty
		}
		i := slices.IndexFunc(types, func(t TypeDocument) bool { return t.Code == d.Type })
		if i < 0 {
			f.dire("documents", "Le type de document « %s » n’existe pas.", visible(d.Type))
			continue
		}
		if slices.ContainsFunc(ds, func(x DocumentEnrolement) bool { return x.Type == d.Type }) {
			f.dire(d.Type, "%s : un seul fichier est attendu.", types[i].Libelle)
			continue
		}
		p := c.Fichier(ctx, d.Type+strings.ToLower(filepath.Ext(d.Nom)), bytes.NewReader(d.Contenu), int64(len(d.Contenu)))
		if p.Erreur != nil {
			return nil, &Error{Genre: Interne, Message: "Les documents n’ont pas pu être contrôlés ; rien n’a été enregistré. Réessayez.", Cause: p.Erreur}
		}
		if !p.Recue() {
			f.dire(d.Type, "%s : %s", types[i].Libelle, premierConstat(&p))
			continue
		}
		if _, err := g.m.Magasin.Ecrire(ctx, d.Contenu); err != nil {
			return nil, err
		}
		ds = append(ds, DocumentEnrolement{Type: d.Type, Nom: segur.Visible(d.Nom, 100), Taille: p.Taille, SHA256: hex.EncodeToString(p.SHA256[:])})
	}
	return ds, nil
}

func premierConstat(p *piece.Piece) string {
	for _, k := range p.Constats {
		return k.Message + " " + k.Remede
	}
	return "le fichier n’est pas accepté."
}

// OuvrirDocument gives the bytes of a document of an enrolment; the caller
// closes them. Administrators call it; the reading is journalled.
func (g *Guichet) OuvrirDocument(ctx context.Context, a *Acteur, id EnrolementID, typ string) (*DocumentEnrolement, io.ReadCloser, error) {
	var d *DocumentEnrolement
	err := g.faire(ctx, operation{acteur: a, action: LireEnrolement, objet: string(id)}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, LireEnrolement); err != nil {
			return nil, "", err
		}
		e, err := tx.Enrolement(id)
		if err != nil {
			return nil, "", absent(err, "Cette demande d’enrôlement n’existe pas.")
		}
		i := slices.IndexFunc(e.Documents, func(x DocumentEnrolement) bool { return x.Type == typ })
		if i < 0 {
			return nil, "", erreur(Inconnu, "Ce document n’est pas joint.")
		}
		d = &e.Documents[i]
		return nil, typ, nil
	})
	if err != nil {
		return nil, nil, err
	}
	if err := g.analyserAvantDeMontrer(ctx, d.SHA256); err != nil {
		return nil, nil, err
	}
	r, _, err := g.m.Magasin.Ouvrir(ctx, d.SHA256)
	if errors.Is(err, ErrAbsent) {
		return nil, nil, &Error{Genre: Interne, Message: "Ce document ne peut pas être lu pour l’instant.", Cause: err}
	}
	return d, r, err
}
