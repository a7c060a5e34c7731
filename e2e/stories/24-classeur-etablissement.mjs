// The administrator changes the sites of the establishment in a spreadsheet, with the courses that are given there: a site that the file
// adds is named by a course of the same file, one that it takes away is left by its courses in the same file. What is wrong is told by
// sheet, line and column, what would be lost is counted; a course manager has none of these sheets, and once the steps are over a file
// changes what is still open and says why the rest is not.

import { readFile } from "node:fs/promises";

import { equal } from "../lib/story.mjs";
import { readSheets, writeSheets } from "../lib/xlsx.mjs";

export const name = "the sites of an establishment and its courses, in one workbook";
export const moment = "parametrage";

const PAGE = "/gestion/2024/classeur";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SAVED = "Les changements du fichier sont enregistrés";
const COURSES = "Formations";
const SITES = "Sites de formation";
const OPEN_DAYS = "Journées portes ouvertes";
/** The column of the first sheet that names a site. */
const SITE = "Site de formation";

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  // Five files leave in an hour: each of them serves as long as nothing was changed.
  const course = await named(yves);
  const book = await stays(yves, course);
  await faulty(yves, book, course);
  await moved(yves, book, course);
  const after = await exported(yves);
  await manager(stage, after.get(SITES));
  await over(stage, after);
}

const submit = async (visitor, label) => {
  await visitor.page.getByRole("button", { name: label }).last().click();
  await visitor.page.waitForLoadState("load");
};

async function exported(visitor) {
  await visitor.goto(PAGE);
  const started = visitor.page.waitForEvent("download");
  await visitor.page.getByRole("link", { name: "Classeur XLSX" }).click();
  const download = await started;
  equal(download.suggestedFilename(), "parametrage-2024.xlsx", "the file");
  return readSheets(await readFile(await download.path()));
}

async function sends(visitor, sheets) {
  await visitor.goto(PAGE);
  const buffer = writeSheets(new Map(sheets));
  await visitor.page.locator('input[type="file"]').setInputFiles({ name: "parametrage.xlsx", mimeType: XLSX, buffer });
  await submit(visitor, "Vérifier ce fichier");
  await visitor.check();
}

/** The columns of the first sheet that say which course a line is about, and where it is given. */
function where(rows) {
  const kept = ["Identifiant", "Formation", "Établissement", SITE].map((title) => rows[0].indexOf(title));
  if (kept.includes(-1)) throw new Error(rows[0].join(" | "));
  return rows.map((row) => kept.map((column) => row[column] ?? ""));
}

/** A line of the sites of the establishment of these. */
const site = (rows, ...cells) => [rows[1][0], rows[1][1], "", ...cells, "", ""];

/** The faults of the report, one a line, with ordinary spaces. */
const faults = async (visitor) =>
  (await visitor.page.locator("main table tbody tr").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));

function tells(fault, ...parts) {
  for (const part of parts) equal(fault.includes(part), true, `« ${part} » in « ${fault} »`);
}

/** A new site, and a course that is given there at once. */
async function named(yves) {
  const book = await exported(yves);
  const [courses, sites] = [where(book.get(COURSES)), book.get(SITES)];
  const course = courses.find((row) => row[3] === "Site principal");
  if (!course) throw new Error(courses.map((row) => row.join(" | ")).join("\n"));
  course[3] = "Annexe du port";
  sites.push(site(sites, "Annexe du port", "4 rue du Port", "80100", "Abbeville"));
  await sends(yves, [[COURSES, courses], [SITES, sites]]);
  await yves.sees("2 changements à vérifier");
  await yves.doesNotSee("ligne retirée");
  await yves.screenshot("24-sites-ajout");
  await submit(yves, "Appliquer ces changements");
  await yves.sees(SAVED);
  return course[0];
}

/** The site is taken away under a course: the fault is of the sheet of the sites, and says which course and where it is in the file. */
async function stays(yves, course) {
  const book = await exported(yves);
  const courses = where(book.get(COURSES));
  equal(courses.find((row) => row[0] === course)[3], "Annexe du port", "the site of the course, once it is applied");
  const sites = book.get(SITES).filter((row) => row[3] !== "Annexe du port");
  await sends(yves, [[COURSES, courses], [SITES, sites]]);
  await yves.sees("Le fichier est refusé : 1 faute");
  const [fault] = await faults(yves);
  const line = courses.findIndex((row) => row[0] === course) + 1;
  tells(fault, SITES, "Des formations s’y donnent encore", `feuille « ${COURSES} », ligne ${line}`);
  await yves.screenshot("24-sites-nomme");
  return book;
}

/** The same with the course moved to a site of the file, which has a fault. */
async function replaced(yves, book, course, postCode) {
  const courses = where(book.get(COURSES));
  courses.find((row) => row[0] === course)[3] = "Quai des études";
  const sites = book.get(SITES).filter((row) => row[3] !== "Annexe du port");
  sites.push(site(sites, "Quai des études", "1 quai du Port", postCode, "Abbeville"));
  await sends(yves, [[COURSES, courses], [SITES, sites]]);
  return sites.length;
}

async function faulty(yves, book, course) {
  const line = await replaced(yves, book, course, "8010");
  await yves.sees("Le fichier est refusé : 1 faute");
  const all = await faults(yves);
  equal(all.length, 1, "one fault");
  tells(all[0], SITES, String(line), "Code postal", "cinq chiffres");
  await yves.screenshot("24-sites-faute");
}

/** Mended: what would change and be lost is read, then applied, and the pages show it. */
async function moved(yves, book, course) {
  await replaced(yves, book, course, "80100");
  await yves.sees("Rien n’est encore enregistré");
  await yves.sees("1 ligne retirée : Annexe du port – 4 rue du Port, 80100 Abbeville.");
  await yves.screenshot("24-sites-difference");
  await submit(yves, "Appliquer ces changements");
  await yves.sees(SAVED);
  await yves.check();
  await yves.goto(`/gestion/2024/formations/${course}/caracteristiques`);
  const chosen = yves.page.locator('select[name="site"] option:checked');
  equal((await chosen.innerText()).trim(), "Quai des études", "the site of the course");
  await yves.goto("/gestion/2024");
  await yves.click("Mon établissement");
  await yves.goto(`${new URL(yves.page.url()).pathname}/sites`);
  await yves.sees("Quai des études");
  await yves.sees("1 quai du Port, 80100 Abbeville");
  await yves.doesNotSee("4 rue du Port");
  await yves.screenshot("24-sites-page");
}

/** A course manager has no sheet of the establishment, and may send none. */
async function manager(stage, sheet) {
  const emilie = await stage.persona("Émilie Wattel");
  const book = await exported(emilie);
  for (const title of ["Établissement", "Composantes", SITES, OPEN_DAYS]) {
    equal(book.has(title), false, `the sheet « ${title} » of a course manager`);
  }
  await sends(emilie, [[SITES, sheet]]);
  await emilie.sees("Le fichier est refusé : 1 faute");
  tells((await faults(emilie))[0], SITES, "Votre rôle ne permet pas de décrire l’établissement");
  await emilie.screenshot("24-sites-role");
}

/** Once every step is over: a site is refused, an open day is told. */
async function over(stage, book) {
  const sheet = book.get(SITES);
  await stage.clock("2024-02-01T10:00");
  const yves = await stage.persona("Yves Caron");
  await yves.goto(PAGE);
  await yves.sees("est close depuis le");
  await yves.sees("les journées portes ouvertes à venir");
  await yves.screenshot("24-sites-close");
  const sites = [...sheet, site(sheet, "Antenne", "2 rue Neuve", "80100", "Abbeville")];
  await sends(yves, [[SITES, sites]]);
  const [fault] = await faults(yves);
  tells(fault, SITES, String(sites.length), "est close depuis le");
  const days = book.get(OPEN_DAYS);
  days.push([sheet[1][0], sheet[1][1], "", "16/03/2024", "9:00", "12:00", "non", "Hall d’accueil"]);
  await sends(yves, [[OPEN_DAYS, days]]);
  await yves.sees("1 changement à vérifier");
  await submit(yves, "Appliquer ces changements");
  await yves.sees(SAVED);
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto(PAGE);
  await emilie.sees("est close depuis le");
  equal(await emilie.page.locator('input[type="file"]').count(), 0, "a file asked for, with nothing open");
}
