package guichet

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// graceSecret is how long the secret before the last still signs.
const graceSecret = 24 * time.Hour

// SignerAppel computes the signature of a delivery, as its receiver does.
func SignerAppel(secret string, quand time.Time, corps []byte) string {
	t := strconv.FormatInt(quand.Unix(), 10)
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(t + "."))
	h.Write(corps)
	return "t=" + t + ",v1=" + hex.EncodeToString(h.Sum(nil))
}

func lieuWebhook(f FournisseurID, adresse string) string {
	return fmt.Sprintf("webhook:%d:%s", f, adresse)
}

// RenouvelerAbonnement gives a webhook another secret, returned once. Calls are
// signed with both for a day, so that its receiver changes in its own time.
func (g *Guichet) RenouvelerAbonnement(ctx context.Context, a *Acteur, id AbonnementID) (secret string, err error) {
	err = g.changerAbonnement(ctx, a, id, "nouveau secret", func(tx Tx, b *Abonnement) error {
		if !b.Actif {
			return erreur(Conflit, "Ce webhook est arrêté.")
		}
		anciens, err := g.secretsDe(b)
		if err != nil {
			return err
		}
		if secret, _, err = nouveauSecret(g.m.Hasard, prefixeWebhook); err != nil {
			return err
		}
		fin := strconv.FormatInt(g.m.Horloge().Add(graceSecret).Unix(), 10)
		if b.Scelle, err = g.sceller(secret+" "+anciens[0]+" "+fin, lieuWebhook(b.FournisseurID, b.URL)); err != nil {
			return err
		}
		return tx.PoserAbonnement(b)
	})
	return secret, err
}

// secretsDe opens what is sealed with a webhook: its secret, and the one before
// while that still signs.
func (g *Guichet) secretsDe(b *Abonnement) ([]string, error) {
	if g.m.Appelant == nil {
		return nil, errCoffre()
	}
	clair, err := g.ouvrirScelle(b.Scelle, lieuWebhook(b.FournisseurID, b.URL))
	if err != nil {
		return nil, err
	}
	mots := strings.Fields(clair)
	if len(mots) == 3 {
		if fin, err := strconv.ParseInt(mots[2], 10, 64); err == nil && g.m.Horloge().Unix() < fin {
			return mots[:2], nil
		}
	}
	if len(mots) == 0 {
		return nil, errors.New("a webhook without a secret")
	}
	return mots[:1], nil
}

func signatures(secrets []string, quand time.Time, corps []byte) string {
	s := SignerAppel(secrets[0], quand, corps)
	for _, ancien := range secrets[1:] {
		_, v1, _ := strings.Cut(SignerAppel(ancien, quand, corps), ",")
		s += "," + v1
	}
	return s
}
