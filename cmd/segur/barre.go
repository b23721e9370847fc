//go:build !leger

package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// barre shows how a long work goes, on standard error and to a person only.
// A nil barre shows nothing.
type barre struct {
	w        io.Writer
	largeur  int
	texte    string
	depuis   time.Time // of the work that texte names
	derniere time.Time
	ecrite   bool
}

// nouvelleBarre is nil when nobody looks.
func (c *contexte) nouvelleBarre() *barre {
	if !c.terminalErreur || c.oui("quiet") {
		return nil
	}
	return &barre{w: c.erreur, largeur: c.largeur}
}

// periode is the time between two drawings.
const periode = 100 * time.Millisecond

// avancer tells that fait of total bytes are done; total below 1 = unknown.
func (b *barre) avancer(texte string, fait, total int64) {
	if b == nil {
		return
	}
	maintenant := time.Now()
	if texte != b.texte {
		b.texte, b.depuis = texte, maintenant
	} else if maintenant.Sub(b.derniere) < periode && fait < total {
		return
	}
	b.derniere, b.ecrite = maintenant, true
	ligne := texte
	if total > 0 {
		ligne += fmt.Sprintf(" %3d %% %s", fait*100/total, dessin(fait, total))
		if passe := maintenant.Sub(b.depuis); fait > 0 && fait < total && passe > 2*time.Second {
			ligne += " reste " + dureeCourte(time.Duration(float64(passe)*float64(total-fait)/float64(fait)))
		}
	}
	if n := utf8.RuneCountInString(ligne); n >= b.largeur {
		ligne = string([]rune(ligne)[:b.largeur-1])
	}
	_, _ = io.WriteString(b.w, "\r\x1b[K"+ligne) // who looks at it loses only the look
}

// dessin is a bar of 20 places.
func dessin(fait, total int64) string {
	n := int(min(fait, total) * 20 / total)
	return "[" + strings.Repeat("#", n) + strings.Repeat("·", 20-n) + "]"
}

// dureeCourte is a remaining time as people say it.
func dureeCourte(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	if s < 90 {
		return fmt.Sprintf("%d s", s)
	}
	return fmt.Sprintf("%d min", (s+30)/60)
}

// effacer leaves the line free for what is said next.
func (b *barre) effacer() {
	if b != nil && b.ecrite {
		_, _ = io.WriteString(b.w, "\r\x1b[K")
		b.ecrite = false
	}
}
