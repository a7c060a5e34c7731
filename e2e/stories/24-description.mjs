// A course is described part by part: last year's is confirmed, a template starts another, one field is written in many courses,
// the whole goes through a workbook, last year's capacities are put back, what is ready is submitted at once, and again from the list
// when it was returned once the step is over; with wrong input, from two tabs, by keyboard, on a phone, as somebody who only reads, and
// once everything is over. Actions are counted: a click, a box ticked or a field typed is one.

import { readFile, writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PHONE } from "../lib/browser.mjs";
import { lastYear } from "../lib/parametrage.mjs";
import { equal } from "../lib/story.mjs";

export const name = "a course is described, confirmed, copied, and many at once";
export const moment = "parametrage";

const SAVED = "La rubrique est enregistrée";

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024/lot");
  await yves.check();
  await yves.screenshot("24-lot");
  const path = await yves.page.locator('main table tbody a[href*="/formations/"]').first().getAttribute("href");
  await parts(yves, path);
  await lines(yves, path);
  await twoTabs(yves, path);
  await copy(yves, path);
  await confirmed(yves);
  await many(yves);
  await workbook(yves);
  await capacities(yves, path);
  await listInTwoTabs(yves, path);
  await submitted(yves, path);
  await onAPhone(stage, path);
  await others(stage, path);
  await again(stage, yves, path);
  await late(stage, path);
}

const submit = async (visitor, label, page = visitor.page) => {
  await page.getByRole("button", { name: label }).last().click();
  await page.waitForLoadState("load");
};

/** A fault says where and what to do, and keeps what was typed; then the keyboard alone sends it. */
async function parts(yves, path) {
  await yves.goto(path);
  await yves.sees("Description");
  await yves.screenshot("24-formation");
  await yves.goto(`${path}/caracteristiques`);
  await yves.screenshot("24-caracteristiques");
  await yves.page.locator('input[name="duree"]').fill("douze");
  await yves.page.locator('input[name="langues"]').fill("français et anglais");
  await submit(yves, "Enregistrer");
  await yves.sees("nombre entier compris entre 1 et 8");
  equal(await yves.page.locator('input[name="langues"]').inputValue(), "français et anglais", "what was typed is kept");
  await yves.screenshot("24-caracteristiques-faux");
  await yves.page.locator('input[name="duree"]').fill("2");
  await yves.page.locator('textarea[name="amenagements"]').focus();
  await yves.tabTo("Enregistrer", { limit: 10 });
  await yves.enter();
  await yves.sees(SAVED);
  for (const part of ["attendus", "epreuves", "grille", "frais", "contacts"]) {
    await yves.goto(`${path}/${part}`);
    await yves.screenshot(`24-${part}`);
  }
  await yves.goto(`${path}/grille`);
  await yves.page.locator('input[name="poids_1"]').fill("150");
  await submit(yves, "Enregistrer");
  await yves.sees("compris entre 0 et 100");
}

/** Lines of a list: what was wrong, added or taken away is where the focus comes back. */
async function lines(yves, path) {
  await yves.goto(`${path}/candidature`);
  await yves.page.locator('input[name="pieces.0.piece"]').fill("Curriculum vitæ");
  await submit(yves, "Enregistrer");
  await yves.sees("Renseignez ce champ, ou videz toute la ligne");
  await yves.focuses("#resume-erreurs");
  await yves.click(/^Pièce demandée 1, Format/, { role: "link" });
  await yves.focuses('[name="pieces.0.format"]');
  await yves.screenshot("24-candidature-faux");
  await yves.page.locator('[name="pieces.0.format"]').selectOption("pdf");
  await yves.page.locator('input[name="pieces.0.obligatoire"][value="oui"]').press("Space");
  await submit(yves, "Enregistrer");
  await yves.sees(SAVED);
  await yves.sees("Pièce demandée à ajouter");
  await yves.page.locator('input[name="pieces.1.piece"]').fill("Portfolio");
  await submit(yves, "Ajouter une ligne Pièces demandées");
  equal(await yves.page.locator('input[name="pieces.1.piece"]').inputValue(), "Portfolio", "the line being added");
  await yves.focuses('input[name="pieces.2.piece"]');
  await yves.screenshot("24-candidature");
  await submit(yves, "Retirer Pièce demandée 2");
  equal(await yves.page.locator('input[name="pieces.1.piece"]').inputValue(), "", "the line taken away");
  await yves.focuses('input[name="pieces.1.piece"]');
}

async function twoTabs(yves, path) {
  const stale = await yves.newTab();
  await yves.goto(`${path}/contacts`, { page: stale });
  await yves.goto(`${path}/contacts`);
  await yves.page.locator('input[name="contact"]').fill("Vie scolaire");
  await submit(yves, "Enregistrer");
  await yves.sees(SAVED);
  await stale.locator('input[name="contact"]').fill("Secrétariat pédagogique");
  const answer = stale.waitForResponse((response) => response.request().method() === "POST");
  await submit(yves, "Enregistrer", stale);
  equal((await answer).status(), 409, "the answer to the stale tab");
  await yves.sees("Rien n’a été écrasé", { page: stale });
  equal(await stale.locator('input[name="contact"]').inputValue(), "Secrétariat pédagogique", "what was typed there");
  await yves.screenshot("24-conflit", { page: stale });
  await stale.close();
}

/** What was changed is seen against last year, and taken back. */
async function copy(yves, path) {
  await yves.goto(`${path}/copier?source=precedente`);
  await yves.sees("Vie scolaire");
  await yves.screenshot("24-copier");
  await yves.page.locator('input[name="champs[]"][value="contact"]').press("Space");
  await submit(yves, "Reprendre les champs cochés");
  await yves.sees("Les champs cochés sont repris");
  await yves.goto(`${path}/copier?source=modele`);
  await yves.sees("Modèle");
  // From a part, its fields come first, and what its source lacks is said.
  await yves.goto(`${path}/attendus`);
  await yves.click("Partir du modèle du type");
  await yves.sees("Le modèle n’a rien pour « Attendus »");
}

/** Every course that says all it must is confirmed: a box each, one button. */
async function confirmed(yves) {
  await yves.goto("/gestion/2024/lot");
  const rows = yves.page.locator("main tbody tr", { hasText: "À confirmer" }).filter({ hasText: "Complète" });
  const waiting = await rows.count();
  let actions = 0;
  for (let i = 0; i < waiting; i += 1) {
    await rows.nth(i).locator('input[type="checkbox"]').press("Space");
    actions += 1;
  }
  await submit(yves, "Confirmer les formations cochées");
  actions += 1;
  await yves.sees(waiting > 1 ? "formations sont confirmées" : "formation est confirmée");
  console.log(`    ${waiting} unchanged courses confirmed in ${actions} actions`);
  if (waiting === 0 || actions > 3 * waiting) throw new Error(`${actions} actions for ${waiting} courses`);
  await submit(yves, "Confirmer les formations cochées");
  await yves.sees("Cochez au moins une formation");
}

/** The same field in two courses, its effect read before. */
async function many(yves) {
  await yves.goto("/gestion/2024/lot");
  const boxes = yves.page.locator('main tbody input[type="checkbox"]');
  await boxes.nth(0).press("Space");
  await boxes.nth(1).press("Space");
  await yves.page.locator('select[name="champ"]').selectOption("contact_telephone");
  await submit(yves, "Modifier ce champ");
  await yves.page.locator('[name="contact_telephone"]').fill("demain");
  await submit(yves, "Écrire dans ces formations");
  await yves.sees("Indiquez un numéro de téléphone");
  await yves.page.locator('[name="contact_telephone"]').fill("03 22 11 22 33");
  await submit(yves, "Voir l’effet");
  await yves.sees("formations changent sur 2");
  await yves.screenshot("24-lot-champ");
  await submit(yves, "Écrire dans ces formations");
  await yves.sees("Le champ est écrit dans");
}

/** Exported, changed, refused for one cell, applied. */
async function workbook(yves) {
  await yves.goto("/gestion/2024/classeur");
  await yves.screenshot("24-classeur");
  const download = yves.page.waitForEvent("download");
  await yves.page.getByRole("link", { name: "Fichier CSV" }).click();
  const folder = await mkdtemp(join(tmpdir(), "parametrage-"));
  try {
    const text = await readFile(await (await download).path(), "utf8");
    const [headers] = text.split("\r\n");
    const column = headers.replace("\u{feff}", "").split(";").indexOf("Pour échanger avec la formation");
    if (column < 0) throw new Error(headers);
    const send = async (content) => {
      const file = join(folder, "parametrage.csv");
      await writeFile(file, content);
      await yves.goto("/gestion/2024/classeur");
      await yves.page.locator('input[type="file"]').setInputFiles(file);
      await submit(yves, "Vérifier ce fichier");
    };
    await send(text);
    await yves.sees("ne change rien");
    await send(text.replace("En présence", "À la maison"));
    await yves.sees("« À la maison » n’est pas proposé ici");
    await yves.screenshot("24-classeur-faute");
    await send(text.replaceAll("Secrétariat de la formation", "Bureau des études"));
    await yves.sees("Rien n’est encore enregistré");
    await yves.screenshot("24-classeur-difference");
    await submit(yves, "Appliquer ces changements");
    await yves.sees("Les changements du fichier sont enregistrés");
    await readAgain(yves, send, text);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The cells of a line of a CSV file: those between quotes may have semicolons. */
const cells = (line) =>
  [...line.matchAll(/(?:^|;)(?:"((?:[^"]|"")*)"|([^;]*))/g)].map(([, quoted, bare]) => quoted ?? bare);

/** What the reading of the grids finds is told line by line, with the file and once it is applied; then the file is put back. */
async function readAgain(yves, send, text) {
  const [headers, first] = text.replace("\u{feff}", "").split("\r\n");
  const titles = cells(headers);
  const weight = titles.findIndex((title) => title.startsWith("Poids"));
  const only = (value) => `\u{feff}${titles[0]};${titles[weight]}\r\n${cells(first)[0]};${value}\r\n`;
  await send(only(1));
  await yves.sees("La relecture automatique relève");
  await yves.sees("dans ce fichier");
  await yves.screenshot("24-classeur-relecture");
  await submit(yves, "Appliquer ces changements");
  await yves.sees("dans ce qui vient d’être enregistré");
  await yves.check();
  await yves.click("Voir mes formations");
  await yves.sees("Grille à corriger");
  await send(only(cells(first)[weight]));
  await submit(yves, "Appliquer ces changements");
  await yves.sees("Les changements du fichier sont enregistrés");
}

/** Last year's capacity of a course is read beside this year's: in the list, where nothing is ticked; from its page, then put back. */
async function capacities(yves, path) {
  await yves.goto(path);
  const names = await yves.page
    .locator('[name="capacite"], [name^="places-"]')
    .evaluateAll((inputs) => inputs.map((input) => input.name));
  const before = new Map();
  for (const name of names) before.set(name, Number(await lastYear(yves.page, name)));
  // One more place, in the first group.
  for (const [i, name] of names.entries()) {
    await yves.page.locator(`[name="${name}"]`).fill(String(before.get(name) + (i < 2 ? 1 : 0)));
  }
  await yves.page.locator('[name="frais"]').fill(await lastYear(yves.page, "frais"));
  await submit(yves, "Enregistrer");
  await yves.sees("Vos modifications sont enregistrées");
  await yves.goto("/gestion/2024/lot");
  await yves.click("Capacités comme l’an dernier");
  await yves.screenshot("24-capacites");
  await submit(yves, "Reprendre les capacités cochées");
  await yves.sees("Cochez au moins une formation");
  await yves.goto(path);
  await yves.click("Capacité comme l’an dernier");
  await yves.screenshot("24-capacite-une");
  await submit(yves, "Reprendre les capacités cochées");
  await yves.sees("Les capacités de l’an dernier sont reprises");
  for (const name of names) {
    equal(Number(await yves.page.locator(`[name="${name}"]`).inputValue()), before.get(name), `${name}, put back`);
  }
}

/** What changed in one tab while the list stood in another is not submitted unread. */
async function listInTwoTabs(yves, path) {
  const stale = await yves.newTab();
  await yves.goto("/gestion/2024/lot", { page: stale });
  await yves.goto(`${path}/contacts`);
  await yves.page.locator('input[name="contact"]').fill("Vie scolaire, bâtiment B");
  await submit(yves, "Enregistrer");
  await yves.sees(SAVED);
  const box = stale.locator(`input[name="formations[]"][value^="${path.split("/").pop()}."]`);
  await box.press("Space");
  const answer = stale.waitForResponse((response) => response.request().method() === "POST");
  await submit(yves, "Soumettre les formations cochées", stale);
  equal((await answer).status(), 422, "the answer to the stale list");
  await yves.sees("Elle a été modifiée depuis que vous l’avez lue", { page: stale });
  equal(await box.isChecked(), false, "the box of what is to be read again");
  await yves.screenshot("24-lot-conflit", { page: stale });
  await stale.close();
}

/** All of them are ticked: those that are ready go to the academic service, each of the others says why it does not. */
async function submitted(yves, path) {
  await yves.goto("/gestion/2024/lot");
  await submit(yves, "Soumettre les formations cochées");
  await yves.sees("Cochez au moins une formation");
  await yves.click("Cocher toute la liste");
  await submit(yves, "Soumettre les formations cochées");
  await yves.sees("le tableau ci-dessous dit pourquoi");
  await yves.check();
  await yves.screenshot("24-lot-soumises");
  const aside = yves.page.locator("table", { hasText: "Pourquoi elle n’est pas soumise" });
  equal(await aside.locator(`a[href="${path}"]`).count(), 0, "the course that says everything, among those left aside");
  await yves.goto(path);
  await yves.sees("Soumise au service académique le");
  // A part warns before it is changed.
  await yves.goto(`${path}/contacts`);
  await yves.sees("Enregistrer un changement ici la retire du contrôle");
  await yves.screenshot("24-contacts-soumise");
}

async function onAPhone(stage, path) {
  const phone = await stage.persona("Yves Caron", { size: PHONE });
  await phone.goto(`${path}/grille`);
  await phone.check();
  await phone.goto("/gestion/2024/lot");
  await phone.check();
  await phone.goto("/gestion/2024/lot/capacites");
  await phone.check();
}

/** The head reads; the auditor and another establishment are told nothing. */
async function others(stage, path) {
  const nadia = await stage.persona("Nadia Lemaire");
  await nadia.goto(`${path}/attendus`);
  await nadia.sees("Votre rôle permet de lire");
  equal(await nadia.page.locator("#saisie button").count(), 0, "buttons offered to who only reads");
  const neighbour = await stage.persona("Brigitte Morel");
  await neighbour.goto(`${path}/attendus`);
  equal(await neighbour.page.getByText("Ce que le public lira").count(), 0, "somebody of another establishment, brought up to date first");
  const auditor = await stage.persona("Solène Garnier", { allow: [/403/] });
  await auditor.goto(`${path}/attendus`, { status: 403 });
}

/** Returned once the step is over, it is submitted again from the list: not by who only reads, nor with no box, then by keyboard. */
async function again(stage, yves, path) {
  const SUBMIT = "Soumettre les formations cochées";
  const button = (visitor) => visitor.page.getByRole("button", { name: SUBMIT });
  await stage.clock("2024-01-15T10:00");
  await yves.goto("/gestion/2024/lot");
  equal(await button(yves).count(), 0, "submissions once the step is over");
  const henri = await stage.persona("Henri Delattre");
  await henri.goto(path.replace(/^\/gestion\/(\d+)\/formations/, "/academie/$1/controles"));
  // What does not change is folded.
  await henri.page.locator("main details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await henri.page.locator('input[name="champs[]"][value="contact"]').press("Space");
  await submit(henri, "Retourner les champs cochés…");
  await henri.page.locator('[name="motif.contact"]').fill("Le bâtiment B est fermé jusqu’en mars.");
  await henri.page.locator('[name="jusqu_a"]').fill("2024-01-20");
  await submit(henri, "Retourner à l’établissement");
  await henri.sees("La formation est retournée");
  const karim = await stage.persona("Karim Dubrulle");
  await karim.goto("/gestion/2024/lot");
  equal(await button(karim).count(), 0, "submissions offered to who only reads");
  await yves.goto("/gestion/2024/lot");
  await yves.sees("se soumet encore");
  await yves.screenshot("24-lot-retournee");
  await submit(yves, SUBMIT);
  await yves.sees("Cochez au moins une formation");
  const box = yves.page.locator(`input[name="formations[]"][value^="${path.split("/").pop()}."]`);
  await box.press("Space");
  const focused = () => yves.page.evaluate(() => document.activeElement.textContent.trim());
  for (let presses = 0; presses < 10 && (await focused()) !== SUBMIT; presses += 1) await yves.page.keyboard.press("Shift+Tab");
  equal(await focused(), SUBMIT, "what the keyboard reaches before the list");
  await yves.enter();
  await yves.sees("formation soumise au service académique");
  equal(await box.count(), 0, "the box of what waits for its answer again");
  await yves.check();
}

/** Once everything is over nothing is offered. */
async function late(stage, path) {
  await stage.clock("2024-02-01T10:00");
  const yves = await stage.persona("Yves Caron");
  await yves.goto(`${path}/attendus`);
  await yves.sees("est close depuis le");
  equal(await yves.page.locator("#saisie button").count(), 0, "buttons once the step is over");
}
