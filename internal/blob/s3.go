package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	"gocloud.dev/blob/s3blob"
	"gocloud.dev/gcerrors"
)

// S3 is a store in a bucket. Files are received in a local folder first: their
// name is known at their end only.
type S3 struct {
	seau    *blob.Bucket
	attente attente
}

var _ Magasin = (*S3)(nil)

// reglagesS3 is what the address of a bucket says.
type reglagesS3 struct{ seau, endpoint, region, prefixe string }

// reponseS3 is the time for a server to begin its answer: one that hangs must
// not hold a deposit for ever.
const reponseS3 = 30 * time.Second

func lireS3(u *url.URL) (reglagesS3, error) {
	r := reglagesS3{seau: u.Host, region: "us-east-1"}
	if r.seau == "" || strings.Trim(u.Path, "/") != "" || u.User != nil {
		return r, errors.New("réglage des pièces : attendu s3://seau?endpoint=…&region=…, sans chemin ni mot de passe")
	}
	for cle, v := range u.Query() {
		if len(v) != 1 {
			return r, fmt.Errorf("réglage des pièces : le paramètre « %.20s » est donné %d fois", cle, len(v))
		}
		switch cle {
		case "endpoint":
			e, err := url.Parse(v[0])
			if err != nil || e.Scheme != "https" && e.Scheme != "http" || e.Host == "" || e.User != nil {
				return r, fmt.Errorf("réglage des pièces : « endpoint=%.80s » ; attendu https://hote", v[0])
			}
			r.endpoint = v[0]
		case "region":
			r.region = v[0]
		case "prefixe":
			r.prefixe = v[0]
			if strings.HasPrefix(r.prefixe, "/") || r.prefixe != "" && !strings.HasSuffix(r.prefixe, "/") {
				return r, fmt.Errorf("réglage des pièces : « prefixe=%.80s » ; attendu un texte qui finit par / et n’en commence pas", r.prefixe)
			}
		default:
			return r, fmt.Errorf("réglage des pièces : le paramètre « %.20s » est inconnu ; attendu endpoint, region, prefixe", cle)
		}
	}
	return r, nil
}

func ouvrirS3(ctx context.Context, r reglagesS3, temp string) (*S3, error) {
	conf, err := config.LoadDefaultConfig(ctx, config.WithRegion(r.region),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = reponseS3 })))
	if err != nil {
		return nil, fmt.Errorf("S3 settings: %w", err)
	}
	client := s3.NewFromConfig(conf, func(o *s3.Options) {
		if r.endpoint != "" {
			// Servers other than Amazon's: the bucket stands in the path.
			o.BaseEndpoint, o.UsePathStyle = aws.String(r.endpoint), true
		}
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
	seau, err := s3blob.OpenBucket(ctx, client, r.seau, &s3blob.Options{RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired})
	if err != nil {
		return nil, fmt.Errorf("S3 bucket: %w", err)
	}
	if r.prefixe != "" {
		seau = blob.PrefixedBucket(seau, r.prefixe)
	}
	return &S3{seau: seau, attente: attente(temp)}, nil
}

// Ecrire receives the file here, then sends it under its name; an object of S3
// is there whole or not at all.
func (s *S3) Ecrire(ctx context.Context, r io.Reader) (e Ecrit, err error) {
	recu, e, err := s.attente.recevoir(ctx, r, func(*os.File) error { return nil })
	if err != nil {
		return Ecrit{}, fmt.Errorf("write a file: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(recu)) }()
	if a, err := s.seau.Attributes(ctx, e.SHA256); err == nil && a.Size == e.Taille {
		return e, nil
	}
	f, err := os.Open(recu)
	if err != nil {
		return Ecrit{}, fmt.Errorf("write a file: %w", err)
	}
	defer f.Close()
	if err := s.seau.Upload(ctx, e.SHA256, f, &blob.WriterOptions{ContentType: "application/octet-stream"}); err != nil {
		return Ecrit{}, fmt.Errorf("write a file: %w", traduire(err))
	}
	return e, nil
}

// Ouvrir begins to read the object; moving to another place asks for it again.
func (s *S3) Ouvrir(ctx context.Context, nom string) (*Contenu, error) {
	if err := nomValide(nom); err != nil {
		return nil, err
	}
	r, err := s.seau.NewReader(ctx, nom, nil)
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", traduire(err))
	}
	return &Contenu{r, r.Size()}, nil
}

// Existe asks for the object's head.
func (s *S3) Existe(ctx context.Context, nom string) (bool, error) {
	if err := nomValide(nom); err != nil {
		return false, err
	}
	return s.seau.Exists(ctx, nom)
}

// Supprimer removes the object.
func (s *S3) Supprimer(ctx context.Context, nom string) error {
	if err := nomValide(nom); err != nil {
		return err
	}
	if err := traduire(s.seau.Delete(ctx, nom)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a file: %w", err)
	}
	return nil
}

// Parcourir lists the bucket page by page.
func (s *S3) Parcourir(ctx context.Context, f func(Ecrit) error) error {
	for l := s.seau.List(nil); ; {
		o, err := l.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("list the files: %w", traduire(err))
		}
		if nomValide(o.Key) != nil {
			continue
		}
		if err := f(Ecrit{o.Key, o.Size}); err != nil {
			return err
		}
	}
}

// Menage empties the local waiting room; the server forgets unfinished
// uploads by its own rule of life cycle.
func (s *S3) Menage(ctx context.Context, avant time.Time) (int, error) {
	return s.attente.menage(ctx, avant)
}

// Verifier asks whether the bucket is there.
func (s *S3) Verifier(ctx context.Context) error {
	ok, err := s.seau.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("blob : le seau S3 n’existe pas, ou la clé n’y a pas accès")
	}
	return err
}

// Close ends the use of the bucket.
func (s *S3) Close() error { return s.seau.Close() }

// traduire gives a missing object the error that all stores give.
func traduire(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return err
}
