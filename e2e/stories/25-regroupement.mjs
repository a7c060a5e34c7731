// The administrator of a university groups courses under one multiple wish, with one file and one ranking: with wrong input, from two
// tabs, by keyboard, on a phone; whoever has no right on the other courses reads it, the national team changes it; after the last day
// nothing changes any more.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "courses are grouped under one multiple wish";
export const moment = "parametrage";

const NAME = "Licences – parcours à la carte";
const BOXES = 'input[name="formations[]"]';

const submit = async (visitor, label, page = visitor.page) => {
  await page.getByRole("button", { name: label }).last().click();
  await page.waitForLoadState("load");
};

export async function run(stage) {
  const aicha = await stage.persona("Aïcha Rahmani", { allow: [/409|422/] });
  const path = await withSiblings(aicha);
  await refused(aicha);
  await grouped(aicha);
  await twoTabs(aicha, path);
  await onAPhone(stage, path);
  await others(stage, path);
}

/** The page of the grouping of a course that has three others of its kind at least. */
async function withSiblings(aicha) {
  await aicha.goto("/gestion/2024/formations");
  const links = await aicha.page.locator("main tbody th a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  for (const link of links) {
    await aicha.goto(`${link}/regroupement`);
    if ((await aicha.page.locator(BOXES).count()) >= 3) return `${link}/regroupement`;
  }
  throw new Error("no course has three others of its kind");
}

async function refused(aicha) {
  await aicha.check();
  await aicha.screenshot("25-regroupement-vide");
  await submit(aicha, "Enregistrer le regroupement");
  await aicha.sees("Donnez un nom au vœu multiple");
  await aicha.page.getByLabel("Nom du vœu multiple").fill(NAME);
  await submit(aicha, "Enregistrer le regroupement");
  await aicha.sees("Un regroupement réunit au moins deux formations");
  equal(await aicha.page.getByLabel("Nom du vœu multiple").inputValue(), NAME, "the name is kept");
  await aicha.check();
}

/** By keyboard: boxes, then the choice, then the button. */
async function grouped(aicha) {
  await aicha.page.locator(BOXES).nth(0).press("Space");
  await aicha.page.locator(BOXES).nth(1).press("Space");
  await aicha.page.locator('input[name="mutualisation"][value="epreuves"]').press("ArrowDown");
  await aicha.page.getByRole("button", { name: "Enregistrer le regroupement" }).press("Enter");
  await aicha.page.waitForLoadState("load");
  await aicha.sees("Le regroupement est enregistré");
  await aicha.sees("Le classement de cette formation sert à toutes les formations du regroupement");
  equal(await aicha.page.locator("main tbody tr").count(), 3, "courses of the grouping");
  await aicha.screenshot("25-regroupement");
}

async function twoTabs(aicha, path) {
  const stale = await aicha.page.context().newPage();
  await stale.goto(aicha.page.url());
  await aicha.page.locator(BOXES).nth(2).press("Space");
  await submit(aicha, "Enregistrer le regroupement");
  await aicha.sees("Le regroupement est enregistré");
  const answer = stale.waitForResponse((response) => response.request().method() === "POST");
  await stale.getByLabel("Nom du vœu multiple").fill("Un autre nom");
  await submit(aicha, "Enregistrer le regroupement", stale);
  equal((await answer).status(), 409, "the answer to the stale tab");
  equal(await stale.getByLabel("Nom du vœu multiple").inputValue(), "Un autre nom", "what the stale tab typed");
  await stale.close();
  await aicha.goto(path);
  equal(await aicha.page.locator("main tbody tr").count(), 4, "courses after the stale tab");
  // The other courses say who ranks for them.
  await aicha.page.locator("main tbody th a, main tbody td a").first().click();
  await aicha.page.waitForLoadState("load");
  await aicha.sees("sa commission classe pour toutes");
}

async function onAPhone(stage, path) {
  const phone = await stage.persona("Aïcha Rahmani", { size: PHONE });
  await phone.goto(path);
  await phone.check();
  await phone.screenshot("25-regroupement-telephone");
}

async function others(stage, path) {
  const claire = await stage.persona("Claire Fontaine");
  await claire.goto(path);
  await submit(claire, "Retirer cette formation du regroupement");
  await claire.sees("elle a son propre classement");
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto("/gestion/2024/formations");
  const sienne = await emilie.page.locator("main table tbody th a").first().getAttribute("href");
  await emilie.goto(`${sienne}/regroupement`);
  await emilie.sees("ne fait partie d’aucun regroupement");
  equal(await emilie.page.getByRole("button", { name: "Enregistrer le regroupement" }).count(), 0, "forms shown to a reader");
  await stage.clock("2023-12-14T10:00");
  const aicha = await stage.persona("Aïcha Rahmani");
  await aicha.goto(path);
  await aicha.sees("est close depuis");
  equal(await aicha.page.getByRole("button", { name: "Enregistrer le regroupement" }).count(), 0, "forms after the last day");
}
