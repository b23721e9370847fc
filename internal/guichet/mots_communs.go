package guichet

import (
	"slices"
	"strings"
	"unicode"
)

// motsCommuns are the words that guessers try first, folded: those of French
// and English lists of leaked passwords, and of this house. A password made of
// one or two of them and of signs around is refused, whatever its length; a
// sentence of other words is not.
const motsCommuns = "motdepasse monmotdepasse motdepass mdp password passwd pass passe secret admin administrateur administrator root user utilisateur invite guest test " +
	"testtest demo login connexion compte bienvenue welcome bonjour bonsoir salut coucou hello changeme changezmoi letmein ouvretoi sesame iloveyou jetaime jetadore " +
	"amour monamour amoureux toujours coeur doudou loulou chouchou nounours princesse princess prince superman batman spiderman pokemon pikachu dragon monkey tigre " +
	"lion panda chocolat caramel vanille fraise soleil sunshine lumiere etoile starwars nature maison famille bebe maman papa mamie enfant camille nicolas thomas " +
	"julien julie marie sophie pauline charlotte chloe manon lucas hugo louis alexandre alexandra maxime antoine pierre jean michel daniel david kevin anthony " +
	"vincent sebastien frederic christophe philippe isabelle nathalie sandrine stephanie celine aurelie caroline laura sarah michael jordan ashley jessica jennifer " +
	"football foot rugby tennis basket baseball hockey olympique marseille paris parissg psg lyon lille toulouse bordeaux nantes rennes strasbourg france francais " +
	"vivelafrance bretagne corse azerty azertyuiop qwerty qwertyuiop qsdfghjklm asdfghjkl wxcvbn zxcvbn abcdef abcdefgh internet ordinateur computer telephone " +
	"portable samsung iphone apple android google facebook orange bouygues windows microsoft linux hotmail gmail yahoo wanadoo voiture peugeot renault citroen " +
	"ferrari porsche mercedes lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre " +
	"decembre printemps ete automne hiver spring summer autumn winter january february march april june july august september october november december vacances " +
	"noel musique music guitare master shadow freedom liberte egalite fraternite whatever trustno fuckyou killer hunter ranger matrix qazwsx " +
	"pharmacie pharmacien pharmacienne officine pharma segur segurnumerique numerique sante medecin docteur hopital medicament logiciel editeur fournisseur agence " +
	"guichet portail avance solde financement entreprise societe travail bureau"

// clavier are runs of keys and signs; any part of one, either way, is guessed.
var clavier = []string{"azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "01234567890123456789012345678901234567890", "1a2z3e4r5t6y7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "a1z2e3r4t5y6u7i8o9p0", "1qaz2wsx3edc4rfv5tgb6yhn"}

// devinable tells a password that guessers try early.
func devinable(motDePasse string) bool {
	m := lettresSeules(strings.Map(sansAccent, motDePasse))
	for _, rangee := range clavier {
		if strings.Contains(rangee, m) || strings.Contains(rangee, renverse(m)) {
			return true
		}
	}
	mots := strings.Fields(motsCommuns)
	// Signs around are not letters written otherwise; those inside are.
	coeur := strings.TrimFunc(strings.ToLower(strings.Map(sansAccent, motDePasse)), func(r rune) bool { return !unicode.IsLetter(r) })
	clair := strings.Map(commeLettre, coeur)
	for _, lettres := range []string{sansChiffres(m), sansChiffres(lettresSeules(clair))} {
		if slices.ContainsFunc(mots, func(mot string) bool { return reste(lettres, mot, mots) }) {
			return true
		}
	}
	return false
}

// reste tells whether letters are a common word, alone, repeated or with
// another one behind.
func reste(lettres, mot string, mots []string) bool {
	suite, ok := strings.CutPrefix(lettres, mot)
	return ok && (suite == "" || slices.Contains(mots, suite) || strings.ReplaceAll(suite, mot, "") == "")
}

// commeLettre undoes the signs that people write for letters.
func commeLettre(r rune) rune {
	if i := slices.Index([]rune("013457@$€!"), r); i >= 0 {
		return []rune("oieastasei")[i]
	}
	return r
}

func sansAccent(r rune) rune {
	for _, l := range []string{"aàâäá", "eéèêë", "iîïí", "oôöó", "uùûüú", "cç", "AÀÂÄÁ", "EÉÈÊË", "IÎÏÍ", "OÔÖÓ", "UÙÛÜÚ", "CÇ"} {
		if strings.ContainsRune(l, r) {
			return rune(l[0])
		}
	}
	return r
}

func sansChiffres(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, s)
}

func renverse(s string) string {
	rs := []rune(s)
	slices.Reverse(rs)
	return string(rs)
}
