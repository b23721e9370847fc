#!/usr/bin/env python3
"""Contrôle un fichier, le dépose, envoie ses zips de pièces, montre où en sont ses demandes.

    GUICHET=https://… JETON=… NUMERO_ANS=… python3 parcours.py JSON-….json pieces-1.zip …

Rien d'autre que Python 3.9. Fin : 0 tout est complet, 1 quelque chose est refusé ou manque.
"""
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

API = os.environ["GUICHET"] + "/api/v1"


def appeler(methode, chemin, corps=None, jeton=True, **entetes):
    """Rend les octets de la réponse ; attend et recommence quand le portail le demande."""
    for essai in range(4):
        r = urllib.request.Request(API + chemin, data=corps, method=methode)
        for nom, valeur in entetes.items():
            r.add_header(nom.replace("_", "-"), valeur)
        if jeton:
            r.add_header("Authorization", "Bearer " + os.environ["JETON"])
        try:
            with urllib.request.urlopen(r, timeout=300) as reponse:
                return reponse.read()
        except urllib.error.HTTPError as e:
            if e.code in (429, 503) and essai < 3:
                time.sleep(int(e.headers.get("Retry-After", "1")))
                if hasattr(corps, "seek"):
                    corps.seek(0)
                continue
            p = json.load(e)
            print(f"Refusé ({p['status']}) : {p['title']}. {p['detail']}", file=sys.stderr)
            for c in p.get("rapport", {}).get("structure", []) + p.get("refusees", []):
                print(f"  {c['code']} {c['message']}", file=sys.stderr)
            sys.exit(1)


def formulaire(champs, fichier):
    """Écrit un formulaire multipart : des champs, et un fichier."""
    frontiere = hashlib.sha256(fichier.name.encode() + fichier.read_bytes()).hexdigest()[:32]
    corps = b""
    for nom, valeur in champs.items():
        corps += f'--{frontiere}\r\nContent-Disposition: form-data; name="{nom}"\r\n\r\n{valeur}\r\n'.encode()
    corps += (f'--{frontiere}\r\nContent-Disposition: form-data; name="fichier"; filename="{fichier.name}"\r\n'
              "Content-Type: application/json\r\n\r\n").encode()
    return f"multipart/form-data; boundary={frontiere}", corps + fichier.read_bytes() + f"\r\n--{frontiere}--\r\n".encode()


fichier, zips = Path(sys.argv[1]), [Path(z) for z in sys.argv[2:]]

# 1. Contrôler : sans compte, sans rien déposer.
question = urllib.parse.urlencode({"type": "avance", "nom": fichier.name})
rapport = json.loads(appeler("POST", "/controles?" + question, fichier.read_bytes(), jeton=False))
print("Contrôle :", rapport["verdict"])
for c in rapport["structure"] + [c for d in rapport["demandes"] for c in d["constats"]]:
    print(f"  {c['code']} {c['message']}")

# 2. Déposer. La clé rend l'appel répétable : le même fichier n'est jamais déposé deux fois.
genre, corps = formulaire({"type": "avance", "numeroAns": os.environ["NUMERO_ANS"]}, fichier)
cle = hashlib.sha256(fichier.read_bytes()).hexdigest()
depot = json.loads(appeler("POST", "/depots", corps, Content_Type=genre, Idempotency_Key=cle))
print("Dépôt :", depot["id"])
for d in depot["demandes"]:
    print(f"  {d['numeroEditeur']} → {d['numeroASP']}")

# 3. Garder le fichier retour, octet pour octet.
fichier.with_suffix(".retour.json").write_bytes(appeler("GET", f"/depots/{depot['id']}/retour"))

# 4. Envoyer les pièces, lues à mesure : un zip de 200 Mo ne tient jamais en mémoire.
for z in zips:
    with z.open("rb") as f:
        couverture = json.loads(appeler("PUT", f"/depots/{depot['id']}/pieces", f, Content_Type="application/zip", Content_Length=str(z.stat().st_size)))
    print(f"{z.name} : {len(couverture['recues'])} pièces reçues, {len(couverture['manquantes'])} manquantes")
    for r in couverture["refusees"]:
        print(f"  {r['nomFichier']} : {r['code']} {r['message']}")

# 5. Voir où en est chaque demande.
complet = len(depot["demandes"]) == len(depot["rapport"]["demandes"])
for numero in (d["numeroASP"] for d in depot["demandes"]):
    d = json.loads(appeler("GET", "/demandes/" + numero))
    print(f"{numero} : {d['statut']}, à {d['prochainActeur'] or 'personne'} d’agir, avance de {d['montants']['avance']} €")
    complet = complet and d["statut"] != "incomplete"
sys.exit(0 if complet else 1)
