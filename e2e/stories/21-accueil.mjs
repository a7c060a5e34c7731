// The home: what remains to be done, by whom, until when; what others changed; the conversation with the academic service, its
// table of completeness and its reminders; a message begun in one tab and sent from another; as each kind of person, in the archive,
// and once the step is over.

import { readFile } from "node:fs/promises";

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "the home says what remains, and both sides write to each other";
export const moment = "parametrage";

const KEPT = /Saisie gardée à \d+\s+h\s+\d\d/;
const AGAIN = "Et où indiquer les journées portes ouvertes ?";

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  await administrator(yves);
  await summary(yves);
  await manager(stage);
  await others(stage);
  const here = await question(yves);
  const henri = await answer(stage, here);
  await read(yves, here);
  await twoTabs(yves, here);
  await reminder(stage, henri);
  await everybody(stage, henri);
  await archive(yves);
  await archives(stage, henri);
  await onAPhone(stage, here);
  await over(stage);
}

const submit = async (visitor, label) => {
  await visitor.page.getByRole("button", { name: label, exact: true }).click();
  await visitor.page.waitForLoadState("load");
  await visitor.check();
};

/** By name: who may do what remains. Each link leads to the form that mends it. */
async function administrator(yves) {
  await yves.goto("/gestion/2024");
  await yves.sees("Ce qu’il reste à faire");
  await yves.sees("Formations à compléter ou à soumettre");
  await yves.sees("vous");
  await yves.sees("Capacités, frais et soumission");
  await yves.screenshot("21-accueil-administrateur");
  const first = yves.page.locator("main table tbody th a").first();
  const course = (await first.textContent()).trim();
  await yves.goto(await first.getAttribute("href"));
  await yves.sees(course);
}

/** Everything that is declared, in a PDF: as the link gives it. */
async function summary(yves) {
  await yves.goto("/gestion/2024");
  const download = yves.page.waitForEvent("download", { timeout: 60_000 });
  await yves.page.getByRole("link", { name: /^Récapitulatif \(PDF\)/ }).click();
  const file = await download;
  equal(/^recapitulatif-2024-\d{7}[A-Z]\.pdf$/.test(file.suggestedFilename()), true, `the file: ${file.suggestedFilename()}`);
  const bytes = await readFile(await file.path());
  equal(bytes.subarray(0, 5).toString("latin1"), "%PDF-", "a PDF");
  equal(bytes.subarray(-8).toString("latin1").includes("%%EOF"), true, "whole");
  // Nine courses, each on its pages: a page or two alone would be some tens of kibibytes.
  equal(bytes.length > 100_000, true, `${bytes.length} bytes`);
}

/** A course manager reads « Vous »; one of two establishments goes from one to the other. */
async function manager(stage) {
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto("/gestion/2024");
  await emilie.sees("Vous");
  await emilie.screenshot("21-accueil-responsable");
  const helene = await stage.persona("Hélène Marchal");
  await helene.goto("/gestion/2024");
  const title = await helene.page.locator("h1").textContent();
  const links = helene.page.getByRole("navigation", { name: "Changer d’établissement" }).getByRole("link");
  equal(await links.count(), 2, "two establishments");
  await helene.screenshot("21-accueil-deux-etablissements");
  await helene.goto(await links.nth(1).getAttribute("href"));
  equal((await helene.page.locator("h1").textContent()) === title, false, "the other establishment is shown");
}

async function others(stage) {
  const nadia = await stage.persona("Nadia Lemaire");
  await nadia.goto("/gestion/2024");
  await nadia.sees("C’est votre première visite");
  await nadia.screenshot("21-accueil-proviseure");
  const karim = await stage.persona("Karim Dubrulle");
  await karim.goto("/gestion/2024");
  equal(await karim.page.getByRole("link", { name: "Échanges avec le service académique" }).count(), 0, "a reader takes no part");
  const candidate = await stage.visitor({ name: "public" });
  await candidate.goto("/gestion/2024");
  await candidate.sees("Se connecter");
}

/** Sent with the keyboard; empty, it is refused and said so. */
async function question(yves) {
  await yves.goto("/gestion/2024");
  await yves.click("Échanges avec le service académique");
  const here = new URL(yves.page.url()).pathname;
  await submit(yves, "Envoyer");
  await yves.sees("Écrivez votre message avant de l’envoyer");
  await yves.screenshot("21-echanges-vide");
  await yves.page.locator('textarea[name="texte"]').fill("Faut-il déclarer l’internat de l’annexe ?");
  await yves.tabTo("Envoyer", { limit: 60 });
  await yves.enter();
  await yves.sees("Votre message est envoyé");
  await yves.sees("Faut-il déclarer l’internat de l’annexe ?");
  return here;
}

async function answer(stage, here) {
  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/academie/2024");
  await henri.click("Complétude des établissements");
  await henri.sees("1 message non lu");
  await henri.screenshot("21-completude");
  equal((await stage.links("academie@parcoursup.example", here)).length > 0, true, "the service is told by mail");
  await henri.goto(here);
  await henri.sees("Nouveau");
  await henri.page.locator('textarea[name="texte"]').fill("Oui, sur la page d’accueil de l’établissement.");
  await submit(henri, "Envoyer");
  await henri.screenshot("21-echanges");
  const elsewhere = await stage.persona("Émilie Wattel");
  await elsewhere.goto(here, { status: 403 });
  return henri;
}

async function read(yves, here) {
  await yves.goto("/gestion/2024");
  await yves.sees("1 message non lu");
  await yves.screenshot("21-accueil-message");
  await yves.goto(here);
  await yves.sees("Oui, sur la page d’accueil");
  await yves.goto("/gestion/2024");
  await yves.doesNotSee("message non lu");
}

/** What is typed in one tab is found in another, from the home, taken back and sent there; then nothing of it waits any more. */
async function twoTabs(yves, here) {
  const text = (page) => page.locator('textarea[name="texte"]');
  const first = await yves.newTab();
  await yves.goto(here, { page: first });
  await text(first).fill(AGAIN);
  await first.getByRole("status").filter({ hasText: KEPT }).waitFor();
  await yves.goto("/gestion/2024");
  await yves.sees("Saisies non enregistrées");
  await yves.screenshot("21-accueil-saisie");
  await yves.page.locator(`main a[href^="${here}#"]`).click();
  await yves.page.waitForLoadState("load");
  await yves.check();
  await yves.sees("sans l’enregistrer");
  equal(await text(yves.page).inputValue(), "", "nothing is put back unasked");
  await yves.click("Reprendre ma saisie");
  await yves.sees("est reprise ci-dessous. Elle n’est pas enregistrée.");
  equal(await text(yves.page).inputValue(), AGAIN, "what was typed in the other tab");
  equal(await text(first).inputValue(), AGAIN, "what the first tab still shows");
  await submit(yves, "Envoyer");
  await yves.sees("Votre message est envoyé");
  await yves.sees(AGAIN);
  // The first tab, left as it was, keeps nothing anew.
  await yves.goto("/gestion/2024", { page: first });
  await yves.doesNotSee("Saisies non enregistrées", { page: first });
  await yves.goto(here, { page: first });
  await yves.doesNotSee("sans l’enregistrer", { page: first });
  await yves.sees(AGAIN, { page: first });
  equal(await text(first).inputValue(), "", "the message once it is sent");
  await first.close();
}

/** Filtered, prepared, read again, sent once; not again before a week. */
async function reminder(stage, henri) {
  await henri.goto("/academie/2024/completude?incomplets=oui");
  await henri.click("Préparer une relance");
  await henri.screenshot("21-relance");
  const boxes = henri.page.locator('input[name="etablissements[]"]');
  const chosen = await boxes.count();
  for (let i = 1; i < chosen; i += 1) await boxes.nth(i).uncheck({ force: true });
  await submit(henri, "Relire avant l’envoi");
  await henri.sees("Rien n’est encore parti");
  await henri.screenshot("21-relance-apercu");
  await submit(henri, "Envoyer la relance");
  await henri.sees("La relance est partie");
  await henri.click("Préparer une relance");
  await henri.sees("Déjà relancé le");
  const claire = await stage.persona("Claire Fontaine");
  await claire.goto("/national/2024");
  await claire.click("Complétude des établissements");
  await claire.sees("Par département");
  await claire.screenshot("21-completude-nationale");
}

/** From the queues of the service: every incomplete establishment at once, read again with its numbers, followed to its end. */
async function everybody(stage, henri) {
  await henri.goto("/academie/2024");
  await henri.sees("Ce qui attend votre service");
  await henri.screenshot("21-files");
  await henri.page.getByRole("link", { name: /^Capacités inhabituelles/ }).click();
  await henri.page.waitForLoadState("load");
  await henri.check();
  await henri.sees("deuxième personne");
  await henri.goto("/academie/2024/completude");
  await henri.click("Relancer tous les établissements incomplets");
  await henri.screenshot("21-relance-en-nombre");
  await submit(henri, "Relire avant l’envoi");
  await henri.sees("Rien n’est encore parti");
  await henri.screenshot("21-relance-en-nombre-apercu");
  await henri.page.getByRole("button", { name: /^Envoyer à/ }).click();
  await henri.page.waitForLoadState("load");
  await henri.check();
  const here = new URL(henri.page.url()).pathname;
  // The page comes back by itself until everything is written and told.
  await henri.page.getByText("Terminée le").waitFor({ timeout: 120_000 });
  await henri.screenshot("21-relance-suivi");
  await henri.goto("/academie/2024/completude/relances/nouvelle");
  await henri.sees("il n’y a personne à relancer");
  await henri.goto("/academie/2024/completude/relances");
  await henri.sees("Terminée");
  await henri.screenshot("21-relances");
  const elsewhere = await stage.persona("Émilie Wattel");
  await elsewhere.goto(here, { status: 403 });
}

async function archive(yves) {
  await yves.goto("/gestion/2024");
  await yves.page.getByRole("link", { name: "Archives", exact: true }).filter({ visible: true }).click();
  await yves.page.waitForLoadState("load");
  await yves.check();
  await yves.sees("Session 2023 archivée");
  equal(await yves.page.getByRole("button", { name: /Enregistrer|Publier/ }).count(), 0, "nothing to save");
  await yves.screenshot("21-archive");
  await yves.click("Mon établissement");
  await yves.sees("archivée");
  await yves.goto("/gestion/2023");
  await yves.click("Revenir à la session en cours");
  equal(new URL(yves.page.url()).pathname, "/gestion/2024", "back in the open session");
}

/** Those of the academic service and of the national team: the same screens at their year, each with its banner, and nothing to save. */
async function archives(stage, henri) {
  const claire = await stage.persona("Claire Fontaine");
  for (const [visitor, home, screens] of [
    [henri, "/academie", ["", "/demandes", "/completude"]],
    [claire, "/national", ["", "/demandes", "/passages"]],
  ]) {
    await visitor.goto(`${home}/2024`);
    await visitor.doesNotSee("Session 2023 archivée");
    await visitor.page.getByRole("link", { name: "Archives", exact: true }).filter({ visible: true }).click();
    await visitor.page.waitForLoadState("load");
    equal(new URL(visitor.page.url()).pathname, `${home}/2023`, "the only archived session");
    await visitor.check();
    await visitor.screenshot(`21-archive${home.replace("/", "-")}`);
    for (const screen of screens) {
      await visitor.goto(`${home}/2023${screen}`);
      await visitor.sees("Session 2023 archivée : tout se consulte, rien ne se modifie.");
      equal(await visitor.page.getByRole("button", { name: /Enregistrer|Publier/ }).count(), 0, `nothing to save in ${home}${screen}`);
    }
    await visitor.click("Revenir à la session en cours");
    equal(new URL(visitor.page.url()).pathname, `${home}/2024`, "back in the open session");
  }
}

async function onAPhone(stage, here) {
  const phone = await stage.persona("Yves Caron", { size: PHONE });
  for (const path of ["/gestion/2024", here]) await phone.goto(path);
  await phone.page.getByText("Menu", { exact: true }).last().click();
  await phone.sees("Archives");
}

/** Once the step is over, the home says so and offers nothing more. */
async function over(stage) {
  await stage.clock("2024-01-20T10:00");
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024");
  await yves.doesNotSee("Formations à compléter ou à soumettre");
  await yves.screenshot("21-accueil-apres");
}
