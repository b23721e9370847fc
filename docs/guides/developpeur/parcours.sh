#!/usr/bin/env bash
# Contrôle un fichier, le dépose, envoie ses zips de pièces, montre où en sont ses demandes.
#   GUICHET=https://… JETON=… NUMERO_ANS=… ./parcours.sh JSON-….json pieces-1.zip …
# Il faut curl et jq. Fin : 0 tout est complet, 1 quelque chose est refusé ou manque.
set -euo pipefail
fichier=$1
shift
api=$GUICHET/api/v1
travail=$(mktemp -d)
trap 'rm -rf "$travail"' EXIT

# appeler ATTENDU MÉTHODE CHEMIN OPTIONS-DE-CURL… : la réponse est dans $travail/reponse.
# Le jeton passe par un fichier que vous seul lisez : une ligne de commande se voit de tous.
printf 'header = "Authorization: Bearer %s"\n' "$JETON" > "$travail/jeton"
appeler() {
  local attendu=$1 methode=$2 chemin=$3 statut
  shift 3
  statut=$(curl -sS --config "$travail/jeton" --retry 3 -X "$methode" "$@" -o "$travail/reponse" -w '%{http_code}' "$api$chemin")
  if [ "$statut" != "$attendu" ]; then
    jq -r '"Refusé (\(.status)) : \(.title). \(.detail)", (.rapport.structure[]?, .refusees[]? | "  \(.code) \(.message)")' "$travail/reponse" >&2
    exit 1
  fi
}

# 1. Contrôler : sans compte, sans rien déposer.
curl -sS --fail-with-body --data-binary "@$fichier" "$api/controles?type=avance&nom=$(basename "$fichier")" > "$travail/controle"
echo "Contrôle : $(jq -r .verdict "$travail/controle")"
jq -r '.structure[]?, .demandes[]?.constats[]? | "  \(.code) \(.message)"' "$travail/controle"

# 2. Déposer. La clé rend l'appel répétable : le même fichier n'est jamais déposé deux fois.
cle=$({ basename "$fichier"; cat "$fichier"; } | sha256sum | cut -c1-64)
appeler 201 POST /depots -H "Idempotency-Key: $cle" -F type=avance -F "numeroAns=$NUMERO_ANS" -F "fichier=@$fichier;type=application/json"
depot=$(jq -r .id "$travail/reponse")
echo "Dépôt : $depot"
jq -r '.demandes[] | "  \(.numeroEditeur) → \(.numeroASP)"' "$travail/reponse"
numeros=$(jq -r '.demandes[].numeroASP' "$travail/reponse")
refusees=$(jq '(.rapport.demandes | length) - (.demandes | length)' "$travail/reponse")

# 3. Garder le fichier retour, octet pour octet.
appeler 200 GET "/depots/$depot/retour"
cp "$travail/reponse" "${fichier%.json}.retour.json"

# 4. Envoyer les pièces.
for zip in "$@"; do
  appeler 200 PUT "/depots/$depot/pieces" -H 'Content-Type: application/zip' -T "$zip"
  echo "$(basename "$zip") : $(jq '.recues | length' "$travail/reponse") pièces reçues, $(jq '.manquantes | length' "$travail/reponse") manquantes"
  jq -r '.refusees[] | "  \(.nomFichier) : \(.code) \(.message)"' "$travail/reponse"
done

# 5. Voir où en est chaque demande.
reste=0
for numero in $numeros; do
  appeler 200 GET "/demandes/$numero"
  jq -r '"\(.numeroASP) : \(.statut), à \(.prochainActeur // "personne") d’agir, avance de \(.montants.avance) €"' "$travail/reponse"
  if [ "$(jq -r .statut "$travail/reponse")" = incomplete ]; then reste=1; fi
done
[ "$reste" -eq 0 ] && [ "$refusees" -eq 0 ]
