// Package store keeps the portal's state in SQLite or PostgreSQL, with one SQL
// text for both: what differs is in dialecte.go.
//
// Start at [Ouvrir]. It implements the ports of package guichet, whose
// comments are the contract. Writers stand in one line and share commits: see
// ecrivain.go.
package store
