package certificat

import (
	"bytes"
	"testing"
)

// A certificate that is read can be written and read again as the same.
func FuzzLire(f *testing.F) {
	for _, s := range []string{"", "{}", "[]", `{"fichiers":[]}`, `{"jour":"2023-07-01","fichiers":[{"sha256":"x"}]}`, "\xef\xbb\xbf{}", `{"a":1,"a":2}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Lire(b)
		if err != nil {
			return
		}
		un, err := c.JSON()
		if err != nil {
			t.Fatal(err)
		}
		d, err := Lire(un)
		if err != nil {
			t.Fatalf("%v\n%s", err, un)
		}
		if deux, err := d.JSON(); err != nil || !bytes.Equal(un, deux) {
			t.Errorf("%v\n%s\n%s", err, un, deux)
		}
	})
}
