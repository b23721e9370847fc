// How people come in: passkeys on a device that Chromium plays (WebAuthn of its
// own protocol), second factor by passkey, tokens, sessions, third parties. The
// portal is visited by its name "localhost": browsers know no passkey of an IP
// address.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { agent, entrer, naviguer, ouvrir } from "./portail.mjs";
import { regarder, surveiller } from "./regard.mjs";

let portail, navigateur;
const plaintes = [];

before(async () => {
  portail = await ouvrir();
  portail.adresse = portail.adresse.replace("127.0.0.1", "localhost");
  navigateur = await naviguer();
});

after(async () => {
  await navigateur?.close();
  assert.equal(await portail?.fermer(), 0);
  assert.deepEqual(plaintes, [], "no page complains in the console");
});

async function visiter(compte, options) {
  const page = await entrer(navigateur, portail, compte, options);
  surveiller(page, plaintes);
  return page;
}

// appareil gives the page's browser a device that knows its owner.
async function appareil(page, verifie = true) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: verifie, automaticPresenceSimulation: true },
  });
  return { cdp, authenticatorId };
}

const principal = (page) => page.getByRole("main");
const bouton = (page, name) => principal(page).getByRole("button", { name, exact: true });
const partir = async (page) => { await page.getByRole("button", { name: "Se déconnecter" }).click(); await page.waitForURL("**/connexion**"); };

async function parMotDePasse(page, compte) {
  await page.getByLabel("Adresse de courriel ou identifiant").fill(compte.utilisateur);
  await page.getByLabel("Mot de passe").fill(compte.motDePasse);
  await bouton(page, "Se connecter").click();
}

test("a passkey: added, used without a name, used behind a password, taken away", async () => {
  const f = portail.fournisseurs[0];
  const page = await visiter(f);
  const { cdp, authenticatorId } = await appareil(page);
  await page.goto("/compte/securite");
  await regarder(page, "cles-vide", { sombre: true });
  const ajouter = async (motDePasse) => {
    await page.getByLabel("Nom de la clé").fill("téléphone");
    await page.locator("#mdp-cle").fill(motDePasse);
    await bouton(page, "Ajouter une clé d’accès").click();
  };
  await ajouter("un autre mot de passe");
  await page.getByText("Le mot de passe actuel n’est pas le bon.").waitFor();
  await ajouter(f.motDePasse);
  await page.getByText("La clé d’accès est enregistrée.").waitFor();
  const secours = await page.getByRole("main").locator("ul.mono li").allTextContents();
  assert.equal(secours.length, 10);
  await regarder(page, "cles", { sombre: true });
  const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].rpId, "localhost");
  assert.ok(credentials[0].isResidentCredential);

  await partir(page);
  await regarder(page, "connexion-cle", { sombre: true });
  await bouton(page, "Se connecter avec une clé d’accès").click();
  await page.waitForURL("**/tableau-de-bord");
  await principal(page).getByText(f.raisonSociale).first().waitFor();

  // Behind a password: the key, then a recovery code.
  await partir(page);
  await parMotDePasse(page, f);
  await page.getByRole("heading", { name: "Second facteur" }).waitFor();
  await regarder(page, "connexion-code-cle");
  await bouton(page, "Continuer avec une clé d’accès").click();
  await page.waitForURL("**/tableau-de-bord");
  await partir(page);
  await parMotDePasse(page, f);
  await page.getByLabel("Code de secours").fill("AAAA-AAAA-AAAA-AAAA");
  await bouton(page, "Continuer").click();
  await page.getByText("Ce code n’est pas le bon.").waitFor();
  await page.getByLabel("Code de secours").fill(secours[0]);
  await bouton(page, "Continuer").click();
  await page.waitForURL("**/tableau-de-bord");

  // A device that does not recognise its owner opens nothing.
  await partir(page);
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await bouton(page, "Se connecter avec une clé d’accès").click();
  await page.getByText("L’appareil n’a pas répondu, ou vous avez renoncé.").waitFor({ timeout: 70_000 });
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await bouton(page, "Se connecter avec une clé d’accès").click();
  await page.waitForURL("**/tableau-de-bord");

  await page.goto("/compte/securite");
  await page.getByLabel("Clé", { exact: true }).selectOption({ label: "téléphone" });
  await page.locator("#mdp-cle-retirer").fill(f.motDePasse);
  await bouton(page, "Retirer la clé").click();
  await page.getByText("La clé d’accès est retirée").waitFor();
  await partir(page);
  await bouton(page, "Se connecter avec une clé d’accès").click();
  await page.getByText("Cette clé d’accès n’ouvre aucun compte.").waitFor();
});

test("without a script the pages offer passwords and codes, and no passkey", async () => {
  const page = await visiter(portail.fournisseurs[1], { javaScriptEnabled: false });
  await page.goto("/compte/securite");
  await page.getByText("Les clés d’accès demandent JavaScript et").waitFor();
  assert.equal(await page.getByLabel("Nom de la clé").isVisible(), false);
  await bouton(page, "Ajouter un second facteur").waitFor();
  await page.getByRole("button", { name: "Se déconnecter" }).click();
  assert.equal(await page.getByRole("button", { name: "Se connecter avec une clé d’accès" }).isVisible(), false);
});

test("on the address of the machine the page says where passkeys are", async () => {
  const contexte = await navigateur.newContext({ baseURL: portail.adresse.replace("localhost", "127.0.0.1"), locale: "fr-FR" });
  const page = await contexte.newPage();
  await page.goto("/connexion");
  assert.equal(await page.locator("[data-cle]").count(), 0);
  await parMotDePasse(page, portail.fournisseurs[1]);
  await page.waitForURL("**/tableau-de-bord");
  await page.goto("/compte/securite");
  await page.getByText("Les clés d’accès s’ajoutent à l’adresse").waitFor();
});

test("a token with scopes and networks; sessions closed one by one and all", async () => {
  const f = portail.fournisseurs[1];
  const page = await visiter(f);
  await page.goto("/compte");
  await page.getByLabel("Nom du jeton").fill("relevé");
  await bouton(page, "Créer le jeton").click();
  await page.getByText("au moins une case").waitFor();
  await regarder(page, "jeton-refuse");
  await page.getByLabel("Lire les demandes").check();
  await page.getByLabel("Réseaux d’où il sert").fill("127.0.0.0/8, ::1");
  await bouton(page, "Créer le jeton").click();
  const jeton = (await page.locator("#secret").textContent()).trim();
  await regarder(page, "jeton", { sombre: true });
  const appeler = async (methode, chemin, entetes = {}) => (await page.request.fetch("/api/v1" + chemin, { method: methode, headers: { Authorization: "Bearer " + jeton, ...entetes } })).status();
  assert.equal(await appeler("GET", "/demandes"), 200);
  assert.equal(await appeler("POST", "/depots"), 403);

  const autre = await visiter(f);
  await page.reload();
  await page.getByRole("button", { name: /^Fermer la session/ }).first().click();
  await page.getByText("La session est fermée.").waitFor();
  await autre.goto("/compte");
  await autre.waitForURL("**/connexion**");
  const tiers = await visiter(f);
  await bouton(page, "Fermer toutes les autres sessions").click();
  await page.getByText("Vos autres sessions sont fermées.").waitFor();
  await tiers.goto("/compte");
  await tiers.waitForURL("**/connexion**");
});

test("a third party under mandate is invited; management is handed over and named anew", async () => {
  const f = portail.fournisseurs[1];
  const page = await visiter(f);
  await page.goto("/utilisateurs");
  const inviter = async (courriel, nom, role) => {
    await page.getByLabel("Courriel").fill(courriel);
    await page.getByLabel("Nom et prénom").fill(nom);
    await page.locator("#r-" + role).check();
  };
  await inviter("tiers@ailleurs.example", "Personne Tierce", "deposant");
  await page.getByLabel("Cette personne est d’une autre entreprise").check();
  await page.getByLabel("Son entreprise", { exact: true }).fill("Dépôts pour autrui, fictive");
  await page.getByLabel("SIRET de son entreprise").fill("123");
  await bouton(page, "Inviter").click();
  await page.getByText("SIRET du tiers « 123 »").waitFor();
  await regarder(page, "tiers-refuse");
  await page.getByLabel("SIRET de son entreprise").fill("99999999800001");
  await page.getByLabel("Dernier jour du mandat").fill(new Date(Date.now() + 86400e3 * 90).toISOString().slice(0, 10));
  await bouton(page, "Inviter").click();
  await page.getByText("Lien d’activation, à remettre").waitFor();
  await page.goto("/utilisateurs");
  await page.getByText("Tiers mandaté :").waitFor();
  await regarder(page, "utilisateurs-tiers", { sombre: true });

  await inviter("releve@fournisseur-b.example", "Personne Relève", "deposant");
  await bouton(page, "Inviter").click();
  const lien = await page.locator(".secret").textContent();
  const releve = await visiter();
  await releve.goto(lien);
  await releve.getByLabel("Mot de passe").fill("motdepasse123");
  await releve.getByLabel("Le même, encore une fois").fill("motdepasse123");
  await bouton(releve, "Activer mon compte").click();
  await releve.getByText("que l’on essaie en premier").waitFor();
  for (const champ of ["Mot de passe", "Le même, encore une fois"]) await releve.getByLabel(champ).fill("canard jaune sous la brume");
  await bouton(releve, "Activer mon compte").click();
  await page.goto("/utilisateurs");
  await page.getByLabel("Je quitte l’entreprise").check();
  await regarder(page, "transmission");
  await bouton(page, "Transmettre la gestion").click();
  await page.getByText("La gestion est transmise et votre compte est fermé.").waitFor();

  const admin = await visiter(agent(portail, "administrateur"));
  await admin.goto("/fournisseurs");
  await regarder(admin, "administrateur-fournisseurs", { sombre: true });
  const carte = admin.locator("section", { hasText: "Personne Relève" }).last();
  await carte.locator("summary", { hasText: "Nommer un gestionnaire" }).click();
  await carte.getByLabel("Courriel").fill("nouvelle@fournisseur-b.example");
  await carte.getByLabel("Nom et prénom").fill("Personne Nouvelle");
  await carte.getByRole("button", { name: "Nommer" }).click();
  await admin.getByText("Lien d’activation, à remettre").waitFor();
});

test("on a phone", async () => {
  const page = await visiter(portail.fournisseurs[0], { viewport: { width: 360, height: 740 } });
  for (const [nom, chemin] of [["securite", "/compte/securite"], ["compte", "/compte"], ["utilisateurs", "/utilisateurs"]]) {
    await page.goto(chemin);
    await regarder(page, "telephone-" + nom);
  }
});
