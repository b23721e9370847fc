// Package web is the portal in a browser: pages rendered here, that work
// without a script and with a style sheet of our own.
//
// Start at routes.go, which lists every page with the right that it needs; a
// file object_action.go holds each of them. A handler reads the request, calls
// one service of package guichet and renders a typed struct: it judges nothing
// by itself. gabarits/ are the templates, static/ what browsers load.
//
// The package must never import a database driver, nor write text into a page
// but through html/template.
package web
