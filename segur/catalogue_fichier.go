package segur

import (
	"bytes"
	"strings"
)

// cas says how to break the good file of the kit so that it has one fault.
type cas struct {
	balise     string // leaf or block to break
	faute      int    // by the fault of this last digit; see valeurFautive
	valeur     string // or by this JSON text
	piece      string // change how many pieces of this type a request has
	fois       int    // to this many
	pareilles  bool   // all of one name
	horsRegime bool   // under a regime that asks for none
	registre   bool   // control with a FINESS register
	nom        string // name of the file
	portail    bool   // control as the portal does
	casser     func(bon []byte) []byte
}

// entreesFichier are the codes of the file as a whole, of the keys, of the
// list of requests and of the file's name.
func entreesFichier() []Entree {
	return append(entreesOctets(), append(entreesForme(), entreesNom()...)...)
}

func remplacer(avant, apres string) *cas {
	return &cas{casser: func(bon []byte) []byte { return bytes.Replace(bon, []byte(avant), []byte(apres), 1) }}
}

func entreesOctets() []Entree {
	return []Entree{
		{Code: codeVide, Titre: "Fichier vide", Message: "Le fichier ne contient rien.", Attendu: "un objet JSON { impId, numeroAns, SIRET, lignesImport }", Remede: "Partez du modèle ; un export au multiple exact de 200 demandes laisse parfois un dernier fichier vide : ne le déposez pas.", Reference: "§2.2", cas: &cas{casser: func([]byte) []byte { return nil }}},
		{Code: codeTaille, Titre: "Fichier trop gros", Message: "Le fichier compte {mot} octets.", Attendu: "10 Mio (10485760 octets) au plus", Remede: "Répartissez les demandes en plusieurs fichiers ; 200 demandes tiennent dans moins de 1 Mo.", Reference: "D10", cas: &cas{casser: func(bon []byte) []byte { return append(bon, bytes.Repeat([]byte(" "), TailleMax)...) }}},
		{Code: codeUTF8, Titre: "Encodage incorrect : UTF-8 attendu", Message: "Un octet ({recu}) n’est pas de l’UTF-8 ; le fichier est sans doute en Windows-1252 ou ISO-8859-1.", Attendu: "un fichier encodé en UTF-8", Remede: "Enregistrez le fichier en UTF-8.", Reference: "§2.2", cas: &cas{casser: func(bon []byte) []byte {
			return bytes.Replace(bon, []byte("EXEMPLE"), []byte("EX\xc9MPLE"), 1)
		}}},
		{Code: codeUTF16, Titre: "Encodage incorrect : UTF-16", Message: "Le fichier est en UTF-16.", Attendu: "un fichier encodé en UTF-8", Remede: "Enregistrez le fichier en UTF-8 (« Unicode » est le nom de l’UTF-16 dans certains logiciels Windows).", Reference: "§2.2", cas: &cas{casser: func([]byte) []byte { return []byte("\xff\xfe{\x00}\x00") }}},
		{Code: codeSyntaxe, Titre: "JSON illisible", Message: "La lecture s’arrête ici : il faudrait {mot}.", Attendu: "{mot}", Remede: "Corrigez à cet endroit puis contrôlez de nouveau : ce qui suit n’a pas pu être lu.", Reference: "§2.2", cas: remplacer("null,\n", "null\n")},
		{Code: codeSuite, Titre: "Texte après la fin du JSON", Message: "Le fichier contient autre chose après l’accolade finale.", Attendu: "une seule valeur JSON", Remede: "Supprimez ce qui suit l’accolade finale ; deux fichiers ont peut-être été mis bout à bout.", Reference: "§2.2", cas: &cas{casser: func(bon []byte) []byte { return append(bon, "{}"...) }}},
		{Code: codeDoublon, Titre: "Balise en double", Message: "La balise « {cle} » est présente deux fois dans le même objet.", Attendu: "chaque balise une seule fois", Remede: "Supprimez l’une des deux.", Reference: "§2.2, D27", cas: remplacer(`"typeAction": `, `"typeAction": "C", "typeAction": `)},
		{Code: codeProfond, Titre: "Imbrication trop profonde", Message: "Des objets ou listes sont imbriqués sur plus de 16 niveaux.", Attendu: "16 niveaux au plus, la racine comprise", Remede: "Reprenez la structure du modèle, qui en a 5.", Reference: "D16", cas: &cas{balise: "commande.montantSegurHT", valeur: strings.Repeat("[", 13) + strings.Repeat("]", 13)}},
		{Code: codeSurrogat, Titre: "Caractère Unicode incomplet", Message: "L’échappement {mot} est la moitié d’un caractère.", Attendu: "du texte Unicode", Remede: "Écrivez le caractère lui-même, ou ses deux moitiés \\uD8xx\\uDCxx.", Reference: "D16", cas: &cas{balise: "beneficiaire.nomResponsable", valeur: `"EXEMPLE\ud800"`}},
		{Code: codeRacine, Titre: "La racine n’est pas un objet", Message: "Le fichier contient {type} au lieu d’un objet.", Attendu: "un objet JSON { impId, numeroAns, SIRET, lignesImport }", Remede: "Reprenez la structure du modèle.", Reference: "§2.2", cas: &cas{casser: func(bon []byte) []byte { return append(append([]byte("["), bon...), ']') }}},
		{Code: codeAutres, Titre: "Autres fautes de structure", Message: "{autre} autres fautes de structure ne sont pas détaillées.", Attendu: "un fichier conforme au modèle", Remede: "Corrigez d’abord celles qui sont listées.", Reference: "§1.2", cas: &cas{casser: clesEnTrop}},
		{Code: codeBOM, Titre: "Marque d’ordre des octets", Message: "Le fichier commence par une marque d’ordre des octets (BOM) ; elle est tolérée.", Attendu: "de l’UTF-8 sans BOM", Remede: "Enregistrez en « UTF-8 sans BOM » si votre logiciel le propose.", Reference: "§2.2", cas: &cas{casser: func(bon []byte) []byte { return append([]byte("\xef\xbb\xbf"), bon...) }}},
	}
}

// clesEnTrop gives the root more unknown keys than are listed one by one.
func clesEnTrop(bon []byte) []byte {
	var b bytes.Buffer
	b.WriteString("{")
	for i := range StructureDetaillee + 1 {
		b.WriteString(`"x`)
		b.WriteString(Code(i % 10000).String())
		b.WriteString(strings.Repeat("x", i/10000))
		b.WriteString(`":0,`)
	}
	b.Write(bon[1:])
	return b.Bytes()
}

func entreesForme() []Entree {
	return []Entree{
		{Code: codeInconnue, Titre: "Balise inconnue", Message: "La balise « {cle} » n’existe pas dans ce format.", Attendu: "les balises du modèle, et aucune autre", Remede: "Supprimez-la ou corrigez son nom.{proche}", Reference: "§3.2", cas: remplacer(`"typeAction"`, `"remarque": null, "typeAction"`)},
		{Code: codeCasse, Titre: "Balise mal orthographiée : majuscules et minuscules", Message: "La balise « {cle} » n’existe pas : majuscules et minuscules comptent.", Attendu: "les balises du modèle, et aucune autre", Remede: "Corrigez les majuscules et les minuscules.{proche}", Reference: "§3.2, D1", cas: remplacer(`"typeAction"`, `"TypeAction": "C", "typeAction"`)},
		{Code: codeLignes, Balise: cleLignesImport, Titre: "lignesImport : liste absente", Message: "La liste des demandes, lignesImport, n’est pas dans le fichier.", Attendu: "une liste de 1 à 200 demandes", Remede: "Ajoutez la liste lignesImport, comme dans le modèle.", Reference: "§3.2", cas: &cas{casser: func(bon []byte) []byte {
			return append(bon[:bytes.Index(bon, []byte(",\n  \"lignesImport\""))], "\n}\n"...)
		}}},
		{Code: codeLignesType, Balise: cleLignesImport, Titre: "lignesImport : ce n’est pas une liste", Message: "lignesImport contient {type} au lieu d’une liste.", Attendu: "une liste de 1 à 200 demandes", Remede: "Écrivez une liste [ … ], même pour une seule demande.", Reference: "§3.2", cas: &cas{casser: sansLignes(`{}`)}},
		{Code: codeLignesVide, Balise: cleLignesImport, Titre: "lignesImport : aucune demande", Message: "La liste des demandes est vide.", Attendu: "une liste de 1 à 200 demandes", Remede: "Ne déposez pas ce fichier : au multiple exact de 200 demandes, un export laisse parfois un dernier fichier vide.", Reference: "§2.1", cas: &cas{casser: sansLignes(`[]`)}},
		{Code: codeLignesTrop, Balise: cleLignesImport, Titre: "lignesImport : plus de 200 demandes", Message: "Le fichier contient {autre} demandes.", Attendu: "200 demandes au plus", Remede: "Répartissez les demandes en plusieurs fichiers de 200 au plus.", Reference: "§2.1", cas: &cas{casser: func(bon []byte) []byte { return nil }, fois: DemandesMax + 1}},
		{Code: codeLigneType, Balise: cleLignesImport, Titre: "lignesImport : demande mal formée", Message: "Un élément de lignesImport est {type} au lieu d’un objet.", Attendu: "un objet par demande", Remede: "Écrivez chaque demande comme un objet { … } ; une virgule de trop en fin de liste laisse parfois null.", Reference: "§3.2", cas: remplacer(`"lignesImport": [`, `"lignesImport": [null, `)},
		{Code: codePiecesTrop, Balise: "piecesJustificatives", Titre: "piecesJustificatives : trop de pièces", Message: "La demande déclare {autre} pièces de plus que les 200 premières, qui seules sont détaillées.", Attendu: "une ou deux pièces par demande", Remede: "Ne déclarez que les pièces demandées.", Reference: "§3.2", cas: &cas{piece: "*", fois: PiecesDetaillees + 1}},
	}
}

// sansLignes puts another value in the place of the list of requests.
func sansLignes(valeur string) func([]byte) []byte {
	return func(bon []byte) []byte {
		i := bytes.Index(bon, []byte(`"lignesImport": `))
		return append(append(bytes.Clone(bon[:i]), `"lignesImport": `+valeur...), "\n}\n"...)
	}
}

func entreesNom() []Entree {
	const forme = "JSON-<numeroAns>-<AAAAMMJJ>-<NNN>.json"
	return []Entree{
		{Code: codeNomForme, Titre: "Nom de fichier incorrect", Message: "Le fichier s’appelle {recu} ; {mot}.", Attendu: forme, Remede: "Renommez le fichier : le numéro ANS, la date du dépôt, puis 001 pour le premier fichier du jour. Avec « segur », --nom=non contrôle le contenu sans le nom.", Reference: "§3.3, D27", cas: &cas{nom: "export.json"}},
		{Code: codeNomDate, Titre: "Nom de fichier : date différente du jour", Message: "Le nom porte la date du {autrejour} ; le dépôt se fait le {mot}.", Attendu: "la date du jour du dépôt", Remede: "Renommez le fichier avec la date du jour.", Reference: "§3.3", cas: &cas{nom: "JSON-9999999999-20200101-001.json", portail: true}},
		{Code: codeNomNumero, Titre: "Nom de fichier : autre numéro ANS", Message: "Le nom {recu} ne porte pas le numeroAns du fichier, {mot}.", Attendu: "JSON-{mot}-<AAAAMMJJ>-<NNN>.json", Remede: "Accordez le nom du fichier et sa balise numeroAns.", Reference: "§3.3", cas: &cas{nom: "JSON-1111111111-20230701-001.json"}},
		{Code: codeNomJour, Titre: "Nom de fichier : date différente du jour", Message: "Le nom porte la date du {autrejour} ; le contrôle est fait au {mot}.", Attendu: "la date du jour du dépôt", Remede: "Déposez le fichier ce jour-là, ou renommez-le le jour du dépôt.", Reference: "§3.3, D25", cas: &cas{nom: "JSON-9999999999-20200101-001.json"}},
	}
}
