// Command parcours-go contrôle un fichier, le dépose, envoie ses zips de pièces et montre où en sont ses demandes.
//
//	GUICHET=https://… JETON=… NUMERO_ANS=… go run . JSON-….json pieces-1.zip …
//
// Rien d'autre que la bibliothèque standard. Fin : 0 tout est complet, 1 quelque chose est refusé ou manque.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// constat est une faute, dans un rapport comme parmi les pièces refusées.
type constat struct {
	Code       json.RawMessage `json:"code"`
	Message    string          `json:"message"`
	NomFichier string          `json:"nomFichier"`
}

type rapport struct {
	Verdict   string    `json:"verdict"`
	Structure []constat `json:"structure"`
	Demandes  []struct {
		Constats []constat `json:"constats"`
	} `json:"demandes"`
}

type demande struct {
	NumeroEditeur  string  `json:"numeroEditeur"`
	NumeroASP      string  `json:"numeroASP"`
	Statut         string  `json:"statut"`
	ProchainActeur *string `json:"prochainActeur"`
	Montants       struct {
		Avance string `json:"avance"`
	} `json:"montants"`
}

type depot struct {
	ID       string    `json:"id"`
	Rapport  rapport   `json:"rapport"`
	Demandes []demande `json:"demandes"`
}

type couverture struct {
	Recues     []json.RawMessage `json:"recues"`
	Manquantes []json.RawMessage `json:"manquantes"`
	Refusees   []constat         `json:"refusees"`
}

// probleme est ce que dit un refus (RFC 9457).
type probleme struct {
	Status   int       `json:"status"`
	Title    string    `json:"title"`
	Detail   string    `json:"detail"`
	Rapport  rapport   `json:"rapport"`
	Refusees []constat `json:"refusees"`
}

func (p *probleme) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Refusé (%d) : %s. %s", p.Status, p.Title, p.Detail)
	for _, c := range append(p.Rapport.Structure, p.Refusees...) {
		fmt.Fprintf(&b, "\n  %s %s", code(c), c.Message)
	}
	return b.String()
}

func code(c constat) string { return strings.Trim(string(c.Code), `"`) }

// appeler rend les octets de la réponse ; il attend et recommence quand le portail le demande.
func appeler(methode, chemin string, corps io.ReadSeeker, taille int64, entetes map[string]string) ([]byte, error) {
	for essai := 0; ; essai++ {
		if corps != nil {
			if _, err := corps.Seek(0, io.SeekStart); err != nil {
				return nil, err
			}
		}
		var lu io.Reader
		if corps != nil {
			lu = io.NopCloser(corps)
		}
		r, err := http.NewRequest(methode, os.Getenv("GUICHET")+"/api/v1"+chemin, lu)
		if err != nil {
			return nil, err
		}
		r.ContentLength = taille
		for nom, valeur := range entetes {
			r.Header.Set(nom, valeur)
		}
		reponse, err := http.DefaultClient.Do(r)
		if err != nil {
			return nil, err
		}
		octets, err := io.ReadAll(reponse.Body)
		reponse.Body.Close()
		if err != nil {
			return nil, err
		}
		if reponse.StatusCode < 300 {
			return octets, nil
		}
		if s := reponse.StatusCode; (s == 429 || s == 503) && essai < 3 {
			secondes, _ := strconv.Atoi(reponse.Header.Get("Retry-After"))
			time.Sleep(time.Duration(max(secondes, 1)) * time.Second)
			continue
		}
		p := &probleme{}
		if err := json.Unmarshal(octets, p); err != nil {
			return nil, fmt.Errorf("réponse %d illisible : %w", reponse.StatusCode, err)
		}
		return nil, p
	}
}

func lire(v any, octets []byte, err error) error {
	if err != nil {
		return err
	}
	return json.Unmarshal(octets, v)
}

// avecJeton sont les entêtes d’un appel ; entetes va par paires.
func avecJeton(entetes ...string) map[string]string {
	m := map[string]string{"Authorization": "Bearer " + os.Getenv("JETON")}
	for i := 0; i+1 < len(entetes); i += 2 {
		m[entetes[i]] = entetes[i+1]
	}
	return m
}

func parcourir(fichier string, zips []string) (complet bool, err error) {
	octets, err := os.ReadFile(fichier)
	if err != nil {
		return false, err
	}
	nom := filepath.Base(fichier)

	// 1. Contrôler : sans compte, sans rien déposer.
	var r rapport
	q := url.Values{"type": {"avance"}, "nom": {nom}}
	rep, err := appeler("POST", "/controles?"+q.Encode(), bytes.NewReader(octets), int64(len(octets)), nil)
	if err := lire(&r, rep, err); err != nil {
		return false, err
	}
	fmt.Println("Contrôle :", r.Verdict)
	fautes := r.Structure
	for _, d := range r.Demandes {
		fautes = append(fautes, d.Constats...)
	}
	for _, c := range fautes {
		fmt.Printf("  %s %s\n", code(c), c.Message)
	}

	// 2. Déposer. La clé rend l’appel répétable : le même fichier n’est jamais déposé deux fois.
	var corps bytes.Buffer
	w := multipart.NewWriter(&corps)
	somme := sha256.Sum256(append([]byte(nom), octets...))
	if err := w.SetBoundary(fmt.Sprintf("%x", somme[:16])); err != nil { // le même corps à chaque fois
		return false, err
	}
	_ = w.WriteField("type", "avance") // rien n’échoue en mémoire
	_ = w.WriteField("numeroAns", os.Getenv("NUMERO_ANS"))
	f, _ := w.CreateFormFile("fichier", nom)
	_, _ = f.Write(octets)
	_ = w.Close()
	var dep depot
	rep, err = appeler("POST", "/depots", bytes.NewReader(corps.Bytes()), int64(corps.Len()),
		avecJeton("Content-Type", w.FormDataContentType(), "Idempotency-Key", fmt.Sprintf("%x", somme)))
	if err := lire(&dep, rep, err); err != nil {
		return false, err
	}
	fmt.Println("Dépôt :", dep.ID)
	for _, d := range dep.Demandes {
		fmt.Printf("  %s → %s\n", d.NumeroEditeur, d.NumeroASP)
	}

	// 3. Garder le fichier retour, octet pour octet.
	retour, err := appeler("GET", "/depots/"+dep.ID+"/retour", nil, 0, avecJeton())
	if err != nil {
		return false, err
	}
	if err := os.WriteFile(strings.TrimSuffix(fichier, ".json")+".retour.json", retour, 0o600); err != nil {
		return false, err
	}

	// 4. Envoyer les pièces.
	for _, z := range zips {
		if err := envoyer(dep.ID, z); err != nil {
			return false, err
		}
	}

	// 5. Voir où en est chaque demande.
	complet = len(dep.Demandes) == len(dep.Rapport.Demandes)
	for _, d := range dep.Demandes {
		rep, err := appeler("GET", "/demandes/"+d.NumeroASP, nil, 0, avecJeton())
		if err := lire(&d, rep, err); err != nil {
			return false, err
		}
		acteur := "personne"
		if d.ProchainActeur != nil {
			acteur = *d.ProchainActeur
		}
		fmt.Printf("%s : %s, à %s d’agir, avance de %s €\n", d.NumeroASP, d.Statut, acteur, d.Montants.Avance)
		complet = complet && d.Statut != "incomplete"
	}
	return complet, nil
}

// envoyer verse un zip, lu à mesure : 200 Mo ne tiennent jamais en mémoire.
func envoyer(depot, chemin string) error {
	f, err := os.Open(chemin)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var c couverture
	rep, err := appeler("PUT", "/depots/"+depot+"/pieces", f, info.Size(), avecJeton("Content-Type", "application/zip"))
	if err := lire(&c, rep, err); err != nil {
		return err
	}
	fmt.Printf("%s : %d pièces reçues, %d manquantes\n", filepath.Base(chemin), len(c.Recues), len(c.Manquantes))
	for _, r := range c.Refusees {
		fmt.Printf("  %s : %s %s\n", r.NomFichier, code(r), r.Message)
	}
	return nil
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage : parcours-go JSON-….json [pieces.zip…]")
		os.Exit(2)
	}
	complet, err := parcourir(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if !complet {
		os.Exit(1)
	}
}
