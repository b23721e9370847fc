#!/usr/bin/env bash
# A scan of the running portal from outside, by wapiti (Debian package): first
# as nobody, then signed in as a supplier's user. A finding that is not excused
# in e2e/dast-excuses.txt fails, and so does an excuse that excuses nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v wapiti >/dev/null || { echo 'dast: apt-get install wapiti' >&2; exit 1; }
travail=$(mktemp -d)
portail=
trap '[ -z "$portail" ] || kill "$portail" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$travail"' EXIT
bin/guichet demo --dossier "$travail/demo" --port 0 --sortie json >"$travail/annonce" 2>"$travail/trace" &
portail=$!
for _ in $(seq 300); do [ -s "$travail/annonce" ] && break; sleep 0.2; done

python3 - "$travail" <<'FIN'
# Signs in, and leaves the cookie where wapiti looks for it.
import http.cookiejar, json, sys, urllib.parse, urllib.request
travail = sys.argv[1]
annonce = json.load(open(travail + "/annonce"))
f = annonce["fournisseurs"][0]
pot = http.cookiejar.CookieJar()
ouvrir = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(pot)).open
corps = urllib.parse.urlencode({"identifiant": f["utilisateur"], "mot_de_passe": f["motDePasse"]}).encode()
ouvrir(annonce["adresse"] + "/connexion", corps)
assert list(pot), "no session"
hote = urllib.parse.urlsplit(annonce["adresse"]).hostname
json.dump({hote + ".local" if "." not in hote else hote: {"/": {c.name: {"version": 0, "value": c.value, "secure": False, "expires": None, "port": None} for c in pot}}}, open(travail + "/cookies.json", "w"))
open(travail + "/adresse", "w").write(annonce["adresse"])
FIN
adresse=$(cat "$travail/adresse")
# Seconds of each module. Modules that call a server of their makers, or that
# wait for an answer to be late, are left out.
duree=${DUREE:-60}
scanner() { # NAME [FLAGS…]
	local nom=$1
	shift
	wapiti -u "$adresse/" --scope domain --flush-session --store-session "$travail/session-$nom" --no-bugreport \
		-m exec,file,sql,xss,redirect,crlf,csp,http_headers,cookieflags \
		--max-scan-time "$((duree * 4))" --max-attack-time "$duree" -d 3 --max-links-per-page 20 --max-files-per-dir 20 \
		-f json -o "$travail/$nom.json" "$@" >"$travail/$nom.log" 2>&1 || { tail -20 "$travail/$nom.log" >&2; exit 1; }
}
scanner anonyme
scanner fournisseur -c "$travail/cookies.json"
kill -0 "$portail" || { echo 'dast: the portal has died' >&2; exit 1; }

python3 - "$travail" e2e/dast-excuses.txt <<'FIN'
import json, sys
travail, fichier = sys.argv[1:]
excuses = {}
for ligne in open(fichier):
    if ligne.strip() and not ligne.startswith("#"):
        genre, chemin, raison = [x.strip() for x in ligne.split("|", 2)]
        excuses[genre, chemin] = raison
servies, fautes = set(), 0
for nom in "anonyme", "fournisseur":
    rapport = json.load(open(f"{travail}/{nom}.json"))
    for groupe in "vulnerabilities", "anomalies":
        for genre, trouvees in rapport[groupe].items():
            for x in trouvees:
                cles = [(genre, x["path"]), (genre, "*")]
                cle = next((c for c in cles if c in excuses), None)
                if cle:
                    servies.add(cle)
                    continue
                fautes += 1
                print(f"{nom}: {genre}: {x['method']} {x['path']} {x.get('parameter') or ''}: {x['info']}")
for cle in sorted(set(excuses) - servies):
    fautes += 1
    print("excuse that excuses nothing:", *cle)
print(f"dast: {fautes} findings, {len(servies)} excused")
sys.exit(1 if fautes else 0)
FIN
if grep -q '"msg":"request failed"' "$travail/trace"; then
	grep '"msg":"request failed"' "$travail/trace" | head -5 >&2
	echo 'dast: the portal failed to answer something' >&2
	exit 1
fi
