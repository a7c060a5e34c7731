// A course manager signs in with password and authenticator, corrects what is refused, meets a colleague's change, submits; the
// academic service accepts, the public reads the course from its day on, and from then on the fields are closed.

import { PHONE } from "../lib/browser.mjs";
import { fillPlaces } from "../lib/places.mjs";
import { equal, typed } from "../lib/story.mjs";

export const name = "a course manager submits, the academic service accepts, the public reads";
export const moment = "parametrage";

export async function run(stage) {
  const emilie = await signIn(stage);
  await emilie.goto("/gestion/2024/formations");
  await emilie.screenshot("gestion-formations");
  const first = emilie.page.locator("main table tbody th a").first();
  const course = (await first.textContent()).trim();
  const path = await first.getAttribute("href");
  await first.click();
  await emilie.sees("Capacité et frais");
  await emilie.check();
  await emilie.screenshot("gestion-formation");

  // A second tab, open before anything is saved.
  const stale = await emilie.newTab();
  await emilie.goto(path, { page: stale });

  // What is refused is said beside its field; what was typed is kept, the sound field too.
  await emilie.fill({ "Capacité d’accueil": "beaucoup", "Frais de scolarité": "1250,5" });
  await emilie.click("Enregistrer");
  await emilie.sees("Saisissez un nombre entier compris entre 0 et");
  equal(await typed(emilie, "Capacité d’accueil"), "beaucoup", "the refused capacity");
  equal(await typed(emilie, "Frais de scolarité"), "1250,5", "the fees beside it");
  await emilie.screenshot("gestion-formation-refusee");

  await fillPlaces(emilie.page, 26);
  await emilie.click("Enregistrer");
  await emilie.sees("Vos modifications sont enregistrées");
  equal(await typed(emilie, "Frais de scolarité"), "1250,50", "the fees as kept");

  // The stale tab overwrites nothing: both values, side by side.
  await fillPlaces(stale, 27);
  const answer = stale.waitForResponse((response) => response.request().method() === "POST");
  await emilie.click("Enregistrer", { page: stale });
  equal((await answer).status(), 409, "the answer to the stale tab");
  await emilie.sees("Rien n’a été écrasé", { page: stale });
  const capacity = stale.locator("main table tbody tr", { hasText: "Capacité d’accueil" });
  equal((await capacity.locator("td").allInnerTexts()).slice(0, 2).join(" / "), "27 / 26", "both values");
  await emilie.screenshot("gestion-formation-conflit", { page: stale });
  await stale.close();

  await emilie.goto(path);
  await emilie.click("Relire et soumettre");
  await emilie.sees("26 places");
  await emilie.sees("1 250,50 € par an");
  await emilie.screenshot("gestion-publier");
  const proofread = await emilie.newTab();
  await emilie.goto(`${path}/publier`, { page: proofread });
  await emilie.click("Soumettre au service académique");
  await emilie.sees("La formation est soumise au service académique");
  await emilie.screenshot("gestion-formation-soumise");
  // The same page in another tab submits nothing twice.
  await emilie.click("Soumettre au service académique", { page: proofread });
  await emilie.sees("déjà soumise", { page: proofread });
  await emilie.screenshot("gestion-publier-deux-fois", { page: proofread });

  // The academic service reads the courses of its academies and changes nothing; the auditor is told nothing of them.
  const henri = await stage.persona("Henri Delattre");
  await henri.goto(path.replace(/^\/gestion\/(\d+)\/formations/, "/academie/$1/controles"));
  await henri.click("Accepter et publier");
  await henri.sees("La formation est acceptée et publiée");
  await henri.goto(path);
  await henri.sees("Votre rôle permet de lire ces informations, pas de les modifier");
  equal(await henri.page.locator("main button").count(), 0, "buttons offered to the academic service");
  await henri.screenshot("gestion-formation-academie");
  const solene = await stage.persona("Solène Garnier", { allow: [/403/] });
  for (const refused of [path, `${path}/publier`]) {
    await solene.goto(refused, { status: 403 });
    await solene.doesNotSee("Capacité d’accueil");
  }
  await solene.screenshot("gestion-formation-interdite");

  // Before its day the offer is published for nobody.
  const sheet = path.replace(/^\/gestion\/\d+/, "");
  const reader = await stage.visitor({ name: "public", size: PHONE });
  await reader.goto("/formations");
  await reader.sees("pas encore publiée");
  await reader.screenshot("recherche-avant-ouverture");
  await reader.goto(sheet);
  await reader.doesNotSee("26 places");
  await readFromItsHour(stage, reader, { course, sheet });

  await stage.clock("2024-02-01T10:00");
  await emilie.goto(path);
  await emilie.sees("est close depuis le");
  for (const label of ["Capacité d’accueil", "Frais de scolarité"]) {
    await emilie.page.locator(".definitions dt", { hasText: label }).first().waitFor();
    equal(await emilie.page.locator("label", { hasText: label }).count(), 0, `« ${label} » out of its time is no field`);
  }
  await emilie.screenshot("gestion-formation-close");
}

/** Neither the list nor the sheet says anything the minute before 12 h on 20 December; then the course is found, and read. */
async function readFromItsHour(stage, reader, { course, sheet }) {
  await stage.clock("2023-12-20T11:59");
  for (const address of ["/formations", sheet]) {
    await reader.goto(address);
    await reader.sees("L’offre de formation n’est pas encore publiée");
    await reader.sees("mercredi 20 décembre 2023 à 12 h");
    await reader.doesNotSee("26 places");
  }
  await reader.screenshot("fiche-a-la-minute-pres");
  await stage.clock("2023-12-20T12:00");
  await reader.goto("/formations");
  await reader.doesNotSee("pas encore publiée");
  await reader.fill({ "Formation, établissement ou ville": course });
  await reader.click("Rechercher", { role: "button" });
  await reader.page.locator(`main a[href="${sheet}"]`).first().click();
  await reader.sees("26 places");
  await reader.check();
  await reader.screenshot("fiche-publiee");
}

/** Wrong password, wrong code, then the right ones. */
async function signIn(stage) {
  const { address, secret } = await stage.card("Émilie Wattel");
  const emilie = await stage.visitor({ name: "Émilie" });
  // The page asked for comes after the sign-in.
  await emilie.goto("/gestion/2024");
  await emilie.sees("réservée aux personnes connectées");
  await emilie.fill({ "Adresse électronique": address, "Mot de passe": "Tilleul-Cascade-2023" });
  await emilie.click("Se connecter", { role: "button" });
  await emilie.sees("L’adresse ou le mot de passe ne correspond pas");
  equal(await typed(emilie, "Adresse électronique"), address, "the address after a refusal");
  equal(await typed(emilie, "Mot de passe"), "", "the password after a refusal");
  await emilie.screenshot("connexion-refusee");
  await emilie.fill({ "Mot de passe": "Tilleul-Cascade-2024" });
  await emilie.click("Se connecter", { role: "button" });
  await emilie.sees("Double authentification");
  await emilie.screenshot("connexion-second-facteur");

  // Half signed in is not signed in.
  await emilie.goto("/gestion/2024");
  await emilie.sees("Double authentification");
  const code = emilie.page.locator('input[autocomplete="one-time-code"]');
  const right = await stage.code(secret);
  await code.fill(right === "000000" ? "111111" : "000000");
  await emilie.click("Valider le code");
  await emilie.sees("Ce code n’est pas valable, n’est plus valable ou a déjà servi");
  await emilie.screenshot("connexion-code-refuse");
  await code.fill(right);
  await emilie.click("Valider le code");
  await emilie.sees("Mes formations");
  return emilie;
}
