// Looks at pages as people do: an accessibility audit in both schemes, errors
// of the console, a picture kept in out/.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";

export const sortie = path.join(path.dirname(fileURLToPath(import.meta.url)), "out");

const etiquettes = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// surveiller fails the run on any message of the console or failed request
// that no test expects: a refused style or script is one.
export function surveiller(page, plaintes) {
  page.on("console", (m) => {
    if (["error", "warning"].includes(m.type()) && !/status of 4\d\d/.test(m.text())) plaintes.push(`${page.url()}: ${m.text()}`);
  });
  page.on("pageerror", (e) => plaintes.push(`${page.url()}: ${e.message}`));
}

// contrastes is the audit of colours alone, by the axe that a whole audit has
// left in the page: the dark scheme changes nothing else.
const contrastes = (page) => page.evaluate(() => globalThis.axe.run({ exclude: ["iframe"] }, { runOnly: { type: "rule", values: ["color-contrast"] }, resultTypes: ["violations"] }));

// regarder audits the page shown in both schemes and keeps its picture; with
// "sobre", without a picture.
export async function regarder(page, nom, options = {}) {
  await mkdir(sortie, { recursive: true });
  for (const schema of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: schema, reducedMotion: "reduce" });
    // Legacy mode gathers the report in the page; the other opens a window for
    // it each time, which takes longer than the audit and is for foreign frames.
    const { violations } = await (schema === "dark" ? contrastes(page) : new AxeBuilder({ page }).exclude("iframe").setLegacyMode(true).withTags(etiquettes).analyze());
    const dites = violations.map((v) => `${v.id}: ${v.help}\n` + v.nodes.slice(0, 4).map((n) => `    ${n.target.join(" ")} — ${n.failureSummary.split("\n").slice(1, 3).join(" ")}`).join("\n"));
    assert.equal(violations.length, 0, `${nom}, ${schema}:\n${dites.join("\n")}`);
    if (!options.sobre && (schema === "light" || options.sombre)) await page.screenshot({ path: path.join(sortie, `${nom}${schema === "dark" ? "-sombre" : ""}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  const large = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(large <= 0, `${nom} scrolls sideways by ${large} px`);
  assert.equal(await page.locator("h1").count(), 1, `${nom} has one main heading`);
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
}
