// The commission ranks: on screen with and without script, in a spreadsheet, then transmits. What is wrong is refused where it
// stands; who may not rank cannot; a page out of date overwrites nothing.

import { readFile } from "node:fs/promises";

import { equal } from "../lib/story.mjs";

export const name = "a commission ranks on screen and by file, then transmits";
export const moment = "examen";

const SAVED = "L’ordre du classement est enregistré";

export async function run(stage) {
  const emilie = await stage.persona("Émilie Wattel");
  const course = await visit(emilie, 'main a[href*="/formations/"]', "/gestion/2024/formations");
  const group = await visit(emilie, 'main a[href*="/groupes/"]', course);
  await emilie.screenshot("classement-groupe");

  const start = await order(emilie.page);
  equal(start.length > 4, true, "enough candidates to rank");

  // Moved by number; a second tab still shows the order before.
  const stale = await emilie.newTab();
  await stale.goto(group);
  await type(emilie.page, start[2], "1");
  await emilie.click("Enregistrer l’ordre");
  await emilie.sees(SAVED);
  const moved = await order(emilie.page);
  equal(moved.slice(0, 3).join(), [start[2], start[0], start[1]].join(), "the third comes first, the others close up");

  // Letters where a rank belongs: told, and both fields keep what was typed.
  await type(emilie.page, moved[0], "premier");
  await type(emilie.page, moved[1], "3");
  await emilie.click("Enregistrer l’ordre");
  await emilie.sees("saisissez un rang entier à partir de 1");
  await emilie.screenshot("classement-refus");
  equal(await value(emilie.page, moved[0]), "premier", "the wrong rank stays");
  equal(await value(emilie.page, moved[1]), "3", "the right rank beside it stays");
  await emilie.goto(group);
  equal((await order(emilie.page)).join(), moved.join(), "a refused order changes nothing");

  // The same rank twice.
  await type(emilie.page, moved[0], "5");
  await type(emilie.page, moved[1], "5");
  await emilie.click("Enregistrer l’ordre");
  await emilie.sees("Le rang 5 est demandé pour deux candidats");

  // The second tab is told, and nothing of the first is overwritten.
  await type(stale, start[1], "1");
  await stale.getByRole("button", { name: "Enregistrer l’ordre" }).first().click();
  await stale.waitForLoadState("load");
  await emilie.check(stale);
  await emilie.sees("entre-temps", { page: stale });
  await stale.screenshot({ path: new URL("../out/classement-perime-1280.png", import.meta.url).pathname });
  await emilie.goto(group);
  equal((await order(emilie.page)).join(), moved.join(), "the stale page changes nothing");

  // Moved by the buttons: the focus comes back to the one that was pressed.
  const down = `button[value="descendre:${moved[0]}"]`;
  await emilie.page.locator(down).click();
  await emilie.page.waitForLoadState("load");
  await emilie.focuses(down);
  await emilie.page.locator(`button[value="monter:${moved[0]}"]`).click();
  await emilie.page.waitForLoadState("load");
  await emilie.focuses(`button[value="monter:${moved[0]}"]`);

  await withoutScript(stage, group, moved);

  // From the averages.
  await emilie.goto(group);
  await emilie.page.locator("summary", { hasText: "Partir des moyennes" }).click();
  await emilie.click("Classer par moyenne");
  await emilie.sees(SAVED);
  const averages = await emilie.page.locator("main tbody td.nombre").allTextContents();
  const values = averages.filter((text) => text.trim() !== "—").map((text) => Number(text.replace(",", ".")));
  equal(values.join(), [...values].sort((a, b) => b - a).join(), "averages, highest first");
  await emilie.screenshot("classement-moyennes");

  await byFile(emilie, group);
  await onlyThoseWhoMay(stage, course, group);
  await outsideTheWindow(stage, emilie, group);
  await transmits(stage, emilie, group);
}

/** Without script: Thomas, of the commission, moves a candidate up and down again, then takes one out of the ranking. */
async function withoutScript(stage, group, before) {
  const thomas = await stage.persona("Thomas Leclercq", { javaScript: false });
  await thomas.goto(group);
  await thomas.page.locator(`button[value="descendre:${before[0]}"]`).click();
  await thomas.page.waitForLoadState("load");
  await thomas.check();
  await thomas.sees(SAVED);
  equal((await order(thomas.page)).slice(0, 2).join(), [before[1], before[0]].join(), "one down");
  await thomas.page.locator(`button[value="monter:${before[0]}"]`).click();
  await thomas.page.waitForLoadState("load");
  equal((await order(thomas.page)).join(), before.join(), "and up again");
  await type(thomas.page, before[0], "");
  await thomas.page.getByRole("button", { name: "Enregistrer l’ordre" }).first().click();
  await thomas.page.waitForLoadState("load");
  await thomas.sees("sans rang, qui ne");
  // He ranks, and does not transmit.
  equal(await thomas.page.getByRole("link", { name: "Relire et transmettre" }).count(), 0, "offers to transmit");
  await thomas.goto(`${group}/transmettre`, { status: 403 });
}

/** The file: downloaded, read, spoilt in every way, mended, shown, applied. */
async function byFile(emilie, group) {
  const [download] = await Promise.all([
    emilie.page.waitForEvent("download"),
    emilie.page.getByRole("link", { name: "Exporter avec les noms (CSV)" }).click(),
  ]);
  equal(/^classement-2024-[a-z2-7]{8}-noms-[a-z2-7]{12}\.csv$/.test(download.suggestedFilename()), true, "name of the file");
  const text = await readFile(await download.path(), "utf8");
  equal(text.codePointAt(0), 0xfeff, "the mark that spreadsheets look for");
  const lines = text.slice(1).trimEnd().split("\r\n");
  const header = lines[0].split(";");
  equal(header.slice(0, 5).join(";"), "Rang;Candidat - Code;Candidat - Nom;Candidat - Prénom;Moyenne générale", "header");
  const rows = lines.slice(1).map((line) => line.split(";"));
  const shown = await order(emilie.page);
  equal(rows.slice(0, shown.length).map((row) => row[1]).join(), shown.join(), "the file follows the screen");
  equal(rows.map((row) => row[0]).join(), rows.map((_, i) => i + 1).join(), "ranks from 1");
  equal(rows.every((row) => /^\d{1,2},\d\d$/.test(row[4]) && row.length === header.length), true, "cells");

  const file = (lines) => ({
    files: { name: "classement.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${lines.join("\r\n")}\r\n`) },
  });
  const joined = (rows) => [header.join(";"), ...rows.map((row) => row.join(";"))];
  const refused = async (lines, ...told) => {
    await emilie.goto(`${group}/import`);
    await emilie.fill({ "Fichier du classement": file(lines) });
    await emilie.click("Vérifier ce fichier");
    await emilie.sees("est refusé");
    await emilie.focuses("#refus");
    for (const text of told) await emilie.sees(text);
    await emilie.doesNotSee("Appliquer ce classement");
  };
  const fault = async (line, column, reason) => {
    const cells = await emilie.page.locator("main tbody tr").first().locator("th, td").allTextContents();
    equal(`${cells[0]}|${cells[1]}`, `${line}|${column}`, "where the fault stands");
    equal(cells[2].replace(/\s/g, " ").includes(reason), true, `${cells[2]} says ${reason}`);
  };
  const changed = (at, cell, text) => rows.map((row, i) => (i === at ? row.map((c, j) => (j === cell ? text : c)) : row));

  await refused(joined(rows.slice(0, -1)), "une faute");
  await fault("fichier", "Candidat - Code", "est absent du fichier");
  await emilie.screenshot("import-candidat-absent");
  await refused([lines[0].replace("Rang", "Place"), ...lines.slice(1)]);
  await fault("1", "Rang", "Colonne indispensable absente");
  await emilie.screenshot("import-colonne-inconnue");
  await refused(joined(changed(1, 0, "deux")));
  await fault("3", "Rang", "un nombre entier est attendu");
  await emilie.screenshot("import-lettres");
  await refused(joined(changed(0, 1, "999999")));
  await fault("2", "Candidat - Code", "Candidat inconnu dans ce groupe");
  await refused(joined(changed(2, 0, "1")));
  await fault("4", "Rang", "Rang 1 en double");
  await emilie.goto(`${group}/import`);
  await emilie.click("Vérifier ce fichier");
  await emilie.sees("Choisissez un fichier CSV");
  await emilie.goto(group);
  equal((await order(emilie.page)).join(), shown.join(), "nothing of a refused file is kept");

  // Reordered: the first two change places, the last is not ranked. Shown, not yet applied; then applied.
  const turned = [...changed(0, 0, "2").map((row, i) => (i === 1 ? ["1", ...row.slice(1)] : row))];
  turned[turned.length - 1] = ["", ...turned.at(-1).slice(1)];
  await emilie.goto(`${group}/import`);
  await emilie.fill({ "Fichier du classement": file(joined(turned)) });
  await emilie.click("Vérifier ce fichier");
  await emilie.sees("Rien n’est encore enregistré");
  await emilie.screenshot("import-apercu");
  const preview = emilie.page.url();
  await emilie.click("Appliquer ce classement");
  await emilie.sees(SAVED);
  if (emilie.page.url() === preview) throw new Error("applying leaves the preview");
  const applied = await order(emilie.page);
  equal(applied.slice(0, 2).join(), [shown[1], shown[0]].join(), "the order of the file");
}

/** A reader of the establishment sees the course and changes nothing; its ranking is closed to him, unknown to a candidate. */
async function onlyThoseWhoMay(stage, course, group) {
  const karim = await stage.persona("Karim Dubrulle");
  await karim.goto(course);
  await karim.sees("Votre rôle permet de lire ces informations, pas de les modifier");
  equal(await karim.page.locator('main form[method="post"] button').count(), 0, "acts offered to a reader");
  equal(await karim.page.locator('main a[href*="/groupes/"]').count(), 0, "rankings offered to a reader");
  for (const path of ["", "/import", "/transmettre", "/export"]) await karim.goto(group + path, { status: 403 });
  const clara = await stage.persona("Clara Carvalho");
  await clara.goto(group, { status: 404 });
}

async function outsideTheWindow(stage, emilie, group) {
  await stage.clock("2024-05-22T08:00");
  await emilie.goto(group);
  await emilie.sees("est close depuis le mardi 21 mai 2024 à 23 h 59");
  await emilie.screenshot("classement-clos");
  equal(await emilie.page.locator('main form[method="post"] button').count(), 0, "acts offered after the end");
  await emilie.goto(`${group}/transmettre`);
  await emilie.sees("est close depuis");
  await stage.clock("2024-04-02T08:00");
  await emilie.goto(group);
  await emilie.sees("n’est pas encore ouverte");
  equal(await emilie.page.locator("main tbody tr").count(), 0, "records shown before the examination");
  await stage.clock("2024-05-20T10:00");
}

async function transmits(stage, emilie, group) {
  await emilie.goto(group);
  const ranking = await order(emilie.page);
  const second = await emilie.newTab();
  await second.goto(`${group}/transmettre`);
  await emilie.click("Relire et transmettre");
  await emilie.sees("La transmission est définitive");
  await emilie.sees("Un candidat sans rang sera refusé");
  await emilie.screenshot("classement-transmettre");
  await emilie.click("Transmettre définitivement");
  await emilie.sees("elle demande votre engagement");
  await emilie.fill({ "J’ai relu ce classement au nom de la commission d’examen des vœux": true });
  await emilie.click("Transmettre définitivement");
  await emilie.sees("Le classement est transmis");
  await emilie.screenshot("classement-recepisse");
  await emilie.sees("Empreinte");
  await emilie.click("Vérifier l’authenticité");
  await emilie.sees("authentique");

  await emilie.goto(group);
  await emilie.sees("Il ne se modifie plus");
  await emilie.screenshot("classement-transmis");
  equal(await emilie.page.locator('main form[method="post"] button').count(), 0, "acts offered once transmitted");
  const shown = await emilie.page.locator("main tbody tr th").allTextContents();
  equal(shown.map(fileNumber).slice(0, 5).join(), ranking.slice(0, 5).join(), "what was transmitted is what is shown");
  await emilie.goto(`${group}/transmettre`);
  await emilie.sees("Ce classement a été transmis : il ne se modifie plus");

  // A tab opened before: told, and not transmitted twice.
  await second.locator('main input[type="checkbox"]').press("Space");
  await second.getByRole("button", { name: "Transmettre définitivement" }).click();
  await second.waitForLoadState("load");
  await emilie.check(second);
  await emilie.sees("transmis", { page: second });
}

/** Follows the first link that a selector finds from a page; gives the path reached. */
async function visit(visitor, selector, from) {
  await visitor.goto(from);
  await visitor.goto(await visitor.page.locator(selector).first().getAttribute("href"));
  return new URL(visitor.page.url()).pathname;
}

const fileNumber = (text) => /dossier nº\s(\d+)/.exec(text)[1];

/** File numbers of the candidates of the page that have a rank, in their order. */
async function order(page) {
  const fields = await page.locator('main tbody input[name^="rang-"]').all();
  const numbers = [];
  for (const field of fields) {
    if ((await field.inputValue()) !== "") numbers.push((await field.getAttribute("name")).slice(5));
  }
  return numbers;
}

const type = (page, number, rank) => page.locator(`input[name="rang-${number}"]`).fill(rank);
const value = (page, number) => page.locator(`input[name="rang-${number}"]`).inputValue();
