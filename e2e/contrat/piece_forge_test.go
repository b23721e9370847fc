package contrat

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"strings"
)

const mebi = 1 << 20

// pdf is a small whole PDF; the mark makes its bytes its own.
func pdf(marque string) []byte {
	var b bytes.Buffer
	var places []int
	objet := func(s string) {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(places), s)
	}
	b.WriteString("%PDF-1.4\n")
	contenu := "BT /F1 12 Tf 72 720 Td (Bon de commande fictif " + marque + ") Tj ET"
	objet("<< /Type /Catalog /Pages 2 0 R >>")
	objet("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	objet("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	objet(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(contenu), contenu))
	objet("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, p := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(places)+1, xref)
	return b.Bytes()
}

// pdfDe is a whole PDF of exactly n bytes: a stream nobody shows fills it.
func pdfDe(n int) []byte {
	base := pdf("gros")
	i := bytes.Index(base, []byte("\n")) + 1
	deja := len(base)
	// A comment behind the header moves every object: the table is written anew.
	for remplir := n - deja; ; remplir-- {
		b := avecRemplissage(base, i, remplir)
		if len(b) <= n {
			return b
		}
	}
}

func avecRemplissage(base []byte, i, remplir int) []byte {
	b := bytes.Join([][]byte{base[:i], []byte("%" + strings.Repeat("x", max(0, remplir-2)) + "\n"), base[i:]}, nil)
	decalage := len(b) - len(base)
	xref := bytes.LastIndex(b, []byte("\nxref\n")) + 1
	lignes := strings.Split(string(b[xref:]), "\n")
	for k, l := range lignes {
		var p, g int
		if _, err := fmt.Sscanf(l, "%d %d n ", &p, &g); err == nil && strings.HasSuffix(l, " n ") {
			lignes[k] = fmt.Sprintf("%010d %05d n ", p+decalage, g)
		}
		if k > 0 && lignes[k-1] == "startxref" {
			lignes[k] = fmt.Sprint(xref)
		}
	}
	return append(bytes.Clone(b[:xref]), strings.Join(lignes, "\n")...)
}

func imageDe(graine int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		for y := range 30 {
			m.Set(x, y, color.RGBA{uint8(x * 6), uint8(y * 8), uint8(graine), 255})
		}
	}
	return m
}

func pngDe(graine int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, imageDe(graine))
	return b.Bytes()
}

func jpegDe(graine int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, imageDe(graine), nil)
	return b.Bytes()
}

// entree is one entry of a zip in the making; the zero extras make a good one.
type entree struct {
	nom     string
	octets  []byte
	mode    fs.FileMode
	chiffre bool // the flag of an encrypted entry
	crcFaux bool
	menteur int // the length declared, when it is not the true one
}

// zipDe writes entries as they are asked for, well formed or not.
func zipDe(entrees ...entree) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entrees {
		var serre bytes.Buffer
		f, _ := flate.NewWriter(&serre, flate.BestSpeed)
		_, _ = f.Write(e.octets)
		_ = f.Close()
		h := &zip.FileHeader{Name: e.nom, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(e.octets),
			UncompressedSize64: uint64(len(e.octets)), CompressedSize64: uint64(serre.Len())}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		if e.chiffre {
			h.Flags |= 1
		}
		if e.crcFaux {
			h.CRC32 ^= 0xdeadbeef
		}
		if e.menteur > 0 {
			h.UncompressedSize64 = uint64(e.menteur)
		}
		p, _ := w.CreateRaw(h)
		_, _ = p.Write(serre.Bytes())
	}
	_ = w.Close()
	return b.Bytes()
}

// zipPieces is a good zip of PDFs under those names.
func zipPieces(noms ...string) []byte {
	var es []entree
	for _, nom := range noms {
		es = append(es, entree{nom: nom, octets: pieceDe(nom)})
	}
	return zipDe(es...)
}

// pieceDe is the content that a name promises, always the same for one name.
func pieceDe(nom string) []byte {
	graine := int(crc32.ChecksumIEEE([]byte(nom)) & 0xff)
	switch {
	case strings.HasSuffix(nom, ".png"):
		return pngDe(graine)
	case strings.HasSuffix(nom, ".jpg"):
		return jpegDe(graine)
	}
	return pdf(nom)
}

func sha(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
