// A day was wrong for some courses: two people put them back to what they were before it, and the candidates are told (R-ADM-13).

export const name = "two people take back what a course proposed";
export const moment = "admission";

export async function run(stage) {
  const claire = await stage.persona("Claire Fontaine");
  await claire.goto("/national/2024/passages");
  await claire.page.locator("main table a", { hasText: "Propositions du jour 1" }).first().click();
  await claire.page.waitForLoadState("load");
  const day = new URL(claire.page.url()).pathname;
  await claire.click("Retirer des propositions");
  await claire.sees("Formations à rétablir");
  await claire.doesNotSee("Ce qui va se passer");
  await claire.check();
  await claire.screenshot("retrait-choix");
  // Two courses, those that proposed most.
  const boxes = claire.page.locator("main table input[type=checkbox]");
  for (const n of [0, 1]) await boxes.nth(n).check({ force: true });
  await claire.click("Voir ce qui sera retiré");
  await claire.sees("Ce qui va se passer");
  if ((await claire.page.locator("main table input[type=checkbox]:checked").count()) !== 2) throw new Error("the choice is lost");
  await claire.check();
  await claire.screenshot("retrait-apercu");
  await claire.fill({ "Pourquoi ces propositions sont retirées": "Le rang limite était celui de la liste d’attente." });
  await claire.click("Calculer le retrait");
  await claire.sees("Le retrait est calculé");
  const path = new URL(claire.page.url()).pathname;
  if (path === day) throw new Error("the withdrawal has a page of its own");
  await claire.check();
  await claire.screenshot("retrait-calcule");
  await claire.goto(`${path}/publier`);
  await claire.sees("une deuxième personne doit le faire");

  const malik = await stage.persona("Malik Berthier");
  await malik.goto("/national/2024");
  await malik.screenshot("retrait-tableau");
  await malik.goto(`${path}/publier`);
  await malik.sees("Le rang limite était celui de la liste d’attente.");
  await malik.sees("au rang qu’ils avaient avant le jour 1");
  await malik.sees("Groupes rétablis");
  await malik.check();
  await malik.screenshot("retrait-publier");
  await malik.click("Publier ce passage");
  await malik.sees("Le passage est publié.");
  await malik.sees("autant de messages");
  await malik.screenshot("retrait-publie");

  const solene = await stage.persona("Solène Garnier");
  await solene.goto(path);
  await solene.sees("Groupes rétablis");
  if ((await solene.page.locator("main form button").count()) !== 0) throw new Error("the auditor is offered an act");
  await solene.goto(day);
  await solene.sees("(ce jour est retiré)");
}
