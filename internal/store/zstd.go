package store

import (
	"github.com/klauspost/compress/zstd"
)

// compresseur keeps files small in the store: they repeat themselves, and what
// is not written need not be synced. Safe for concurrent use.
type compresseur struct {
	e *zstd.Encoder
	d *zstd.Decoder
}

// lueMax bounds what one compressed value may become.
const lueMax = 64 << 20

func nouveauCompresseur() (*compresseur, error) {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2))
	if err != nil {
		return nil, err
	}
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(lueMax))
	return &compresseur{e, d}, err
}

func (c *compresseur) comprimer(b []byte) []byte {
	return c.e.EncodeAll(b, make([]byte, 0, len(b)/6+64))
}

func (c *compresseur) lire(b []byte) ([]byte, error) { return c.d.DecodeAll(b, []byte{}) }
