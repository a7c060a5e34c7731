// The administrator describes the establishment before its courses: what is missing, a site placed by its town, an open day,
// who signs; from two tabs, with wrong input, on a phone, as somebody who only reads, and once the step is over.

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
  await sites(yves, here);
  await openDays(yves, here);
  await head(yves, here);
  await twoTabs(yves, here);
  await onAPhone(stage, here);
  await others(stage, here);
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
  const arrived = yves.page.waitForNavigation({ waitUntil: "load" });
  await yves.page.keyboard.press("Enter");
  await arrived;
  await yves.sees(SAVED);
  await yves.check();
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
  await yves.sees("Annexe – 4 rue du Port, 80100 Abbeville");
  await yves.screenshot("22-sites");
  await yves.page.getByRole("button", { name: /Retirer.*Annexe/ }).click();
  await yves.page.waitForLoadState("load");
  equal(await yves.page.getByText("4 rue du Port").count(), 0, "the site is withdrawn");
}

async function openDays(yves, here) {
  await yves.goto(`${here}/journees`);
  await yves.page.locator('input[name="jour"]').fill("2025-02-03");
  await yves.page.locator('input[name="debut"]').fill("09:00");
  await yves.page.locator('input[name="fin"]').fill("17:30");
  await yves.page.locator('input[name="ou"]').fill("Hall d’accueil");
  await submit(yves, "Enregistrer la journée");
  await yves.sees("Choisissez un jour entre");
  await yves.page.locator('input[name="jour"]').fill("2024-03-02");
  await submit(yves, "Enregistrer la journée");
  await yves.sees("samedi 2 mars 2024");
  await yves.screenshot("22-journees");
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
  for (const part of ["", "/coordonnees", "/accueil", "/sites", "/journees", "/chef"]) {
    await phone.goto(`${here}${part}`);
    await phone.screenshot(`22-360${part.replace("/", "-")}`);
  }
}

/** Who reads only is offered nothing; a neighbour finds nothing. */
async function others(stage, here) {
  const karim = await stage.persona("Karim Dubrulle");
  await karim.goto(`${here}/sites`);
  await karim.sees("Votre rôle permet de lire ces informations");
  equal(await karim.page.getByRole("button", { name: "Enregistrer le site" }).count(), 0, "nothing to send");
  const neighbour = await stage.persona("Brigitte Morel");
  await neighbour.goto(here);
  equal(await neighbour.page.getByText("Ce que le public lit").count(), 0, "somebody of another establishment, brought up to date first");
}
