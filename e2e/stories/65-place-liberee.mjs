// A place given back goes to the next of the waiting list: a candidate declines, one agent computes, another publishes, and
// the run, the next candidate's page and the public sheet say the same.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "a declined place goes to the next candidate of the waiting list";
export const moment = "admission";

const PASSWORD = "Tilleul-Cascade-2024";

export async function run(stage) {
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto("/gestion/2024/formations");
  await emilie.goto(await emilie.page.locator('main a[href*="/formations/"]').first().getAttribute("href"));
  // The same title may be taught elsewhere: the card of a wish bears the school as well.
  const school = (await emilie.page.locator("main .fr-text--lead").first().textContent()).split(" – ")[0].trim();
  const course = { title: (await emilie.page.locator("h1").textContent()).trim(), school };
  const sheet = await emilie.page.locator('main a[href^="/formations/"]').first().getAttribute("href");
  await emilie.goto(await emilie.page.locator('main a[href*="/groupes/"]').nth(1).getAttribute("href"));
  const group = (await emilie.page.locator("h1").textContent()).replace(/^Classement – /, "").trim();
  const ranked = await ranking(emilie.page);
  const before = await lastCalled(stage, sheet, group);
  equal(before > 0, true, "the first day called somebody");

  // The best ranked one who still has the proposition, and those who wait next to the last called.
  const [holder] = await those(stage, ranked, 1, (card) => card.getByRole("link", { name: /^Répondre/ }).count(), course);
  const near = [...ranked].sort((a, b) => Math.abs(a.rank - before - 2) - Math.abs(b.rank - before - 2));
  const waiting = await those(stage, near, 3, (card) => card.filter({ hasText: "Votre place dans la liste d’attente" }).count(), course);
  for (const person of waiting) {
    person.call = Number(/rang d’appel\s*(\d+)/.exec(await wish(person, course).innerText())[1]);
    equal(person.call > before, true, `${person.name} waits, at call rank ${person.call} after ${before}`);
  }
  waiting.sort((a, b) => a.call - b.call);
  const [next] = waiting;
  await next.screenshot("place-liberee-attente");

  await declines(holder, course);
  const last = await publishesTheDay(stage, sheet, group, before, next.call);

  // Down to the last called, each has a proposition; the others wait on, each at a place nearer.
  for (const person of waiting) {
    await person.goto("/candidat/voeux");
    const offers = await wish(person, course).getByRole("link", { name: /^Répondre/ }).count();
    equal(offers, person.call <= last ? 1 : 0, `propositions of ${person.name}, at call rank ${person.call} for ${last}`);
  }
  await next.screenshot("place-liberee-proposition");
  await holder.goto("/candidat/voeux");
  equal(await wish(holder, course).getByRole("link", { name: /^Répondre/ }).count(), 0, "what was declined does not come back");
}

async function declines(holder, course) {
  await holder.goto("/candidat/voeux");
  await wish(holder, course).getByRole("link", { name: /^Répondre/ }).click();
  await holder.page.waitForLoadState("load");
  await holder.check();
  await holder.sees("La place est proposée à une autre personne");
  await holder.click("Je refuse");
  await holder.screenshot("place-liberee-refus");
  await holder.page.locator("main form button").first().click();
  await holder.page.waitForLoadState("load");
  await holder.check();
  await holder.sees("Votre réponse est enregistrée");
}

/** The next morning: computed by one, published by another; the public sheet shows it only then. */
async function publishesTheDay(stage, sheet, group, before, rank) {
  await stage.clock("2024-06-01T08:00");
  const claire = await stage.persona("Claire Fontaine");
  await claire.goto("/national/2024/propositions");
  await claire.page.locator("main form button").first().click();
  // All of France is computed meanwhile; the page that follows it leads by itself to the run.
  await claire.page.waitForURL(/\/passages\//, { timeout: 90_000 });
  await claire.page.waitForLoadState("load");
  await claire.check();
  const run = new URL(claire.page.url()).pathname;
  const row = await rowOfTheRun(claire, run, sheet, group);
  equal(row.proposed > 0 && row.last >= rank, true, `${row.proposed} proposed down to rank ${row.last}, for rank ${rank}`);
  await claire.screenshot("place-liberee-passage");
  equal(await lastCalled(stage, sheet, group), before, "nothing is public before the publication");

  const malik = await stage.persona("Malik Berthier");
  await malik.goto(`${run}/publier`);
  await malik.page.locator("main form button").first().click({ timeout: 90_000 });
  await malik.page.waitForLoadState("load");
  await malik.check();
  await malik.sees("Le passage est publié");
  equal(await lastCalled(stage, sheet, group), row.last, "the public reads the last rank called");
  return row.last;
}

/** Candidates of the ranking as its page lists them. */
async function ranking(page) {
  const rows = await page.locator("main tbody tr").all();
  const ranked = [];
  for (const row of rows) {
    const [who, rank] = await row.locator("th, td").allTextContents();
    const [, name, number] = /^(.+) \(dossier nº\s(\d+)\)$/.exec(who.trim());
    if (/^\d+$/.test(rank.trim())) ranked.push({ name, number, rank: Number(rank) });
  }
  return ranked;
}

/** Signs in as one after the other until so many have a wish for the course as wanted; their windows stay open. */
async function those(stage, candidates, count, wanted, course) {
  const found = [];
  for (const candidate of candidates.slice(0, 12)) {
    const visitor = await signsIn(stage, candidate);
    await visitor.goto("/candidat/voeux");
    if ((await wanted(wish(visitor, course))) > 0) found.push(visitor);
    else await visitor.close();
    if (found.length === count) return found;
  }
  throw new Error(`${found.length} of ${count} candidates in the situation wanted for ${course.title}`);
}

/** The card of a course among the wishes. */
const wish = (visitor, { title, school }) =>
  visitor.page.locator(".carte").filter({ hasText: title }).filter({ hasText: school }).first();

/** Addresses are made of the names; those who bear the same name have a number more. */
async function signsIn(stage, { name, number }) {
  const words = name.split(" ");
  const plain = (text) => text.normalize("NFD").toLowerCase().replace(/œ/g, "oe").replace(/[^a-z0-9]/g, "");
  for (let twin = 1; twin < 8; twin += 1) {
    for (let cut = 1; cut < words.length; cut += 1) {
      const [family, first] = [words.slice(0, cut).join(" "), words.slice(cut).join(" ")];
      const visitor = await stage.visitor({ name, size: PHONE });
      await visitor.goto("/connexion");
      await visitor.page.locator('input[type="email"]').fill(`${plain(first)}.${plain(family)}${twin > 1 ? twin : ""}@courriel.example`);
      await visitor.page.locator('input[type="password"]').fill(PASSWORD);
      await visitor.page.locator("main form button[type=submit]").first().click();
      await visitor.page.waitForLoadState("load");
      await visitor.page.goto("/candidat");
      const greeting = (await visitor.page.locator("main").innerText()).replace(/\s/g, " ");
      if (greeting.includes(`numéro ${number}.`)) return visitor;
      await visitor.close();
    }
  }
  throw new Error(`no account of ${name} (${number})`);
}

/** The last rank called of a group, as the public reads it. */
async function lastCalled(stage, sheet, group) {
  const visitor = await stage.visitor({ name: "public", size: PHONE });
  await visitor.goto(sheet);
  await visitor.sees("Rang du dernier appelé");
  const row = visitor.page.locator("main tbody tr", { hasText: group }).first();
  const last = await row.locator("td").last().textContent();
  await visitor.screenshot("place-liberee-fiche");
  return Number(last.replace(/\s/g, ""));
}

/** The line of a group in the run, on whichever page it stands; the visitor is left there. */
async function rowOfTheRun(visitor, run, sheet, group) {
  for (let page = 1; page <= 100; page += 1) {
    await visitor.page.goto(`${run}?page=${page}`);
    const row = visitor.page
      .locator("main tbody tr")
      .filter({ has: visitor.page.locator(`a[href="${sheet}"]`) })
      .filter({ hasText: group });
    if ((await row.count()) === 0) continue;
    await visitor.check();
    const cells = (await row.first().locator("td").allTextContents()).map((text) => Number(text.replace(/\s/g, "")));
    return { proposed: cells[3], last: cells[5] };
  }
  throw new Error(`${run} has no line for ${sheet}, ${group}`);
}
