// Package tableur reads the tables that people keep in spreadsheets: CSV in
// the encodings and separators met in France, and XLSX. It knows nothing of
// orders: a [Table] is headings and rows of text, numbered as the spreadsheet
// numbers them.
//
// Start at [Lire]. What was guessed (encoding, separator, sheet, heading row)
// is in the Table, so that the caller can say it; each guess can be overridden.
//
// Files are hostile until read: sizes, rows, columns and what a workbook
// inflates to are bounded. Text is given back as written; numbers of a
// workbook come as the shortest decimal text of the same number. The package
// must never import the workshop above it, nor ask for the time.
package tableur
