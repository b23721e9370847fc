package courrier

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// TLS says how the way to the server is protected.
type TLS string

// Policies of TLS.
const (
	TLSObligatoire TLS = "obligatoire" // STARTTLS, or nothing is sent
	TLSImplicite   TLS = "implicite"   // TLS from the first byte (smtps)
	TLSSiPossible  TLS = "si_possible" // STARTTLS when the server offers it; never with a password
	TLSAucun       TLS = "aucun"       // a relay on the same machine; never with a password
)

// Reglages is how mail leaves.
type Reglages struct {
	Hote        string
	Port        int
	Identifiant string // "" = no authentication
	MotDePasse  string
	TLS         TLS
	De          mail.Address
	RepondreA   string // "" = De
	Nom         string // said in EHLO; "" = the domain of De
	Delai       time.Duration
	Racines     *x509.CertPool // nil = the machine's
}

const delaiDefaut = 30 * time.Second

// LireReglages reads the setting GUICHET_SMTP:
//
//	smtp://identifiant:motdepasse@hote:587?de=Portail <portail@exemple.fr>&tls=obligatoire&delai=30s
//
// smtps:// is TLS from the first byte, port 465. Parameters: de (required),
// repondre, nom, tls, delai. Errors never repeat the password.
func LireReglages(s string) (Reglages, error) {
	u, err := url.Parse(s)
	if err != nil {
		return Reglages{}, errors.New("réglage SMTP illisible : attendu smtp://hote:587?de=adresse") // err repeats the address with its password
	}
	r := Reglages{Hote: u.Hostname(), TLS: TLSObligatoire, Port: 587, Delai: delaiDefaut}
	switch u.Scheme {
	case "smtp":
	case "smtps":
		r.TLS, r.Port = TLSImplicite, 465
	default:
		return r, fmt.Errorf("réglage SMTP : le début « %.10s:// » est inconnu ; attendu smtp:// ou smtps://", u.Scheme)
	}
	if r.Hote == "" || u.Path != "" && u.Path != "/" {
		return r, errors.New("réglage SMTP : attendu un nom de serveur et aucun chemin, par exemple smtp://hote:587?de=adresse")
	}
	if p := u.Port(); p != "" {
		if r.Port, err = strconv.Atoi(p); err != nil || r.Port < 1 || r.Port > 65535 {
			return r, fmt.Errorf("réglage SMTP : le port « %.10s » doit être de 1 à 65535", p)
		}
	}
	r.Identifiant = u.User.Username()
	r.MotDePasse, _ = u.User.Password()
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return r, errors.New("réglage SMTP : les paramètres sont illisibles")
	}
	for cle, v := range q {
		if len(v) != 1 {
			return r, fmt.Errorf("réglage SMTP : le paramètre « %.20s » est donné %d fois", cle, len(v))
		}
		if err := r.parametre(cle, v[0]); err != nil {
			return r, err
		}
	}
	return r, r.controler()
}

func (r *Reglages) parametre(cle, v string) error {
	switch cle {
	case "de":
		a, err := mail.ParseAddress(v)
		if err != nil {
			return fmt.Errorf("réglage SMTP : « de » n’est pas une adresse : « %.80s »", v)
		}
		r.De = *a
	case "repondre":
		r.RepondreA = v
	case "nom":
		r.Nom = v
	case "tls":
		if r.TLS == TLSImplicite && TLS(v) != TLSImplicite {
			return errors.New("réglage SMTP : smtps:// est toujours en TLS ; ôtez le paramètre « tls »")
		}
		r.TLS = TLS(v)
	case "delai":
		d, err := time.ParseDuration(v)
		if err != nil || d < time.Second || d > 10*time.Minute {
			return fmt.Errorf("réglage SMTP : le délai « %.20s » doit être de 1s à 10m", v)
		}
		r.Delai = d
	default:
		return fmt.Errorf("réglage SMTP : le paramètre « %.20s » est inconnu ; attendu de, repondre, nom, tls, delai", cle)
	}
	return nil
}

// controler refuses settings that could not send, or would send a password in
// the clear.
func (r Reglages) controler() error {
	switch r.TLS {
	case TLSObligatoire, TLSImplicite, TLSSiPossible, TLSAucun:
	default:
		return fmt.Errorf("réglage SMTP : « tls=%.20s » est inconnu ; attendu obligatoire, implicite, si_possible ou aucun", r.TLS)
	}
	switch {
	case r.Hote == "" || r.Port < 1 || r.Delai <= 0:
		return errors.New("réglage SMTP : il manque le serveur, le port ou le délai")
	case !adresse(r.De.Address):
		return errors.New("réglage SMTP : il manque « de », l’adresse de l’expéditeur")
	case r.RepondreA != "" && !adresse(r.RepondreA):
		return fmt.Errorf("réglage SMTP : « repondre » n’est pas une adresse : « %.80s »", r.RepondreA)
	case r.Nom != "" && strings.ContainsAny(r.Nom, " \r\n\t"):
		return errors.New("réglage SMTP : « nom » est un nom de machine, sans espace")
	case r.Identifiant != "" && (r.TLS == TLSSiPossible || r.TLS == TLSAucun):
		return fmt.Errorf("réglage SMTP : avec « tls=%s » le mot de passe pourrait passer en clair ; attendu obligatoire ou implicite", r.TLS)
	}
	return nil
}

// String gives the settings with the password masked.
func (r Reglages) String() string {
	debut := "smtp://"
	if r.TLS == TLSImplicite {
		debut = "smtps://"
	}
	if r.Identifiant != "" {
		debut += url.QueryEscape(r.Identifiant) + ":***@"
	}
	return debut + net.JoinHostPort(r.Hote, strconv.Itoa(r.Port)) + "?de=" + url.QueryEscape(r.De.Address) + "&tls=" + string(r.TLS)
}

// GoString keeps the password out of %#v too.
func (r Reglages) GoString() string { return r.String() }

// domaine is what stands behind the @ of the sender.
func (r Reglages) domaine() string { return r.De.Address[strings.LastIndexByte(r.De.Address, '@')+1:] }
