// Takes the pictures that the guides show, on the demonstration's data. They
// stay in out/guides; "make guides" copies them to docs/guides/images.
import assert from "node:assert/strict";
import { mkdir, readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { depot, nomDepot, nomPiece, png, zip } from "./fichiers.mjs";
import { agent, entrer, naviguer, ouvrir } from "./portail.mjs";
import { sortie } from "./regard.mjs";

const guides = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../docs/guides");
const images = path.join(sortie, "guides");
const prises = new Set();
let portail, navigateur;

before(async () => {
  await mkdir(images, { recursive: true });
  portail = await ouvrir();
  navigateur = await naviguer();
});

after(async () => {
  await navigateur?.close();
  await portail?.fermer();
});

const visiter = (compte) => entrer(navigateur, portail, compte, { viewport: { width: 1100, height: 760 } });

// prendre keeps what the window shows, from a heading or the top on.
async function prendre(page, nom, depuis) {
  if (depuis) await page.locator(depuis).first().evaluate((e) => scrollTo(0, e.getBoundingClientRect().top + scrollY - 24));
  else await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: path.join(images, nom + ".png") });
  prises.add(nom + ".png");
}

test("the supplier's guide", async () => {
  const f = portail.fournisseurs[0];
  const page = await visiter(f);
  await prendre(page, "fournisseur-tableau");
  await page.goto("/depots/nouveau");
  const nom = nomDepot(f.numeroAns, 160);
  const octets = depot(f, ["V0001", "V0002", "V0003"], { V0003: (d) => { d.beneficiaire.FINESSGeo = "12"; } });
  await page.getByLabel("Fichier JSON").setInputFiles({ name: nom, mimeType: "application/json", buffer: octets });
  await prendre(page, "fournisseur-deposer");
  await page.getByRole("main").getByRole("button", { name: "Déposer", exact: true }).click();
  await page.waitForURL(/\/depots\/[0-9a-f]+/);
  await prendre(page, "fournisseur-depot");
  await page.getByLabel("Archive zip de pièces").setInputFiles({ name: "pieces-1.zip", mimeType: "application/zip", buffer: zip([[nomPiece("V0001"), png(1)]]) });
  await page.getByRole("button", { name: "Envoyer le zip" }).click();
  await page.getByText("1 sur 2 reçues").waitFor();
  await prendre(page, "fournisseur-pieces", "#pieces, h2:has-text('Pièces')");
  await page.goto("/demandes");
  await prendre(page, "fournisseur-demandes");
  await page.goto("/demandes?statut=payee");
  await page.locator("tbody a[href^='/demandes/']").first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await prendre(page, "fournisseur-demande");
  await page.goto("/paiements");
  await prendre(page, "fournisseur-paiements");
  await page.goto("/compte");
  await prendre(page, "fournisseur-jetons");
});

test("the officer's guide", async () => {
  const instructeur = await visiter(agent(portail, "instructeur"));
  await instructeur.goto("/instruction");
  await prendre(instructeur, "instructeur-file");
  // The request that the supplier's guide completed has an image: Chromium
  // paints no PDF without a window.
  await instructeur.getByLabel("Numéro ASP, d’éditeur ou FINESS").fill("V0001");
  await instructeur.getByRole("main").getByRole("button", { name: "Filtrer", exact: true }).click();
  await instructeur.locator("tbody a[href^='/demandes/']").first().click();
  await instructeur.getByRole("main").getByRole("button", { name: "Prendre en instruction" }).click();
  await instructeur.getByText("L’acte est enregistré.").waitFor();
  await instructeur.locator(".visionneuse").waitFor();
  await prendre(instructeur, "instructeur-demande", ".visionneuse");
  const decideur = await visiter(agent(portail, "decideur"));
  await decideur.goto("/decisions");
  await prendre(decideur, "instructeur-decisions");
  const comptable = await visiter(agent(portail, "comptable"));
  await comptable.goto("/lots");
  await prendre(comptable, "instructeur-lots");
  const controleur = await visiter(agent(portail, "controleur"));
  await controleur.goto("/controles");
  await prendre(controleur, "instructeur-controles");
});

test("the operator's guide", async () => {
  const admin = await visiter(agent(portail, "administrateur"));
  await prendre(admin, "exploitant-tableau");
  await admin.goto("/campagnes");
  await prendre(admin, "exploitant-campagnes");
  await admin.goto("/utilisateurs");
  await prendre(admin, "exploitant-utilisateurs");
});

test("every picture of the guides is one of these, and is kept beside them", async () => {
  const montrees = new Set();
  for (const nom of (await readdir(guides)).filter((n) => n.endsWith(".md"))) {
    for (const [, image] of (await readFile(path.join(guides, nom), "utf8")).matchAll(/\]\(images\/([^)]+)\)/g)) montrees.add(image);
  }
  assert.deepEqual([...montrees].sort(), [...prises].sort());
  assert.deepEqual((await readdir(path.join(guides, "images"))).sort(), [...prises].sort());
});
