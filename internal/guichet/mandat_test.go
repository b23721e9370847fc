package guichet_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// inviterActif invites a user of supplier "a", who chooses his password.
func inviterActif(t *testing.T, m *guichettest.Monde, q guichet.Invitation) *guichet.Acteur {
	t.Helper()
	lien, err := m.Guichet.InviterUtilisateur(t.Context(), m.Acteur("a.gestionnaire"), q)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Guichet.SuivreLien(t.Context(), lien, phrase, adresse); err != nil {
		t.Fatal(err)
	}
	_, a, err := m.Guichet.Connecter(t.Context(), q.Courriel, phrase, guichet.Origine{Adresse: adresse})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func mandat(fin string, numeros ...string) *guichet.Mandat {
	return &guichet.Mandat{Entreprise: "Dépôts fictifs", Siret: "99999998000009", Fin: fin, Numeros: numeros}
}

// A third party sees and does what its mandate holds, until its last day.
func TestMandateHoldsToItsNumbersAndDays(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ctx, g := t.Context(), m.Acteur("a.gestionnaire")
		f := guichettest.Fournisseurs()[0]
		if err := m.Base.Ecrire(ctx, func(tx guichet.Tx) error {
			return tx.PoserNumeroAns(guichet.NumeroAns{Numero: "AUTRE00001", FournisseurID: g.FournisseurID, Couloir: "PHA", Logiciel: "LGO"})
		}); err != nil {
			t.Fatal(err)
		}
		roles := []guichet.Role{guichet.Deposant}
		fin := "2023-07-05" // the clock shows 2023-07-03
		dedans := inviterActif(t, m, guichet.Invitation{Courriel: "dedans@tiers.example", Nom: "Dedans", Roles: roles, Mandat: mandat(fin, f.Ans)})
		dehors := inviterActif(t, m, guichet.Invitation{Courriel: "dehors@tiers.example", Nom: "Dehors", Roles: roles, Mandat: mandat(fin, "AUTRE00001")})
		n := m.Deposer(t, "a.deposant", 1).Demandes[0].NumeroASP
		if _, err := m.Guichet.Demande(ctx, dedans, n); err != nil {
			t.Error(err)
		}
		_, err := m.Guichet.Demande(ctx, dehors, n)
		exigerGenre(t, err, guichet.Inconnu)
		for a, want := range map[*guichet.Acteur]int{dedans: 1, dehors: 0} {
			ds, _, err := m.Guichet.Demandes(ctx, a, guichet.Filtre{Max: 10})
			ps, err2 := m.Guichet.Depots(ctx, a, 10)
			if err != nil || err2 != nil || len(ds) != want || len(ps) != want {
				t.Errorf("%s: %d requests, %d deposits, want %d (%v, %v)", a.Identifiant, len(ds), len(ps), want, err, err2)
			}
		}
		_, err = m.Guichet.Deposer(ctx, dehors, guichet.NouveauDepot{Type: "avance", NumeroAns: f.Ans, NomFichier: m.NomFichier(f), Contenu: guichettest.FichierAvance(f, m.Numeros(1)...)}, guichet.Appel{})
		exigerGenre(t, err, guichet.Interdit)
		jeton, _, err := m.Guichet.CreerJeton(ctx, dedans, guichet.NouveauJeton{Nom: "x"})
		if err != nil {
			t.Fatal(err)
		}
		entrer := func() error {
			_, _, err := m.Guichet.Connecter(ctx, dedans.Identifiant, phrase, guichet.Origine{Adresse: adresse})
			_, err2 := m.Guichet.Identifier(ctx, jeton, adresse)
			if (err == nil) != (err2 == nil) {
				t.Errorf("password %v, token %v", err, err2)
			}
			return err
		}
		m.Horloge.Avancer(2*24*time.Hour + 13*time.Hour) // 23:00 in Paris on the last day
		if err := entrer(); err != nil {
			t.Error(err)
		}
		m.Horloge.Avancer(time.Hour)
		exigerGenre(t, entrer(), guichet.NonIdentifie)
		// The contract goes on: the same account opens again, for what is said now.
		changer := func(a *guichet.Acteur, id guichet.CompteID, fin string, numeros ...string) error {
			return m.Guichet.ChangerMandat(ctx, a, id, fin, numeros)
		}
		exigerGenre(t, changer(m.Acteur("a.lecteur"), dedans.ID, "2023-12-31"), guichet.Interdit)
		exigerGenre(t, changer(m.Acteur("b.gestionnaire"), dedans.ID, "2023-12-31"), guichet.Inconnu)
		exigerGenre(t, changer(g, m.Acteur("a.deposant").ID, "2023-12-31"), guichet.Conflit)
		exigerGenre(t, changer(g, dedans.ID, "2023-07-05"), guichet.Invalide) // over already
		exigerGenre(t, changer(g, dedans.ID, "2023-12-31", "DEMO000002"), guichet.Invalide)
		if err := errors.Join(changer(g, dedans.ID, "2023-12-31", "AUTRE00001"), entrer()); err != nil {
			t.Fatal(err)
		}
		if _, a, err := m.Guichet.Connecter(ctx, dedans.Identifiant, phrase, guichet.Origine{Adresse: adresse}); err != nil {
			t.Error(err)
		} else if _, err = m.Guichet.Demande(ctx, a, n); guichet.GenreDe(err) != guichet.Inconnu {
			t.Errorf("what the mandate covered before: %v", err)
		}
	})
}

func TestMandateRefused(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	for nom, q := range map[string]guichet.Invitation{
		"SIRET":         {Mandat: &guichet.Mandat{Entreprise: "X", Siret: "99999998000008", Fin: "2023-12-31"}},
		"Entreprise":    {Mandat: &guichet.Mandat{Entreprise: " ", Siret: "99999998000009", Fin: "2023-12-31"}},
		"Fin du mandat": {Mandat: mandat("2023-07-02")},
		"2026-07-04":    {Mandat: mandat("2026-07-04")}, // over three years
		"31 décembre":   {Mandat: mandat("31 décembre")},
		"DEMO000002":    {Mandat: mandat("2023-12-31", "DEMO000002")}, // another supplier's
		"gestionnaire":  {Mandat: mandat("2023-12-31"), Roles: []guichet.Role{guichet.Gestionnaire}},
	} {
		q.Courriel, q.Nom = "tiers@tiers.example", "Tiers"
		if q.Roles == nil {
			q.Roles = []guichet.Role{guichet.Deposant}
		}
		_, err := m.Guichet.InviterUtilisateur(t.Context(), m.Acteur("a.gestionnaire"), q)
		if guichet.GenreDe(err) != guichet.Invalide || !strings.Contains(err.Error(), nom) {
			t.Errorf("%s: %v", nom, err)
		}
	}
	for _, fin := range []string{"2023-07-03", "2026-07-03"} { // both ends
		if _, err := m.Guichet.InviterUtilisateur(t.Context(), m.Acteur("a.gestionnaire"), guichet.Invitation{Courriel: fin + "@tiers.example", Nom: "Tiers", Roles: []guichet.Role{guichet.Deposant}, Mandat: mandat(fin)}); err != nil {
			t.Error(err)
		}
	}
}

// An account put out of use ends with its sessions, tokens, links and browsers,
// at once and for good.
func TestDeactivationEndsEverything(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ctx, g := t.Context(), m.Acteur("a.gestionnaire")
		roles := []guichet.Role{guichet.Deposant}
		a := inviterActif(t, m, guichet.Invitation{Courriel: "partant@a.example", Nom: "Partant", Roles: roles})
		session, _, err := m.Guichet.Connecter(ctx, a.Identifiant, phrase, guichet.Origine{Adresse: adresse})
		if err != nil {
			t.Fatal(err)
		}
		jeton, _, err := m.Guichet.CreerJeton(ctx, a, guichet.NouveauJeton{Nom: "x"})
		if err != nil {
			t.Fatal(err)
		}
		exigerGenre(t, m.Guichet.ModifierUtilisateur(ctx, g, g.ID, roles, false), guichet.Conflit)
		for _, actif := range []bool{false, true} { // open again: what ended stays ended
			if err := m.Guichet.ModifierUtilisateur(ctx, g, a.ID, roles, actif); err != nil {
				t.Fatal(err)
			}
			_, err = m.Guichet.ActeurDeSession(ctx, session, adresse)
			exigerGenre(t, err, guichet.NonIdentifie)
			_, err = m.Guichet.Identifier(ctx, jeton, adresse)
			exigerGenre(t, err, guichet.NonIdentifie)
		}
	})
}

// A gestionnaire hands over to another user, and stays or leaves; where the
// last one left without it, an administrator names one.
func TestManagementIsHandedOver(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ctx, g := t.Context(), m.Acteur("a.gestionnaire")
		lecteur := []guichet.Role{guichet.Lecteur}
		releve := inviterActif(t, m, guichet.Invitation{Courriel: "releve@a.example", Nom: "Relève", Roles: lecteur})
		tiers := inviterActif(t, m, guichet.Invitation{Courriel: "tiers@a.example", Nom: "Tiers", Roles: lecteur, Mandat: mandat("2023-12-31")})
		for _, non := range []guichet.CompteID{g.ID, tiers.ID} {
			exigerGenre(t, m.Guichet.TransmettreGestion(ctx, g, non, false), guichet.Conflit)
		}
		exigerGenre(t, m.Guichet.TransmettreGestion(ctx, g, m.Acteur("b.gestionnaire").ID, false), guichet.Inconnu)
		exigerGenre(t, m.Guichet.TransmettreGestion(ctx, m.Acteur("a.lecteur"), releve.ID, false), guichet.Interdit)
		if err := m.Guichet.TransmettreGestion(ctx, g, releve.ID, true); err != nil {
			t.Fatal(err)
		}
		parti, err := m.Guichet.CompteNomme(ctx, g.Identifiant)
		if err != nil || parti.Actif || parti.A(guichet.Gestionnaire) {
			t.Errorf("%+v, %v", parti, err)
		}
		if c, err := m.Guichet.CompteNomme(ctx, releve.Identifiant); err != nil || !c.A(guichet.Gestionnaire) || !c.A(guichet.Lecteur) {
			t.Errorf("%+v, %v", c, err)
		}
		admin, q := m.Acteur("administrateur"), guichet.Invitation{Courriel: "neuf@a.example", Nom: "Neuf"}
		_, err = m.Guichet.NommerGestionnaire(ctx, m.Acteur("instructeur1"), g.FournisseurID, q, true)
		exigerGenre(t, err, guichet.Interdit)
		_, err = m.Guichet.NommerGestionnaire(ctx, admin, g.FournisseurID, guichet.Invitation{Courriel: "instructeur1@x.example"}, true)
		exigerGenre(t, err, guichet.Invalide) // nobody yet: a name is needed
		_, err = m.Guichet.NommerGestionnaire(ctx, admin, g.FournisseurID, guichet.Invitation{Courriel: tiers.Identifiant}, true)
		exigerGenre(t, err, guichet.Conflit)
		lien, err := m.Guichet.NommerGestionnaire(ctx, admin, g.FournisseurID, q, true)
		if err != nil || lien == "" {
			t.Fatal(lien, err)
		}
		vus, err := m.Guichet.Fournisseurs(ctx, admin)
		for _, v := range vus {
			if v.ID == g.FournisseurID && (len(v.Gestionnaires) != 1 || v.Gestionnaires[0].Identifiant != "neuf@a.example") {
				t.Errorf("%+v", v.Gestionnaires)
			}
		}
		if err != nil || len(vus) < 2 {
			t.Errorf("%d suppliers, %v", len(vus), err)
		}
	})
}
