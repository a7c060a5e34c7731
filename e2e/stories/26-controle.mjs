// An establishment submits a course; the academic service takes it, returns two fields with their reasons; only these reopen once
// the step is over; submitted again, accepted, published. Courses that have not changed are accepted together. With wrong input,
// from two tabs, on a phone, as somebody who may not, and after the last day.

import { PHONE } from "../lib/browser.mjs";
import { lastYear } from "../lib/parametrage.mjs";
import { equal } from "../lib/story.mjs";

export const name = "a course is reviewed: submitted, returned, put right, accepted";
export const moment = "parametrage";

const REASON = "Dites ce qui est attendu en mathématiques.";

export async function run(stage) {
  const emilie = await stage.persona("Émilie Wattel");
  const henri = await stage.persona("Henri Delattre");
  await emilie.goto("/gestion/2024/formations");
  const path = await emilie.page.locator("main table tbody th a").first().getAttribute("href");
  const review = path.replace(/^\/gestion\/(\d+)\/formations/, "/academie/$1/controles");
  const unchanged = await asLastYear(stage);
  await submitted(emilie, path);
  await taken(henri, review);
  await together(henri, unchanged);
  await stage.clock("2024-01-15T10:00");
  await returned(henri, review);
  await putRight(emilie, path);
  await accepted(henri, emilie, review, path);
  await onAPhone(stage, review);
  await others(stage, review, path);
}

const submit = async (visitor, label, page = visitor.page) => {
  await page.getByRole("button", { name: label }).last().click();
  await page.waitForLoadState("load");
};

/** A course of the establishment set as it was last year, then submitted; its name, or nothing when none can be. */
async function asLastYear(stage) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024/formations");
  const courses = await yves.page.locator("main table tbody th a").evaluateAll((links) =>
    links.map((link) => [link.textContent.trim(), link.getAttribute("href")]));
  for (const [course, href] of courses.slice(1)) {
    await yves.goto(href);
    const presentation = yves.page.locator('[name="presentation"]');
    const before = yves.page.locator("details", { hasText: "Présentation de 2023" }).locator(".texte-saisi");
    if ((await yves.page.locator('[name="capacite"]').inputValue()) !== "" || !(await presentation.isEnabled())) continue;
    for (const field of await yves.page.locator('[name="capacite"], [name="frais"], [name^="places-"]').evaluateAll(
      (inputs) => inputs.map((input) => input.name),
    )) {
      await yves.page.locator(`[name="${field}"]`).fill(await lastYear(yves.page, field));
    }
    if (await before.count()) await presentation.fill(await before.first().evaluate((node) => node.textContent));
    await submit(yves, "Enregistrer");
    await yves.sees("Vos modifications sont enregistrées");
    const ready = yves.page.getByRole("link", { name: "Relire et soumettre" });
    if (!(await ready.count())) continue;
    await ready.click();
    await yves.page.waitForLoadState("load");
    await submit(yves, "Soumettre au service académique");
    await yves.sees("La formation est soumise");
    return course;
  }
  throw new Error("no course of Yves Caron can be set as it was last year");
}

/** Complete, then submitted; from two tabs. */
async function submitted(emilie, path) {
  await emilie.goto(path);
  const fees = emilie.page.locator('[name="frais"]');
  if ((await fees.inputValue()) === "") await fees.fill("170");
  await submit(emilie, "Enregistrer");
  const stale = await emilie.newTab();
  await emilie.goto(`${path}/publier`, { page: stale });
  await emilie.goto(`${path}/publier`);
  await emilie.screenshot("26-soumettre");
  await submit(emilie, "Soumettre au service académique");
  await emilie.sees("La formation est soumise au service académique");
  await emilie.screenshot("26-soumise");
  await submit(emilie, "Soumettre au service académique", stale);
  await emilie.sees("déjà soumise", { page: stale });
  await stale.close();
}

/** Taken by one tab; the other one, older, decides nothing. */
async function taken(henri, review) {
  await henri.goto(review);
  await henri.check();
  await henri.screenshot("26-controle");
  const stale = await henri.newTab();
  await henri.goto(review, { page: stale });
  await submit(henri, "Prendre en charge");
  await henri.sees("Vous avez pris la formation en charge");
  const answer = stale.waitForResponse((response) => response.request().method() === "POST");
  await submit(henri, "Accepter et publier", stale);
  equal((await answer).status(), 409, "the answer to the stale tab");
  await henri.sees("Rien n’a été décidé", { page: stale });
  await stale.close();
}

async function together(henri, course) {
  await henri.goto("/academie/2024/controles");
  await henri.check();
  await henri.screenshot("26-file");
  await submit(henri, "Accepter et publier les formations cochées");
  await henri.sees("Cochez au moins une formation");
  const row = henri.page.locator("main tbody tr", { hasText: "Inchangée" }).filter({ hasText: course });
  await row.locator('input[type="checkbox"]').first().press("Space");
  await submit(henri, "Accepter et publier les formations cochées");
  await henri.sees("Les formations cochées sont acceptées et publiées");
}

/** After the step: fields ticked, a reason for each, a last day; faults are said and nothing typed is lost. */
async function returned(henri, review) {
  await henri.goto(review);
  await submit(henri, "Retourner les champs cochés…");
  await henri.sees("Cochez au moins un champ");
  await henri.goto(review);
  await henri.page.locator("details > summary", { hasText: "Ce qui ne change pas" }).click();
  await henri.page.locator('input[name="champs[]"][value="attendus"]').press("Space");
  await submit(henri, "Retourner les champs cochés…");
  await henri.check();
  await henri.page.locator('[name="motif.attendus"]').fill(REASON);
  await henri.page.locator('[name="jusqu_a"]').fill("2024-01-10");
  await submit(henri, "Retourner à l’établissement");
  await henri.sees("pas déjà passé");
  equal(await henri.page.locator('[name="motif.attendus"]').inputValue(), REASON, "the reason is kept");
  await henri.screenshot("26-retour-faux");
  await henri.page.locator('[name="jusqu_a"]').fill("2024-01-20");
  await submit(henri, "Retourner à l’établissement");
  await henri.sees("La formation est retournée");
}

/** The returned field, and no other, although the step is over. */
async function putRight(emilie, path) {
  await emilie.goto(path);
  await emilie.sees(REASON);
  await emilie.sees("20 janvier 2024");
  await emilie.screenshot("26-retournee");
  await emilie.goto(`${path}/attendus`);
  await emilie.sees("seuls les champs que le service académique vous a retournés");
  equal(await emilie.page.locator('[name="attendus"]').isEnabled(), true, "the returned field is open");
  equal(await emilie.page.locator('[name="eligibilite"]').count(), 0, "the field beside it is read only");
  await emilie.screenshot("26-champ-rouvert");
  await emilie.page.locator('[name="attendus"]').fill("S’intéresser au métier ; disposer d’acquis en mathématiques.");
  await submit(emilie, "Enregistrer");
  await emilie.sees("La rubrique est enregistrée");
  await emilie.goto(`${path}/contacts`);
  await emilie.sees("est close depuis le");
  await emilie.goto(path);
  await emilie.click("Relire et soumettre");
  await submit(emilie, "Soumettre au service académique");
  await emilie.sees("La formation est soumise");
}

async function accepted(henri, emilie, review, path) {
  await henri.goto(review);
  await henri.sees("Depuis le dernier retour");
  await henri.sees("disposer d’acquis en mathématiques");
  await henri.screenshot("26-depuis-retour");
  await submit(henri, "Accepter et publier");
  await henri.sees("La formation est acceptée et publiée");
  await emilie.goto(path);
  await emilie.sees("Acceptée par le service académique");
  await emilie.goto(path.replace(/^\/gestion\/\d+/, ""));
  await emilie.sees("disposer d’acquis en mathématiques");
}

async function onAPhone(stage, review) {
  const phone = await stage.persona("Henri Delattre", { size: PHONE });
  for (const address of ["/academie/2024/controles?etat=acceptee", review]) {
    await phone.goto(address);
    await phone.check();
  }
  await phone.screenshot("26-telephone");
}

/** Whoever sets courses reviews none; after the last day nothing is open. */
async function others(stage, review, path) {
  const yves = await stage.persona("Yves Caron", { allow: [/403/] });
  await yves.goto(review, { status: 403 });
  await stage.clock("2024-01-21T10:00");
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto(`${path}/attendus`);
  await emilie.sees("est close depuis le");
}
