package piece

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"iter"
	"strings"

	"guichet.example/segur"
)

// CasKit is one case of the accreditation kit: a deposit and the archives sent
// with it. A program that controls documents is right when it finds the code of
// Entree in them, and nothing wrong with the deposit itself.
type CasKit struct {
	Entree   segur.Entree // what is wrong; the zero Entree for the good case
	Depot    []byte       // the JSON file, named segur.NomExemple(1)
	Archives []ArchiveKit
}

// ArchiveKit is one archive of a case.
type ArchiveKit struct {
	Nom    string
	Trou   int64 // blanks before Octets, of the byte 0: write them as a hole
	Octets []byte
}

// Kit yields the accreditation kit of documents under a rule set: one good
// case, then one for each code of [Catalogue], ascending. [CodePDFLimites] has
// none: it depends on the machine. The kit belongs with that of
// [segur.Jeu.Kit], is as fictitious, and is read as of segur.JourExemple.
func Kit(j *segur.Jeu) iter.Seq[CasKit] {
	return func(yield func(CasKit) bool) {
		m := nouvelleMaquette(j)
		if !yield(CasKit{Depot: m.depot, Archives: enArchive(zipKit(m.bonnes()...))}) {
			return
		}
		cas := casDuKit()
		for _, e := range catalogue {
			faire, ok := cas[e.Code]
			if !ok {
				continue
			}
			m := nouvelleMaquette(j)
			archives := faire(m)
			if !yield(CasKit{Entree: e, Depot: m.depot, Archives: archives}) {
				return
			}
		}
	}
}

// maquette is what a case is made of: a good deposit and its documents, the
// last of which gets broken.
type maquette struct {
	depot []byte
	noms  []string
}

func nouvelleMaquette(j *segur.Jeu) *maquette {
	m := &maquette{depot: j.Exemple(2)}
	for _, a := range Attendues(j.Controler(m.depot, segur.JourExemple, segur.Options{})) {
		m.noms = append(m.noms, a.NomFichier)
	}
	return m
}

func (m *maquette) dernier() string { return m.noms[len(m.noms)-1] }

// enJPEG declares the last document as a JPEG.
func (m *maquette) enJPEG() {
	avant := m.dernier()
	apres := strings.TrimSuffix(avant, ".pdf") + ".jpg"
	m.noms[len(m.noms)-1] = apres
	m.depot = bytes.Replace(m.depot, []byte(avant+`", "formatFichier": "PDF"`), []byte(apres+`", "formatFichier": "JPG"`), 1)
}

// bonnes are the good documents, as entries of an archive.
func (m *maquette) bonnes() []entreeKit {
	var es []entreeKit
	for _, nom := range m.noms {
		es = append(es, entreeKit{nom: nom, contenu: pdfKit("", 1)})
	}
	return es
}

// avec is an archive of the good documents, the last one made as entries say.
func (m *maquette) avec(entrees ...entreeKit) []ArchiveKit {
	bonnes := m.bonnes()
	return enArchive(zipKit(append(bonnes[:len(bonnes)-1], entrees...)...))
}

// contenant is an archive whose last document holds something.
func (m *maquette) contenant(contenu []byte) []ArchiveKit {
	return m.avec(entreeKit{nom: m.dernier(), contenu: contenu})
}

// mentant is an archive that lies about its last document.
func (m *maquette) mentant(mentir func(*entreeKit)) []ArchiveKit {
	e := entreeKit{nom: m.dernier(), contenu: pdfKit("", 1)}
	mentir(&e)
	return m.avec(e)
}

func enArchive(octets []byte) []ArchiveKit {
	return []ArchiveKit{{Nom: "pieces.zip", Octets: octets}}
}

// casDuKit makes the archives of each code: a table, made when it is asked for.
func casDuKit() map[segur.Code]func(m *maquette) []ArchiveKit {
	return map[segur.Code]func(m *maquette) []ArchiveKit{
		CodeChemin: func(m *maquette) []ArchiveKit {
			return m.mentant(func(e *entreeKit) { e.nom = "../" + e.nom })
		},
		CodeDossier: func(m *maquette) []ArchiveKit {
			return enArchive(zipKit(append(m.bonnes(), entreeKit{nom: "pieces/"})...))
		},
		CodeDoublon: func(m *maquette) []ArchiveKit {
			bonnes := m.bonnes()
			return enArchive(zipKit(append(bonnes, bonnes[len(bonnes)-1])...))
		},
		CodeLien: func(m *maquette) []ArchiveKit {
			return m.mentant(func(e *entreeKit) { e.contenu, e.lien = []byte(m.noms[0]), true })
		},
		CodeInattendue: func(m *maquette) []ArchiveKit {
			return enArchive(zipKit(append(m.bonnes(), entreeKit{nom: "facture.pdf", contenu: pdfKit("", 1)})...))
		},
		CodeManquante:      func(m *maquette) []ArchiveKit { return m.avec() },
		CodeEntreeChiffree: func(m *maquette) []ArchiveKit { return m.mentant(func(e *entreeKit) { e.chiffree = true }) },
		CodeMethode:        func(m *maquette) []ArchiveKit { return m.mentant(func(e *entreeKit) { e.methode = 12 }) },
		CodeBombe:          func(m *maquette) []ArchiveKit { return m.contenant(make([]byte, 4<<20)) },
		CodeEndommagee:     func(m *maquette) []ArchiveKit { return m.mentant(func(e *entreeKit) { e.somme = 1 }) },
		CodeVide:           func(m *maquette) []ArchiveKit { return m.contenant(nil) },
		CodeTropGrosse: func(m *maquette) []ArchiveKit {
			return m.mentant(func(e *entreeKit) { e.contenu, e.stockee = bourrer(segur.PieceMax+1), true })
		},
		CodeContenu:      func(m *maquette) []ArchiveKit { return m.contenant(pngKit()) },
		CodePDFChiffre:   func(m *maquette) []ArchiveKit { return m.contenant(pdfKit(chiffrementKit, 1)) },
		CodePDFIllisible: func(m *maquette) []ArchiveKit { return m.contenant(pdfKit("", 1)[:60]) },
		CodePDFSansPage:  func(m *maquette) []ArchiveKit { return m.contenant(pdfKit("", 0)) },
		CodeImageIllisible: func(m *maquette) []ArchiveKit {
			m.enJPEG()
			return m.contenant([]byte("\xff\xd8\xff\xda\x00\x02\xff\xd9"))
		},
		CodeImageCoupee: func(m *maquette) []ArchiveKit {
			m.enJPEG()
			entiere := jpegKit()
			return m.contenant(entiere[:len(entiere)-2])
		},
		CodePasZip:       func(*maquette) []ArchiveKit { return enArchive(pdfKit("", 1)) },
		CodeZipIllisible: func(m *maquette) []ArchiveKit { z := zipKit(m.bonnes()...); return enArchive(z[:len(z)/2]) },
		CodeZipVide:      func(*maquette) []ArchiveKit { return enArchive(zipKit()) },
		CodeZipTropGros:  func(m *maquette) []ArchiveKit { return m.pesant(segur.ZipMax + 1) },
		CodeTropEntrees: func(*maquette) []ArchiveKit {
			return enArchive(zipKit(foule(EntreesMax+1, entreeKit{contenu: []byte("x"), stockee: true})...))
		},
		CodeZipBombe: func(*maquette) []ArchiveKit {
			return enArchive(zipKit(foule(TotalMax/segur.PieceMax+1, entreeKit{contenu: []byte("x"), stockee: true, taille: segur.PieceMax})...))
		},
		CodeChevauchement: func(m *maquette) []ArchiveKit { return enArchive(superposer(zipKit(m.bonnes()...))) },
		AvertPieceLourde: func(m *maquette) []ArchiveKit {
			return m.mentant(func(e *entreeKit) { e.contenu, e.stockee = bourrer(segur.PieceProduiteMax+1), true })
		},
		AvertZipLourd: func(m *maquette) []ArchiveKit { return m.pesant(segur.ZipProduitMax + 1) },
	}
}

// pesant is a good archive that begins with a hole, of a size in all.
func (m *maquette) pesant(taille int64) []ArchiveKit {
	z := zipKit(m.bonnes()...)
	return []ArchiveKit{{Nom: "pieces.zip", Trou: taille - int64(len(z)), Octets: z}}
}

// foule is an entry n times, under n names.
func foule(n int, e entreeKit) []entreeKit {
	es := make([]entreeKit, n)
	for i := range es {
		es[i] = e
		es[i].nom = fmt.Sprintf("%05d.pdf", i+1)
	}
	return es
}

// chiffrementKit is what a protected PDF has in its trailer; its keys open nothing.
const chiffrementKit = "/Encrypt<</Filter/Standard/V 1/R 2/O(" + cleKit + ")/U(" + cleKit + ")/P -4>>"

const cleKit = "exemple-exemple-exemple-exemple-"

// pdfKit is a document of some blank pages, with more in its trailer.
func pdfKit(plus string, pages int) []byte { return composerPDF(plus, pages, 0) }

// bourrer is a good document of one page that weighs so many bytes.
func bourrer(taille int) []byte {
	n := taille - len(composerPDF("", 1, 0)) // its comment takes the difference
	b := composerPDF("", 1, n)
	// Offsets grow by a digit or two on the way: the comment gives them back.
	return composerPDF("", 1, n-(len(b)-taille))
}

// composerPDF writes a PDF 1.4: a comment of so many bytes, objects, the table
// of where they are, a trailer.
func composerPDF(plus string, pages, bourre int) []byte {
	objets := []string{"<</Type/Catalog/Pages 2 0 R>>",
		fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", strings.Repeat("3 0 R ", pages), pages)}
	if pages > 0 {
		objets = append(objets, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>")
	}
	b := []byte("%PDF-1.4\n")
	if bourre > 1 {
		b = append(append(append(b, '%'), bytes.Repeat([]byte("-"), bourre-2)...), '\n')
	}
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objets)+1)
	for i, o := range objets {
		table += fmt.Sprintf("%010d 00000 n \n", len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	debut := len(b)
	b = append(b, table...)
	return fmt.Appendf(b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(objets)+1, plus, debut)
}

func pngKit() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // a buffer takes everything
	return b.Bytes()
}

func jpegKit() []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64)), nil)
	return b.Bytes()
}
