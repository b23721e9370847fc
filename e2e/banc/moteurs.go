package banc

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"guichet.example/internal/store/pgtest"
)

// processus is a program that the bench runs; it dies with the bench.
type processus struct {
	cmd    *exec.Cmd
	sortie bytes.Buffer
	fin    chan error
}

func lancer(programme string, args ...string) (*processus, error) {
	p := &processus{cmd: exec.Command(programme, args...), fin: make(chan error, 1)}
	p.cmd.Stdout, p.cmd.Stderr = &p.sortie, &p.sortie
	// A worker that outlives its master keeps the output open: not waited for.
	p.cmd.WaitDelay = 3 * time.Second
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.fin <- p.cmd.Wait() }()
	return p, nil
}

func (p *processus) tuer() error {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	p.fin <- <-p.fin
	return nil
}

// ecoute tells whether something answers at a network address.
func ecoute(reseau, adresse string) bool {
	c, err := net.DialTimeout(reseau, adresse, time.Second)
	if err == nil {
		_ = c.Close() // only asked whether it opens
	}
	return err == nil
}

// Postgres starts a server, and gives the address of an empty database.
func (b *Banc) Postgres() (s *pgtest.Serveur, base string, err error) { return b.PostgresDans("") }

// PostgresDans is Postgres with its data in a folder; see [pgtest.DemarrerDans].
func (b *Banc) PostgresDans(dossier string) (s *pgtest.Serveur, base string, err error) {
	if s, err = pgtest.DemarrerDans(dossier, "-c", "max_connections=120", "-c", "shared_buffers=128MB", "-c", "max_wal_size=128MB"); err != nil {
		return nil, "", err
	}
	b.Finir(s.Arreter)
	base, err = s.NouvelleBase()
	return s, base, err
}

// Identity of the bench at its S3 server.
const cleS3, secretS3 = "essai", "essai-secret"

// S3 starts versitygw over a folder with one bucket, and gives its address.
// `make test` builds the program; GUICHET_TEST_VERSITYGW names another.
func (b *Banc) S3(ctx context.Context, programme string) (adresse string, err error) {
	seaux := b.DossierS3()
	if err := os.MkdirAll(filepath.Join(seaux, "pieces"), 0o700); err != nil { // a folder is a bucket
		return "", err
	}
	if adresse, err = PortLibre(); err != nil {
		return "", err
	}
	// The proof reads the bucket too.
	if err := errors.Join(os.Setenv("AWS_ACCESS_KEY_ID", cleS3), os.Setenv("AWS_SECRET_ACCESS_KEY", secretS3)); err != nil {
		return "", err
	}
	p, err := lancer(programme, "--port", adresse, "--access", cleS3, "--secret", secretS3, "posix", seaux)
	if err != nil {
		return "", err
	}
	b.Finir(p.tuer)
	return adresse, attendre(ctx, "versitygw", 30*time.Second, func() bool { return ecoute("tcp", adresse) })
}

// DossierS3 is where the server of S3 keeps everything.
func (b *Banc) DossierS3() string { return b.chemin("s3") }

// AdresseS3 is the value of GUICHET_PIECES for a server's address.
func AdresseS3(hote string) string { return "s3://pieces?region=us-east-1&endpoint=http://" + hote }

// Eicar is the harmless file that every engine takes for a virus, in two
// halves so that no engine takes this one for it.
const Eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-` + `STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// Clamd is a real engine that can be ended and started again.
type Clamd struct {
	dossier string
	p       *processus
}

// Clamd starts an engine with one signature and no network.
func (b *Banc) Clamd(ctx context.Context) (*Clamd, error) {
	// A socket's path is at most 107 bytes.
	c := &Clamd{dossier: b.chemin("clamd")}
	signature := "Eicar-Essai:0:0:" + hex.EncodeToString([]byte(Eicar)) + "\n"
	config := fmt.Sprintf("LocalSocket %s\nDatabaseDirectory %s\nForeground yes\nTemporaryDirectory %s\nStreamMaxLength 4M\nLogFile %s/log\n", c.prise(), c.dossier, c.dossier, c.dossier)
	err := os.Mkdir(c.dossier, 0o700)
	for nom, texte := range map[string]string{"essai.ndb": signature, "clamd.conf": config} {
		err = errors.Join(err, os.WriteFile(filepath.Join(c.dossier, nom), []byte(texte), 0o600))
	}
	if err != nil {
		return nil, err
	}
	b.Finir(c.Arreter)
	return c, c.Lancer(ctx)
}

func (c *Clamd) prise() string { return filepath.Join(c.dossier, "c.ctl") }

// Adresse is the value of GUICHET_CLAMD.
func (c *Clamd) Adresse() string { return "unix://" + c.prise() }

// Lancer starts the engine, again if need be.
func (c *Clamd) Lancer(ctx context.Context) (err error) {
	programme := "/usr/sbin/clamd"
	if trouve, err := exec.LookPath("clamd"); err == nil {
		programme = trouve
	}
	if c.p, err = lancer(programme, "--config-file", filepath.Join(c.dossier, "clamd.conf")); err != nil {
		return err
	}
	return attendre(ctx, "clamd", 30*time.Second, func() bool { return ecoute("unix", c.prise()) })
}

// Arreter ends the engine.
func (c *Clamd) Arreter() error {
	if c.p == nil {
		return nil
	}
	return c.p.tuer()
}

// Nginx starts nginx on the documented configuration, read from chemin, with
// its addresses put in place of those of the document.
func (b *Banc) Nginx(ctx context.Context, chemin string, remplacer ...string) (*Nginx, error) {
	programme := "/usr/sbin/nginx"
	if trouve, err := exec.LookPath("nginx"); err == nil {
		programme = trouve
	}
	n := &Nginx{prefixe: b.chemin("nginx"), modele: chemin}
	if err := os.MkdirAll(n.prefixe, 0o700); err != nil {
		return nil, err
	}
	adresse, err := PortLibre()
	if err != nil {
		return nil, err
	}
	n.Adresse = adresse
	if err := n.ecrire(remplacer); err != nil {
		return nil, err
	}
	if n.p, err = lancer(programme, n.args()...); err != nil {
		return nil, err
	}
	// The master ends its workers, which a killed one would leave behind.
	b.Finir(func() error {
		_ = n.p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		n.p.fin <- <-n.p.fin
		return nil
	})
	if err := attendre(ctx, "nginx", 10*time.Second, func() bool { return ecoute("tcp", adresse) }); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, n.p.sortie.String())
	}
	return n, nil
}

// Nginx is a running proxy.
type Nginx struct {
	Adresse         string // host and port
	prefixe, modele string
	p               *processus
}

func (n *Nginx) args() []string {
	return []string{"-p", n.prefixe, "-c", filepath.Join(n.prefixe, "nginx.conf"), "-e", filepath.Join(n.prefixe, "erreurs.log")}
}

// ecrire writes the configuration: the document between a main part that suits
// a test.
func (n *Nginx) ecrire(remplacer []string) error {
	texte, err := os.ReadFile(n.modele)
	if err != nil {
		return err
	}
	site := strings.NewReplacer(remplacer...).Replace(string(texte))
	// The documented site listens with TLS on 443; here in clear on a free port.
	var lignes []string
	for l := range strings.Lines(site) {
		switch t := strings.TrimSpace(l); {
		case strings.HasPrefix(t, "ssl_"), strings.HasPrefix(t, "listen [::]"):
		case strings.HasPrefix(t, "listen 443"):
			lignes = append(lignes, "listen "+n.Adresse+";\n")
		case strings.HasPrefix(t, "listen 80"):
			lignes = append(lignes, "listen unix:"+filepath.Join(n.prefixe, "80")+";\n")
		default:
			lignes = append(lignes, l)
		}
	}
	utilisateur := ""
	if os.Getuid() == 0 {
		utilisateur = "user root;\n" // the bench's folder is its own
	}
	principal := fmt.Sprintf("daemon off;\n%spid %[2]s/pid;\nworker_processes 1;\nevents { worker_connections 1024; }\nhttp {\naccess_log off;\nclient_body_temp_path %[2]s/c;\nproxy_temp_path %[2]s/p;\nfastcgi_temp_path %[2]s/f;\nuwsgi_temp_path %[2]s/u;\nscgi_temp_path %[2]s/s;\n%[3]s}\n", utilisateur, n.prefixe, strings.Join(lignes, ""))
	return os.WriteFile(filepath.Join(n.prefixe, "nginx.conf"), []byte(principal), 0o600)
}
