package contrat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// canonique writes a decoded value in the form of RFC 8785; numbers must be
// whole, as all of the journal's are.
func canonique(b *bytes.Buffer, v any) error {
	switch x := v.(type) {
	case nil, bool:
		fmt.Fprint(b, map[any]string{nil: "null", true: "true", false: "false"}[x])
	case json.Number:
		if strings.ContainsAny(x.String(), ".eE") || x.String() == "-0" {
			return fmt.Errorf("nombre %s qui n’est pas entier", x)
		}
		b.WriteString(x.String())
	case string:
		texteCanonique(b, x)
	case []any:
		b.WriteByte('[')
		for i, e := range x {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := canonique(b, e); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case objet:
		cles := slices.SortedFunc(maps.Keys(x), func(a, c string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(c)))
		})
		b.WriteByte('{')
		for i, cle := range cles {
			if i > 0 {
				b.WriteByte(',')
			}
			texteCanonique(b, cle)
			b.WriteByte(':')
			if err := canonique(b, x[cle]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	default:
		return fmt.Errorf("valeur %T", v)
	}
	return nil
}

func texteCanonique(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20:
			if i := strings.IndexRune("\b\f\n\r\t", r); i >= 0 {
				b.WriteString([]string{`\b`, `\f`, `\n`, `\r`, `\t`}[i])
			} else {
				fmt.Fprintf(b, `\u%04x`, r)
			}
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

func TestCanonicalFormOfTheRFC(t *testing.T) {
	t.Parallel()
	d := json.NewDecoder(strings.NewReader(`{"\u20ac":"Euro","\r":"CR","b":[1,{"z":null,"a":true}],"\ud83d\ude00":"<\u000f\n\"\\>","\ufb33":"x"}`))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := canonique(&b, v); err != nil {
		t.Fatal(err)
	}
	if want := `{"\r":"CR","b":[1,{"a":true,"z":null}],"€":"Euro","😀":"<\u000f\n\"\\>","` + "\ufb33" + `":"x"}`; b.String() != want {
		t.Errorf("reçu %s\nattendu %s", b.String(), want)
	}
}
