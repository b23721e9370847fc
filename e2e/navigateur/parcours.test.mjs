// The portal as people use it, in a real browser: the supplier's way, the
// agency's way, every page looked at. One portal and one browser serve all; the
// journeys follow each other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { codeUnique, depot, iban, nomDepot, nomPiece, png, siret, zip } from "./fichiers.mjs";
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
  assert.equal(await portail?.fermer(), 0, "guichet demo ends with status 0 on SIGTERM");
  assert.deepEqual(plaintes, [], "no page complains in the console");
  const graves = portail.traces.filter((l) => l.includes('"ERROR"'));
  assert.deepEqual(graves, [], "the portal logs no failure");
});

async function visiter(compte, options) {
  const page = await entrer(navigateur, portail, compte, options);
  surveiller(page, plaintes);
  return page;
}

const principal = (page) => page.getByRole("main");
const bouton = (page, name) => principal(page).getByRole("button", { name, exact: true });

test("the public pages", async () => {
  const page = await visiter();
  await regarder(page, "accueil", { sombre: true });
  for (const [nom, chemin] of [["connexion", "/connexion"], ["recuperation", "/recuperation"], ["reference", "/reference"], ["code", "/codes/1001"], ["mentions", "/mentions"], ["accessibilite", "/accessibilite"], ["page-inconnue", "/page-inconnue"]]) {
    await page.goto(chemin);
    await regarder(page, nom);
  }
  await page.goto("/codes");
  await page.getByRole("searchbox").fill("montant");
  await page.getByRole("searchbox").press("Enter");
  await page.waitForURL(/q=montant/);
  await regarder(page, "codes");
  await page.goto("/operateurs?q=orange");
  await regarder(page, "operateurs");
});

test("the keyboard reaches the content first", async () => {
  const page = await visiter();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Aller au contenu");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "contenu");
});

test("the simulator, without a script", async () => {
  const page = await visiter(undefined, { javaScriptEnabled: false });
  await page.getByRole("main").getByRole("link", { name: "Contrôler un fichier sans compte" }).click();
  const f = portail.fournisseurs[0];
  const fautif = depot(f, ["Y0001", "Y0002"], { Y0002: (d) => { d.commande.regimeTVA = "ttc"; d.beneficiaire.nomResponsable = "minuscule"; } });
  await page.getByLabel("Fichier JSON").setInputFiles({ name: nomDepot(f.numeroAns, 150), mimeType: "application/json", buffer: fautif });
  await bouton(page, "Contrôler").click();
  await page.getByText("Accepté en partie").waitFor();
  const marques = page.locator(".constat:not(.avertissement) mark");
  await marques.nth(1).waitFor();
  assert.equal(await marques.count(), 2, "each fault is marked in its source line");
});

test("the simulator's report, looked at, where the browser cannot control by itself", async () => {
  const page = await visiter();
  await page.route("**/segur.wasm.gz", (r) => r.fulfill({ status: 404 }));
  await page.goto("/simulateur");
  await regarder(page, "simulateur");
  await page.getByLabel("Fichier JSON").setInputFiles({ name: "essai.json", mimeType: "application/json", buffer: Buffer.from('{"impId": null, "siret": "1"}') });
  await bouton(page, "Contrôler").click();
  await page.getByText("Fichier refusé").waitFor();
  await regarder(page, "simulateur-rapport", { sombre: true });
});

test("a company: enrolled, activated, signed in with a second factor", async () => {
  const page = await visiter();
  await principal(page).getByRole("link", { name: "Demander un compte fournisseur" }).click();
  await regarder(page, "enrolement");
  const secret = "une phrase secrète de l’essai";
  const saisies = { "Raison sociale": "Éditeur Nouveau Fictif", SIRET: siret("9999999960001"), "Numéro ANS 1": "ESSAI00001", IBAN: iban("99999999990000000000555"), BIC: "FICTFRPPXXX", "Nom et prénom": "Prénom Fictif", Courriel: "nouveau@editeur.example", Téléphone: "0100000000" };
  for (const [nom, valeur] of Object.entries(saisies)) await page.getByLabel(nom, { exact: true }).fill(valeur);
  for (const [i, nom] of ["Certificat de référencement de l’ANS", "Pièce d’identité du représentant légal", "Relevé d’identité bancaire"].entries()) {
    await page.getByLabel(nom).setInputFiles({ name: `document${i}.png`, mimeType: "image/png", buffer: png(40 + i) });
  }
  await bouton(page, "Envoyer la demande").click();
  await page.waitForURL(/\/enrolement\/[0-9a-f]+\//);
  await regarder(page, "enrolement-suivi");

  const admin = await visiter(agent(portail, "administrateur"));
  await admin.goto("/enrolements");
  await regarder(admin, "enrolements");
  await principal(admin).getByRole("link", { name: "Éditeur Nouveau Fictif" }).click();
  await regarder(admin, "enrolement-examen");
  await bouton(admin, "Accepter").click();
  await page.goto(await admin.locator(".secret").textContent());
  await regarder(page, "activation");
  await page.getByLabel("Mot de passe").fill(secret);
  await page.getByLabel("Le même, encore une fois").fill(secret);
  await bouton(page, "Activer mon compte").click();
  const entrerNouveau = async () => {
    await page.goto("/connexion");
    await page.getByLabel("Adresse de courriel ou identifiant").fill("nouveau@editeur.example");
    await page.getByLabel("Mot de passe").fill(secret);
    await bouton(page, "Se connecter").click();
  };
  await entrerNouveau();
  await page.waitForURL("**/tableau-de-bord");
  await page.goto("/compte/securite");
  await regarder(page, "securite");
  await page.locator("#mdp-preparer").fill(secret);
  await bouton(page, "Ajouter un second facteur").click();
  const cle = await page.getByText("Clé :").locator(".mono").textContent();
  await regarder(page, "second-facteur");
  await page.getByLabel("Code à six chiffres").fill(codeUnique(cle));
  await bouton(page, "Mettre en service").click();
  await page.getByText("Vos codes de secours").waitFor();
  await page.getByRole("button", { name: "Se déconnecter" }).click();
  await entrerNouveau();
  await page.getByRole("heading", { name: "Second facteur" }).waitFor();
  await regarder(page, "connexion-code");
  // A code serves once: this one is of the next half minute.
  await page.getByLabel("Code à six chiffres").fill(codeUnique(cle, 1));
  await bouton(page, "Continuer").click();
  await page.waitForURL("**/tableau-de-bord");
  await page.getByRole("heading", { name: "Tableau de bord de Éditeur Nouveau Fictif" }).waitFor();
  await regarder(page, "tableau-vide");
});

test("a supplier: deposit, refused lines, correction, zip, complete, download", async () => {
  const f = portail.fournisseurs[0];
  const page = await visiter(f);
  await principal(page).getByText(f.raisonSociale).first().waitFor();
  await regarder(page, "fournisseur-tableau", { sombre: true });
  await principal(page).getByRole("link", { name: "Déposer un fichier" }).click();
  await regarder(page, "depot-nouveau");
  const deposer = async (nom, octets) => {
    await page.getByLabel("Fichier JSON").setInputFiles({ name: nom, mimeType: "application/json", buffer: octets });
    await bouton(page, "Déposer").click();
  };
  await deposer("mon-fichier.json", Buffer.from("[]"));
  await page.getByRole("heading", { name: "Fichier refusé" }).waitFor();
  await regarder(page, "depot-refuse");

  const fautes = { X0003: (d) => { d.beneficiaire.FINESSGeo = "12"; } };
  const octets = depot(f, ["X0001", "X0002", "X0003"], fautes);
  await deposer(nomDepot(f.numeroAns, 151), octets);
  await page.waitForURL(/\/depots\/[0-9a-f]+/);
  await page.getByText("Accepté en partie").waitFor();
  await regarder(page, "depot", { sombre: true });
  const [fichier] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Télécharger le fichier retour" }).click()]);
  const retour = (await readFile(await fichier.path())).toString();
  assert.match(retour, /"numeroASP": "ASP-/);
  assert.equal(JSON.parse(retour).lignesImport[2].numeroASP, null);

  const archive = zip([[nomPiece("X0001"), png(1)], [nomPiece("X0002"), Buffer.from("pas une image")], ["dossier/x.png", png(3)]]);
  const envoyer = async (contenu) => {
    await page.getByLabel("Archive zip de pièces").setInputFiles({ name: "pieces.zip", mimeType: "application/zip", buffer: contenu });
    await bouton(page, "Envoyer le zip").click();
  };
  await envoyer(archive);
  await page.getByRole("heading", { name: "Pièces refusées dans cet envoi" }).waitFor();
  await page.getByText("1 sur 2 reçues").waitFor();
  await regarder(page, "pieces-refusees");
  await page.getByLabel(`Fichier pour ${nomPiece("X0002")}`).setInputFiles({ name: "scan.png", mimeType: "image/png", buffer: png(2) });
  await bouton(page, `Envoyer ${nomPiece("X0002")}`).click();
  await page.getByText("Les pièces sont reçues.").waitFor();
  await regarder(page, "demande-fournisseur");
  await page.getByRole("link", { name: "voir le dépôt" }).click();
  await page.getByText("Toutes les pièces sont reçues : 2 sur 2.").waitFor();
  await page.getByRole("link", { name: "Accusé de dépôt", exact: true }).click();
  await regarder(page, "accuse");

  // The refused line comes back corrected, under a new number.
  await page.goto("/depots/nouveau");
  await deposer(nomDepot(f.numeroAns, 152), depot(f, ["X0004"]));
  await page.waitForURL(/\/depots\/[0-9a-f]+/);
  await page.getByText("La demande du fichier est acceptée.").waitFor();
});

test("a big archive is sent with a progress bar", async () => {
  const f = portail.fournisseurs[1];
  const page = await visiter(f);
  await page.goto("/depots/nouveau");
  await page.getByLabel("Fichier JSON").setInputFiles({ name: nomDepot(f.numeroAns, 151), mimeType: "application/json", buffer: depot(f, ["W0001"]) });
  await bouton(page, "Déposer").click();
  await page.waitForURL(/\/depots\/[0-9a-f]+/);
  const gros = zip([[nomPiece("W0001"), png(9)], ["bruit.png", Buffer.concat([png(8), Buffer.alloc(2_500_000, 7)])]]);
  const barre = page.waitForFunction(() => { const b = document.querySelector("progress"); if (b) window.barreVue = true; return window.barreVue; }, null, { polling: 5 }).catch(() => false);
  await page.getByLabel("Archive zip de pièces").setInputFiles({ name: "pieces.zip", mimeType: "application/zip", buffer: gros });
  await bouton(page, "Envoyer le zip").click();
  assert.ok(await barre, "a bar shows while the file leaves");
  await page.getByRole("heading", { name: "Pièces refusées dans cet envoi" }).waitFor();
  await page.getByText("Toutes les pièces sont reçues : 1 sur 1.").waitFor();
});

test("lists, filters, exports, account", async () => {
  const page = await visiter(portail.fournisseurs[0]);
  await page.goto("/demandes");
  await regarder(page, "demandes", { sombre: true });
  await page.locator("#statut").selectOption("incomplete");
  await page.waitForURL(/statut=incomplete/).catch(async () => { await bouton(page, "Filtrer").click(); });
  await page.waitForURL(/statut=incomplete/);
  const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
  assert.match((await readFile(await csv.path())).toString(), /Incomplète/);
  await page.goto("/depots");
  await regarder(page, "depots");
  await page.goto("/demandes?statut=a_modifier");
  await page.locator("tbody a").first().click();
  await page.getByRole("link", { name: "Corriger la demande" }).click();
  await page.getByLabel("Montant Ségur hors taxe").fill("beaucoup");
  await bouton(page, "Renvoyer la demande corrigée").click();
  await page.locator("[aria-invalid=true]").waitFor();
  await regarder(page, "correction-refusee");
  await page.goto("/compte");
  await page.getByLabel("Nom du jeton").fill("envoi du soir");
  await page.getByLabel("Tout ce que mon compte peut faire").check();
  await bouton(page, "Créer le jeton").click();
  await page.getByText("Votre nouveau jeton.").waitFor();
  await regarder(page, "compte");
  for (const chemin of ["/paiements", "/utilisateurs", "/webhooks"]) {
    await page.goto(chemin);
    await regarder(page, "fournisseur" + chemin.replace("/", "-"));
  }
});

test("the agency: examined, decided, paid, audited", async () => {
  const officier = await visiter(agent(portail, "instructeur"));
  await officier.goto("/instruction");
  await regarder(officier, "instruction");
  await officier.getByLabel("Numéro ASP, d’éditeur ou FINESS").fill("X0001");
  await bouton(officier, "Filtrer").click();
  await officier.locator("tbody a").first().click();
  await bouton(officier, "Prendre en instruction").click();
  await officier.getByText("L’acte est enregistré.").waitFor();
  const image = officier.locator(".visionneuse img");
  assert.ok(await image.evaluate((i) => i.complete && i.naturalWidth > 0), "the scan is shown beside the request");
  await officier.getByRole("button", { name: "Agrandir" }).click();
  await officier.getByRole("button", { name: "Tourner" }).click();
  await officier.locator("[data-vue][data-zoom='150'][data-tour='1']").waitFor();
  await officier.getByRole("button", { name: "Réduire" }).click();
  await regarder(officier, "demande-instructeur", { sombre: true });
  const demande = new URL(officier.url()).pathname;
  for (const oui of await officier.getByRole("radio", { name: "oui" }).all()) await oui.check();
  await bouton(officier, "Valider la demande").click();
  await officier.getByText("À qui d’agir").waitFor();

  const decideur = await visiter(agent(portail, "decideur"));
  await decideur.goto("/decisions");
  await decideur.getByLabel(`Choisir ${demande.split("/").pop()}`).check();
  await decideur.getByText("1 demande sélectionnée").waitFor();
  await regarder(decideur, "decisions");
  await bouton(decideur, "Voir l’aperçu").click();
  await decideur.getByText("Rien n’est encore changé").waitFor();
  await regarder(decideur, "decisions-apercu");
  await principal(decideur).getByRole("button", { name: "Attribuer" }).click();
  await decideur.getByRole("heading", { name: "Résultat de la décision" }).waitFor();

  const [un, deux] = [await visiter(agent(portail, "comptable")), await visiter(agent(portail, "comptable", 1))];
  await un.goto("/lots");
  await regarder(un, "lots");
  await un.getByLabel("Toutes celles qui sont à payer").check();
  await bouton(un, "Préparer le lot").click();
  await un.getByText("un autre comptable doit l’approuver").waitFor();
  await deux.goto(un.url().split("?")[0]);
  await bouton(deux, "Approuver le lot").click();
  const [virement] = await Promise.all([deux.waitForEvent("download"), deux.getByRole("link", { name: "Télécharger le virement" }).click()]);
  assert.match((await readFile(await virement.path())).toString(), /pain\.001\.001\.09/);
  await regarder(deux, "lot");
  await bouton(deux, "Régler").click();
  await deux.getByText("réglé", { exact: true }).waitFor();

  const controleur = await visiter(agent(portail, "controleur"));
  await controleur.goto(demande);
  await controleur.locator("summary", { hasText: "Ouvrir" }).click();
  await controleur.getByLabel("Raison du contrôle").fill("Tirage de l’essai.");
  await bouton(controleur, "Ouvrir le contrôle").click();
  await controleur.getByText("L’acte est enregistré.").waitFor();
  await regarder(controleur, "demande-controleur");

  const auditeur = await visiter(agent(portail, "auditeur"));
  await auditeur.goto("/journal");
  await regarder(auditeur, "journal");
  assert.ok((await auditeur.getByText(demande.split("/").pop()).count()) > 4, "every act on the request is in the journal");
  const admin = await visiter(agent(portail, "administrateur"));
  await regarder(admin, "administrateur-tableau");
  for (const chemin of ["/campagnes", "/utilisateurs", "/controles"]) {
    await admin.goto(chemin);
    await regarder(admin, "administrateur" + chemin.replace("/", "-"));
  }
});

test("on a phone", async () => {
  const page = await visiter(portail.fournisseurs[0], { viewport: { width: 360, height: 740 } });
  for (const [nom, chemin] of [["tableau", "/tableau-de-bord"], ["demandes", "/demandes"], ["deposer", "/depots/nouveau"]]) {
    await page.goto(chemin);
    await regarder(page, "telephone-" + nom);
  }
  await page.goto("/demandes?statut=a_modifier");
  await page.locator("tbody a").first().click();
  await regarder(page, "telephone-demande");
});
