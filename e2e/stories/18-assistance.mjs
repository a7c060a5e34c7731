// The secretary of a lycée asks from the screen of a course; the academic service finds it in its queue and answers; she reads the
// answer. A visitor on a phone finds the number of the cell of their department; a candidate on theirs asks it. Who does not answer
// is refused.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "a question from a course to the academic service and back, and the number of a cell";
export const moment = "voeux";

const QUESTION = "Le stage de deuxième année se fait-il avant ou après les écrits ?";
const ANSWER = "Avant les écrits : indiquez-le dans « Caractéristiques ».";

export async function run(stage) {
  const josiane = await stage.persona("Josiane Vasseur");
  await josiane.goto("/gestion/2024/formations");
  await josiane.page.locator("main tbody th a").first().click();
  await josiane.page.waitForLoadState("load");
  const course = (await josiane.page.locator("h1").innerText()).trim();
  await josiane.click("Contacter un service au sujet de cette page");
  await josiane.sees("Ce qui accompagne votre question");
  await josiane.check();
  await josiane.screenshot("18-demander");
  await josiane.fill({ "Votre question": QUESTION });
  await josiane.click("Envoyer la question");
  await josiane.sees("Choisissez ce que votre question concerne");
  equal(await (await josiane.field("Votre question")).inputValue(), QUESTION, "the question is kept");
  await josiane.screenshot("18-demander-refus");
  await josiane.page.locator('[name="theme"][value="parametrage"]').press("Space");
  await josiane.click("Envoyer la question");
  await josiane.sees("Votre question est envoyée");
  await josiane.screenshot("18-mes-demandes");
  await josiane.goto("/assistance/2024/file", { status: 403 });

  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/assistance/2024/file");
  await henri.sees("attendent votre réponse");
  await henri.check();
  await henri.screenshot("18-file");
  await henri.page.locator("main tbody a", { hasText: "Décrire" }).last().click();
  await henri.page.waitForLoadState("load");
  await henri.sees(QUESTION);
  await henri.click("Prendre en charge");
  await henri.sees("Vous avez pris la question en charge");
  await henri.click("Envoyer la réponse");
  await henri.sees("Écrivez votre réponse");
  await henri.fill({ "Votre réponse": ANSWER });
  await henri.click("Envoyer la réponse");
  await henri.sees("La réponse est envoyée");
  await henri.check();
  await henri.screenshot("18-reponse");

  await josiane.goto("/assistance");
  await josiane.sees("2 nouvelles réponses");
  await josiane.screenshot("18-aide");
  await josiane.goto("/assistance/demandes");
  await josiane.page.locator("main tbody tr", { hasText: "Nouvelle réponse" }).locator("a").first().click();
  await josiane.page.waitForLoadState("load");
  await josiane.sees(ANSWER);
  await josiane.check();
  await josiane.screenshot("18-reponse-lue");
  if (course === "") throw new Error("the course has a name");

  const visitor = await stage.visitor({ name: "public", size: PHONE });
  await visitor.goto("/assistance");
  await visitor.fill({ "Ou code postal": "8000" });
  await visitor.click("Trouver ma cellule");
  await visitor.sees("Aucun département n’a ce code postal");
  await visitor.screenshot("18-cellule-refus");
  await visitor.fill({ "Ou code postal": "80000" });
  await visitor.click("Trouver ma cellule");
  await visitor.sees("Somme, région académique Hauts-de-France");
  equal(await visitor.page.locator('main a[href="tel:+33322823754"]').first().innerText(), "03 22 82 37 54", "the number of Amiens");
  await visitor.check();
  await visitor.screenshot("18-cellule");
  await visitor.goto("/assistance/cellules");
  await visitor.check();
  await visitor.screenshot("18-cellules");

  await candidate(stage, henri);

  await henri.goto("/assistance/2024/cellules/32/sites");
  await henri.check();
  await henri.screenshot("18-sites");
}

/** On a phone: the number first, then a question, from the page of the wishes. */
async function candidate(stage, henri) {
  const scout = await stage.visitor({ name: "scout" });
  await scout.goto("/dev");
  const card = scout.page.locator(".carte", { hasText: "@courriel.example" }).first();
  const who = (await card.locator("h2, h3, h4, .carte__titre").first().innerText()).trim();
  const lea = await stage.persona(who, { size: PHONE });
  await lea.goto("/assistance?departement=59");
  equal(await lea.page.locator('main a[href^="tel:"]').first().innerText(), "03 20 15 61 80", "the number of Lille");
  await lea.check();
  await lea.screenshot("18-candidat-cellule");
  await lea.goto("/candidat/voeux");
  await lea.click("Contacter un service au sujet de cette page");
  await lea.sees("Espace candidat, vœux");
  await lea.page.locator('[name="theme"][value="orientation"]').press("Space");
  await lea.click("Envoyer la question");
  await lea.sees("Écrivez votre question");
  await lea.fill({ "Votre question": "Puis-je confirmer un vœu puis le retirer ?" });
  await lea.check();
  await lea.screenshot("18-candidat-question");
  await lea.click("Envoyer la question");
  await lea.sees("Votre question est envoyée");
  await lea.check();
  await lea.screenshot("18-candidat-demandes");
  await lea.goto("/assistance/2024/file", { status: 403 });
  // Another region, or the same: what is asked of the cell never shows in what the establishments ask.
  await henri.goto("/assistance/2024/file?sujet=parametrage&etat=toutes");
  await henri.doesNotSee("S’orienter, choisir une formation : ");
}
