package piece

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image/png"
	"strings"
	"testing"
)

func TestContentIsCalledByItsName(t *testing.T) {
	t.Parallel()
	for contenu, want := range map[string]string{
		"\x89PNG\r\n\x1a\n":          "image PNG",
		"\xff\xd8\xff\xe0":           "image JPEG",
		"GIF89a":                     "image GIF",
		"II*\x00":                    "image TIFF",
		"PK\x03\x04docx":             "zip ou un document bureautique",
		"\xd0\xcf\x11\xe0\xa1":       "Office ancien",
		"\x00\x00\x00\x18ftypheic":   "HEIC",
		"<!DOCTYPE html><p>Erreur":   "page HTML",
		"\xef\xbb\xbf<?xml version=": "XML",
		"Bonjour, voici":             "du texte",
		"\x01\x02\x03\x00":           "format inconnu",
		"{\\rtf1":                    "RTF",
	} {
		p := controleur().Fichier(t.Context(), nomBDC1, strings.NewReader(contenu), int64(len(contenu)))
		if len(p.Constats) != 1 || p.Constats[0].Code != CodeContenu || !strings.Contains(p.Constats[0].Message, want) {
			t.Errorf("%q: %+v", contenu, p.Constats)
		}
	}
	if f, _ := reconnaitre([]byte("\r\n<scanner>\x00%PDF-1.3")); f != "PDF" {
		t.Error("a PDF behind what a scanner wrote first is a PDF")
	}
	if f, _ := reconnaitre(append(make([]byte, teteMax), "%PDF-1.3"...)); f != "" {
		t.Error("a signature far inside is no signature")
	}
}

// bloc is a chunk of a PNG.
func bloc(nom, contenu string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(contenu)))
	b = append(append(b, nom...), contenu...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

func entete(l, h uint32) string {
	return bloc("IHDR", string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, l), h))+"\x08\x00\x00\x00\x00")
}

func TestPNG(t *testing.T) {
	t.Parallel()
	const sig = "\x89PNG\r\n\x1a\n"
	bon := string(imagePNG(t))
	fin, points := bloc("IEND", ""), bloc("IDAT", "x")
	for nom, c := range map[string]struct {
		b    string
		want error
	}{
		"good":                  {bon, nil},
		"followed by something": {bon + "suite", nil},
		"one point":             {sig + entete(1, 1) + points + fin, nil},
		"text of a bad sum":     {sig + entete(1, 1) + strings.Replace(bloc("tEXt", "a"), "a", "b", 1) + points + fin, nil},
		"cut by a byte":         {bon[:len(bon)-1], errCoupee},
		"without end":           {bon[:len(bon)-12], errCoupee},
		"cut in its data":       {bon[:50], errCoupee},
		"signature only":        {sig, errCoupee},
		"altered data":          {sig + entete(1, 1) + strings.Replace(points, "x", "y", 1) + fin, errBloc},
		"no data":               {sig + entete(1, 1) + fin, errSansImage},
		"no header":             {sig + points + fin, errEntete},
		"no width":              {sig + entete(0, 1) + points + fin, errEntete},
		"too wide":              {sig + entete(coteMax+1, 1) + points + fin, errDimensions},
		"too many points":       {sig + entete(coteMax, coteMax) + points + fin, errDimensions},
		"endless chunk":         {sig + "\xff\xff\xff\xffIDAT" + bon, errCoupee},
	} {
		if err := controlerPNG([]byte(c.b)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", nom, err)
		}
	}
}

func TestJPEG(t *testing.T) {
	t.Parallel()
	bon := string(imageJPEG(t))
	corps := bon[2:]
	vignette := "\xff\xe1\x00\x0cExif\x00\x00\xff\xd8\xff\xd9"
	for nom, c := range map[string]struct {
		b    string
		want error
	}{
		"good":                     {bon, nil},
		"followed by something":    {bon + "suite", nil},
		"with thumbnail":           {"\xff\xd8" + vignette + corps, nil},
		"with fill bytes":          {"\xff\xd8\xff\xff\xff" + vignette[1:] + corps, nil},
		"cut by its end":           {bon[:len(bon)-2], errCoupee},
		"cut by a byte":            {bon[:len(bon)-1], errCoupee},
		"cut with thumbnail":       {"\xff\xd8" + vignette + corps[:len(corps)/2], errCoupee},
		"start only":               {"\xff\xd8\xff", errCoupee},
		"cut in a segment":         {bon[:6], errCoupee},
		"start and end":            {"\xff\xd8\xff\xd9", errSansImage},
		"segment of length 0":      {"\xff\xd8\xff\xe0\x00\x00" + corps, errEntete},
		"data without frame":       {"\xff\xd8\xff\xda\x00\x02\xff\xd9", errEntete},
		"frame of 40001 points":    {largeur(bon, 40_001), errDimensions},
		"frame without any point":  {largeur(bon, 0), errSansImage},
		"frame of 65535 by 65535 ": {largeur(bon, 65_535), errDimensions},
	} {
		if err := controlerJPEG([]byte(c.b)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", nom, err)
		}
	}
}

// largeur changes the width that the frame header of a JPEG tells.
func largeur(b string, n uint16) string {
	c := []byte(b)
	i := bytes.Index(c, []byte("\xff\xc0"))
	binary.BigEndian.PutUint16(c[i+7:], n)
	return string(c)
}

// No bytes make the walk over an image panic or run on, and it refuses no PNG
// that decodes.
func FuzzImage(f *testing.F) {
	f.Add(imagePNG(f))
	f.Add(imageJPEG(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		switch format, _ := reconnaitre(b); format {
		case "PNG":
			// What the standard library decodes whole is good here too.
			if err := controlerPNG(b); err != nil && decode(b) && !errors.Is(err, errDimensions) {
				t.Fatal(err)
			}
		case "JPG":
			controlerJPEG(b)
		}
	})
}

func decode(b []byte) bool {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width*c.Height > 1<<20 {
		return false
	}
	_, err = png.Decode(bytes.NewReader(b))
	return err == nil
}
