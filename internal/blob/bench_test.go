package blob_test

import (
	"bytes"
	"testing"

	"guichet.example/internal/blob"
)

// BenchmarkDossier writes 500 kB, the size of a scan.
func BenchmarkDossier(b *testing.B) {
	m, err := blob.OuvrirDossier(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	c := bytes.Repeat([]byte("0123456789abcdef"), 500_000/16)
	b.SetBytes(int64(len(c)))
	for i := 0; b.Loop(); i++ {
		copy(c, []byte{byte(i), byte(i >> 8), byte(i >> 16)})
		if _, err := m.Ecrire(b.Context(), bytes.NewReader(c)); err != nil {
			b.Fatal(err)
		}
	}
}
