// SES-3: what is typed and not saved is found again on another computer, taken back, saved, and is gone; a page left in a hurry, a
// connection that is lost, two pages of one form, a colleague who was faster, without any script, by the keyboard, on a phone.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "SES-3: what is typed and not saved is found again elsewhere, taken back or forgotten";
export const moment = "parametrage";

const KEPT = /Saisie gardée à \d+\s+h\s+\d\d/;
const STARTED = "sans l’enregistrer";
const SAVED = "La rubrique est enregistrée";
const field = (page) => page.locator('textarea[name="contact"], input[name="contact"]');

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024/formations");
  // The course of Émilie, who is faster than Yves at the end.
  const path = await yves.page.locator('main a[href*="/formations/"]:has-text("Diététique")').first().getAttribute("href");
  const contacts = `${path}/contacts`;
  await closed(stage, yves, contacts);
  await again(stage, contacts);
  await hurry(stage, contacts);
  await offline(stage, contacts);
  await twoPages(stage, contacts);
  await faster(stage, contacts);
  await withoutScript(stage, contacts);
  await over(stage, contacts);
}

/** Typed, kept a few seconds later, then the browser is closed. */
async function closed(stage, yves, contacts) {
  await yves.goto(contacts);
  await yves.doesNotSee("Saisie non enregistrée");
  await field(yves.page).fill("Mme Caron, bureau 12");
  await yves.page.getByRole("status").filter({ hasText: KEPT }).waitFor();
  await yves.check();
  await yves.screenshot("29-gardee");
  await yves.page.close();
}

/** Another computer, signed in anew: told on the home and above the form, taken back by the keyboard, saved, gone. */
async function again(stage, contacts) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024");
  await yves.sees("Saisies non enregistrées");
  await yves.screenshot("29-accueil");
  await yves.page.getByRole("link", { name: /^Contacts.* – / }).click();
  await yves.page.waitForLoadState("load");
  await yves.check();
  await yves.sees(STARTED);
  equal((await field(yves.page).inputValue()).includes("bureau 12"), false, "nothing is put back unasked");
  await yves.screenshot("29-avis");
  await yves.tabTo("Reprendre ma saisie");
  await yves.enter();
  await yves.check();
  await yves.sees("est reprise ci-dessous. Elle n’est pas enregistrée.");
  equal(await field(yves.page).inputValue(), "Mme Caron, bureau 12", "what was typed");
  await yves.screenshot("29-reprise");
  await yves.click("Enregistrer");
  await yves.sees(SAVED);
  await yves.doesNotSee("Saisie non enregistrée");
  await yves.goto("/gestion/2024");
  await yves.doesNotSee("Saisies non enregistrées");
  // Nothing of it comes back once the page is left.
  await yves.goto(contacts);
  await yves.doesNotSee(STARTED);
  await yves.close();
}

/** Left before the page had the time to send anything; on a phone. */
async function hurry(stage, contacts) {
  const yves = await stage.persona("Yves Caron", { size: PHONE });
  await yves.goto(contacts);
  await field(yves.page).fill("Écrit en hâte");
  await yves.goto("/gestion/2024");
  await yves.goto(contacts);
  await yves.sees(STARTED);
  await yves.click(/L’oublier/);
  await yves.sees("Votre saisie non enregistrée est oubliée.");
  await yves.doesNotSee(STARTED);
  // Sent and refused, what was typed is kept too.
  await yves.goto(contacts.replace("contacts", "caracteristiques"));
  await yves.page.locator('input[name="duree"]').fill("douze");
  await yves.click("Enregistrer");
  await yves.sees("nombre entier compris entre 1 et 8");
  await yves.page.getByRole("status").filter({ hasText: KEPT }).waitFor();
  await yves.goto(contacts.replace("contacts", "caracteristiques"));
  await yves.sees(STARTED);
  await yves.click(/L’oublier/);
  await yves.close();
}

/** The line is lost, then found again: the page says both, and sends by itself. */
async function offline(stage, contacts) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto(contacts);
  await yves.context.setOffline(true);
  await field(yves.page).fill("Écrit dans le train");
  await yves.sees("Votre saisie n’est pas encore gardée : connexion perdue ; elle repartira dès que possible");
  await yves.screenshot("29-hors-ligne");
  await yves.context.setOffline(false);
  await yves.page.getByRole("status").filter({ hasText: KEPT }).waitFor();
  await yves.close();
}

/** Something older waits: another page takes its place only once its author said so. */
async function twoPages(stage, contacts) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto(contacts);
  await yves.sees(STARTED);
  await field(yves.page).fill("Autre chose");
  await yves.sees("une autre, plus ancienne, vous attend en haut du formulaire");
  await yves.screenshot("29-attend");
  await yves.goto(contacts);
  await yves.click("Reprendre ma saisie");
  equal(await field(yves.page).inputValue(), "Écrit dans le train", "the older one was not replaced");
  await yves.close();
}

/** A colleague saves meanwhile: said, and nothing of theirs is overwritten (TRX-4). */
async function faster(stage, contacts) {
  const emilie = await stage.persona("Émilie Wattel");
  await emilie.goto(contacts);
  await emilie.doesNotSee("Saisie non enregistrée");
  await field(emilie.page).fill("Émilie Wattel, salle 3");
  await emilie.click("Enregistrer");
  await emilie.sees(SAVED);
  await emilie.close();
  const yves = await stage.persona("Yves Caron");
  await yves.goto(contacts);
  await yves.click("Reprendre ma saisie");
  await yves.sees("Ces informations ont changé depuis : comparez avant d’enregistrer.");
  await yves.sees("Émilie Wattel, salle 3");
  await yves.screenshot("29-change");
  await yves.click("Enregistrer");
  await yves.sees("Rien n’a été écrasé");
  equal(await field(yves.page).inputValue(), "Écrit dans le train", "what was typed stays");
  await yves.close();
}

/** No script is needed to find again, take back, forget and save. */
async function withoutScript(stage, contacts) {
  const yves = await stage.persona("Yves Caron", { javaScript: false });
  await yves.goto(contacts);
  await yves.sees(STARTED);
  await yves.click("Reprendre ma saisie");
  equal(await field(yves.page).inputValue(), "Écrit dans le train", "taken back without a script");
  await yves.click("Enregistrer");
  await yves.click("Enregistrer");
  await yves.sees(SAVED);
  await yves.goto(contacts);
  await yves.doesNotSee(STARTED);
  await yves.close();
}

/** The step is over: what was typed can still be read, and copied. */
async function over(stage, contacts) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto(contacts);
  await field(yves.page).fill("Trop tard");
  await yves.page.getByRole("status").filter({ hasText: KEPT }).waitFor();
  await stage.clock("2024-02-01T10:00");
  await yves.goto(contacts);
  await yves.sees("Elle ne peut plus l’être ici");
  await yves.screenshot("29-ferme");
  await yves.click("Lire ma saisie");
  await yves.sees("Trop tard");
  await yves.screenshot("29-lire");
  await yves.click("Oublier cette saisie");
  await yves.sees("Votre saisie non enregistrée est oubliée.");
  await yves.close();
}
