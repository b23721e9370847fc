package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"time"
)

// serveurPortail is a running portal of the demonstration.
type serveurPortail struct {
	cmd                        *exec.Cmd
	adresse, ans, siret, jeton string
	dernier                    string // the last deposit of one client alone
}

func demarrerPortail(programme, dossier string) (*serveurPortail, error) {
	c := exec.Command(programme, "demo", "--dossier", dossier, "--port", "0", "--sortie", "json")
	c.Stderr = os.Stderr
	sortie, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	var l struct {
		Adresse      string
		Fournisseurs []struct{ NumeroAns, Siret, Jeton string }
	}
	if err := json.NewDecoder(bufio.NewReader(sortie)).Decode(&l); err != nil || len(l.Fournisseurs) == 0 {
		return nil, errors.Join(fmt.Errorf("the portal did not start: %w", err), c.Process.Kill())
	}
	f := l.Fournisseurs[0]
	return &serveurPortail{cmd: c, adresse: l.Adresse, ans: f.NumeroAns, siret: f.Siret, jeton: f.Jeton}, nil
}

func (p *serveurPortail) arreter() {
	if err := errors.Join(p.cmd.Process.Signal(os.Interrupt), p.cmd.Wait()); err != nil {
		fmt.Fprintln(os.Stderr, "portal:", err)
	}
}

// deposer sends the files by n clients.
func (p *serveurPortail) deposer(fs []fichier, n int) (mesure, error) {
	type envoi struct {
		genre string
		corps []byte
	}
	envois := make([]envoi, len(fs))
	for i, f := range fs {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		partie, err := w.CreateFormFile("fichier", f.nom)
		if err == nil {
			_, err = partie.Write(f.contenu)
		}
		if err = errors.Join(err, w.WriteField("type", "avance"), w.WriteField("numeroAns", p.ans), w.Close()); err != nil {
			return mesure{}, err
		}
		envois[i] = envoi{w.FormDataContentType(), b.Bytes()}
	}
	return paralleles(len(fs), n, func(i int) error {
		b, err := p.appeler("POST", "/api/v1/depots", envois[i].genre, bytes.NewReader(envois[i].corps), http.StatusCreated)
		if err == nil && bytes.Count(b, []byte(`"statut":"incomplete"`)) != parFichier {
			err = fmt.Errorf("file %d: not all requests are accepted", i)
		}
		if n == 1 {
			var d struct{ ID string }
			err = errors.Join(err, json.Unmarshal(b, &d))
			p.dernier = d.ID
		}
		return err
	})
}

func (p *serveurPortail) appeler(methode, chemin, genre string, corps io.Reader, attendu int) ([]byte, error) {
	q, err := http.NewRequest(methode, p.adresse+chemin, corps)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", genre)
	q.Header.Set("Authorization", "Bearer "+p.jeton)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err == nil && r.StatusCode != attendu {
		err = fmt.Errorf("%s %s: %s: %.300s", methode, chemin, r.Status, b)
	}
	return b, err
}

// paralleles calls f for each of n things by a number of clients, and keeps how
// long each took.
func paralleles(n, clients int, f func(i int) error) (mesure, error) {
	m := mesure{fichiers: n, latences: make([]time.Duration, n)}
	suivants := make(chan int)
	var mu sync.Mutex
	var erreur error
	var groupe sync.WaitGroup
	depart := time.Now()
	for range clients {
		groupe.Go(func() {
			for i := range suivants {
				t := time.Now()
				err := f(i)
				m.latences[i] = time.Since(t)
				if err != nil {
					mu.Lock()
					erreur = errors.Join(erreur, err)
					mu.Unlock()
				}
			}
		})
	}
	for i := range n {
		suivants <- i
	}
	close(suivants)
	groupe.Wait()
	m.duree = time.Since(depart)
	return m, erreur
}
