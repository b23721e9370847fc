package guichet

import (
	"context"
	"errors"
	"io"
	"strings"
)

// codesSecours is how many recovery codes stand in for a lost telephone.
const codesSecours = 10

// RenouvelerCodes gives new recovery codes; the old ones end.
func (g *Guichet) RenouvelerCodes(ctx context.Context, a *Acteur, motDePasse string) ([]string, error) {
	if err := g.exigerPresent(ctx, a, motDePasse); err != nil {
		return nil, err
	}
	codes, empreintes, err := nouveauxCodes(g.m.Hasard)
	if err != nil {
		return nil, err
	}
	err = g.faire(ctx, operation{acteur: a, action: GererSecondFacteur, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		actif, err := telephone(tx, a.ID)
		if err != nil {
			return nil, "", err
		}
		if cles, err := tx.ClesAcces(a.ID); err != nil || !actif && len(cles) == 0 {
			return nil, "", errors.Join(erreur(Conflit, "Votre second facteur n’est pas en service."), err)
		}
		return nil, "renouveler les codes", tx.PoserCodesSecours(a.ID, empreintes)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// signesCode is how long a recovery code is: of 120 bits, so that a plain hash
// keeps it as safe as a password's would (OWASP ASVS 5.0, V6.5.2). Those given
// out before were of 80 bits, and still work until they are renewed.
const (
	signesCode   = 24
	signesAncien = 16
)

// nouveauxCodes makes recovery codes: XXXX-XXXX-XXXX-XXXX-XXXX-XXXX.
func nouveauxCodes(hasard io.Reader) (codes, empreintes []string, err error) {
	const signes = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // 32, none that looks like another
	for range codesSecours {
		var b [signesCode]byte
		if _, err := io.ReadFull(hasard, b[:]); err != nil {
			return nil, nil, err
		}
		var s strings.Builder
		for i, x := range b {
			if i > 0 && i%4 == 0 {
				s.WriteByte('-')
			}
			s.WriteByte(signes[x%32])
		}
		codes = append(codes, s.String())
		empreintes = append(empreintes, empreinteSecret(codeNet(s.String())))
	}
	return codes, empreintes, nil
}

// codeNet folds what a person types.
func codeNet(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(s))
}
