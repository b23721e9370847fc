package web

import (
	"time"

	"guichet.example/segur"
)

// lendemain is the day after j.
func lendemain(j segur.Jour) segur.Jour {
	return segur.JourDe(time.Date(j.Annee, time.Month(j.Mois), j.Jour+1, 0, 0, 0, 0, time.UTC))
}
