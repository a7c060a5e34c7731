// A course is described part by part: last year's is confirmed, a template starts another, one field is written in many courses,
// the whole goes through a workbook; with wrong input, from two tabs, by keyboard, on a phone, as somebody who only reads, and
// once the step is over. Actions are counted: a click, a box ticked or a field typed is one.

import { readFile, writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PHONE } from "../lib/browser.mjs";
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
  await onAPhone(stage, path);
  await others(stage, path);
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

/** Lines of a list, without any script. */
async function lines(yves, path) {
  await yves.goto(`${path}/candidature`);
  await yves.page.locator('input[name="pieces.0.piece"]').fill("Curriculum vitæ");
  await submit(yves, "Enregistrer");
  await yves.sees("Renseignez ce champ, ou videz toute la ligne");
  await yves.screenshot("24-candidature-faux");
  await yves.page.locator('[name="pieces.0.format"]').selectOption("pdf");
  await yves.page.locator('input[name="pieces.0.obligatoire"][value="oui"]').press("Space");
  await submit(yves, "Enregistrer");
  await yves.sees(SAVED);
  await yves.sees("Pièce demandée à ajouter");
  await yves.page.locator('input[name="pieces.1.piece"]').fill("Portfolio");
  await submit(yves, "Ajouter une ligne Pièces demandées");
  equal(await yves.page.locator('input[name="pieces.1.piece"]').inputValue(), "Portfolio", "the line being added");
  await yves.screenshot("24-candidature");
  await submit(yves, "Retirer Pièce demandée 2");
  equal(await yves.page.locator('input[name="pieces.1.piece"]').inputValue(), "", "the line taken away");
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
  await yves.sees("Les formations sont confirmées");
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
  await yves.sees("Le champ est écrit dans les formations choisies");
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
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onAPhone(stage, path) {
  const phone = await stage.persona("Yves Caron", { size: PHONE });
  await phone.goto(`${path}/grille`);
  await phone.check();
  await phone.goto("/gestion/2024/lot");
  await phone.check();
}

/** The head reads; the auditor and another establishment are told nothing; once the step is over nothing is offered. */
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
  await stage.clock("2024-02-01T10:00");
  const yves = await stage.persona("Yves Caron");
  await yves.goto(`${path}/attendus`);
  await yves.sees("est close depuis le");
  equal(await yves.page.locator("#saisie button").count(), 0, "buttons once the step is over");
}
