// The simulator that runs the command in the browser: the same report to the
// byte, nothing sent anywhere, and no network needed once it was loaded.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { agent, entrer, naviguer, ouvrir } from "./portail.mjs";
import { regarder, surveiller } from "./regard.mjs";

const segur = process.env.SEGUR_BINAIRE || path.join(path.dirname(fileURLToPath(import.meta.url)), "../../bin/segur");
const plaintes = [];
let portail, navigateur, dossier;

before(async () => {
  portail = await ouvrir();
  navigateur = await naviguer();
  dossier = await mkdtemp(path.join(tmpdir(), "segur-e2e-"));
});

after(async () => {
  await navigateur?.close();
  await portail?.fermer();
  await rm(dossier, { recursive: true, force: true });
  assert.deepEqual(plaintes, [], "no page complains in the console");
});

// simulateur opens the page and waits for its program.
async function simulateur() {
  const contexte = await navigateur.newContext({ baseURL: portail.adresse, locale: "fr-FR", viewport: { width: 1280, height: 900 } });
  const page = await contexte.newPage();
  surveiller(page, plaintes);
  await page.goto("/simulateur");
  await page.locator("form[data-pret=oui]").waitFor();
  return page;
}

// commande runs the command in the folder that is its "this", or in ours.
async function commande(...args) {
  const p = spawn(segur, args, { cwd: this ?? dossier, env: { ...process.env, COLUMNS: "100" } });
  const morceaux = [];
  p.stdout.on("data", (m) => morceaux.push(m));
  const statut = await new Promise((bon) => p.once("close", bon));
  assert.ok(statut < 2, `segur ${args.join(" ")} ended with status ${statut}`);
  return Buffer.concat(morceaux).toString();
}

const paris = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(new Date());

// controler picks files, controls them, and gives the report shown.
async function controler(page, fichier, pieces = []) {
  await page.evaluate(() => document.querySelector("iframe.rapport-local")?.remove());
  await page.locator("#fichier").setInputFiles(fichier);
  await page.locator("#pieces").setInputFiles(pieces);
  await page.getByRole("button", { name: "Contrôler", exact: true }).click();
  return page.locator("iframe.rapport-local").getAttribute("srcdoc");
}

async function telecharger(page, forme) {
  const [t] = await Promise.all([page.waitForEvent("download"), page.locator(`[data-forme=${forme}]`).click()]);
  return readFile(await t.path(), "utf8");
}

test("the reports of the browser are those of the command, pieces included", async () => {
  const page = await simulateur();
  await commande("kit", "kit");
  const cas = await readdir(path.join(dossier, "kit"));
  const zips = cas.filter((c) => existsSync(path.join(dossier, "kit", c, "pieces.zip")));
  assert.ok(zips.length > 20, "the kit has archives of every kind");
  const autres = cas.filter((c, i) => !zips.includes(c) && i % 16 === 0);
  for (const c of [...zips, ...autres]) {
    const ici = path.join(dossier, "kit", c);
    const noms = await readdir(ici);
    const fichier = noms.find((n) => n.endsWith(".json"));
    if (!fichier) continue; // a case of names alone
    const pieces = noms.filter((n) => n.endsWith(".zip"));
    const vu = await controler(page, path.join(ici, fichier), pieces.map((n) => path.join(ici, n)));
    const ligne = ["controler", "--date", paris(), "--type", "avance", ...pieces.flatMap((n) => ["--pieces", n]), fichier];
    const attendu = await commande.call(ici, ...ligne, "--sortie", "html");
    assert.ok(attendu.includes("</html>"), "the command reports");
    assert.equal(vu, attendu, c);
    if (c !== "2471") continue; // one case in every form: its document is encrypted
    for (const forme of ["html", "json", "csv", "texte"]) {
      assert.equal(await telecharger(page, forme), await commande.call(ici, ...ligne, "--sortie", forme), forme);
    }
    await regarder(page, "simulateur-local", { sombre: true });
  }
});

test("what the portal refuses beyond the format is refused here from its day on", async () => {
  const admin = await entrer(navigateur, portail, agent(portail, "administrateur"));
  const jour = (n) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(Date.now() + n * 86_400_000);
  const r = await admin.request.post("/regles", {
    headers: { Origin: portail.adresse }, maxRedirects: 0,
    form: { libelle: "Clé FINESS exigée", depuis: jour(2), plafond: "9000", tva: "20", part: "30", durcis: "9338", vigueur: "1" },
  });
  assert.equal(r.status(), 303);
  await admin.context().close();
  const ici = path.join(dossier, "kit", "bon-avec-pieces");
  const nom = (await readdir(ici)).find((n) => n.endsWith(".json"));
  const douteux = path.join(dossier, nom);
  await writeFile(douteux, (await readFile(path.join(ici, nom), "utf8")).replace(/"FINESSGeo": *"[^"]*"/g, '"FINESSGeo": "777777777"'));

  const page = await simulateur();
  assert.ok(!(await controler(page, douteux)).includes("3032"), "nothing before its day");
  await page.evaluate((avance) => { // of this page alone: a clock of the browser would put a script into the report
    const Ici = Date;
    self.Date = class extends Ici { constructor() { super(Ici.now() + avance); } };
  }, 3 * 86_400_000);
  const vu = await controler(page, douteux);
  assert.ok(vu.includes("3032") && vu.includes("9338"), "refused, and why");
  const ligne = ["controler", "--date", jour(3), "--type", "avance", nom, "--sortie", "html"];
  assert.equal(vu, await commande(...ligne, "--durcis", "9338"));
  assert.equal(vu, await commande(...ligne, "--portail", portail.adresse), "the command asks the portal");
});

test("the files never leave the machine, and no network is needed", async () => {
  const page = await simulateur();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.reload(); // from now on through what is kept
  await page.locator("form[data-pret=oui]").waitFor();

  const appels = [];
  const noter = (r) => appels.push(`${r.method()} ${r.url()}`);
  page.context().on("request", noter);
  const ici = path.join(dossier, "kit", "bon-avec-pieces");
  const fichier = (await readdir(ici)).find((n) => n.endsWith(".json"));
  const choisis = [path.join(ici, fichier), [path.join(ici, "pieces.zip")]];
  const avec = await controler(page, ...choisis);
  // The workers' own two scripts may be asked for again; nothing is sent, and
  // nothing is asked for that could say something of the files.
  const statiques = appels.filter((a) => /^GET \S+\/statique\/[0-9a-f]{16}\/(controle\/ouvrier|tiers\/wasm_exec)\.js$/.test(a));
  assert.deepEqual(appels.filter((a) => !statiques.includes(a) && !/ about:srcdoc$/.test(a)), []);

  assert.equal(await portail.fermer(), 0);
  portail = null;
  await page.reload();
  await page.locator("form[data-pret=oui]").waitFor();
  assert.equal(await controler(page, ...choisis), avec, "the same report without a portal");
});

test("the worker that reads the files can open no connection", async () => {
  const autre = await ouvrir();
  try {
    const contexte = await navigateur.newContext({ baseURL: autre.adresse });
    const page = await contexte.newPage();
    await page.goto("/simulateur");
    const adresse = await page.locator("form[data-ouvrier]").getAttribute("data-ouvrier");
    const module = await page.request.head(await page.locator("form[data-module]").getAttribute("data-module"), { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(module.headers()["content-encoding"], "gzip");
    const charge = Number(module.headers()["content-length"]);
    assert.ok(charge > 1_000_000 && charge < 4_000_000, `the program is ${charge} bytes to load`);
    const reponse = await page.request.get(adresse);
    assert.equal(reponse.headers()["content-security-policy"], "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
    const issue = await page.evaluate(async (adresse) => {
      // The page's own script cannot put code into the worker: the policy is
      // tried by importing from elsewhere what it forbids.
      const w = new Worker(adresse);
      const panne = new Promise((bon) => { w.onmessage = ({ data }) => bon(data.panne ?? "no failure"); });
      w.postMessage({ module: null, outil: "https://ailleurs.example/outil.js", role: "controle" });
      return panne;
    }, adresse);
    assert.match(issue, /importScripts|NetworkError|failed to load/i);
    await contexte.close();
  } finally {
    await autre.fermer();
  }
});
