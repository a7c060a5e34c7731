// A course manager types a digit twice: the page says so, keeps the draft, and publishes it once a reason is written and the head
// confirms it; not the one who typed, not a reader, not from a page out of date, not once the step is over.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "a capacity out of the ordinary is read by two people";
export const moment = "parametrage";

const REASON = "Les divisions des deux lycées voisins sont regroupées ici à la rentrée.";

export async function run(stage) {
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto("/gestion/2024/formations");
  const path = await emilie.page.locator("main table tbody th a").first().getAttribute("href");
  await emilie.goto(path);
  await emilie.sees("Nombre total de places offertes à l’entrée");
  await emilie.sees("personnes ont reçu une proposition");
  const before = await lastYear(emilie.page);
  const doubled = Number(`${before}${before % 10}`);
  await emilie.screenshot("23-capacite-reperes");

  await save(emilie, doubled);
  await emilie.sees("Vos modifications sont enregistrées");
  await emilie.sees("un chiffre a-t-il été doublé");
  equal(await emilie.page.getByRole("link", { name: "Relire et soumettre" }).count(), 0, "the way to publication");
  await emilie.screenshot("23-capacite-a-relire");
  await emilie.goto("/gestion/2024/formations");
  await emilie.sees("Capacité à expliquer");
  await emilie.goto(`${path}/publier`);
  await emilie.sees("Capacité à relire avant de soumettre");
  equal(await emilie.page.getByRole("button", { name: "Soumettre au service académique" }).count(), 0, "publication offered");
  await emilie.screenshot("23-publier-a-relire");

  // The reason, by keyboard; one that says nothing is refused beside its field, and kept.
  await emilie.click("Corriger ou expliquer ce nombre");
  await emilie.page.locator('textarea[name="motif"]').fill("oui");
  await emilie.click("Enregistrer le motif");
  await emilie.sees("Expliquez en une phrase au moins");
  equal(await emilie.page.locator('textarea[name="motif"]').inputValue(), "oui", "what was typed is kept");
  await emilie.screenshot("23-motif-refuse");
  await emilie.page.locator('textarea[name="motif"]').fill(REASON);
  await emilie.tabTo("Enregistrer le motif");
  await emilie.enter();
  await emilie.sees("Une deuxième personne peut maintenant confirmer");
  equal(await confirmation(emilie.page).count(), 0, "confirmation offered to who typed");
  await emilie.check();
  await emilie.screenshot("23-motif");

  await others(stage, path);
  await sameTyped(stage, path, doubled + 1);
  await save(emilie, doubled, path);
  await emilie.goto(`${path}/relecture`);
  await emilie.page.locator('textarea[name="motif"]').fill(REASON);
  await emilie.click("Enregistrer le motif");

  // The head, who has two tabs: the second confirms nothing twice.
  const nadia = await stage.persona("Nadia Lemaire");
  await nadia.goto("/gestion/2024/formations");
  await nadia.sees("Capacité à confirmer");
  await nadia.screenshot("23-liste-a-confirmer");
  await nadia.goto(`${path}/relecture`);
  await nadia.sees(REASON);
  const second = await nadia.newTab();
  await nadia.goto(`${path}/relecture`, { page: second });
  await nadia.screenshot("23-confirmer");
  await nadia.click("Confirmer cette capacité");
  await nadia.sees("La capacité est confirmée");
  const answer = second.waitForResponse((response) => response.request().method() === "POST");
  await nadia.click("Confirmer cette capacité", { page: second });
  equal((await answer).status(), 409, "the answer to the second tab");
  await nadia.sees("Rien n’a été enregistré", { page: second });
  await second.close();

  await emilie.goto(path);
  await emilie.sees("elle a été confirmée par Nadia Lemaire");
  await emilie.goto(`${path}/publier`);
  await emilie.click("Soumettre au service académique");
  await emilie.sees("La formation est soumise");
  const henri = await stage.persona("Henri Delattre");
  await henri.goto(path.replace(/^\/gestion\/(\d+)\/formations/, "/academie/$1/controles"));
  await henri.click("Accepter et publier");
  await henri.sees("La formation est acceptée et publiée");

  // Another accident, left alone until the step is over.
  await save(emilie, Number(String(before).slice(0, 1)), path);
  await emilie.sees("un chiffre a-t-il été oublié");
  await stage.clock("2024-02-01T10:00");
  await emilie.goto(`${path}/relecture`);
  equal(await emilie.page.locator("main form").count(), 0, "forms offered out of the step");
  await emilie.screenshot("23-hors-periode");
  await publicHistory(stage, path);
}

/** Places of last year, as the page tells them. */
async function lastYear(page) {
  const line = await page.locator(".definitions__ligne", { hasText: "En 2023" }).first().innerText();
  return Number(line.match(/(\d+)\s*places?/)[1]);
}

async function save(visitor, capacity, path) {
  if (path) await visitor.goto(path);
  await visitor.page.locator('[name="capacite"]').fill(String(capacity));
  const groups = await visitor.page.locator('[name^="places-"]').all();
  for (const [index, group] of groups.entries()) {
    const share = Math.floor(capacity / groups.length) + (index < capacity % groups.length ? 1 : 0);
    await group.fill(String(share));
  }
  const fees = visitor.page.locator('[name="frais"]');
  if ((await fees.inputValue()) === "") await fees.fill("170");
  await visitor.click("Enregistrer");
}

const confirmation = (page) => page.getByRole("button", { name: "Confirmer cette capacité" });

/** Who reads, reads; who does not read capacities is told nothing. */
async function others(stage, path) {
  const karim = await stage.persona("Karim Dubrulle");
  await karim.goto(`${path}/relecture`);
  await karim.sees("Pourquoi elle est à relire");
  equal(await karim.page.locator("main form").count(), 0, "forms offered to a reader");
  const josiane = await stage.persona("Josiane Vasseur", { allow: [/403/] });
  await josiane.goto(`${path}/relecture`, { status: 403 });
  await josiane.doesNotSee(REASON);
  const henri = await stage.persona("Henri Delattre", { size: PHONE });
  await henri.goto(`${path}/relecture`);
  equal(await confirmation(henri.page).count(), 1, "confirmation offered to the academic service");
  await henri.screenshot("23-360-relecture");
  await henri.goto(path);
  await henri.screenshot("23-360-formation");
}

/** The administrator may confirm what others typed, not his own. */
async function sameTyped(stage, path, capacity) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto(`${path}/relecture`);
  equal(await confirmation(yves.page).count(), 1, "confirmation offered to the administrator");
  await save(yves, capacity, path);
  await yves.goto(`${path}/relecture`);
  await yves.page.locator('textarea[name="motif"]').fill(REASON);
  await yves.click("Enregistrer le motif");
  await yves.sees("Cet acte demande deux personnes");
  equal(await confirmation(yves.page).count(), 0, "confirmation offered to who typed");
  await yves.screenshot("23-deux-personnes");
}

async function publicHistory(stage, path) {
  const reader = await stage.visitor({ name: "public", size: PHONE });
  await reader.goto(path.replace(/^\/gestion\/\d+/, ""));
  await reader.sees("capacité confirmée par une deuxième personne le");
  await reader.sees(REASON);
  await reader.doesNotSee("Nadia Lemaire");
  await reader.screenshot("23-fiche-publique");
}
