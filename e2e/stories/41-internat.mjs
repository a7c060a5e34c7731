// An establishment ranks those who ask for its boarding schools: one for girls, one for boys. Declared on a page, ranked on screen with
// and without script and in a spreadsheet, transmitted one after the other; what is wrong is refused where it stands, what was typed stays.

import { readFile } from "node:fs/promises";

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "an establishment declares its boarding schools, ranks those who ask, then transmits";
export const moment = "examen";

const SAVED = "L’ordre du classement est enregistré";
const GIRLS = "Internat des filles";
const BOYS = "Internat des garçons";
/** How many the girls' boarding school ranks; the other one ranks those who are left. */
const TAKEN = 3;
/** What they serve: few enough to be read at once. */
const COURSE = "Classe préparatoire scientifique - MPSI";
const UNDERTAKING = "J’ai relu ce classement au nom de l’établissement";

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024");
  await yves.click("Mon établissement");
  await yves.click("Internats soumis à classement");
  await yves.sees("Aucun internat soumis à classement n’est déclaré");
  const list = new URL(yves.page.url()).pathname;
  await declares(stage, yves, list);
  const girls = await ranking(yves, list, GIRLS);
  const boys = await ranking(yves, list, BOYS);

  await yves.goto(girls);
  await yves.sees("D’autres internats servent les mêmes formations");
  await yves.screenshot("internat-demandes");
  const all = await numbers(yves.page);
  equal(all.length > TAKEN, true, "more people ask than the girls’ takes");
  equal(await yves.page.getByText("Partir des moyennes").count(), 0, "averages offered for boarding");
  const taken = all.slice(0, TAKEN);
  await onScreen(yves, girls, taken);
  await withoutScript(stage, girls, taken);
  await onlyThoseWhoMay(stage, list, girls);
  await transmits(yves, girls, "internat-transmettre");
  await byFile(yves, boys, taken);
  await transmits(yves, boys, "internat-recepisse");
  await after(stage, yves, list, boys);
}

/** Faults beside their fields, both boarding schools, one changed from two tabs, one taken away. */
async function declares(stage, yves, list) {
  await yves.fill({ "Nom de l’internat": GIRLS, Places: "beaucoup" });
  await yves.click("Enregistrer l’internat");
  await yves.sees("Saisissez un nombre entier");
  await yves.sees("Choisissez qui est accueilli");
  await yves.screenshot("internat-refus");
  equal(await (await yves.field("Places")).inputValue(), "beaucoup", "what was typed stays");
  equal(await (await yves.field("Nom de l’internat")).inputValue(), GIRLS, "what was right stays");
  await yves.fill({ Places: 30, "Internat de filles": true, [COURSE]: true });
  await yves.click("Enregistrer l’internat");
  await yves.sees("L’internat est enregistré");
  await yves.fill({ "Nom de l’internat": "Essai", Places: 1, "Internat mixte": true, "Toutes les formations qui proposent un internat": true });
  await yves.click("Enregistrer l’internat");

  // Changed in another tab meanwhile: told, and what was typed stays.
  const stale = await yves.newTab();
  await yves.goto(list, { page: stale });
  await yves.click("Modifier Essai", { page: stale });
  await yves.click("Modifier Essai");
  await yves.fill({ Places: 25 });
  await yves.click("Enregistrer l’internat");
  await yves.sees("Internat mixte, 25 places");
  await yves.fill({ "Nom de l’internat": "Autre" }, { page: stale });
  await yves.click("Enregistrer l’internat", { page: stale });
  await yves.sees("Rien n’a été écrasé", { page: stale });
  equal(await (await yves.field("Nom de l’internat", stale)).inputValue(), "Autre", "what was typed stays");
  await stale.close();

  await yves.click("Retirer Essai");
  await yves.sees("L’internat est retiré");
  await yves.doesNotSee("25 places");

  // The last one on a phone, without script.
  const phone = await stage.persona("Sophie Legrand", { size: PHONE, javaScript: false });
  await phone.goto(list);
  await phone.fill({ "Nom de l’internat": BOYS, Places: 28, "Internat de garçons": true, [COURSE]: true });
  await phone.click("Enregistrer l’internat");
  await phone.sees("Internat de garçons, 28 places");
  await phone.screenshot("internat-liste-telephone");
  await yves.goto(list);
  await yves.screenshot("internat-liste");
}

/** The path of the ranking of a boarding school. */
async function ranking(yves, list, label) {
  await yves.goto(list);
  await yves.click(`Classement de « ${label} »`);
  return new URL(yves.page.url()).pathname;
}

/** Ranks typed; letters and the same rank twice are refused, and nothing is lost. */
async function onScreen(yves, girls, mine) {
  await yves.goto(girls);
  await type(yves.page, mine[0], "première");
  await type(yves.page, mine[1], "1");
  await yves.click("Enregistrer l’ordre");
  await yves.sees("saisissez un rang entier à partir de 1");
  equal(await value(yves.page, mine[0]), "première", "the wrong rank stays");
  equal(await value(yves.page, mine[1]), "1", "the right rank beside it stays");
  await type(yves.page, mine[0], "1");
  await yves.click("Enregistrer l’ordre");
  await yves.sees("Le rang 1 est demandé pour deux candidats");
  for (const [i, number] of mine.entries()) await type(yves.page, number, String(i + 1));
  await yves.click("Enregistrer l’ordre");
  await yves.sees(SAVED);
  equal((await ranked(yves.page)).join(), mine.join(), "the order typed");
}

/** Without script, the head moves one down, and up again. */
async function withoutScript(stage, girls, [first, second]) {
  const sophie = await stage.persona("Sophie Legrand", { javaScript: false });
  await sophie.goto(girls);
  for (const [way, after] of [["descendre", [second, first]], ["monter", [first, second]]]) {
    await sophie.page.locator(`button[value="${way}:${first}"]`).click();
    await sophie.page.waitForLoadState("load");
    await sophie.check();
    await sophie.sees(SAVED);
    equal((await ranked(sophie.page)).slice(0, 2).join(), after.join(), way);
  }
}

/** A reader sees what is declared, not who asks; a course manager has no part in it; a candidate knows of nothing. */
async function onlyThoseWhoMay(stage, list, girls) {
  const karim = await stage.persona("Karim Dubrulle", { allow: [/403/] });
  await karim.goto(list);
  await karim.sees(GIRLS);
  equal(await karim.page.locator('main form[method="post"] button').count(), 0, "acts offered to a reader");
  equal(await karim.page.locator('main a[href*="/internats/"]').count(), 0, "rankings offered to a reader");
  const emilie = await stage.persona("Émilie Wattel", { allow: [/403/] });
  for (const someone of [karim, emilie]) await someone.goto(girls, { status: 403 });
  const clara = await stage.persona("Clara Carvalho", { allow: [/404/] });
  for (const path of [list, girls, `${girls}/export`]) await clara.goto(path, { status: 404 });
}

/** Read again, the undertaking ticked, sent; the receipt is authentic. */
async function transmits(yves, path, picture) {
  await yves.goto(path);
  await yves.click("Relire et transmettre");
  await yves.sees("La transmission est définitive");
  await yves.click("Transmettre définitivement");
  await yves.sees("elle demande votre engagement");
  await yves.screenshot(picture);
  await yves.fill({ [UNDERTAKING]: true });
  await yves.click("Transmettre définitivement");
  await yves.sees("Le classement est transmis");
  await yves.sees("Empreinte du classement");
  await yves.screenshot(`${picture}-fait`);
  await yves.click("Vérifier l’authenticité");
  await yves.sees("authentique");
  await yves.goto(path);
  await yves.sees("Il ne se modifie plus");
  equal(await yves.page.locator('main form[method="post"] button').count(), 0, "acts offered once transmitted");
}

/** The other one ranks all those who are left, and nobody whom the first has. */
async function byFile(yves, boys, taken) {
  await yves.goto(boys);
  await yves.sees(`${TAKEN} candidats le sont déjà. Celui-ci classe tous ceux qui restent`);
  const left = Number(/(\d+) demandes d’internat/.exec(await yves.page.locator("main").innerText())[1]);
  await yves.goto(`${boys}/transmettre`);
  await yves.sees("il en manque");
  await yves.goto(boys);
  const [download] = await Promise.all([
    yves.page.waitForEvent("download"),
    yves.page.getByRole("link", { name: "Exporter avec les noms (CSV)" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).slice(1).trimEnd().split("\r\n");
  equal(lines.length, left + 1, "a line each");
  const rows = lines.slice(1).map((line) => line.split(";"));
  equal(rows.some((row) => taken.includes(row[1])), false, "somebody of the other boarding school in the file");
  const file = (rows) => ({
    files: {
      name: "internat.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(`\ufeff${[lines[0], ...rows.map((row) => row.join(";"))].join("\r\n")}\r\n`),
    },
  });
  await yves.goto(`${boys}/import`);
  await yves.fill({ "Fichier du classement": file(rows.slice(1)) });
  await yves.click("Vérifier ce fichier");
  await yves.sees("est absent du fichier");
  await yves.fill({ "Fichier du classement": file(rows.map((row, i) => [String(rows.length - i), ...row.slice(1)])) });
  await yves.click("Vérifier ce fichier");
  await yves.sees("Rien n’est encore enregistré");
  await yves.screenshot("internat-import");
  await yves.click("Appliquer ce classement");
  await yves.sees(SAVED);
  const shown = await ranked(yves.page);
  equal(shown.join(), rows.map((row) => row[1]).reverse().slice(0, shown.length).join(), "the order of the file");
}

/** What is transmitted is seen, and frozen; once the step is over nothing is declared. */
async function after(stage, yves, list, boys) {
  await yves.goto(list);
  await yves.sees("Classement transmis le");
  await yves.screenshot("internat-liste-transmis");
  equal(await yves.page.getByRole("button", { name: /^Retirer/ }).count(), 0, "removal offered once transmitted");
  await yves.fill({ "Nom de l’internat": "Troisième", Places: 3, "Internat mixte": true });
  await yves.fill({ [COURSE]: true });
  await yves.click("Enregistrer l’internat");
  await yves.sees("les internats de ces formations ne changent plus");
  equal(await (await yves.field("Nom de l’internat")).inputValue(), "Troisième", "what was typed stays");
  await stage.clock("2024-05-22T08:00");
  await yves.goto(list);
  await yves.sees("est close depuis le mardi 21 mai 2024 à 23 h 59");
  equal(await yves.page.locator('main form[method="post"] button').count(), 0, "acts offered after the end");
  await yves.goto(boys);
  await yves.sees("Il ne se modifie plus");
}

/** File numbers of the candidates of the page that have a field for their rank, in their order. */
async function numbers(page) {
  const fields = await page.locator('main tbody input[name^="rang-"]').all();
  return Promise.all(fields.map(async (field) => (await field.getAttribute("name")).slice(5)));
}

/** Those of them who have a rank. */
async function ranked(page) {
  const found = [];
  for (const number of await numbers(page)) {
    if ((await value(page, number)) !== "") found.push(number);
  }
  return found;
}

const type = (page, number, rank) => page.locator(`input[name="rang-${number}"]`).fill(rank);
const value = (page, number) => page.locator(`input[name="rang-${number}"]`).inputValue();
