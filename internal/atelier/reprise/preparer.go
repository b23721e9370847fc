package reprise

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/catalogue"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// Preparation is what a preparation needs besides the requests.
type Preparation struct {
	Registre *registre.Registre
	Jour     segur.Jour
	Outil    segur.Outil
	PDF      piece.LecteurPDF
	Vers     string // folder to make; "" = a new one in the ledger's folder
	Avancer  func(etape string, fait, total int64)
}

// Preparee is one folder that was prepared.
type Preparee struct {
	*atelier.Resultat
	Paires [][2]string // refused number, number that stands for it
}

// Preparer prepares the requests that are ready under new numbers, a folder
// for each group, and records old and new in the ledger. A document that is
// refused makes its request not ready: it is then left out, with its findings.
func (p *Preparation) Preparer(ctx context.Context, rs []*Refusee) ([]Preparee, error) {
	var faites []Preparee
	err := ParGroupe(pretes(rs), p.Jour, func(g Groupe, rs []*Refusee) error {
		c := &atelier.Cadre{Jeu: g.Jeu, Jour: p.Jour, Entete: g.Entete, Outil: p.Outil, Avancer: p.Avancer}
		cs, err := p.controlerPieces(ctx, c, rs)
		if err != nil || len(cs) == 0 {
			return err
		}
		vers, err := p.destination(len(faites))
		if err != nil {
			return err
		}
		plan, err := atelier.Planifier(c, cs, p.Registre)
		if err != nil {
			return err
		}
		r, err := plan.Ecrire(ctx, vers, p.Registre)
		if err != nil {
			return err
		}
		faite := Preparee{Resultat: r}
		for _, d := range plan.Depots {
			for i, c := range d.Commandes {
				faite.Paires = append(faite.Paires, [2]string{c.Remplace, d.Numeros[i]})
			}
		}
		faites = append(faites, faite)
		return nil
	})
	return faites, err
}

func pretes(rs []*Refusee) []*Refusee {
	var ps []*Refusee
	for _, x := range rs {
		if x.Prete {
			ps = append(ps, x)
		}
	}
	return ps
}

// controlerPieces looks at the documents, and keeps the requests whose are
// good. An original that is no longer there is a finding of its request.
func (p *Preparation) controlerPieces(ctx context.Context, c *atelier.Cadre, rs []*Refusee) ([]atelier.Commande, error) {
	var cs []atelier.Commande
	var bons []*Refusee
	for _, x := range rs {
		if k, absente := pieceAbsente(x); absente {
			x.Prete, x.Constats = false, append(x.Constats, k)
			x.Explication, x.Remede = k.Message, k.Remede
			continue
		}
		cs, bons = append(cs, x.Commande), append(bons, x)
	}
	ks, err := atelier.ControlerPieces(ctx, c, cs, p.PDF)
	if err != nil {
		return nil, err
	}
	for _, k := range ks {
		x := bons[k.Rang-1]
		x.Constats = append(x.Constats, k)
		if k.Gravite == segur.Erreur {
			x.Prete, x.Explication, x.Remede = false, k.Message, k.Remede
		}
	}
	bonnes, _ := atelier.Ecarter(cs, ks)
	return bonnes, nil
}

// pieceAbsente finds a document that was there when the request was prepared
// and is gone.
func pieceAbsente(x *Refusee) (atelier.Constat, bool) {
	for i := range x.Commande.Pieces {
		source := x.Commande.Pieces[i].Source
		if source == "" {
			continue
		}
		if _, err := os.Stat(source); errors.Is(err, fs.ErrNotExist) {
			e, _ := catalogue.Entree(catalogue.ScanAbsent)
			return atelier.Constat{Constat: segur.Constat{Code: e.Code, Gravite: e.Gravite, Balise: e.Balise, Ligne: 1, Colonne: 1,
				Message: "Le scan " + segur.Visible(source, 120) + " n’est plus là.", Attendu: e.Attendu,
				Remede: "Remettez-le à sa place, ou indiquez un autre dossier par --scans et son nom dans la liste."}}, true
		}
	}
	return atelier.Constat{}, false
}

// suffixeMax bounds the search for a free name.
const suffixeMax = 999

// destination is the folder of the n-th group.
func (p *Preparation) destination(n int) (string, error) {
	if p.Vers != "" {
		if n == 0 {
			return p.Vers, nil
		}
		return fmt.Sprintf("%s-%d", filepath.Clean(p.Vers), n+1), nil
	}
	return Libre(filepath.Join(p.Registre.Dossier(), "reprise-"+p.Jour.Compact()), "")
}

// Libre is the first name that does not exist yet: base, base-2, base-3…
func Libre(base, extension string) (string, error) {
	for n := 1; n <= suffixeMax; n++ {
		nom := base + extension
		if n > 1 {
			nom = fmt.Sprintf("%s-%d%s", base, n, extension)
		}
		if _, err := os.Lstat(nom); errors.Is(err, fs.ErrNotExist) {
			return nom, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("%s : plus de nom libre ; rangez les anciens", base)
}
