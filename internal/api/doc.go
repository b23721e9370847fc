// Package api is the portal's HTTP API, /api/v1: it reads a request, calls one
// service of package guichet, and renders its answer. Start at routes.go.
//
// Bodies and statuses are those of the project's contract, which outsiders
// hold on to; openapi.json is printed from the table of routes. The package
// must never touch a store or decide anything.
package api
