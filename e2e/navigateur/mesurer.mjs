// Measures the control in the browser: what is loaded, and the time from the
// click to the report, for 200 requests, beside the command on the same file.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { naviguer, ouvrir } from "./portail.mjs";

const segur = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../bin/segur");
const TOURS = 15;
const mediane = (xs) => xs.sort((a, b) => a - b)[xs.length >> 1];
const ms = (x) => x.toFixed(0) + " ms";

const dossier = await mkdtemp(path.join(tmpdir(), "segur-mesure-"));
const portail = await ouvrir();
const navigateur = await naviguer();
try {
  const fichier = path.join(dossier, "exemple.json");
  await writeFile(fichier, execFileSync(segur, ["modele", "--exemple", "200"]));
  const arrivees = [];
  const premiers = [];
  const suivants = [];
  for (let i = 0; i < TOURS; i++) {
    const page = await (await navigateur.newContext({ baseURL: portail.adresse })).newPage();
    await page.goto("/simulateur");
    arrivees.push(await page.evaluate(async () => {
      while (!document.querySelector("form[data-pret=oui]")) await new Promise((r) => setTimeout(r, 5));
      return performance.now();
    }));
    await page.locator("#fichier").setInputFiles(fichier);
    const chronometrer = () => page.evaluate(async () => {
      document.querySelector("iframe.rapport-local")?.remove();
      const debut = performance.now();
      document.querySelector("form[data-pret] button").click();
      while (!document.querySelector("iframe.rapport-local")) await new Promise((r) => setTimeout(r, 2));
      return performance.now() - debut;
    });
    premiers.push(await chronometrer());
    await page.waitForTimeout(500);
    suivants.push(await chronometrer());
    await page.context().close();
  }
  const commandes = [];
  for (let i = 0; i < TOURS; i++) {
    const debut = performance.now();
    spawnSync(segur, ["controler", "--sortie", "html", fichier]);
    commandes.push(performance.now() - debut);
  }
  const page = await navigateur.newPage();
  await page.goto(portail.adresse + "/simulateur");
  const reponse = await page.request.head(portail.adresse + (await page.locator("form[data-module]").getAttribute("data-module")));
  const taille = Number(reponse.headers()["content-length"]) / 1e6;
  console.log(`| control in the browser, 200 requests, median of ${TOURS} | measured | target |
|---|---|---|
| program, gzip | ${taille.toFixed(2)} MB | < 4 |
| from the click to the first report after load | ${ms(mediane(premiers))} | < 300 |
| to a later report | ${ms(mediane(suivants))} | |
| from opening the page to ready | ${ms(mediane(arrivees))} | |
| first report ÷ the command's process | ${(mediane(premiers) / mediane(commandes)).toFixed(1)} × | |`);
} finally {
  await navigateur.close();
  await portail.fermer();
  await rm(dossier, { recursive: true, force: true });
}
