package banc

import "sync"

// Carnet is what callers were told: acts that a portal has acknowledged.
type Carnet struct {
	mu     sync.Mutex
	Depots map[string]DepotReconnu // by file name
	Pieces map[string]string       // "numeroASP/nomFichier" → SHA-256
	Actes  map[string]string       // "numeroASP acte" → account
	Lots   map[string]LotReconnu
	tentes map[string]bool // file names sent, acknowledged or not
}

// DepotReconnu is a deposit that was answered 201.
type DepotReconnu struct {
	ID, SHA256, Ans string
	Numeros         []string // numeroASP, by rank
}

// LotReconnu is a batch as it was last acknowledged.
type LotReconnu struct {
	Statut, Total string
	Numeros       []string
	Virement      string // SHA-256 of its payment file; "" = never read
	Retournes     []string
}

// NouveauCarnet is empty.
func NouveauCarnet() *Carnet {
	return &Carnet{Depots: map[string]DepotReconnu{}, Pieces: map[string]string{}, Actes: map[string]string{}, Lots: map[string]LotReconnu{}, tentes: map[string]bool{}}
}

// Reconnus counts the acts acknowledged.
func (c *Carnet) Reconnus() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.Depots) + len(c.Pieces) + len(c.Actes)
	for _, l := range c.Lots {
		switch n++; l.Statut { // prepared
		case "approuve":
			n++
		case "regle":
			n += 2
		}
	}
	return n
}

func (c *Carnet) noter(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}
