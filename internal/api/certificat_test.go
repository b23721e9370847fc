package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// The certificate of a control made before is a field of the deposit: the
// answer says what became of it, and nothing is refused for its sake.
func TestScenesCertificat(t *testing.T) {
	t.Parallel()
	a := guichettest.Fournisseurs()[0]
	bon := string(guichettest.FichierAvance(a, "00001"))
	somme := sha256.Sum256([]byte(bon))
	p := nouveauPortail(t, func(w *guichet.Monde) {
		w.Certificat = func(b []byte) ([]guichet.FichierCertifie, string, error) {
			if string(b) != "certificat" {
				return nil, "", errors.New("ce n’est pas un certificat")
			}
			j, err := segur.JeuPour(segur.Avance, segur.JourDe(guichettest.Debut))
			return []guichet.FichierCertifie{{SHA256: hex.EncodeToString(somme[:]), EmpreinteRegles: j.Empreinte()}}, "2023-07-03", err
		}
	})
	avec := func(nom, contenu, certificat string, plus map[string]string) appel {
		corps, genre := formulaire(nom, [2]string{"certificat", certificat}, [2]string{"fichier", contenu}, [2]string{"type", "avance"}, [2]string{"numeroAns", a.Ans})
		x := appel{"a.deposant", "POST", "/depots", corps, map[string]string{"Content-Type": genre}}
		for k, v := range plus {
			x.entetes[k] = v
		}
		return x
	}
	cle := map[string]string{"Idempotency-Key": "un"}
	autre := func(n string) string { return string(guichettest.FichierAvance(a, n)) }
	un, deux, trois, quatre := p.NomFichier(a), p.NomFichier(a), p.NomFichier(a), p.NomFichier(a)
	const (
		garde    = "demande depot depot_fichier numero_brule sequence"
		certifie = "demande depot depot_certificat depot_fichier numero_brule sequence"
	)
	fait := []string{"a.deposant deposer {d} fait"}
	id := map[string]string{"d": "id"}
	jouer(t, p, []scene{
		{nom: "recognised", appel: avec(un, bon, "certificat", cle), statut: 201, present: []string{`"certificat":{"reconnu":true,"message":"Certificat reconnu`}, garder: id, journal: fait, change: "cle " + certifie},
		{nom: "and kept", appel: appel{"a.lecteur", "GET", "/depots/{d}", "", nil}, statut: 200, present: []string{`"reconnu":true`}},
		{nom: "another certificate is another body", appel: avec(un, bon, "autre", cle), statut: 409},
	})
	jouer(t, p, []scene{{nom: "of another file", appel: avec(deux, autre("00002"), "certificat", nil), statut: 201, present: []string{`"reconnu":false`, "autre fichier"}, garder: id, journal: fait, change: certifie}})
	jouer(t, p, []scene{{nom: "over its limit", appel: avec(trois, autre("00003"), strings.Repeat("x", guichet.CertificatMax+100), nil), statut: 201, present: []string{`"reconnu":false`, "4 Mio"}, garder: id, journal: fait, change: certifie}})
	jouer(t, p, []scene{{nom: "none", appel: depot("a.deposant", quatre, autre("00004"), "avance", a.Ans, nil), statut: 201, present: []string{`"certificat":null`}, garder: id, journal: fait, change: garde}})
}
