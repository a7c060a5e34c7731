// The guide to settings: its pictures (`cargo xtask captures` takes them again), then it is read without an account, searched with
// everybody's words, printed as one document, reached from the screen that one is stopped at, by who may only read and once it is over.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { PHONE, WIDE } from "../lib/browser.mjs";
import { Captures } from "../lib/captures.mjs";
import { fillPlaces } from "../lib/places.mjs";
import { equal } from "../lib/story.mjs";
import { OUT } from "../lib/visitor.mjs";

export const name = "the guide to settings, read, searched, printed, linked from its screens, and its pictures";
export const moment = "parametrage";

const GUIDE = "/documentation/parametrage";
const COURSE = 'main a[href*="/formations/"]:has-text("Diététique")';

export async function run(stage) {
  await pictures(stage);
  await reads(stage);
  await prints(stage);
  const screens = await helps(stage);
  await asTheWrongRole(stage, screens);
  await outsideItsWindow(stage, screens);
}

async function reads(stage) {
  const phone = await stage.visitor({ name: "reader", size: PHONE, javaScript: false });
  await phone.goto("/documentation");
  await phone.click("Lire ou imprimer le guide du paramétrage");
  await phone.sees("Ce qui est ouvert, et jusqu’à quand");
  await phone.sees("13 décembre 2023");
  await phone.screenshot("guide-parametrage");
  for (const [asked, found] of [
    ["je n’ai plus le temps", "Je n’ai plus le temps avant la date limite"],
    ["NOUVEAU PROVISEUR", "Le chef d’établissement"],
    ["projet motive", "Demander une lettre de motivation, ou non"],
    ["excel refuse", "Le classeur est refusé"],
    ["champ bloqué", "Un champ ne se modifie pas"],
  ]) {
    await phone.goto("/documentation");
    await phone.fill({ "Chercher dans la documentation": asked });
    await phone.click("Rechercher");
    await phone.sees(found);
  }
  // Both guides answer the same search, each under its title.
  await phone.goto("/documentation?q=excel");
  for (const guide of ["Guide des comptes", "Documentation – Paramétrage"]) {
    equal(await phone.page.getByRole("heading", { name: guide, exact: true }).count(), 1, `the answers of « ${guide} »`);
  }
}

async function prints(stage) {
  const printer = await stage.visitor({ name: "printer" });
  await printer.goto(GUIDE);
  await printer.page.emulateMedia({ media: "print" });
  const missing = await printer.page.evaluate(() =>
    [...document.querySelectorAll(".capture img")].filter((image) => !image.complete || image.naturalWidth === 0).map((image) => image.src),
  );
  equal(missing.join(" "), "", "pictures that did not arrive");
  const pdf = await printer.page.pdf({ format: "A4", preferCSSPageSize: true, tagged: true });
  await writeFile(join(OUT, "guide-parametrage.pdf"), pdf);
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  if (pages < 10) throw new Error(`the printed guide has ${pages} pages`);
}

/** In another tab: the section of the guide is there, and what is being typed stays. */
async function leads(visitor, path) {
  const link = visitor.page.getByRole("link", { name: /^Aide : .*\(nouvel onglet\)$/ });
  equal(await link.count(), 1, `links to the guide from ${path}`);
  const opened = visitor.context.waitForEvent("page");
  await link.click();
  const tab = await opened;
  await tab.waitForLoadState("load");
  const { pathname, hash } = new URL(tab.url());
  equal(pathname, GUIDE, `the guide from ${path}`);
  equal(await tab.locator(hash).count(), 1, `the section ${hash} from ${path}`);
  await tab.close();
}

/** From each screen. Gives where the establishment and one of its courses are. */
async function helps(stage) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024/etablissements");
  const house = new URL(yves.page.url()).pathname;
  await yves.goto("/gestion/2024/lot");
  const course = await yves.page.locator('main table a[href*="/formations/"]').first().getAttribute("href");
  for (const path of [
    house,
    `${house}/coordonnees`,
    `${house}/chef`,
    course,
    `${course}/grille`,
    `${course}/copier?source=modele`,
    `${course}/publier`,
    "/gestion/2024/lot",
    "/gestion/2024/lot/capacites",
    "/gestion/2024/classeur",
  ]) {
    await yves.goto(path);
    await leads(yves, path);
  }
  return { house, course };
}

/** Who only reads is told so in the words that the guide quotes, and led to the same sections; the auditor reads the guide alone. */
async function asTheWrongRole(stage, { house, course }) {
  const karim = await stage.persona("Karim Dubrulle");
  const told = "Votre rôle permet de lire ces informations, pas de les modifier.";
  for (const path of [`${house}/coordonnees`, `${course}/contacts`]) {
    await karim.goto(path);
    await karim.sees(told);
    equal(await karim.page.locator("#saisie button").count(), 0, `buttons of ${path} for who only reads`);
    await leads(karim, path);
  }
  await karim.goto("/gestion/2024/lot");
  equal(await karim.page.getByRole("button", { name: /cochées$/ }).count(), 0, "acts on many courses for who only reads");
  await karim.goto("/documentation");
  await karim.fill({ "Chercher dans la documentation": "champ grisé" });
  await karim.click("Rechercher");
  await karim.click("Un champ ne se modifie pas");
  await karim.arrives((url) => url.hash === "#q-champ-grise", "the answer to a field that is read only");
  await karim.sees(told);
  const solene = await stage.persona("Solène Garnier", { allow: [/403/] });
  await solene.goto(`${course}/contacts`, { status: 403 });
  await solene.goto(GUIDE);
  await solene.sees("Qui peut faire quoi");
}

/** Once everything is closed, each screen tells since when, takes nothing more, and leads to the same sections. */
async function outsideItsWindow(stage, { house, course }) {
  await stage.clock("2024-02-01T10:00");
  const yves = await stage.persona("Yves Caron");
  for (const path of [`${house}/coordonnees`, `${course}/contacts`, `${course}/grille`]) {
    await yves.goto(path);
    await yves.sees("est close depuis le");
    equal(await yves.page.locator("#saisie button").count(), 0, `buttons of ${path} once the step is over`);
    await leads(yves, path);
  }
  await yves.goto("/gestion/2024/lot");
  await yves.sees("est close depuis le");
  equal(await yves.page.getByRole("button", { name: /cochées$/ }).count(), 0, "acts on many courses once the steps are over");
  await yves.goto("/documentation");
  await yves.fill({ "Chercher dans la documentation": "date passée" });
  await yves.click("Rechercher");
  await yves.click("La date est passée et il manque quelque chose");
  await yves.arrives((url) => url.hash === "#q-trop-tard", "the answer to what is too late");
  await yves.screenshot("guide-parametrage-trop-tard");
}

async function pictures(stage) {
  const captures = new Captures();
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024/etablissements");
  const house = new URL(yves.page.url()).pathname;
  await yves.goto(`${house}/chef`);
  await captures.take(yves, "parametrage-chef", [
    "main .definitions",
    "#saisie h2",
    "#saisie fieldset >> nth=0",
  ]);
  await yves.goto("/gestion/2024/lot");
  await captures.take(yves, "parametrage-lot", ["main .tableau thead", ...[0, 1, 2].map((n) => `main .tableau tbody tr >> nth=${n}`)], {
    size: WIDE,
  });
  await yves.goto("/gestion/2024/classeur");
  await captures.take(yves, "parametrage-classeur", ["main h2 >> nth=0", 'main h2:has-text("Renvoyer") + ul']);

  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto("/gestion/2024/formations");
  const course = await emilie.page.locator(COURSE).first().getAttribute("href");
  await emilie.goto(course);
  await captures.take(emilie, "parametrage-formation", ['main h2:has-text("Description")', "main h2 + ul.dates"]);
  // Something must differ from last year: everything is carried over.
  await emilie.goto(`${course}/contacts`);
  await emilie.fill({ "Pour échanger avec la formation": "Vie étudiante", "Adresse électronique publique": "etudes@lycee.example" });
  await emilie.page.getByRole("button", { name: "Enregistrer" }).last().click();
  await emilie.sees("La rubrique est enregistrée");
  await emilie.goto(`${course}/copier?source=precedente`);
  await captures.take(emilie, "parametrage-copier", ["main h2", "main .tableau"]);
  await emilie.goto(`${course}/candidature`);
  await captures.take(emilie, "parametrage-candidature", ["#saisie fieldset >> nth=0", "#saisie textarea >> nth=0", "#champ-pieces", "#saisie .ligne-saisie >> nth=0"]);
  await emilie.goto(`${course}/grille`);
  await captures.take(emilie, "parametrage-grille", [
    '#saisie .fr-input-group:has(input[name="poids_1"])',
    '#saisie .fr-select-group:has(select[name="importance_2"])',
  ]);
  await emilie.goto(course);
  await fillPlaces(emilie.page, 26);
  await emilie.fill({ "Frais de scolarité": "0" });
  await emilie.click("Enregistrer");
  await emilie.sees("Vos modifications sont enregistrées");
  await emilie.goto(`${course}/publier`);
  await captures.take(emilie, "parametrage-publier", ["main h2 >> nth=1", "main form"]);
  await captures.end();
}
