package rapport

import "io"

// tamponPlein is the size from which a buffer is written out.
const tamponPlein = 1 << 15

// tampon gathers what is written and remembers the first error.
type tampon struct {
	w   io.Writer
	b   []byte
	err error
}

// ecrire adds texts as they are.
func (t *tampon) ecrire(textes ...string) {
	for _, s := range textes {
		t.b = append(t.b, s...)
	}
	if len(t.b) >= tamponPlein {
		_ = t.vider()
	}
}

// echapper adds a text escaped for HTML and XML.
func (t *tampon) echapper(s string) {
	t.b = appendEchappe(t.b, s)
	if len(t.b) >= tamponPlein {
		_ = t.vider()
	}
}

// vider writes everything out. It gives back memory that one large report took.
func (t *tampon) vider() error {
	if t.err == nil && len(t.b) > 0 {
		_, t.err = t.w.Write(t.b)
	}
	t.b = t.b[:0]
	if cap(t.b) > 1<<20 {
		t.b = nil
	}
	return t.err
}
