package courrier

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

func facteur(t *testing.T, r Reglages) *Facteur {
	t.Helper()
	f, err := Nouveau(r)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestMessageArrivesWithBothParts(t *testing.T) {
	for politique, serveur := range map[TLS]TLS{TLSObligatoire: TLSObligatoire, TLSImplicite: TLSImplicite, TLSSiPossible: TLSObligatoire, TLSAucun: TLSAucun} {
		t.Run(string(politique), func(t *testing.T) {
			b := ouvrir(t, serveur)
			r := b.reglages(politique)
			if politique == TLSObligatoire || politique == TLSImplicite {
				r.Identifiant, r.MotDePasse = "portail", "bon"
			}
			envoye := tous(t, cadre())["modification"]
			if err := facteur(t, r).Envoyer(t.Context(), envoye, "courrier-42", quand); err != nil {
				t.Fatal(err)
			}
			l := b.messages()
			if len(l) != 1 {
				t.Fatalf("%d messages", len(l))
			}
			if l[0].chiffre != (serveur != TLSAucun) || l[0].identifiant != r.Identifiant || l[0].de != "portail@guichet.example" || l[0].a != a {
				t.Errorf("%+v", l[0])
			}
			verifierMessage(t, l[0].octets, envoye)
		})
	}
}

// verifierMessage reads a message as a mail reader does.
func verifierMessage(t *testing.T, octets []byte, envoye Message) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(octets))
	if err != nil {
		t.Fatal(err)
	}
	sujet, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || sujet != envoye.Objet {
		t.Errorf("subject %q, %v", sujet, err)
	}
	for cle, attendu := range map[string]string{
		"To": "<" + a + ">", "Reply-To": "<aide@guichet.example>", "Message-Id": "<courrier-42@guichet.example>", "Date": "Mon, 03 Jul 2023 14:05:00 +0200",
		"Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": "", "Bcc": "", "Cc": "",
	} {
		if v := m.Header.Get(cle); v != attendu {
			t.Errorf("%s: %q, expected %q", cle, v, attendu)
		}
	}
	genre, p, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || genre != "multipart/alternative" {
		t.Fatalf("%s, %v", genre, err)
	}
	parts := multipart.NewReader(m.Body, p["boundary"])
	// The plain text comes first: the last part is the one that readers prefer.
	for _, attendu := range [][2]string{{"text/plain", envoye.Texte}, {"text/html", envoye.HTML}} {
		x, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		g, p, err := mime.ParseMediaType(x.Header.Get("Content-Type"))
		if err != nil || g != attendu[0] || !strings.EqualFold(p["charset"], "utf-8") {
			t.Errorf("%s %v, %v; expected %s", g, p, err, attendu[0])
		}
		lu, err := io.ReadAll(quotedprintable.NewReader(x))
		if err != nil || strings.TrimSpace(strings.ReplaceAll(string(lu), "\r\n", "\n")) != strings.TrimSpace(attendu[1]) {
			t.Errorf("%s: %v\n%s", g, err, lu)
		}
	}
	if _, err := parts.NextRawPart(); !errors.Is(err, io.EOF) {
		t.Errorf("a third part: %v", err)
	}
}

func TestPlainServerIsRefusedWhenTLSIsRequired(t *testing.T) {
	b := ouvrir(t, TLSAucun)
	err := facteur(t, b.reglages(TLSObligatoire)).Envoyer(t.Context(), tous(t, cadre())["avis"], "x", quand)
	if err == nil || Definitif(err) || len(b.messages()) != 0 {
		t.Errorf("%v, %d messages", err, len(b.messages()))
	}
}

func TestUnknownCertificateIsRefused(t *testing.T) {
	for _, p := range []TLS{TLSObligatoire, TLSImplicite} {
		b := ouvrir(t, p)
		r := b.reglages(p)
		_, r.Racines = certificat(t)
		err := facteur(t, r).Envoyer(t.Context(), tous(t, cadre())["avis"], "x", quand)
		if err == nil || Definitif(err) || len(b.messages()) != 0 {
			t.Errorf("%s: %v, %d messages", p, err, len(b.messages()))
		}
	}
}

func TestWrongPasswordMayPassLater(t *testing.T) {
	b := ouvrir(t, TLSObligatoire)
	r := b.reglages(TLSObligatoire)
	r.Identifiant, r.MotDePasse = "portail", "faux-secret"
	f := facteur(t, r)
	for _, err := range []error{f.Envoyer(t.Context(), tous(t, cadre())["avis"], "x", quand), f.Verifier(t.Context())} {
		if err == nil || Definitif(err) || strings.Contains(err.Error(), "faux-secret") {
			t.Errorf("%v", err)
		}
	}
	if len(b.messages()) != 0 {
		t.Error("a message went without authentication")
	}
}

func TestRefusalsForGoodAreTold(t *testing.T) {
	m := tous(t, cadre())["avis"]
	for nom, cas := range map[string]struct {
		rcpt, data error
		definitif  bool
	}{
		"no such mailbox":   {rcpt: &smtp.SMTPError{Code: 550, Message: "no such user"}, definitif: true},
		"mailbox is full":   {rcpt: &smtp.SMTPError{Code: 452, Message: "full"}},
		"content refused":   {data: &smtp.SMTPError{Code: 554, Message: "spam"}, definitif: true},
		"server is overrun": {data: &smtp.SMTPError{Code: 451, Message: "later"}},
	} {
		t.Run(nom, func(t *testing.T) {
			b := ouvrir(t, TLSAucun)
			b.refusRcpt, b.refusData = cas.rcpt, cas.data
			err := facteur(t, b.reglages(TLSAucun)).Envoyer(t.Context(), m, "x", quand)
			if err == nil || Definitif(err) != cas.definitif || len(b.messages()) != 0 {
				t.Errorf("got %v, for good: %v", err, Definitif(err))
			}
		})
	}
	b := ouvrir(t, TLSAucun)
	f := facteur(t, b.reglages(TLSAucun))
	for nom, err := range map[string]error{
		"no addressee":   f.Envoyer(t.Context(), Message{Objet: "x", Texte: "x", HTML: "x"}, "x", quand),
		"two lines":      f.Envoyer(t.Context(), Message{A: a, Objet: "x\r\nBcc: b@c.example", Texte: "x", HTML: "x"}, "x", quand),
		"bad id":         f.Envoyer(t.Context(), m, "x>\r\nBcc", quand),
		"too long":       f.Envoyer(t.Context(), Message{A: a, Objet: "x", Texte: strings.Repeat("x", corpsMax+1), HTML: "x"}, "x", quand),
		"without a body": f.Envoyer(t.Context(), Message{A: a, Objet: "x"}, "x", quand),
	} {
		if err == nil || !Definitif(err) {
			t.Errorf("%s: %v", nom, err)
		}
	}
	if n := len(b.messages()); n != 0 || b.connexions != 0 {
		t.Errorf("%d messages, %d connections for what cannot be sent", n, b.connexions)
	}
}

// A server that took the message and then cut the line: sending again would
// give a second copy to the supplier.
func TestTakenMessageIsSentOnceThoughTheLineBreaks(t *testing.T) {
	port := muet(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		fmt.Fprint(c, "220 localhost\r\n")
		for {
			l, err := r.ReadString('\n')
			switch {
			case err != nil:
				return
			case strings.HasPrefix(l, "DATA"):
				fmt.Fprint(c, "354 go\r\n")
				for l != ".\r\n" {
					if l, err = r.ReadString('\n'); err != nil {
						return
					}
				}
				fmt.Fprint(c, "250 taken\r\n")
				return
			default:
				fmt.Fprint(c, "250 localhost\r\n")
			}
		}
	})
	b := &boite{port: port}
	if err := facteur(t, b.reglages(TLSAucun)).Envoyer(t.Context(), tous(t, cadre())["avis"], "x", quand); err != nil {
		t.Error(err)
	}
}

func TestSilentServerIsLeft(t *testing.T) {
	port := muet(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	b := &boite{port: port}
	r := b.reglages(TLSAucun)
	m := tous(t, cadre())["avis"]

	r.Delai = 100 * time.Millisecond
	if err := facteur(t, r).Envoyer(t.Context(), m, "x", quand); err == nil || Definitif(err) {
		t.Errorf("timeout: %v", err)
	}
	r.Delai = time.Minute
	ctx, fin := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer fin()
	debut := time.Now()
	if err := facteur(t, r).Envoyer(ctx, m, "x", quand); err == nil || Definitif(err) || time.Since(debut) > 10*time.Second {
		t.Errorf("cancelled: %v after %s", err, time.Since(debut))
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &boite{port: l.Addr().(*net.TCPAddr).Port}
	l.Close()
	f := facteur(t, b.reglages(TLSAucun))
	var reseau *net.OpError
	if err := f.Envoyer(t.Context(), tous(t, cadre())["avis"], "x", quand); !errors.As(err, &reseau) || Definitif(err) {
		t.Errorf("%v", err)
	}
	if err := f.Verifier(t.Context()); err == nil {
		t.Error("the probe says that all is well")
	}
}

func TestProbeSendsNothing(t *testing.T) {
	b := ouvrir(t, TLSObligatoire)
	if err := facteur(t, b.reglages(TLSObligatoire)).Verifier(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(b.messages()) != 0 || b.connexions == 0 {
		t.Errorf("%d messages, %d connections", len(b.messages()), b.connexions)
	}
}
