// On her phone a candidate reads a proposition, sees what accepting changes, answers in three taps; a second tab that
// still shows the question is told that the answer was already given. Somebody who waits asks why, and reads it.

import { PHONE } from "../lib/browser.mjs";

export const name = "a candidate answers a proposition in three taps";
export const moment = "admission";

export async function run(stage) {
  const elisa = await stage.persona("Elisa Guérin", { size: PHONE });
  await elisa.goto("/candidat");
  await elisa.screenshot("candidat-accueil-360");
  await elisa.goto("/candidat/voeux");
  await elisa.screenshot("candidat-voeux-360");
  const second = await elisa.newTab();

  // Three taps: « Répondre », « J’accepte », the confirmation.
  await elisa.goto("/candidat");
  await elisa.click(/^Répondre/);
  await elisa.sees("Ce qui se passe si j’accepte");
  await elisa.screenshot("proposition-telephone");
  const question = elisa.page.url();
  await second.goto(question);
  await elisa.click("J’accepte");
  await elisa.screenshot("proposition-recapitulatif-360");
  await elisa.page.locator("main form button").first().click();
  await elisa.page.waitForLoadState("load");
  await elisa.check();
  await elisa.screenshot("proposition-reponse-360");
  await elisa.goto("/candidat/voeux");
  await elisa.sees("Proposition acceptée");
  await elisa.goto("/candidat/recepisses");
  await elisa.screenshot("recepisses-360");

  await second.reload();
  const still = await second.getByRole("button", { name: "J’accepte" }).count();
  if (still !== 0) throw new Error("the second tab still offers to accept");

  // Somebody else's proposition is as unknown as an absent one.
  const celia = await stage.persona("Célia Wojcik", { size: PHONE, allow: [/404/] });
  await celia.goto(new URL(question).pathname, { status: 404 });

  // The record of the day is opened apart: the page comes back by itself until the reasons are there.
  await celia.goto("/candidat/voeux");
  await celia.click(/^Pourquoi/);
  await celia.sees("L’explication dit, avec ses nombres");
  await celia.screenshot("explication-a-demander");
  await celia.click("Demander l’explication");
  await celia.page.locator("main h3").first().waitFor({ timeout: 60_000 });
  await celia.sees("Où en est ce vœu");
  await celia.sees("Votre rang d’appel est");
  await celia.check();
  await celia.screenshot("explication");
}
