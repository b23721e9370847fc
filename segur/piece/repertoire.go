package piece

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"

	"guichet.example/segur"
)

// errSansFin is an archive without the record that ends a zip.
var errSansFin = errors.New("zip: no end of directory")

const (
	finTaille   = 22 // end of central directory record, without its comment
	finMax      = finTaille + 0xffff
	renvoiZip64 = 20 // locator of the zip64 end of central directory record
	finZip64    = 56
)

// nombreEntrees reads how many entries an archive says that it has, from its
// end, before archive/zip makes room for them. Whatever it says, the directory
// itself is counted later.
func nombreEntrees(src io.ReaderAt, taille int64) (uint64, error) {
	queue := make([]byte, min(taille, finMax+renvoiZip64))
	debut := taille - int64(len(queue))
	if n, err := src.ReadAt(queue, debut); n < len(queue) {
		return 0, err
	}
	i := bytes.LastIndex(queue, []byte("PK\x05\x06"))
	if i < 0 || i+finTaille > len(queue) {
		return 0, errSansFin
	}
	n := uint64(binary.LittleEndian.Uint16(queue[i+10:]))
	if n < math.MaxUint16 || i < renvoiZip64 || !bytes.HasPrefix(queue[i-renvoiZip64:], []byte("PK\x06\x07")) {
		return n, nil
	}
	fin := make([]byte, finZip64)
	position := binary.LittleEndian.Uint64(queue[i-renvoiZip64+8:])
	if position > uint64(taille) {
		return 0, zip.ErrFormat
	}
	if n, err := src.ReadAt(fin, int64(position)); n < len(fin) || !bytes.HasPrefix(fin, []byte("PK\x06\x06")) {
		return 0, cmp.Or(err, zip.ErrFormat)
	}
	return binary.LittleEndian.Uint64(fin[32:]), nil
}

// sorteEntree reads what an entry is from its attributes, whatever system it
// says that it comes from: unpackers do not all look at that.
func sorteEntree(f *zip.File) sorte {
	const masqueUnix, dossierUnix, fichierUnix, dossierDOS = 0xf000, 0x4000, 0x8000, 0x10
	unix := f.ExternalAttrs >> 16 & masqueUnix
	switch {
	case len(f.Name) > 0 && f.Name[len(f.Name)-1] == '/', unix == dossierUnix, unix == 0 && f.ExternalAttrs&dossierDOS != 0:
		return sorteDossier
	case unix != 0 && unix != fichierUnix:
		return sorteLien
	}
	return sorteFichier
}

// jugerRepertoire judges what the directory says of sizes, methods and places.
func (l *Lot) jugerRepertoire(entrees []*zip.File, taille int64) {
	var total uint64
	for i, f := range entrees {
		total = min(total+min(f.UncompressedSize64, 1<<62), 1<<62)
		if !l.Pieces[i].Refusee() {
			jugerEntree(&l.Pieces[i], f)
		}
	}
	if total > TotalMax {
		l.noter(CodeZipBombe, "{total}", entier(total))
		return
	}
	l.situer(entrees, taille)
}

// jugerEntree judges one entry by its directory record.
func jugerEntree(p *Piece, f *zip.File) {
	const chiffre = 0x0001 | 0x0040 | 0x2000 // encrypted, strongly, directory masked
	const methodeAES = 99
	switch {
	case f.Flags&chiffre != 0 || f.Method == methodeAES:
		p.noter(CodeEntreeChiffree)
	case f.Method != zip.Store && f.Method != zip.Deflate:
		p.noter(CodeMethode, "{methode}", entier(f.Method))
	case f.UncompressedSize64 > segur.PieceMax && f.UncompressedSize64/RapportMax >= f.CompressedSize64:
		p.noter(CodeBombe, "{compresse}", entier(f.CompressedSize64), "{taille}", entier(f.UncompressedSize64))
	default:
		peser(p)
	}
}

// plage is where the data of an entry lie in the archive.
type plage struct {
	nom         string
	debut, long int64
}

// situer finds the data of every entry: outside the archive they are damaged;
// two entries on the same bytes are how small archives inflate without measure.
func (l *Lot) situer(entrees []*zip.File, taille int64) {
	plages := make([]plage, 0, len(entrees))
	for i, f := range entrees {
		p := &l.Pieces[i]
		if f.CompressedSize64 == 0 {
			continue
		}
		debut, err := f.DataOffset()
		if err != nil || f.CompressedSize64 > uint64(taille) || debut > taille-int64(f.CompressedSize64) {
			if !p.Refusee() {
				p.noter(CodeEndommagee)
			}
			continue
		}
		plages = append(plages, plage{f.Name, debut, int64(f.CompressedSize64)})
	}
	slices.SortFunc(plages, func(a, b plage) int { return cmp.Compare(a.debut, b.debut) })
	for i := 1; i < len(plages); i++ {
		if a, b := plages[i-1], plages[i]; a.debut+a.long > b.debut {
			l.noter(CodeChevauchement, "{noms}", "« "+visible(a.nom)+" » et « "+visible(b.nom)+" »")
			return
		}
	}
}
