package piece

import "guichet.example/segur"

const visibleMax = 120

// visible shows a name that a stranger wrote, cut when it is long.
func visible(s string) string { return segur.Visible(s, visibleMax) }
