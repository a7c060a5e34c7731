// The life of accounts in an establishment: a person invited on two courses, at the keyboard; her account made on a phone,
// changed, suspended, reactivated, deleted; an account of the year before brought up to date; a shared one taken over; the
// list of the academic service; the establishment made safe.

import { PHONE } from "../lib/browser.mjs";
import { equal, typed } from "../lib/story.mjs";
import { totp } from "../lib/totp.mjs";

export const name = "the life of accounts: invited, changed, suspended, carried over, shared, made safe";
export const moment = "parametrage";

const PASSWORD = "Tilleul-Cascade-2024";
const ADDRESS = "zoe.perrin@courriel.example";
const FACTOR = "Code à six chiffres";

export async function run(stage) {
  const brigitte = await carriedOver(stage);
  const yves = await stage.persona("Yves Caron");
  await invite(yves);
  const zoe = await accept(stage);
  await changed(yves, zoe);
  await suspended(yves, zoe);
  await deleted(yves, zoe);
  await broughtUpToDate(stage, brigitte);
  await takenOver(stage, yves);
  await listed(stage);
  await madeSafe(stage, yves);
}

/** By the keyboard alone: nothing filled in, the mailbox of a service, then two courses. */
async function invite(yves) {
  const keyboard = yves.page.keyboard;
  await yves.goto("/comptes");
  await yves.sees("Invitations en attente");
  await yves.tabTo("Inviter une personne");
  await yves.enter();
  await yves.tabTo(/^Envoyer l’invitation/);
  await yves.enter();
  for (const fault of ["Saisissez le nom", "Saisissez le prénom", "adresse complète", "Choisissez un rôle"]) await yves.sees(fault);
  await yves.check();
  await yves.screenshot("comptes-inviter-vide");

  await yves.tabTo(/^Prénom/);
  await keyboard.type("Zoé");
  await yves.tabTo(/^Nom/);
  await keyboard.type("Perrin");
  await yves.tabTo(/^Adresse électronique nominative/);
  await keyboard.type("secretariat@lycee.example");
  await yves.tabTo(/^Responsable de formation/);
  await keyboard.press("ArrowDown");
  equal(await yves.page.locator('input[name="role"]:checked').getAttribute("value"), "membre_cev", "the role chosen with an arrow");
  const courses = await yves.page.locator('input[name="formations[]"]').evaluateAll((boxes) => boxes.slice(0, 2).map((box) => box.labels[0].textContent.trim()));
  for (const course of courses) {
    await yves.tabTo(course);
    await keyboard.press("Space");
  }
  await yves.tabTo(/^Envoyer l’invitation/);
  await yves.enter();
  await yves.sees("Cette adresse est celle d’un service");
  await yves.sees("Demander une dérogation");
  equal(await typed(yves, "Nom"), "Perrin", "what was typed");
  equal(await yves.page.locator('input[name="formations[]"]:checked').count(), 2, "the courses are still ticked");
  await yves.check();
  await yves.screenshot("comptes-inviter-service");

  // The list of faults names the field too.
  await yves.tabTo(/^Adresse électronique nominative(?!\s:)/);
  await keyboard.press("Control+A");
  await keyboard.type(ADDRESS);
  await yves.tabTo(/^Envoyer l’invitation/);
  await yves.enter();
  await yves.sees("L’invitation est envoyée.");
  await yves.sees("Zoé Perrin");
  await yves.check();
  await yves.screenshot("comptes-invitee");
  const row = yves.page.locator("main tr, main li", { hasText: "Zoé Perrin" }).last();
  await Promise.all([yves.page.waitForNavigation({ waitUntil: "load" }), row.getByRole("link", { name: /Renvoyer ou annuler/ }).click()]);
  await yves.sees("Ce que la personne pourra faire");
  for (const course of courses) await yves.sees(course);
  await yves.check();
  await yves.screenshot("comptes-invitation");
}

/** On her phone, the newcomer reads what she is offered, chooses a password, sets an authenticator. */
async function accept(stage) {
  const zoe = await stage.visitor({ name: "Zoé", size: PHONE, allow: [/410/] });
  const [link] = await stage.links(ADDRESS, "/invitation/");
  await zoe.goto(link);
  await zoe.sees("Un rôle vous est proposé");
  await zoe.sees("Ce que vous pourrez faire");
  await zoe.sees("lire les dossiers des candidats");
  await zoe.sees("Sur ces formations, et sur elles seules");
  await zoe.screenshot("invitation");
  for (const [password, again, told] of [
    ["motdepasse", "motdepasse", "au moins 12 caractères"],
    ["Zoe-Perrin-2024!", "Zoe-Perrin-2024!", "ne doit pas reposer sur"],
    ["Grenouille-Fanal-47", "Grenouille-Fanal-48", "sont différentes"],
  ]) {
    await zoe.fill({ "Mot de passe": password, "Le même, une seconde fois": again });
    await zoe.click("Accepter et continuer");
    await zoe.sees(told);
    equal(await typed(zoe, "Nom"), "Perrin", "the name is kept");
    if (told.includes("reposer")) await zoe.screenshot("invitation-refus");
  }
  await zoe.fill({ "Mot de passe": "Grenouille-Fanal-47", "Le même, une seconde fois": "Grenouille-Fanal-47" });
  await zoe.click("Accepter et continuer");
  await zoe.sees("Sécuriser votre compte");
  await zoe.fill({ [FACTOR]: "000000" });
  await zoe.click("Sécuriser mon compte");
  await zoe.sees("Ce code n’est pas le bon");
  await zoe.screenshot("invitation-double-authentification");
  await authenticator(zoe);
  await zoe.sees("Site de gestion");
  const again = await stage.visitor({ name: "the link again", size: PHONE, allow: [/410/] });
  await again.goto(link, { status: 410 });
  await again.sees("Ce lien n’est plus valable");
  await again.screenshot("invitation-perimee");
  return zoe;
}

/** Sets the authenticator of the page, notes the recovery codes, goes on. */
async function authenticator(visitor) {
  const secret = (await visitor.page.locator("main code").first().textContent()).trim();
  await visitor.fill({ [FACTOR]: totp(secret) });
  await visitor.click("Sécuriser mon compte");
  await visitor.sees("Vos codes de secours");
  await visitor.click("J’ai noté ces codes : continuer");
}

/** Roles: everything taken away, a role without a course, then another course. */
async function changed(yves, zoe) {
  await yves.goto("/comptes?q=perrin");
  await yves.click("Zoé Perrin");
  await yves.sees("En place");
  await yves.screenshot("compte-fiche");
  await yves.click("Changer les rôles et les formations");
  const kept = yves.page.locator('input[name="gardes"], input[name="gardes[]"]');
  equal(await kept.count(), 2, "a role for each course");
  for (const box of await kept.all()) await box.press("Space");
  await yves.click("Changer les rôles et les formations");
  await yves.sees("Gardez ou ajoutez au moins un rôle");
  equal(await yves.page.locator('input[name^="gardes"]:checked').count(), 0, "what was unticked stays so");
  await yves.screenshot("compte-roles-refus");
  await yves.fill({ "Ajouter un rôle": { option: "resp_formation" } });
  await yves.click("Changer les rôles et les formations");
  await yves.sees("Choisissez au moins une formation");
  await yves.page.locator('input[name^="formations"]').last().press("Space");
  await yves.click("Changer les rôles et les formations");
  await yves.sees("Les rôles sont changés");
  await yves.sees("Responsable de formation");
  await yves.doesNotSee("Membre de la commission");
  // In effect at her next page.
  await zoe.goto("/compte");
  await zoe.sees("Responsable de formation");
  await zoe.doesNotSee("Membre de la commission");
}

async function suspended(yves, zoe) {
  await yves.click("Suspendre le compte");
  await yves.fill({ Motif: "non" });
  await yves.click("Suspendre le compte");
  await yves.sees("Expliquez en une phrase");
  equal(await typed(yves, "Motif"), "non", "the reason is kept");
  await yves.screenshot("compte-suspendre-refus");
  await yves.fill({ Motif: "Congé de la personne jusqu’en mars." });
  await yves.click("Suspendre le compte");
  await yves.sees("Le compte est suspendu");
  await yves.sees("Congé de la personne jusqu’en mars.");
  await yves.screenshot("compte-suspendu");
  await zoe.goto("/compte");
  equal(new URL(zoe.page.url()).pathname, "/connexion", "signed out");
  await signIn(zoe, ADDRESS, "Grenouille-Fanal-47");
  await zoe.sees("Ce compte est suspendu");
  await zoe.screenshot("connexion-suspendu");
  await yves.click("Réactiver le compte");
  await yves.fill({ Motif: "Retour de la personne." });
  await yves.click("Réactiver le compte");
  await yves.sees("Le compte est de nouveau actif");
  await signIn(zoe, ADDRESS, "Grenouille-Fanal-47");
  await zoe.doesNotSee("suspendu");
}

async function deleted(yves, zoe) {
  await yves.click("Supprimer le compte");
  await yves.sees("C’est définitif");
  await yves.fill({ Motif: "La personne quitte l’établissement." });
  await yves.click("Supprimer le compte");
  await yves.sees("Le compte est supprimé");
  await yves.doesNotSee("Zoé Perrin");
  await signIn(zoe, ADDRESS, "Grenouille-Fanal-47");
  await zoe.sees("L’adresse ou le mot de passe ne correspond pas");
}

/** The administrator of the year before signs in as she did then, under the address of a service: a code by mail comes first. */
async function carriedOver(stage) {
  const brigitte = await stage.visitor({ name: "Brigitte", size: PHONE });
  await signIn(brigitte, "secretariat@parcoursup.example", PASSWORD);
  await brigitte.click(/^Recevoir un code par courriel/);
  await brigitte.fill({ Code: await code(stage, "secretariat@parcoursup.example") });
  await brigitte.click("Valider le code");
  await brigitte.sees("Mettre votre compte à jour");
  await brigitte.screenshot("conformite");
  // Nothing else answers, but the help.
  await brigitte.goto("/comptes");
  equal(new URL(brigitte.page.url()).pathname, "/connexion/conformite", "nothing else answers");
  await brigitte.goto("/aide");
  await brigitte.goto("/connexion/conformite");
  await brigitte.fill({ "Adresse électronique nominative": "direction@lycee.example" });
  await brigitte.click("Envoyer le lien");
  await brigitte.sees("Cette adresse est celle d’un service");
  await brigitte.screenshot("conformite-refus");
  await brigitte.fill({ "Adresse électronique nominative": "brigitte.morel@lycee.example" });
  await brigitte.click("Envoyer le lien");
  await brigitte.sees("Un lien est envoyé");
  const [link] = await stage.links("brigitte.morel@lycee.example", "/compte/confirmer/");
  await brigitte.goto(link);
  await brigitte.screenshot("conformite-adresse");
  await brigitte.click("Confirmer cette adresse");
  await brigitte.sees("Votre nouvelle adresse est confirmée");
  return brigitte;
}

/** Later on: the mobile with its code, another password, the authenticator. */
async function broughtUpToDate(stage, brigitte) {
  await brigitte.fill({ "Téléphone mobile": "03 22 33 44 55" });
  await brigitte.click("Enregistrer ce numéro");
  await brigitte.sees("Ce numéro n’est pas celui d’un mobile");
  equal(await typed(brigitte, "Téléphone mobile"), "03 22 33 44 55", "the number is kept");
  await brigitte.fill({ "Téléphone mobile": "06 39 98 00 17" });
  await brigitte.click("Enregistrer ce numéro");
  // One code a minute (SEC-10): the one of her mailbox may be younger than that. The number is kept meanwhile.
  const wait = (await brigitte.page.locator("main").innerText()).match(/demander un autre dans (\d+) secondes/);
  if (wait) {
    await brigitte.screenshot("conformite-attente");
    await new Promise((resolve) => setTimeout(resolve, (Number(wait[1]) + 1) * 1000));
    await brigitte.click("Recevoir un code par SMS");
  }
  await brigitte.sees("Un code vient de partir par SMS");
  await brigitte.screenshot("conformite-mobile");
  await brigitte.fill({ "Code reçu par SMS": "1234" });
  await brigitte.click("Vérifier ce numéro");
  await brigitte.sees("Ce code n’est pas le bon");
  await brigitte.fill({ "Code reçu par SMS": await code(stage, "+33639980017") });
  await brigitte.click("Vérifier ce numéro");
  await brigitte.sees("Nouveau mot de passe");
  await brigitte.screenshot("conformite-mot-de-passe");
  const secret = (await brigitte.page.locator("main code").first().textContent()).trim();
  await brigitte.fill({ "Nouveau mot de passe": PASSWORD, "Le même, une seconde fois": PASSWORD, [FACTOR]: totp(secret) });
  await brigitte.click("Sécuriser mon compte");
  await brigitte.sees("est celui de la session précédente");
  await brigitte.fill({ "Nouveau mot de passe": "Grenouille-Fanal-47", "Le même, une seconde fois": "Grenouille-Fanal-47" });
  await authenticator(brigitte);
  await brigitte.goto("/compte");
  await brigitte.sees("brigitte.morel@lycee.example");
  await brigitte.sees("•• •• 00 17 (vérifié)");
  await brigitte.screenshot("compte-repris");
}

/** The administrator whom the head named takes the shared account over, once. */
async function takenOver(stage, yves) {
  await yves.goto("/comptes");
  await yves.click("Compte partagé 2023");
  await yves.sees("Reprise confiée à");
  equal(await yves.page.getByRole("link", { name: /^Reprendre/ }).count(), 0, "not for another administrator");
  const sophie = await stage.persona("Sophie Legrand");
  await sophie.sees("La reprise d’un ancien compte partagé vous est confiée");
  await sophie.screenshot("comptes-a-reprendre");
  await sophie.click(/^Reprendre le/);
  await sophie.screenshot("compte-reprendre");
  await sophie.click("Reprendre ce compte partagé");
  await sophie.sees("Les rôles du compte partagé sont maintenant les vôtres");
  await sophie.doesNotSee("La reprise d’un ancien compte partagé vous est confiée");
  await sophie.goto("/compte");
  await sophie.sees("Gestionnaire administratif");
}

/** The academic service looks for who answers, and who is not protected. */
async function listed(stage) {
  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/comptes");
  await henri.click("Chefs et administrateurs");
  await henri.sees("Brigitte Morel");
  await henri.sees("•• •• 00 17");
  await henri.screenshot("comptes-responsables");
  await henri.fill({ "Personne, établissement, commune ou UAI": "personne de ce nom" });
  await henri.click("Rechercher");
  await henri.sees("Personne ne répond à cette recherche");
  await henri.screenshot("comptes-responsables-vide");
  await henri.fill({ "Personne, établissement, commune ou UAI": "LEMAIRE" });
  await henri.click("Rechercher");
  await henri.sees("1 personne");
  for (const [link, kind] of [["Télécharger le tableur (XLSX)", "xlsx"], ["Télécharger en CSV", "csv"]]) {
    const download = henri.page.waitForEvent("download");
    await henri.page.getByRole("link", { name: link }).click();
    const file = (await download).suggestedFilename();
    equal(new RegExp(`^responsables-2024-[a-z2-7]{12}\\.${kind}$`).test(file), true, `the file: ${file}`);
  }
}

/** A stolen account: the head closes everything, herself included. */
async function madeSafe(stage, yves) {
  const nadia = await stage.persona("Nadia Lemaire");
  await nadia.goto("/comptes");
  await nadia.click("Mise en sécurité");
  await nadia.screenshot("securite");
  await nadia.click("Mettre en sécurité maintenant");
  await nadia.sees("Expliquez en une phrase");
  await nadia.screenshot("securite-refus");
  await nadia.fill({ Motif: "Un courriel d’hameçonnage a trompé un collègue ce matin." });
  await nadia.click("Mettre en sécurité maintenant");
  await nadia.sees("Votre établissement est en sécurité");
  equal(new URL(nadia.page.url()).pathname, "/connexion", "she is signed out too");
  await nadia.screenshot("securite-faite");
  await yves.goto("/comptes");
  equal(new URL(yves.page.url()).pathname, "/connexion", "everybody is signed out");
  await signIn(yves, "admin-site@parcoursup.example", PASSWORD);
  await yves.sees("L’adresse ou le mot de passe ne correspond pas");
}

async function signIn(visitor, address, password) {
  await visitor.goto("/connexion");
  await visitor.fill({ "Adresse électronique": address, "Mot de passe": password });
  await visitor.click("Se connecter", { role: "button" });
}

/** The newest code sent to an address or a number. */
async function code(stage, to) {
  const box = await stage.visitor({ name: `codes of ${to}` });
  await box.goto("/dev/courriels");
  const texts = await box.page.locator("details", { hasText: to }).allTextContents();
  return texts.map((text) => text.match(/\b\d{4} \d{4}\b/)?.[0]).find(Boolean);
}
