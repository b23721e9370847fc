#!/usr/bin/env bash
# Builds guichet_VERSION_ARCH.deb and segur_VERSION_ARCH.deb into a folder. The
# same sources, version and SOURCE_DATE_EPOCH give the same bytes: programs
# without paths, files in order, one date, owned by root.
#
#   paquet/deb.sh VERSION DOSSIER
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."
version=$1 sortie=$2
arch=$(dpkg --print-architecture)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export CGO_ENABLED=0
# Package versions begin with a digit: v1.2.3 is 1.2.3, a bare commit is 0~it.
paquet=${version#v}
[[ $paquet =~ ^[0-9] ]] || paquet="0~$paquet"
paquet=${paquet//-/+}
travail=$(mktemp -d)
trap 'rm -rf "$travail"' EXIT
mkdir -p "$sortie"

compiler() { # NAME FILE [FLAGS…]
	local nom=$1 fichier=$2
	shift 2
	go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$version" "$@" -o "$fichier" "./cmd/$nom"
}

controle() { # NAME SIZE DEPENDS SUMMARY DETAIL
	cat <<FIN
Package: $1
Version: $paquet
Architecture: $arch
Maintainer: Projet Guichet <exploitation@guichet.example>
Section: misc
Priority: optional
Installed-Size: $2
${3:+Depends: $3
}Description: $4
 $5
FIN
}

# fermer turns a folder into a package: everything in it gets the one date.
fermer() { # NAME DEPENDS SUMMARY DETAIL
	local racine=$travail/$1 taille
	mkdir -p "$racine/DEBIAN"
	taille=$(($(find "$racine" -type f -printf '%s\n' | awk '{n += $1} END {print n + 0}') / 1024))
	controle "$1" "$taille" "$2" "$3" "$4" >"$racine/DEBIAN/control"
	(cd "$racine" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$racine/DEBIAN/md5sums"
	find "$racine" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
	dpkg-deb --root-owner-group -Zxz -z3 --build "$racine" "$sortie/$1_${paquet}_$arch.deb" >/dev/null
	echo "$sortie/$1_${paquet}_$arch.deb"
}

page() { gzip -9n >"$1"; }

racine=$travail/guichet
mkdir -p "$racine"/{DEBIAN,etc/guichet,usr/bin,usr/lib/systemd/system,usr/share/man/man1,usr/share/doc/guichet}
compiler guichet "$racine/usr/bin/guichet"
# The settings of a package installation come before the table of all.
{
	cat <<'FIN'
GUICHET_BASE=sqlite:/var/lib/guichet/guichet.db
GUICHET_PIECES=file:///var/lib/guichet/pieces
GUICHET_TEMP=/var/lib/guichet/envois
GUICHET_CLE=/etc/guichet/cle

FIN
	"$racine/usr/bin/guichet" config --sortie fichier
} >"$racine/etc/guichet/guichet.conf"
chmod 0640 "$racine/etc/guichet/guichet.conf"
chmod 0750 "$racine/etc/guichet"
echo /etc/guichet/guichet.conf >"$racine/DEBIAN/conffiles"
"$racine/usr/bin/guichet" manuel | page "$racine/usr/share/man/man1/guichet.1.gz"
install -m 0644 paquet/guichet/guichet.service "$racine/usr/lib/systemd/system/"
install -m 0644 paquet/guichet/ports-reserves.conf docs/exploitation/* "$racine/usr/share/doc/guichet/"
page "$racine/usr/share/doc/guichet/changelog.gz" <CHANGELOG.md
install -m 0755 paquet/guichet/{postinst,prerm,postrm} "$racine/DEBIAN/"
fermer guichet adduser "portail de l’agence pour le Ségur numérique (officine)" "Dépôt, instruction, décision, paiement et contrôle des demandes de financement."

racine=$travail/segur
mkdir -p "$racine"/{DEBIAN,usr/bin,usr/share/man/man1,usr/share/bash-completion/completions,usr/share/fish/vendor_completions.d,usr/share/doc/segur}
compiler segur "$racine/usr/bin/segur" -tags leger
compiler segur "$racine/usr/bin/segur-complet" -pgo=off
"$racine/usr/bin/segur" manuel | page "$racine/usr/share/man/man1/segur.1.gz"
"$racine/usr/bin/segur" completion bash >"$racine/usr/share/bash-completion/completions/segur"
"$racine/usr/bin/segur" completion fish >"$racine/usr/share/fish/vendor_completions.d/segur.fish"
page "$racine/usr/share/doc/segur/changelog.gz" <CHANGELOG.md
fermer segur "" "prépare et contrôle les demandes du Ségur numérique (officine)" "Contrôle de fichiers, préparation, dépôt, suivi et reprise des demandes de financement."
