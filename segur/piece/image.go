package piece

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
)

// Greatest dimensions of an image: far over a page of A3 at 600 points per
// inch (7016 × 9922), far under what makes a viewer fall over.
const (
	coteMax  = 40_000
	pointMax = 200_000_000
)

var (
	errCoupee     = errors.New("image coupée")
	errEntete     = errors.New("son en-tête est mal formé ou d’une variante rare")
	errDimensions = errors.New("ses dimensions sont démesurées")
	errBloc       = errors.New("une partie de ses données est altérée")
	errSansImage  = errors.New("elle ne contient aucun point")
)

func controlerDimensions(c image.Config, err error) error {
	switch {
	case err != nil:
		return errEntete
	case c.Width < 1 || c.Height < 1:
		return errSansImage
	case c.Width > coteMax || c.Height > coteMax || c.Width*c.Height > pointMax:
		return errDimensions
	}
	return nil
}

// controlerPNG walks the chunks of a PNG: header, data, end, and the sums of
// those that an image cannot do without. Pixels are not decoded. What follows
// the end is ignored, as viewers do.
func controlerPNG(b []byte) error {
	const signature, cadre = 8, 12 // cadre: length, type and sum of a chunk
	donnees := false
	for reste := b[signature:]; ; {
		if len(reste) < cadre {
			return errCoupee
		}
		n := int64(binary.BigEndian.Uint32(reste))
		if n > int64(len(reste)-cadre) {
			return errCoupee
		}
		bloc := reste[4 : 8+n] // type and content: what the sum covers
		critique := bloc[0]&0x20 == 0
		if critique && crc32.ChecksumIEEE(bloc) != binary.BigEndian.Uint32(reste[8+n:]) {
			return errBloc
		}
		switch string(bloc[:4]) {
		case "IDAT":
			donnees = donnees || n > 0
		case "IEND":
			if !donnees {
				return errSansImage
			}
			return controlerDimensions(png.DecodeConfig(bytes.NewReader(b)))
		}
		reste = reste[n+cadre:]
	}
}

// Markers of a JPEG, behind 0xff.
const (
	jpegSOI  = 0xd8
	jpegEOI  = 0xd9
	jpegSOS  = 0xda
	jpegTEM  = 0x01
	jpegRST0 = 0xd0
	jpegRST7 = 0xd7
)

// controlerJPEG walks the segments of a JPEG to its end marker: one inside a
// thumbnail or a comment does not count. Pixels are not decoded. What follows
// the end is ignored: cameras write there.
func controlerJPEG(b []byte) error {
	donnees := false
	i := 2
	for {
		i = marqueSuivante(b, i)
		if i < 0 {
			return errCoupee
		}
		m := b[i]
		i++
		switch {
		case m == jpegEOI && donnees:
			return controlerDimensions(jpeg.DecodeConfig(bytes.NewReader(b)))
		case m == jpegEOI:
			return errSansImage
		case m == jpegTEM || m == jpegSOI || m >= jpegRST0 && m <= jpegRST7:
			continue
		case len(b) < i+2:
			return errCoupee
		}
		n := int(binary.BigEndian.Uint16(b[i:]))
		if n < 2 {
			return errEntete
		}
		if i+n > len(b) {
			return errCoupee
		}
		i += n
		donnees = donnees || m == jpegSOS
	}
}

// marqueSuivante finds the code of the next marker from i on; -1 when there is
// none. In the data of a scan 0xff 0x00 is a byte, not a marker. Bytes between
// segments are passed over, as decoders do.
func marqueSuivante(b []byte, i int) int {
	for i+1 < len(b) {
		n := bytes.IndexByte(b[i:], 0xff)
		if n < 0 {
			return -1
		}
		i += n
		for i < len(b) && b[i] == 0xff {
			i++
		}
		if i < len(b) && b[i] != 0 {
			return i
		}
		i++
	}
	return -1
}
