//go:build race

package segur

const sousRace = true
