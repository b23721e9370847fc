package atelier

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// EtapePieces and EtapeZips are the steps that Cadre.Avancer is told of.
const (
	EtapePieces = "contrôle des pièces"
	EtapeZips   = "écriture des zips"
)

// ControlerPieces reads every scan once and judges it by package piece, as the
// portal would. Sizes, hashes and what compresses are noted in the orders. The
// error tells a scan that could not be looked at: then nothing may be
// concluded.
func ControlerPieces(ctx context.Context, o *Cadre, cs []Commande, pdf piece.LecteurPDF) ([]Constat, error) {
	ordre, usages, total := sources(cs)
	trouves := make([][]Constat, len(cs))
	avance := o.compteur(EtapePieces, total)
	var verrou sync.Mutex
	err := enParallele(ctx, len(ordre), func() func(context.Context, int) error {
		var e essai
		return func(ctx context.Context, i int) error {
			us := usages[ordre[i]]
			modele := &cs[us[0].commande].Pieces[us[0].piece]
			p, err := modele.juger(ctx, pdf, &e)
			if err != nil {
				return fmt.Errorf("%s : %w", modele.Source, err)
			}
			verrou.Lock()
			defer verrou.Unlock()
			for _, u := range us {
				x := &cs[u.commande].Pieces[u.piece]
				source, typ := x.Source, x.Type
				*x = *modele
				x.Source, x.Type = source, typ
				for _, k := range p.Constats {
					if k.Gravite == segur.Erreur {
						trouves[u.commande] = append(trouves[u.commande], constatPiece(&cs[u.commande], u.commande+1, x, k))
					}
				}
			}
			avance(modele.Taille)
			return nil
		}
	})
	var ks []Constat
	for _, t := range trouves {
		ks = append(ks, t...)
	}
	return ks, err
}

// usage is where a scan is used.
type usage struct{ commande, piece int }

// sources lists the scans to read, each once, in the order of the orders.
func sources(cs []Commande) (ordre []string, usages map[string][]usage, total int64) {
	usages = make(map[string][]usage, len(cs))
	for i := range cs {
		for k := range cs[i].Pieces {
			p := &cs[i].Pieces[k]
			if p.Source == "" || p.jugee || p.Taille > segur.PieceProduiteMax {
				continue
			}
			if usages[p.Source] == nil {
				ordre = append(ordre, p.Source)
				total += p.Taille
			}
			usages[p.Source] = append(usages[p.Source], usage{i, k})
		}
	}
	return ordre, usages, total
}

// juger looks at one scan and notes what is known of it.
func (p *Piece) juger(ctx context.Context, pdf piece.LecteurPDF, e *essai) (piece.Piece, error) {
	f, err := os.Open(p.Source)
	if err != nil {
		return piece.Piece{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return piece.Piece{}, err
	}
	if !info.Mode().IsRegular() {
		return piece.Piece{}, errors.New("ce n’est pas un fichier ordinaire")
	}
	p.Taille, p.modifie = info.Size(), info.ModTime()
	if p.Format == "" {
		p.Format = formatScan(filepath.Base(p.Source))
	}
	c := piece.Controleur{SansDemandes: true, PDF: pdf, Recevoir: func(_ piece.Piece, contenu []byte) error {
		p.crc = crc32.ChecksumIEEE(contenu)
		p.comprimer = p.Format == "PDF" && e.seComprime(contenu)
		return nil
	}}
	r := c.Fichier(ctx, nomJuge(p.Format), f, p.Taille)
	if r.Erreur != nil {
		return r, r.Erreur
	}
	p.SHA256, p.jugee = r.SHA256, r.Recue()
	return r, nil
}

// nomJuge is the name under which a scan is judged: it only tells which content
// is expected, for the copy gets a name of its own. The person reads the
// original's.
func nomJuge(format string) string { return "scan." + extensionDe(format) }

func extensionDe(format string) string {
	switch format {
	case "PDF":
		return "pdf"
	case "PNG":
		return "png"
	case "JPG":
		return "jpg"
	}
	return ""
}

// constatPiece sets a finding of package piece in its row.
func constatPiece(c *Commande, rang int, p *Piece, k piece.Constat) Constat {
	e, _ := piece.Entree(k.Code)
	nom := filepath.Base(p.Source)
	return Constat{
		Constat: segur.Constat{Code: k.Code, Gravite: k.Gravite, Rang: rang, Balise: balisePieces, Message: strings.ReplaceAll(k.Message, nomJuge(p.Format), segur.Visible(nom, 60)), Attendu: k.Attendu,
			Recu: segur.Visible(nom, 60), Remede: k.Remede, Reference: e.Reference},
		Feuille: c.Source.Feuille, Rangee: c.Source.Ligne, Valeur: nom,
	}
}

// echantillon is how much of a document is tried, at three places.
const echantillon = 8 << 10

// essai tries what compresses; each worker has its own, for a compressor is
// large.
type essai struct {
	tete   []byte
	serre  compteurOctets
	flate  *flate.Writer
	erreur error
}

// seComprime tells whether compressing a document is worth the time: scans are
// compressed already, documents that a program wrote often are not.
func (e *essai) seComprime(contenu []byte) bool {
	e.tete, e.serre = e.tete[:0], 0
	for i := range 3 {
		deb := i * max(0, len(contenu)-echantillon) / 2
		e.tete = append(e.tete, contenu[deb:min(len(contenu), deb+echantillon)]...)
		if len(contenu) <= echantillon {
			break
		}
	}
	if e.flate == nil && e.erreur == nil {
		e.flate, e.erreur = flate.NewWriter(&e.serre, flate.BestSpeed)
	}
	if e.erreur != nil {
		return false
	}
	e.flate.Reset(&e.serre)
	_, err := e.flate.Write(e.tete)
	return errors.Join(err, e.flate.Close()) == nil && int(e.serre)*10 < len(e.tete)*8
}

type compteurOctets int

func (c *compteurOctets) Write(b []byte) (int, error) {
	*c += compteurOctets(len(b))
	return len(b), nil
}

// relire reads a scan again, and refuses one that is no longer the one that
// was judged.
func (p *Piece) relire(tampon *bytes.Buffer) error {
	f, err := os.Open(p.Source)
	if err != nil {
		return err
	}
	defer f.Close()
	tampon.Reset()
	if _, err := tampon.ReadFrom(io.LimitReader(f, p.Taille+1)); err != nil {
		return err
	}
	if int64(tampon.Len()) != p.Taille || crc32.ChecksumIEEE(tampon.Bytes()) != p.crc {
		return errors.New("ce scan a changé pendant la préparation : relancez la commande")
	}
	return nil
}

// compteur tells Avancer of work done; it may be called by several goroutines.
func (o *Cadre) compteur(etape string, total int64) func(n int64) {
	if o.Avancer == nil {
		return func(int64) {}
	}
	var verrou sync.Mutex
	var fait int64
	return func(n int64) {
		verrou.Lock()
		defer verrou.Unlock()
		fait += n
		o.Avancer(etape, fait, total)
	}
}
