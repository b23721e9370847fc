package main

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"guichet.example/internal/courrier"
	"guichet.example/internal/store"
)

// exigerChiffre refuses settings by which requests, documents or passwords
// would cross a network in the clear, or to somebody who has not proved who he
// is. GUICHET_CLAIR admits a service, with the reason.
func (r reglages) exigerChiffre() error {
	admis, err := r.clairsAdmis()
	if err != nil {
		return err
	}
	clairs, err := r.clairs()
	if err != nil {
		return err
	}
	for _, c := range clairs {
		if !admis[c.service] {
			return usage("%s : %s serait joint sans TLS éprouvé. %s Sur un réseau sûr, dites pourquoi : GUICHET_CLAIR=%s=RAISON.", c.reglage, c.hote, c.remede, c.service)
		}
	}
	return nil
}

// clair is a service that a setting reaches in the clear, out of this machine.
type clair struct{ service, reglage, hote, remede string }

func (r reglages) clairs() (cs []clair, err error) {
	if s := r["GUICHET_BASE"]; strings.HasPrefix(s, "postgres") {
		hotes, err := store.HotesEnClair(s)
		if err != nil {
			return nil, err
		}
		for _, h := range hotes {
			cs = append(cs, clair{"base", "GUICHET_BASE", h, "Ajoutez sslmode=verify-full (et sslrootcert=FICHIER)."})
		}
	}
	if u, err := url.Parse(r["GUICHET_PIECES"]); err == nil && u.Scheme == "s3" {
		if e, err := url.Parse(u.Query().Get("endpoint")); err == nil && e.Scheme == "http" {
			cs = append(cs, clair{"pieces", "GUICHET_PIECES", e.Hostname(), "Donnez un endpoint en https."})
		}
	}
	if u, err := url.Parse(r["GUICHET_CLAMD"]); err == nil && u.Scheme == "tcp" {
		cs = append(cs, clair{"antivirus", "GUICHET_CLAMD", u.Hostname(), "clamd ne connaît pas TLS : faites-le tourner sur cette machine, ou joignez-le par un tunnel."})
	}
	if u, err := url.Parse(r["GUICHET_OTLP"]); err == nil && u.Scheme == "http" {
		cs = append(cs, clair{"traces", "GUICHET_OTLP", u.Hostname(), "Donnez une adresse en https."})
	}
	if s := r["GUICHET_SMTP"]; s != "" {
		q, err := courrier.LireReglages(s)
		if err == nil && (q.TLS == courrier.TLSAucun || q.TLS == courrier.TLSSiPossible) {
			cs = append(cs, clair{"courrier", "GUICHET_SMTP", q.Hote, "Ôtez le paramètre « tls », ou donnez smtps://."})
		}
	}
	return slices.DeleteFunc(cs, func(c clair) bool { return surPlace(c.hote) }), nil
}

// surPlace tells a host that is this machine: a socket in a folder, or an
// address that no network carries.
func surPlace(hote string) bool {
	if hote == "localhost" || strings.HasPrefix(hote, "/") || strings.HasPrefix(hote, "@") {
		return true
	}
	a, err := netip.ParseAddr(hote)
	return err == nil && a.Unmap().IsLoopback()
}

// clairsAdmis reads GUICHET_CLAIR.
func (r reglages) clairsAdmis() (map[string]bool, error) {
	services := []string{"base", "pieces", "antivirus", "courrier", "traces"}
	admis := map[string]bool{}
	for x := range strings.SplitSeq(r["GUICHET_CLAIR"], ";") {
		if x = strings.TrimSpace(x); x == "" {
			continue
		}
		service, raison, _ := strings.Cut(x, "=")
		if service = strings.TrimSpace(service); !slices.Contains(services, service) {
			return nil, usage("GUICHET_CLAIR : « %s » n’est pas un service ; attendu SERVICE=RAISON, services : %s", service, strings.Join(services, ", "))
		}
		if strings.TrimSpace(raison) == "" {
			return nil, usage("GUICHET_CLAIR : « %s » ne dit pas pourquoi ; attendu %s=RAISON", x, service)
		}
		admis[service] = true
	}
	return admis, nil
}
