// The agency's own pages in a real browser: the queue and its keys, a document
// beside its request, notes, steering; each page audited in both schemes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { agent, entrer, naviguer, ouvrir } from "./portail.mjs";
import { regarder, surveiller } from "./regard.mjs";

let portail, navigateur;
const plaintes = [];

before(async () => {
  portail = await ouvrir();
  navigateur = await naviguer();
});

after(async () => {
  await navigateur?.close();
  if (portail) assert.equal(await portail.fermer(), 0);
});

const ouvrirPour = async (role) => {
  const page = await entrer(navigateur, portail, agent(portail, role));
  surveiller(page, plaintes);
  return page;
};

test("an officer works through the queue by keyboard", async () => {
  const page = await ouvrirPour("instructeur");
  await page.goto("/instruction");
  await regarder(page, "file-instruction");
  await page.keyboard.press("s"); // take the next
  await page.waitForURL("**/demandes/ASP-*");
  const prise = new URL(page.url()).pathname;
  const vue = page.locator("[data-vue]");
  await vue.focus();
  for (const touche of ["+", "+", "-", "r"]) await page.keyboard.press(touche);
  assert.deepEqual(await vue.locator("iframe, img").evaluate((e) => ({ ...e.dataset })), { zoom: "1", tour: "1" });
  await page.getByLabel("Nouvelle note").fill("Signature vérifiée au téléphone.");
  await page.getByRole("button", { name: "Ajouter la note" }).click();
  await page.getByText("Signature vérifiée au téléphone.").waitFor();
  await regarder(page, "demande-instruite");
  await page.locator("h1").click();
  await page.keyboard.press("j");
  await page.waitForURL((u) => u.pathname !== prise);
  await page.keyboard.press("k");
  await page.waitForURL((u) => u.pathname === prise);
});

test("the steering pages show something on the first click", async () => {
  const page = await ouvrirPour("administrateur");
  for (const [lien, nom] of [["Statistiques", "statistiques"], ["Règles à venir", "regles-a-venir"], ["Affectation", "affectation"], ["Annonces", "annonces"]]) {
    await page.getByRole("navigation", { name: "Menu principal" }).getByRole("link", { name: lien, exact: true }).click();
    assert.ok((await page.getByRole("main").locator("table, section.card").count()) > 0, `${lien} is empty`);
    await regarder(page, nom);
  }
  assert.deepEqual(plaintes, []);
});
