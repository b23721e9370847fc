// The agency's own pages in a real browser: the queue and its keys, a document
// beside its request, notes, steering; each page audited in both schemes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { depot, nomDepot, nomPiece, pdf, png } from "./fichiers.mjs";
import { agent, entrer, naviguer, ouvrir } from "./portail.mjs";
import { regarder, surveiller } from "./regard.mjs";

// Audited once already, and pictures are for people: see pages.test.mjs.
const sobre = process.env.GUICHET_PAGES === "sobre";

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

// gesteEnVue requires that what acts on a selection is in sight from the top of
// a list longer than the window, and covers no box that the keyboard reaches.
async function gesteEnVue(page, nom) {
  await page.setViewportSize({ width: 1280, height: 560 });
  await page.emulateMedia({ reducedMotion: "reduce" });
  const vu = await page.evaluate((nom) => {
    const cases = [...document.querySelectorAll("input[name=numeros]")];
    const bouton = [...document.querySelectorAll("form[data-selection] button")].find((b) => b.textContent === nom);
    const liste = cases.at(-1).getBoundingClientRect().bottom;
    cases[0].focus();
    const bas = bouton.getBoundingClientRect().bottom;
    const couvertes = cases.filter((c) => {
      c.focus();
      const { x, y, width, height } = c.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2) !== c;
    });
    document.activeElement.blur();
    return { longue: liste > innerHeight, bas: bas <= innerHeight, couvertes: couvertes.length };
  }, nom);
  assert.deepEqual(vu, { longue: true, bas: true, couvertes: 0 }, page.url());
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("an officer works through the queue by keyboard", async () => {
  const page = await ouvrirPour("instructeur");
  await page.goto("/instruction");
  await regarder(page, "file-instruction");
  await gesteEnVue(page, "Confier");
  await page.keyboard.press("s"); // take the next
  await page.waitForURL("**/demandes/ASP-*");
  const prise = new URL(page.url()).pathname;
  const vue = page.locator("[data-vue]");
  await vue.focus();
  await vue.locator("[data-etat]").filter({ hasText: "Page 1 sur 1, 100 %" }).waitFor();
  for (const touche of ["+", "+", "-", "r"]) await page.keyboard.press(touche);
  await page.locator("[data-vue][data-zoom='150'][data-tour='1']").waitFor();
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

// deposer gives a request with an order of two pages and a scan beside it.
async function deposer() {
  const f = portail.fournisseurs[0], entetes = { Authorization: `Bearer ${f.jeton}` };
  const form = new FormData();
  form.set("type", "avance");
  form.set("numeroAns", f.numeroAns);
  form.set("fichier", new Blob([depot(f, ["V0001"], { V0001: (d) => {
    d.commande.regimeTVA = "HT";
    d.piecesJustificatives = [{ nomFichier: nomPiece("V0001", "BDC", "pdf"), formatFichier: "PDF", typeFichier: "BON_COMMANDE" }, { nomFichier: nomPiece("V0001", "HT"), formatFichier: "PNG", typeFichier: "PREUVE_HT" }];
  } })]), nomDepot(f.numeroAns, 260));
  const r = await fetch(`${portail.adresse}/api/v1/depots`, { method: "POST", headers: entetes, body: form });
  const { demandes: [{ numeroASP }] } = await r.json();
  for (const [nom, octets] of [[nomPiece("V0001", "BDC", "pdf"), pdf(["Bon de commande fictif", "Conditions de vente fictives"])], [nomPiece("V0001", "HT"), png(9)]]) {
    const p = await fetch(`${portail.adresse}/api/v1/demandes/${numeroASP}/pieces/${nom}`, { method: "PUT", headers: entetes, body: octets });
    assert.deepEqual((await p.json()).refusees, [], nom);
  }
  return numeroASP;
}

// encre counts the points of the page drawn in the frame that are as dark as
// asked: below 400 text, drawing and scan, below 60 the scan and the text.
const encre = (cadre, seuil = 400) => cadre.locator(".page canvas").evaluate((c, seuil) => {
  const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
  let n = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] < seuil) n++;
  return n;
}, seuil);

test("a PDF is read, enlarged, turned and leafed through beside its request, shut in", async () => {
  const numero = await deposer();
  const page = await ouvrirPour("instructeur");
  page.on("dialog", (d) => { plaintes.push(`a document ran: ${d.message()}`); d.dismiss(); });
  await page.goto(`/demandes/${numero}`);
  const vue = page.locator("[data-vue]"), etat = vue.locator("[data-etat]"), cadre = page.frameLocator(".visionneuse iframe");
  const voir = (t) => etat.filter({ hasText: t }).waitFor();
  await voir("Page 1 sur 2, 100 %");
  assert.ok((await encre(cadre)) > 5000, "the page is drawn");
  assert.ok((await encre(cadre, 60)) > 5000, "the scan of a copier is decoded");
  await cadre.getByText("Bon de commande fictif").waitFor(); // can be chosen, and read aloud
  const taille = () => cadre.locator(".page canvas").evaluate((c) => ({ l: c.clientWidth, h: c.clientHeight, large: document.documentElement.clientWidth }));
  const seul = await cadre.locator("body").evaluate(() => {
    const essayer = (f) => { try { return f(); } catch (e) { return e.name; } };
    return { origine: self.origin, temoin: essayer(() => document.cookie), page: essayer(() => parent.document.title) };
  });
  assert.deepEqual(seul, { origine: "null", temoin: "SecurityError", page: "SecurityError" }, "the document has no origin, no session and no page of ours");
  assert.equal(await cadre.locator("body").getAttribute("data-apart"), "oui", "it is read in a worker, apart from the page");
  const { violations } = await new AxeBuilder({ page }).options({ preload: false }).analyze();
  assert.deepEqual(violations.map((v) => v.id), [], "accessibility, the frame included");
  const avant = await taille();
  await vue.getByRole("button", { name: "Agrandir" }).click();
  await voir("150 %");
  const grand = await taille();
  assert.ok(Math.abs(grand.l / avant.l - 1.5) < 0.02 && grand.l > grand.large, JSON.stringify([avant, grand]));
  await cadre.locator("#feuille").focus(); // from here on inside the frame
  await page.keyboard.press("r");
  await page.locator("[data-vue][data-tour='1']").waitFor();
  const tourne = await taille();
  assert.ok(tourne.l > tourne.h && (await encre(cadre)) > 5000, "turned on its side");
  await page.keyboard.press("0");
  await voir("100 %");
  await page.keyboard.press("PageDown");
  await voir("Page 2 sur 2");
  await cadre.getByText("Conditions de vente fictives").waitFor();
  if (!sobre) await regarder(page, "demande-pdf", { sombre: true });
  await page.keyboard.press("PageUp");
  await voir("Page 1 sur 2");
  await page.keyboard.press("n"); // the next document
  await page.waitForURL(/piece=PHA-LGO-Va1-HT-V0001\.png/);
  await voir("100 %");
  await vue.focus();
  for (const touche of ["+", "+", "r"]) await page.keyboard.press(touche);
  await voir("225 %");
  const bords = await vue.locator(".visionneuse").evaluate((c) => {
    const i = c.querySelector("img"), r = () => i.getBoundingClientRect(), b = c.getBoundingClientRect();
    c.scrollTo(0, 0);
    const debut = { gauche: r().left - b.left, haut: r().top - b.top };
    c.scrollTo(1e6, 1e6);
    return { ...debut, droite: b.right - r().right, bas: b.bottom - r().bottom, large: r().width / c.clientWidth };
  });
  for (const k of ["gauche", "haut", "droite", "bas"]) assert.ok(bords[k] > -2 && bords[k] < 25, `every edge can be scrolled to: ${JSON.stringify(bords)}`);
  assert.ok(bords.large > 2, JSON.stringify(bords));
  if (!sobre) await regarder(page, "demande-scan-tourne");
  await page.keyboard.press("p"); // and back
  await page.waitForURL(/piece=PHA-LGO-Va1-BDC-V0001\.pdf/);
  await voir("Page 1 sur 2");
  await page.context().close();
  const sans = await entrer(navigateur, portail, agent(portail, "instructeur"), { javaScriptEnabled: false });
  await sans.goto(`/demandes/${numero}`);
  assert.match(await sans.locator(".visionneuse iframe").getAttribute("src"), /\/pieces\/PHA-LGO-Va1-BDC-V0001\.pdf/);
  assert.equal(await sans.locator("[data-gestes]").isVisible(), false, "no button that does nothing");
  await sans.context().close();
  assert.deepEqual(plaintes, []);
});

test("the steering pages show something on the first click", async () => {
  const page = await ouvrirPour("administrateur");
  for (const [lien, nom] of [["Statistiques", "statistiques"], ["Règles à venir", "regles-a-venir"], ["Affectation", "affectation"], ["Annonces", "annonces"]]) {
    const menu = page.getByRole("navigation", { name: "Menu principal" });
    await menu.locator("details", { has: page.locator(`a:text-is("${lien}")`) }).locator("summary").click();
    await menu.getByRole("link", { name: lien, exact: true }).click();
    await menu.locator("summary[aria-current]", { hasText: lien === "Statistiques" ? "Suivi" : "Réglages" }).waitFor();
    assert.ok((await page.getByRole("main").locator("table, section.card").count()) > 0, `${lien} is empty`);
    await regarder(page, nom);
  }
  assert.deepEqual(plaintes, []);
});
