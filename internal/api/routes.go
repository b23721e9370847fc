package api

import (
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/internal/tus"
)

// Options are what the API needs beyond the services.
type Options struct {
	DossierTemp string // where uploads wait
	// Adresse is where a request comes from, behind proxies that are trusted.
	Adresse func(*http.Request) netip.Addr
	// Signaler logs the cause of an answer 5xx.
	Signaler func(*http.Request, error)
}

// serveur holds what handlers share.
type serveur struct {
	g         *guichet.Guichet
	o         Options
	controles chan struct{} // one token a simulation under way
	envois    *tus.Protocole
}

// route is one line of the API: who may call stands on it, and again in the
// service.
type route struct {
	methode, chemin string
	action          guichet.Action // "" = no account is needed; "compte" = any account
	resume          string         // French, for openapi.json
	corps           string         // what is sent: "json:NAME", "fichier", "multipart", ""
	reponse         string         // what comes: a schema's name, or a media type
	statut          int
	faire           func(*serveur, http.ResponseWriter, *http.Request, *guichet.Acteur) error
}

// toutCompte stands for routes that any account may call.
const toutCompte guichet.Action = "compte"

// racine is where the API begins.
const racine = "/api/v1"

func routes() []route {
	const ok, cree = http.StatusOK, http.StatusCreated
	return []route{
		{"POST", "/controles", "", "Contrôle un fichier sans compte ; rien n’est conservé", "fichier", "Rapport", ok, (*serveur).controler},
		{"GET", "/regles", "", "Ce que le portail contrôle aujourd’hui, et les avertissements qu’il refuse ou refusera", "", "Regles", ok, (*serveur).regles},
		{"POST", "/depots", guichet.DeposerFichier, "Dépose un fichier", "multipart", "Depot", cree, (*serveur).deposer},
		{"GET", "/depots/{id}", guichet.LireDepot, "Un dépôt, tel qu’il est maintenant", "", "Depot", ok, (*serveur).depot},
		{"GET", "/depots/{id}/retour", guichet.LireDepot, "Le fichier retour, octet pour octet", "", "application/json", ok, (*serveur).retour},
		{"PUT", "/depots/{id}/pieces", guichet.DeposerPieces, "Dépose un zip de pièces", "fichier", "Couverture", ok, (*serveur).deposerZip},
		{"POST", "/depots/{id}/envois", guichet.DeposerPieces, "Annonce un zip de pièces envoyé par tranches (tus 1.0.0)", "", "Envoi", cree, (*serveur).commencerEnvoi},
		{"GET", "/depots/{id}/envois", guichet.DeposerPieces, "Les envois en cours d’un dépôt", "", "Envois", ok, (*serveur).envoisDuDepot},
		{"GET", "/envois/{id}", guichet.DeposerPieces, "Où en est un envoi ; aussi par HEAD", "", "Envoi", ok, (*serveur).etatEnvoi},
		{"PATCH", "/envois/{id}", guichet.DeposerPieces, "La tranche suivante d’un envoi", "tranche", "", http.StatusNoContent, (*serveur).tranche},
		{"POST", "/envois/{id}/fin", guichet.DeposerPieces, "Remet au dépôt un envoi arrivé en entier", "", "Couverture", ok, (*serveur).finirEnvoi},
		{"DELETE", "/envois/{id}", guichet.DeposerPieces, "Abandonne un envoi", "", "", http.StatusNoContent, (*serveur).abandonnerEnvoi},
		{"PUT", "/demandes/{numeroASP}/pieces/{nomFichier}", guichet.DeposerPieces, "Dépose ou remplace une pièce", "fichier", "Couverture", ok, (*serveur).deposerPiece},
		{"GET", "/demandes", guichet.LireDemande, "Les demandes, page par page", "", "Demandes", ok, (*serveur).demandes},
		{"GET", "/demandes/{numeroASP}", guichet.LireDemande, "Une demande, son historique, son prochain acteur", "", "DemandeEntiere", ok, (*serveur).demande},
		{"POST", "/demandes/{numeroASP}/actes", toutCompte, "Fait un acte sur une demande", "json:Acte", "DemandeEntiere", ok, (*serveur).agir},
		{"POST", "/decisions", guichet.Decider, "Décide une sélection de demandes", "json:Decisions", "Resultats", ok, (*serveur).decider},
		{"GET", "/motifs", toutCompte, "Les motifs codés", "", "Motifs", ok, (*serveur).motifs},
		{"POST", "/lots-paiement", guichet.PreparerLot, "Prépare un lot de paiement", "json:Numeros", "Lot", cree, (*serveur).preparerLot},
		{"GET", "/lots-paiement", guichet.LireLot, "Les derniers lots", "", "Lots", ok, (*serveur).lots},
		{"GET", "/lots-paiement/{id}", guichet.LireLot, "Un lot", "", "Lot", ok, (*serveur).lot},
		{"POST", "/lots-paiement/{id}/actes", toutCompte, "Approuve, retourne ou règle un lot", "json:ActeLot", "Lot", ok, (*serveur).agirLot},
		{"GET", "/lots-paiement/{id}/virement", guichet.LireVirement, "Le fichier pain.001.001.09 d’un lot approuvé", "", "application/xml", ok, (*serveur).virement},
		{"POST", "/releves-banque", guichet.RecevoirReleve, "Reçoit un pain.002 ou un camt.054 et dit ce que chaque ligne veut dire ; rien n’est noté", "fichier", "Releve", ok, (*serveur).recevoirReleve},
		{"GET", "/releves-banque/{id}", guichet.LireLot, "Un fichier de retours, tel qu’il se lit maintenant", "", "Releve", ok, (*serveur).releve},
		{"POST", "/releves-banque/{id}/actes", guichet.AppliquerReleve, "Note les retours d’un fichier", "json:ActeReleve", "Releve", ok, (*serveur).agirReleve},
		{"GET", "/recouvrements", guichet.LireCreance, "Ce que les fournisseurs ont à rendre", "", "Recouvrements", ok, (*serveur).recouvrements},
		{"GET", "/recouvrements/{id}", guichet.LireCreance, "Un recouvrement, ses retenues et ses remboursements", "", "Recouvrement", ok, (*serveur).recouvrement},
		{"POST", "/recouvrements/{id}/actes", toutCompte, "Note un remboursement, ou retient sur les paiements à venir", "json:ActeRecouvrement", "Recouvrement", ok, (*serveur).agirRecouvrement},
		{"GET", "/audits", guichet.LireControle, "Les campagnes de contrôle a posteriori", "", "Audits", ok, (*serveur).audits},
		{"POST", "/audits", guichet.FigerControle, "Fige la population d’une campagne", "json:NouvelAudit", "Audit", cree, (*serveur).figerAudit},
		{"GET", "/audits/{id}", guichet.LireControle, "Une campagne, sa population et son tirage", "", "Audit", ok, (*serveur).audit},
		{"POST", "/audits/{id}/tirage", guichet.TirerControle, "Tire avec une graine publique et ouvre les contrôles", "json:Tirage", "Audit", ok, (*serveur).tirerAudit},
		{"GET", "/conservation", guichet.LireConservation, "Les durées de conservation, et ce qui serait effacé aujourd’hui", "", "Conservation", ok, (*serveur).conservation},
		{"POST", "/conservation/effacement", guichet.EffacerDonnees, "Efface ce dont la durée est passée", "", "Effacement", ok, (*serveur).effacerDu},
		{"POST", "/demandes/{numeroASP}/effacement", guichet.EffacerDonnees, "Efface les données personnelles d’une demande, sur demande", "json:Motif", "Effacement", ok, (*serveur).effacerDemande},
		{"GET", "/lectures", guichet.LireJournal, "Le registre des lectures de données personnelles", "", "Lectures", ok, (*serveur).lectures},
		{"GET", "/journal", guichet.LireJournal, "Les entrées du journal, avec leurs empreintes", "", "Journal", ok, (*serveur).journal},
		{"GET", "/webhooks", guichet.GererWebhooks, "Les webhooks de votre entreprise", "", "Webhooks", ok, (*serveur).webhooks},
		{"POST", "/webhooks", guichet.GererWebhooks, "Crée un webhook ; son secret n’est donné qu’ici", "json:NouveauWebhook", "Webhook", cree, (*serveur).creerWebhook},
		{"GET", "/webhooks/{id}", guichet.GererWebhooks, "Un webhook", "", "Webhook", ok, (*serveur).webhook},
		{"GET", "/webhooks/{id}/livraisons", guichet.GererWebhooks, "Les derniers appels d’un webhook et leur issue", "", "Livraisons", ok, (*serveur).livraisons},
		{"POST", "/webhooks/{id}/actes", guichet.GererWebhooks, "Essaie un webhook, change son secret, livre de nouveau, ou l’arrête", "json:ActeWebhook", "Webhook", ok, (*serveur).agirWebhook},
		{"GET", "/openapi.json", "", "Cette description", "", "application/json", ok, (*serveur).openapi},
	}
}

// controlesMax bounds the simulations at work at once; more wait.
const controlesMax = 8

// Nouveau makes the handler of everything under /api/v1.
func Nouveau(g *guichet.Guichet, o Options) http.Handler {
	s := &serveur{g: g, o: o, controles: make(chan struct{}, controlesMax), envois: tus.Nouveau(g, o.DossierTemp)}
	mux := http.NewServeMux()
	for _, r := range routes() {
		mux.Handle(r.methode+" "+racine+r.chemin, s.servir(r))
	}
	return s.entourer(mux)
}

// entourer sets what every answer has, and turns the mux's own refusals into
// problems.
func (s *serveur) entourer(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		// The mux would redirect "//" and ".." elsewhere; here they are no
		// address at all.
		if path.Clean(r.URL.Path) != r.URL.Path {
			s.refuser(w, r, errAdresse())
			return
		}
		if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
			s.refuser(w, r, erreur(guichet.Illisible, "Les paramètres de l’adresse sont mal codés."))
			return
		}
		f, motif := mux.Handler(r)
		if motif != "" {
			mux.ServeHTTP(w, r)
			return
		}
		refus := &muette{entete: http.Header{}}
		f.ServeHTTP(refus, r)
		if refus.statut == http.StatusMethodNotAllowed {
			h.Set("Allow", refus.entete.Get("Allow"))
			p := &probleme{Type: "urn:guichet:probleme:methode", Title: "Méthode non admise", Status: refus.statut,
				Detail: "Cette adresse n’admet que : " + refus.entete.Get("Allow") + "."}
			s.ecrire(w, r, p.Status, genreProbleme, p)
			return
		}
		s.refuser(w, r, errAdresse())
	})
}

func errAdresse() error {
	return erreur(guichet.Inconnu, "Cette adresse n’existe pas. La liste est dans "+racine+"/openapi.json.")
}

// muette learns what the mux would answer.
type muette struct {
	entete http.Header
	statut int
}

func (m *muette) Header() http.Header         { return m.entete }
func (m *muette) Write(b []byte) (int, error) { return len(b), nil }
func (m *muette) WriteHeader(s int)           { m.statut = s }

// servir identifies the caller and runs one route.
func (s *serveur) servir(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		var a *guichet.Acteur
		if r.action != "" {
			var err error
			if a, err = s.identifier(q); err != nil {
				s.refuser(w, q, err)
				return
			}
		}
		if err := r.faire(s, w, q, a); err != nil {
			s.refuser(w, q, err)
		}
	})
}

// identifier reads the token from the header, and from nowhere else.
func (s *serveur) identifier(r *http.Request) (*guichet.Acteur, error) {
	valeurs := r.Header.Values("Authorization")
	secret := ""
	if len(valeurs) == 1 {
		genre, reste, _ := strings.Cut(valeurs[0], " ")
		if strings.EqualFold(genre, "Bearer") {
			secret = strings.TrimSpace(reste)
		}
	}
	return s.g.Identifier(r.Context(), secret, s.o.Adresse(r))
}
