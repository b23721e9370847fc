package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"guichet.example/internal/sauvegarde"
	"guichet.example/internal/store"
)

// seul is the one argument of a command that takes a file.
func seul(nom string, args []string) (string, error) {
	if len(args) != 1 || args[0] == "" || args[0][0] == '-' {
		return "", usage("usage : guichet %s FICHIER", nom)
	}
	return args[0], nil
}

// sauvegarder writes an archive of the store and the documents, while the
// portal serves. The file appears under its name once it is whole.
func sauvegarder(ctx context.Context, env environnement, args []string) error {
	chemin, err := seul("sauvegarder", args)
	if err != nil {
		return err
	}
	r, err := lireReglages(env.variable)
	if err != nil {
		return err
	}
	if base, vide := absente(r["GUICHET_BASE"]); vide {
		return fmt.Errorf("la base %s n’existe pas : il n’y a rien à sauvegarder", base)
	}
	if _, err := os.Lstat(chemin); err == nil {
		return usage("%s existe déjà ; une sauvegarde n’en remplace pas une autre", chemin)
	}
	// Beside the archive: there is room, and renaming is atomic.
	dossier, err := os.MkdirTemp(filepath.Dir(chemin), ".sauvegarde-*")
	if err != nil {
		return err
	}
	m, err := sauvegarderDans(ctx, env, r, dossier, chemin)
	if err = errors.Join(err, os.RemoveAll(dossier)); err != nil {
		return err
	}
	fmt.Fprintf(env.sortie, "Sauvegarde entière : %s (base %s, %d pièces, journal de %d entrées).\nLa clé du coffre (GUICHET_CLE) n’y est pas : gardez-la à part.\n", chemin, m.Moteur, len(m.Documents), m.Entrees)
	return nil
}

func sauvegarderDans(ctx context.Context, env environnement, r reglages, dossier, chemin string) (c store.Copie, err error) {
	b, err := store.OuvrirLecture(ctx, r["GUICHET_BASE"])
	if err != nil {
		return c, err
	}
	copie := filepath.Join(dossier, "base")
	c, err = b.Copier(ctx, copie)
	if err = errors.Join(err, b.Fermer()); err != nil {
		return c, err
	}
	magasin, err := ouvrirMagasin(ctx, r["GUICHET_PIECES"], dossier)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, magasin.Close()) }()
	base, err := os.Open(copie)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, base.Close()) }()
	i, err := base.Stat()
	if err != nil {
		return c, err
	}
	f, err := os.OpenFile(filepath.Join(dossier, "archive"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return c, err
	}
	err = sauvegarde.Ecrire(ctx, f, sauvegarde.Manifeste{Outil: "guichet " + version, Cree: env.maintenant().UTC(), Moteur: c.Moteur, Schema: c.VersionSQL, Entrees: c.Entrees, Empreinte: c.Empreinte},
		base, i.Size(), c.Documents, magasin)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return c, err
	}
	return c, os.Rename(f.Name(), chemin)
}

// restaurer makes an empty portal of an archive and ends by verifying the
// journal: 0 whole, 1 not.
func restaurer(ctx context.Context, env environnement, args []string) error {
	chemin, err := seul("restaurer", args)
	if err != nil {
		return err
	}
	r, err := lireReglages(env.variable)
	if err != nil {
		return err
	}
	if err := destinationVide(ctx, r); err != nil {
		return err
	}
	f, err := os.Open(chemin)
	if err != nil {
		return err
	}
	m, err := restaurerDe(ctx, r, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	b, err := store.OuvrirLecture(ctx, r["GUICHET_BASE"])
	if err != nil {
		return err
	}
	v, err := b.VerifierJournal(ctx)
	if err = errors.Join(err, b.Fermer()); err != nil {
		return err
	}
	if len(v.Ruptures) > 0 || v.Entrees != m.Entrees || v.Empreinte != m.Empreinte {
		fmt.Fprintf(env.sortie, "✗ Le journal restauré n’est pas celui de la sauvegarde (%d entrées lues, %d attendues). N’ouvrez pas ce portail.\n", v.Entrees, m.Entrees)
		return statut(statutRefus)
	}
	fmt.Fprintf(env.sortie, "✓ Restauré : %d fichiers, journal entier de %d entrées. Lancez « guichet migrer » si la version du programme a changé, puis « guichet servir ».\n", len(m.Fichiers), v.Entrees)
	return nil
}

// destinationVide refuses to restore over something.
func destinationVide(ctx context.Context, r reglages) error {
	if err := store.Vide(ctx, r["GUICHET_BASE"]); err != nil {
		if errors.Is(err, store.ErrPleine) {
			return usage("%v : rien n’est restauré par-dessus", err)
		}
		return err
	}
	u, err := url.Parse(r["GUICHET_PIECES"])
	if err != nil || u.Scheme != "file" {
		return nil // documents bear the name of their bytes: they overwrite nothing
	}
	d, err := os.Open(filepath.FromSlash(u.Path))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = d.Readdirnames(1)
	if fermer := d.Close(); fermer != nil || err != nil && !errors.Is(err, io.EOF) {
		return errors.Join(err, fermer)
	}
	if err == nil {
		return usage("le dossier des pièces %s n’est pas vide : rien n’est restauré par-dessus", u.Path)
	}
	return nil
}

func restaurerDe(ctx context.Context, r reglages, f io.Reader) (m sauvegarde.Manifeste, err error) {
	parent := os.TempDir()
	if chemin, _ := absente(r["GUICHET_BASE"]); chemin != "" {
		parent = filepath.Dir(chemin) // renaming does not cross file systems
	}
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return m, err
	}
	base, err := os.CreateTemp(parent, ".restauration-*")
	if err != nil {
		return m, err
	}
	defer func() {
		if e := os.Remove(base.Name()); !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}()
	magasin, err := ouvrirMagasin(ctx, r["GUICHET_PIECES"], parent)
	if err == nil {
		m, err = sauvegarde.Lire(ctx, f, base, magasin)
		err = errors.Join(err, magasin.Close())
	}
	if err == nil {
		err = base.Sync()
	}
	if err = errors.Join(err, base.Close()); err != nil {
		return m, err
	}
	return m, store.Installer(ctx, r["GUICHET_BASE"], m.Moteur, base.Name())
}
