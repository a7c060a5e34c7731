// A candidate signs in and answers a proposition with the keyboard alone: every stop is reached, seen and ringed.

import { equal } from "../lib/story.mjs";

export const name = "ACC-1, WEB-6: a candidate answers with the keyboard alone";
export const moment = "admission";

export async function run(stage) {
  const { address } = await stage.card("Elisa Guérin");
  const elisa = await stage.visitor({ name: "Elisa at the keyboard" });
  const keyboard = elisa.page.keyboard;
  await elisa.goto("/connexion");

  // The first stop of a page skips its header.
  await elisa.tabTo("Contenu", { limit: 1 });
  await elisa.enter();
  await elisa.tabTo(/^Adresse électronique/, { limit: 3 });
  await ringed(elisa);
  await keyboard.type(address);
  await elisa.tabTo(/^Mot de passe/, { limit: 3 });
  await keyboard.type("Tilleul-Cascade-2023");
  await elisa.enter();
  await elisa.sees("L’adresse ou le mot de passe ne correspond pas");
  // A refusal takes the focus where it is told: the fields are the next stops.
  await elisa.check();
  await elisa.tabTo(/^Mot de passe/, { limit: 6 });
  await keyboard.type("Tilleul-Cascade-2024");
  await elisa.enter();
  await elisa.sees("Mon espace candidat");

  await elisa.tabTo(/^Répondre/);
  await ringed(elisa);
  await elisa.enter();
  await elisa.sees("Ce qui se passe si j’accepte");
  await elisa.check();
  const boxes = await elisa.page.locator('main input[name="maintenu"]').count();
  if (boxes > 0) {
    const first = await elisa.page.locator('main input[name="maintenu"]').first().evaluate((box) => box.labels[0].textContent.trim());
    await elisa.tabTo(first);
    await keyboard.press("Space");
    equal(await elisa.page.locator('main input[name="maintenu"]:checked').count(), 1, "wishes kept by the space bar");
  }
  await elisa.tabTo("J’accepte");
  await ringed(elisa);
  await elisa.screenshot("clavier-proposition");
  await elisa.enter();
  await elisa.sees("Ce qui va changer");
  await elisa.check();
  if (boxes > 0) await elisa.sees("Vœux en attente que je garde");
  await elisa.tabTo(/^Confirmer/);
  await ringed(elisa);
  await elisa.enter();
  await elisa.sees("Votre réponse est enregistrée");
  await elisa.check();
  await elisa.screenshot("clavier-reponse");

  await elisa.tabTo("Se déconnecter");
  await elisa.enter();
  await elisa.sees("Vous êtes déconnecté");
}

/** What has the focus shows it: an outline that is drawn. */
async function ringed(visitor) {
  const outline = await visitor.page.evaluate(() => {
    const focused = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    return { name: focused.textContent.trim(), drawn: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 };
  });
  if (!outline.drawn) visitor.fault(`no visible focus on « ${outline.name} »`, visitor.page.url());
}
