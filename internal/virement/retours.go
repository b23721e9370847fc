package virement

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"guichet.example/segur"
)

// Bounds of a file of returns: it comes from outside.
const (
	RetoursTailleMax   = 64 << 20
	retoursProfondeur  = 32
	retoursTexte       = 512     // characters of one value
	retoursEntreBalise = 1 << 16 // bytes between two "<": a tag with a million attributes ends here
)

// Retour is one payment that the bank did not make or sent back.
type Retour struct {
	EndToEndID string
	Motif      string // ISO 20022 reason, four letters or digits; MS03 when the bank gives none
	Detail     string // the bank's own words, untrusted; may be empty
	// Ordre is the MsgId of the order that the payment was part of, "" when the
	// file does not say it: it tells a first payment from its re-issue.
	Ordre   string
	Montant segur.Montant // of the payment, in euros; 0 when the file does not say it
}

// Releve is what a file of returns says.
type Releve struct {
	Format  string // "pain.002.001.10", "camt.054.001.08"…
	Message string // MsgId of the file
	Ordre   string // MsgId of the order that it answers (pain.002); "" when not said
	// Rejet is the reason when the bank refused the whole order, without
	// naming its transfers: every one of them is then a return. "" otherwise.
	Rejet   string
	Retours []Retour // in the order of the file, each EndToEndID once an order
	Lus     int      // transfers read, returns or not
}

// LireRetours reads a pain.002 (status report) or a camt.054 (credit and debit
// notification) in any of its versions. It reads at most [RetoursTailleMax]
// bytes with bounded memory. A document type declaration, an encoding other
// than UTF-8, another format, a file cut short or contradicting itself are
// errors in French: then nothing may be concluded.
func LireRetours(r io.Reader) (*Releve, error) { return lireRetours(r, RetoursTailleMax) }

func lireRetours(r io.Reader, taille int64) (*Releve, error) {
	l := &lecteur{d: xml.NewDecoder(&borne{r: r, reste: taille}), vus: map[paiement]string{}}
	l.d.CharsetReader = func(encodage string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("encodage « %.20s » : attendu UTF-8, comme le veut ISO 20022", encodage)
	}
	if err := l.lire(); err != nil {
		return nil, fmt.Errorf("fichier de retours illisible : %w", err)
	}
	return &l.releve, nil
}

// lecteur walks over the document with the path of where it is; the values of
// the transfer, group and message under way wait in courant.
type lecteur struct {
	d       *xml.Decoder
	chemin  []string
	texte   strings.Builder
	devise  string // currency of the element that was opened last
	releve  Releve
	vus     map[paiement]string // reason of what came back
	message etat                // the whole order
	groupe  etat                // its PmtInf, or the entry of a camt.054
	courant etat                // one transfer
}

// paiement names one transfer: a first payment and its re-issue have one
// EndToEndID, and one notification may bring both back.
type paiement struct{ ordre, id string }

// etat is what is said of a transfer, of a group or of the whole.
type etat struct {
	id, statut, motif, detail string
	ordre                     string        // MsgId of the order, of a camt.054
	montant                   segur.Montant // 0 = not said
	sens                      string        // CRDT or DBIT, of a camt.054
	retour, transfert         bool
}

func (l *lecteur) lire() error {
	for {
		t, err := l.d.RawToken()
		if errors.Is(err, io.EOF) {
			return l.finir()
		}
		var faute *xml.SyntaxError
		if errors.As(err, &faute) {
			return fmt.Errorf("erreur de syntaxe XML à la ligne %d (%s)", faute.Line, faute.Msg)
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = l.ouvrir(t)
		case xml.EndElement:
			err = l.fermer(t)
		case xml.CharData:
			if l.texte.Len()+len(t) > 4*retoursTexte {
				return errors.New("un texte est trop long")
			}
			l.texte.Write(t)
		case xml.Directive:
			return errors.New("une déclaration de type (DOCTYPE) n’a pas sa place dans un message de banque")
		}
		if err != nil {
			return err
		}
	}
}

func (l *lecteur) finir() error {
	switch {
	case len(l.chemin) > 0:
		return errors.New("le document est tronqué")
	case l.releve.Format == "":
		return errors.New("ce n’est pas un document XML")
	}
	if l.message.statut == rejete && !l.message.transfert {
		l.releve.Rejet = motif(l.message.motif)
	}
	return nil
}

func (l *lecteur) ouvrir(t xml.StartElement) error {
	l.texte.Reset()
	if len(l.chemin) == 0 {
		if l.releve.Format != "" {
			return errors.New("il y a deux documents dans le fichier")
		}
		if l.releve.Format = format(t); l.releve.Format == "" {
			return errors.New("attendu un message ISO 20022 pain.002 ou camt.054")
		}
	}
	if len(l.chemin) == retoursProfondeur {
		return errors.New("les éléments sont trop imbriqués")
	}
	l.chemin = append(l.chemin, t.Name.Local)
	l.devise = ""
	for _, a := range t.Attr {
		if a.Name.Local == "Ccy" {
			l.devise = a.Value
		}
	}
	switch t.Name.Local {
	case "OrgnlPmtInfAndSts", "Ntry":
		l.groupe = etat{}
	case "TxInfAndSts", "TxDtls":
		l.courant = etat{}
	}
	return nil
}

// format names the message by the namespace of its root, "" when it is none
// of ours.
func format(t xml.StartElement) string {
	if t.Name.Local != "Document" {
		return ""
	}
	nom := "xmlns"
	if t.Name.Space != "" { // RawToken leaves the prefix
		nom = t.Name.Space
	}
	for _, a := range t.Attr {
		if a.Name.Local != nom || a.Name.Space != "" && a.Name.Space != "xmlns" {
			continue
		}
		f, ok := strings.CutPrefix(a.Value, "urn:iso:std:iso:20022:tech:xsd:")
		if ok && len(f) <= 20 && (strings.HasPrefix(f, "pain.002.001.") || strings.HasPrefix(f, "camt.054.001.")) {
			return f
		}
	}
	return ""
}

func (l *lecteur) fermer(t xml.EndElement) error {
	n := len(l.chemin) - 1
	if n < 0 || l.chemin[n] != t.Name.Local {
		return fmt.Errorf("la balise « /%.40s » ne ferme rien", t.Name.Local)
	}
	valeur := strings.TrimSpace(l.texte.String())
	l.texte.Reset()
	if len([]rune(valeur)) > retoursTexte {
		return errors.New("une valeur est trop longue")
	}
	err := l.noter(l.chemin, valeur)
	l.chemin = l.chemin[:n]
	return err
}

// noter takes what the element that closes says.
func (l *lecteur) noter(chemin []string, valeur string) error {
	camt := strings.HasPrefix(l.releve.Format, "camt")
	cible := l.cible(chemin)
	parent := ""
	if n := len(chemin); n > 1 {
		parent = chemin[n-2]
	}
	switch nom := chemin[len(chemin)-1]; nom {
	case "MsgId":
		switch parent {
		case "GrpHdr":
			l.releve.Message = valeur
		case "Refs":
			cible.ordre = valeur
		}
	case "InstdAmt", "TxAmt", "Amt":
		return cible.payer(parent, valeur, l.devise)
	case "OrgnlMsgId":
		l.releve.Ordre = valeur
	case "OrgnlEndToEndId":
		if !camt {
			cible.id = valeur
		}
	case "EndToEndId":
		if camt && parent == "Refs" {
			cible.id = valeur
		}
	case "GrpSts", "PmtInfSts", "TxSts":
		cible.statut = valeur
	case "Sts": // of an entry of a camt.054, either as a text or as a Cd
		if parent == "Ntry" && valeur != "" {
			cible.statut = valeur
		}
	case "Cd", "Prtry":
		switch {
		case parent == "Rsn" && cible.motif == "":
			cible.motif = valeur
		case parent == "Sts":
			cible.statut = valeur
		}
	case "AddtlInf":
		if cible.detail == "" {
			cible.detail = valeur
		}
	case "RtrInf":
		cible.retour = true
	case "CdtDbtInd":
		if parent == "Ntry" || parent == "TxDtls" {
			cible.sens = valeur
		}
	case "TxInfAndSts", "TxDtls":
		return l.finTransfert(camt)
	case "OrgnlPmtInfAndSts":
		// Our orders have one group: refused without naming a transfer, it is
		// the whole order.
		if cible.statut == rejete && !cible.transfert {
			l.releve.Rejet = motif(cmp.Or(cible.motif, l.message.motif))
		}
		l.groupe = etat{}
	}
	return nil
}

// cible is the state that an element speaks of.
func (l *lecteur) cible(chemin []string) *etat {
	switch {
	case slices.Contains(chemin, "TxInfAndSts") || slices.Contains(chemin, "TxDtls"):
		return &l.courant
	case slices.Contains(chemin, "OrgnlPmtInfAndSts") || slices.Contains(chemin, "Ntry"):
		return &l.groupe
	}
	return &l.message
}

const rejete = "RJCT"

// finTransfert judges the transfer that ends: in a pain.002 its status, or
// that of the group or of the whole when it has none; in a camt.054 money that
// came back on the account with a reason of return, booked and not announced.
func (l *lecteur) finTransfert(camt bool) error {
	l.releve.Lus++
	l.groupe.transfert, l.message.transfert = true, true
	c := l.courant
	var retour bool
	if camt {
		annonce := l.groupe.statut == "PDNG" || l.groupe.statut == "INFO"
		retour = c.retour && !annonce && cmp.Or(c.sens, l.groupe.sens) == "CRDT"
	} else {
		retour = cmp.Or(c.statut, l.groupe.statut, l.message.statut) == rejete
		c.motif = cmp.Or(c.motif, l.groupe.motif, l.message.motif)
	}
	if !retour {
		return nil
	}
	if c.id == "" || c.id == "NOTPROVIDED" || len(c.id) > idMax {
		return fmt.Errorf("le retour n° %d ne dit pas de quel virement il s’agit (EndToEndId)", len(l.releve.Retours)+1)
	}
	r := Retour{EndToEndID: c.id, Motif: motif(c.motif), Detail: c.detail, Ordre: c.ordre, Montant: c.montant}
	if !camt {
		r.Ordre = l.releve.Ordre
	}
	return l.ajouter(r)
}

// ajouter keeps a return; the same said again adds nothing, another reason for
// the same transfer is a contradiction.
func (l *lecteur) ajouter(r Retour) error {
	p := paiement{r.Ordre, r.EndToEndID}
	if m, deja := l.vus[p]; deja {
		if m != r.Motif {
			return fmt.Errorf("le virement « %.40s » est retourné pour deux motifs, %s et %s", r.EndToEndID, m, r.Motif)
		}
		return nil
	}
	if len(l.releve.Retours) == VirementsMax {
		return fmt.Errorf("plus de %d retours", VirementsMax)
	}
	l.vus[p] = r.Motif
	l.releve.Retours = append(l.releve.Retours, r)
	return nil
}

// motif gives the reason as an ISO code, or MS03 (reason not specified) for
// what has not its form.
func motif(s string) string {
	for i := range len(s) {
		if c := s[i]; !lettre(c) && (c < '0' || c > '9') {
			return "MS03"
		}
	}
	if len(s) != 4 {
		return "MS03"
	}
	return s
}
