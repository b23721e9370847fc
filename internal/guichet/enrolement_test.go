package guichet_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

func dossier() guichet.Enrolement {
	return guichet.Enrolement{
		RaisonSociale: " Logiciels Nouveaux SAS ", Siret: "999999970 00000", Numeros: []guichet.NumeroAns{{Numero: "NEUF000001", Couloir: "PHA", Logiciel: "LGO"}},
		RegimeTVA: "TTC", IBAN: "FR76 3000 6000 0112 3456 7890 189", BIC: "fictfrppxxx", Nom: "Camille Exemple", Courriel: "Camille@Nouveau.example", Telephone: "01 00 00 00 00",
	}
}

func joints(types ...string) (ds []guichet.DocumentRecu) {
	for _, t := range types {
		ds = append(ds, guichet.DocumentRecu{Type: t, Nom: "Mon " + t + ".PDF", Contenu: []byte("%PDF-1.7\n" + t + "\n%%EOF\n")})
	}
	return ds
}

// A company asks, completes, is accepted, chooses its password and signs in.
func TestEnrolementJusquALaConnexion(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d, ctx, admin := equiper(t, m), t.Context(), m.Acteur("administrateur")
		id, suivi, err := m.Guichet.DemanderEnrolement(ctx, dossier(), joints("certificat_ans", "identite", "rib"), adresse)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Guichet.ExaminerEnrolement(ctx, admin, id, guichet.ExamenEnrolement{Sens: "demander_complement", Message: "Le RIB est illisible."}); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		cs := d.relever()
		if len(cs) != 1 || cs[0].A != "camille@nouveau.example" || !slices.Contains(cs[0].Paragraphes, "Le RIB est illisible.") {
			t.Fatalf("%+v", cs)
		}
		// Who lost the address that was shown at first has the one of the mail.
		envoye, ok := strings.CutPrefix(cs[0].Chemin, "/enrolement/"+string(id)+"/")
		if !ok || envoye == "" || envoye == suivi {
			t.Fatalf("the mail leads to %q", cs[0].Chemin)
		}
		if _, err := m.Guichet.EnrolementSuivi(ctx, id, suivi+"x"); err == nil {
			t.Error("shown without its secret")
		}
		if err := m.Guichet.CompleterEnrolement(ctx, id, envoye, joints("rib"), adresse); err != nil {
			t.Fatal(err)
		}
		e, err := m.Guichet.EnrolementSuivi(ctx, id, suivi)
		if err != nil || e.Statut != guichet.EnrolementDepose || len(e.Documents) != 3 || e.Siret != "99999997000000" || e.RaisonSociale != "Logiciels Nouveaux SAS" {
			t.Fatalf("%+v, %v", e, err)
		}
		_, r, err := m.Guichet.OuvrirDocument(ctx, admin, id, "rib")
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || !strings.Contains(string(b), "rib") {
			t.Errorf("%q, %v", b, err)
		}
		lien, err := m.Guichet.ExaminerEnrolement(ctx, admin, id, guichet.ExamenEnrolement{Sens: "accepter"})
		if err != nil || lien != "" {
			t.Fatalf("link %q, %v", lien, err)
		}
		_, err = m.Guichet.ExaminerEnrolement(ctx, admin, id, guichet.ExamenEnrolement{Sens: "refuser", Message: "Non."})
		exigerGenre(t, err, guichet.Conflit)
		activer(t, m, d, "camille@nouveau.example", "une phrase bien longue")
	})
}

// activer follows the activation link of the last mail, once.
func activer(t *testing.T, m *guichettest.Monde, d *dehors, identifiant, motDePasse string) {
	t.Helper()
	ctx := t.Context()
	travailler(t, m)
	cs := d.relever()
	if len(cs) != 1 || cs[0].A != identifiant {
		t.Fatalf("mail: %+v", cs)
	}
	secret := strings.TrimPrefix(cs[0].Chemin, "/activation/")
	exigerGenre(t, m.Guichet.SuivreLien(ctx, secret, "trop court", adresse), guichet.Invalide)
	if err := m.Guichet.SuivreLien(ctx, secret, motDePasse, adresse); err != nil {
		t.Fatal(err)
	}
	exigerGenre(t, m.Guichet.SuivreLien(ctx, secret, motDePasse, adresse), guichet.Inconnu)
	if _, a, err := m.Guichet.Connecter(ctx, strings.ToUpper(identifiant), motDePasse, guichet.Origine{Adresse: adresse}); err != nil || a.Identifiant != identifiant {
		t.Fatal(a, err)
	}
}

// Every fault of a form comes at once, and nothing is kept.
func TestEnrolementTouteFauteDUnCoup(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		equiper(t, m)
		e := guichet.Enrolement{Siret: "99999997000009", RegimeTVA: "HT", IBAN: "FR00", BIC: "X", Courriel: "personne", Salarie: true, Tiers: true,
			Numeros: []guichet.NumeroAns{{Numero: "COURT", Couloir: "PHA", Logiciel: "LGO"}, {Numero: "NEUF000001", Couloir: "XXX", Logiciel: "LGO"}, {Numero: "NEUF000002", Couloir: "HOP", Logiciel: "lgo"}}}
		ds := append(joints("identite", "identite", "autre"), guichet.DocumentRecu{Type: "rib", Nom: "rib.pdf", Contenu: []byte("pas un PDF")})
		_, _, err := m.Guichet.DemanderEnrolement(t.Context(), e, ds, adresse)
		exigerGenre(t, err, guichet.Invalide)
		var faute *guichet.ErreurChamps
		if !errors.As(err, &faute) {
			t.Fatal(err)
		}
		var champs []string
		for _, f := range faute.Fautes {
			champs = append(champs, f.Champ)
			if f.Message == "" {
				t.Errorf("%s has no sentence", f.Champ)
			}
		}
		attendu := []string{"raisonSociale", "nom", "telephone", "siret", "iban", "bic", "courriel", "tiers", "numerosAns", "numerosAns", "numerosAns", "identite", "documents", "rib", "certificat_ans", "mandat", "contrat_tiers", "exoneration_tva"}
		if !slices.Equal(champs, attendu) {
			t.Errorf("faults of %v, want %v", champs, attendu)
		}
		es, err := m.Guichet.Enrolements(t.Context(), m.Acteur("administrateur"), "", 10)
		if len(es) != 0 || err != nil {
			t.Error(es, err)
		}
	})
}

// What is someone else's already is not given twice, and only administrators
// examine.
func TestEnrolementConflits(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		equiper(t, m)
		ctx, admin := t.Context(), m.Acteur("administrateur")
		for champ, changer := range map[string]func(*guichet.Enrolement){
			"SIRET":     func(e *guichet.Enrolement) { e.Siret = guichettest.Fournisseurs()[0].Siret },
			"ANS":       func(e *guichet.Enrolement) { e.Numeros[0].Numero = guichettest.Fournisseurs()[0].Ans },
			"L’adresse": func(e *guichet.Enrolement) { e.Courriel = "pris@ailleurs.example" },
		} {
			if err := m.Guichet.Installer(ctx, &guichet.Compte{Identifiant: "pris@ailleurs.example", Roles: []guichet.Role{guichet.Auditeur}}, ""); err != nil {
				t.Fatal(err)
			}
			e := dossier()
			changer(&e)
			id, _, err := m.Guichet.DemanderEnrolement(ctx, e, joints("certificat_ans", "identite", "rib"), adresse)
			if err != nil {
				t.Fatal(err)
			}
			_, err = m.Guichet.ExaminerEnrolement(ctx, m.Acteur("decideur"), id, guichet.ExamenEnrolement{Sens: "accepter"})
			exigerGenre(t, err, guichet.Interdit)
			_, err = m.Guichet.ExaminerEnrolement(ctx, admin, id, guichet.ExamenEnrolement{Sens: "accepter"})
			if exigerGenre(t, err, guichet.Conflit); err != nil && !strings.Contains(err.Error(), champ) {
				t.Errorf("%s: %v", champ, err)
			}
		}
		// Two in the same hour more are too many for one network, and a new hour helps.
		for i, genre := range []guichet.Genre{"", "", guichet.TropSouvent} {
			_, _, err := m.Guichet.DemanderEnrolement(ctx, dossier(), joints("certificat_ans", "identite", "rib"), adresse)
			if genre == "" && err != nil || genre != "" && guichet.GenreDe(err) != genre {
				t.Errorf("request %d: %v", i, err)
			}
		}
		m.Horloge.Avancer(time.Hour + time.Second)
		if _, _, err := m.Guichet.DemanderEnrolement(ctx, dossier(), joints("certificat_ans", "identite", "rib"), adresse); err != nil {
			t.Error(err)
		}
	})
}

// Without mail the administrator hands the link over himself.
func TestEnrolementSansCourriel(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	ctx := t.Context()
	id, _, err := m.Guichet.DemanderEnrolement(ctx, dossier(), joints("certificat_ans", "identite", "rib"), adresse)
	if err != nil {
		t.Fatal(err)
	}
	lien, err := m.Guichet.ExaminerEnrolement(ctx, m.Acteur("administrateur"), id, guichet.ExamenEnrolement{Sens: "accepter"})
	if err != nil || lien == "" {
		t.Fatalf("%q, %v", lien, err)
	}
	travailler(t, m)
	if err := m.Guichet.SuivreLien(ctx, lien, "une phrase bien longue", adresse); err != nil {
		t.Error(err)
	}
}

func TestUtilisateurs(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d, ctx, chef := equiper(t, m), t.Context(), m.Acteur("a.gestionnaire")
		_, err := m.Guichet.InviterUtilisateur(ctx, m.Acteur("a.deposant"), guichet.Invitation{Courriel: "x@a.example", Nom: "X", Roles: []guichet.Role{guichet.Lecteur}})
		exigerGenre(t, err, guichet.Interdit)
		for _, q := range []guichet.Invitation{
			{Courriel: "x", Nom: "X", Roles: []guichet.Role{guichet.Lecteur}},
			{Courriel: "x@a.example", Nom: "X\xff", Roles: []guichet.Role{guichet.Lecteur}},
			{Courriel: "x@a.example", Nom: "", Roles: []guichet.Role{guichet.Lecteur}},
			{Courriel: "x@a.example", Nom: "X", Roles: []guichet.Role{guichet.Decideur}},
			{Courriel: "x@a.example", Nom: "X"},
		} {
			_, err := m.Guichet.InviterUtilisateur(ctx, chef, q)
			exigerGenre(t, err, guichet.Invalide)
		}
		q := guichet.Invitation{Courriel: "tiers@ailleurs.example", Nom: "Tiers Déposant", Roles: []guichet.Role{guichet.Deposant}}
		if _, err := m.Guichet.InviterUtilisateur(ctx, chef, q); err != nil {
			t.Fatal(err)
		}
		_, err = m.Guichet.InviterUtilisateur(ctx, m.Acteur("b.gestionnaire"), q)
		exigerGenre(t, err, guichet.Conflit)
		activer(t, m, d, "tiers@ailleurs.example", "une phrase bien longue")
		session, tiers, err := m.Guichet.Connecter(ctx, "tiers@ailleurs.example", "une phrase bien longue", guichet.Origine{Adresse: adresse})
		if err != nil || tiers.FournisseurID != chef.FournisseurID || !tiers.A(guichet.Deposant) {
			t.Fatal(tiers, err)
		}
		exigerGenre(t, m.Guichet.ModifierUtilisateur(ctx, m.Acteur("b.gestionnaire"), tiers.ID, []guichet.Role{guichet.Lecteur}, true), guichet.Inconnu)
		exigerGenre(t, m.Guichet.ModifierUtilisateur(ctx, chef, chef.ID, []guichet.Role{guichet.Lecteur}, true), guichet.Conflit)
		if err := m.Guichet.ModifierUtilisateur(ctx, chef, tiers.ID, []guichet.Role{guichet.Lecteur}, false); err != nil {
			t.Fatal(err)
		}
		_, err = m.Guichet.ActeurDeSession(ctx, session, adresse)
		exigerGenre(t, err, guichet.NonIdentifie)
		_, _, err = m.Guichet.Connecter(ctx, "tiers@ailleurs.example", "une phrase bien longue", guichet.Origine{Adresse: adresse})
		exigerGenre(t, err, guichet.NonIdentifie)
		cs, err := m.Guichet.Utilisateurs(ctx, chef)
		if err != nil || len(cs) != 4 {
			t.Error(cs, err)
		}
	})
}

// Recovery answers alike for everybody; its link works once, for an hour, and
// ends the sessions.
func TestRecuperation(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d, ctx := equiper(t, m), t.Context()
		c := &guichet.Compte{Identifiant: "claude@agence.example", Nom: "Claude", Roles: []guichet.Role{guichet.Auditeur}, Actif: true}
		if err := m.Guichet.Installer(ctx, c, "le premier mot de passe"); err != nil {
			t.Fatal(err)
		}
		session, _, err := m.Guichet.Connecter(ctx, c.Identifiant, "le premier mot de passe", guichet.Origine{Adresse: adresse})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []string{"personne@agence.example", "pas une adresse", "nul\x00", "\xff\xfe", strings.Repeat("x", 300), c.Identifiant, strings.ToUpper(c.Identifiant)} {
			if err := m.Guichet.Recuperer(ctx, x, adresse); err != nil {
				t.Errorf("%.30s: %v", x, err)
			}
		}
		travailler(t, m)
		cs := d.relever()
		if len(cs) != 1 || cs[0].A != c.Identifiant {
			t.Fatalf("%+v", cs)
		}
		secret := strings.TrimPrefix(cs[0].Chemin, "/activation/")
		if x, u, err := m.Guichet.LireLien(ctx, secret); err != nil || x.ID != c.ID || u != guichet.LienRecuperation {
			t.Error(x, u, err)
		}
		m.Horloge.Avancer(time.Hour)
		exigerGenre(t, m.Guichet.SuivreLien(ctx, secret, "le second mot de passe", adresse), guichet.Inconnu)
		if err := m.Guichet.Recuperer(ctx, c.Identifiant, adresse); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		secret = strings.TrimPrefix(d.relever()[0].Chemin, "/activation/")
		if err := m.Guichet.SuivreLien(ctx, secret, "le second mot de passe", adresse); err != nil {
			t.Fatal(err)
		}
		_, err = m.Guichet.ActeurDeSession(ctx, session, adresse)
		exigerGenre(t, err, guichet.NonIdentifie)
		_, _, err = m.Guichet.Connecter(ctx, c.Identifiant, "le premier mot de passe", guichet.Origine{Adresse: adresse})
		exigerGenre(t, err, guichet.NonIdentifie)
		for range 30 { // too often: still no word, and no mail
			if err := m.Guichet.Recuperer(ctx, c.Identifiant, adresse); err != nil {
				t.Fatal(err)
			}
			travailler(t, m)
		}
		if n := len(d.relever()); n > 10 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestChangerMotDePasse(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ctx := t.Context()
		c := &guichet.Compte{Identifiant: "claude@agence.example", Nom: "Claude", Roles: []guichet.Role{guichet.Auditeur}, Actif: true}
		if err := m.Guichet.Installer(ctx, c, "le premier mot de passe"); err != nil {
			t.Fatal(err)
		}
		ici, a, err := m.Guichet.Connecter(ctx, c.Identifiant, "le premier mot de passe", guichet.Origine{Adresse: adresse})
		ailleurs, _, err2 := m.Guichet.Connecter(ctx, c.Identifiant, "le premier mot de passe", guichet.Origine{Adresse: adresse})
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		exigerGenre(t, m.Guichet.ChangerMotDePasse(ctx, a, "un autre mot de passe", "le second mot de passe", ici), guichet.Invalide)
		exigerGenre(t, m.Guichet.ChangerMotDePasse(ctx, a, "le premier mot de passe", "court", ici), guichet.Invalide)
		if err := m.Guichet.ChangerMotDePasse(ctx, a, "le premier mot de passe", "le second mot de passe", ici); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Guichet.ActeurDeSession(ctx, ici, adresse); err != nil {
			t.Error(err)
		}
		_, err = m.Guichet.ActeurDeSession(ctx, ailleurs, adresse)
		exigerGenre(t, err, guichet.NonIdentifie)
		for range 12 { // a stolen session cannot try passwords for ever
			err = m.Guichet.ChangerMotDePasse(ctx, a, "un essai au hasard", "le second mot de passe", ici)
		}
		exigerGenre(t, err, guichet.TropSouvent)
	})
}
