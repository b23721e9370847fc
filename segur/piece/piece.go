package piece

import "guichet.example/segur"

// Limits of an archive beyond those of package segur. They keep a stranger's
// zip from costing more than a real one can.
const (
	EntreesMax    = 2000                                   // entries of a zip; a deposit declares 400 pieces at most as a rule
	TotalMax      = 2 * segur.DemandesMax * segur.PieceMax // bytes that a zip may declare once inflated
	RapportMax    = 100                                    // inflated size over compressed size, for an entry over segur.PieceMax
	RepertoireMax = 1 << 20                                // bytes read of a zip's directory
)

// Piece is one file found, and what was found about it.
type Piece struct {
	Nom      string   // as written where it was found; any bytes
	Source   string   // archive or folder, as the caller named it; "" for a file given alone
	Taille   int64    // bytes, inflated; as declared when the content was not read
	SHA256   [32]byte // of the content; zero when it was not read to its end
	Format   string   // "PDF", "PNG", "JPG": what the name asks for; "" when the name was refused
	Pages    int      // of a PDF that was opened
	Constats []Constat
	Erreur   error // the tool could not look: neither received nor refused
}

// Recue tells whether the document is good: looked at to its end, no error.
func (p *Piece) Recue() bool {
	return p.Erreur == nil && !p.Refusee()
}

// Refusee tells whether the document has an error.
func (p *Piece) Refusee() bool { return refuse(p.Constats) }

func refuse(cs []Constat) bool {
	for i := range cs {
		if cs[i].Gravite == segur.Erreur {
			return true
		}
	}
	return false
}

// noter records a constat of the document.
func (p *Piece) noter(c segur.Code, mots ...string) {
	p.Constats = append(p.Constats, nouveau(c, p.Nom, p.Source, mots...))
}

// Lot is what one place holds: an archive, a folder, or files given alone.
type Lot struct {
	Nom      string    // as the caller named it
	Pieces   []Piece   // what was found, in the order of the place
	Constats []Constat // about the archive as a whole; an error condemns it
	Erreur   error     // the tool could not look at the place: nothing may be concluded
}

// Condamne tells whether an archive is refused as a whole. Then no data was
// read, and Pieces holds only the entries that have a fault of their own.
func (l *Lot) Condamne() bool { return refuse(l.Constats) }

// noter records a constat of the archive.
func (l *Lot) noter(c segur.Code, mots ...string) {
	l.Constats = append(l.Constats, nouveau(c, l.Nom, l.Nom, mots...))
}
