// The public finds a course in the search, by its words or around a town, and opens its sheet, at both sizes, with and without script.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "the public searches and opens a sheet";
export const moment = "admission";

export async function run(stage) {
  for (const options of [
    { name: "public-1280" },
    { name: "public-360", size: PHONE },
    { name: "public-sans-script", size: PHONE, javaScript: false },
  ]) {
    const visitor = await stage.visitor(options);
    await visitor.goto("/");
    await visitor.screenshot(`accueil-${options.name}`);
    await visitor.goto("/formations?statut=etudiant");
    await visitor.fill({ "Autour de la ville": "lyon", "Distance au plus": { option: "100" } });
    await visitor.click("Appliquer");
    await visitor.sees("à moins de 100 km de Lyon (69)");
    await visitor.sees("Statut étudiant : retirer ce filtre");
    await visitor.screenshot(`autour-${options.name}`);
    await visitor.goto("/formations?q=informatique&statut=etudiant");
    await visitor.screenshot(`recherche-${options.name}`);
    const sheet = visitor.page.locator('main a[href^="/formations/"]').first();
    const label = (await sheet.textContent()).trim();
    await sheet.click();
    await visitor.page.waitForLoadState("load");
    await visitor.check();
    await visitor.sees(label);
    await visitor.sees("Rang du dernier appelé");
    await visitor.screenshot(`fiche-${options.name}`);
    await contents(visitor);
    await visitor.screenshot(`fiche-rubriques-${options.name}`);
  }
  // What does not exist, and a filter that means nothing, are said in French.
  const lost = await stage.visitor({ name: "public-perdu", allow: [/404/, /422/] });
  await lost.goto("/formations/aaaaaaaaaaaaaaaaaaaaaaaaaa", { status: 404 });
  await lost.sees("Page introuvable");
  await lost.goto("/formations?famille=inconnue", { status: 422 });
  // A town misspelt leads to the one that was meant.
  await lost.goto("/formations?pres=Lyonn&rayon=20", { status: 422 });
  await lost.sees("Aucune ville connue ne répond à « Lyonn »");
  await lost.doesNotSee("trouvées");
  await lost.screenshot("ville-inconnue");
  await lost.click("Lyon (Rhône, 69)");
  await lost.sees("à moins de 20 km de Lyon (69)");
}

/** The six rubrics of a sheet, in their order, each one link away. */
async function contents(visitor) {
  const list = visitor.page.getByRole("navigation", { name: "Dans cette page" });
  const links = await list.getByRole("link").allInnerTexts();
  const headings = await visitor.page.locator("main section.rubrique > h2").allInnerTexts();
  equal(links.length, 6, "links of the table of contents");
  equal(links.join(" / "), headings.join(" / "), "the rubrics and the links that lead to them");
  await list.getByRole("link").last().click();
  equal(new URL(visitor.page.url()).hash, "#contact", "the anchor of the last rubric");
  const heading = visitor.page.locator("#titre-contact");
  const seen = await heading.evaluate((element) => element.getBoundingClientRect().top < innerHeight);
  equal(seen, true, "the last rubric is in sight");
}
