package atelier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// Everything here is fictitious: department 99 and the domain example do not
// exist.

func jeu(t testing.TB) *segur.Jeu {
	t.Helper()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func cadre(t testing.TB) *Cadre {
	t.Helper()
	return &Cadre{Jeu: jeu(t), Jour: segur.JourExemple, Entete: Entete{"9999999999", "00000000000000"}, Outil: segur.Outil{Nom: "segur", Version: "essai"}}
}

// entetes are headings as sales software exports them.
const entetes = "N° commande;Date signature;Régime;Montant HT;Statut admin;N° carte CPS;Nom admin;Tél. admin;Email admin;Titulaire;E-mail;Téléphone;FINESS;MSSanté;Opérateur;Scan BDC;x_agence"

// ligne is a good row for the headings above.
func ligne(i int) string {
	return fmt.Sprintf("BC-%04d;03/02/2023;TTC;708,33;Pharmacien;21%08d;EXEMPLE;0100000001;technique@editeur.example;OFFICINE %d;officine%d@pharmacie.example;0100000002;%s;oui;GIP_1;bc_%04d.pdf;agence %d",
		i, i, i, i, finess(i), i, i%3)
}

// finess is a number with a right key in a department that does not exist.
func finess(i int) string {
	corps := fmt.Sprintf("99%06d", i)
	for cle := '0'; cle <= '9'; cle++ {
		somme := 0
		n := corps + string(cle)
		for k := range n {
			d := int(n[k] - '0')
			if (len(n)-k)%2 == 0 {
				if d *= 2; d > 9 {
					d -= 9
				}
			}
			somme += d
		}
		if somme%10 == 0 {
			return n
		}
	}
	return corps + "0"
}

func listeDe(n int) string {
	var b strings.Builder
	b.WriteString(entetes + "\r\n")
	for i := 1; i <= n; i++ {
		b.WriteString(ligne(i) + "\r\n")
	}
	return b.String()
}

func poser(t testing.TB, chemin string, contenu []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(chemin), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(chemin, contenu, 0o644); err != nil {
		t.Fatal(err)
	}
	return chemin
}

// pdf is a document of one page that holds a text, padded to a size.
func pdf(texte string, taille int) []byte {
	b := []byte("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n%" + texte + "\n")
	if reste := taille - len(b); reste > 0 {
		b = append(b, bytes.Repeat([]byte("%bourre\n"), reste/8+1)[:reste]...)
	}
	return b
}

func imagePNG(t testing.TB, cote int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, cote, cote))); err != nil {
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

// scans writes one scan an order, as the column "Scan BDC" names them.
func scans(t testing.TB, dossier string, n int) string {
	t.Helper()
	for i := 1; i <= n; i++ {
		poser(t, filepath.Join(dossier, fmt.Sprintf("bc_%04d.pdf", i)), pdf(fmt.Sprint(i), 0))
	}
	return dossier
}

// fauxPDF opens nothing: it refuses what the document asks for in a comment.
type fauxPDF struct{}

func (fauxPDF) Lire(_ context.Context, contenu []byte) (int, error) {
	if bytes.Contains(contenu, []byte("%chiffre")) {
		return 0, piece.ErrPDFChiffre
	}
	return 1, nil
}

func ouvrirRegistre(t testing.TB, dossier string) *registre.Registre {
	t.Helper()
	r, err := registre.Ouvrir(dossier, registre.Options{Maintenant: func() time.Time { return time.Date(2023, 7, 1, 9, 0, 0, 0, time.UTC) }, Auteur: "essai", Poste: "essai", Outil: "essai"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Fermer() })
	return r
}

// lireTexte reads a list given as text.
func lireTexte(t testing.TB, texte string, o OptionsListe) *Lecture {
	t.Helper()
	o.Jeu = jeu(t)
	l, err := LireListe(poser(t, filepath.Join(t.TempDir(), "commandes.csv"), []byte(texte)), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Questions) > 0 {
		t.Fatalf("questions: %+v\n%+v", l.Questions, l.Colonnes)
	}
	return l
}

// juger runs all controls on a list, with or without scans.
func juger(t testing.TB, l *Lecture, dossier string) []Constat {
	t.Helper()
	o := cadre(t)
	if dossier == "" {
		DeclarerPieces(o.Jeu, l.Commandes)
	} else {
		s, err := OuvrirScans(dossier)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Apparier(o.Jeu, l, nil); err != nil {
			t.Fatal(err)
		}
	}
	ks, err := Controler(o, l.Commandes)
	if err != nil {
		t.Fatal(err)
	}
	ps, err := ControlerPieces(t.Context(), o, l.Commandes, fauxPDF{})
	if err != nil {
		t.Fatal(err)
	}
	return l.Reunir(o.Jeu, ks, ps)
}

// codesDe lists findings as "row:code".
func codesDe(ks []Constat) []string {
	var s []string
	for _, k := range ks {
		s = append(s, fmt.Sprintf("%d:%s", k.Rangee, k.Code))
	}
	return s
}

// chantier is a working folder with a list and its scans.
func chantier(t *testing.T, n int) string {
	t.Helper()
	racine := t.TempDir()
	poser(t, filepath.Join(racine, "commandes.csv"), []byte(listeDe(n)))
	scans(t, filepath.Join(racine, "scans"), n)
	return racine
}

// verifierDepot proves that a folder is complete: every file has the hash that
// its list of sums says.
func verifierDepot(t *testing.T, vers string) {
	t.Helper()
	sommes, err := os.ReadFile(filepath.Join(vers, NomSommes))
	if err != nil {
		t.Fatalf("half a deposit: %v", err)
	}
	n := 0
	for ligne := range strings.Lines(string(sommes)) {
		somme, nom, _ := strings.Cut(strings.TrimSpace(ligne), "  ")
		b, err := os.ReadFile(filepath.Join(vers, nom))
		if err != nil {
			t.Fatal(err)
		}
		if s := sha256.Sum256(b); hex.EncodeToString(s[:]) != somme {
			t.Errorf("%s is not what was written", nom)
		}
		n++
	}
	if fichiers, _ := os.ReadDir(vers); n < 3 || len(fichiers) != n+1 {
		t.Errorf("%d sums for %d files", n, len(fichiers))
	}
}

// absent tells that nothing was left where a deposit should not be.
func absent(t *testing.T, vers string) {
	t.Helper()
	if _, err := os.Stat(vers); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is there: %v", vers, err)
	}
	if reste, _ := filepath.Glob(filepath.Join(filepath.Dir(vers), ".*.en-cours")); len(reste) > 0 {
		t.Errorf("left behind: %v", reste)
	}
}
