package web_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// The page of a deposit says what became of the certificate that came with it;
// a form without one says nothing of it.
func TestDepositPageSpeaksOfTheCertificate(t *testing.T) {
	t.Parallel()
	p := nouveau(t, func(w *guichet.Monde) {
		w.Certificat = func([]byte) ([]guichet.FichierCertifie, string, error) {
			return nil, "", errors.New("le <certificat> a été modifié")
		}
	})
	a := guichettest.Fournisseurs()[0]
	n := p.entrer("a.deposant")
	verifier(t, "form", n.lire("/depots/nouveau").doit(t, http.StatusOK, "Certificat de contrôle (facultatif)"))
	deposer := func(certificat string) *reponse {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, c := range [][2]string{{"type", "avance"}, {"numeroAns", a.Ans}} {
			if err := w.WriteField(c[0], c[1]); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range [][3]string{{"fichier", p.NomFichier(a), string(guichettest.FichierAvance(a, p.Numeros(1)...))}, {"certificat", "c.json", certificat}} {
			x, err := w.CreateFormFile(f[0], f[1])
			if err == nil {
				_, err = x.Write([]byte(f[2]))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r := n.requete("POST", "/depots", &b)
		r.Header.Set("Content-Type", w.FormDataContentType())
		return n.lire(n.appeler(r).vers(t, "/depots/"))
	}
	verifier(t, "deposit", deposer("{}").doit(t, http.StatusOK, "le &lt;certificat&gt; a été modifié. Le dépôt n’en dépend pas."))
	if r := deposer(""); bytes.Contains([]byte(r.corps), []byte("ertificat joint")) {
		t.Error("an empty field is taken for a certificate")
	}
}
