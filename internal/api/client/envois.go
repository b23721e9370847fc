package client

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Contenu is a body that can be read more than once: after a cut line it is
// sent again.
type Contenu struct {
	Ouvrir func() (io.ReadCloser, error)
	Taille int64 // -1 = unknown
	// Cle names the bytes, by their hash: a later run that sends the same
	// archive goes on where this one was cut. "" = it begins again.
	Cle string
}

const (
	// seuilTranches is the size from which an archive goes in slices.
	seuilTranches = 4 << 20
	// trancheClient bounds one call: a slow line ends it within the patience of
	// what stands in between.
	trancheClient = 16 << 20
)

// EnvoyerZip sends an archive of a deposit's documents, and returns what the
// deposit has then. A big one goes in slices: a cut line costs what was on its
// way, in this run and, with its Cle, in the next. A portal that takes no
// slices gets it in one go.
func (c *Client) EnvoyerZip(ctx context.Context, id string, z Contenu) (*Couverture, error) {
	if z.Taille >= seuilTranches {
		e, err := c.annoncer(ctx, id, z)
		if err == nil {
			return c.envoyerTranches(ctx, e, z)
		}
		var p *Probleme
		if !errors.As(err, &p) || p.Statut != http.StatusNotFound && p.Statut != http.StatusMethodNotAllowed {
			return nil, err
		}
	}
	return c.envoyer(ctx, appel{methode: "PUT", chemin: []string{"depots", id, "pieces"}, corps: z.Ouvrir, taille: z.Taille,
		entetes: map[string]string{"Content-Type": "application/zip"}})
}

// envoi is an archive under way, as the portal tells of it.
type envoi struct {
	ID   string `json:"id"`
	Recu int64  `json:"recu"`
}

// annoncer begins an archive, or finds the one that an earlier run began.
func (c *Client) annoncer(ctx context.Context, id string, z Contenu) (*envoi, error) {
	entetes := map[string]string{"Upload-Length": strconv.FormatInt(z.Taille, 10)}
	if z.Cle != "" {
		entetes["Upload-Metadata"] = "cle " + base64.StdEncoding.EncodeToString([]byte(z.Cle))
	}
	return c.lireEnvoi(ctx, appel{methode: "POST", chemin: []string{"depots", id, "envois"}, entetes: entetes})
}

func (c *Client) lireEnvoi(ctx context.Context, a appel) (*envoi, error) {
	b, err := c.faire(ctx, a, reponseMax)
	if err != nil {
		return nil, err
	}
	e := &envoi{}
	if err := c.lireReponse(b, e); err != nil {
		return nil, err
	}
	if e.ID == "" || e.Recu < 0 {
		return nil, &ErreurReponse{Hote: c.base.Host, Cause: errors.New("un envoi sans numéro")}
	}
	return e, nil
}

// envoyerTranches sends what the portal lacks, and takes up the thread after
// each cut. Tries are counted from the last progress.
func (c *Client) envoyerTranches(ctx context.Context, e *envoi, z Contenu) (*Couverture, error) {
	for essai := 1; e.Recu < z.Taille; essai++ {
		attente, err := c.suivreTranches(ctx, e, z)
		if err == nil {
			break
		}
		if attente < 0 {
			return nil, err
		}
		avant := e.Recu
		if la, errEtat := c.lireEnvoi(ctx, appel{methode: "GET", chemin: []string{"envois", e.ID}}); errEtat == nil {
			e.Recu = la.Recu
		} else {
			return nil, errEtat
		}
		if e.Recu > avant {
			essai = 0
		}
		if essai >= c.option.Essais {
			return nil, err
		}
		if err := c.option.Attendre(ctx, attenteEssai(attente, max(essai, 1))); err != nil {
			return nil, err
		}
	}
	return c.envoyer(ctx, appel{methode: "POST", chemin: []string{"envois", e.ID, "fin"}})
}

// suivreTranches reads the archive once from where the portal stands, and sends
// it call by call until its end or the first failure.
func (c *Client) suivreTranches(ctx context.Context, e *envoi, z Contenu) (attente time.Duration, err error) {
	r, err := z.Ouvrir()
	if err != nil {
		return -1, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if _, err := io.CopyN(io.Discard, r, e.Recu); err != nil {
		return -1, err
	}
	for e.Recu < z.Taille {
		n := min(trancheClient, z.Taille-e.Recu)
		t := &tranche{r: io.LimitReader(r, n)}
		_, attente, err := c.essayer(ctx, appel{methode: "PATCH", chemin: []string{"envois", e.ID}, taille: n,
			corps:   func() (io.ReadCloser, error) { return t, nil },
			entetes: map[string]string{"Content-Type": "application/offset+octet-stream", "Upload-Offset": strconv.FormatInt(e.Recu, 10)}}, reponseMax)
		// The transport may still read: nothing is read from here on.
		if errFin := t.Close(); err == nil {
			err = errFin
		}
		var p *Probleme
		if errors.As(err, &p) && p.Statut == http.StatusConflict {
			attente = 0 // the answer to an earlier call was lost: the portal tells where it stands
		}
		if err != nil {
			return attente, err
		}
		e.Recu += n
	}
	return 0, nil
}

// tranche is a part of an archive as a body: once closed it reads no more.
type tranche struct {
	mu    sync.Mutex
	r     io.Reader
	ferme bool
}

func (t *tranche) Read(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ferme {
		return 0, io.ErrClosedPipe
	}
	return t.r.Read(b)
}

func (t *tranche) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ferme = true
	return nil
}
