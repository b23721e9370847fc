package piece

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"testing"

	"guichet.example/segur"
)

// entree is an entry of a forged zip. What is left zero is done right.
type entree struct {
	nom     string
	contenu []byte
	stocke  bool // stored, not deflated

	methode   uint16  // written in its place
	flags     uint16  // written in its place
	attrs     uint32  // external attributes, those of Unix in the high half
	createur  uint16  // system of origin in the high byte
	crc       *uint32 // written in its place
	taille    *uint32 // declared inflated size
	compresse *uint32 // declared compressed size
	surEntree int     // 1 + number of an entry whose local header it shares
	extra     []byte
}

func v(n uint32) *uint32 { return &n }

// forger writes a zip as the entries say, lies included.
func forger(entrees ...entree) []byte { return forgerZip(false, entrees...) }

func forgerZip(zip64 bool, entrees ...entree) []byte {
	le := binary.LittleEndian
	var b, rep []byte
	positions := make([]int, len(entrees))
	for i, e := range entrees {
		donnees, methode := e.contenu, uint16(0)
		switch {
		case !e.stocke && len(e.contenu) == 0:
			donnees, methode = []byte{3, 0}, 8
		case !e.stocke:
			var z bytes.Buffer
			w, _ := flate.NewWriter(&z, flate.BestSpeed)
			w.Write(e.contenu)
			w.Close()
			donnees, methode = z.Bytes(), 8
		}
		if e.methode != 0 {
			methode = e.methode
		}
		somme, taille, compresse := crc32.ChecksumIEEE(e.contenu), uint32(len(e.contenu)), uint32(len(donnees))
		if e.crc != nil {
			somme = *e.crc
		}
		if e.taille != nil {
			taille = *e.taille
		}
		if e.compresse != nil {
			compresse = *e.compresse
		}
		champs := le.AppendUint16(nil, 20)
		for _, x := range []uint16{e.flags, methode, 0, 0x5921} {
			champs = le.AppendUint16(champs, x)
		}
		for _, x := range []uint32{somme, compresse, taille} {
			champs = le.AppendUint32(champs, x)
		}
		champs = le.AppendUint16(champs, uint16(len(e.nom)))
		positions[i] = len(b)
		if e.surEntree > 0 {
			positions[i] = positions[e.surEntree-1]
		} else {
			b = append(append(b, "PK\x03\x04"...), champs...)
			b = append(append(le.AppendUint16(b, 0), e.nom...), donnees...)
		}
		rep = le.AppendUint16(append(rep, "PK\x01\x02"...), e.createur)
		rep = le.AppendUint16(append(rep, champs...), uint16(len(e.extra)))
		rep = append(rep, 0, 0, 0, 0, 0, 0) // comment, disk, internal attributes
		rep = le.AppendUint32(le.AppendUint32(rep, e.attrs), uint32(positions[i]))
		rep = append(append(rep, e.nom...), e.extra...)
	}
	debut := len(b)
	b = append(b, rep...)
	if zip64 {
		fin := len(b)
		b = le.AppendUint64(append(b, "PK\x06\x06"...), 44)
		b = append(b, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		for _, x := range []int{len(entrees), len(entrees), len(rep), debut} {
			b = le.AppendUint64(b, uint64(x))
		}
		b = append(append(b, "PK\x06\x07"...), 0, 0, 0, 0)
		b = append(le.AppendUint64(b, uint64(fin)), 1, 0, 0, 0)
		b = append(append(b, "PK\x05\x06\x00\x00\x00\x00"...), bytes.Repeat([]byte{0xff}, 12)...)
		return append(b, 0, 0)
	}
	b = append(b, "PK\x05\x06\x00\x00\x00\x00"...)
	b = le.AppendUint16(le.AppendUint16(b, uint16(len(entrees))), uint16(len(entrees)))
	return append(le.AppendUint32(le.AppendUint32(b, uint32(len(rep))), uint32(debut)), 0, 0)
}

// pdf is a document of one page, padded to a size when that is not 0.
func pdf(taille int) []byte {
	b := []byte("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n" +
		"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n")
	if reste := taille - len(b); reste > 0 {
		b = append(b, bytes.Repeat([]byte("%bourre\n"), reste/8+1)[:reste]...)
	}
	return b
}

func imagePNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func imageJPEG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fauxPDF is a reader of PDF that opens nothing: it answers what the document
// asks for in a comment.
type fauxPDF struct{}

func (fauxPDF) Lire(_ context.Context, contenu []byte) (int, error) {
	for mot, err := range map[string]error{"%chiffre": ErrPDFChiffre, "%illisible": ErrPDFIllisible, "%limites": ErrPDFLimites, "%panne": errPanne} {
		if bytes.Contains(contenu, []byte(mot)) {
			return 0, fmt.Errorf("essai : %w", err)
		}
	}
	if bytes.Contains(contenu, []byte("%sanspage")) {
		return 0, nil
	}
	return 1, nil
}

var errPanne = fmt.Errorf("panne du lecteur")

const (
	nomBDC1 = "PHA-LGO-Va1-BDC-00001.pdf"
	nomHT1  = "PHA-LGO-Va1-HT-00001.png"
	nomBDC2 = "PHA-LGO-Va1-BDC-00002.jpg"
)

// attendues are two requests: the first with two documents.
func attendues() []Attendue {
	return []Attendue{
		{1, "00001", nomBDC1, "PDF", "BON_COMMANDE"},
		{1, "00001", nomHT1, "PNG", "PREUVE_HT"},
		{2, "00002", nomBDC2, "JPG", "BON_COMMANDE"},
	}
}

func controleur() *Controleur { return &Controleur{Attendues: attendues(), PDF: fauxPDF{}} }

func lireZip(t testing.TB, b []byte) Lot {
	t.Helper()
	return controleur().Zip(t.Context(), "lot.zip", bytes.NewReader(b), int64(len(b)))
}

// codes lists what was found in a lot, "nom:code" for each, the archive first.
func codes(l Lot) []string {
	var s []string
	for _, k := range l.Constats {
		s = append(s, k.Nom+":"+k.Code.String())
	}
	for _, p := range l.Pieces {
		for _, k := range p.Constats {
			s = append(s, p.Nom+":"+k.Code.String())
		}
	}
	return s
}

// espion counts the bytes read of an archive, and can make reading fail.
type espion struct {
	io.ReaderAt
	jusque int64 // reading before this offset fails
	lus    []int64
}

func (e *espion) ReadAt(b []byte, off int64) (int, error) {
	if off < e.jusque {
		return 0, errPanne
	}
	e.lus = append(e.lus, off)
	return e.ReaderAt.ReadAt(b, off)
}

const max32 = uint32(segur.PieceMax)
