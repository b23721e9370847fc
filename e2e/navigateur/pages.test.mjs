// Every page of the portal, found in its own table of routes: a new page is
// looked at without being named here, and one that nobody's links lead to fails
// the run. Each is audited in both schemes, on a wide screen and on a phone,
// and printed; its pictures stay in out/.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { entrer, naviguer, ouvrir } from "./portail.mjs";
import { regarder, sortie, surveiller } from "./regard.mjs";

// Pages that a link of one use or a form leads to: the journeys look at them.
const excusees = {
  "/activation/{secret}": "a link of one use: parcours.test.mjs",
  "/enrolement/{id}/{suivi}": "shown once to who enrols: parcours.test.mjs",
  "/envois/{id}": "leads to its deposit: envoi.test.mjs",
  "/enrolements/{id}": "the demonstration has no company that waits: parcours.test.mjs",
  "/enrolements/{id}/documents/{type}": "a file of a company that waits",
  "/connexion/identite": "leads to an identity provider, which the demonstration has none of",
  "/connexion/identite/retour": "an identity provider leads back to it",
  "/simulateur/hors-ligne.js": "a script, where the control in the browser was built",
  "/favicon.ico": "an image",
  "/decisions/selections/{id}": "made by a decision on more than 200 requests",
};

// Frames inside other pages: they have no heading and no menu of their own.
const cadres = ["/visionneuse"]; // instruction.test.mjs looks at it with a document

// Pages that say something else to each duty.
const selonRole = ["/tableau-de-bord", "/demandes/{numeroASP}"];

const racine = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
let portail, navigateur, patrons;
const plaintes = [], vues = new Map();

before(async () => {
  const table = await readFile(path.join(racine, "internal/web/routes.go"), "utf8");
  patrons = [...table.matchAll(/\{"GET (\/[^"]*)"/g)].map((m) => m[1].replace("{$}", ""));
  assert.ok(patrons.length > 50, `only ${patrons.length} pages found in the table of routes`);
  portail = await ouvrir();
  navigateur = await naviguer();
});

after(async () => {
  await navigateur?.close();
  assert.equal(await portail?.fermer(), 0);
});

// patronDe finds the route of an address, as the portal does: a literal piece
// goes before one that takes anything.
function patronDe(chemin) {
  const bouts = chemin.split("/");
  const prend = (p) => {
    const q = p.split("/");
    return q.length === bouts.length && q.every((x, i) => x === bouts[i] || /^\{.*\}$/.test(x) && bouts[i] !== "");
  };
  return patrons.filter(prend).sort((a, b) => a.split("{").length - b.split("{").length)[0];
}

const nomDe = (patron, qui) => "page-" + (patron.replaceAll(/[{}$]/g, "").replaceAll("/", "-").replace(/^-/, "") || "racine") + (selonRole.includes(patron) ? "-" + qui : "");
const cleDe = (patron, qui) => (selonRole.includes(patron) ? patron + " " + qui : patron);

// "make e2e" keeps the pictures of each page; "make test" audits the same pages
// in the same schemes and does not take the time for that.
const sobre = process.env.GUICHET_PAGES === "sobre";

// examiner looks at the page shown, wide and dark, narrow, and on paper.
async function examiner(page, nom) {
  await regarder(page, nom, { sombre: true, sobre });
  await page.setViewportSize({ width: 360, height: 740 });
  const large = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(large <= 0, `${nom} scrolls sideways by ${large} px on a phone`);
  if (!sobre) await page.screenshot({ path: path.join(sortie, nom + "-telephone.png"), fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator("h1").isVisible(), `${nom} has its heading on paper`);
  assert.equal(await page.locator("nav.principal").isVisible(), false, `${nom} prints no menu`);
  await page.emulateMedia({ media: "screen" });
}

// parcourir follows links from page to page as one visitor, and looks at each
// page that nobody has looked at yet.
async function parcourir(qui, compte) {
  const page = await entrer(navigateur, portail, compte);
  surveiller(page, plaintes);
  const file = ["/", ...patrons.filter((p) => !p.includes("{") && p !== "/")];
  const faites = new Set();
  while (file.length > 0) {
    const chemin = file.shift(), patron = patronDe(new URL(chemin, portail.adresse).pathname);
    if (!patron || faites.has(chemin) || vues.has(cleDe(patron, qui))) continue;
    faites.add(chemin);
    const r = await page.request.get(chemin, { maxRedirects: 0 });
    if (r.status() >= 300) continue; // not for this visitor
    if (!r.headers()["content-type"].startsWith("text/html") || cadres.includes(patron)) {
      vues.set(cleDe(patron, qui), "a file, or a frame");
      continue;
    }
    await page.goto(chemin);
    vues.set(cleDe(patron, qui), "looked at");
    await examiner(page, nomDe(patron, qui));
    for (const l of await page.evaluate(() => [...document.querySelectorAll("a[href], iframe[src], img[src]")].map((a) => a.href || a.src))) {
      const u = new URL(l);
      if (u.origin === new URL(portail.adresse).origin) file.push(u.pathname + u.search);
    }
  }
  await page.context().close();
}

test("each page, as everybody who may open it", async (t) => {
  await t.test("nobody in particular", () => parcourir("anonyme", null));
  await t.test("a supplier", () => parcourir("fournisseur", portail.fournisseurs[0]));
  const vus = new Set();
  for (const a of portail.agents) {
    if (vus.has(a.role) || a.role === "cumul") continue;
    vus.add(a.role);
    await t.test(a.role, () => parcourir(a.role, a));
  }
});

test("no page is forgotten", () => {
  const la = new Set([...vues.keys()].map((k) => k.split(" ")[0]));
  assert.deepEqual(patrons.filter((p) => !la.has(p) && !excusees[p]), [], "pages that no link of the demonstration leads to");
  assert.deepEqual(Object.keys(excusees).filter((p) => !patrons.includes(p)), [], "excuses for pages that are no more");
  assert.deepEqual(plaintes, [], "no page complains in the console");
});

// Someone who tries the demonstration finds something of everything.
test("the demonstration is lively", async () => {
  const de = async (chemin) => (await fetch(portail.adresse + "/api/v1" + chemin, { headers: { Authorization: `Bearer ${portail.agents.find((a) => a.role === "comptable").jeton}` } })).json();
  for (const statut of ["incomplete", "deposee", "en_instruction", "a_modifier", "validee", "decidee", "mise_en_paiement", "payee", "paiement_rejete", "refusee", "annulee"]) {
    assert.ok((await de(`/demandes?statut=${statut}`)).demandes.length > 0, `no request is ${statut}`);
  }
  assert.ok((await de("/demandes")).demandes.some((d) => d.type === "solde"), "no balance is claimed");
  assert.equal(portail.fournisseurs.length, 2);
  for (const [role, n] of [["instructeur", 2], ["decideur", 1], ["comptable", 2], ["controleur", 1], ["auditeur", 1], ["administrateur", 1]]) assert.equal(portail.agents.filter((a) => a.role === role).length, n, role);
  for (const patron of ["/lots/{id}", "/controles/{id}"]) assert.ok(vues.has(patron), `nothing stands at ${patron}`);
});

// Someone without a mouse: Tab reaches everything that acts, and shows where it
// is.
test("with the keyboard alone", async () => {
  const page = await entrer(navigateur, portail, portail.fournisseurs[0]);
  for (const chemin of ["/tableau-de-bord", "/demandes", "/depots/nouveau", "/compte"]) {
    await page.goto(chemin);
    const attendus = await page.evaluate(() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && !(e.type === "radio" && !e.checked)).length);
    const atteints = await page.evaluate(() => { window.atteints = new Set(); return 0; });
    assert.equal(atteints, 0);
    for (let i = 0; i < attendus + 30; i++) {
      await page.keyboard.press("Tab");
      const cache = await page.evaluate(() => {
        const e = document.activeElement;
        if (!e || e === document.body) return null;
        window.atteints.add(e);
        const s = getComputedStyle(e);
        return s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 2 ? e.outerHTML.slice(0, 120) : null;
      });
      assert.equal(cache, null, `${chemin}: the focus does not show`);
    }
    const n = await page.evaluate(() => [...window.atteints].filter((e) => e.matches("a[href], button, input, select, textarea, summary")).length);
    assert.ok(n >= attendus, `${chemin}: Tab reaches ${n} of ${attendus}`);
  }
});

// Without JavaScript: filters, columns and export of the list.
test("the list without JavaScript", async () => {
  const page = await entrer(navigateur, portail, portail.fournisseurs[0], { javaScriptEnabled: false });
  await page.goto("/demandes");
  await page.locator("#statut").selectOption("incomplete");
  await page.getByRole("button", { name: "Filtrer" }).click();
  await page.waitForURL(/statut=incomplete/);
  await page.getByText("Choisir les colonnes").click();
  await page.getByLabel("FINESS", { exact: true }).check();
  await page.getByLabel("Type", { exact: true }).last().uncheck();
  await page.getByRole("button", { name: "Montrer ces colonnes" }).click();
  await page.waitForURL(/statut=incomplete/);
  assert.equal(await page.getByRole("columnheader", { name: "FINESS" }).count(), 1);
  assert.equal(await page.getByRole("columnheader", { name: "Type" }).count(), 0);
  assert.match(await page.getByRole("link", { name: "CSV" }).getAttribute("href"), /colonnes=finess.*statut=incomplete/);
});
