// Package contrat is the outsider's suite of the portal: it builds guichet,
// starts guichet demo and holds it, over HTTP, to every sentence of the API's
// contract. It reads no package of the portal, so that it can only know what a
// supplier's script knows.
//
// Start at demo_test.go (the process), client_test.go (calls and the rules that
// hold for each answer) and depot_forge_test.go (files). It must never import
// anything of internal/. Where the contract allows two answers, both pass.
package contrat
