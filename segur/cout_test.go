package segur

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A good request costs no allocation: a file of 200 costs what one of 100 does.
func TestAllocations(t *testing.T) {
	j := jeuAvance()
	de := func(doc []byte) float64 {
		return testing.AllocsPerRun(20, func() { j.Controler(doc, JourExemple, Options{Nom: NomExemple(1)}) })
	}
	cent, deuxCents := de(j.Exemple(100)), de(j.Exemple(200))
	if deuxCents > 50 || deuxCents > cent+2 {
		t.Errorf("100 requests: %.0f allocations, 200: %.0f", cent, deuxCents)
	}
	mauvais := bytes.ReplaceAll(j.Exemple(200), []byte("708.33"), []byte("708.3"))
	if n := de(mauvais); n > 50 {
		t.Errorf("200 bad requests: %.0f allocations", n)
	}
}

// Hostile files of 10 MiB cost no more than 64 MiB, whatever they are full of.
// What is allocated in all is an upper bound of what is ever in use.
func TestFichiersHostiles(t *testing.T) {
	if sousRace {
		t.Skip("the race detector allocates for itself; make test runs this one without it")
	}
	j := jeuAvance()
	plein := func(avant, motif, apres string) []byte {
		n := (TailleMax - len(avant) - len(apres)) / len(motif)
		return []byte(avant + strings.TrimSuffix(strings.Repeat(motif, n), ",") + apres)
	}
	entete := `{"impId":null,"numeroAns":"9999999999","SIRET":"00000000000000","lignesImport":[`
	blocs := `{"numLigne":1,"commande":{},"certificatsServeur":{},"beneficiaire":{},"scenarioInstallation":{},"piecesJustificatives":[`
	for nom, doc := range map[string][]byte{
		"open brackets":        []byte(strings.Repeat("[", TailleMax)),
		"open objects":         []byte(strings.Repeat(`{"a":`, TailleMax/5)),
		"same unknown keys":    plein("{", `"a":0,`, "}"),
		"empty keys":           plein("{", `"":0,`, "}"),
		"keys below a leaf":    plein(`{"impId":{`, `"abc":0,`, "}}"),
		"empty requests":       plein(entete, `{},`, "]}"),
		"null requests":        plein(entete, `null,`, "]}"),
		"empty pieces":         plein(entete+blocs, `{},`, "]}]}"),
		"null pieces":          plein(entete+blocs, `null,`, "]}]}"),
		"escapes":              plein(`{"impId":"`, `\u00e9`, `"}`),
		"lone surrogates":      plein(`{"impId":"`, `\ud800`, `"}`),
		"one long text":        plein(`{"numeroAns":"`, "é", `"}`),
		"blanks":               []byte(strings.Repeat(" ", TailleMax)),
		"invalid bytes":        bytes.Repeat([]byte{0xff, 0x22}, TailleMax/2),
		"escaped unknown keys": plein("{", `"\u0061":0,`, "}"),
		"one long key":         plein(`{"`, "a", `":0}`),
		"one long mute key":    plein(`{"`, `\u0061`, `":0}`),
		"one long known value": plein(entete+`{"numLigne":1,"commande":{"regimeTVA":"`, "ab ", `"}}]}`),
		"escaped keys of leaf": plein(`{"impId":{`, `"\u0061":0,`, "}}"),
		"objects below a key":  plein(`{"impId":{"`+strings.Repeat("a", 1<<20)+`":[`, `{},`, "]}}"),
		"objects below mute":   plein(`{"impId":{"`+strings.Repeat(`\n`, 1<<19)+`":[`, `{"a":0,"a":0},`, "]}}"),
	} {
		t.Run(nom, func(t *testing.T) {
			var avant, apres runtime.MemStats
			runtime.ReadMemStats(&avant)
			debut := time.Now()
			r := j.Controler(doc, JourExemple, Options{})
			runtime.ReadMemStats(&apres)
			if n := (apres.TotalAlloc - avant.TotalAlloc) >> 20; n > 54 { // and 10 for the file itself
				t.Errorf("%d MiB allocated", n)
			}
			// The sentences of 10,000 faults are made one by one: no single one
			// is long, and what they leave behind is collected on the way.
			if err := r.EcrireJSON(io.Discard, Outil{}, Fichier{}, false, nil); err != nil {
				t.Fatal(err)
			}
			avant = apres
			runtime.ReadMemStats(&apres)
			if n := (apres.TotalAlloc - avant.TotalAlloc) >> 20; n > 64 {
				t.Errorf("%d MiB allocated for its report", n)
			}
			if d := time.Since(debut); d > 20*time.Second {
				t.Errorf("took %s", d)
			}
			if r.Verdict() != Rejete || r.Bilan().Erreurs == 0 {
				t.Errorf("verdict %s with %d errors", r.Verdict(), r.Bilan().Erreurs)
			}
			if n := len(codesDe(r)); n == 0 || n > StructureDetaillee+2 {
				t.Errorf("%d constats", n)
			}
		})
	}
}
