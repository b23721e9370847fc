package courrier

// Lettre is a message whose words come from whoever asks for it: the notices
// of the portal, which gather what happened of one kind.
type Lettre struct {
	Objet       string
	Paragraphes []string
	Lignes      []Fait // a table: what, and what about it
	Bouton      string // says where URL leads
	URL         string // "" = no link
}

// Libre writes such a message, under the same rules as all others: one line
// each, escaped, with a link that is one.
func Libre(c Cadre, a string, l Lettre) (Message, error) {
	return c.message(a, contenu{Objet: l.Objet, Paragraphes: l.Paragraphes, Faits: l.Lignes, Lien: lien{l.Bouton, l.URL}})
}
