// The administrator describes the establishment before its courses: what is missing, a site placed by its town or by clicks on the
// map, an open day, who signs and their signature, whom the academic service calls; from two tabs, with wrong input, on a phone, as
// somebody who only reads, and once the step is over: a closed part opened again on request, open days and who signs all year.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "an establishment is described, part by part";
export const moment = "parametrage";

const SAVED = "L’établissement est enregistré";

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024");
  await yves.click("Mon établissement");
  await yves.sees("Ce que le public lit");
  await yves.screenshot("22-etablissement");
  const here = new URL(yves.page.url()).pathname;
  await coordinates(yves, here);
  await previewed(stage, yves, here);
  await sites(yves, here);
  await clicks(yves, here);
  await openDays(yves, here);
  await head(yves, here);
  await signature(yves, here);
  await contacts(stage, yves, here);
  await twoTabs(yves, here);
  await onAPhone(stage, here);
  await others(stage, here);
  await over(stage, yves, here);
}

const submit = async (visitor, label) => {
  await visitor.page.getByRole("button", { name: label, exact: true }).click();
  await visitor.page.waitForLoadState("load");
};

/** A fault says where and what to do, and keeps what was typed; then the keyboard alone sends it. */
async function coordinates(yves, here) {
  await yves.goto(`${here}/coordonnees`);
  await yves.page.locator('input[name="code_postal"]').fill("8000");
  await yves.page.locator('input[name="sigle"]').fill("LPT");
  await submit(yves, "Enregistrer les coordonnées");
  await yves.sees("Saisissez un code postal");
  await yves.screenshot("22-coordonnees-faux");
  equal(await yves.page.locator('input[name="sigle"]').inputValue(), "LPT", "what was typed is kept");
  await yves.page.locator('input[name="code_postal"]').fill("80000");
  await yves.tabTo("Enregistrer les coordonnées", { limit: 60 });
  await yves.enter();
  await yves.sees(SAVED);
  await yves.check();
}

/** What the public will read follows what is typed, a few seconds after the last key; nothing of it is saved. A button without a script. */
async function previewed(stage, yves, here) {
  const access = (page) => page.locator('textarea[name="accessibilite"]');
  const shown = (page, text) => page.locator("#apercu", { hasText: text });
  await yves.goto(`${here}/accueil`);
  await access(yves.page).fill("Boucle magnétique à l’accueil.");
  await shown(yves.page, "Boucle magnétique à l’accueil.").waitFor();
  equal(await access(yves.page).inputValue(), "Boucle magnétique à l’accueil.", "what was typed is kept");
  await yves.screenshot("22-apercu");
  const other = await yves.newTab();
  await yves.goto(`${here}/accueil`, { page: other });
  equal(await shown(other, "Boucle magnétique").count(), 0, "what another tab shows of what is not saved");
  await other.close();
  const plain = await stage.persona("Yves Caron", { javaScript: false });
  await plain.goto(`${here}/accueil`);
  await access(plain.page).fill("Portes automatiques.");
  await submit(plain, "Prévisualiser");
  await plain.check();
  equal(await shown(plain.page, "Portes automatiques.").count(), 1, "the preview, without a script");
  equal(await access(plain.page).inputValue(), "Portes automatiques.", "what was typed is kept, without a script");
  await plain.goto(`${here}/accueil`);
  equal(await shown(plain.page, "Portes automatiques.").count(), 0, "saved by the preview");
  await plain.close();
}

async function sites(yves, here) {
  await yves.goto(`${here}/sites`);
  await yves.page.locator('input[name="nom"]').fill("Annexe");
  await yves.page.locator('input[name="adresse"]').fill("4 rue du Port");
  await yves.page.locator('input[name="code_postal"]').fill("80100");
  await yves.page.locator('input[name="commune"]').fill("Abbeville");
  await submit(yves, "Placer d’après la commune");
  equal(await yves.page.locator('input[name="latitude"]').inputValue(), "50,108", "the latitude of the town");
  await submit(yves, "Enregistrer le site");
  await yves.sees("4 rue du Port, 80100 Abbeville");
  equal(await yves.page.getByRole("heading", { name: "Annexe", exact: true }).count(), 1, "the heading of a site");
  await yves.screenshot("22-sites");
  await yves.page.getByRole("button", { name: /Retirer.*Annexe/ }).click();
  await yves.page.waitForLoadState("load");
  equal(await yves.page.getByText("4 rue du Port").count(), 0, "the site is withdrawn");
}

/** Three clicks on the picture: a closer map each time; nothing typed is lost, and the keyboard is told what to do. */
async function clicks(visitor, here, { size = "grande", start = { x: 325, y: 80 } } = {}) {
  const { page } = visitor;
  await visitor.goto(`${here}/sites`);
  await page.locator('input[name="nom"]').fill("Antenne");
  await page.locator('input[name="adresse"]').fill("1 quai du Port");
  const picture = page.locator(`input[type="image"][name="${size}"]`);
  for (let wider = page.getByRole("button", { name: "Voir plus large" }); (await wider.count()) > 0; ) {
    await submit(visitor, "Voir plus large");
  }
  await visitor.screenshot(`22-carte-${size}-france`);
  for (const place of [start, { x: 100, y: 120 }, { x: 130, y: 160 }]) {
    const arrived = page.waitForNavigation({ waitUntil: "load" });
    await picture.click({ position: place });
    await arrived;
    await visitor.check();
  }
  await visitor.sees("à une centaine de mètres près");
  equal(await page.locator('input[name="adresse"]').inputValue(), "1 quai du Port", "what was typed is kept");
  const latitude = await page.locator('input[name="latitude"]').inputValue();
  equal(/^\d\d,\d{1,3}$/.test(latitude), true, `a latitude: ${latitude}`);
  await visitor.screenshot(`22-carte-${size}-commune`);
  await picture.focus();
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.keyboard.press("Enter");
  equal((await answer).status(), 422, "the picture pressed from the keyboard");
  await page.waitForLoadState("load");
  await visitor.sees("Au clavier, la carte ne reçoit pas de position");
  await visitor.check();
}

/** A file that is no picture is refused; a picture is shown, then withdrawn. */
async function signature(yves, here) {
  await yves.goto(`${here}/chef`);
  const file = yves.page.locator('input[name="fichier"]');
  await yves.page.locator('input[name="signataire"]').first().check({ force: true });
  await file.setInputFiles({ name: "signature.png", mimeType: "image/png", buffer: Buffer.from("%PDF-1.7") });
  await submit(yves, "Enregistrer la signature");
  await yves.sees("ni une image PNG ni une image JPEG");
  await yves.check();
  await yves.page.locator('input[name="signataire"]').first().check({ force: true });
  await file.setInputFiles(new URL("../../crates/testkit/src/signature.png", import.meta.url).pathname);
  await submit(yves, "Enregistrer la signature");
  await yves.sees("La signature est enregistrée");
  const shown = await yves.page.locator("img.apercu").first().evaluate((image) => image.naturalWidth);
  equal(shown, 120, "the picture is shown");
  await yves.screenshot("22-signature");
}

/** Typed by the establishment, read by the academic service. */
async function contacts(stage, yves, here) {
  await yves.goto(`${here}/contacts`);
  await yves.page.locator('input[name="contact_fonction"]').fill("Secrétariat des admissions");
  await yves.page.locator('input[name="contact_objet"]').fill("Inscriptions");
  await submit(yves, "Enregistrer le contact");
  await yves.sees("l’un des deux suffit");
  await yves.page.locator('input[name="contact_telephone"]').fill("03 22 00 99 88");
  await submit(yves, "Enregistrer le contact");
  await yves.sees("Secrétariat des admissions – Inscriptions : 03 22 00 99 88");
  await yves.screenshot("22-contacts");
  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/academie/2024/completude");
  await henri.sees("03 22 00 99 88");
  await henri.screenshot("22-contacts-academie");
}

async function openDays(yves, here) {
  await yves.goto(`${here}/journees`);
  await yves.page.locator('input[name="jour"]').fill("2025-02-03");
  await yves.page.locator('input[name="debut"]').fill("09:00");
  await yves.page.locator('input[name="fin"]').fill("17:30");
  await yves.page.locator('input[name="ou"]').fill("Hall d’accueil, plan : https://lycee.example/plan");
  await submit(yves, "Enregistrer la journée");
  await yves.sees("Choisissez un jour entre le lundi 13 novembre 2023");
  await yves.page.locator('input[name="jour"]').fill("2024-03-02");
  await submit(yves, "Enregistrer la journée");
  await yves.sees("samedi 2 mars 2024");
  equal(await yves.page.getByRole("heading", { name: "samedi 2 mars 2024" }).count(), 1, "the heading of an open day");
  const plan = yves.page.locator('a[href="https://lycee.example/plan"]');
  equal(await plan.count(), 2, "the address in the place is a link, in the list and beside the form");
  await yves.screenshot("22-journees");
  // Told a second time, it is told to be there already.
  await yves.page.locator('input[name="jour"]').fill("2024-03-02");
  await yves.page.locator('input[name="debut"]').fill("09:00");
  await yves.page.locator('input[name="fin"]').fill("17:30");
  await yves.page.locator('input[name="ou"]').fill("Hall d’accueil, plan : https://lycee.example/plan");
  await submit(yves, "Enregistrer la journée");
  await yves.sees("Cette journée est déjà annoncée");
  await olderOpenDay(yves, here);
}

/** What was refused and left waits: what is typed beside it is previewed all the same, and it is offered until it is forgotten. */
async function olderOpenDay(yves, here) {
  const { page } = yves;
  const place = page.locator('input[name="ou"]');
  const shown = (text) => page.locator("#apercu", { hasText: text });
  await yves.goto(`${here}/journees`);
  await yves.sees("sans l’enregistrer");
  await page.locator('input[name="jour"]').fill("2024-03-09");
  await page.locator('input[name="debut"]').fill("10:00");
  await page.locator('input[name="fin"]').fill("12:00");
  await place.fill("Salle des fêtes");
  await shown("Salle des fêtes").waitFor();
  await submit(yves, "Prévisualiser");
  await yves.sees("sans l’enregistrer");
  equal(await place.inputValue(), "Salle des fêtes", "what has just been typed");
  await yves.click("Reprendre ma saisie");
  equal(await place.inputValue(), "Hall d’accueil, plan : https://lycee.example/plan", "the older one was not replaced");
  await place.fill("Hall d’honneur");
  await shown("Hall d’honneur").waitFor();
  await yves.goto(`${here}/journees`);
  await yves.click(/L’oublier/);
  await yves.sees("Votre saisie non enregistrée est oubliée.");
}

/** Somebody stands in for some days, and signs then. */
async function head(yves, here) {
  await yves.goto(`${here}/chef`);
  await yves.sees("jamais publiées");
  await yves.screenshot("22-chef");
  await yves.page.locator('input[name="prise"][value="interim"]').check({ force: true });
  await yves.page.locator('input[name="chef_prenom"]').fill("Paule");
  await yves.page.locator('input[name="chef_nom"]').fill("Intérimaire");
  await yves.page.locator('input[name="depuis"]').fill("2023-11-13");
  await submit(yves, "Enregistrer et confirmer");
  await yves.sees("Saisissez une date qui existe");
  await yves.page.locator('input[name="jusqu_a"]').fill("2023-12-01");
  await submit(yves, "Enregistrer et confirmer");
  await yves.sees("Paule Intérimaire");
  await yves.sees("Signataires successifs");
  await yves.goto(here);
  equal(await yves.page.getByText("Intérimaire").count(), 0, "the head is not in what the public reads");
}

async function twoTabs(yves, here) {
  const stale = await yves.newTab();
  await yves.goto(`${here}/accueil`, { page: stale });
  await yves.goto(`${here}/accueil`);
  await yves.page.locator('textarea[name="accessibilite"]').fill("Ascenseur dans chaque bâtiment.");
  await submit(yves, "Enregistrer l’accueil");
  await yves.sees(SAVED);
  await stale.locator('textarea[name="accessibilite"]').fill("Rampe à l’entrée.");
  const answer = stale.waitForResponse((response) => response.request().method() === "POST");
  await stale.getByRole("button", { name: "Enregistrer l’accueil", exact: true }).click();
  equal((await answer).status(), 409, "the answer to the stale tab");
  await yves.sees("Rien n’a été écrasé", { page: stale });
  equal(await stale.locator('textarea[name="accessibilite"]').inputValue(), "Rampe à l’entrée.", "what was typed is kept");
  await stale.close();
}

async function onAPhone(stage, here) {
  const phone = await stage.persona("Yves Caron", { size: PHONE });
  for (const part of ["", "/coordonnees", "/accueil", "/sites", "/journees", "/chef", "/contacts"]) {
    await phone.goto(`${here}${part}`);
    await phone.screenshot(`22-360${part.replace("/", "-")}`);
  }
  await clicks(phone, here, { size: "petite", start: { x: 152, y: 40 } });
}

/** Who reads only is offered nothing; a neighbour finds nothing. */
async function others(stage, here) {
  const karim = await stage.persona("Karim Dubrulle");
  await karim.goto(`${here}/sites`);
  await karim.sees("Votre rôle permet de lire ces informations");
  equal(await karim.page.getByRole("button", { name: "Enregistrer le site" }).count(), 0, "nothing to send");
  equal(await karim.page.locator('input[type="image"]').count(), 0, "no map to click");
  await karim.goto(here);
  equal(await karim.page.getByText("03 22 00 99 88").count(), 0, "contacts are for those who reach the head");
  const neighbour = await stage.persona("Brigitte Morel");
  await neighbour.goto(here);
  equal(await neighbour.page.getByText("Ce que le public lit").count(), 0, "somebody of another establishment, brought up to date first");
}

/** A closed part is asked for with a reason, opened again by the academic service until a day, and that part alone is written. */
async function reopened(stage, late, here, nothing) {
  const { page } = late;
  await late.goto(`${here}/sites`);
  await late.click("Demander à modifier cette partie");
  equal(await page.locator('[name="parties[]"][value="sites"]').isChecked(), true, "the part that one comes from");
  await page.locator('[name="motif"]').fill("L’annexe ouvre en février : elle manque dans nos sites.");
  await submit(late, "Envoyer la demande");
  await late.sees("Saisissez une date qui existe");
  await late.check();
  await late.screenshot("22-rouvrir-faux");
  await page.locator('[name="jusqu_a"]').fill("2024-01-12");
  await submit(late, "Envoyer la demande");
  await late.sees("Votre demande est envoyée");
  await late.goto(`${here}/sites`);
  await late.sees("Une autre demande de l’établissement attend sa réponse");
  await late.check();
  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/academie/2024/demandes");
  await henri.page.locator("main tbody th a", { hasText: "Modifier l’établissement hors période" }).first().click();
  await henri.page.waitForLoadState("load");
  await henri.sees("L’annexe ouvre en février");
  await henri.check();
  await henri.screenshot("22-rouvrir-academie");
  await henri.page.locator('[name="decision"][value="accepter"]').press("Space");
  await henri.page.locator('[name="jusqu_a"]').fill("2024-01-10");
  await submit(henri, "Envoyer la réponse");
  await henri.sees("La demande est acceptée et a pris effet");
  await henri.check();
  await late.goto(`${here}/sites`);
  await late.sees("Le service académique a rouvert cette partie");
  await late.screenshot("22-rouverte");
  await page.locator('input[name="nom"]').fill("Annexe du port");
  await page.locator('input[name="adresse"]').fill("4 rue du Port");
  await page.locator('input[name="code_postal"]').fill("80100");
  await page.locator('input[name="commune"]').fill("Abbeville");
  await submit(late, "Placer d’après la commune");
  await submit(late, "Enregistrer le site");
  await late.sees("Annexe du port");
  await late.sees("4 rue du Port, 80100 Abbeville");
  await late.goto(`${here}/coordonnees`);
  await nothing(late, "coordonnees");
}

/** Open days are told all year, until they are over. */
async function openDaysAllYear(late, here) {
  await late.goto(`${here}/journees`);
  await late.doesNotSee("est close depuis le");
  await late.page.locator('input[name="jour"]').fill("2023-12-16");
  await late.page.locator('input[name="debut"]').fill("09:00");
  await late.page.locator('input[name="fin"]').fill("12:00");
  await late.page.locator('input[name="ou"]').fill("Internat");
  await submit(late, "Enregistrer la journée");
  await late.sees("Choisissez un jour à venir");
  await late.page.locator('input[name="jour"]').fill("2024-03-16");
  await submit(late, "Enregistrer la journée");
  await late.sees("samedi 16 mars 2024");
  await late.screenshot("22-journees-toute-l-annee");
}

/** Once the step is over each part tells since when, is still read, and takes nothing more but on request; open days and who signs do. */
async function over(stage, yves, here) {
  const closed = "est close depuis le mercredi 13 décembre 2023 à 23 h 59";
  const nothing = async (visitor, part) => {
    equal(await visitor.page.locator("#saisie").count(), 0, `the form of ${part} once the step is over`);
    for (const role of ["button", "link"]) {
      const offered = visitor.page.locator("main").getByRole(role, { name: /^(Enregistrer|Confirmer|Modifier|Retirer)/ });
      equal(await offered.count(), 0, `what ${part} offers once the step is over`);
    }
  };
  // A page opened in time and sent too late.
  await yves.goto(`${here}/accueil`);
  await yves.page.locator('textarea[name="accessibilite"]').fill("Rien que des escaliers.");
  await stage.clock("2024-01-05T10:00");
  const answer = yves.page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/accueil"));
  await submit(yves, "Enregistrer l’accueil");
  equal((await answer).status(), 422, "the answer to what is sent too late");
  await yves.sees(closed);
  const late = await stage.persona("Yves Caron");
  await late.goto(here);
  await late.sees("Ascenseur dans chaque bâtiment.");
  await late.sees(closed);
  await late.screenshot("22-close");
  for (const part of ["coordonnees", "accueil", "composantes", "sites", "contacts"]) {
    await late.goto(`${here}/${part}`);
    await late.sees(closed);
    await nothing(late, part);
  }
  await late.sees("Secrétariat des admissions – Inscriptions : 03 22 00 99 88");
  await late.goto(`${here}/chef`);
  await late.doesNotSee("est close depuis le");
  equal(await late.page.getByRole("button", { name: "Enregistrer et confirmer" }).count(), 1, "who signs, on any day");
  await openDaysAllYear(late, here);
  await reopened(stage, late, here, nothing);
  await stage.clock("2024-02-01T10:00");
  const after = await stage.persona("Yves Caron");
  await after.goto(`${here}/sites`);
  await after.sees(closed);
  equal(await after.page.locator("#saisie").count(), 0, "the form of the sites after the day that was granted");
  await after.goto(`${here}/chef`);
  await after.doesNotSee("est close depuis le");
  await after.page.locator('input[name="prise"][value="successeur"]').check({ force: true });
  await after.page.locator('input[name="chef_prenom"]').fill("Inès");
  await after.page.locator('input[name="chef_nom"]').fill("Nouvelle");
  await after.page.locator('input[name="depuis"]').fill("2024-02-01");
  await submit(after, "Enregistrer et confirmer");
  await after.sees("Inès Nouvelle");
  await after.sees("Paule Intérimaire");
  await after.screenshot("22-chef-en-fevrier");
}
