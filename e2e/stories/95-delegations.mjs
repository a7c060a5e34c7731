// The administrator of an establishment looks after its delegations: many boxes at the keyboard, a colleague who changed them
// meanwhile, then the whole matrix in a spreadsheet (CSV, workbook), whose difference is read before it is applied.

import { readFile } from "node:fs/promises";

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";
import { readXlsx, writeXlsx } from "../lib/xlsx.mjs";

export const name = "delegations: many at once, in two tabs, in a spreadsheet";
export const moment = "parametrage";

const SAVED = "Les délégations sont enregistrées";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024/delegations");
  await yves.screenshot("delegations");
  const matrix = new URL(yves.page.url()).pathname;
  await many(yves);
  await twoTabs(yves, matrix);
  await csv(yves, matrix);
  await workbook(yves, matrix);
  await wrongFiles(yves, matrix);
  await onAPhone(stage, matrix);
  await others(stage, matrix);
}

/** The names of the boxes of the page that are (not) ticked. */
const boxes = (visitor, ticked, page = visitor.page) =>
  page.locator('main input[type="checkbox"]').evaluateAll((all, on) => all.filter((box) => box.checked === on).map((box) => box.name), ticked);

const box = (page, name) => page.locator(`main input[name="${name}"]`);

/** Three boxes by the keyboard alone, then one button. */
async function many(yves) {
  const before = await boxes(yves, true);
  const chosen = (await boxes(yves, false)).slice(0, 3);
  for (const name of chosen) {
    await reach(yves, name);
    await yves.page.keyboard.press("Space");
  }
  await yves.tabTo("Enregistrer les délégations", { limit: 300 });
  await yves.enter();
  await yves.sees(SAVED);
  await yves.check();
  const after = await boxes(yves, true);
  for (const name of [...before, ...chosen]) equal(after.includes(name), true, `« ${name} » is held`);
}

/** Presses Tab until this box has the focus. */
async function reach(visitor, name) {
  for (let presses = 0; presses < 300; presses += 1) {
    if (await box(visitor.page, name).evaluate((element) => element === document.activeElement)) return;
    await visitor.page.keyboard.press("Tab");
  }
  throw new Error(`« ${name} » is not reached by the keyboard`);
}

/** What another tab saved is not overwritten: what this one would change is shown, then agreed. */
async function twoTabs(yves, matrix) {
  const stale = await yves.newTab();
  await yves.goto(matrix, { page: stale });
  const [first, second] = await boxes(yves, false);
  await box(yves.page, first).press("Space");
  await yves.click("Enregistrer les délégations");
  await yves.sees(SAVED);
  await box(stale, second).press("Space");
  const answer = stale.waitForResponse((response) => response.request().method() === "POST");
  await yves.click("Enregistrer les délégations", { page: stale });
  equal((await answer).status(), 409, "the answer to the stale tab");
  await yves.sees("Une autre personne a changé ces délégations", { page: stale });
  await yves.sees("Ce qui change", { page: stale });
  equal(await box(stale, second).isChecked(), true, "what was ticked is kept");
  await yves.screenshot("delegations-conflit", { page: stale });
  await stale.close();
  await yves.goto(matrix);
}

async function exported(yves, label, file) {
  const started = yves.page.waitForEvent("download");
  await yves.page.getByRole("link", { name: label, exact: true }).click();
  const download = await started;
  equal(download.suggestedFilename(), file, "the file");
  return readFile(await download.path());
}

async function sends(yves, matrix, name, mimeType, buffer) {
  await yves.goto(`${matrix}/import`);
  await yves.fill({ "Fichier des délégations": { files: { name, mimeType, buffer } } });
  await yves.click("Vérifier ce fichier");
}

async function csv(yves, matrix) {
  const text = (await exported(yves, "Exporter en CSV", "delegations-2024.csv")).toString("utf8");
  const lines = text.split("\r\n");
  const place = lines.findIndex((line) => line.endsWith(";non"));
  lines[place] = lines[place].replace(/;non;non;non;non;non;non$|;non$/, (end) => end.replaceAll("non", "oui"));
  const held = await boxes(yves, true);
  await sends(yves, matrix, "delegations.csv", "text/csv", Buffer.from(lines.join("\r\n")));
  // A right that the role cannot receive is a fault of its line and column; one that it can is a difference.
  const refused = await yves.page.getByText("Le fichier est refusé").count();
  if (refused > 0) {
    await yves.sees("ne peut pas être délégué");
    await yves.screenshot("delegations-csv-refuse");
    lines[place] = lines[place].replace(/;oui$/, ";non");
  }
  const other = lines.findIndex((line) => line.includes(";resp_formation;") && line.includes(";non"));
  lines[other] = lines[other].replace(";non", ";oui");
  await sends(yves, matrix, "delegations.csv", "text/csv", Buffer.from(lines.join("\r\n")));
  await yves.sees("Rien n’est encore enregistré");
  await yves.sees("Ce qui change");
  await yves.screenshot("delegations-difference");
  await yves.goto(matrix);
  equal((await boxes(yves, true)).join(), held.join(), "nothing is applied before it is agreed");
  await sends(yves, matrix, "delegations.csv", "text/csv", Buffer.from(lines.join("\r\n")));
  await yves.click("Appliquer ces changements");
  await yves.sees(SAVED);
  equal((await boxes(yves, true)).length > held.length, true, "more is delegated");
}

async function workbook(yves, matrix) {
  const rows = readXlsx(await exported(yves, "Exporter en XLSX", "delegations-2024.xlsx"));
  const header = rows[0];
  const column = header.indexOf("Capacités et frais");
  const role = header.indexOf("Rôle");
  const row = rows.find((cells) => cells[role] === "resp_formation" && cells[column] === "oui");
  const before = (await boxes(yves, true)).length;
  row[column] = "non";
  await sends(yves, matrix, "delegations.xlsx", XLSX, writeXlsx("Lycée & BTS", rows));
  await yves.sees("Le fichier est lisible (feuille « Lycée & BTS »)");
  const change = yves.page.locator("main table tbody tr");
  equal(await change.count(), 1, "one cell changes");
  await yves.sees("Capacités et frais");
  await yves.screenshot("delegations-classeur");
  await yves.click("Appliquer ces changements");
  await yves.sees(SAVED);
  equal((await boxes(yves, true)).length, before - 1, "one delegation less");
  row[column] = "peut-être";
  row.push("une note à côté");
  await sends(yves, matrix, "delegations.xlsx", XLSX, writeXlsx("Lycée & BTS", rows));
  await yves.sees("Le fichier est refusé");
  await yves.sees("Fautes à corriger (feuille « Lycée & BTS »)");
  const told = await yves.page.locator("main table tbody tr").allInnerTexts();
  equal(told.length, 1, "one fault");
  for (const part of [String(rows.indexOf(row) + 1), "Capacités et frais", "« peut-être » n’est ni « oui » ni « non »"]) {
    equal(told[0].replaceAll("\u00a0", " ").replaceAll("\u202f", " ").includes(part), true, `« ${part} » in « ${told[0]} »`);
  }
  await yves.screenshot("delegations-classeur-refuse");
}

async function wrongFiles(yves, matrix) {
  for (const [name, type, bytes, told] of [
    ["photo.png", "image/png", Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), "Le fichier est refusé"],
    ["autre.xlsx", XLSX, Buffer.from("PK\x03\x04 rien", "latin1"), "Un classeur XLSX est attendu"],
    ["autre.xlsx", XLSX, writeXlsx("Autre", [["Nom", "Prénom"], ["a", "b"]]), "colonne indispensable absente"],
  ]) {
    await sends(yves, matrix, name, type, bytes);
    await yves.sees(told);
  }
  await yves.screenshot("delegations-mauvais-fichier");
  await yves.goto(`${matrix}/import`);
  await yves.click("Vérifier ce fichier");
  await yves.sees("Choisissez un fichier CSV ou XLSX");
}

async function onAPhone(stage, matrix) {
  const yves = await stage.persona("Yves Caron", { size: PHONE });
  await yves.goto(matrix);
  await yves.goto(`${matrix}/import`);
  await yves.screenshot("delegations-importer");
}

/** A manager of courses, a reader: none of it, whatever the address. */
async function others(stage, matrix) {
  for (const [name, status] of [["Émilie Wattel", 403], ["Karim Dubrulle", 403]]) {
    const other = await stage.persona(name);
    for (const path of [matrix, `${matrix}/export?format=xlsx`, `${matrix}/import`]) await other.goto(path, { status });
  }
}
