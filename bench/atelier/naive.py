"""What a home-made script does: csv in, json out, 200 requests a file.

It checks nothing, keeps no ledger and writes no manifest.
"""
import csv
import json
import os
import sys


def main(liste, dossier):
    os.makedirs(dossier, exist_ok=True)
    with open(liste, encoding="utf-8-sig", newline="") as f:
        lignes = list(csv.DictReader(f, delimiter=";"))
    for debut in range(0, len(lignes), 200):
        demandes = []
        for rang, ligne in enumerate(lignes[debut:debut + 200], 1):
            numero = f"{debut + rang:05d}"
            demandes.append({
                "numLigne": rang, "typeAction": "C", "numeroASP": None, "numeroEditeur": numero,
                "commande": {"dateCommande": ligne["Date signature"], "regimeTVA": ligne["Régime TVA"],
                             "montantSegurHT": float(ligne["Montant HT"].replace(",", "."))},
                "certificatsServeur": {"statutAdminTechnique": ligne["Statut admin"], "numeroCarteCPX": ligne["N° carte CPS"],
                                       "nomAdminTechnique": ligne["Nom administrateur"], "telAdminTechnique": ligne["Tél. administrateur"],
                                       "emailAdminTechnique": ligne["Courriel administrateur"]},
                "beneficiaire": {"nomResponsable": ligne["Titulaire"], "emailResponsable": ligne["E-mail"],
                                 "telephoneResponsable": ligne["Téléphone"], "FINESSGeo": ligne["FINESS"]},
                "piecesJustificatives": [{"nomFichier": f"PHA-LGO-Va1-BDC-{numero}.jpg", "formatFichier": "JPG", "typeFichier": "BON_COMMANDE"}],
                "scenarioInstallation": {"hasBALMSSantePersonnelle": ligne["BAL MSSanté"] == "oui", "operateurMessagerie": ligne["Opérateur"] or None},
                "codeTraitement": None, "libelleTraitement": None,
            })
        document = {"impId": None, "numeroAns": "9999999999", "SIRET": "00000000000000", "lignesImport": demandes}
        nom = os.path.join(dossier, f"JSON-9999999999-20230701-{debut // 200 + 1:03d}.json")
        with open(nom, "w", encoding="utf-8") as f:
            json.dump(document, f, ensure_ascii=False, indent=2)


main(sys.argv[1], sys.argv[2])
