package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"guichet.example/internal/guichet"
	"guichet.example/internal/store/pgtest"
	"guichet.example/segur"
)

// postgres is the server of all tests of this package; nil when PostgreSQL is
// not installed.
var postgres *pgtest.Serveur

func TestMain(m *testing.M) {
	s, err := pgtest.Demarrer()
	if err != nil && !errors.Is(err, pgtest.ErrAbsent) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	postgres = s
	code := m.Run()
	if s != nil {
		if err := s.Arreter(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// pourChaque runs a test on an empty store of each engine.
func pourChaque(t *testing.T, f func(t *testing.T, b *Base)) {
	t.Helper()
	ouvrir := func(t *testing.T, adresse string) *Base {
		b, err := Ouvrir(t.Context(), adresse)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := b.Fermer(); err != nil {
				t.Error(err)
			}
		})
		if _, err := b.Migrer(t.Context()); err != nil {
			t.Fatal(err)
		}
		return b
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		vierge, err := schema()
		chemin := filepath.Join(t.TempDir(), "base d’essai.db")
		if err = errors.Join(err, os.WriteFile(chemin, vierge, 0o600)); err != nil {
			t.Fatal(err)
		}
		f(t, ouvrir(t, "sqlite:"+chemin))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if postgres == nil {
			t.Skip(pgtest.ErrAbsent)
		}
		adresse, err := postgres.NouvelleBasePrete(preparer)
		if err != nil {
			t.Fatal(err)
		}
		f(t, ouvrir(t, adresse))
	})
}

// schema is the file of an empty store, made once: migrating takes longer than
// most tests of what is in it.
var schema = sync.OnceValues(func() ([]byte, error) {
	dossier, err := os.MkdirTemp("", "store-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dossier) }() // a folder of the system's, emptied by it in the end
	chemin := filepath.Join(dossier, "base.db")
	if err := preparer("sqlite:" + chemin); err != nil {
		return nil, err
	}
	return os.ReadFile(chemin)
})

// preparer makes the schema of an empty store, and closes it.
func preparer(adresse string) error {
	b, err := Ouvrir(context.Background(), adresse)
	if err != nil {
		return err
	}
	_, err = b.Migrer(context.Background())
	return errors.Join(err, b.Fermer())
}

// ecrire and lire fail the test on any error.
func ecrire(t *testing.T, b *Base, f func(tx guichet.Tx) error) {
	t.Helper()
	if err := b.Ecrire(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func lire(t *testing.T, b *Base, f func(tx guichet.Tx) error) {
	t.Helper()
	if err := b.Lire(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// maintenant has microseconds and another zone, which the stores must keep and
// forget.
var maintenant = time.Date(2023, 2, 3, 9, 4, 5, 123456000, time.FixedZone("", 3600))

func memeInstant() cmp.Option {
	return cmp.Options{cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }), cmpopts.EquateEmpty()}
}

// socle makes a supplier, an account and a deposit, which other rows need.
func socle(t *testing.T, b *Base) (f *guichet.Fournisseur, c *guichet.Compte, d *guichet.Depot) {
	t.Helper()
	f = &guichet.Fournisseur{RaisonSociale: "Exemple", Siret: "99999999800001", IBAN: "FR00", BIC: "FICTFRPPXXX", Courriel: "a@a.example", Actif: true}
	c = &guichet.Compte{Identifiant: "a@a.example", Nom: "A", MotDePasse: "x", Roles: []guichet.Role{guichet.Gestionnaire, guichet.Lecteur}, Actif: true, Cree: maintenant,
		Mandat: &guichet.Mandat{Entreprise: "Tiers", Siret: "99999999800001", Fin: "2024-01-31", Numeros: []string{"DEMO000001"}}}
	nom := segur.NomFichier{NumeroAns: "DEMO000001", Jour: segur.Jour{Annee: 2023, Mois: 2, Jour: 3}, Numero: 7}
	d = &guichet.Depot{ID: "d1", Type: segur.Avance, NumeroAns: nom.NumeroAns, Nom: nom, NomFichier: nom.String(), Date: maintenant, SHA256: "aa", Taille: 5, Rapport: []byte(`{"a": 1}`), Verdict: segur.Partiel, Acceptees: 95, Rejetees: 2, Serie: 1}
	ecrire(t, b, func(tx guichet.Tx) error {
		if err := tx.PoserFournisseur(f); err != nil {
			return err
		}
		c.FournisseurID, d.FournisseurID = f.ID, f.ID
		if err := tx.PoserCompte(c); err != nil {
			return err
		}
		d.CompteID = c.ID
		return tx.AjouterDepot(d, b.Comprimer(recu(t)), b.Comprimer(d.Rapport), episses(t))
	})
	return f, c, d
}

// recu is the file of that deposit.
func recu(t *testing.T) []byte {
	t.Helper()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	return j.Exemple(97)
}

// episses makes that deposit's returned file of it.
func episses(t *testing.T) []segur.Epissure {
	t.Helper()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	return j.Controler(recu(t), segur.JourExemple, segur.Options{}).Epissures(segur.Numeros{ImpID: "d1", NumeroASP: func(rang int) string { return fmt.Sprint(rang) }})
}

func TestComptesEtJetons(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		_, c, _ := socle(t, b)
		agent := &guichet.Compte{Identifiant: "agent@agence.example", Nom: "Agent", Roles: []guichet.Role{guichet.Instructeur}, Cree: maintenant}
		j := &guichet.Jeton{CompteID: c.ID, Nom: "essai", Empreinte: "e1", Cree: maintenant, Expire: maintenant.Add(time.Hour), Portees: []guichet.Portee{guichet.PorteeDeposer, guichet.PorteeLire}}
		ecrire(t, b, func(tx guichet.Tx) error { return errors.Join(tx.PoserCompte(agent), tx.PoserJeton(j)) })
		lire(t, b, func(tx guichet.Tx) error {
			lu, err := tx.CompteNomme("a@a.example")
			if diff := cmp.Diff(c, lu, memeInstant()); diff != "" {
				t.Error(diff)
			}
			agents, err2 := tx.Comptes(0)
			if len(agents) != 1 || !agents[0].Agent() || agents[0].Identifiant != agent.Identifiant {
				t.Errorf("agents %+v", agents)
			}
			jetons, err3 := tx.Jetons(c.ID)
			if diff := cmp.Diff([]guichet.Jeton{*j}, jetons, memeInstant()); diff != "" {
				t.Error(diff)
			}
			if _, err := tx.Compte(999); !errors.Is(err, guichet.ErrAbsent) {
				t.Errorf("unknown account: %v", err)
			}
			if _, err := tx.JetonDe("e2"); !errors.Is(err, guichet.ErrAbsent) {
				t.Errorf("unknown token: %v", err)
			}
			return errors.Join(err, err2, err3)
		})
		err := b.Ecrire(t.Context(), func(tx guichet.Tx) error {
			return tx.PoserCompte(&guichet.Compte{Identifiant: "a@a.example", Roles: []guichet.Role{guichet.Lecteur}})
		})
		if !errors.Is(err, guichet.ErrDoublon) {
			t.Errorf("second account of a name: %v", err)
		}
	})
}

func TestDepotGardeLesOctets(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		f, _, d := socle(t, b)
		lire(t, b, func(tx guichet.Tx) error {
			lu, err := tx.Depot("d1")
			if diff := cmp.Diff(d, lu, memeInstant()); diff != "" {
				t.Error(diff)
			}
			qui, nom, err5 := tx.Origine("d1")
			if qui != "a@a.example" || nom != d.NomFichier {
				t.Errorf("deposited by %s as %s", qui, nom)
			}
			retour, err2 := tx.Retour("d1")
			if diff := cmp.Diff(string(segur.Episser(recu(t), episses(t))), string(retour)); diff != "" {
				t.Errorf("returned file: %s", diff)
			}
			b, err6 := tx.Recu("d1")
			if string(b) != string(recu(t)) {
				t.Errorf("received file %q", b)
			}
			pris, err3 := tx.FichiersDuJour("DEMO000001", d.Nom.Jour)
			if diff := cmp.Diff([]int{7}, pris); diff != "" {
				t.Error(diff)
			}
			ds, err4 := tx.DepotsDe(f.ID, nil, 10)
			if len(ds) != 1 || ds[0].ID != "d1" {
				t.Errorf("deposits %+v", ds)
			}
			if _, err := tx.Depot("d2"); !errors.Is(err, guichet.ErrAbsent) {
				t.Errorf("unknown deposit: %v", err)
			}
			return errors.Join(err, err2, err3, err4, err5, err6)
		})
		double := *d
		double.ID = "d2"
		if err := b.Ecrire(t.Context(), func(tx guichet.Tx) error { return tx.AjouterDepot(&double, b.Comprimer(nil), b.Comprimer(nil), nil) }); !errors.Is(err, guichet.ErrDoublon) {
			t.Errorf("same file number twice: %v", err)
		}
	})
}

// demande is a request with every field filled.
func demande(f *guichet.Fournisseur, d *guichet.Depot, serie int64) *guichet.Demande {
	oui := true
	return &guichet.Demande{NumeroASP: guichet.NumeroDeSerie(serie), Serie: serie, DepotID: d.ID, Rang: int(serie), FournisseurID: f.ID, NumeroAns: d.NumeroAns, Siret: f.Siret, Type: segur.Avance,
		NumeroEditeur: fmt.Sprintf("%05d", serie), Statut: guichet.Deposee, Abrege: guichet.Abrege{Regime: "HT", Pieces: []guichet.PieceDeclaree{{Nom: "PHA-LGO-Va1-BDC-00001.pdf", Format: "PDF", Type: "BON_COMMANDE"}, {Nom: "b.png", Format: "PNG", Type: "PREUVE_HT"}}},
		Montants: guichet.Montants{HT: 70833, Base: 85000, Avance: 25500, Solde: 59500, Verse: 1}, Avance: "ASP-X", Finess: "750000001", Carte: "1234567890", DateCommande: d.Nom.Jour, Tranche: "B",
		Verifications: map[string]string{"montant": "oui"}, RefusPropose: []string{"doublon"}, Modification: &guichet.Modification{Motifs: []string{"m"}, Cibles: []string{"c"}, Echeance: d.Nom.Jour, Message: "à revoir"},
		Decision: &guichet.Decision{Sens: "refus", Date: maintenant, Motifs: []string{"doublon"}}, Audit: &guichet.Audit{Motif: "m", Conforme: &oui, Recouvrement: 3}, LotID: "l1",
		Echeance: d.Nom.Jour, Cree: maintenant, Modifie: maintenant}
}

func TestDemandesEtFiltres(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		f, _, d := socle(t, b)
		var ds []*guichet.Demande
		for i := range int64(95) { // more than one statement inserts
			x := demande(f, d, i+1)
			if i > 0 {
				x.Statut, x.LotID, x.Avance, x.Carte = guichet.Incomplete, "", "", ""
				x.Finess = "75000" + fmt.Sprintf("%04d", i+100)
				x.Modifie = maintenant.Add(time.Duration(i) * time.Second)
			}
			ds = append(ds, x)
		}
		ecrire(t, b, func(tx guichet.Tx) error { return tx.AjouterDemandes(ds) })
		lire(t, b, func(tx guichet.Tx) error {
			lu, err := tx.Demande(guichet.NumeroDeSerie(1))
			if diff := cmp.Diff(ds[0], lu, memeInstant()); diff != "" {
				t.Error(diff)
			}
			for nom, c := range map[string]struct {
				f guichet.Filtre
				n int
				a int64 // first
			}{
				"all":                {guichet.Filtre{}, 95, 1},
				"supplier":           {guichet.Filtre{FournisseurID: f.ID, Max: 3}, 3, 1},
				"other supplier":     {guichet.Filtre{FournisseurID: f.ID + 1}, 0, 0},
				"status":             {guichet.Filtre{Statut: guichet.Deposee}, 1, 1},
				"after":              {guichet.Filtre{Apres: 90}, 5, 91},
				"newest first":       {guichet.Filtre{Decroissant: true, Max: 2}, 2, 95},
				"newest first after": {guichet.Filtre{Decroissant: true, Apres: 50}, 49, 49},
				"text":               {guichet.Filtre{Texte: "asp-0000009"}, 6, 90},
				"text of wildcards":  {guichet.Filtre{Texte: "%"}, 0, 0},
				"since":              {guichet.Filtre{Depuis: maintenant.Add(90 * time.Second)}, 5, 91},
				"deposit":            {guichet.Filtre{DepotID: "d1", Max: 1}, 1, 1},
				"batch":              {guichet.Filtre{LotID: "l1"}, 1, 1},
				"next actor":         {guichet.Filtre{Acteur: "instructeur"}, 1, 1},
				"type":               {guichet.Filtre{Type: segur.Solde}, 0, 0},
			} {
				got, err := tx.Demandes(c.f)
				if err != nil || len(got) != c.n || c.n > 0 && got[0].Serie != c.a {
					t.Errorf("%s: %d requests, %v", nom, len(got), err)
				}
			}
			return err
		})
		semblables(t, b, ds)
	})
}

func semblables(t *testing.T, b *Base, ds []*guichet.Demande) {
	t.Helper()
	autre := *ds[0]
	un, deux, trois := ds[0].NumeroASP, ds[1].NumeroASP, ds[2].NumeroASP
	autre.Serie, autre.NumeroASP, autre.Avance = 200, guichet.NumeroDeSerie(200), un // its balance: no likeness
	jumelle := *ds[0]
	jumelle.Serie, jumelle.NumeroASP, jumelle.Avance, jumelle.Finess = 201, guichet.NumeroDeSerie(201), "", "750009999"
	ecrire(t, b, func(tx guichet.Tx) error {
		return errors.Join(tx.AjouterDemandes([]*guichet.Demande{&autre, &jumelle}), tx.RecevoirPieces([]guichet.Piece{
			{NumeroASP: un, Nom: "a.pdf", SHA256: "s", Recue: maintenant}, {NumeroASP: deux, Nom: "b.pdf", SHA256: "s", Recue: maintenant}, {NumeroASP: trois, Nom: "c.pdf", SHA256: "t", Recue: maintenant}}))
	})
	lire(t, b, func(tx guichet.Tx) error {
		x, err := tx.Semblables(ds[0])
		if diff := cmp.Diff([]guichet.Semblable{{NumeroASP: jumelle.NumeroASP, Par: "carte"}, {NumeroASP: deux, Par: "piece"}}, x); diff != "" {
			t.Error(diff)
		}
		s, err2 := tx.SoldeDe(un)
		if s == nil || s.NumeroASP != autre.NumeroASP {
			t.Errorf("balance %+v", s)
		}
		return errors.Join(err, err2)
	})
}

func TestMajDemande(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		f, _, d := socle(t, b)
		x := demande(f, d, 1)
		ecrire(t, b, func(tx guichet.Tx) error { return tx.AjouterDemandes([]*guichet.Demande{x}) })
		x.Statut, x.RefusPropose, x.Montants.Verse, x.Decision, x.Echeance = guichet.Payee, nil, 25500, nil, segur.Jour{}
		ecrire(t, b, func(tx guichet.Tx) error { return tx.MajDemande(x) })
		lire(t, b, func(tx guichet.Tx) error {
			lu, err := tx.Demande(x.NumeroASP)
			if diff := cmp.Diff(x, lu, memeInstant()); diff != "" {
				t.Error(diff)
			}
			cs, err2 := tx.Compter(f.ID, nil)
			if diff := cmp.Diff([]guichet.Decompte{{Statut: guichet.Payee, Type: segur.Avance, Nombre: 1, APayer: 25500, Verse: 25500}}, cs); diff != "" {
				t.Error(diff)
			}
			return errors.Join(err, err2)
		})
		if err := b.Lire(t.Context(), func(tx guichet.Tx) error { _, err := tx.ChampsCorriges(x.NumeroASP); return err }); !errors.Is(err, guichet.ErrAbsent) {
			t.Errorf("values that nobody corrected: %v", err)
		}
		x.Champs = guichet.Champs{"commande.montantSegurHT": "708.33", "beneficiaire.nomResponsable": `"É ' \u0022"`}
		x.Abrege, x.Finess, x.Montants.HT = guichet.Abrege{Regime: "TTC"}, "750000002", 1
		ecrire(t, b, func(tx guichet.Tx) error { return tx.PoserChamps(x) })
		lire(t, b, func(tx guichet.Tx) error {
			lu, err := tx.Demande(x.NumeroASP)
			if err != nil {
				return err
			}
			lu.Champs, err = tx.ChampsCorriges(x.NumeroASP)
			if diff := cmp.Diff(x, lu, memeInstant()); diff != "" {
				t.Error(diff)
			}
			return err
		})
		y := *x
		y.Serie = 2
		if err := b.Ecrire(t.Context(), func(tx guichet.Tx) error { return tx.MajDemande(&y) }); !errors.Is(err, guichet.ErrAbsent) {
			t.Errorf("update of what is not there: %v", err)
		}
	})
}

// Many at once are as one after the other; one that is not there undoes all.
func TestEnNombre(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		f, c, d := socle(t, b)
		const nombre = parEnvoi + parLecture + 1
		ds := make([]*guichet.Demande, nombre)
		ns := make([]guichet.NumeroASP, nombre)
		for i := range ds {
			ds[i] = demande(f, d, int64(i+1))
			ns[i] = ds[i].NumeroASP
		}
		ecrire(t, b, func(tx guichet.Tx) error {
			return errors.Join(tx.AjouterDemandes(ds), tx.AjouterPassages([]guichet.Passage{
				{NumeroASP: ns[1], Date: maintenant, CompteID: c.ID, Metier: "comptable"}, {NumeroASP: ns[1], Date: maintenant, CompteID: c.ID, Metier: "decideur"},
				{NumeroASP: ns[2], Date: maintenant, CompteID: c.ID + 1, Metier: "decideur"}}))
		})
		for _, x := range ds {
			x.Statut, x.LotID, x.Modifie = guichet.Payee, "l2", maintenant.Add(time.Hour)
		}
		ecrire(t, b, func(tx guichet.Tx) error { return tx.MajDemandes(ds) })
		lire(t, b, func(tx guichet.Tx) error {
			lues, err := tx.DemandesNommees(append(ns, "ASP-X", guichet.NumeroDeSerie(nombre+1)))
			if len(lues) != nombre || !cmp.Equal(ds[nombre-1], lues[ns[nombre-1]], memeInstant()) {
				t.Errorf("%d requests, the last %+v", len(lues), lues[ns[nombre-1]])
			}
			ms, err2 := tx.MetiersSur(ns, c.ID)
			if diff := cmp.Diff(map[guichet.NumeroASP][]guichet.Role{ns[1]: {guichet.Comptable, guichet.Decideur}}, ms); diff != "" {
				t.Error(diff)
			}
			return errors.Join(err, err2)
		})
		absente := *ds[0]
		absente.Serie = nombre + 1
		ds[0].Statut = guichet.Refusee
		if err := b.Ecrire(t.Context(), func(tx guichet.Tx) error { return tx.MajDemandes([]*guichet.Demande{ds[0], &absente}) }); !errors.Is(err, guichet.ErrAbsent) {
			t.Errorf("update of what is not there: %v", err)
		}
		lire(t, b, func(tx guichet.Tx) error {
			x, err := tx.Demande(ns[0])
			if err == nil && x.Statut != guichet.Payee {
				t.Errorf("half of it was kept: %s", x.Statut)
			}
			return err
		})
	})
}

func TestLotsPiecesEtCles(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		l := &guichet.Lot{ID: "l1", Statut: guichet.LotPrepare, PreparePar: 3, Total: 30, Empreinte: "e", Cree: maintenant, Lignes: []guichet.LigneLot{{NumeroASP: "ASP-2", Montant: 10}, {NumeroASP: "ASP-1", Montant: 20}}}
		p := guichet.Piece{NumeroASP: "ASP-1", Nom: "a.pdf", Type: "BON_COMMANDE", Format: "PDF", SHA256: "ancien", Taille: 1, Recue: maintenant}
		r := guichet.Reponse{Corps: "c", Statut: 201, Contenu: []byte("{}"), Cree: maintenant}
		ecrire(t, b, func(tx guichet.Tx) error {
			return errors.Join(tx.AjouterLot(l), tx.RecevoirPieces([]guichet.Piece{p, {NumeroASP: "ASP-1", Nom: "b.pdf", SHA256: "s"}}), tx.PoserCle(1, "POST /x", "k", r))
		})
		l.Statut, l.ApprouvePar, l.Approuve, l.Lignes[1].Rejet = guichet.LotApprouve, 4, maintenant, "AC04"
		p.SHA256, p.Taille, p.Recue = "s", 9, maintenant
		ecrire(t, b, func(tx guichet.Tx) error {
			return errors.Join(tx.MajLot(l), tx.PoserVirement("l1", []byte("<a/>")), tx.RecevoirPieces([]guichet.Piece{p}), tx.OterPieces("ASP-1", []string{"b.pdf"}))
		})
		lire(t, b, func(tx guichet.Tx) error {
			lu, err := tx.Lot("l1")
			if diff := cmp.Diff(l, lu, memeInstant()); diff != "" {
				t.Error(diff)
			}
			ps, err2 := tx.PiecesRecues("ASP-1", "ASP-2")
			if len(ps) != 1 || !cmp.Equal(p, ps[0], memeInstant()) {
				t.Errorf("pieces %+v", ps)
			}
			v, err3 := tx.Virement("l1")
			if string(v) != "<a/>" {
				t.Errorf("payment file %q", v)
			}
			cle, err4 := tx.Cle(1, "POST /x", "k")
			if diff := cmp.Diff(&r, cle, memeInstant()); diff != "" {
				t.Error(diff)
			}
			if _, err := tx.Cle(2, "POST /x", "k"); !errors.Is(err, guichet.ErrAbsent) {
				t.Errorf("a key of another account: %v", err)
			}
			return errors.Join(err, err2, err3, err4)
		})
	})
}

func TestNumerosBrules(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		ecrire(t, b, func(tx guichet.Tx) error {
			return errors.Join(tx.Bruler(1, segur.Avance, []string{"00a01", "00A01", "00002", "0203X"}), tx.Bruler(1, segur.Avance, []string{"00002", "00012", "trop long"}))
		})
		lire(t, b, func(tx guichet.Tx) error {
			x, err := tx.Brules(1, segur.Avance, []string{"00a01", "00002", "00003", "00020", "02X00", "0é02", "00012"})
			autre, err2 := tx.Brules(2, segur.Avance, []string{"00002"})
			if diff := cmp.Diff(map[string]bool{"00A01": true, "00002": true, "00012": true}, x); diff != "" || len(autre) != 0 {
				t.Error(diff, autre)
			}
			return errors.Join(err, err2)
		})
	})
}
