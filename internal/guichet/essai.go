package guichet

// BacASable tells a portal where everything is a trial: its pages, numbers and
// letters say so, and administrators may force the status of a request.
func (g *Guichet) BacASable() bool { return g.m.BacASable }
