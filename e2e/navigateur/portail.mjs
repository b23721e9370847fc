// Starts and stops the built portal, and a browser that knows nobody.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const racine = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

// ouvrir runs "guichet demo" on a folder of its own and a free port, and gives
// what it prints.
export async function ouvrir() {
  const dossier = await mkdtemp(path.join(tmpdir(), "guichet-e2e-"));
  const binaire = process.env.GUICHET_BINAIRE || path.join(racine, "bin/guichet");
  const p = spawn(binaire, ["demo", "--dossier", dossier, "--port", "0", "--sortie", "json"], { stdio: ["ignore", "pipe", "pipe"] });
  const traces = [];
  createInterface({ input: p.stderr }).on("line", (l) => traces.push(l));
  const ligne = await new Promise((bon, mauvais) => {
    createInterface({ input: p.stdout }).once("line", bon);
    p.once("error", mauvais);
    p.once("exit", (s) => mauvais(new Error(`guichet demo ended with status ${s}\n${traces.join("\n")}`)));
  });
  const fin = new Promise((bon) => p.once("exit", bon));
  return {
    ...JSON.parse(ligne),
    traces,
    async fermer() {
      p.kill("SIGTERM");
      const statut = await fin;
      await rm(dossier, { recursive: true, force: true });
      return statut;
    },
  };
}

// naviguer starts Debian's Chromium without its own calls to the network.
export function naviguer() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

// entrer opens a browser window and signs an account in through the pages.
export async function entrer(navigateur, portail, compte, options = {}) {
  const contexte = await navigateur.newContext({ baseURL: portail.adresse, locale: "fr-FR", viewport: { width: 1280, height: 900 }, ...options });
  const page = await contexte.newPage();
  await page.goto("/");
  if (!compte) return page;
  await page.getByRole("banner").getByRole("link", { name: "Se connecter" }).click();
  await page.getByLabel("Adresse de courriel ou identifiant").fill(compte.utilisateur);
  await page.getByLabel("Mot de passe").fill(compte.motDePasse);
  await page.getByRole("main").getByRole("button", { name: "Se connecter", exact: true }).click();
  await page.waitForURL("**/tableau-de-bord");
  return page;
}

// agent finds an account of the demonstration by its duty.
export function agent(portail, role, n = 0) {
  return portail.agents.filter((a) => a.role === role)[n];
}
