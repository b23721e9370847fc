package guichet_test

import (
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

func TestSiretValide(t *testing.T) {
	t.Parallel()
	for siret, bon := range map[string]bool{
		"99999999800001":  true,
		"99999999800002":  false,
		"35600000000048":  true,  // La Poste, its head office: Luhn holds too
		"35600000049837":  true,  // La Poste, an establishment: sum of digits 45
		"35600000049838":  false, // neither key
		"35600000149836":  false, // not La Poste's SIREN
		"00000000000000":  false,
		"9999999980000":   false,
		"999999998000010": false,
		"9999999980000A":  false,
		"":                false,
	} {
		if got := guichet.SiretValide(siret); got != bon {
			t.Errorf("%s: %v", siret, got)
		}
	}
}

func TestIBANNet(t *testing.T) {
	t.Parallel()
	for iban, bon := range map[string]bool{
		"FR76 3000 6000 0112 3456 7890 189": true, // the example of the standard's own pages
		"fr7630006000011234567890189":       true,
		"FR7630006000011234567890188":       false,
		"FR763000600001123456789018":        false,
		"BE68539007547034":                  true,
		"1276300060000112345678901":         false,
		"FRAA30006000011234567890189":       false,
		"":                                  false,
		"FR76-3000-6000-0112-3456-7890-189": false,
		"GB82WEST12345698765432":            true,
		strings.Repeat("A", 40):             false,
	} {
		if _, got := guichet.IBANNet(iban); got != bon {
			t.Errorf("%s: %v", iban, got)
		}
	}
	if net, _ := guichet.IBANNet(" fr76 3000 6000 0112 3456 7890 189 "); net != "FR7630006000011234567890189" {
		t.Error(net)
	}
}

func TestExigerMotDePasse(t *testing.T) {
	t.Parallel()
	c := &guichet.Compte{Identifiant: "camille.exemple@fournisseur.example", Nom: "Camille Exemple"}
	for motDePasse, bon := range map[string]bool{
		"onze signes":                         false,
		"douze signes":                        true,
		"étésétésétés":                        false, // three different signs
		"Camille Exemple":                     false,
		"camille-exemple-1":                   false,
		"camille.exemple@fournisseur.example": false,
		"le chat de Camille dort au soleil":   true,
		strings.Repeat("abcdef", 34):          false,
		"un très long mot de passe de soixante-quatre signes, et même plus": true,
		// Tried first by everybody, whatever is put around.
		"motdepasse123":          false,
		"M0t2P@sse-2023":         true, // "mot de p…" said otherwise is not in any list
		"P@ssw0rd!2023!":         false,
		"Marseille13013":         false,
		"soleil-soleil-soleil":   false,
		"azertyuiop^$12":         false,
		"poiuytrezaAZER":         true,
		"qsdfghjklmwx":           false,
		"123456789012":           false,
		"Pharmacie2023!":         false,
		"bonjour-marseille-2024": false,
		// Long and of words without a link.
		"cheval correct agrafe pile": true,
		"soleil jaune canard brume":  true,
	} {
		err := guichet.ExigerMotDePasse(c, motDePasse)
		if (err == nil) != bon {
			t.Errorf("%q: %v", motDePasse, err)
		}
	}
}
