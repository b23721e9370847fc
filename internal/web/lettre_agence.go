package web

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/lettre"
	"guichet.example/segur"
)

// Agence is who writes the letters. Nom is required.
type Agence struct {
	Nom, Service string
	Adresse      []string // lines of an envelope
	Courriel     string
	Lieu         string // where letters are signed
	IBAN         string // where money is given back; "" = by setting off only
}

// cadreLettre is the frame of a letter to a supplier, of the day of an instant.
func (s *serveur) cadreLettre(f *guichet.Fournisseur, quand time.Time, reference, signataire string) lettre.Cadre {
	a := s.o.Agence
	return lettre.Cadre{
		Emetteur:     lettre.Partie{Nom: a.Nom, Service: a.Service, Adresse: a.Adresse, Courriel: a.Courriel},
		Destinataire: lettre.Partie{Nom: f.RaisonSociale, SIRET: f.Siret, Courriel: f.Courriel},
		Lieu:         a.Lieu, Date: s.g.JourA(quand), Reference: reference, Signataire: signataire, CreeLe: quand.In(s.o.Zone), BacASable: s.g.BacASable(),
	}
}

// demandeLettre is a request as letters name it.
func demandeLettre(d *guichet.Demande) lettre.Demande {
	return lettre.Demande{NumeroASP: string(d.NumeroASP), NumeroEditeur: d.NumeroEditeur, Type: d.Type, Beneficiaire: d.Finess}
}

func motifsLettre(codes []string) (ms []lettre.Motif) {
	for _, c := range codes {
		x := lettre.Motif{Code: c, Libelle: nomMotif(c)}
		if m, ok := guichet.MotifDe(c); ok {
			x.Remede = m.Remede
		}
		ms = append(ms, x)
	}
	return ms
}

// lettreDe writes a letter on a request from the facts that were kept with it.
func (s *serveur) lettreDe(v *guichet.LettresVues, l *guichet.Lettre) (*lettre.Document, error) {
	d, x := demandeLettre(v.Demande), &l.Charge
	signataire := "Pour l’agence, le décideur"
	switch l.Genre {
	case guichet.LettreModification:
		signataire = "Pour l’agence, l’instructeur"
	case guichet.LettreRecouvrement, guichet.LettreConstat:
		signataire = "Pour l’agence, le contrôleur"
	}
	c := s.cadreLettre(v.Fournisseur, l.Date, l.Reference(), signataire)
	controle := string(x.Controle)
	if controle == "" {
		controle = "de la demande " + d.NumeroASP
	}
	switch l.Genre {
	case guichet.LettreAttribution:
		return lettre.Attribution(c, []lettre.Accordee{{Demande: d, Montant: x.Montant, Etapes: x.Etapes, Remplace: s.ancienne(x.Remplace)}})
	case guichet.LettreRefus:
		return lettre.Refus(c, []lettre.Refusee{{Demande: d, Motifs: motifsLettre(x.Motifs), Remplace: s.ancienne(x.Remplace)}})
	case guichet.LettreRetrait:
		return s.retrait(c, d, x)
	case guichet.LettreConstat:
		return lettre.Constat(c, lettre.Ecart{Demande: d, Controle: controle, Verse: x.Montant, Observations: x.Message, Avant: x.Echeance})
	case guichet.LettreModification:
		cibles, err := s.ciblesLettre(v.Demande.Type, x.Cibles)
		if err != nil {
			return nil, err
		}
		return lettre.Modification(c, lettre.Correction{Demande: d, Motifs: motifsLettre(x.Motifs), Cibles: cibles, Echeance: x.Echeance, Message: x.Message})
	case guichet.LettreRecouvrement:
		i := lettre.Indu{Demande: d, Controle: controle, Verse: x.Reste, Montant: x.Montant, Motif: x.Motif, Avant: x.Echeance, IBAN: s.o.Agence.IBAN,
			Compensation: x.Mode != "" || s.o.Agence.IBAN == ""}
		if x.Mode == guichet.ModeCompensation {
			i.IBAN = ""
		}
		return lettre.Recouvrement(c, i)
	}
	return nil, fmt.Errorf("no letter of kind %q", l.Genre)
}

// ancienne is a decision that another replaced, as letters name it.
func (s *serveur) ancienne(r *guichet.Remplacee) *lettre.Ancienne {
	if r == nil {
		return nil
	}
	return &lettre.Ancienne{Refus: r.Sens == "refus", Date: s.g.JourA(r.Date), Reference: r.Reference, Motif: r.Motif}
}

func (s *serveur) retrait(c lettre.Cadre, d lettre.Demande, x *guichet.ChargeLettre) (*lettre.Document, error) {
	if x.Remplace == nil {
		return nil, fmt.Errorf("letter %s withdraws nothing", c.Reference)
	}
	return lettre.Retrait(c, d, *s.ancienne(x.Remplace))
}

// ciblesLettre spells what is to be corrected with its titles.
func (s *serveur) ciblesLettre(t segur.TypeDemande, balises []string) (cs []lettre.Cible, err error) {
	j, err := s.g.JeuDuJour(t)
	if err != nil {
		return nil, err
	}
	for _, b := range balises {
		c := lettre.Cible{Balise: b}
		if f, ok := j.Champ(b); ok {
			c.Libelle = f.Titre
		} else if x, ok := j.Bloc(b); ok {
			c.Libelle = x.Titre
		}
		cs = append(cs, c)
	}
	return cs, nil
}

// nonce is a word that only this answer knows.
func (s *serveur) nonce() (string, error) {
	var b [18]byte
	if _, err := io.ReadFull(s.o.Hasard, b[:]); err != nil {
		return "", fmt.Errorf("randomness: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

const politiqueLettre = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// rendreLettre answers with a letter: a page that stands alone, or its PDF.
// Nothing is sent before the whole of it is written.
func (s *serveur) rendreLettre(v *visite, d *lettre.Document, nom string, pdf bool) error {
	var b bytes.Buffer
	genre, politique := "text/html; charset=utf-8", politiqueLettre
	if pdf {
		if err := d.PDF(&b); err != nil {
			return err
		}
		genre = "application/pdf"
		v.w.Header().Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": nom + ".pdf"}))
	} else {
		mot, err := s.nonce()
		if err != nil {
			return err
		}
		if err := d.HTML(&b, mot); err != nil {
			return err
		}
		politique += "; style-src 'nonce-" + mot + "'"
	}
	h := v.w.Header()
	h.Set("Content-Type", genre)
	h.Set("Content-Security-Policy", politique)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(b.Bytes()) // nobody is left to tell
	}
	return nil
}

// nomDocument makes a reference into a file name.
func nomDocument(reference string) string { return strings.ReplaceAll(reference, "/", "-") }

// controlerAgence refuses options that no letter could be written with.
func (o *Options) controlerAgence() error {
	if o.Agence.Nom == "" || o.Hasard == nil {
		return errors.New("web: letters need the agency's name, pages a source of randomness")
	}
	return nil
}
