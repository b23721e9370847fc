package web

import (
	"bytes"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"strings"
)

// dessiner makes an SVG of a black and white PNG: the page loads no image that
// is not a file of ours, and this one must be kept nowhere.
func dessiner(octets []byte) (template.HTML, error) {
	img, err := png.Decode(bytes.NewReader(octets))
	if err != nil {
		return "", err
	}
	b := img.Bounds()
	var d strings.Builder
	for y := b.Min.Y; y < b.Max.Y; {
		h := 1
		for y+h < b.Max.Y && memeLigne(img, y, y+h) {
			h++
		}
		for x := b.Min.X; x < b.Max.X; {
			l := 1
			for x+l < b.Max.X && noir(img, x+l, y) == noir(img, x, y) {
				l++
			}
			if noir(img, x, y) {
				fmt.Fprintf(&d, "M%d %dh%dv%dh-%dz", x, y, l, h, l)
			}
			x += l
		}
		y += h
	}
	// Numbers only: nothing of it comes from anybody.
	return template.HTML(fmt.Sprintf(`<svg class="qr" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="Code à scanner avec l’application"><rect width="100%%" height="100%%" fill="#fff"/><path d="%s" fill="#000"/></svg>`,
		b.Dx(), b.Dy(), b.Dx(), b.Dy(), d.String())), nil
}

func noir(img image.Image, x, y int) bool {
	r, _, _, _ := img.At(x, y).RGBA()
	return r < 0x8000
}

func memeLigne(img image.Image, a, b int) bool {
	for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
		if noir(img, x, a) != noir(img, x, b) {
			return false
		}
	}
	return true
}
