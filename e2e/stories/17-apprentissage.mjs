// The DRAIO checks the records of apprenticeship of its region: it refuses one with a reason, chooses between two that say one course,
// looks at those that could not be read, lets one through; the national team makes courses of those that are ready; the administrator
// of the lycée finds the course and begins to complete it, on his phone.

import { PHONE } from "../lib/browser.mjs";
import { fillPlaces } from "../lib/places.mjs";
import { equal } from "../lib/story.mjs";

export const name = "a record of the catalogue of apprenticeship becomes a course that its school completes";
export const moment = "parametrage";

const READY = "BTS Management commercial opérationnel";
const REFUSED = "BTS Tourisme";
const REASON = "La convention entre le lycée et le centre de formation n’est pas signée pour 2024.";

export async function run(stage) {
  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/academie/2024");
  await henri.page.getByRole("link", { name: /^Fiches d’apprentissage/ }).click();
  await henri.sees("Où en est le périmètre");
  await henri.check();
  await henri.screenshot("apprentissage-liste");

  await henri.goto(`/academie/2024/apprentissage?q=${encodeURIComponent(REFUSED)}`);
  await henri.page.locator('main tbody a[href*="/fiches/"]').first().click();
  await henri.sees("Arrivée dans le catalogue");
  await henri.fill({ "Refusée : non publiée": true });
  await henri.click("Enregistrer la décision");
  await henri.sees("Expliquez en une phrase");
  await henri.fill({ Motif: REASON });
  await henri.click("Enregistrer la décision");
  await henri.sees("La décision est enregistrée");
  await henri.check();
  await henri.screenshot("apprentissage-fiche-refusee");

  await henri.goto("/academie/2024/apprentissage/doublons");
  await henri.click("BTS Gestion de la PME");
  await henri.sees("Ce qu’elles disent autrement");
  await henri.check();
  await henri.screenshot("apprentissage-doublon");
  await henri.page.getByRole("radio").nth(1).check({ force: true });
  await henri.click("Garder cette fiche");
  await henri.sees("La fiche choisie est gardée");

  await henri.goto("/academie/2024/apprentissage/rejets");
  await henri.sees("2 fiches refusées");
  await henri.sees("n’a pas huit lettres ou chiffres");
  await henri.check();
  await henri.screenshot("apprentissage-rejets");

  await henri.goto(`/academie/2024/apprentissage?q=${encodeURIComponent(READY)}`);
  await henri.page.getByRole("checkbox").first().check({ force: true });
  await henri.click("Déclarer prêtes les fiches cochées");
  await henri.sees("Les fiches cochées sont prêtes");

  const claire = await stage.persona("Claire Fontaine");
  await claire.goto("/academie/2024/apprentissage");
  await claire.sees("prêtes pour intégration");
  await claire.click("Intégrer maintenant");
  await claire.sees("L’intégration est faite");
  await claire.check();
  await claire.screenshot("apprentissage-integration");

  const yves = await stage.persona("Yves Caron", { size: PHONE });
  await yves.goto("/gestion/2024");
  await yves.click("Mes fiches du catalogue");
  await yves.sees(REASON);
  await yves.sees("complétez la formation, puis publiez-la");
  await yves.check();
  await yves.screenshot("apprentissage-mes-fiches");
  await yves.page.locator("main tbody tr", { hasText: READY }).getByRole("link").click();
  await yves.sees(`${READY} - en apprentissage`);
  await fillPlaces(yves.page, 12);
  await yves.click("Enregistrer");
  await yves.sees("Vos modifications sont enregistrées.");
  await yves.check();
  equal(await yves.page.locator('[name="capacite"]').inputValue(), "12", "the capacity is kept");
  await yves.goto("/academie/2024/apprentissage", { status: 403 });
}
