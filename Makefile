# What a developer types. Each target says what it does in `make help`; it
# needs Go, and for the tests a C compiler, which `make test` installs.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# The go command uses all cores by itself, and `check` must generate before it
# compares: one target at a time, whatever -j says.
.NOTPARALLEL:
.PHONY: help run examples build navigateur assets e2e guides test essais faults soak load check generate fuzz bench bench-portail bench-atelier bench-navigateur profile deb deb-essai dast vulnerabilites lint needs clean

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
FUZZTIME ?= 10s
GOLANGCI := go tool -modfile=$(CURDIR)/tools/go.mod golangci-lint

PAQUETS := internal/web/paquets
TIERS := internal/web/static/tiers

# What the tests need beside Go, as command=Debian package.
NEEDS := git=git gcc=gcc chromium=chromium npm=npm pg_ctlcluster=postgresql pdftoppm=poppler-utils xmllint=libxml2-utils clamd=clamav-daemon libdeflate-gzip=libdeflate-tools curl=curl jq=jq python3=python3

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## start the portal on its embedded stores, with demo accounts, and say where to click
	@bin/guichet demo

examples: build ## control everything in examples/ and show the reports
	@status=0; bin/segur controler --date 2023-07-01T09:00 examples || status=$$?; \
	if [ "$$status" -gt 1 ]; then exit "$$status"; fi # 1: an example is refused, as it should be

# segur in two forms (docs/decisions/0006): the light front, and the complete
# program that it hands heavy work over to. Plain `go build ./cmd/segur` makes
# the complete one. The profile matters to the front alone.
build: assets navigateur ## build the commands into bin/
	go build -trimpath -tags leger -ldflags "$(LDFLAGS)" -o bin/segur ./cmd/segur
	go build -trimpath -pgo=off -ldflags "$(LDFLAGS)" -o bin/segur-complet ./cmd/segur
	go build -trimpath -ldflags "$(LDFLAGS)" -o bin/guichet ./cmd/guichet

# segur for browsers (docs/decisions/0019), which the portal's simulator serves:
# without inlining it is a tenth smaller. libdeflate packs 4 % better than gzip.
navigateur: ## build segur for browsers into what the portal serves
	@GOOS=js GOARCH=wasm go build -trimpath -tags leger -gcflags=all=-l -ldflags "$(LDFLAGS)" -o bin/segur.wasm.neuf ./cmd/segur
	@mkdir -p $(TIERS) && cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $(TIERS)/
	@if cmp -s bin/segur.wasm.neuf bin/segur.wasm && [ -e $(TIERS)/segur.wasm.gz ]; then rm bin/segur.wasm.neuf; exit 0; fi; \
	if command -v libdeflate-gzip >/dev/null; then pack='libdeflate-gzip -12'; else pack='gzip -9 -n'; fi; \
	$$pack -c bin/segur.wasm.neuf > bin/segur.wasm.gz; \
	mv bin/segur.wasm.gz $(TIERS)/; mv bin/segur.wasm.neuf bin/segur.wasm

# Bootstrap and htmx for the pages and pdf.js for their viewer, at the versions
# of package-lock.json. The pages have a style of their own and do without, and
# browsers read PDF themselves: no npm is no failure. gzip -n writes no date.
assets: ## bring what the pages load besides their own style (npm)
	@cmp -s $(PAQUETS)/package-lock.json $(TIERS)/.package-lock.json || { \
	  cd $(PAQUETS) && npm ci --omit=optional --silent && mkdir -p ../static/tiers && \
	  cp node_modules/bootstrap/dist/css/bootstrap.min.css node_modules/htmx.org/dist/htmx.min.js ../static/tiers/ && \
	  for f in legacy/build/pdf.min.mjs legacy/build/pdf.worker.min.mjs wasm/jbig2.wasm wasm/openjpeg.wasm; do \
	    gzip -9 -n -c "node_modules/pdfjs-dist/$$f" > "../static/tiers/$${f##*/}.gz" || exit 1; \
	  done && \
	  (cd node_modules/pdfjs-dist && cat LICENSE wasm/LICENSE_JBIG2 wasm/LICENSE_OPENJPEG wasm/LICENSE_PDFJS_JBIG2 wasm/LICENSE_PDFJS_OPENJPEG) | gzip -9 -n > ../static/tiers/pdf-licences.txt.gz && \
	  cp package-lock.json ../static/tiers/.package-lock.json; \
	} || echo 'make: the pages go without Bootstrap, htmx and the viewer of PDF' >&2

# The portal in a real browser. Pictures of the pages stay in e2e/navigateur/out.
NAVIGATEUR := cd e2e/navigateur && { [ -d node_modules ] || npm ci --silent; } && node --test
e2e: needs build ## play the journeys of e2e/navigateur in a real browser
	@$(NAVIGATEUR) --test-reporter=spec --test-concurrency=1 *.test.mjs

guides: needs build ## take the pictures of docs/guides anew
	$(NAVIGATEUR) --test-reporter=spec guides.test.mjs
	cp e2e/navigateur/out/guides/*.png docs/guides/images/

# One set of compiled packages serves the commands, vet, the tests and what the
# tests build. The stores of tests are kept in memory where the machine has two
# gigabytes for them: nothing there waits for a disk, and a process that is
# killed loses nothing of it. What is linked stays on the disk: GOTMPDIR, which
# the tests do not see, for their own folders would follow it.
test: export GOFLAGS := $(strip $(shell go env GOFLAGS 2>/dev/null) -trimpath)
test: needs build ## run every test with the race detector, and count them
	@export GOTMPDIR="$${GOTMPDIR:-$${TMPDIR:-/tmp}}"; \
	if [ "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 2000000 ] 2>/dev/null && memoire=$$(mktemp -d /dev/shm/gXXXXXX); then \
	  trap 'rm -rf "$$memoire"' EXIT; chmod 711 "$$memoire"; \
	  if cp "$$(type -P true)" "$$memoire/true" && "$$memoire/true"; then export TMPDIR="$$memoire"; fi; \
	fi; \
	$(MAKE) --no-print-directory essais

# SQLite is C put into Go: the race detector's other check, of what is done to
# pointers, takes a third of its time there. Races are looked for all the same.
SANS_CHECKPTR := -gcflags=modernc.org/...=-d=checkptr=0
# What stands behind !race, each with its reason beside it.
SANS_COURSE := TestFichiersHostiles|TestMatriceGolden|TestTokenScopesOnEveryRoute|TestEveryPageIsSafeAndReadable|TestPagesOpenToThoseWhoMay
essais:
	@go build -C tools -o ../bin/tally ./tally
	@go build -C tools/fournisseuroidc -o ../../bin/fournisseuroidc .
	@go build -C tools/versitygw -o ../../bin/versitygw github.com/versity/versitygw/cmd/versitygw
	@go build -C tools/pebble -o ../../bin/ tool
	@status=0; \
	go vet -pgo=off ./... || status=$$?; \
	go vet -pgo=off -tags leger ./cmd/segur || status=$$?; \
	{ failed=0; \
	  (export GUICHET_PAGES=sobre; $(NAVIGATEUR) --test-reporter=./evenements.mjs --test-concurrency=1 *.test.mjs) > bin/navigateur.json & pages=$$!; \
	  go test -race $(SANS_CHECKPTR) -pgo=off -vet=off -exec 'env -u GOTMPDIR' -json ./... || failed=$$?; \
	  go test -pgo=off -vet=off -json -run '$(SANS_COURSE)' ./segur ./internal/api ./internal/web || failed=$$?; \
	  go -C tools test -json ./... || failed=$$?; \
	  wait $$pages || failed=$$?; cat bin/navigateur.json; \
	  exit "$$failed"; \
	} | bin/tally || status=$$?; \
	exit "$$status"

# The long trials: minutes each, one table each, 1 when something was lost.
DUREE ?= 5m
epreuves: needs build
	@command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || { echo 'make: install nginx first (apt: nginx-light)' >&2; exit 1; }
	go build -C tools/versitygw -o ../../bin/versitygw github.com/versity/versitygw/cmd/versitygw
	go test -c -o bin/guichet.test ./cmd/guichet
	go build -o bin/epreuves ./e2e/epreuves

faults: epreuves ## kill, cut and fill everything under people at work, on both databases (10 min)
	@bin/epreuves fautes

soak: epreuves ## three portals behind nginx on real engines, for DUREE (5m)
	@bin/epreuves endurance -duree $(DUREE)

load: epreuves ## the closing hour: percentiles from the intended instant, and where the knee is
	@bin/epreuves charge

check: generate lint ## all that must hold before a commit; stage your work first
	@test -z "$$(git ls-files -coz --exclude-standard '*.go' | xargs -0 gofmt -s -l | tee /dev/stderr)" \
		|| { echo 'check: the files above are not formatted: gofmt -s -w' >&2; exit 1; }
	go vet ./...
	go vet -tags leger ./cmd/segur
	GOOS=js GOARCH=wasm go vet -tags leger ./cmd/segur
	go mod tidy -diff
	@git diff --exit-code || { echo 'check: the work tree differs from the index: stage your work, or commit what was generated' >&2; exit 1; }
	@test -z "$$(git ls-files --others --exclude-standard | tee /dev/stderr)" \
		|| { echo 'check: the files above are not tracked' >&2; exit 1; }

generate: ## write again all that is generated
	go generate ./...

# The database of Go is a module: what it knows is as new as tools/vulnerabilites/go.mod
# says. `go get golang.org/x/vulndb@latest` there brings it up to date.
VULNDB := $(CURDIR)/bin/vulndb
vulnerabilites: ## hold the modules and Go itself against the published vulnerabilities (5 min)
	@rm -rf $(VULNDB); osv="$$(go -C tools/vulnerabilites mod download -json golang.org/x/vulndb | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')/data/osv"; \
	go -C tools/vulnerabilites run golang.org/x/vulndb/cmd/indexdb -vulns "$$osv" -out $(VULNDB)
	@go tool -modfile=tools/vulnerabilites/go.mod govulncheck -db file://$(VULNDB) ./cmd/...

fuzz: ## run every fuzz target for FUZZTIME (10s) each
	@found=0; status=0; \
	for package in $$(go list ./...); do \
		listed=$$(go test -list '^Fuzz' "$$package"); \
		for target in $$(grep '^Fuzz' <<<"$$listed" || true); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$package" || status=$$?; \
			found=$$((found + 1)); \
		done; \
	done; \
	echo "$$found fuzz targets"; \
	[ "$$found" -gt 0 ] && exit "$$status"

bench: ## measure side by side with peers
	$(MAKE) -C bench

bench-atelier: build ## measure segur preparer beside zip, a bare copy and a script in Python
	@mkdir -p bench/out/atelier
	cd bench && go run ./atelier -segur ../bin/segur-complet -out out/atelier

bench-portail: build ## measure the portal beside PocketBase, a bare loop and unzip; a million requests, both engines (some minutes)
	cd bench/portail && go run . -guichet ../../bin/guichet

bench-navigateur: needs build ## measure the control in the browser beside the command
	@cd e2e/navigateur && { [ -d node_modules ] || npm ci --silent; } && node mesurer.mjs

profile: ## record anew what the compiler optimises segur for (docs/decisions/0005)
	go test -c -trimpath -pgo=off -o /tmp/segur.test ./segur
	cd segur && /tmp/segur.test -test.run '^$$' -test.bench Controler -test.benchtime 3s -test.cpuprofile ../cmd/segur/default.pgo
	rm -f /tmp/segur.test

# paquet/deb.sh gives the same bytes for the same commit and version.
deb: assets navigateur ## build the Debian packages of both commands into bin/
	paquet/deb.sh $(VERSION) bin

dast: build ## scan the running demonstration from outside with wapiti
	e2e/dast.sh

deb-essai: assets navigateur ## install, start, upgrade and purge the packages on an overlay of this machine (root)
	paquet/essai.sh

lint: ## run the linters of .golangci.yaml; the first time builds them
	$(GOLANGCI) run ./...
	cd tools && $(GOLANGCI) run ./tally/...

needs:
	@missing=; \
	for need in $(NEEDS); do command -v "$${need%%=*}" >/dev/null || missing="$$missing $${need#*=}"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	command -v apt-get >/dev/null || { echo "make: install$$missing first" >&2; exit 1; }; \
	sudo=; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	$$sudo apt-get update -q; \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -yq $$missing

clean: ## remove what was built
	rm -rf bin bench/out e2e/navigateur/out internal/web/static/tiers
