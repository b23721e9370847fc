package banc

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"mime/multipart"
	"strconv"
	"strings"
	"time"

	"guichet.example/segur"
)

// Fichier is one deposit in the making.
type Fichier struct {
	Nom, Ans, Siret string
	Contenu         []byte
}

// NouveauFichier makes a file of n advances under numbers of nobody else, with
// documents in PNG; false when the supplier has no file number left today.
func (s *Suite) NouveauFichier(p *Personne, n int) (f Fichier, ok bool, err error) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return f, false, err
	}
	k := s.suivant("fichier " + p.Siret)
	if k > len(p.Ans)*999 {
		return f, false, nil
	}
	f.Ans, f.Siret = p.Ans[k%len(p.Ans)], p.Siret
	f.Nom = segur.NomFichier{NumeroAns: f.Ans, Jour: segur.JourDe(time.Now().In(zone)), Numero: 1 + (k-1)/len(p.Ans)}.String()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		return f, false, err
	}
	r := j.Controler(j.Exemple(1), segur.JourExemple, segur.Options{})
	paires := []string{r.Entete("numeroAns"), f.Ans, r.Entete("SIRET"), f.Siret, ".pdf", ".png", `"PDF"`, `"PNG"`}
	var textes []string
	for i := range n {
		ancien := fmt.Sprintf("%05d", i+1)
		neuf := strings.ToUpper(strconv.FormatInt(int64(36*36*36*36+s.suivant("editeur "+p.Siret)), 36))
		textes = append(textes, `"`+ancien+`"`, `"`+neuf+`"`, "-"+ancien+".", "-"+neuf+".")
	}
	f.Contenu = []byte(strings.NewReplacer(textes...).Replace(strings.NewReplacer(paires...).Replace(string(j.Exemple(n)))))
	return f, true, nil
}

// formulaire is the multipart form of a deposit.
func (f *Fichier) formulaire() (genre string, corps []byte, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	p, err := w.CreateFormFile("fichier", f.Nom)
	if err == nil {
		_, err = p.Write(f.Contenu)
	}
	err = errors.Join(err, w.WriteField("type", "avance"), w.WriteField("numeroAns", f.Ans), w.Close())
	return w.FormDataContentType(), b.Bytes(), err
}

// document is a picture unlike any other, of about n bytes.
func document(n int) ([]byte, error) {
	cote := 16
	for 3*cote*cote < n {
		cote += 8
	}
	im := image.NewNRGBA(image.Rect(0, 0, cote, cote))
	for i := range im.Pix {
		if im.Pix[i] = 255; i%4 != 3 {
			im.Pix[i] = byte(rand.Uint32())
		}
	}
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, im)
	return b.Bytes(), err
}

// archive puts documents in a zip.
func archive(noms []string, contenus [][]byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, nom := range noms {
		w, err := z.CreateHeader(&zip.FileHeader{Name: nom, Method: zip.Store})
		if err == nil {
			_, err = w.Write(contenus[i])
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func empreinte(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
