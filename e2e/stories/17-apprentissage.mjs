// The DRAIO checks the records of apprenticeship of its region: it refuses one with a reason, chooses between two that say one course,
// looks at those that could not be read, lets one through; the national team sends a day of the catalogue, which is held, read again as
// what changed, shown, applied and listed, then makes courses of the records that are ready; the administrator of the lycée finds the
// course and, from the day of the calendar on, completes it on his phone; the DRAIO accepts it, and candidates read it from the hour of
// the calendar, not a minute before.

import { PHONE } from "../lib/browser.mjs";
import { fillPlaces } from "../lib/places.mjs";
import { equal } from "../lib/story.mjs";

export const name = "a record of the catalogue of apprenticeship becomes a course that its school completes and that candidates read";
export const moment = "parametrage";

const READY = "BTS Management commercial opérationnel";
const REFUSED = "BTS Tourisme";
const COURSE = `${READY} - en apprentissage`;
const REASON = "La convention entre le lycée et le centre de formation n’est pas signée pour 2024.";

export async function run(stage) {
  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/academie/2024");
  await henri.page.getByRole("link", { name: /^Fiches d’apprentissage/ }).click();
  await henri.sees("Où en est le périmètre");
  await henri.check();
  await henri.screenshot("apprentissage-liste");

  await henri.goto(`/academie/2024/apprentissage?q=${encodeURIComponent(REFUSED)}`);
  await henri.page.locator('main tbody a[href*="/fiches/"]').first().click();
  await henri.sees("Arrivée dans le catalogue");
  await henri.fill({ "Refusée : non publiée": true });
  await henri.click("Enregistrer la décision");
  await henri.sees("Expliquez en une phrase");
  await henri.fill({ Motif: REASON });
  await henri.click("Enregistrer la décision");
  await henri.sees("La décision est enregistrée");
  await henri.check();
  await henri.screenshot("apprentissage-fiche-refusee");

  await henri.goto("/academie/2024/apprentissage/doublons");
  await henri.click("BTS Gestion de la PME");
  await henri.sees("Ce qui diffère");
  await henri.check();
  await henri.screenshot("apprentissage-doublon");
  await henri.page.getByRole("radio").nth(1).check({ force: true });
  await henri.click("Garder cette fiche");
  await henri.sees("La fiche choisie est gardée");

  await henri.goto("/academie/2024/apprentissage/rejets");
  await henri.sees("2 fiches refusées");
  await henri.sees("n’a pas huit lettres ou chiffres");
  await henri.check();
  await henri.screenshot("apprentissage-rejets");

  await henri.goto(`/academie/2024/apprentissage?q=${encodeURIComponent(READY)}`);
  await henri.page.getByRole("checkbox").first().check({ force: true });
  await henri.click("Déclarer prêtes les fiches cochées");
  await henri.sees("Les fiches cochées sont prêtes");

  const claire = await stage.persona("Claire Fontaine");
  await receivesADay(claire, henri);
  await claire.goto("/academie/2024/apprentissage");
  await claire.sees("prêtes pour intégration");
  await integrates(claire);
  await claire.check();
  await claire.screenshot("apprentissage-integration");

  const yves = await stage.persona("Yves Caron", { size: PHONE });
  await yves.goto("/gestion/2024");
  await yves.click("Mes fiches du catalogue");
  await yves.sees(REASON);
  await yves.sees("complétez la formation, puis publiez-la");
  await yves.check();
  await yves.screenshot("apprentissage-mes-fiches");
  await yves.page.locator("main tbody tr", { hasText: READY }).getByRole("link").click();
  await yves.sees(COURSE);
  const path = new URL(yves.page.url()).pathname;
  await fromItsDay(stage, yves, path);
  await fillPlaces(yves.page, 12);
  await yves.fill({ "Frais de scolarité": "0" });
  await yves.click("Enregistrer");
  await yves.sees("Vos modifications sont enregistrées.");
  await yves.sees("Avant de soumettre, il manque");
  await yves.check();
  equal(await yves.page.locator('[name="capacite"]').inputValue(), "12", "the capacity is kept");
  await describe(yves, path);
  await submit(yves, path);
  await yves.goto("/academie/2024/apprentissage", { status: 403 });

  await henri.goto(path.replace(/^\/gestion\/(\d+)\/formations/, "/academie/$1/controles"));
  await henri.sees(COURSE);
  await henri.click("Accepter et publier");
  await henri.sees("La formation est acceptée et publiée");
  // The record follows its course, that night or when it is asked.
  await claire.goto("/academie/2024/apprentissage");
  await integrates(claire);
  await readFromItsHour(stage, yves, path);
}

/** Asked for, then made apart: the page comes back by itself and says what it did. */
async function integrates(claire) {
  await claire.click("Intégrer maintenant");
  await claire.sees(/L’intégration(, demandée| est)/);
  await claire.page.getByText("L’intégration est faite").waitFor();
}

const NEW = "BTS Collaborateur juriste notarial";

/** A record as the catalogue writes it, in Amiens. */
const record = (id, title, cfd) => ({
  id_formation: id,
  id_action: `${id}1`,
  id_certifinfo: "81001",
  intitule_long: title,
  etablissement_gestionnaire_siret: "73282932000074",
  etablissement_formateur_siret: "73282932000074",
  etablissement_formateur_code_insee: "80021",
  etablissement_lieu_formation_adresse: "14 rue des Jacobins",
  etablissement_lieu_formation_code_postal: "80000",
  etablissement_lieu_formation_code_insee: "80021",
  cfd,
  rncp_code: "RNCP38380",
  periode: ["2024-09"],
});

/** A day arrives from the page: a wrong file is told, a cut one is held, what changed is shown, then applied; twice is once. */
async function receivesADay(claire, henri) {
  const day = [record("24_320001", NEW, "32034501"), record("24_320002", "BTS Fautif", "3203")];
  const files = { name: "catalogue-2023-11-17.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(day, null, 1)) };
  const letter = { name: "catalogue.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") };
  const { page } = claire;
  // The page that follows comes back by itself until the platform has done its part: looked at once it has.
  const send = async (name, role, sign) => {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole(role, { name: sign, exact: true }).waitFor();
    await claire.check();
  };
  await claire.goto("/national/2024");
  await claire.click("Journées du catalogue");
  await claire.sees("Aucune journée du catalogue n’a encore été reçue");
  await claire.fill({ "Fichiers de la journée": { files: letter } });
  await claire.click("Envoyer et voir ce qui changerait");
  await claire.sees("n’annonce pas ce qui est attendu");
  await claire.screenshot("apprentissage-journee-mauvais-fichier");
  await claire.fill({ "Fichiers de la journée": { files }, "Toutes les fiches": true });
  await send("Envoyer et voir ce qui changerait", "heading", "Cette journée est retenue");
  await claire.sees("12 des 12 fiches connues de ce flux ne sont pas dans les fichiers");
  await claire.screenshot("apprentissage-journee-retenue");
  await send("Relire comme un envoi partiel", "button", "Appliquer cette journée");
  await claire.sees("24_320001");
  await claire.sees("n’a pas huit lettres ou chiffres");
  await claire.screenshot("apprentissage-journee-essai");
  await henri.goto(`/academie/2024/apprentissage?statut=tous&q=${encodeURIComponent(NEW)}`);
  await henri.sees("Aucune fiche");
  await send("Appliquer cette journée", "heading", "Ce qui a changé");
  await claire.sees("La journée est appliquée");
  await claire.sees("Télécharger le procès-verbal signé");
  await claire.screenshot("apprentissage-journee-appliquee");
  await claire.click("Retour aux journées");
  await claire.sees("1 journée");
  await claire.sees("catalogue-2023-11-17.json");
  await claire.screenshot("apprentissage-journees");
  await claire.fill({ "Fichiers de la journée": { files }, "Seulement ce qui change": true });
  await claire.click("Envoyer et voir ce qui changerait");
  await claire.sees("avaient déjà été reçus");
  await henri.goto(`/academie/2024/apprentissage?statut=tous&q=${encodeURIComponent(NEW)}`);
  await henri.sees(/(^|\D)1 fiche(?!s)/);
  await henri.goto("/academie/2024/apprentissage/rejets");
  await henri.sees("3 fiches refusées");
}

/** Nothing is typed before the step of the settings opens; at its first minute everything is. */
async function fromItsDay(stage, yves, path) {
  const capacity = yves.page.locator('[name="capacite"]');
  await stage.clock("2023-11-12T23:59");
  await yves.goto(path);
  await yves.sees("n’est pas encore ouverte : ouverture le lundi 13 novembre 2023");
  equal(await capacity.count(), 0, "the capacity the minute before");
  equal(await yves.page.getByRole("button", { name: "Enregistrer", exact: true }).count(), 0, "nothing to save the minute before");
  await stage.clock("2023-11-13T00:00");
  await yves.goto(path);
  equal(await capacity.isEnabled(), true, "the capacity from the first minute on");
  await stage.clock("2023-11-20T10:00");
  await yves.goto(path);
}

/** What most BTS say, then what is this course's own, part by part. */
async function describe(yves, path) {
  await yves.goto(`${path}/copier?source=modele`);
  await yves.click("Reprendre les champs cochés");
  await yves.sees("Les champs cochés sont repris");
  const parts = {
    caracteristiques: (form) => form.locator('select[name="site"]').selectOption({ index: 1 }),
    attendus: (form) => form.locator('textarea[name="attendus"]').fill("S’intéresser à la vente ; aimer travailler en équipe ; apprendre en entreprise."),
    contacts: async (form) => {
      await form.locator('input[name="contact"]').fill("Bureau de l’apprentissage");
      await form.locator('input[name="contact_courriel"]').fill("apprentissage@lycee.example");
    },
  };
  for (const [part, fill] of Object.entries(parts)) {
    await yves.goto(`${path}/${part}`);
    await yves.sees("Il manque ici");
    await fill(yves.page.locator("#saisie"));
    await yves.click("Enregistrer");
    await yves.sees("La rubrique est enregistrée");
    await yves.doesNotSee("Il manque ici");
    if (part === "caracteristiques") {
      equal(await yves.page.locator('select[name="rythme"]').inputValue(), "alternance", "the template leaves the rhythm of the record");
    }
  }
}

async function submit(yves, path) {
  await yves.goto(path);
  await yves.doesNotSee("Avant de soumettre, il manque");
  await yves.screenshot("apprentissage-complete");
  await yves.click("Relire et soumettre");
  await yves.sees("12 places");
  await yves.page.locator("main .definitions__ligne", { hasText: /Frais de scolarité\s*Aucun/ }).first().waitFor();
  await yves.click("Soumettre au service académique");
  await yves.sees("La formation est soumise au service académique");
  await yves.check();
  await yves.screenshot("apprentissage-soumise");
}

/** The sheet says nothing the minute before 12 h on 20 December; then it is read, and found. */
async function readFromItsHour(stage, yves, path) {
  const sheet = path.replace(/^\/gestion\/\d+/, "");
  await yves.goto(path);
  const [school] = (await yves.page.locator("main .fr-text--lead").first().innerText()).split(" – ");
  const reader = await stage.visitor({ name: "candidate", size: PHONE });
  await stage.clock("2023-12-20T11:59");
  await reader.goto(sheet);
  await reader.sees("L’offre de formation n’est pas encore publiée");
  await reader.sees("mercredi 20 décembre 2023 à 12 h");
  await reader.doesNotSee(READY);
  await stage.clock("2023-12-20T12:00");
  await reader.goto(sheet);
  await reader.sees(COURSE);
  await reader.sees("Apprentissage");
  await reader.sees("12 places");
  await reader.check();
  await reader.screenshot("apprentissage-fiche");
  await reader.goto("/formations");
  await reader.fill({ "Formation, établissement ou ville": `${READY} ${school}` });
  await reader.click("Rechercher", { role: "button" });
  await reader.page.locator(`main a[href="${sheet}"]`).first().waitFor();
  await yves.goto("/gestion/2024/apprentissage");
  const row = yves.page.locator("main tbody tr", { hasText: READY });
  await row.filter({ hasText: "Les candidats lisent cette formation." }).waitFor();
  await yves.screenshot("apprentissage-publiee");
}
