package piece

import (
	"slices"
	"strings"

	"guichet.example/segur"
)

// The codes of supporting documents as files; 2400 to 2439 are those of their
// declaration, in package segur. A number is never reused.
const (
	CodeChemin     segur.Code = 2440 // a path in a name
	CodeDossier    segur.Code = 2441 // a folder
	CodeDoublon    segur.Code = 2442 // one name, several files
	CodeLien       segur.Code = 2443 // a link or special file
	CodeInattendue segur.Code = 2444 // no request declares the name
	CodeManquante  segur.Code = 2445 // declared, not there

	CodeEntreeChiffree segur.Code = 2446 // encrypted entry of a zip
	CodeMethode        segur.Code = 2447 // compression method other than store and deflate
	CodeBombe          segur.Code = 2448 // entry that inflates out of measure
	CodeEndommagee     segur.Code = 2449 // wrong CRC, wrong size, cut data
	CodeVide           segur.Code = 2450 // no byte
	CodeTropGrosse     segur.Code = 2451 // over segur.PieceMax

	CodeContenu        segur.Code = 2455 // content is not what the name says
	CodePDFChiffre     segur.Code = 2456
	CodePDFIllisible   segur.Code = 2457
	CodePDFSansPage    segur.Code = 2458
	CodePDFLimites     segur.Code = 2459 // not opened within the time and memory allowed
	CodeImageIllisible segur.Code = 2460
	CodeImageCoupee    segur.Code = 2461

	CodePasZip        segur.Code = 2470 // no zip at all
	CodeZipIllisible  segur.Code = 2471 // zip cut short or damaged
	CodeZipVide       segur.Code = 2472 // no file in it
	CodeZipTropGros   segur.Code = 2473 // over segur.ZipMax
	CodeTropEntrees   segur.Code = 2474 // over EntreesMax
	CodeZipBombe      segur.Code = 2475 // declares more than TotalMax once inflated
	CodeChevauchement segur.Code = 2476 // two entries share the same bytes

	AvertPieceLourde segur.Code = 9440 // over segur.PieceProduiteMax, still accepted (D11)
	AvertZipLourd    segur.Code = 9441 // over segur.ZipProduitMax, still accepted (D11)
)

// Catalogue lists every code that this package can give, ascending. The slice
// is the caller's.
func Catalogue() []segur.Entree { return slices.Clone(catalogue) }

// Entree returns the catalogue's entry of a code; false when there is none.
func Entree(c segur.Code) (segur.Entree, bool) {
	i, ok := slices.BinarySearchFunc(catalogue, c, func(e segur.Entree, c segur.Code) int { return int(e.Code) - int(c) })
	if !ok {
		return segur.Entree{}, false
	}
	return catalogue[i], true
}

// Constat is what was found about one file or archive: a refusal or a warning.
type Constat struct {
	Nom     string // as written in the archive or folder; any bytes
	Source  string // the archive or folder, as the caller named it; "" for a file given alone
	Code    segur.Code
	Gravite segur.Gravite
	Message string // French; safe to show on a terminal
	Attendu string
	Remede  string
}

// nouveau makes the constat of a code. mots are pairs: a word in braces of the
// catalogue's sentences, then its text. {nom} and {source} are always there.
func nouveau(c segur.Code, nom, source string, mots ...string) Constat {
	e, ok := Entree(c)
	if !ok {
		panic("piece: code " + c.String() + " is not in the catalogue")
	}
	// One pass: braces inside a stranger's file name are not replaced.
	r := strings.NewReplacer(append(mots, "{nom}", visible(nom), "{source}", visible(source))...)
	return Constat{
		Nom: nom, Source: source, Code: c, Gravite: e.Gravite,
		Message: r.Replace(e.Message), Attendu: r.Replace(e.Attendu), Remede: r.Replace(e.Remede),
	}
}
