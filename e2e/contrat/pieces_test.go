package contrat

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// depotNeuf deposits lines of the first supplier and gives the deposit with
// its lines.
func depotNeuf(t testing.TB, f *client, lignes ...ligne) (depot, []ligne) {
	t.Helper()
	ls := f.garnir(lignes...)
	return f.deposer(t, ls), ls
}

func TestZipCompletesTheDeposit(t *testing.T) {
	t.Parallel()
	f := partage(t, "pieces").fournisseur(0)
	dep, ls := depotNeuf(t, f, ligne{}, ligne{avecHT: true, formats: []string{"PNG", "JPG"}})
	tout := slices.Concat(ls[0].pieces(), ls[1].pieces())
	r := f.verser(t, dep.ID, zipPieces(tout[:2]...)).exige(t, "premier zip", 200)
	clesDe(t, r, "complete", "recues", "manquantes", "refusees")
	c := lire[couverture](t, r)
	if c.Complete || len(c.Recues) != 2 || len(c.Manquantes) != 1 || c.Manquantes[0].NomFichier != tout[2] || c.Manquantes[0].NumeroASP != dep.Demandes[1].NumeroASP || len(c.Refusees) != 0 {
		t.Fatalf("couverture après deux pièces sur trois : %+v", c)
	}
	for i, p := range c.Recues {
		o := pieceDe(tout[i])
		if p.NomFichier != tout[i] || p.NumeroASP != dep.Demandes[i].NumeroASP || p.Taille != len(o) || p.Sha256 != sha(o) {
			t.Errorf("reçue %+v ; attendu %s, %d octets, %s", p, tout[i], len(o), sha(o))
		}
	}
	if d := f.voir(t, dep.Demandes[0].NumeroASP); d.Statut != "deposee" || len(d.PiecesManquantes) != 0 {
		t.Errorf("demande complète : statut %s, manquent %v", d.Statut, d.PiecesManquantes)
	}
	d := f.voir(t, dep.Demandes[1].NumeroASP)
	if diff := cmp.Diff([]string{tout[2]}, d.PiecesManquantes); diff != "" || d.Statut != "incomplete" || texte(d.ProchainActeur) != "fournisseur" {
		t.Errorf("demande incomplète : %+v\n%s", d, diff)
	}
	seule := lire[couverture](t, f.mettrePiece(t, d.NumeroASP, tout[2], pieceDe(tout[2])).exige(t, "une pièce seule", 200))
	if !seule.Complete || len(seule.Recues) != 2 {
		t.Errorf("couverture de la demande : %+v", seule)
	}
	if d := f.voir(t, d.NumeroASP); d.Statut != "deposee" || texte(d.ProchainActeur) != "instructeur" {
		t.Errorf("après la dernière pièce : %s, prochain %s", d.Statut, texte(d.ProchainActeur))
	}
	relu := lire[depot](t, f.appeler(t, "GET", "/api/v1/depots/"+dep.ID, nil).exige(t, "relire", 200))
	if !relu.Couverture.Complete || len(relu.Couverture.Recues) != 3 || relu.Demandes[1].Statut != "deposee" {
		t.Errorf("le dépôt relu n’est pas tel qu’à présent : %+v %+v", relu.Couverture, relu.Demandes)
	}
}

// pieges are entries that must be reported by name and not received, beside a
// good one. The name to report is that of each last entry.
func pieges(nom string) map[string][]entree {
	bon := pieceDe(nom)
	bombe := make([]byte, 64*mebi)
	copy(bombe, "%PDF-1.4\n")
	return map[string][]entree{
		"remonte par ..":        {{nom: "../" + nom, octets: bon}},
		"remonte plus loin":     {{nom: "../../../../tmp/" + nom, octets: bon}},
		".. au milieu":          {{nom: "a/../" + nom, octets: bon}},
		"chemin absolu":         {{nom: "/" + nom, octets: bon}},
		"barre inverse":         {{nom: `..\` + nom, octets: bon}},
		"lettre de lecteur":     {{nom: `C:\` + nom, octets: bon}},
		"sous-dossier":          {{nom: "pieces/" + nom, octets: bon}},
		"dossier":               {{nom: "pieces/"}},
		"dossier à ce nom":      {{nom: nom + "/"}},
		"copie double":          {{nom: nom, octets: bon}, {nom: nom, octets: bon}},
		"copie double autre":    {{nom: nom, octets: bon}, {nom: nom, octets: pdf("autre")}},
		"chiffrée":              {{nom: nom, octets: bon, chiffre: true}},
		"lien":                  {{nom: nom, octets: []byte("/etc/passwd"), mode: fs.ModeSymlink | 0o777}},
		"lien au bon contenu":   {{nom: nom, octets: bon, mode: fs.ModeSymlink | 0o777}},
		"tube":                  {{nom: nom, octets: bon, mode: fs.ModeNamedPipe | 0o644}},
		"bombe":                 {{nom: nom, octets: bombe}},
		"bombe menteuse":        {{nom: nom, octets: bombe, menteur: 1000}},
		"longueur fausse":       {{nom: nom, octets: bon, menteur: len(bon) + 7}},
		"CRC faux":              {{nom: nom, octets: bon, crcFaux: true}},
		"vide":                  {{nom: nom}},
		"plus de 3 Mio":         {{nom: nom, octets: pdfDe(3*mebi + 1)}},
		"PNG sous .pdf":         {{nom: nom, octets: pngDe(1)}},
		"JPEG sous .pdf":        {{nom: nom, octets: jpegDe(1)}},
		"texte sous .pdf":       {{nom: nom, octets: []byte("bonjour")}},
		"page web sous .pdf":    {{nom: nom, octets: []byte("<html><script>alert(1)</script>")}},
		"PDF coupé":             {{nom: nom, octets: bon[:len(bon)/2]}},
		"entête seul":           {{nom: nom, octets: []byte("%PDF-1.4\n")}},
		"nom non attendu":       {{nom: "PHA-LGO-Va1-BDC-ZZZZZ.pdf", octets: bon}},
		"autre casse":           {{nom: strings.ToLower(nom), octets: bon}},
		"autre extension":       {{nom: strings.TrimSuffix(nom, "pdf") + "png", octets: pngDe(2)}},
		"fichier du système":    {{nom: ".DS_Store", octets: []byte("x")}},
		"zip dans le zip":       {{nom: nom, octets: zipDe(entree{nom: nom, octets: bon})}},
		"octet nul":             {{nom: nom + "\x00.png", octets: bon}},
		"nom très long":         {{nom: strings.Repeat("a", 5000) + ".pdf", octets: bon}},
		"nom qui n’est pas UTF": {{nom: "PHA-\xff\xfe.pdf", octets: bon}},
	}
}

func TestEveryTrapIsReportedByNameAndNotReceived(t *testing.T) {
	t.Parallel()
	f := partage(t, "pieces").fournisseur(0)
	for titre := range pieges("x.pdf") {
		t.Run(titre, func(t *testing.T) {
			dep, ls := depotNeuf(t, f, ligne{}, ligne{})
			vise, bonne := ls[0].pieces()[0], ls[1].pieces()[0]
			entrees := pieges(vise)[titre]
			r := f.verser(t, dep.ID, zipDe(append(slices.Clone(entrees), entree{nom: bonne, octets: pieceDe(bonne)})...))
			if !r.veut(t, "un piège dans un zip", 200, 422) {
				return
			}
			verifierRefus(t, r, entrees)
			apres := lire[depot](t, f.appeler(t, "GET", "/api/v1/depots/"+dep.ID, nil).exige(t, "relire", 200)).Couverture
			var recues []string
			for _, p := range apres.Recues {
				recues = append(recues, p.NomFichier)
			}
			if slices.Contains(recues, vise) {
				t.Errorf("le piège est reçu : %v", recues)
			}
			if r.statut == 200 && !slices.Contains(recues, bonne) || r.statut == 422 && len(recues) > 0 {
				t.Errorf("réponse %d et pièces gardées %v : à 200 la bonne entrée voisine est gardée, à 422 rien", r.statut, recues)
			}
		})
	}
}

// verifierRefus wants each entry named in refusees, with a code 24xx.
func verifierRefus(t *testing.T, r reponse, entrees []entree) {
	t.Helper()
	refus := lire[struct{ Refusees []refusee }](t, r).Refusees
	for _, e := range entrees {
		n := 0
		for _, x := range refus {
			if x.NomFichier == e.nom || strings.ContainsRune(e.nom, 0) || strings.Contains(e.nom, "\xff") || len(e.nom) > 4000 {
				n++
				if !forme24xx.MatchString(x.Code) || x.Message == "" {
					t.Errorf("refus sans code 24xx ni message : %+v", x)
				}
			}
		}
		if n == 0 {
			t.Errorf("%d : %.80q n’est pas nommé dans refusees : %s", r.statut, e.nom, r.extrait())
		}
	}
}

func TestZipOfTrapsAloneIsAnswered(t *testing.T) {
	t.Parallel()
	f := partage(t, "pieces").fournisseur(0)
	dep, ls := depotNeuf(t, f, ligne{})
	nom := ls[0].pieces()[0]
	for titre, entrees := range map[string][]entree{
		"contenu faux seul": {{nom: nom, octets: pngDe(3)}},
		"nom inconnu seul":  {{nom: "inconnu.pdf", octets: pdf("x")}},
		"vide seul":         {{nom: nom}},
	} {
		r := f.verser(t, dep.ID, zipDe(entrees...))
		r.veut(t, titre+" : 200 même si chaque entrée est refusée", 200)
		verifierRefus(t, r, entrees)
	}
}

func TestBodyThatIsNoZip(t *testing.T) {
	t.Parallel()
	f := partage(t, "pieces").fournisseur(0)
	dep, ls := depotNeuf(t, f, ligne{})
	bon := zipPieces(ls[0].pieces()...)
	sansFin := bytes.Clone(bon)
	sansFin[len(sansFin)-22] = 'X'
	repertoireFaux := bytes.Clone(bon)
	copy(repertoireFaux[bytes.LastIndex(bon, []byte("PK\x01\x02")):], "XXXX")
	for titre, corps := range map[string][]byte{
		"vide": {}, "sans entrée": zipDe(), "coupé au milieu": bon[:len(bon)/2], "coupé d’un octet": bon[:len(bon)-1], "texte": []byte("bonjour"),
		"PDF": pdf("x"), "JSON": []byte(`{"a":1}`), "fin du répertoire abîmée": sansFin, "répertoire abîmé": repertoireFaux, "début seul": []byte("PK\x03\x04"),
		"en-tête du zip seul répété": bytes.Repeat([]byte("PK\x05\x06"), 1000),
	} {
		f.verser(t, dep.ID, corps).veut(t, "corps qui n’est pas un zip : "+titre, 400, 415, 422)
	}
	apres := lire[depot](t, f.appeler(t, "GET", "/api/v1/depots/"+dep.ID, nil).exige(t, "relire", 200))
	if len(apres.Couverture.Recues) != 0 {
		t.Errorf("pièces reçues de corps illisibles : %+v", apres.Couverture.Recues)
	}
	f.verser(t, dep.ID, bon).veut(t, "le bon zip passe ensuite", 200)
}

func TestArchiveOverTwoHundredMebibytes(t *testing.T) {
	t.Parallel()
	f := partage(t, "pieces").fournisseur(0)
	dep, _ := depotNeuf(t, f, ligne{})
	compte := f.requete(t, "PUT", "/api/v1/depots/"+dep.ID+"/pieces", io.LimitReader(zeros{}, 200*mebi+1), "Content-Type", "application/zip")
	for _, attente := range []string{"", "Expect: 100-continue\r\n"} {
		rep := f.crue(t, fmt.Sprintf("PUT /api/v1/depots/%s/pieces HTTP/1.1\r\nHost: guichet\r\nAuthorization: Bearer %s\r\nContent-Type: application/zip\r\nContent-Length: %d\r\n%s\r\n",
			dep.ID, f.Jeton, 200*mebi+1, attente))
		rep = strings.TrimPrefix(rep, "HTTP/1.1 100 Continue\r\n\r\n")
		if !strings.HasPrefix(rep, "HTTP/1.1 413 ") {
			t.Errorf("plus de 200 Mio déclarés, avec « %s » : attendu 413 sans attendre le corps, reçu %.300q", strings.TrimSpace(attente), rep)
		}
	}
	if testing.Short() {
		t.Skip("200 Mio comptés : un envoi entier, sauté par -short")
	}
	if statut, corps, err := f.brut(compte); err != nil || statut != 413 {
		t.Errorf("plus de 200 Mio comptés : %d %v, attendu 413 : %.300s", statut, err, corps)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestPieceOfExactlyThreeMebibytes(t *testing.T) {
	t.Parallel()
	f := partage(t, "pieces").fournisseur(0)
	dep, ls := depotNeuf(t, f, ligne{}, ligne{})
	plein := pdfDe(3 * mebi)
	if len(plein) != 3*mebi {
		t.Fatalf("pièce de %d octets", len(plein))
	}
	for i, nom := range []string{ls[0].pieces()[0], ls[1].pieces()[0]} {
		asp := dep.Demandes[i].NumeroASP
		trop := f.mettrePiece(t, asp, nom, pdfDe(3*mebi+1))
		trop.veut(t, "pièce seule de plus de 3 Mio", 200, 413, 422)
		if trop.statut == 200 && len(lire[couverture](t, trop).Refusees) == 0 {
			t.Errorf("pièce de plus de 3 Mio acceptée : %s", trop.extrait())
		}
	}
	c := lire[couverture](t, f.verser(t, dep.ID, zipDe(entree{nom: ls[0].pieces()[0], octets: plein})).exige(t, "3 Mio en zip", 200))
	seule := lire[couverture](t, f.mettrePiece(t, dep.Demandes[1].NumeroASP, ls[1].pieces()[0], plein).exige(t, "3 Mio seule", 200))
	if len(c.Recues) != 1 || !seule.Complete {
		t.Errorf("exactement 3 Mio refusés : %+v ; %+v", c, seule)
	}
}

func TestSinglePieceTraps(t *testing.T) {
	t.Parallel()
	d := partage(t, "pieces")
	f, autre := d.fournisseur(0), d.fournisseur(1)
	dep, ls := depotNeuf(t, f, ligne{}, ligne{formats: []string{"JPG"}})
	asp, nom := dep.Demandes[0].NumeroASP, ls[0].pieces()[0]
	for titre, octets := range map[string][]byte{"vide": {}, "PNG": pngDe(1), "texte": []byte("bonjour"), "coupée": pieceDe(nom)[:90], "zip": zipPieces(nom)} {
		r := f.mettrePiece(t, asp, nom, octets)
		if r.veut(t, "pièce seule : "+titre, 200, 415, 422) && r.statut == 200 {
			verifierRefus(t, r, []entree{{nom: nom}})
		}
	}
	for _, inconnu := range []string{"PHA-LGO-Va1-HT-" + ls[0].editeur + ".pdf", ls[1].pieces()[0], "../" + nom, "x", strings.ToLower(nom), nom + "\x00", strings.Repeat("a", 3000)} {
		f.mettrePiece(t, asp, inconnu, pieceDe(nom)).veut(t, "nom non attendu", 404, 422, 400)
	}
	f.mettrePiece(t, "ASP-INCONNU", nom, pieceDe(nom)).veut(t, "demande inconnue", 404)
	autre.mettrePiece(t, asp, nom, pieceDe(nom)).veut(t, "demande d’un autre", 403, 404)
	autre.verser(t, dep.ID, zipPieces(nom)).veut(t, "dépôt d’un autre", 403, 404)
	f.verser(t, "inconnu", zipPieces(nom)).veut(t, "dépôt inconnu", 404)
	for _, role := range []string{"instructeur", "decideur", "comptable", "auditeur", "administrateur", "cumul"} {
		d.agent(t, role).mettrePiece(t, asp, nom, pieceDe(nom)).veut(t, "un agent n’envoie pas de pièce", 403)
		d.agent(t, role).verser(t, dep.ID, zipPieces(nom)).veut(t, "un agent n’envoie pas de zip", 403)
	}
	if v := f.voir(t, asp); v.Statut != "incomplete" || len(v.PiecesManquantes) != 1 {
		t.Errorf("après les refus : %+v", v)
	}
	for i, genre := range []string{"image/png", "text/html", ""} {
		r := f.appeler(t, "PUT", cheminDemande(asp)+"/pieces/"+nom, pdf(strings.Repeat("i", i+1)), "Content-Type", genre)
		if r.veut(t, "le Content-Type n’est pas jugé", 200) && !lire[couverture](t, r).Complete {
			t.Errorf("Content-Type %q : %s", genre, r.extrait())
		}
	}
}

func TestReplacingPieces(t *testing.T) {
	t.Parallel()
	d := partage(t, "pieces")
	f := d.fournisseur(0)
	dep, ls := depotNeuf(t, f, ligne{})
	asp, nom := dep.Demandes[0].NumeroASP, ls[0].pieces()[0]
	gardee := func(t *testing.T, phrase string, octets []byte) {
		t.Helper()
		c := lire[depot](t, f.appeler(t, "GET", "/api/v1/depots/"+dep.ID, nil).exige(t, "relire", 200)).Couverture
		if len(c.Recues) != 1 || c.Recues[0].Sha256 != sha(octets) || c.Recues[0].Taille != len(octets) {
			t.Errorf("%s : %+v", phrase, c.Recues)
		}
	}
	f.verser(t, dep.ID, zipPieces(nom)).exige(t, "première pièce", 200)
	gardee(t, "la première", pieceDe(nom))
	f.mettrePiece(t, asp, nom, pdf("deux")).exige(t, "remplacer à deposee", 200)
	gardee(t, "la remplaçante seule", pdf("deux"))
	f.verser(t, dep.ID, zipDe(entree{nom: nom, octets: pdf("trois")})).exige(t, "remplacer par zip", 200)
	gardee(t, "la remplaçante du zip", pdf("trois"))
	f.mettrePiece(t, asp, nom, pngDe(1)).veut(t, "remplaçante refusée", 200, 415, 422)
	f.verser(t, dep.ID, zipDe(entree{nom: nom, octets: []byte("x")})).veut(t, "remplaçante refusée en zip", 200, 422)
	gardee(t, "un remplacement refusé laisse la bonne pièce", pdf("trois"))
	d.agent(t, "instructeur").faire(t, asp, objet{"acte": "prendre"})
	f.mettrePiece(t, asp, nom, pdf("quatre")).veut(t, "en instruction : 409", 409)
	f.mettrePiece(t, asp, nom, nil).veut(t, "en instruction : 409 avant le contenu", 409)
	r := f.verser(t, dep.ID, zipDe(entree{nom: nom, octets: pdf("quatre")})).exige(t, "en instruction : parmi refusees", 200, 422)
	verifierRefus(t, r, []entree{{nom: nom}})
	gardee(t, "rien de remplacé en instruction", pdf("trois"))
	d.agent(t, "instructeur").faire(t, asp, d.demandeModification(t))
	f.mettrePiece(t, asp, nom, pdf("cinq")).exige(t, "remplacer à a_modifier", 200)
	gardee(t, "remplacée à a_modifier", pdf("cinq"))
	if v := f.faire(t, asp, objet{"acte": "corriger", "champs": objet{}}); v.Statut != "deposee" {
		t.Errorf("corriger {} après une pièce changée : %s, attendu deposee", v.Statut)
	}
	f.faire(t, asp, objet{"acte": "annuler"})
	f.mettrePiece(t, asp, nom, pdf("six")).veut(t, "annulée : pièces 409", 409)
}
