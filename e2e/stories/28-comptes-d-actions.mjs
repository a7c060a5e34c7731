// How much has to be done: a click, a box ticked or a field typed is one action. One unchanged course is confirmed in three at most;
// so is each of all those of the establishment; a new BTS, from the template of its type, needs 25 typed fields at most before it
// is submitted, every one of them counted. From two tabs, what the second one typed is kept, and saved by one action more.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { lastYear } from "../lib/parametrage.mjs";
import { equal } from "../lib/story.mjs";

export const name = "actions and typed fields are counted";
export const moment = "parametrage";

const PARTS = ["caracteristiques", "attendus", "candidature", "epreuves", "grille", "frais", "contacts"];

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  await one(yves);
  await all(yves);
  await forty(await stage.persona("Aïcha Rahmani"));
  const path = await blank(yves);
  await fromTheTemplate(yves, path);
  await twoTabs(yves);
}

const submit = async (visitor, label, page = visitor.page) => {
  await page.getByRole("button", { name: label }).last().click();
  await page.waitForLoadState("load");
};

function atMost(found, limit, what) {
  console.log(`    ${what}: ${found} (${limit} at most)`);
  if (found > limit) throw new Error(`${what}: ${found}, ${limit} at most`);
}

/** Rows that last year filled and that nobody has confirmed. */
const waiting = (yves) =>
  yves.page.locator("main tbody tr", { hasText: "À confirmer" }).filter({ hasText: "Complète" });

const confirm = async (yves, rows, count) => {
  let actions = 0;
  for (let i = 0; i < count; i += 1) {
    await rows.nth(i).locator('input[type="checkbox"]').press("Space");
    actions += 1;
  }
  await submit(yves, "Confirmer les formations cochées");
  await yves.sees("confirmée");
  return actions + 1;
};

async function one(yves) {
  await yves.goto("/gestion/2024/lot");
  const before = await waiting(yves).count();
  if (before < 2) throw new Error(`${before} unchanged courses: too few to tell anything`);
  // Reaching the list is one action.
  atMost(1 + (await confirm(yves, waiting(yves), 1)), 3, "actions for one unchanged course");
  await yves.goto("/gestion/2024/lot");
  if ((await waiting(yves).count()) !== before - 1) throw new Error("one course was to be confirmed");
}

async function all(yves) {
  const count = await waiting(yves).count();
  const actions = await confirm(yves, waiting(yves), count);
  atMost(actions / count, 3, `actions a course, ${count} unchanged courses confirmed together in ${actions}`);
  await yves.goto("/gestion/2024/lot");
  if ((await waiting(yves).count()) !== 0) throw new Error("all of them were to be confirmed");
}

/** Forty courses of three universities: each ticked by hand, then the same through the button that ticks all of them. */
async function forty(aicha) {
  await aicha.goto("/gestion/2024/lot");
  const count = await waiting(aicha).count();
  if (count < 40) throw new Error(`${count} unchanged courses: forty are wanted`);
  const tick = aicha.page.getByRole("link", { name: `Cocher les ${count} formations à confirmer` });
  await tick.click();
  await aicha.page.waitForLoadState("load");
  const ticked = await waiting(aicha).locator("input:checked").count();
  if (ticked !== count) throw new Error(`${ticked} ticked of ${count}`);
  console.log(`    actions for ${count} courses ticked at once: 3 (the list, the button that ticks, the one that confirms)`);
  await aicha.screenshot("28-quarante");
  await aicha.page.getByRole("link", { name: "Tout décocher" }).click();
  await aicha.page.waitForLoadState("load");
  atMost(1 + (await confirm(aicha, waiting(aicha), 40)), 120, "actions for forty courses ticked one by one");
  await aicha.goto("/gestion/2024/lot");
  const left = await waiting(aicha).count();
  if (left !== count - 40) throw new Error(`${left} left of ${count} once forty are confirmed`);
}

/** The cells of a line of a CSV file, which has no line breaks in its cells. */
const cells = (line) =>
  [...line.matchAll(/(?:^|;)(?:"((?:[^"]|"")*)"|([^;]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? bare : quoted.replaceAll('""', '"'));

const written = (row) => row.map((cell) => (/[;"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(";");

/** A BTS of which nothing is said, as a new one: everything that a workbook may empty is emptied. */
async function blank(yves) {
  await yves.goto("/gestion/2024/classeur");
  const download = yves.page.waitForEvent("download");
  await yves.page.getByRole("link", { name: "Fichier CSV" }).click();
  const text = await readFile(await (await download).path(), "utf8");
  const [headers, ...lines] = text.replace("\u{feff}", "").split("\r\n").filter((line) => line !== "");
  const rows = lines.map(cells);
  const bts = rows.findIndex((row) => row[1].startsWith("BTS") && !row[1].includes("apprentissage"));
  if (bts < 0) throw new Error(lines.join("\n"));
  rows[bts] = rows[bts].map((cell, i) => (i < 3 ? cell : ""));
  const folder = await mkdtemp(join(tmpdir(), "comptes-"));
  try {
    const file = join(folder, "parametrage.csv");
    await writeFile(file, `\u{feff}${[headers, written(rows[bts])].join("\r\n")}\r\n`);
    await yves.goto("/gestion/2024/classeur");
    await yves.page.locator('input[type="file"]').setInputFiles(file);
    await submit(yves, "Vérifier ce fichier");
    await yves.sees("Rien n’est encore enregistré");
    await yves.screenshot("28-classeur");
    await submit(yves, "Appliquer ces changements");
    await yves.sees("Les changements du fichier sont enregistrés");
  } finally {
    await rm(folder, { recursive: true });
  }
  return `/gestion/2024/formations/${rows[bts][0]}`;
}

/** What a page says is missing there. */
async function missing(yves) {
  const alert = yves.page.locator(".fr-alert", { hasText: "Il manque ici" });
  if ((await alert.count()) === 0) return [];
  const [, labels] = (await alert.first().innerText()).match(/Il manque ici\s*: (.*)\./s);
  return labels.split(", ");
}

const typed = {
  contact_courriel: "bts@lycee.example",
  attendus: "S’intéresser au métier et à ses techniques ; travailler en équipe.",
};

/** Types one field, whatever its kind. */
async function type(field) {
  const [tag, key] = await field.evaluate((node) => [node.tagName, node.name]);
  if (tag === "SELECT") await field.selectOption({ index: 1 });
  else await field.fill(typed[key] ?? "Secrétariat de la formation");
}

async function fromTheTemplate(yves, path) {
  await yves.goto(`${path}/copier?source=modele`);
  await yves.screenshot("28-modele");
  await submit(yves, "Reprendre les champs cochés");
  await yves.sees("Les champs cochés sont repris");
  const fields = [];
  for (const part of PARTS) {
    await yves.goto(`${path}/${part}`);
    const labels = await missing(yves);
    for (const label of labels) {
      await type(yves.page.locator("#saisie").getByLabel(label).first());
      fields.push(label);
    }
    if (labels.length > 0) {
      await submit(yves, "Enregistrer");
      await yves.sees("La rubrique est enregistrée");
      const left = await missing(yves);
      if (left.length > 0) throw new Error(`${part}: still missing ${left.join(", ")}`);
    }
  }
  await yves.goto(path);
  const numbers = yves.page.locator('[name="capacite"], [name="frais"], [name^="places-"]');
  for (const field of await numbers.evaluateAll((inputs) => inputs.map((input) => input.name))) {
    await yves.page.locator(`[name="${field}"]`).fill(await lastYear(yves.page, field));
    fields.push(field);
  }
  await submit(yves, "Enregistrer");
  await yves.sees("Vos modifications sont enregistrées");
  await yves.screenshot("28-formation");
  await yves.page.getByRole("link", { name: "Relire et soumettre" }).click();
  await yves.page.waitForLoadState("load");
  await submit(yves, "Soumettre au service académique");
  await yves.sees("La formation est soumise");
  console.log(`    typed: ${fields.join(", ")}`);
  atMost(fields.length, 25, "typed fields of a new BTS before it may be submitted");
}

/** The same course in two tabs: what the second one typed stays beside what the first one saved, and nothing of it is typed again. */
async function twoTabs(yves) {
  const contact = (page) => page.locator('input[name="contact"]');
  await yves.goto("/gestion/2024/lot");
  const path = await yves.page.locator('main table tbody a[href*="/formations/"]').first().getAttribute("href");
  const stale = await yves.newTab();
  await yves.goto(`${path}/contacts`, { page: stale });
  await yves.goto(`${path}/contacts`);
  await contact(yves.page).fill("Vie scolaire");
  await submit(yves, "Enregistrer");
  await yves.sees("La rubrique est enregistrée");
  await contact(stale).fill("Secrétariat pédagogique");
  // What the script sends meanwhile, to preview what is typed, is no navigation.
  const answer = stale.waitForResponse((response) =>
    response.request().method() === "POST" && response.request().isNavigationRequest());
  await submit(yves, "Enregistrer", stale);
  equal((await answer).status(), 409, "the answer to the stale tab");
  await yves.sees("Rien n’a été écrasé", { page: stale });
  await yves.check(stale);
  equal(await contact(stale).inputValue(), "Secrétariat pédagogique", "what was typed there");
  equal(await stale.locator("#apercu", { hasText: "Vie scolaire" }).count(), 1, "what the other tab saved, beside it");
  await yves.screenshot("28-conflit", { page: stale });
  await submit(yves, "Enregistrer", stale);
  await yves.sees("La rubrique est enregistrée", { page: stale });
  console.log("    actions to save what was typed in a stale tab, once it is compared: 1");
  await stale.close();
  await yves.goto(`${path}/contacts`);
  equal(await contact(yves.page).inputValue(), "Secrétariat pédagogique", "what the second tab saved");
}
