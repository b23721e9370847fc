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

const scanSize = 100_000

// generate writes a list of fictitious orders and one JPEG of 100 kB for each,
// as a scanner in grey makes them: bytes that do not compress.
func generate(out string, n int) error {
	scans := filepath.Join(out, "scans")
	if err := os.RemoveAll(scans); err != nil {
		return err
	}
	if err := os.MkdirAll(scans, 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(out, "commandes.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprint(w, "Date signature;Régime TVA;Montant HT;Statut admin;N° carte CPS;Nom administrateur;Tél. administrateur;Courriel administrateur;Titulaire;E-mail;Téléphone;FINESS;BAL MSSanté;Opérateur;Fichier BDC;x_agence\r\n")
	ops := segur.Operateurs()
	r := rand.New(rand.NewPCG(1, 2))
	head, err := scanHead()
	if err != nil {
		return err
	}
	for i := 1; i <= n; i++ {
		fmt.Fprintf(w, "%02d/%02d/2023;TTC;708,33;P;21%08d;EXEMPLE;0100000001;technique@editeur.example;OFFICINE %d;officine%d@pharmacie.example;0100000002;%s;oui;%s;bc-%05d.jpg;agence %d\r\n",
			1+i%28, 1+i%6, i, i, i, finess(i), ops[i%len(ops)].Code, i, i%9)
		if err := os.WriteFile(filepath.Join(scans, fmt.Sprintf("bc-%05d.jpg", i)), scan(head, r), 0o644); err != nil {
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
