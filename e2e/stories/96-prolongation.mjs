// A closing put off by two national agents is on the homes at once, and in the calendar of whoever subscribed.

import { equal } from "../lib/story.mjs";

export const name = "a closing put off is on the homes and in the calendars";
export const moment = "examen";

export async function run(stage) {
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto("/compte/agenda");
  await emilie.click("Créer mon adresse");
  await emilie.sees("Votre adresse d’agenda est créée");
  await emilie.screenshot("96-agenda");
  const shown = await emilie.page.locator('input[name="adresse"]').inputValue();
  const feed = new URL(shown).pathname;
  const before = await closing(stage, feed);

  const claire = await stage.persona("Claire Fontaine");
  await claire.goto("/national/2024");
  await claire.screenshot("96-accueil-national");
  await claire.goto("/national/2024/calendrier");
  await claire.page.locator('select[name="etape"]').selectOption("examen");
  await claire.page.locator('input[name="jusque"]').fill("2024-05-23");
  await claire.page.locator('textarea[name="motif"]').fill("Les commissions ont reçu leurs dossiers en retard.");
  await claire.page.getByRole("button", { name: "Proposer cette prolongation" }).focus();
  await claire.enter();
  await claire.sees("La prolongation est proposée");
  const decision = await claire.page.locator('main a[href*="/calendrier/"]').first().getAttribute("href");
  equal(await closing(stage, feed), before, "nothing moves before the second agent");

  const malik = await stage.persona("Malik Berthier");
  await malik.goto(decision);
  await malik.click("Valider la prolongation");
  await malik.sees("version 2");
  await emilie.goto("/gestion/2024");
  await emilie.sees("Date reportée");
  await emilie.sees("jeudi 23 mai 2024");
  await emilie.screenshot("96-accueil-gestion");
  equal(await closing(stage, feed), "20240523T215900Z", "the same deadline, moved");
}

/** When the closing of the examination begins, in the calendar at a personal address. */
async function closing(stage, feed) {
  const answer = await fetch(new URL(feed, stage.url));
  equal(answer.status, 200, "the calendar answers");
  const event = (await answer.text()).split("BEGIN:VEVENT").find((e) => e.includes("UID:2024-examen-cloture@"));
  return event.match(/DTSTART:(\S+)/)[1];
}
