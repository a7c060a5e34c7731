// Letter D of the site de gestion: the analysis grid. A course manager sees the chart that candidates will see, types criteria that
// quote what is no longer sent, reads while she types what is wrong, where, why and what to write instead, and mends it; a weight or
// a sum out of bounds is refused and nothing typed is lost; without any script, on a phone, with the keyboard alone, from two tabs,
// as somebody who only reads, and once the step is over.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "the faults of an analysis grid are read while it is typed, mended, and gone";
export const moment = "parametrage";

const SAVED = "La rubrique est enregistrée";

/** Title and elements of the criterion of a field of the grid, as somebody types them who copies the year before. */
const FAULTY = {
  1: ["Résultats", "Moyennes ; pour un quart, notes des épreuves terminales de spécialité"],
  4: ["Projet", "Projet de formation motivé"],
};

/** What the grid is then told: what, where, in which words, why, what to do, and how much it matters. */
const FINDINGS = [
  {
    what: "s’appuie sur les notes des épreuves terminales de spécialité",
    where: "Champ 1 « Résultats académiques »",
    field: 1,
    words: "épreuves terminales de spécialité",
    why: "Lettre de référence (novembre 2023) : en 2024, la grille ne cite pas les notes",
    mend: "Retirez cette mention. Vous pouvez écrire à la place :",
    badge: "À vérifier",
  },
  {
    what: "cite le « projet de formation motivé », qui n’existe plus",
    where: "Champ 4 « Motivation, connaissance de la formation, cohérence du projet »",
    field: 4,
    words: "Projet de formation motivé",
    why: "Lettre de référence (novembre 2023) : le projet de formation motivé disparaît",
    mend: "Écrivez « lettre de motivation » si vous en demandez une",
    badge: "À corriger",
  },
  {
    what: "La lettre de motivation est demandée, mais aucun critère de ce champ ne la nomme",
    where: "Champ 4 « Motivation, connaissance de la formation, cohérence du projet »",
    why: "Lettre de référence (novembre 2023) : quand la lettre de motivation est demandée, la grille dit l’usage",
    mend: "Ajoutez par exemple :",
    badge: "À vérifier",
  },
];

export async function run(stage) {
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto("/gestion/2024/formations");
  const course = await emilie.page.locator("main table tbody th a").first().getAttribute("href");
  const grid = `${course}/grille`;
  await asksLetter(emilie, course);
  await emilie.goto(grid);
  await chart(emilie);
  await drawn(emilie, grid);
  await whileTyping(emilie, grid);
  await sum(emilie, course, grid);
  const proposed = await refused(emilie, grid);
  await mended(emilie, course, grid, proposed);
  await withoutScript(stage, grid);
  await onAPhone(stage, grid);
  await byKeyboard(stage, grid);
  await twoTabs(emilie, grid);
  await reader(stage, grid);
  await over(stage, grid);
}

const squeezed = (text) => text.replace(/\s+/g, " ").trim();
const finding = (page, { what }) => page.locator("#constats li", { hasText: what });
const weight = (page, field) => page.locator(`input[name="poids_${field}"]`);

/** The criterion of a field of the grid, wherever its line is: the number that the form gives it, its fields. */
async function criterion(page, field) {
  const lines = await page
    .locator('select[name^="criteres."][name$=".champ"]')
    .evaluateAll((lists) => lists.map((list) => list.value));
  const line = lines.indexOf(String(field));
  if (line < 0) throw new Error(`no criterion of the field ${field} among « ${lines.join(", ")} »`);
  return {
    number: line + 1,
    title: page.locator(`input[name="criteres.${line}.intitule"]`),
    elements: page.locator(`textarea[name="criteres.${line}.elements"]`),
  };
}

async function typesFaults(page) {
  for (const [field, [title, elements]] of Object.entries(FAULTY)) {
    const typed = await criterion(page, field);
    await typed.title.fill(title);
    await typed.elements.fill(elements);
  }
}

/** What was typed is still there, word for word. */
async function keepsFaults(page, when) {
  for (const [field, [title, elements]] of Object.entries(FAULTY)) {
    const typed = await criterion(page, field);
    equal(await typed.title.inputValue(), title, `the title of the criterion of field ${field}, ${when}`);
    equal(await typed.elements.inputValue(), elements, `the criterion of field ${field}, ${when}`);
  }
}

/** Every finding, whole. Gives what they propose to write: for the marks, for the letter. */
async function told(page) {
  const texts = [];
  for (const one of FINDINGS) {
    const found = finding(page, one);
    await found.waitFor();
    const text = squeezed(await found.textContent());
    for (const part of ["badge", "where", "what", "mend", "why"]) {
      if (!text.includes(one[part])) throw new Error(`a finding without its ${part}, « ${one[part]} »: « ${text} »`);
    }
    if (one.field) {
      const place = `${one.where}, critère ${(await criterion(page, one.field)).number} « ${FAULTY[one.field][0]} »`;
      if (!text.includes(place)) throw new Error(`a finding that is not at « ${place} »: « ${text} »`);
    }
    if (one.words) equal(squeezed(await found.locator("q").textContent()), one.words, "the words that are quoted");
    texts.push(text);
  }
  const proposal = (text, before) => {
    const written = text.match(new RegExp(`${before} : « (.+?) »`))?.[1];
    if (!written) throw new Error(`nothing is proposed in « ${text} »`);
    return written;
  };
  return { marks: proposal(texts[0], "à la place"), letter: proposal(texts[2], "par exemple") };
}

/** The mends that the findings propose, typed as they are written there. */
async function typesMends(page, proposed) {
  await (await criterion(page, 1)).elements.fill(proposed.marks);
  await (await criterion(page, 4)).elements.fill(proposed.letter);
}

async function gone(visitor) {
  await visitor.page.locator("#constats").waitFor();
  for (const one of FINDINGS) equal(await finding(visitor.page, one).count(), 0, `« ${one.what} » once it is mended`);
  await visitor.doesNotSee(/(Un point empêche|points empêchent) la publication/);
}

async function saves(visitor) {
  await visitor.click("Enregistrer");
  await visitor.sees(SAVED);
  await visitor.check();
}

/** The letter is asked of candidates: the grid carried over from last year does not speak of it. */
async function asksLetter(emilie, course) {
  await emilie.goto(`${course}/candidature`);
  await emilie.page.locator('input[name="lettre"][value="oui"]').press("Space");
  await emilie.page.locator('textarea[name="lettre_usage"]').fill("La commission y lit ce que le candidat sait du métier.");
  await saves(emilie);
}

/** The chart that candidates will see: a bar for each field, as long as its weight, a hundred in all. */
async function chart(visitor) {
  const bars = visitor.page.locator(".barres", { hasText: "Poids des champs de la grille" }).locator("tbody tr");
  equal(await bars.count(), 5, "bars");
  equal((await bars.first().textContent()).includes("Résultats académiques"), true, "the first bar says its field");
  let total = 0;
  for (const [place, bar] of (await bars.all()).entries()) {
    const shown = Number.parseInt(await bar.locator("td").textContent(), 10);
    // Who only reads has no field beside it.
    const typed = weight(visitor.page, place + 1);
    if ((await typed.count()) > 0) equal(await typed.inputValue(), String(shown), `the weight of bar ${place + 1}`);
    equal(Number(await bar.locator(".barre__valeur").getAttribute("width")), shown, `the length of bar ${place + 1}`);
    total += shown;
  }
  equal(total, 100, "the bars together");
}

/** The chart follows the weights that are typed, a few seconds after the last key, and nothing of it is saved. */
async function drawn(emilie, grid) {
  const [first, second] = [await weight(emilie.page, 1).inputValue(), await weight(emilie.page, 2).inputValue()];
  const becomes = async (one, two) => {
    await weight(emilie.page, 1).fill(String(one));
    await weight(emilie.page, 2).fill(String(two));
    const bars = emilie.page.locator("#apercu .barres tbody tr");
    for (const [place, shown] of [one, two].entries()) {
      await bars.nth(place).locator("td", { hasText: new RegExp(`^\\s*${shown}\\s%\\s*$`) }).waitFor();
    }
    await chart(emilie);
  };
  await becomes(Number(first) + 3, Number(second) - 3);
  await emilie.screenshot("31-grille-dessin");
  const other = await emilie.newTab();
  await emilie.goto(grid, { page: other });
  equal(await weight(other, 1).inputValue(), first, "the weight in another tab");
  await other.close();
  await becomes(Number(first), Number(second));
}

/** Read a few seconds after the last key, and nothing of it is saved. */
async function whileTyping(emilie, grid) {
  await finding(emilie.page, FINDINGS[2]).waitFor();
  equal(await finding(emilie.page, FINDINGS[1]).count(), 0, "what is told before anything is typed");
  await typesFaults(emilie.page);
  await told(emilie.page);
  await emilie.screenshot("31-grille-constats");
  const other = await emilie.newTab();
  await emilie.goto(grid, { page: other });
  equal(await finding(other, FINDINGS[1]).count(), 0, "what another tab is told of what is not saved");
  equal((await (await criterion(other, 4)).elements.inputValue()) === FAULTY[4][1], false, "saved by the reading");
  await other.close();
}

/** A hundred and fifty in all: said while it is typed, kept as a draft, and nothing can be published. */
async function sum(emilie, course, grid) {
  const right = await weight(emilie.page, 1).inputValue();
  await weight(emilie.page, 1).fill(String(Number(right) + 50));
  const wrong = emilie.page.locator("#constats li", { hasText: "Les poids des cinq champs font 150 % au lieu de 100 %" });
  await wrong.waitFor();
  const text = squeezed(await wrong.textContent());
  for (const part of ["À corriger", "Grille entière", "Retirez 50 % au total", "cinq champs, dont les poids font 100 %"]) {
    if (!text.includes(part)) throw new Error(`a wrong sum without « ${part} »: « ${text} »`);
  }
  await saves(emilie);
  await emilie.sees(/points empêchent la publication/);
  await keepsFaults(emilie.page, "saved as a draft");
  await emilie.screenshot("31-grille-somme");
  await emilie.goto(`${course}/publier`);
  await emilie.sees("la correction de la grille d’analyse");
  equal(await emilie.page.getByRole("button", { name: "Soumettre au service académique" }).count(), 0, "a wrong grid is submitted");
  await emilie.goto(grid);
  await keepsFaults(emilie.page, "opened again");
  await weight(emilie.page, 1).fill(right);
  await wrong.waitFor({ state: "detached" });
}

/** One weight of a hundred and fifty is refused beside its field; what was typed elsewhere stays. Gives what is proposed. */
async function refused(emilie, grid) {
  const proposed = await told(emilie.page);
  const right = await weight(emilie.page, 1).inputValue();
  await weight(emilie.page, 1).fill("150");
  await emilie.click("Enregistrer");
  await emilie.sees("Saisissez un nombre entier compris entre 0 et 100");
  equal(await weight(emilie.page, 1).inputValue(), "150", "the refused weight");
  await keepsFaults(emilie.page, "refused");
  await emilie.screenshot("31-grille-refusee");
  await weight(emilie.page, 1).fill(right);
  await saves(emilie);
  await emilie.goto(grid);
  equal(await weight(emilie.page, 1).inputValue(), right, "the weight, right again");
  return proposed;
}

/** The words of each finding, typed as it proposes them: it goes while one types, stays away once saved, and the course may go on. */
async function mended(emilie, course, grid, proposed) {
  await typesMends(emilie.page, proposed);
  for (const one of FINDINGS) await finding(emilie.page, one).waitFor({ state: "detached" });
  await saves(emilie);
  await gone(emilie);
  await chart(emilie);
  await emilie.screenshot("31-grille-corrigee");
  await emilie.goto(`${course}/publier`);
  await emilie.doesNotSee("la correction de la grille d’analyse");
  await emilie.goto(grid);
  await gone(emilie);
}

/** The same with a button in place of the script. */
async function withoutScript(stage, grid) {
  const emilie = await stage.persona("Émilie Wattel", { javaScript: false });
  await emilie.goto(grid);
  await gone(emilie);
  await typesFaults(emilie.page);
  await emilie.click("Relire sans enregistrer");
  const proposed = await told(emilie.page);
  await keepsFaults(emilie.page, "read again");
  const right = await weight(emilie.page, 1).inputValue();
  await weight(emilie.page, 1).fill("150");
  await emilie.click("Enregistrer");
  await emilie.sees("Saisissez un nombre entier compris entre 0 et 100");
  equal(await weight(emilie.page, 1).inputValue(), "150", "the refused weight, without a script");
  await keepsFaults(emilie.page, "refused without a script");
  await weight(emilie.page, 1).fill(right);
  await typesMends(emilie.page, proposed);
  await saves(emilie);
  await gone(emilie);
  await emilie.close();
}

/** On a phone: saved with its faults, as a draft, so that the page is judged with them; then mended. */
async function onAPhone(stage, grid) {
  const phone = await stage.persona("Émilie Wattel", { size: PHONE });
  await phone.goto(grid);
  await chart(phone);
  await typesFaults(phone.page);
  const proposed = await told(phone.page);
  await phone.screenshot("31-grille-telephone");
  await saves(phone);
  await phone.goto(grid);
  await told(phone.page);
  await typesMends(phone.page, proposed);
  await saves(phone);
  await gone(phone);
  await phone.close();
}

/** The administrator of the site, without a mouse, from the first field of the grid to the button that saves it. */
async function byKeyboard(stage, grid) {
  const yves = await stage.persona("Yves Caron");
  const { keyboard } = yves.page;
  const types = async (text) => {
    await keyboard.press("Control+A");
    await keyboard.type(text);
  };
  await yves.goto(grid);
  await yves.tabTo("Contenu", { limit: 1 });
  await yves.enter();
  await yves.tabTo(/^Poids des résultats académiques/, { limit: 30 });
  const [first, second] = [Number(await weight(yves.page, 1).inputValue()), Number(await weight(yves.page, 2).inputValue())];
  await types(String(first + 5));
  await yves.tabTo(/^Poids des compétences/, { limit: 3 });
  await types(String(second - 5));
  await yves.tabTo(/^Importance des compétences/, { limit: 2 });
  await keyboard.type("Imp");
  await yves.tabTo(/^Éléments du dossier pris en compte/, { limit: 20 });
  await types("Moyennes de première et de terminale, d’après les bulletins.");
  await yves.tabTo("Enregistrer", { limit: 80 });
  await yves.enter();
  await yves.sees(SAVED);
  await yves.check();
  equal(await weight(yves.page, 1).inputValue(), String(first + 5), "the first weight, by the keyboard");
  equal(await weight(yves.page, 2).inputValue(), String(second - 5), "the second weight, by the keyboard");
  equal(await yves.page.locator('select[name="importance_2"]').inputValue(), "important", "the importance, by the keyboard");
  equal(
    await yves.page.locator('textarea[name="criteres.0.elements"]').inputValue(),
    "Moyennes de première et de terminale, d’après les bulletins.",
    "the criterion, by the keyboard",
  );
  await chart(yves);
  await yves.close();
}

/** A tab out of date overwrites nothing, keeps what was typed, and saves it once it was compared. */
async function twoTabs(emilie, grid) {
  const advice = (page) => page.locator('textarea[name="conseils"]');
  const stale = await emilie.newTab();
  await emilie.goto(grid, { page: stale });
  await emilie.goto(grid);
  await advice(emilie.page).fill("Venez aux journées portes ouvertes.");
  await saves(emilie);
  await advice(stale).fill("Relisez la fiche avant de confirmer votre vœu.");
  const answer = stale.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith(grid));
  await emilie.click("Enregistrer", { page: stale });
  equal((await answer).status(), 409, "the answer to the stale tab");
  await emilie.sees("Rien n’a été écrasé", { page: stale });
  equal(await advice(stale).inputValue(), "Relisez la fiche avant de confirmer votre vœu.", "what was typed there");
  await emilie.click("Enregistrer", { page: stale });
  await emilie.sees(SAVED, { page: stale });
  await stale.close();
}

/** Who has no right to write reads the whole grid, its chart too, and is offered nothing to send. */
async function reader(stage, grid) {
  const karim = await stage.persona("Karim Dubrulle");
  await karim.goto(grid);
  await karim.sees("Votre rôle permet de lire ces informations");
  await chart(karim);
  equal(await karim.page.locator("#saisie button").count(), 0, "buttons offered to who only reads");
  const open = karim.page.locator("#saisie").locator("input:not([type=hidden]):enabled, select:enabled, textarea:enabled");
  equal(await open.count(), 0, "fields open to who only reads");
  await karim.screenshot("31-grille-lecture");
  await karim.close();
}

async function over(stage, grid) {
  await stage.clock("2024-02-01T10:00");
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto(grid);
  await emilie.sees("est close depuis le mercredi 13 décembre 2023 à 23 h 59");
  equal(await emilie.page.locator("#saisie button").count(), 0, "buttons once the step is over");
}
