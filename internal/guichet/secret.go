package guichet

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// CoutMotDePasse is what one try of a password costs whoever makes it. The zero
// value is what OWASP recommends for argon2id, 19 MiB and two passes; tests
// that sign in a hundred times ask for less.
type CoutMotDePasse struct{ Memoire, Passes uint32 } // Memoire in KiB

const argonCle = 32

// ordinaire puts the recommended cost where none is asked for.
func (k CoutMotDePasse) ordinaire() CoutMotDePasse {
	if k == (CoutMotDePasse{}) {
		return CoutMotDePasse{Memoire: 19 << 10, Passes: 2}
	}
	return k
}

// hacher hashes a password for storage; the result carries its salt and cost,
// so that the cost may grow later.
func (k CoutMotDePasse) hacher(hasard io.Reader, motDePasse string) (string, error) {
	sel := make([]byte, 16)
	if _, err := io.ReadFull(hasard, sel); err != nil {
		return "", fmt.Errorf("randomness: %w", err)
	}
	cle := argon2.IDKey([]byte(motDePasse), sel, k.Passes, k.Memoire, 1, argonCle)
	e := base64.RawStdEncoding
	return fmt.Sprintf("argon2id$%d$%d$%s$%s", k.Memoire, k.Passes, e.EncodeToString(sel), e.EncodeToString(cle)), nil
}

// verifier compares a password with its hash, in the same time whether the hash
// is there or not.
func (k CoutMotDePasse) verifier(empreinte, motDePasse string) bool {
	p := strings.Split(empreinte, "$")
	bonne := len(p) == 5 && p[0] == "argon2id"
	memoire, passes, sel, cle := uint64(k.Memoire), uint64(k.Passes), make([]byte, 16), make([]byte, argonCle)
	if bonne {
		var errs [4]error
		memoire, errs[0] = strconv.ParseUint(p[1], 10, 20)
		passes, errs[1] = strconv.ParseUint(p[2], 10, 8)
		sel, errs[2] = base64.RawStdEncoding.DecodeString(p[3])
		cle, errs[3] = base64.RawStdEncoding.DecodeString(p[4])
		for _, err := range errs {
			bonne = bonne && err == nil
		}
		if !bonne || passes == 0 || len(cle) == 0 {
			return false
		}
	}
	calcul := argon2.IDKey([]byte(motDePasse), sel, uint32(passes), uint32(memoire), 1, uint32(len(cle)))
	return subtle.ConstantTimeCompare(calcul, cle) == 1 && bonne
}

// nouveauSecret is 256 bits of chance for a token or a session, with the hash
// under which it is kept. prefixe tells people and scanners what it is.
func nouveauSecret(hasard io.Reader, prefixe string) (secret, empreinte string, err error) {
	var b [32]byte
	if _, err := io.ReadFull(hasard, b[:]); err != nil {
		return "", "", fmt.Errorf("randomness: %w", err)
	}
	secret = prefixe + base64.RawURLEncoding.EncodeToString(b[:])
	return secret, empreinteSecret(secret), nil
}

// empreinteSecret hashes a secret that has enough chance in it to need no salt.
func empreinteSecret(secret string) string {
	somme := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(somme[:])
}
