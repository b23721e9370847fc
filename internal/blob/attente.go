package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// prefixeAttente begins the names of files that are being received.
const prefixeAttente = "recu-"

// attente is a folder where files wait for their name.
type attente string

// recevoir writes r to a file of its own and hashes it on the way. The file went
// through confier, is closed and still there; the caller moves or removes it.
// After an error it is gone.
func (a attente) recevoir(ctx context.Context, r io.Reader, confier func(*os.File) error) (chemin string, e Ecrit, err error) {
	f, err := os.CreateTemp(string(a), prefixeAttente+"*")
	if err != nil {
		return "", Ecrit{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), &interruptible{ctx, r})
	if err == nil {
		err = confier(f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", Ecrit{}, err
	}
	return f.Name(), Ecrit{hex.EncodeToString(h.Sum(nil)), n}, nil
}

// menage removes what was left by processes that died while they received.
func (a attente) menage(ctx context.Context, avant time.Time) (n int, err error) {
	l, err := os.ReadDir(string(a))
	if err != nil {
		return 0, err
	}
	for _, d := range l {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		if !strings.HasPrefix(d.Name(), prefixeAttente) || !d.Type().IsRegular() {
			continue
		}
		i, err := d.Info()
		if errors.Is(err, os.ErrNotExist) || err == nil && !i.ModTime().Before(avant) {
			continue // received meanwhile, or being received
		}
		if err != nil {
			return n, err
		}
		if err := os.Remove(filepath.Join(string(a), d.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return n, err
		}
		n++
	}
	return n, nil
}

// interruptible stops reading when the context ends.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (x *interruptible) Read(p []byte) (int, error) {
	if err := x.ctx.Err(); err != nil {
		return 0, err
	}
	return x.r.Read(p)
}
