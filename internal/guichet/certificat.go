package guichet

import (
	"guichet.example/segur"
)

// CertificatMax bounds a control certificate, in bytes: the files of one
// deposit and their documents need far less.
const CertificatMax = 4 << 20

// FichierCertifie is one file that a control certificate speaks of.
type FichierCertifie struct {
	SHA256          string // 64 hex
	EmpreinteRegles string // "sha256:…"
	Regles          string // for people: "PHA-LGO-Va1/avance, version 2022-11-04"
}

// LecteurCertificat reads a control certificate, as "segur certifier" writes
// it, and verifies that it is whole. The error is a French sentence without a
// capital and a full stop.
type LecteurCertificat func(octets []byte) (fichiers []FichierCertifie, jour string, err error)

// CertificatDepot is what the portal makes of the certificate that came with a
// deposit. It never refuses anything: it tells whether both sides have judged
// the same bytes by the same rules.
type CertificatDepot struct {
	Reconnu bool   `json:"reconnu"`
	Message string `json:"message"`
}

// reconnaitre holds a certificate against the file that came with it; nil when
// there is none, or nobody to read it.
func (g *Guichet) reconnaitre(certificat []byte, f segur.Fichier, j *segur.Jeu) *CertificatDepot {
	if len(certificat) == 0 || g.m.Certificat == nil {
		return nil
	}
	if len(certificat) > CertificatMax {
		return &CertificatDepot{Message: "Le certificat joint dépasse 4 Mio : il n’a pas été lu. Le dépôt n’en dépend pas."}
	}
	fichiers, jour, err := g.m.Certificat(certificat)
	if err != nil {
		return &CertificatDepot{Message: "Le certificat joint n’est pas reconnu : " + segur.Visible(err.Error(), 300) + ". Le dépôt n’en dépend pas."}
	}
	for _, x := range fichiers {
		switch {
		case x.SHA256 != f.SHA256:
		case x.EmpreinteRegles != j.Empreinte():
			return &CertificatDepot{Message: "Le certificat joint est bien celui de ce fichier, mais il a été fait avec d’autres règles (" + segur.Visible(x.Regles, 100) + ") que celles du portail : mettez segur à jour, puis certifiez de nouveau."}
		default:
			return &CertificatDepot{Reconnu: true, Message: "Certificat reconnu : ce fichier, octet pour octet, a été contrôlé avec les mêmes règles pour le " + segur.Visible(jour, 10) + "."}
		}
	}
	return &CertificatDepot{Message: "Le certificat joint est celui d’un autre fichier : aucune de ses empreintes n’est celle du fichier déposé. Le dépôt n’en dépend pas."}
}
