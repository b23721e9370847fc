package segur

import "sync"

// gabarit is how one fault of one kind of field reads. Its words in braces
// are filled from the field and from what was received:
// {cle} {balise} {attendu} {longueur} {recu} {autre} {mot} {etat}.
type gabarit struct {
	titre   string // a few words; also the label of the returned file
	message string // what is wrong
	remede  string // what to do
	attendu string // "" = the field's own
}

// fautesDe lists, for each kind of field, which last digits it can give
// besides those of communes. It is made when the first fault asks: building
// these maps at start-up would cost every run more than the control itself.
var fautesDe = sync.OnceValue(func() map[Genre]map[int]gabarit {
	return map[Genre]map[int]gabarit{
		GenreRang: {
			finForme:  {"{cle} : entier attendu", "{balise} vaut {recu} : ce n’est pas un entier écrit simplement.", "Écrivez le rang de la demande avec des chiffres seulement : ni décimale, ni exposant, ni signe.", ""},
			finPropre: {"{cle} : rang incorrect", "{balise} vaut {recu} pour la demande de rang {autre}.", "Écrivez {autre} : les demandes se numérotent 1, 2, 3… dans l’ordre du fichier.", "{autre}"},
		},
		GenreNul: {
			finForme: {"{cle} : null attendu", "{balise} vaut {recu} ; c’est l’agence qui remplit cette balise.", "Écrivez null, sans guillemets. Si ce fichier est un retour de l’agence, ne le redéposez pas : ses demandes acceptées sont déjà enregistrées.", ""},
		},
		GenreListe: {
			finForme: {"{cle} : valeur hors liste", "{balise} vaut {recu}, qui n’est pas une valeur admise.", "Écrivez {attendu}, exactement ainsi.{proche}", ""},
		},
		GenreIdentifiant: {
			finLongueur: {"{cle} : longueur incorrecte", "{balise} compte {autre} caractère(s) au lieu de {longueur}.", "Donnez les {longueur} caractères ; si des zéros de tête manquent, mettez la colonne du tableur au format texte.", ""},
			finForme:    {"{cle} : caractère non admis", "{balise} contient autre chose que des chiffres et des lettres sans accent.", "Retirez espaces, tirets, points et accents.", ""},
		},
		GenreNumero: {
			finLongueur: {"{cle} : longueur incorrecte", "{balise} compte {autre} caractère(s) au lieu de {longueur}.", "Donnez {longueur} chiffres ou lettres ; si des zéros de tête manquent, mettez la colonne du tableur au format texte.", ""},
			finForme:    {"{cle} : caractère non admis", "{balise} contient autre chose que des chiffres et des lettres sans accent ; ce numéro entre dans des noms de fichiers.", "Retirez espaces, tirets, points et accents.", ""},
			finPropre:   {"{cle} : numéro déjà utilisé dans le fichier", "{balise} vaut {recu}, déjà utilisé par la demande de rang {autre}.", "Donnez à cette demande un numéro jamais utilisé, et renommez ses pièces ; majuscules et minuscules ne distinguent pas deux numéros.", ""},
		},
		GenreReference: {
			finLongueur: {"{cle} : trop long", "{balise} compte {autre} caractère(s), pour {longueur} au plus.", "Recopiez le numéro ASP reçu dans le fichier retour de l’avance.", ""},
			finForme:    {"{cle} : caractère non admis", "{balise} contient autre chose que A–Z, 0–9 et le tiret.", "Recopiez le numéro ASP reçu dans le fichier retour de l’avance, sans espace.", ""},
		},
		GenreSiret: {
			finLongueur: {"{cle} : longueur incorrecte", "{balise} compte {autre} caractère(s) au lieu de {longueur}.", "Donnez les {longueur} chiffres du SIRET, sans espace ; le SIREN seul (9 chiffres) ne suffit pas.", ""},
			finForme:    {"{cle} : caractère non admis", "{balise} contient autre chose que des chiffres.", "Donnez les 14 chiffres à la suite, sans espace ni point.", ""},
		},
		GenreDate: {
			finInterdit:  {"{cle} : date trop ancienne", "{balise} vaut {recu}, avant le 01/01/1900.", "Vérifiez l’année : elle s’écrit sur quatre chiffres.", ""},
			finForme:     {"{cle} : forme de date incorrecte", "{balise} vaut {recu}, qui n’a pas la forme JJ/MM/AAAA.", "Écrivez deux chiffres pour le jour, deux pour le mois, quatre pour l’année, séparés par des barres : 03/02/2023.", ""},
			finPropre:    {"{cle} : date inexistante", "{balise} vaut {recu}, une date qui n’existe pas au calendrier.", "Vérifiez le jour et le mois : le jour vient d’abord.", ""},
			finPropreBis: {"{cle} : date à venir", "{balise} vaut {recu}, après le jour du contrôle ({mot}).", "Donnez la date de signature du document, au plus tard le jour du dépôt.", "une date au plus tard le {mot}"},
		},
		GenreMontant: {
			finForme:     {"{cle} : exactement deux décimales", "{balise} vaut {recu} : un montant s’écrit avec un point et exactement deux décimales.", "Écrivez par exemple 850.00 et non 850, 850.0 ou 8.5e2.{proche}", ""},
			finPropre:    {"{cle} : montant nul ou négatif", "{balise} vaut {recu}.", "Donnez le montant du document ; une prestation à 0 € n’est jamais financée.", "un montant supérieur à 0.00"},
			finPropreBis: {"{cle} : montant hors limites", "{balise} vaut {recu}, qui a plus de 9 chiffres avant le point.", "Vérifiez le montant : il est en euros, pas en centimes.", "au plus 999999999.99"},
		},
		GenreCarte: {
			finLongueur:  {"{cle} : longueur incorrecte", "{balise} compte {autre} caractère(s) au lieu de {longueur}.", "Recopiez les 10 caractères du numéro de carte, imprimés sur la carte CPA ou CPS.", ""},
			finForme:     {"{cle} : caractère non admis", "{balise} contient autre chose que des chiffres et des lettres sans accent.", "Retirez espaces, tirets, points et accents.", ""},
			finPropre:    {"{cle} : numéro RPPS au lieu de la carte", "{balise} compte 11 caractères : c’est sans doute le numéro RPPS du professionnel, pas celui de sa carte.", "Recopiez le numéro de la carte elle-même, 10 caractères, imprimé sur la carte CPA ou CPS.", ""},
			finPropreBis: {"{cle} : identifiant national au lieu de la carte", "{balise} compte 12 caractères : c’est sans doute l’identifiant national (un chiffre puis le RPPS), pas le numéro de la carte.", "Recopiez le numéro de la carte elle-même, 10 caractères, imprimé sur la carte CPA ou CPS.", ""},
		},
		GenreTexte: texteLibre(nil),
		GenreMajuscules: texteLibre(map[int]gabarit{
			finPropre: {"{cle} : minuscules non admises", "{balise} vaut {recu} et contient au moins une minuscule.", "Écrivez le nom en majuscules ; les accents, espaces, tirets et apostrophes sont admis.{proche}", ""},
		}),
		GenreCourriel: {
			finLongueur: {"{cle} : trop long", "{balise} compte {autre} caractère(s), pour {longueur} au plus.", "Donnez une adresse plus courte.", ""},
			finForme:    {"{cle} : adresse de courriel incorrecte", "{balise} vaut {recu}, qui n’est pas une adresse de courriel.", "Donnez une seule adresse nom@domaine.fr, sans accent, espace, guillemets ni chevrons.", ""},
		},
		GenreFiness: {
			finLongueur: {"{cle} : longueur incorrecte", "{balise} compte {autre} caractère(s) au lieu de 9.", "Donnez les 9 caractères du FINESS géographique ; si un zéro de tête manque, mettez la colonne du tableur au format texte.", ""},
			finForme:    {"{cle} : forme incorrecte", "{balise} vaut {recu}, qui n’a pas la forme d’un numéro FINESS.", "Donnez 9 chiffres ; seule la deuxième position peut être une lettre majuscule (2A, 2B).", ""},
			finPropre:   {"{cle} : catégorie d’établissement non admise", "{balise} vaut {recu}, un établissement de catégorie {autre}.", "Donnez le FINESS géographique de l’officine, pas le FINESS juridique ni celui d’un autre établissement.", "un établissement de catégorie 620, 627, 628 ou 629"},
		},
		GenreBooleen: {},
		GenreOperateur: {
			finForme: {"{cle} : code inconnu", "{balise} vaut {recu}, qui n’est pas un des 355 codes de la section 4.", "Recopiez le code tel quel, avec ses espaces et ses accents, ou écrivez null.{proche}", ""},
		},
		GenreNomPiece: {
			finLongueur:  {"{cle} : trop long", "{balise} compte {autre} caractère(s), pour {longueur} au plus.", "Nommez le fichier selon la nomenclature.{proche}", ""},
			finInterdit:  {"{cle} : contredit le type ou le format déclaré", "{balise} vaut {recu}, ce que formatFichier ou typeFichier contredit.", "Accordez le nom avec formatFichier et typeFichier.{proche}", ""},
			finForme:     {"{cle} : nom hors nomenclature", "{balise} vaut {recu}, qui ne suit pas la nomenclature.", "Nommez le fichier selon la nomenclature de la section 3.3, extension en minuscules.{proche}", ""},
			finPropre:    {"{cle} : numéro éditeur différent", "{balise} vaut {recu} : le numéro n’est pas le numeroEditeur de la demande.", "Renommez la pièce avec le numeroEditeur de sa demande.{proche}", ""},
			finPropreBis: {"{cle} : nom déjà utilisé", "{balise} vaut {recu}, déjà déclaré par une autre pièce de la demande.", "Donnez à chaque pièce un nom unique : deux fichiers du même nom s’écraseraient dans le zip.", "un nom par pièce"},
		},
		GenreFormatPiece: {
			finForme: {"{cle} : format non admis", "{balise} vaut {recu}, qui n’est pas un format admis.", "Écrivez {attendu}.{proche}", ""},
		},
		GenreTypePiece: {
			finForme: {"{cle} : type non admis", "{balise} vaut {recu}, qui n’est pas un type admis.", "Écrivez {attendu}.{proche}", ""},
		},
	}
})

// texteLibre is what a free text can have wrong, with more added.
func texteLibre(plus map[int]gabarit) map[int]gabarit {
	g := map[int]gabarit{
		finLongueur: {"{cle} : trop long", "{balise} compte {autre} caractère(s), pour {longueur} au plus.", "Raccourcissez la valeur à {longueur} caractères.", ""},
		finInterdit: {"{cle} : caractère invisible", "{balise} contient un caractère de contrôle ou de mise en forme ({point}), invisible à l’écran.", "Retapez la valeur au lieu de la copier-coller.", ""},
	}
	for k, v := range plus {
		g[k] = v
	}
	return g
}

// communes are the faults that every kind of field may have, where the kind
// allows them; see finsDe.
var communes = sync.OnceValue(func() map[int]gabarit {
	return map[int]gabarit{
		finAbsent:  {"{cle} : valeur obligatoire absente", "{balise} est obligatoire et {etat}.", "Renseignez-la : {attendu}.", ""},
		finType:    {"{cle} : type JSON incorrect", "{balise} contient {type} ; attendu : {typeattendu}.", "{remedetype}", ""},
		finMot:     {"{cle} : mot entre guillemets", "{balise} contient le texte {recu}, entre guillemets : pour le format c’est un texte comme un autre.", "{remedemot}", ""},
		finVide:    {"{cle} : texte vide", "{balise} ne contient aucun caractère visible.", "{remedevide}", ""},
		finEspaces: {"{cle} : espaces aux extrémités", "{balise} commence ou finit par un espace : {recu}.", "Supprimez les espaces au début et à la fin.", ""},
	}
})

// finsDe lists the last digits that a field can give, errors only.
func finsDe(c *Champ, entete bool) []int {
	var fins []int
	for fin := finAbsent; fin <= finPropreBis; fin++ {
		_, propre := fautesDe()[c.Genre][fin]
		_, commune := communes()[fin]
		switch {
		case propre:
		case !commune:
			continue
		case fin == finAbsent && (c.Facultatif || c.Genre == GenreNul && !entete):
			continue
		case c.Genre == GenreNul && fin != finAbsent && fin != finMot:
			continue
		case (c.Genre == GenreRang || c.Genre == GenreMontant || c.Genre == GenreBooleen) && (fin == finVide || fin == finEspaces):
			continue
		}
		fins = append(fins, fin)
	}
	return fins
}

func gabaritDe(c *Champ, fin int) gabarit {
	if g, ok := fautesDe()[c.Genre][fin]; ok {
		return g
	}
	return communes()[fin]
}
