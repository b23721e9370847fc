package solde

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/importer"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/suivi"
	"guichet.example/segur"
)

func jeuDe(t *testing.T, genre segur.TypeDemande) *segur.Jeu {
	t.Helper()
	j, err := segur.JeuPour(genre, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// ledger holds three accepted advances, learnt from their returned file; the
// first is paid, the second is in instruction, of the third nothing is known.
func ledger(t *testing.T) *registre.Registre {
	t.Helper()
	dossier := t.TempDir()
	r, err := registre.Ouvrir(dossier, registre.Options{Maintenant: func() time.Time { return time.Unix(0, 0).UTC() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Fermer(); err != nil {
			t.Error(err)
		}
	})
	jeu := jeuDe(t, segur.Avance)
	rapport := jeu.Controler(jeu.Exemple(3), segur.JourExemple, segur.Options{})
	retour := filepath.Join(dossier, "retour.json")
	if err := os.WriteFile(retour, rapport.Retour(segur.Numeros{ImpID: "I", NumeroASP: func(rang int) string { return []string{"ASP-A", "ASP-B", "ASP-C"}[rang-1] }}), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := importer.Fichier(r, retour); err != nil || b.Demandes != 3 || b.Nouveaux != 3 {
		t.Fatalf("%+v, %v", b, err)
	}
	var ss []registre.StatutPortail
	for i, statut := range []string{"payee", "en_instruction"} {
		d := r.Demandes()[i]
		ss = append(ss, registre.StatutPortail{NumeroASP: d.NumeroASP, NumeroEditeur: d.NumeroEditeur, Type: segur.Avance, Statut: statut, Montants: d.Montants})
	}
	if _, err := r.NoterStatuts("p", ss); err != nil {
		t.Fatal(err)
	}
	return r
}

func lire(t *testing.T, texte string) *atelier.Lecture {
	t.Helper()
	chemin := filepath.Join(t.TempDir(), "soldes.csv")
	if err := os.WriteFile(chemin, []byte(texte), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := atelier.LireListe(chemin, atelier.OptionsListe{Jeu: jeuDe(t, segur.Solde)})
	if err != nil || len(l.Questions) > 0 {
		t.Fatalf("%v, %+v", err, l.Questions)
	}
	return l
}

// remplir fills the invoice into the rows of a model, as a person does.
func remplir(t *testing.T, modele []byte) string {
	t.Helper()
	lignes := strings.Split(strings.TrimSuffix(string(modele), "\r\n"), "\r\n")
	titres := strings.Split(strings.TrimPrefix(lignes[0], "\ufeff"), ";")
	valeurs := map[string]string{"commande.numeroFacture": "F-1", "commande.dateFacture": "15/06/2023", "commande.montantFactureHT": "708,33", "commande.dateVA": "20/06/2023",
		"scan FACTURE": "facture.png", "scan VERIFICATION_APTITUDE": "va.png"}
	for i := range lignes[1:] {
		c := strings.Split(lignes[i+1], ";")
		for k, titre := range titres {
			if v := valeurs[titre]; v != "" {
				c[k] = v
			}
		}
		lignes[i+1] = strings.Join(c, ";")
	}
	return strings.Join(lignes, "\r\n") + "\r\n"
}

// TestBalanceFileIsBuiltFromTheLedger: the clerk fills in the invoice, all else
// comes from the ledger; the file passes the control of balances.
func TestBalanceFileIsBuiltFromTheLedger(t *testing.T) {
	r := ledger(t)
	jeu := jeuDe(t, segur.Solde)
	modele, n, err := Modele(r, jeu, suivi.Soldables(r, segur.JourExemple, segur.Jour{}))
	if err != nil || n != 2 {
		t.Fatalf("%d rows, %v\n%s", n, err, modele)
	}
	l := lire(t, remplir(t, modele))
	es := Reunir(l, jeu, suivi.Soldables(r, segur.JourExemple, segur.Jour{}))
	if len(es) != 1 || es[0].Constat().Rangee != 3 || !strings.Contains(es[0].Constat().Message, "On ne sait pas si l’avance ASP-C est payée") {
		t.Fatalf("%+v", es)
	}
	dossier := t.TempDir()
	for i, nom := range []string{"facture.png", "va.png"} {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4+i))); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dossier, nom), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cs := Garder(l.Commandes, es)
	l.Commandes = cs
	scans, err := atelier.OuvrirScans(dossier)
	if err != nil {
		t.Fatal(err)
	}
	if err := scans.Apparier(jeu, l, nil); err != nil {
		t.Fatal(err)
	}
	e, err := Entete(l, nil, suivi.Soldables(r, segur.JourExemple, segur.Jour{}))
	if err != nil || e.NumeroAns != "9999999999" {
		t.Fatal(e, err)
	}
	cadre := &atelier.Cadre{Jeu: jeu, Jour: segur.JourExemple, Entete: e}
	if ks, err := atelier.ControlerPieces(t.Context(), cadre, cs, nil); err != nil || atelier.Refuse(ks) {
		t.Fatal(ks, err)
	}
	plan, err := atelier.Planifier(cadre, cs, r)
	if err != nil {
		t.Fatal(err)
	}
	res, err := plan.Ecrire(t.Context(), filepath.Join(t.TempDir(), "soldes"), r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(res.Dossier, segur.NomExemple(1)))
	if err != nil {
		t.Fatal(err)
	}
	rapport := jeu.Controler(b, segur.JourExemple, segur.Options{})
	if rapport.Verdict() != segur.Accepte || !bytes.Contains(b, []byte(`"numeroASP": "ASP-A"`)) || !bytes.Contains(b, []byte(`"PHA-LGO-Va1-FAC-00001.png"`)) {
		t.Errorf("%s\n%s", rapport.Verdict(), b)
	}
	q, ok := r.Demande(segur.Solde, "00001")
	if !ok || q.NumeroAvance != "ASP-A" || q.Montants.Solde != 59500 {
		t.Errorf("%+v", q)
	}
	// Twice is once: the balance is prepared, it cannot be claimed again.
	if es := Reunir(lire(t, remplir(t, modele)), jeu, suivi.Soldables(r, segur.JourExemple, segur.Jour{})); len(es) != 2 {
		t.Errorf("%+v", es)
	}
}

func TestUnclaimableRowsSayWhy(t *testing.T) {
	r := ledger(t)
	jeu := jeuDe(t, segur.Solde)
	ss := suivi.Soldables(r, segur.JourExemple, segur.Jour{})
	modele, _, err := Modele(r, jeu, ss)
	if err != nil {
		t.Fatal(err)
	}
	plein := remplir(t, modele)
	for change, dit := range map[[2]string]string{
		{"ASP-A", "ASP-B"}:       "pas encore payée",
		{"ASP-A", "ASP-INCONNU"}: "ne connaît pas d’avance",
		{"ASP-A", ""}:            "numeroASP est vide",
		{"ASP-A", "ASP-C"}:       "on ne sait pas",
	} {
		es := Reunir(lire(t, strings.Replace(plein, change[0], change[1], 1)), jeu, ss)
		if len(es) == 0 || !strings.Contains(es[0].Raison, dit) {
			t.Errorf("%v: %+v", change, es)
		}
	}
	if es := Reunir(lire(t, strings.Replace(plein, "à confirmer", "oui", 1)), jeu, ss); len(es) != 0 {
		t.Errorf("attested payment: %+v", es)
	}
	double := strings.Replace(strings.Replace(plein, "à confirmer", "oui", 1), "ASP-C", "ASP-A", 1)
	if es := Reunir(lire(t, double), jeu, ss); len(es) != 1 || !strings.Contains(es[0].Raison, "un seul solde") {
		t.Errorf("%+v", es)
	}
}
