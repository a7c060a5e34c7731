// The academic service sets the minimum rates of scholarship holders: one group, then all that lack one; wrong input is kept
// and explained, a page out of date overwrites nothing, nobody else reaches these pages, the step has an end.

import { equal } from "../lib/story.mjs";

export const name = "the academic service sets the scholarship rates";
export const moment = "examen";

const RATE = "Taux minimum de boursiers";
const OTHERS = "Taux maximum de non-résidents";
const LACKING = "/academie/2024?manquants=oui";

export async function run(stage) {
  const henri = await stage.persona("Henri Delattre");
  await henri.goto(LACKING);
  const before = await missing(henri);
  equal(before > 100, true, "groups without a rate at first");
  const path = await henri.page.locator('main a[href*="/taux/"]').first().getAttribute("href");
  await henri.goto(path);
  const stale = await henri.newTab();
  await stale.goto(path);

  // Too much, letters, nothing: each told at its field, and kept.
  for (const [typed, told] of [
    ["120", "entre 5 et 100"],
    ["abc", "entre 5 et 100"],
    ["", "entre 5 et 100"],
  ]) {
    await henri.fill({ [RATE]: typed, [OTHERS]: "30" });
    await henri.click("Enregistrer les taux");
    await henri.sees(told);
    equal(await (await henri.field(RATE)).inputValue(), typed, "what was typed");
    equal(await (await henri.field(RATE)).getAttribute("aria-invalid"), "true", "the field says so to screen readers");
    equal(await (await henri.field(OTHERS)).inputValue(), "30", "the other field is kept");
    if (typed === "abc") await henri.screenshot("taux-refus");
  }
  // Below the floor of the law.
  await henri.fill({ [RATE]: "1" });
  await henri.click("Enregistrer les taux");
  await henri.sees("5");
  await henri.screenshot("taux-plancher");

  await henri.fill({ [RATE]: "12", [OTHERS]: "" });
  await henri.click("Enregistrer les taux");
  await henri.sees("Le taux est enregistré");
  await henri.screenshot("taux-liste");
  await henri.goto(path);
  equal(await (await henri.field(RATE)).inputValue(), "12", "the rate in force");
  await henri.goto(LACKING);
  const after = await missing(henri);
  equal(after < before, true, `fewer groups without a rate: ${after}, before ${before}`);

  // The second tab was opened before.
  await stale.locator('input[name="taux_min_boursiers"]').fill("25");
  await stale.getByRole("button", { name: "Enregistrer les taux" }).click();
  await stale.waitForLoadState("load");
  await henri.check(stale);
  await henri.sees("entre-temps", { page: stale });
  await henri.goto(path);
  equal(await (await henri.field(RATE)).inputValue(), "12", "the stale tab overwrites nothing");

  await several(henri, after);
  await notForOthers(stage, path);

  // The step ends on 24 May.
  await henri.goto(path);
  const late = await henri.newTab();
  await late.goto(path);
  await stage.clock("2024-05-25T08:00");
  await henri.goto(path);
  await henri.sees("est close depuis le vendredi 24 mai 2024 à 23 h 59");
  equal(await henri.page.locator('main form[method="post"]').count(), 0, "forms after the end");
  await henri.screenshot("taux-clos");
  await late.locator('input[name="taux_min_boursiers"]').fill("40");
  await late.getByRole("button", { name: "Enregistrer les taux" }).click();
  await late.waitForLoadState("load");
  await henri.sees("est close depuis", { page: late });
  await henri.goto("/academie/2024");
  await henri.sees("est close depuis");
  await henri.goto("/academie/2024/taux");
  equal(await henri.page.locator('main form[method="post"]').count(), 0, "forms after the end");
}

/** One rate for all the groups of a kind that have none: the others keep theirs. */
async function several(henri, before) {
  await henri.goto(LACKING);
  await henri.click("Fixer un taux pour plusieurs groupes");
  await henri.click("Fixer ce taux");
  await henri.sees("Choisissez un type de formation");
  const family = henri.page.locator('input[name="famille"][value="bts"]');
  await family.press("Space");
  await henri.fill({ [RATE]: "abc" });
  await henri.click("Fixer ce taux");
  await henri.sees("entre 0 et 100");
  equal(await family.isChecked(), true, "the choice is kept");
  await henri.screenshot("taux-plusieurs-refus");
  await henri.fill({ [RATE]: "9" });
  await henri.click("Fixer ce taux");
  await henri.sees("Le taux est enregistré");
  await henri.goto(LACKING);
  const left = await missing(henri);
  equal(left < before && left > 0, true, `only that kind of course: ${left} left of ${before}`);
  await henri.goto("/academie/2024?famille=bts&manquants=oui");
  await henri.sees("Aucun groupe");
}

/** A course manager, a candidate: not their pages, and the rates of a course exist for them no more than an absent one. */
async function notForOthers(stage, path) {
  for (const name of ["Émilie Wattel", "Clara Carvalho"]) {
    const visitor = await stage.persona(name);
    for (const page of ["/academie/2024", "/academie/2024/taux"]) await visitor.goto(page, { status: 403 });
    await visitor.goto(path, { status: 404 });
  }
  const nobody = await stage.visitor({ name: "anonymous" });
  await nobody.goto(path);
  equal(new URL(nobody.page.url()).pathname, "/connexion", "sent to sign in");
}

/** The count that the list announces. */
async function missing(visitor) {
  const text = (await visitor.page.locator("main .fr-alert", { hasText: "groupe" }).first().textContent()).replace(/\s/g, " ");
  const found = /reste ([\d ]+) groupe/.exec(text);
  return found ? Number(found[1].replaceAll(" ", "")) : 0;
}
