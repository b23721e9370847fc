package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"

	"guichet.example/segur"
)

const (
	scanSize = 100_000
	pdfSize  = 20_000
)

// generate writes a list of fictitious orders and one JPEG of 100 kB for each,
// as a scanner in grey makes them: bytes that do not compress. A second list
// has a PDF of one scanned page of 20 kB for each.
func generate(out string, n int) error {
	head, err := scanHead()
	if err != nil {
		return err
	}
	if err := generateList(out, "commandes.csv", "scans", "jpg", n, func(r *rand.Rand) []byte { return scan(head, r) }); err != nil {
		return err
	}
	return generateList(out, "commandes-pdf.csv", "pdfs", "pdf", n, pdfScan)
}

// generateList writes one list and the folder of its documents.
func generateList(out, list, folder, ext string, n int, document func(*rand.Rand) []byte) error {
	scans := filepath.Join(out, folder)
	if err := os.RemoveAll(scans); err != nil {
		return err
	}
	if err := os.MkdirAll(scans, 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(out, list))
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprint(w, "Date signature;Régime TVA;Montant HT;Statut admin;N° carte CPS;Nom administrateur;Tél. administrateur;Courriel administrateur;Titulaire;E-mail;Téléphone;FINESS;BAL MSSanté;Opérateur;Fichier BDC;x_agence\r\n")
	ops := segur.Operateurs()
	r := rand.New(rand.NewPCG(1, 2))
	for i := 1; i <= n; i++ {
		fmt.Fprintf(w, "%02d/%02d/2023;TTC;708,33;P;21%08d;EXEMPLE;0100000001;technique@editeur.example;OFFICINE %d;officine%d@pharmacie.example;0100000002;%s;oui;%s;bc-%05d.%s;agence %d\r\n",
			1+i%28, 1+i%6, i, i, i, finess(i), ops[i%len(ops)].Code, i, ext, i%9)
		if err := os.WriteFile(filepath.Join(scans, fmt.Sprintf("bc-%05d.%s", i, ext)), document(r), 0o644); err != nil {
			return err
		}
	}
	return w.Flush()
}

// finess is a number with a right key in a department that does not exist.
func finess(i int) string {
	body := fmt.Sprintf("99%06d", i)
	for key := '0'; key <= '9'; key++ {
		n, sum := body+string(key), 0
		for k := range n {
			d := int(n[k] - '0')
			if (len(n)-k)%2 == 0 {
				if d *= 2; d > 9 {
					d -= 9
				}
			}
			sum += d
		}
		if sum%10 == 0 {
			return n
		}
	}
	return body + "0"
}

// scanHead is a small grey JPEG, to be filled up with comments.
func scanHead() ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64)), nil)
	return b.Bytes(), err
}

// scan is the picture with random comments behind its first marker.
func scan(head []byte, r *rand.Rand) []byte {
	b := append([]byte(nil), head[:2]...)
	for rest := scanSize - len(head); rest > 4; {
		n := min(rest, 65_000)
		b = binary.BigEndian.AppendUint16(append(b, 0xff, 0xfe), uint16(n-2))
		for range n - 4 {
			b = append(b, byte(r.Uint32()))
		}
		rest -= n
	}
	return append(b, head[2:]...)
}

// pdfScan is a PDF of one page with an image of random bytes.
func pdfScan(r *rand.Rand) []byte {
	image := make([]byte, pdfSize)
	for i := range image {
		image[i] = byte(r.Uint32())
	}
	content := "q 595 0 0 842 0 0 cm /I Do Q"
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
		fmt.Sprintf("<</Type/XObject/Subtype/Image/Width 1240/Height 1754/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream", len(image), image),
	}
	b := []byte("%PDF-1.4\n")
	var xref []byte
	for i, o := range objects {
		xref = fmt.Appendf(xref, "%010d 00000 n \n", len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return fmt.Appendf(b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref, len(objects)+1, len(b))
}
