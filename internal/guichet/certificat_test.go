package guichet_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// A certificate is recognised when bytes and rules are those of the deposit;
// whatever else comes with a deposit is a remark, and the deposit is taken.
func TestCertificateIsRecognisedAndNeverRefuses(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		j, err := segur.JeuPour(segur.Avance, m.Guichet.Aujourdhui())
		if err != nil {
			t.Fatal(err)
		}
		var lu guichet.FichierCertifie
		m.Equiper(t, func(w *guichet.Monde) {
			w.Certificat = func(b []byte) ([]guichet.FichierCertifie, string, error) {
				if string(b) == "illisible" {
					return nil, "", errors.New("le certificat a été modifié")
				}
				return []guichet.FichierCertifie{{SHA256: strings.Repeat("0", 64), EmpreinteRegles: j.Empreinte()}, lu}, "2023-07-01", nil
			}
		})
		for _, x := range []struct {
			nom, certificat string
			changer         func(*guichet.FichierCertifie)
			reconnu         bool
			dit             string
		}{
			{"the right one", "bon", func(*guichet.FichierCertifie) {}, true, "pour le 2023-07-01"},
			{"another file", "bon", func(f *guichet.FichierCertifie) { f.SHA256 = strings.Repeat("1", 64) }, false, "d’un autre fichier"},
			{"other rules", "bon", func(f *guichet.FichierCertifie) { f.EmpreinteRegles, f.Regles = "sha256:00", "anciennes" }, false, "d’autres règles (anciennes)"},
			{"changed", "illisible", func(*guichet.FichierCertifie) {}, false, "le certificat a été modifié"},
			{"too big", strings.Repeat("x", guichet.CertificatMax+1), func(*guichet.FichierCertifie) {}, false, "dépasse 4 Mio"},
			{"none", "", func(*guichet.FichierCertifie) {}, false, ""},
		} {
			f := guichettest.DeLui("a.deposant")
			contenu := guichettest.FichierAvance(f, m.Numeros(1)...)
			somme := sha256.Sum256(contenu)
			lu = guichet.FichierCertifie{SHA256: hex.EncodeToString(somme[:]), EmpreinteRegles: j.Empreinte(), Regles: "celles du jour"}
			x.changer(&lu)
			v, err := m.Guichet.Deposer(t.Context(), m.Acteur("a.deposant"), guichet.NouveauDepot{Type: segur.Avance, NumeroAns: f.Ans, NomFichier: m.NomFichier(f), Contenu: contenu, Certificat: []byte(x.certificat)}, guichet.Appel{})
			if err != nil || len(v.Demandes) != 1 {
				t.Fatalf("%s: the deposit is refused: %v", x.nom, err)
			}
			garde, err := m.Guichet.Depot(t.Context(), m.Acteur("a.lecteur"), v.Depot.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []*guichet.CertificatDepot{v.Depot.Certificat, garde.Depot.Certificat} {
				if (c == nil) != (x.dit == "") || c != nil && (c.Reconnu != x.reconnu || !strings.Contains(c.Message, x.dit)) {
					t.Errorf("%s: %+v", x.nom, c)
				}
			}
		}
		// Without a reader nothing is said of what nobody looked at.
		m.Equiper(t, func(w *guichet.Monde) { w.Certificat = nil })
		f := guichettest.DeLui("a.deposant")
		v, err := m.Guichet.Deposer(t.Context(), m.Acteur("a.deposant"), guichet.NouveauDepot{Type: segur.Avance, NumeroAns: f.Ans, NomFichier: m.NomFichier(f), Contenu: guichettest.FichierAvance(f, m.Numeros(1)...), Certificat: bytes.Repeat([]byte("x"), 10)}, guichet.Appel{})
		if err != nil || v.Depot.Certificat != nil {
			t.Errorf("%v, %+v", err, v)
		}
	})
}
