// Command fournisseuroidc is a real OpenID provider for tests: the server of
// zitadel/oidc with its users and its one client given from outside. It listens
// on loopback and keeps everything in memory.
//
//	fournisseuroidc -port N -utilisateurs FICHIER.json -retour URL
//
// The client is "guichet", its secret "secret-d-essai".
package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

func main() {
	if err := servir(); err != nil {
		fmt.Fprintln(os.Stderr, "fournisseuroidc:", err)
		os.Exit(1)
	}
}

func servir() error {
	port := flag.String("port", "", "port to listen on")
	fichier := flag.String("utilisateurs", "", "JSON file of the users")
	retour := flag.String("retour", "", "address that the client is sent back to")
	flag.Parse()
	utilisateurs, err := storage.StoreFromFile(*fichier)
	if err != nil {
		return err
	}
	storage.RegisterClients(storage.WebClient("guichet", "secret-d-essai", *retour))
	emetteur := "http://localhost:" + *port + "/"
	traces := slog.New(slog.NewTextHandler(os.Stderr, nil))
	h := exampleop.SetupServer(emetteur, storage.NewStorage(utilisateurs), traces, false)
	l, err := net.Listen("tcp", net.JoinHostPort("localhost", *port))
	if err != nil {
		return err
	}
	return (&http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}).Serve(l)
}
