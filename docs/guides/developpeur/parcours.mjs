// Contrôle un fichier, le dépose, envoie ses zips de pièces, montre où en sont ses demandes.
//   GUICHET=https://… JETON=… NUMERO_ANS=… node parcours.mjs JSON-….json pieces-1.zip …
// Rien d'autre que Node 20. Fin : 0 tout est complet, 1 quelque chose est refusé ou manque.
import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as attendre } from "node:timers/promises";

const { GUICHET, JETON, NUMERO_ANS } = process.env;

// appeler rend la réponse ; il attend et recommence quand le portail le demande.
async function appeler(methode, chemin, body, entetes = {}, jeton = true) {
  for (let essai = 0; ; essai++) {
    const headers = jeton ? { ...entetes, Authorization: `Bearer ${JETON}` } : entetes;
    const r = await fetch(`${GUICHET}/api/v1${chemin}`, { method: methode, body, headers });
    if (r.ok) return r;
    if ([429, 503].includes(r.status) && essai < 3) {
      await attendre(1000 * Number(r.headers.get("Retry-After") ?? 1));
      continue;
    }
    const p = await r.json();
    console.error(`Refusé (${p.status}) : ${p.title}. ${p.detail}`);
    for (const c of [...(p.rapport?.structure ?? []), ...(p.refusees ?? [])]) console.error(`  ${c.code} ${c.message}`);
    process.exit(1);
  }
}

const [fichier, ...zips] = process.argv.slice(2);
const nom = path.basename(fichier);
const octets = await readFile(fichier);

// 1. Contrôler : sans compte, sans rien déposer.
const rapport = await (await appeler("POST", `/controles?${new URLSearchParams({ type: "avance", nom })}`, octets, {}, false)).json();
console.log("Contrôle :", rapport.verdict);
for (const c of [...rapport.structure, ...rapport.demandes.flatMap((d) => d.constats)]) console.log(`  ${c.code} ${c.message}`);

// 2. Déposer. La clé rend l'appel répétable : le même fichier n'est jamais déposé deux fois.
const formulaire = new FormData();
formulaire.set("type", "avance");
formulaire.set("numeroAns", NUMERO_ANS);
formulaire.set("fichier", new Blob([octets], { type: "application/json" }), nom);
const cle = createHash("sha256").update(nom).update(octets).digest("hex");
const depot = await (await appeler("POST", "/depots", formulaire, { "Idempotency-Key": cle })).json();
console.log("Dépôt :", depot.id);
for (const d of depot.demandes) console.log(`  ${d.numeroEditeur} → ${d.numeroASP}`);

// 3. Garder le fichier retour, octet pour octet.
const retour = await appeler("GET", `/depots/${depot.id}/retour`);
await writeFile(fichier.replace(/\.json$/, ".retour.json"), Buffer.from(await retour.arrayBuffer()));

// 4. Envoyer les pièces, lues à mesure : un zip de 200 Mo ne tient jamais en mémoire.
for (const zip of zips) {
  const couverture = await (await appeler("PUT", `/depots/${depot.id}/pieces`, await openAsBlob(zip), { "Content-Type": "application/zip" })).json();
  console.log(`${path.basename(zip)} : ${couverture.recues.length} pièces reçues, ${couverture.manquantes.length} manquantes`);
  for (const r of couverture.refusees) console.log(`  ${r.nomFichier} : ${r.code} ${r.message}`);
}

// 5. Voir où en est chaque demande.
let complet = depot.demandes.length === depot.rapport.demandes.length;
for (const { numeroASP } of depot.demandes) {
  const d = await (await appeler("GET", `/demandes/${numeroASP}`)).json();
  console.log(`${numeroASP} : ${d.statut}, à ${d.prochainActeur ?? "personne"} d’agir, avance de ${d.montants.avance} €`);
  complet &&= d.statut !== "incomplete";
}
process.exit(complet ? 0 : 1);
