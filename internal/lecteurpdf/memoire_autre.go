//go:build !linux

package lecteurpdf

// limiterMemoire has no hard limit to set here: the limits given to the PDF
// library, the soft limit and the deadline remain.
func limiterMemoire(uint64) error { return nil }
