#!/usr/bin/env bash
# Tries the packages as an administrator meets them: built twice with the same
# bytes, installed, started as the unit starts it, upgraded, removed, purged.
# Everything happens on an overlay of this machine's file system, in a mount
# namespace of its own: nothing of it stays.
#
#   paquet/essai.sh        needs root
set -euo pipefail
cd "$(dirname "$0")/.."
ici=$(pwd)
arch=$(dpkg --print-architecture)

echec() { echo "essai du paquet : $*" >&2; exit 1; }

# --- on the overlay ---------------------------------------------------------

fichiers() { # what an installation can leave behind; dpkg's own books aside
	find /etc /usr /var /home /opt /srv -xdev \( -path /var/lib/dpkg -o -path /var/log -o -path /var/cache -o -path "$ici" \) -prune -o -print 2>/dev/null |
		grep -vE '^/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$|^/etc/\.pwd\.lock$' | LC_ALL=C sort
	getent passwd | LC_ALL=C sort
	getent group | LC_ALL=C sort
}

# demarrer runs the ExecStart of the unit as the unit would: its user and
# environment, no capability, the file system read-only but for its folder.
demarrer() {
	local unite=/usr/lib/systemd/system/guichet.service commande
	commande=$(sed -n 's/^ExecStart=//p' $unite)
	install -d -m 0700 -o guichet -g guichet /var/lib/guichet
	unshare --mount --fork --kill-child -- bash -euc '
		mount --bind / /tmp/vue
		mount -o remount,ro,bind /tmp/vue
		mount --bind /var/lib/guichet /tmp/vue/var/lib/guichet
		mount -t tmpfs -o mode=1777 tmp /tmp/vue/tmp
		mount -t proc proc /tmp/vue/proc 2>/dev/null || mount --rbind /proc /tmp/vue/proc
		mount --rbind /dev /tmp/vue/dev
		exec chroot /tmp/vue setpriv --reuid guichet --regid guichet --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
			env -i PATH=/usr/bin:/bin '"$(sed -n 's/^Environment=//p' $unite)"' sh -c "umask 077; cd /var/lib/guichet; exec $1"' _ "$commande" >/tmp/service.log 2>&1 &
	service=$!
	for _ in $(seq 100); do
		if [ "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:$port/readyz)" = 200 ]; then return; fi
		kill -0 $service 2>/dev/null || break
		sleep 0.1
	done
	cat /tmp/service.log >&2
	echec "le service n’est pas prêt"
}

arreter() {
	pkill -TERM -P $service 2>/dev/null || kill -TERM $service
	wait $service 2>/dev/null || true
}

guichet_en_tant_que() { # the operator's commands, as the service's account
	env GUICHET_CONFIG=/etc/guichet/guichet.conf setpriv --reuid guichet --regid guichet --clear-groups guichet "$@"
}

permis() { # the system calls of groups, groups within groups included
	local g l
	for g in "$@"; do
		systemd-analyze syscall-filter "$g" | sed -n 's/^    *\([-@a-z0-9_]*\).*/\1/p' | while read -r l; do
			case $l in @*) permis "$l" ;; *) echo "$l" ;; esac
		done
	done
}

# filtrer holds the calls that the portal makes, PDFs read included, against
# the filter of the unit: no systemd runs here to apply it.
filtrer() {
	command -v strace >/dev/null || { echo "essai du paquet : pas de strace, le filtre d’appels système n’est pas essayé" >&2; return; }
	install -d -m 0700 -o guichet -g guichet /tmp/demo
	setpriv --reuid guichet --regid guichet --clear-groups timeout -s TERM 20 strace -f -qq -o /tmp/demo/appels guichet demo --dossier /tmp/demo/portail --port 0 >/dev/null 2>&1 || true
	sed -E 's/^[0-9]+ +(<\.\.\. )?([a-z0-9_]+).*/\2/' /tmp/demo/appels | LC_ALL=C sort -u | grep -E '^[a-z]' >/tmp/faits
	[ "$(wc -l </tmp/faits)" -gt 30 ] || echec "strace n’a presque rien vu"
	local non
	non=$(LC_ALL=C comm -23 /tmp/faits <(LC_ALL=C comm -23 <(permis @system-service | LC_ALL=C sort -u) <(permis @privileged @resources @keyring | LC_ALL=C sort -u)))
	[ -z "$non" ] || echec "l’unité refuse des appels système dont le portail se sert : $non"
}

sur_overlay() {
	local d=$1 v1=$2 v2=$3
	mkdir -p /tmp/vue
	port=$4
	rm -rf /var/lib/guichet /etc/guichet # of the overlay: a portal may have been tried by hand on this machine
	fichiers >/tmp/avant

	dpkg -i "$d/guichet_${v1}_$arch.deb" >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log >&2; echec "l’installation échoue"; }
	[ "$(stat -c '%a %U %G' /etc/guichet/guichet.conf)" = '640 root guichet' ] || echec "droits de guichet.conf"
	[ "$(stat -c '%a %U %G' /etc/guichet/cle)" = '640 root guichet' ] || echec "droits de la clé"
	[ "$(stat -c '%a %U %G' /var/lib/guichet)" = '700 guichet guichet' ] || echec "droits de /var/lib/guichet"
	local cle
	cle=$(sha256sum /etc/guichet/cle)
	/var/lib/dpkg/info/guichet.postinst configure # a second time: idempotent
	[ "$cle" = "$(sha256sum /etc/guichet/cle)" ] || echec "une seconde configuration change la clé"
	man -l /usr/share/man/man1/guichet.1.gz >/tmp/man.txt 2>/tmp/man.err && grep -q GUICHET_ACME_DOMAINES /tmp/man.txt || echec "la page de manuel"
	[ ! -s /tmp/man.err ] || { cat /tmp/man.err >&2; echec "la page de manuel"; }
	systemd-analyze verify /usr/lib/systemd/system/guichet.service || echec "systemd-analyze verify"
	systemd-analyze security --offline=yes --no-pager --threshold=15 /usr/lib/systemd/system/guichet.service >/tmp/exposition.txt || { cat /tmp/exposition.txt >&2; echec "l’unité est trop exposée"; }
	tail -1 /tmp/exposition.txt

	printf 'GUICHET_PAYEUR_IBAN=FR7699999999990000000000000\nGUICHET_ECOUTE=127.0.0.1:%s\n' "$port" >>/etc/guichet/guichet.conf
	demarrer
	setpriv --reuid nobody --clear-groups cat /etc/guichet/guichet.conf 2>/dev/null && echec "les réglages sont lisibles par tous"
	printf 'une phrase bien longue\n' | guichet_en_tant_que compte ajouter --identifiant chef@agence.example --nom Chef --roles administrateur >/dev/null
	arreter

	dpkg -i "$d/guichet_${v2}_$arch.deb" >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log >&2; echec "la mise à niveau échoue"; }
	grep -q "GUICHET_ECOUTE=127.0.0.1:$port" /etc/guichet/guichet.conf || echec "la mise à niveau perd les réglages"
	[ "$cle" = "$(sha256sum /etc/guichet/cle)" ] || echec "la mise à niveau change la clé"
	demarrer
	guichet_en_tant_que compte lister | grep -q chef@agence.example || echec "la mise à niveau perd des données"
	guichet_en_tant_que journal verifier >/dev/null || echec "le journal ne se vérifie pas"
	arreter

	filtrer
	dpkg -r guichet >/dev/null 2>&1
	[ -e /var/lib/guichet/guichet.db ] && [ -e /etc/guichet/guichet.conf ] || echec "le retrait perd des données"
	dpkg -P guichet >/dev/null 2>&1 || echec "la purge échoue"

	dpkg -i "$d/segur_${v2}_$arch.deb" >/dev/null 2>&1 || echec "l’installation de segur échoue"
	segur modele >/tmp/modele.json
	segur-complet --version >/dev/null
	local statut=0
	segur controler --date 2023-07-01T09:00 "$ici/examples" >/dev/null || statut=$?
	[ $statut -le 1 ] || echec "segur controler rend $statut"
	dpkg -P segur >/dev/null 2>&1

	fichiers >/tmp/apres
	diff /tmp/avant /tmp/apres || echec "la purge laisse ce qui précède"
	echo "essai du paquet : installé, prêt, mis à niveau, purgé, rien ne reste"
}

if [ "${1:-}" = --sur-overlay ]; then
	shift
	sur_overlay "$@"
	exit
fi

# --- on the machine ---------------------------------------------------------

[ "$(id -u)" = 0 ] || echec "à lancer en root"
# A tmpfs of its own: an overlay cannot lie on an overlay.
travail=$(mktemp -d)
trap 'rm -rf "$travail"' EXIT
paquet/deb.sh v0.9.0 "$travail/a"
(umask 077 && TZ=Asia/Tokyo LC_ALL=C paquet/deb.sh v0.9.0 "$travail/b" >/dev/null)
for f in "$travail"/a/*; do
	cmp "$f" "$travail/b/${f##*/}" || echec "deux constructions de ${f##*/} diffèrent"
done
paquet/deb.sh v0.9.1 "$travail/a" >/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$travail/couche"
unshare --mount --fork -- bash -euc '
	mount -t tmpfs couche "$1/couche"
	mkdir "$1"/couche/{haut,travail,racine}
	mount -t overlay -o lowerdir=/,upperdir="$1/couche/haut",workdir="$1/couche/travail" racine "$1/couche/racine"
	mount --rbind /proc "$1/couche/racine/proc"
	mount --rbind /dev "$1/couche/racine/dev"
	mkdir -p "$1/couche/racine/paquets" && mount --bind "$1/a" "$1/couche/racine/paquets"
	exec chroot "$1/couche/racine" "$2/paquet/essai.sh" --sur-overlay /paquets 0.9.0 0.9.1 "$3"' _ "$travail" "$ici" "$port"
