package piece

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
)

// entreeKit is an entry of an archive of the kit. What is left zero is done
// right; the rest is what the archive pretends.
type entreeKit struct {
	nom      string // a name that ends with a slash is a folder
	contenu  []byte
	stockee  bool   // kept as it is, not deflated
	lien     bool   // a symbolic link to its content
	chiffree bool   // marked as encrypted
	methode  uint16 // compression method
	somme    uint32 // checksum
	taille   uint64 // size once inflated
}

// zipKit writes an archive, lies included. Twice the same entries give twice
// the same bytes: no date is written.
func zipKit(entrees ...entreeKit) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entrees {
		h, donnees := e.entete()
		// A buffer takes everything, and these names are short.
		f, _ := w.CreateRaw(h)
		_, _ = f.Write(donnees)
	}
	_ = w.Close()
	return b.Bytes()
}

func (e *entreeKit) entete() (*zip.FileHeader, []byte) {
	h := &zip.FileHeader{Name: e.nom, Method: zip.Deflate, CRC32: cmp.Or(e.somme, crc32.ChecksumIEEE(e.contenu))}
	donnees := e.contenu
	if e.stockee || e.lien || len(e.contenu) == 0 {
		h.Method = zip.Store
	} else {
		donnees = degonfler(e.contenu)
	}
	h.Method = cmp.Or(e.methode, h.Method)
	h.CompressedSize64 = uint64(len(donnees))
	h.UncompressedSize64 = cmp.Or(e.taille, uint64(len(e.contenu)))
	if e.chiffree {
		h.Flags |= 1
	}
	if e.lien {
		const unix, lien = 3 << 8, 0xa1ff << 16
		h.CreatorVersion, h.ExternalAttrs = unix, lien
	}
	return h, donnees
}

// degonfler is what a writer of archives does with content.
func degonfler(contenu []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.DefaultCompression) // a known level
	_, _ = w.Write(contenu)
	_ = w.Close()
	return b.Bytes()
}

// superposer makes the last entry of an archive lie where the first one does.
func superposer(z []byte) []byte {
	const placeDansRepertoire = 42
	i := bytes.LastIndex(z, []byte("PK\x01\x02")) + placeDansRepertoire
	binary.LittleEndian.PutUint32(z[i:], 0)
	return z
}
