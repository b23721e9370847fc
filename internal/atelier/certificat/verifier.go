package certificat

import (
	"context"
	"fmt"

	"guichet.example/segur"
)

// Ecart is what does not agree between a certificate and the files.
type Ecart struct {
	Nom     string // file, document, or "" for the certificate as a whole
	Message string // French
}

// Verifier controls the files again, as of the certificate's day, and tells
// what differs; nothing = the certificate is theirs. With another rule set than
// ours no verdict can be compared: that is an ecart too.
func Verifier(ctx context.Context, c *Certificat, chemins []string, o Options) ([]Ecart, error) {
	jour, err := segur.LireJour(c.Jour)
	if err != nil {
		return []Ecart{{"", "le certificat ne porte pas de jour de contrôle lisible"}}, nil
	}
	o.Jour = jour
	refait, err := Faire(ctx, chemins, o)
	if err != nil {
		return nil, err
	}
	var es []Ecart
	la := map[string]*Fichier{}
	for i := range refait.Fichiers {
		la[refait.Fichiers[i].Nom] = &refait.Fichiers[i]
	}
	for i := range c.Fichiers {
		f := &c.Fichiers[i]
		es = append(es, comparerFichier(f, la[f.Nom])...)
		delete(la, f.Nom)
	}
	for _, f := range refait.Fichiers {
		if la[f.Nom] != nil {
			es = append(es, Ecart{f.Nom, "ce fichier n’est pas dans le certificat"})
		}
	}
	es = append(es, comparerPieces(c.Pieces, refait.Pieces)...)
	if len(es) == 0 && c.Totaux != refait.Totaux {
		es = append(es, Ecart{"", "les totaux du certificat ne sont pas ceux des fichiers"})
	}
	return es, nil
}

func comparerFichier(f, refait *Fichier) []Ecart {
	nom := segur.Visible(f.Nom, 120)
	switch {
	case refait == nil:
		return []Ecart{{nom, "ce fichier du certificat n’est pas là"}}
	case f.SHA256 != refait.SHA256:
		return []Ecart{{nom, "son contenu n’est pas celui qui a été certifié"}}
	case f.Regles.Empreinte != refait.Regles.Empreinte:
		return []Ecart{{nom, fmt.Sprintf("certifié avec d’autres règles (%s, %s) que celles de cette version de l’outil : les verdicts ne se comparent pas", segur.Visible(f.Regles.ID, 40), segur.Visible(f.Regles.Empreinte, 80))}}
	case f.Verdict != refait.Verdict || f.Bilan != refait.Bilan:
		return []Ecart{{nom, fmt.Sprintf("le contrôle donne « %s » et non « %s »", refait.Verdict, segur.Visible(string(f.Verdict), 20))}}
	}
	return nil
}

func comparerPieces(certifiees, la []Piece) []Ecart {
	sommes := map[string]string{}
	for _, p := range la {
		sommes[p.Nom] = p.SHA256
	}
	var es []Ecart
	for _, p := range certifiees {
		nom := segur.Visible(p.Nom, 120)
		switch s, ok := sommes[p.Nom]; {
		case !ok:
			es = append(es, Ecart{nom, "cette pièce du certificat n’est pas là, ou n’est plus acceptée"})
		case s != p.SHA256:
			es = append(es, Ecart{nom, "son contenu n’est pas celui qui a été certifié"})
		}
		delete(sommes, p.Nom)
	}
	for _, p := range la {
		if _, reste := sommes[p.Nom]; reste {
			es = append(es, Ecart{segur.Visible(p.Nom, 120), "cette pièce n’est pas dans le certificat"})
		}
	}
	return es
}
