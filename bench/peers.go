package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"guichet.example/segur"
)

// sink keeps results alive, so that nothing measured is optimised away.
var sink int

// work does one thing to one file, once. An error means that it does not take
// the file for good.
type work func(doc []byte) error

var jeu = func() *segur.Jeu {
	j, err := segur.JeuPour(segur.Avance, jour)
	if err != nil {
		panic(err)
	}
	return j
}()

// reused is the memory of the last control, as the command keeps one a worker.
var reused segur.Memoire

// control controls in used memory: the report is good until the next call.
func control(doc []byte) *segur.Rapport { return controlIn(doc, &reused) }

// controlFresh controls in memory of its own, which the collector then has to
// take back: what a caller pays who keeps no [segur.Memoire].
func controlFresh(doc []byte) *segur.Rapport { return controlIn(doc, nil) }

func controlIn(doc []byte, m *segur.Memoire) *segur.Rapport {
	return jeu.Controler(doc, jour, segur.Options{Memoire: m,
		Nom: segur.NomFichier{NumeroAns: numeroAns, Jour: jour, Numero: 1}.String()})
}

// controlOnly is the control with its verdict: sentences unmade, nothing read.
func controlOnly(doc []byte) error {
	if v := control(doc).Verdict(); v == segur.Rejete {
		return errors.New("segur rejects the file")
	}
	return nil
}

// controlOnlyFresh is controlOnly in fresh memory.
func controlOnlyFresh(doc []byte) error {
	if v := controlFresh(doc).Verdict(); v == segur.Rejete {
		return errors.New("segur rejects the file")
	}
	return nil
}

// controlAll is "everything included": parse, all rules, the name of the file,
// every fault with its sentences, line and column, and of each request the
// facts that the portal stores.
func controlAll(doc []byte) error { return readAll(control(doc)) }

// controlAllFresh is controlAll in fresh memory.
func controlAllFresh(doc []byte) error { return readAll(controlFresh(doc)) }

func readAll(r *segur.Rapport) error {
	if r.Verdict() == segur.Rejete {
		return errors.New("segur rejects the file")
	}
	n := len(r.Entete("numeroAns")) + len(r.Entete("SIRET"))
	for c := range r.Structure() {
		n += len(c.Message) + len(c.Remede) + c.Ligne + c.Colonne
	}
	for d := range r.Demandes() {
		for c := range d.Constats() {
			n += len(c.Message) + len(c.Remede) + c.Ligne + c.Colonne
		}
		amount, ok := d.MontantHT()
		if !ok && d.Acceptee() {
			return errors.New("segur accepts a request without an amount")
		}
		n += len(d.NumeroEditeur()) + int(amount) + len(d.FINESSGeo())
	}
	sink += n
	return nil
}

func controlAndHash(doc []byte) error {
	sum := sha256.Sum256(doc)
	sink += int(sum[0])
	return controlAll(doc)
}

func hashOnly(doc []byte) error {
	sum := sha256.Sum256(doc)
	sink += int(sum[0])
	return nil
}

func decodeV1(doc []byte) error {
	var f file
	err := json.Unmarshal(doc, &f)
	sink += len(f.Lignes)
	return err
}

func decodeV2(doc []byte) error {
	var f file
	err := jsonv2.Unmarshal(doc, &f)
	sink += len(f.Lignes)
	return err
}

// tokenScan reads every token. A bytes.Buffer is the reader that jsontext
// serves fastest: it scans the buffer's own bytes.
func tokenScan(doc []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(doc))
	for {
		t, err := d.ReadToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		sink += int(t.Kind())
	}
}

func isValid(doc []byte) error {
	if !jsontext.Value(doc).IsValid() {
		return errors.New("jsontext takes the file for no JSON")
	}
	return nil
}

// santhosh compiles the generated schema and returns parse and validation.
func santhosh(schema []byte) (work, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:bench", doc); err != nil {
		return nil, err
	}
	s, err := c.Compile("urn:bench")
	if err != nil {
		return nil, fmt.Errorf("compile the schema: %w", err)
	}
	return func(doc []byte) error {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
		if err != nil {
			return err
		}
		return s.Validate(v)
	}, nil
}
