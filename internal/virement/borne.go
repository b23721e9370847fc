package virement

import (
	"bytes"
	"errors"
	"io"
)

// borne keeps an XML decoder from being fed too much: in all, and between two
// "<", because the decoder holds a whole tag and a whole text in memory.
type borne struct {
	r       io.Reader
	reste   int64 // bytes that may still come
	attente int   // bytes since the last "<"
}

func (b *borne) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.reste -= int64(n); b.reste < 0 {
		return 0, errors.New("le fichier dépasse la taille permise, 64 Mio")
	}
	reste := p[:n]
	for {
		i := bytes.IndexByte(reste, '<')
		if i < 0 {
			b.attente += len(reste)
			break
		}
		if b.attente+i > retoursEntreBalise {
			return 0, errTropLong
		}
		b.attente, reste = 0, reste[i+1:]
	}
	if b.attente > retoursEntreBalise {
		return 0, errTropLong
	}
	return n, err
}

var errTropLong = errors.New("une balise ou un texte dépasse 64 Kio")
