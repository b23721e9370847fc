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

// regarder audits the page shown and keeps its picture; with "sobre", in the
// light scheme alone and without a picture.
export async function regarder(page, nom, options = {}) {
  await mkdir(sortie, { recursive: true });
  for (const schema of options.sobre ? ["light"] : ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: schema, reducedMotion: "reduce" });
    // The dark scheme changes colours and nothing else.
    const audit = new AxeBuilder({ page }).exclude("iframe");
    const { violations } = await (schema === "dark" ? audit.withRules(["color-contrast"]) : audit.withTags(etiquettes)).analyze();
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
