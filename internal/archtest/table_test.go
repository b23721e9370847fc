// Package archtest holds the house together: who may import whom, what each
// command may link, and the rules of CONTRIBUTING.md that a program can check.
// It is tests only, imports nothing of the project and is imported by nobody.
//
// Start with the tables of this file. A new package, a new module or a new
// exception is one more row here, with its reason, in the same commit. A row
// whose package does not exist is ignored; a package without a row fails, and
// so does an exception that is no longer needed.
package archtest

import "slices"

// projet is the path of the module; the tables leave it out.
const projet = "guichet.example"

// Modules, by the short names that the tables use.
const (
	jsonModule  = "github.com/go-json-experiment/json"
	textModule  = "golang.org/x/text"
	widthModule = "github.com/mattn/go-runewidth"
	uaxModule   = "github.com/clipperhouse/uax29/v2" // comes with widthModule
	pdfModule   = "github.com/pdfcpu/pdfcpu"
	xlsxModule  = "github.com/xuri/excelize/v2"
	termModule  = "golang.org/x/term" // is it a terminal, and how wide
	sysModule   = "golang.org/x/sys"  // comes with termModule

	cryptoModule = "golang.org/x/crypto"             // argon2id
	otpModule    = "github.com/pquerna/otp"          // codes of the second factor
	webauthnMod  = "github.com/go-webauthn/webauthn" // passkeys
	oidcModule   = "github.com/coreos/go-oidc/v3"    // the identity provider's tokens
	oauthModule  = "golang.org/x/oauth2"             // its code flow
	sqliteModule = "modernc.org/sqlite"
	pgxModule    = "github.com/jackc/pgx/v5"       // PostgreSQL
	gooseModule  = "github.com/pressly/goose/v3"   // migrations
	zstdModule   = "github.com/klauspost/compress" // deposits kept small in the store

	fpdfModule = "codeberg.org/go-pdf/fpdf"            // letters on paper
	mailModule = "github.com/wneessen/go-mail"         // SMTP with STARTTLS and MIME
	promModule = "github.com/prometheus/client_golang" // what /metrics shows
	smtpModule = "github.com/emersion/go-smtp"         // the bench's mail server
	blobModule = "gocloud.dev"                         // S3 and its relatives
	awsModule  = "github.com/aws/aws-sdk-go-v2"        // the client of S3, with the two below
	awsConfig  = "github.com/aws/aws-sdk-go-v2/config"
	awsS3      = "github.com/aws/aws-sdk-go-v2/service/s3"
)

// rule is what one package may do.
type rule struct {
	floor   int      // 1 the format … 4 the commands; an import never goes up
	imports []string // packages of the project that it may import
	tests   []string // what its tests may import besides, from any floor
	modules []string // modules outside the standard library that it may import
	noStd   []string // packages of the standard library that it must not import, with all below them
	noCall  []string // functions that it must not call
}

var (
	// clock is what floors 1 to 3 never ask: the time comes in as a value.
	clock = []string{"time.Now", "time.Since", "time.Until"}

	// impure is what the format must not do besides: wait, read the machine's
	// zone files, print.
	impure = append([]string{
		"time.LoadLocation", "time.Sleep", "time.After", "time.AfterFunc", "time.Tick", "time.NewTimer", "time.NewTicker",
		"fmt.Print", "fmt.Printf", "fmt.Println",
	}, clock...)

	// outside is the world: what a pure package cannot reach.
	outside = []string{"crypto/rand", "database", "log", "math/rand", "net", "os", "path/filepath", "plugin", "syscall"}

	// services is what the supplier's side of the house never reaches, even
	// where it reads files; randomness comes in as a value.
	services = []string{"crypto/rand", "database", "log", "math/rand", "net", "plugin"}
)

// packages is the import table. Tests of a package obey its row too, except
// for testModules.
var packages = map[string]rule{
	"segur": {
		floor: 1, modules: []string{jsonModule, textModule}, noStd: outside, noCall: impure,
	},
	"segur/piece": { // reads files, folders and zips
		floor: 1, imports: []string{"segur"}, modules: []string{jsonModule, textModule},
		noStd: services, noCall: clock,
	},
	"internal/atelier": { // orders to deposits: files and folders, no clock, no network
		floor: 2, imports: []string{"internal/atelier/catalogue", "internal/atelier/registre", "internal/atelier/tableur", "segur", "segur/piece"},
		modules: []string{jsonModule, textModule}, noStd: services, noCall: clock,
	},
	"internal/atelier/catalogue": { // the workshop's codes, for the light program too
		floor: 2, imports: []string{"segur", "segur/piece"}, noStd: services, noCall: clock,
	},
	"internal/atelier/rendu": { // what a preparation found and made, as text, JSON, HTML or CSV
		floor: 3, imports: []string{"internal/atelier", "internal/atelier/catalogue", "internal/atelier/liste", "internal/atelier/registre", "internal/atelier/tableur", "internal/rapport", "segur"}, // rapport for widths and counts, liste and registre for the supplier's own columns
		modules: []string{jsonModule}, noStd: services, noCall: clock,
	},
	"internal/atelier/tableur": { // reads CSV and XLSX, knows nothing of orders
		floor: 2, modules: []string{textModule, xlsxModule}, noStd: services, noCall: clock,
	},
	"internal/atelier/registre": { // the ledger: files and a lock, never the network
		floor: 2, imports: []string{"segur"}, modules: []string{jsonModule},
		noStd: services, noCall: clock,
	},
	"internal/api/client": { // the supplier's caller; it knows the contract, not the portal
		floor: 3, imports: []string{"segur"}, modules: []string{jsonModule}, noCall: clock,
	},
	"internal/atelier/retour": { // reads returned files
		floor: 2, imports: []string{"internal/atelier/registre", "segur"}, modules: []string{jsonModule},
		noStd: services, noCall: clock,
	},
	"internal/atelier/envoi": { // sends deposits by the caller; opens no connection itself
		floor: 3, imports: []string{"internal/api/client", "internal/atelier/certificat", "internal/atelier/registre", "internal/atelier/retour", "internal/rapport", "segur"},
		modules: []string{jsonModule}, tests: []string{"segur/piece"}, noStd: services, noCall: clock,
	},
	"internal/atelier/suivi": { // where every request stands
		floor: 2, imports: []string{"internal/atelier/registre", "internal/atelier/tableau", "segur"},
		noStd: services, noCall: clock,
	},
	"internal/atelier/tableau": { // a table as text, CSV, XLSX or JSON
		floor: 2, imports: []string{"segur"}, modules: []string{xlsxModule}, noStd: services, noCall: clock,
	},
	"internal/atelier/importer": { // what a ledger did not see
		floor: 2, imports: []string{"internal/atelier/registre", "internal/atelier/retour", "internal/atelier/tableur", "segur"},
		noStd: services, noCall: clock,
	},
	"internal/atelier/reprise": { // refused requests taken up again
		floor: 2, imports: []string{"internal/atelier", "internal/atelier/catalogue", "internal/atelier/liste", "internal/atelier/registre", "internal/atelier/retour", "segur", "segur/piece"},
		noStd: services, noCall: clock,
	},
	"internal/atelier/liste": { // lists to be corrected or filled in
		floor: 2, imports: []string{"internal/atelier", "internal/atelier/registre", "internal/atelier/tableau", "segur"},
		modules: []string{jsonModule}, noStd: services, noCall: clock,
	},
	"internal/atelier/solde": { // balance files from the ledger
		floor: 2, imports: []string{"internal/atelier", "internal/atelier/liste", "internal/atelier/registre", "internal/atelier/suivi", "segur"},
		tests: []string{"internal/atelier/importer"}, noStd: services, noCall: clock,
	},
	"internal/atelier/certificat": { // what was controlled, and how to verify it
		floor: 2, imports: []string{"internal/atelier/retour", "segur", "segur/piece"},
		modules: []string{jsonModule}, noStd: services, noCall: clock,
	},
	"internal/rapport": {
		floor: 3, imports: []string{"segur", "segur/piece"}, modules: []string{jsonModule, textModule},
		noStd:  append([]string{"encoding/json", "encoding/xml", "html/template", "regexp", "text/template"}, services...),
		noCall: clock,
	},
	"internal/reference": {
		floor: 3, imports: []string{"segur", "segur/piece"}, modules: []string{jsonModule, textModule},
		noStd: services, noCall: clock,
	},
	// The leaves of the portal: each speaks to one thing outside, and none
	// knows the business.
	"internal/virement":    {floor: 3, imports: []string{"segur"}, modules: []string{textModule}, noStd: services, noCall: clock},
	"internal/lettre":      {floor: 3, imports: []string{"segur"}, modules: []string{fpdfModule, textModule}, noStd: services, noCall: clock},
	"internal/cle":         {floor: 3, imports: []string{"internal/guichet"}, modules: []string{webauthnMod}, tests: []string{"internal/cle/cletest"}, noCall: clock}, // passkeys, by the business's port
	"internal/cle/cletest": {floor: 3, noCall: clock},                                                                                                                 // a device with a key, for tests
	"internal/identite":    {floor: 3, imports: []string{"internal/guichet"}, modules: []string{oidcModule, oauthModule}, noCall: clock},                              // the identity provider, by the business's port
	"internal/courrier":    {floor: 3, imports: []string{"segur"}, modules: []string{mailModule}, noCall: clock},
	"internal/antivirus":   {floor: 3, noCall: clock},
	"internal/appel":       {floor: 3, noCall: clock}, // addresses that others chose
	"internal/traces": { // OpenTelemetry's SDK, which gocloud.dev links already; no exporter module (docs/decisions/0018)
		floor: 3, modules: []string{"go.opentelemetry.io/otel", "go.opentelemetry.io/otel/sdk", "go.opentelemetry.io/otel/trace"}, noCall: clock,
	},
	"internal/sauvegarde":    {floor: 3, noStd: services, noCall: clock},
	"internal/blob":          {floor: 3, imports: []string{"internal/blob/blobtest"}, modules: []string{blobModule, awsModule, awsConfig, awsS3}, noCall: clock},
	"internal/blob/blobtest": {floor: 3, imports: []string{"internal/blob"}}, // one suite for every store, run by their tests
	"internal/finess":        {floor: 3, modules: []string{jsonModule, textModule}, noStd: services, noCall: clock},
	"internal/tirage":        {floor: 2, noStd: services, noCall: clock}, // the draw of an audit: pure arithmetic, of which the business is made
	// The portal: the business, its stores, its API.
	"internal/guichet": { // ports instead of drivers; randomness comes in as a value
		floor: 2, imports: []string{"internal/tirage", "segur", "segur/piece"}, modules: []string{jsonModule, cryptoModule, otpModule},
		tests: []string{"internal/cle", "internal/cle/cletest", "internal/guichet/guichettest", "internal/store", "internal/store/pgtest"},
		noStd: []string{"crypto/rand", "database", "html", "log", "math/rand", "net/http", "os", "plugin"}, noCall: clock,
	},
	"internal/guichet/guichettest": { // portals for tests, on a real store
		floor: 3, imports: []string{"internal/guichet", "internal/store", "internal/store/pgtest", "segur"}, noCall: clock,
	},
	"internal/guichet/modele": { // tests only: the business walked at random
		floor: 3, imports: []string{"internal/guichet", "internal/guichet/guichettest", "internal/store/pgtest", "segur"}, noCall: clock,
	},
	"internal/store": {
		floor: 3, imports: []string{"internal/guichet", "segur"}, modules: []string{sqliteModule, pgxModule, gooseModule, zstdModule},
		tests: []string{"internal/store/pgtest"}, noStd: []string{"net/http"}, noCall: clock,
	},
	"internal/store/pgtest": {floor: 3, modules: []string{pgxModule}, noStd: []string{"net/http"}, noCall: clock},
	"internal/tus": { // the wire of resumable uploads, the same for pages and API; of the clock, the deadlines of connections only
		floor: 3, imports: []string{"internal/guichet", "segur"}, tests: []string{"internal/guichet/guichettest"},
		noStd: []string{"crypto/rand", "database", "log", "math/rand", "plugin"}, noCall: []string{"time.Since", "time.Until"},
	},
	"internal/api": { // reads and renders; of the clock, the deadlines of connections only (corps.go)
		floor: 3, imports: []string{"internal/guichet", "internal/tus", "segur"}, modules: []string{jsonModule},
		tests: []string{"internal/api/client", "internal/guichet/guichettest", "internal/store/pgtest"},
		noStd: []string{"crypto/rand", "database", "html", "log", "math/rand", "plugin"}, noCall: []string{"time.Since", "time.Until"},
	},
	"internal/web": { // pages; rapport shows the source line of a fault; of the clock, the wait for a simulation only
		floor: 3, imports: []string{"internal/guichet", "internal/lettre", "internal/rapport", "internal/tus", "segur"}, modules: []string{jsonModule},
		tests: []string{"internal/guichet/guichettest", "internal/store"},
		noStd: []string{"crypto/rand", "database", "log", "math/rand", "plugin", "text/template"}, noCall: clock,
	},
	// Black box: it knows the format and what HTTP answers, nothing else of the
	// house. The driver is there to change the journal as an intruder would.
	"docs/guides/developpeur/parcours-go": {floor: 4}, // what an outsider writes: the standard library and nothing of ours
	"e2e/contrat":                         {floor: 4, imports: []string{"segur"}, modules: []string{sqliteModule}},
	// The bench for whole portals: its people know HTTP only, its seeds and its
	// proof read the stores.
	"e2e/banc":          {floor: 4, imports: []string{"internal/blob", "internal/guichet", "internal/store", "internal/store/pgtest", "segur"}, modules: []string{smtpModule}},
	"e2e/fautes":        {floor: 4, imports: []string{"e2e/banc", "internal/store/pgtest"}},
	"e2e/epreuves":      {floor: 4, imports: []string{"e2e/banc", "e2e/fautes"}},
	"internal/archtest": {floor: 4},
	"internal/lecteurpdf": { // the only one that opens PDFs, in a process of its own (docs/decisions/0006)
		floor: 3, imports: []string{"segur", "segur/piece"}, modules: []string{pdfModule},
		noStd: services, noCall: clock,
	},
	"cmd/guichet": { // wires by hand: what the portal is made of stands here
		floor: 4, modules: []string{cryptoModule, fpdfModule, promModule}, // autocert asks for certificates
		tests:   []string{"e2e/banc", "e2e/fautes", "internal/guichet/guichettest", "internal/store/pgtest"}, // faults under the real program; a real scanner; benchmarks on both engines
		imports: []string{"internal/antivirus", "internal/api", "internal/appel", "internal/blob", "internal/atelier/certificat", "internal/cle", "internal/courrier", "internal/finess", "internal/guichet", "internal/identite", "internal/lecteurpdf", "internal/sauvegarde", "internal/store", "internal/tirage", "internal/traces", "internal/virement", "internal/web", "segur", "segur/piece"},
	},
	"cmd/segur": {
		floor: 4, modules: []string{termModule, xlsxModule},
		imports: []string{"internal/api/client", "internal/atelier", "internal/atelier/catalogue", "internal/atelier/certificat", "internal/atelier/envoi", "internal/atelier/importer", "internal/atelier/registre",
			"internal/atelier/rendu", "internal/atelier/reprise", "internal/atelier/solde", "internal/atelier/suivi", "internal/atelier/tableau", "internal/lecteurpdf", "internal/rapport", "internal/reference", "segur", "segur/piece"},
	},
}

// cloudModules is what gocloud.dev brings for S3: the client of Amazon in
// pieces, and tracing that nothing turns on.
var cloudModules = []string{
	"github.com/aws/aws-sdk-go-v2",
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream",
	"github.com/aws/aws-sdk-go-v2/config",
	"github.com/aws/aws-sdk-go-v2/credentials",
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds",
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager",
	"github.com/aws/aws-sdk-go-v2/internal/configsources",
	"github.com/aws/aws-sdk-go-v2/internal/endpoints/v2",
	"github.com/aws/aws-sdk-go-v2/internal/v4a",
	"github.com/aws/aws-sdk-go-v2/service/internal/accept-encoding",
	"github.com/aws/aws-sdk-go-v2/service/internal/checksum",
	"github.com/aws/aws-sdk-go-v2/service/internal/presigned-url",
	"github.com/aws/aws-sdk-go-v2/service/internal/s3shared",
	"github.com/aws/aws-sdk-go-v2/service/s3",
	"github.com/aws/aws-sdk-go-v2/service/signin",
	"github.com/aws/aws-sdk-go-v2/service/sso",
	"github.com/aws/aws-sdk-go-v2/service/ssooidc",
	"github.com/aws/aws-sdk-go-v2/service/sts",
	"github.com/aws/smithy-go",
	"github.com/go-logr/logr",
	"github.com/go-logr/stdr",
	"github.com/google/wire",
	"github.com/googleapis/gax-go/v2",
	"go.opentelemetry.io/auto/sdk",
	"go.opentelemetry.io/otel",
	"go.opentelemetry.io/otel/log",
	"go.opentelemetry.io/otel/metric",
	"go.opentelemetry.io/otel/sdk",
	"go.opentelemetry.io/otel/sdk/metric",
	"go.opentelemetry.io/otel/trace",
	"gocloud.dev",
	"golang.org/x/net",
	"golang.org/x/xerrors",
	"google.golang.org/api",
	"google.golang.org/genproto/googleapis/rpc",
	"google.golang.org/grpc",
}

// testModules may be imported by any test.
var testModules = []string{
	"github.com/emersion/go-sasl", // with go-smtp
	"github.com/emersion/go-smtp", // a real server for courrier
	"github.com/google/go-cmp",
	otpModule,                                  // the telephone of a person who signs in
	"github.com/rogpeppe/go-internal",          // testscript
	"github.com/santhosh-tekuri/jsonschema/v6", // the independent reader of the generated schema
	"pgregory.net/rapid",
	xlsxModule, // workbooks as clerks write them
}

// link is what one command may have in its binary.
type link struct {
	modules []string // all of them, those that modules bring included
	noStd   []string // packages that must not be linked, and why
}

// Modules that come with a chosen one.
var (
	pdfModules = []string{
		pdfModule, "github.com/hhrutter/tiff", widthModule, uaxModule, "go.yaml.in/yaml/v3",
		"golang.org/x/crypto", "golang.org/x/image",
	}
	xlsxModules = []string{
		xlsxModule, "github.com/richardlehane/mscfb", "github.com/richardlehane/msoleps", "github.com/tiendc/go-deepcopy",
		"github.com/xuri/efp", "github.com/xuri/nfp", "golang.org/x/crypto", "golang.org/x/net",
	}
)

var (
	sqliteModules = []string{
		sqliteModule, "github.com/dustin/go-humanize", "github.com/google/uuid", "github.com/remyoudompheng/bigfft",
		"modernc.org/libc", "modernc.org/mathutil", "modernc.org/memory",
	}
	promModules = []string{
		promModule, "github.com/beorn7/perks", "github.com/cespare/xxhash/v2", "github.com/munnerz/goautoneg", "github.com/prometheus/client_model",
		"github.com/prometheus/common", "github.com/prometheus/procfs", "google.golang.org/protobuf", "github.com/klauspost/compress",
	}
	pgxModules   = []string{pgxModule, "github.com/jackc/pgpassfile", "github.com/jackc/pgservicefile", "github.com/jackc/puddle/v2", "golang.org/x/sync"}
	gooseModules = []string{gooseModule, "github.com/mfridman/interpolate", "github.com/sethvargo/go-retry", "go.uber.org/multierr"}
)

// accesModules is what signing in by passkey and by an identity provider brings.
var accesModules = []string{
	webauthnMod, "github.com/go-webauthn/x", "github.com/fxamacker/cbor/v2", "github.com/x448/float16", "github.com/go-viper/mapstructure/v2",
	"github.com/golang-jwt/jwt/v5", "github.com/google/go-tpm", "github.com/google/uuid", "github.com/philhofer/fwd", "github.com/tinylib/msgp",
	oidcModule, oauthModule, "github.com/go-jose/go-jose/v4",
}

var commands = map[string]link{
	"cmd/guichet": {
		modules: slices.Concat([]string{jsonModule, textModule, cryptoModule, sysModule, fpdfModule}, pdfModules, sqliteModules, pgxModules, gooseModules,
			promModules, cloudModules, accesModules, []string{otpModule, "github.com/boombuler/barcode", mailModule}),
		// Nothing of the process is served beside the portal. expvar comes with
		// promModule; its page stands on http.DefaultServeMux, which nobody serves.
		noStd: []string{"net/http/pprof"},
	},
	// The complete one, as plain go build makes it. The tool of the supplier
	// has no database and serves nobody.
	"cmd/segur": {
		modules: slices.Concat([]string{jsonModule, textModule, termModule, sysModule}, pdfModules, xlsxModules),
		noStd:   []string{"database/sql", "expvar"},
	},
}

// lightSegur is cmd/segur with the tag leger. Its start-up budget
// (docs/decisions/0002, 0006): each of these packages costs milliseconds or
// megabytes before main begins.
var lightSegur = link{
	modules: []string{jsonModule, textModule, termModule, sysModule},
	noStd: []string{
		"database/sql", "encoding/gob", "encoding/json", "expvar", "html/template",
		"log/slog", "net", "net/http", "regexp", "text/template",
	},
}

// longFiles may pass maxLines: data tables only. Generated files need no row.
var longFiles = map[string]string{}

// untested packages have no test file of their own.
var untested = map[string]string{
	"docs/guides/developpeur/parcours-go": "e2e/contrat runs it, as the other languages of the guide",
	"e2e/fautes":                          "the tests of cmd/guichet play it, whose test program is the portal that it kills",
	"internal/cle/cletest":                "it is the device that the tests of internal/cle use",
	"internal/blob/blobtest":              "it is the suite that the tests of internal/blob run on both stores",
	"internal/store/pgtest":               "it is a test's server: the suite of internal/store starts and ends it",
}

// maxLines is the length of a file nobody has to scroll through twice.
const maxLines = 500
