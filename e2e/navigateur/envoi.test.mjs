// A big archive over a poor line: cut, paused, taken up again after the page
// was closed, refused by name, sent once more from the page of the refusal.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { depot, nomDepot, nomPiece, png, zip } from "./fichiers.mjs";
import { tendre } from "./ligne.mjs";
import { entrer, naviguer, ouvrir } from "./portail.mjs";
import { regarder } from "./regard.mjs";

let portail, navigateur, ligne, dossier;

before(async () => {
  portail = await ouvrir();
  navigateur = await naviguer();
  ligne = await tendre(portail.adresse, 6e6);
  dossier = await mkdtemp(path.join(tmpdir(), "envoi-"));
});

after(async () => {
  await navigateur?.close();
  ligne?.fermer();
  await rm(dossier, { recursive: true, force: true });
  assert.equal(await portail?.fermer(), 0);
});

const bouton = (page, name) => page.getByRole("main").getByRole("button", { name, exact: true });
const etat = (page) => page.locator("[data-barre] [role=status]");

// archive writes a zip of the piece of a request, and of noise that nobody
// expects.
async function archive(nom, numero, bruit) {
  const chemin = path.join(dossier, nom);
  await writeFile(chemin, zip([[nomPiece(numero), png(5)], ...Array.from({ length: bruit }, (_, i) => [`bruit${i}.png`, Buffer.concat([png(i), Buffer.alloc(2_900_000, i + 1)])])]));
  return chemin;
}

async function deposer(page, f, n, numero) {
  await page.goto("/depots/nouveau");
  await page.getByLabel("Fichier JSON").setInputFiles({ name: nomDepot(f.numeroAns, n), mimeType: "application/json", buffer: depot(f, [numero]) });
  await bouton(page, "Déposer").click();
  await page.waitForURL(/\/depots\/[0-9a-f]+/);
}

async function envoyer(page, chemin) {
  await page.getByLabel("Archive zip de pièces").setInputFiles(chemin);
  await bouton(page, "Envoyer le zip").click();
}

const attendre = (page, octets) => page.waitForFunction((n) => document.querySelector("[data-barre] progress")?.value > n, octets);

test("a cut line costs what was on its way, and a refused archive leaves a page that works", async () => {
  const f = portail.fournisseurs[0];
  const page = await entrer(navigateur, { ...portail, adresse: ligne.adresse }, f);
  await deposer(page, f, 161, "V0001");
  const annonces = [];
  page.on("request", (r) => { if (r.method() === "PATCH") annonces.push(Number(r.headers()["upload-offset"])); });
  await envoyer(page, await archive("pieces.zip", "V0001", 4));
  await attendre(page, 4e6);
  await ligne.couper(700);
  await etat(page).getByText("La ligne est coupée", { exact: false }).waitFor();
  await regarder(page, "envoi-coupe", { sombre: true });
  await page.getByRole("heading", { name: "Pièces refusées dans cet envoi" }).waitFor();
  await page.getByText("Toutes les pièces sont reçues : 1 sur 1.").waitFor();
  assert.ok(annonces.some((n) => n > 0), `the upload went on where it was cut, not from 0: ${annonces}`);
  await regarder(page, "envoi-refuse");
  // The page of the refusal took the place of the first: its form has the bar.
  await envoyer(page, await archive("encore.zip", "V0001", 2));
  await attendre(page, 1e6);
  await page.getByRole("heading", { name: "Pièces refusées dans cet envoi" }).waitFor();
});

test("paused, closed, and taken up again with the same file", async () => {
  const f = portail.fournisseurs[1];
  const page = await entrer(navigateur, { ...portail, adresse: ligne.adresse }, f);
  await deposer(page, f, 161, "V0002");
  const chemin = await archive("longue.zip", "V0002", 5);
  await envoyer(page, chemin);
  await attendre(page, 10e6);
  await bouton(page, "Mettre en pause").click();
  await etat(page).getByText("En pause").waitFor();
  await page.reload();
  await page.getByText("Envoi interrompu : longue.zip").waitFor();
  await regarder(page, "envoi-interrompu", { sombre: true });
  await envoyer(page, chemin);
  await page.waitForFunction(() => document.querySelector("[data-barre] progress")?.value > 3e6);
  await page.getByText("Toutes les pièces sont reçues : 1 sur 1.").waitFor();
  assert.equal(await page.getByText("Envoi interrompu").count(), 0);
  // Given up: nothing of it stays.
  await envoyer(page, await archive("abandon.zip", "V0002", 5));
  await attendre(page, 2e6);
  await bouton(page, "Abandonner l’envoi").click();
  await etat(page).getByText("L’envoi est abandonné").waitFor();
  await page.reload();
  assert.equal(await page.getByText("Envoi interrompu").count(), 0);
});

// touches goes to a control by Tab alone, whatever the mouse could reach.
async function touches(page, controle) {
  await controle.waitFor();
  for (let i = 0; i < 150; i++) {
    if (await controle.evaluate((e) => e === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${controle}`);
}

test("a supplier's whole way without JavaScript, by the keyboard alone", async () => {
  const f = portail.fournisseurs[0];
  const page = await entrer(navigateur, portail, null, { javaScriptEnabled: false });
  const dans = page.getByRole("main");
  const presser = async (role, name) => {
    await touches(page, page.getByRole(role, { name, exact: true }).first());
    await page.keyboard.press("Enter");
  };
  const choisir = async (champ, fichier) => {
    await touches(page, champ);
    const [choix] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
    await choix.setFiles(fichier);
  };
  await presser("link", "Se connecter");
  for (const [champ, valeur] of [["Adresse de courriel ou identifiant", f.utilisateur], ["Mot de passe", f.motDePasse]]) {
    await touches(page, page.getByLabel(champ));
    await page.keyboard.type(valeur);
  }
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Tableau de bord" }).waitFor();
  await presser("link", "Déposer un fichier");
  await choisir(page.getByLabel("Fichier JSON"), { name: nomDepot(f.numeroAns, 162), mimeType: "application/json", buffer: depot(f, ["V0003", "V0004"], { V0004: (d) => { d.beneficiaire.FINESSGeo = "12"; } }) });
  await presser("button", "Déposer");
  await page.getByText("Accepté en partie").waitFor();
  await choisir(page.getByLabel("Archive zip de pièces"), { name: "pieces.zip", mimeType: "application/zip", buffer: zip([[nomPiece("V0003"), Buffer.from("pas une image")]]) });
  await presser("button", "Envoyer le zip");
  await page.getByRole("heading", { name: "Pièces refusées dans cet envoi" }).waitFor();
  assert.equal(await page.locator("[data-barre] progress").count(), 0, "no bar without the script");
  await choisir(page.getByLabel(`Fichier pour ${nomPiece("V0003")}`), { name: "scan.png", mimeType: "image/png", buffer: png(3) });
  await presser("button", `Envoyer ${nomPiece("V0003")}`);
  await page.getByText("Les pièces sont reçues.").waitFor();
  await presser("link", "voir le dépôt");
  await dans.getByText("Toutes les pièces sont reçues : 1 sur 1.").waitFor();
  const [fichier] = await Promise.all([page.waitForEvent("download"), presser("link", "Télécharger le fichier retour")]);
  assert.match((await readFile(await fichier.path())).toString(), /"numeroASP": "ASP-/);
});
