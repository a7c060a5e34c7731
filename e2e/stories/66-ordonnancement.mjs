// In July, on her phone, a candidate who waits everywhere puts two of her wishes in order, reads what happens to the others,
// confirms; the day after the end the others are gone; then she leaves the platform answer in her place.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "waiting wishes are put in order, and the automatic answer is switched on";
export const moment = "admission";

export async function run(stage) {
  const celia = await stage.persona("Célia Wojcik", { size: PHONE });
  await celia.goto("/candidat/voeux/ordre");
  await celia.sees("n’est pas encore ouverte");

  await stage.clock("2024-07-01T10:00");
  await celia.goto("/candidat");
  await celia.sees("Ordonnez vos vœux en attente");
  await celia.screenshot("ordonnancement-accueil");
  await celia.goto("/candidat/voeux");
  const waiting = await celia.page.locator(".carte", { hasText: "Votre rang de préférence" }).count();
  equal(waiting >= 3, true, `${waiting} wishes to be put in order`);
  await celia.click("Ordonner mes vœux");
  await celia.screenshot("ordonnancement-a-faire");

  // Two taps give two ranks, a third one swaps them; a number typed and « Entrée » do as well.
  await celia.click(/^Placer à la suite/);
  await celia.click(/^Placer à la suite/);
  const first = await titles(celia);
  await celia.click(/^Descendre/);
  const swapped = await titles(celia);
  equal(swapped.slice(0, 2).join("|"), [first[1], first[0]].join("|"), "the first two are swapped");
  await celia.screenshot("ordonnancement-en-cours");
  await celia.page.locator('input[name^="rang-"]').first().focus();
  await celia.enter();
  await celia.check();
  await celia.sees("Vœux que je n’ordonne pas");
  await celia.screenshot("ordonnancement-verifier");
  await celia.click("Confirmer mon ordre");
  await celia.sees("L’ordre de vos vœux est enregistré");
  await celia.goto("/candidat/voeux");
  await celia.screenshot("ordonnancement-voeux");

  // The task of the end runs within the minute.
  await stage.clock("2024-07-04T08:00");
  for (let turn = 0; turn < 60; turn += 1) {
    await celia.page.goto("/candidat/voeux");
    if ((await celia.page.getByText("Supprimé (non ordonné)").count()) === waiting - 2) break;
    await celia.page.waitForTimeout(2_000);
  }
  equal(await celia.page.getByText("Supprimé (non ordonné)").count(), waiting - 2, "what has no rank is gone");
  await celia.check();
  await celia.screenshot("ordonnancement-apres");

  await stage.clock("2024-07-15T10:00");
  await celia.goto("/candidat");
  await celia.click("Voir ce que fait le répondeur");
  await celia.sees("Rien de cela ne s’annule");
  await celia.screenshot("repondeur-page");
  await celia.click("Activer le répondeur automatique");
  await celia.sees("Le répondeur automatique est activé");
  await celia.goto("/candidat/voeux");
  await celia.sees("acceptée à votre place, selon votre ordre");
  await celia.click("Voir ou désactiver le répondeur");
  await celia.screenshot("repondeur-active");
  await celia.click("Désactiver le répondeur automatique");
  await celia.sees("Le répondeur automatique est désactivé");
}

/** The wishes of the page, in the order in which they stand. */
const titles = (visitor) => visitor.page.locator("main .carte__titre").allTextContents();
