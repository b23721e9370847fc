package web

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"guichet.example/segur"
)

// classeur writes an XLSX workbook of one sheet, row by row: nothing of it is
// held in memory, and amounts go in as the decimals they are. Cells are texts
// and numbers, never formulas.
type classeur struct {
	zip     *zip.Writer
	feuille io.Writer
	rangs   int
}

// rangsClasseur is how many rows a sheet may have.
const rangsClasseur = 1 << 20

var errClasseurPlein = errors.New("the sheet is full")

// partiesClasseur are the parts that never change. Style 1 is a heading, style
// 2 an amount.
var partiesClasseur = []struct{ nom, contenu string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Demandes" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
		`<cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>`},
}

const enteteXML = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// nouveauClasseur begins a workbook with its row of titles, which stays in
// view.
func nouveauClasseur(w io.Writer, titres []string) (*classeur, error) {
	c := &classeur{zip: zip.NewWriter(w)}
	for _, p := range partiesClasseur {
		f, err := c.zip.Create(p.nom)
		if err == nil {
			_, err = io.WriteString(f, enteteXML+p.contenu)
		}
		if err != nil {
			return nil, err
		}
	}
	var err error
	if c.feuille, err = c.zip.Create("xl/worksheets/sheet1.xml"); err != nil {
		return nil, err
	}
	_, err = io.WriteString(c.feuille, enteteXML+`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`+
		`<cols><col min="1" max="`+strconv.Itoa(len(titres))+`" width="20" customWidth="1"/></cols><sheetData>`)
	if err != nil {
		return nil, err
	}
	cellules := make([]any, len(titres))
	for i, t := range titres {
		cellules[i] = titreClasseur(t)
	}
	return c, c.rang(cellules)
}

// titreClasseur is a text in the row of titles.
type titreClasseur string

// rang writes one row of texts and amounts.
func (c *classeur) rang(cellules []any) error {
	if c.rangs == rangsClasseur {
		return errClasseurPlein
	}
	c.rangs++
	var b strings.Builder
	b.WriteString("<row>")
	for _, v := range cellules {
		switch v := v.(type) {
		case segur.Montant:
			b.WriteString(`<c s="2"><v>` + v.String() + "</v></c>")
		case titreClasseur:
			texteClasseur(&b, ` s="1"`, string(v))
		case string:
			texteClasseur(&b, "", v)
		}
	}
	b.WriteString("</row>")
	_, err := io.WriteString(c.feuille, b.String())
	return err
}

func texteClasseur(b *strings.Builder, style, t string) {
	b.WriteString("<c" + style + ` t="inlineStr"><is><t xml:space="preserve">`)
	_ = xml.EscapeText(b, []byte(t)) // a builder never fails
	b.WriteString("</t></is></c>")
}

// finir ends the workbook; without it no program opens the file.
func (c *classeur) finir() error {
	_, err := io.WriteString(c.feuille, "</sheetData></worksheet>")
	return errors.Join(err, c.zip.Close())
}
