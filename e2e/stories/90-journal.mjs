// Reading a record leaves a trace: the candidate sees who read it, the auditor finds it in the journal and takes it away in a
// file, the national team lists what an account saw; who has no right to the journal is told nothing of it.

import { readFile } from "node:fs/promises";

import { equal } from "../lib/story.mjs";

export const name = "who read my record, and what the journal says of it";
export const moment = "examen";

const COURSE = 'main a[href*="/formations/"]:has-text("Diététique")';
const GROUP = 'main a[href*="/groupes/"]';

export async function run(stage) {
  // Émilie reads the records of a group.
  const emilie = await stage.persona("Émilie Wattel", { allow: [/403/] });
  await emilie.goto("/gestion/2024/formations");
  await follow(emilie, COURSE);
  await follow(emilie, GROUP);
  await emilie.goto("/journal", { status: 403 });
  await emilie.doesNotSee("Pas encore prouvées");

  // The auditor finds the reading, its account and its establishment; this consultation is recorded too.
  const solene = await stage.persona("Solène Garnier", { allow: [/422/] });
  await solene.goto("/national/2024");
  await solene.click("Journal d’audit");
  await solene.sees("Pas encore prouvées");
  await solene.sees("Votre consultation est elle-même consignée");
  await solene.check();
  await solene.screenshot("journal");
  await solene.page.locator('select[name="action"]').selectOption("consulter_dossiers");
  await solene.click("Chercher");
  await solene.sees("Émilie Wattel");
  await solene.sees(/Lire les dossiers des candidats\s: lu/);
  await solene.screenshot("journal-recherche");

  // As a file: as many lines as entries, and the export leaves its own.
  const [download] = await Promise.all([
    solene.page.waitForEvent("download"),
    solene.page.getByRole("link", { name: "Télécharger au format CSV" }).click(),
  ]);
  const csv = await readFile(await download.path(), "utf8");
  equal(csv.startsWith("\ufeffNuméro;"), true, "the file begins with its headers");
  equal(csv.includes("Émilie Wattel"), true, "the reading is in the file");
  await solene.goto("/journal?action=consulter_journal");
  await solene.sees("journal export");

  // A wrong date is told beside its field.
  await solene.goto("/journal?du=demain", { status: 422 });
  await solene.sees("Saisissez une date qui existe");

  // What an account saw, person by person.
  const claire = await stage.persona("Claire Fontaine");
  await claire.goto("/journal/vus");
  const today = new Date().toISOString().slice(0, 10);
  await claire.page.locator('input[name="compte"]').fill("responsable@parcoursup.example");
  await claire.page.locator('input[name="du"]').fill(today);
  await claire.page.locator('input[name="au"]').fill(today);
  await claire.click("Établir la liste");
  await claire.sees(/personnes vues en/);
  await claire.check();
  await claire.screenshot("journal-vus");
  await claire.goto("/alarmes");
  // An export from a network where the account was not known the day before gave the alarm.
  await claire.sees("Un fichier a été exporté depuis un réseau inconnu de ce compte");
  await claire.screenshot("alarmes");

  // The administrator of the establishment reads what was done on its behalf, and no more.
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024");
  await yves.click("Journal de mon établissement");
  await yves.sees("Votre établissement.");
  await yves.doesNotSee("Pas encore prouvées");
  await yves.doesNotSee("Solène Garnier");

  // A candidate sees by whom, never a name.
  const scout = await stage.visitor({ name: "scout" });
  await scout.goto("/dev");
  const card = scout.page.locator(".carte", { hasText: "@courriel.example" }).first();
  const lea = await stage.persona((await card.locator("h3").textContent()).trim());
  await lea.goto("/candidat");
  await lea.click(/^Qui a vu mon dossier/);
  await lea.sees("Chaque lecture de votre dossier par quelqu’un d’autre que vous");
  await lea.doesNotSee("Émilie Wattel");
  await lea.check();
  await lea.screenshot("qui-a-vu");
}

/** Follows the first link that a selector finds. */
async function follow(visitor, selector) {
  await visitor.goto(await visitor.page.locator(selector).first().getAttribute("href"));
}
