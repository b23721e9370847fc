package tableur

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

const bom = "\xef\xbb\xbf"

// decoder turns the bytes of a CSV into text and tells the encoding, as people
// name it.
func decoder(octets []byte, voulu string) (texte, nom string, err error) {
	switch strings.ToLower(strings.ReplaceAll(voulu, "_", "-")) {
	case "":
		return deviner(octets)
	case "utf-8", "utf8":
		if i := fauteUTF8(octets); i >= 0 {
			return "", "", fmt.Errorf("ligne %d : l’octet 0x%02X n’est pas de l’UTF-8 ; essayez --encodage windows-1252", 1+bytes.Count(octets[:i], []byte("\n")), octets[i])
		}
		return string(bytes.TrimPrefix(octets, []byte(bom))), "UTF-8", nil
	case "windows-1252", "cp1252", "ansi":
		return decoder1252(octets)
	case "iso-8859-1", "latin1", "latin-1":
		t, err := charmap.ISO8859_1.NewDecoder().Bytes(octets)
		return string(t), "ISO-8859-1", err
	case "utf-16", "utf16":
		return decoder16(octets)
	}
	return "", "", fmt.Errorf("l’encodage « %s » n’est pas connu ; attendu : utf-8, windows-1252, iso-8859-1 ou utf-16", tronquer(voulu))
}

// compose is a text whose accents stand in their letters, as the format counts
// and compares them: Macs write them apart, behind the letter, in names of files
// and whatever is copied from these. Only texts with such marks cost anything.
func compose(texte string) string {
	if strings.IndexByte(texte, 0xcc) < 0 && strings.IndexByte(texte, 0xcd) < 0 { // U+0300 to U+036F begin so
		return texte
	}
	return norm.NFC.String(texte)
}

// deviner tells UTF-8 by its own check, which no other text passes by chance;
// then a character between 0x80 and 0x9F tells Windows-1252 from ISO-8859-1,
// which has only control characters there.
func deviner(octets []byte) (texte, nom string, err error) {
	switch {
	case bytes.HasPrefix(octets, []byte(bom)) && fauteUTF8(octets) < 0:
		return string(octets[len(bom):]), "UTF-8 avec BOM", nil
	case bytes.HasPrefix(octets, []byte("\xff\xfe")), bytes.HasPrefix(octets, []byte("\xfe\xff")):
		return decoder16(octets)
	case fauteUTF8(octets) < 0:
		return string(octets), "UTF-8", nil
	case bytes.HasPrefix(octets, []byte(bom)):
		return "", "", errors.New("ce fichier commence comme de l’UTF-8 et n’en est pas : il est abîmé ou mêle deux encodages ; enregistrez-le de nouveau depuis le tableur")
	}
	t, nom, err := decoder1252(octets)
	if err != nil {
		return "", "", err
	}
	if !aSignes1252(octets) {
		nom = "Windows-1252 ou ISO-8859-1 (mêmes caractères ici)"
	}
	return t, nom, nil
}

func aSignes1252(octets []byte) bool {
	for _, c := range octets {
		if c >= 0x80 && c <= 0x9f {
			return true
		}
	}
	return false
}

func decoder1252(octets []byte) (string, string, error) {
	// Five bytes are no character of Windows-1252: another encoding was meant.
	for i, c := range octets {
		switch c {
		case 0x81, 0x8d, 0x8f, 0x90, 0x9d:
			return "", "", fmt.Errorf("ligne %d : l’octet 0x%02X n’est ni de l’UTF-8 ni du Windows-1252 ; enregistrez la liste en « CSV UTF-8 », ou précisez --encodage", 1+bytes.Count(octets[:i], []byte("\n")), c)
		}
	}
	t, err := charmap.Windows1252.NewDecoder().Bytes(octets)
	return string(t), "Windows-1252", err
}

func decoder16(octets []byte) (string, string, error) {
	t, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(octets)
	return string(t), "UTF-16", err
}

// fauteUTF8 is where the first byte that is no UTF-8 stands; -1 = nowhere.
func fauteUTF8(octets []byte) int {
	if utf8.Valid(octets) {
		return -1
	}
	for i := 0; i < len(octets); {
		r, n := utf8.DecodeRune(octets[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
