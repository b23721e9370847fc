package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// taillePiece is what one document weighs: 400 of them make some 195 MB.
const taillePiece = 487_000

// foisArchive is how many archives are sent: the median of each time is told.
const foisArchive = 3

// mesurerArchive deposits files of 200 requests under the HT regime, then the
// 400 documents of each in one archive, against `unzip -t` and a synced copy.
func mesurerArchive(p *serveurPortail, dossier string) error {
	fs, err := fabriquer(p.ans, p.siret, 700)
	if err != nil {
		return err
	}
	var portails, pairs, rapports []float64
	var mio float64
	for i := range foisArchive {
		portail, pair, m, err := uneArchive(p, dossier, fs[len(fs)-1-i])
		if err != nil {
			return err
		}
		portails, pairs, rapports, mio = append(portails, portail), append(pairs, pair), append(rapports, portail/pair), max(mio, m)
	}
	fmt.Printf("\nArchive of 400 documents, median of %d\n  %-30s %8.3f s\n  %-30s %8.3f s\n", foisArchive, "portal, over HTTP", mediane(portails), "unzip -t and a synced copy", mediane(pairs))
	ligne("portal ÷ unzip -t and copy", mediane(rapports), "≤ 0.9")
	ligne("growth of the portal's memory, MiB", mio, "< 64")
	return nil
}

func mediane(xs []float64) float64 {
	slices.Sort(xs)
	return xs[len(xs)/2]
}

// uneArchive gives the seconds of both contenders, and the memory that the
// portal grew by.
func uneArchive(p *serveurPortail, dossier string, f fichier) (portail, pair, mio float64, err error) {
	texte := strings.ReplaceAll(string(f.contenu), `"regimeTVA": "TTC"`, `"regimeTVA": "HT"`)
	texte = deuxPieces(texte)
	f.contenu = []byte(texte)
	if _, err := p.deposer([]fichier{f}, 1); err != nil {
		return 0, 0, 0, fmt.Errorf("deposit of the archive's file: %w", err)
	}
	chemin := filepath.Join(dossier, "pieces.zip")
	if err := ecrireArchive(chemin, nomsDe(texte)); err != nil {
		return 0, 0, 0, err
	}
	z, err := os.Open(chemin)
	if err != nil {
		return 0, 0, 0, err
	}
	croissance := memoireDe(p.cmd.Process.Pid)
	t := time.Now()
	b, err := p.appeler("PUT", "/api/v1/depots/"+p.dernier+"/pieces", "application/zip", z, http.StatusOK)
	portail, mio = time.Since(t).Seconds(), croissance()
	if err == nil && !bytes.Contains(b, []byte(`"complete":true`)) {
		err = fmt.Errorf("not all documents were taken: %.400s", b)
	}
	if err != nil {
		return 0, 0, 0, err
	}
	t = time.Now()
	if err := exec.Command("unzip", "-tq", chemin).Run(); err != nil {
		return 0, 0, 0, fmt.Errorf("unzip: %w", err)
	}
	if err := copier(chemin, chemin+".copie"); err != nil {
		return 0, 0, 0, err
	}
	return portail, time.Since(t).Seconds(), mio, nil
}

// nomsDe lists the documents that a file declares.
func nomsDe(texte string) (noms []string) {
	for reste := texte; ; {
		_, apres, ok := strings.Cut(reste, `"nomFichier": "`)
		if !ok {
			return noms
		}
		nom, suite, _ := strings.Cut(apres, `"`)
		noms, reste = append(noms, nom), suite
	}
}

// deuxPieces gives each request an exemption proof beside its order form.
func deuxPieces(texte string) string {
	texte = strings.ReplaceAll(texte, ".pdf", ".png")
	texte = strings.ReplaceAll(texte, `"PDF"`, `"PNG"`)
	var b strings.Builder
	for {
		avant, apres, ok := strings.Cut(texte, `{ "nomFichier": "`)
		b.WriteString(avant)
		if !ok {
			return b.String()
		}
		objet, suite, _ := strings.Cut(apres, "}")
		objet = `{ "nomFichier": "` + objet + "}"
		b.WriteString(objet + ", " + strings.NewReplacer("-BDC-", "-HT-", "BON_COMMANDE", "PREUVE_HT").Replace(objet))
		texte = suite
	}
}

func ecrireArchive(chemin string, noms []string) error {
	sortie, err := os.Create(chemin)
	if err != nil {
		return err
	}
	z := zip.NewWriter(sortie)
	alea := rand.NewChaCha8([32]byte{1})
	cote := 402
	for _, nom := range noms {
		w, err := z.CreateHeader(&zip.FileHeader{Name: nom, Method: zip.Store})
		if err != nil {
			return err
		}
		im := image.NewNRGBA(image.Rect(0, 0, cote, taillePiece/cote/3))
		if _, err := alea.Read(im.Pix); err != nil {
			return err
		}
		for i := 3; i < len(im.Pix); i += 4 {
			im.Pix[i] = 255
		}
		if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(w, im); err != nil {
			return err
		}
	}
	return errors.Join(z.Close(), sortie.Close())
}

func copier(de, vers string) error {
	source, err := os.Open(de)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // only read
	cible, err := os.Create(vers)
	if err != nil {
		return err
	}
	_, err = io.Copy(cible, source)
	return errors.Join(err, cible.Sync(), cible.Close())
}
