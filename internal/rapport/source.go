package rapport

import "guichet.example/segur"

// Source is the line of a constat made safe to show and shortened to about
// large cells: what stands before the value at fault, the value, what follows.
// False when the constat does not point into the bytes controlled.
func Source(octets []byte, k segur.Constat, large int) (avant, marque, apres string, ok bool) {
	e, ok := extraire(octets, &constat{Constat: k}, large)
	return e.avant, e.marque, e.apres, ok
}
