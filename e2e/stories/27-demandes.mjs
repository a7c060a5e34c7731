// What an establishment asks about the life of its courses: leaving one out of a year (withdrawn, then granted), merging one into
// another, opening a new one, other ranking groups, another sector, handing one over with the agreement of who receives it, and
// fields outside their step. With wrong input that keeps what was typed, two tabs, a phone, the keyboard alone, outside the window,
// and people who may not.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "the life of courses: asked, answered, done";
export const moment = "parametrage";

const REASON = "Les effectifs ont baissé de moitié en trois ans.";

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  const henri = await stage.persona("Henri Delattre");
  await yves.goto("/gestion/2024");
  await yves.goto("/gestion/2024/formations");
  const courses = await yves.page.locator("main table tbody th a").evaluateAll((links) =>
    links.map((link) => ({ title: link.textContent.trim(), path: link.getAttribute("href") })));
  const [given, merged, other, kept] = courses.slice(-4);
  const asked = await leftOut(yves, kept);
  await staleAnswer(henri, yves, asked);
  await mergedInto(stage, yves, henri, merged, other);
  await opened(yves, henri);
  await regrouped(yves, henri, other);
  await sector(stage);
  await handedOver(stage, yves, henri, given);
  await onAPhone(stage, kept);
  await outside(stage, kept);
  await dispensation(stage, kept);
  await others(stage, kept);
}

const submit = async (visitor, label, page = visitor.page) => {
  await page.getByRole("button", { name: label }).last().click();
  await page.waitForLoadState("load");
};

/** The newest request of the list: the path of its page after « demandes/ ». */
const newest = async (visitor) => {
  await visitor.goto("/gestion/2024/demandes?etat=deposee");
  const paths = await visitor.page.locator("main tbody th a").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  return paths.at(-1).split("/").at(-1);
};

const answer = async (henri, desk, request, decision, fields = {}) => {
  await henri.goto(`/${desk}/2024/demandes/${request}`);
  await henri.page.locator(`[name="decision"][value="${decision}"]`).press("Space");
  for (const [field, value] of Object.entries(fields)) await henri.page.locator(`[name="${field}"]`).fill(value);
  await submit(henri, "Envoyer la réponse");
};

/** From the page of the course, in two tabs: no reason first, then asked; the other tab asks nothing more. */
async function leftOut(yves, course) {
  await yves.goto(course.path);
  await yves.page.getByRole("link", { name: "Demander…" }).click();
  await yves.page.waitForLoadState("load");
  await yves.check();
  await yves.screenshot("27-demander");
  await yves.click("Ne pas ouvrir la formation cette année");
  const stale = await yves.newTab();
  await yves.goto(`${course.path}/demander?nature=suspension`, { page: stale });
  await yves.page.locator('[name="motif"]').fill("non");
  await submit(yves, "Envoyer la demande");
  await yves.sees("Expliquez en une phrase");
  equal(await yves.page.locator('[name="motif"]').inputValue(), "non", "the reason is kept");
  await yves.screenshot("27-motif-faux");
  await yves.page.locator('[name="motif"]').fill(REASON);
  await submit(yves, "Envoyer la demande");
  await yves.sees("Votre demande est envoyée au service académique");
  await yves.sees("Récépissé nº");
  await yves.screenshot("27-demandes");
  await stale.locator('[name="motif"]').fill(REASON);
  await submit(yves, "Envoyer la demande", stale);
  await yves.sees("Une autre demande sur cette formation attend sa réponse", { page: stale });
  equal(await stale.locator('[name="motif"]').inputValue(), REASON, "the reason of the second tab is kept");
  await stale.close();
  return newest(yves);
}

/** Withdrawn while the agent reads it: nothing is answered; asked again, granted. */
async function staleAnswer(henri, yves, request) {
  await henri.goto("/academie/2024/demandes");
  await henri.check();
  await henri.screenshot("27-file");
  await henri.goto(`/academie/2024/demandes/${request}`);
  await henri.check();
  await henri.screenshot("27-demande");
  await submit(henri, "Envoyer la réponse");
  await henri.sees("Choisissez une réponse");
  await yves.goto(`/gestion/2024/demandes/${request}`);
  await yves.sees(REASON);
  await yves.check();
  await submit(yves, "Retirer la demande");
  await yves.sees("La demande est retirée");
  await henri.page.locator('[name="decision"][value="accepter"]').press("Space");
  await submit(henri, "Envoyer la réponse");
  await henri.sees("l’établissement l’a retirée");
  await henri.screenshot("27-retiree");
}

async function mergedInto(stage, yves, henri, merged, other) {
  await yves.goto(`${merged.path}/demander?nature=fusion`);
  await yves.check();
  await yves.page.locator('[name="motif"]').fill(REASON);
  await yves.page.locator('[name="autre"]').fill("le BTS du lycée voisin");
  await submit(yves, "Envoyer la demande");
  await yves.sees("Collez l’adresse de la fiche publique");
  equal(await yves.page.locator('[name="autre"]').inputValue(), "le BTS du lycée voisin", "the address is kept");
  await yves.page.locator('[name="autre"]').fill("");
  await yves.page.locator('[name="successeur"]').selectOption(other.path.split("/").at(-1));
  await yves.screenshot("27-fusion");
  await submit(yves, "Envoyer la demande");
  await yves.sees("Votre demande est envoyée");
  const request = await newest(yves);
  await answer(henri, "academie", request, "refuser", { reponse: "non" });
  await henri.sees("Expliquez en une phrase");
  await answer(henri, "academie", request, "accepter");
  await henri.sees("La demande est acceptée et a pris effet");
  await henri.screenshot("27-acceptee");
  await yves.goto(merged.path);
  await yves.sees("Formation fermée");
  await yves.check();
  await yves.screenshot("27-fermee");
  await stage.clock("2023-12-21T10:00");
  await yves.goto("/gestion/2024");
  await yves.sees("demande acceptée");
  await yves.screenshot("27-accueil");
  const visitor = await stage.visitor({ name: "public" });
  await visitor.goto(merged.path.replace(/^\/gestion\/\d+/, ""));
  await visitor.sees("Cette formation est fermée");
  await visitor.check();
  await visitor.screenshot("27-fiche-fermee");
  await stage.clock("2023-11-20T10:00");
}

/** A national type searched by words and chosen, nothing typed lost; a course that is not in the list says why. */
async function opened(yves, henri) {
  const { page } = yves;
  const why = "Quatre entreprises du canal recrutent chaque année.";
  await yves.goto("/gestion/2024/demandes");
  await yves.click("Demander l’ouverture d’une formation");
  await page.locator('[name="detail"]').fill("Option canal");
  await page.locator('[name="motif"]').fill(why);
  await submit(yves, "Envoyer la demande");
  await yves.sees("Cherchez la filière par les mots de son intitulé");
  equal(await page.locator('[name="detail"]').inputValue(), "Option canal", "what tells it apart is kept");
  await yves.check();
  await yves.screenshot("27-ouverture-fausse");
  await page.locator('[name="cherche"]').fill("licorne");
  await submit(yves, "Chercher dans la nomenclature");
  await yves.sees("n’a tous ces mots");
  await page.locator('[name="cherche"]').fill("METIERS eau");
  await page.locator('[name="cherche"]').press("Enter");
  await yves.sees("2 filières trouvées");
  equal(await page.locator('[name="motif"]').inputValue(), why, "the reason is kept");
  await page.locator('[name="filiere"]').first().press("Space");
  await submit(yves, "Choisir cette filière");
  await yves.sees("Attendus nationaux");
  await yves.check();
  await yves.screenshot("27-ouverture-filiere");
  await page.locator('[name="selective"][value="oui"]').press("Space");
  await page.locator('[name="site"]').selectOption({ index: 1 });
  await submit(yves, "Envoyer la demande");
  await yves.sees("Votre demande est envoyée");
  await yves.goto("/gestion/2024/formations?q=canal");
  equal(await page.locator("main tbody th a").count(), 0, "the course does not exist before the answer");
  const request = await newest(yves);
  await henri.goto(`/academie/2024/demandes/${request}`);
  await henri.sees("Filière nationale");
  await answer(henri, "academie", request, "accepter", { reponse: "Besoin reconnu par la région." });
  await henri.sees("a pris effet");
  await yves.goto("/gestion/2024/formations?q=canal");
  await page.locator("main tbody th a").first().click();
  await page.waitForLoadState("load");
  await yves.sees("Métiers de l’eau");
  await yves.sees("Brouillon");
  await yves.screenshot("27-ouverte");
  await outOfTheList(yves, henri);
}

async function outOfTheList(yves, henri) {
  const { page } = yves;
  await yves.goto("/gestion/2024/demandes/ouvrir");
  await submit(yves, "Ma formation n’est pas dans la nomenclature");
  await page.locator('[name="libelle"]').fill("Titre de batelier");
  await submit(yves, "Envoyer la demande");
  await yves.sees("Dites pourquoi la formation n’est pas dans la nomenclature");
  await yves.sees("Choisissez un type de formation");
  equal(await page.locator('[name="libelle"]').inputValue(), "Titre de batelier", "the name is kept");
  await yves.check();
  await yves.screenshot("27-ouverture-hors");
  await page.locator('[name="hors_nomenclature"]').fill("Le titre est propre à la région.");
  await page.locator('[name="famille"]').selectOption("autre");
  await page.locator('[name="statut"][value="etudiant"]').press("Space");
  await page.locator('[name="selective"][value="oui"]').press("Space");
  await page.locator('[name="site"]').selectOption({ index: 1 });
  await page.locator('[name="motif"]').fill("Le port forme ses bateliers.");
  await submit(yves, "Envoyer la demande");
  await yves.sees("Votre demande est envoyée");
  const request = await newest(yves);
  await henri.goto(`/academie/2024/demandes/${request}`);
  await henri.sees("Hors de la nomenclature nationale");
  await henri.check();
  await yves.goto(`/gestion/2024/demandes/${request}`);
  await submit(yves, "Retirer la demande");
  await yves.sees("La demande est retirée");
}

/** Other ranking groups: places that do not add up are refused and kept; granted, they are those of the course. */
async function regrouped(yves, henri, course) {
  const { page } = yves;
  await yves.goto(course.path);
  await page.locator('[name="capacite"]').fill("24");
  for (const [i, places] of (await page.locator('[name^="places-"]').all()).entries()) await places.fill(i === 0 ? "24" : "0");
  await submit(yves, "Enregistrer");
  await yves.sees("Vos modifications sont enregistrées");
  await yves.goto(`${course.path}/demander?nature=groupes`);
  await yves.sees("La capacité déclarée est de 24 places");
  await yves.check();
  await yves.screenshot("27-groupes");
  const group = async (i, label, places, series) => {
    await page.locator(`[name="groupes.${i}.libelle"]`).fill(label);
    await page.locator(`[name="groupes.${i}.places"]`).fill(places);
    for (const box of await page.locator(`[name="groupes.${i}.series[]"]`).all()) {
      await box.setChecked(series.includes(await box.getAttribute("value")), { force: true });
    }
  };
  await group(0, "Bacs professionnels du canal", "10", ["pro"]);
  await group(1, "Tous les autres bacs", "15", ["general", "techno", "autre"]);
  await group(2, "", "", []);
  await group(3, "", "", []);
  await page.locator('[name="motif"]').fill("La commission lit ces dossiers à part.");
  await submit(yves, "Envoyer la demande");
  await yves.sees("font 25 en tout, alors que la capacité est de 24");
  equal(await page.locator('[name="groupes.1.libelle"]').inputValue(), "Tous les autres bacs", "the name of a group is kept");
  equal(await page.locator('[name="groupes.0.series[]"][value="pro"]').isChecked(), true, "its candidates are kept");
  await yves.screenshot("27-groupes-faux");
  await page.locator('[name="groupes.1.places"]').fill("14");
  await submit(yves, "Envoyer la demande");
  await yves.sees("Votre demande est envoyée");
  const request = await newest(yves);
  await henri.goto(`/academie/2024/demandes/${request}`);
  await henri.sees("Groupe actuel");
  await henri.sees("Bacs professionnels du canal");
  await henri.check();
  await henri.screenshot("27-groupes-demandes");
  await answer(henri, "academie", request, "accepter");
  await henri.sees("La demande est acceptée et a pris effet");
  await yves.goto(course.path);
  await yves.sees("Bacs professionnels du canal");
  await yves.check();
  await yves.screenshot("27-groupes-changes");
}

/** Another sector, for a course that cannot refuse: never without its own academy; what was typed is kept. */
async function sector(stage) {
  const aicha = await stage.persona("Aïcha Rahmani");
  const boxes = (state = "") => aicha.page.locator(`[name="academies[]"]${state}`);
  await aicha.goto("/gestion/2024/formations?q=licence");
  const paths = await aicha.page.locator("main table tbody th a").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  for (const path of paths) {
    await aicha.goto(`${path}/demander?nature=sectorisation`);
    if ((await boxes().count()) > 0) break;
  }
  equal((await boxes(":checked").count()) > 0, true, "the sector of a course that cannot refuse");
  await aicha.check();
  const [own] = await boxes(":checked").evaluateAll((ticked) => ticked.map((box) => box.value));
  const ownBox = aicha.page.locator(`[name="academies[]"][value="${own}"]`);
  await boxes(":not(:checked)").first().check({ force: true });
  await ownBox.uncheck({ force: true });
  await aicha.page.locator('[name="motif"]').fill(REASON);
  await submit(aicha, "Envoyer la demande");
  await aicha.sees("Le secteur comprend toujours l’académie de la formation");
  equal(await aicha.page.locator('[name="motif"]').inputValue(), REASON, "the reason is kept");
  await aicha.screenshot("27-secteur");
  await ownBox.check({ force: true });
  await submit(aicha, "Envoyer la demande");
  await aicha.sees("Votre demande est envoyée");
  await aicha.goto(`/gestion/2024/demandes/${await newest(aicha)}`);
  await aicha.sees("Secteur demandé");
  await aicha.check();
  await submit(aicha, "Retirer la demande");
  await aicha.sees("La demande est retirée");
  await aicha.close();
}

/** Nothing is handed to whoever has not agreed; the course then belongs to whoever did. */
async function handedOver(stage, yves, henri, course) {
  const aicha = await stage.persona("Aïcha Rahmani");
  await aicha.goto("/gestion/2024");
  const [uai] = (await aicha.page.locator("main").innerText()).match(/\d{7}[A-Z]/);
  await yves.goto(`${course.path}/demander?nature=cession`);
  await yves.page.locator('[name="uai"]').fill(uai);
  await yves.page.locator('[name="motif"]').fill("Le plateau technique ferme à la rentrée.");
  await submit(yves, "Envoyer la demande");
  await yves.sees("Votre demande est envoyée");
  const request = await newest(yves);
  await yves.goto(`/gestion/2024/demandes/${request}`);
  await yves.sees("n’a pas encore donné son accord");
  await henri.goto(`/academie/2024/demandes/${request}`);
  await henri.sees("Cette demande ne peut pas être acceptée");
  await henri.check();
  await henri.screenshot("27-sans-accord");
  await aicha.goto("/gestion/2024");
  await aicha.sees("votre accord est attendu");
  await aicha.check();
  await aicha.screenshot("27-accueil-cession");
  await aicha.click("Lire et répondre");
  await aicha.check();
  await aicha.page.locator("main tbody th a").first().click();
  await aicha.page.waitForLoadState("load");
  await aicha.sees("Le plateau technique ferme à la rentrée.");
  await aicha.check();
  await aicha.screenshot("27-cession");
  await submit(aicha, "Envoyer la réponse");
  await aicha.sees("Choisissez une réponse");
  await aicha.page.locator('[name="decision"][value="accepter"]').press("Space");
  await submit(aicha, "Envoyer la réponse");
  await aicha.sees("L’accord de votre établissement est enregistré");
  await henri.goto(`/academie/2024/demandes/${request}`);
  await henri.sees("Accord de l’établissement qui reçoit, donné le");
  const elsewhere = (await henri.page.locator('[name="decision"][value="transmettre"]').count()) === 1;
  await answer(henri, "academie", request, elsewhere ? "transmettre" : "accepter", { reponse: "Avis favorable du service." });
  if (elsewhere) {
    const claire = await stage.persona("Claire Fontaine");
    await answer(claire, "national", request, "accepter");
    await claire.sees("La demande est acceptée");
    await claire.screenshot("27-autre-academie");
  }
  await aicha.goto(course.path);
  await aicha.sees(course.title.split(" – ")[0]);
  await aicha.screenshot("27-confiee");
}

async function onAPhone(stage, course) {
  const phone = await stage.persona("Yves Caron", { size: PHONE });
  const forms = ["", "?nature=fermeture", "?nature=groupes"].map((nature) => `${course.path}/demander${nature}`);
  for (const address of ["/gestion/2024/demandes", "/gestion/2024/demandes/ouvrir", ...forms]) {
    await phone.goto(address);
    await phone.check();
  }
  await phone.screenshot("27-telephone");
  const henri = await stage.persona("Henri Delattre", { size: PHONE });
  await henri.goto("/academie/2024/demandes?etat=toutes");
  await henri.check();
  await henri.screenshot("27-telephone-file");
}

/** Once the step is over, nothing that would have to be described is asked; it is said why. */
async function outside(stage, course) {
  await stage.clock("2024-01-15T10:00");
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024/demandes/ouvrir");
  await yves.sees("est close depuis le");
  equal(await yves.page.locator('[name="motif"]').count(), 0, "no form once the step is over");
  await yves.goto(`${course.path}/demander?nature=cession`);
  await yves.sees("est close depuis le");
}

/** Fields outside their step: asked, sent on with an opinion, granted until a day. */
async function dispensation(stage, course) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto(`${course.path}/demander?nature=derogation`);
  await yves.check();
  await yves.screenshot("27-derogation");
  await yves.page.locator('input[name="champs[]"][value="frais"]').press("Space");
  await yves.page.locator('[name="jusqu_a"]').fill("2024-01-10");
  await yves.page.locator('[name="motif"]').fill("Le montant saisi est celui de 2022.");
  await submit(yves, "Envoyer la demande");
  await yves.sees("pas déjà passé");
  equal(await yves.page.locator('input[name="champs[]"][value="frais"]').isChecked(), true, "the box stays ticked");
  await yves.page.locator('[name="jusqu_a"]').fill("2024-01-22");
  await submit(yves, "Envoyer la demande");
  await yves.sees("Votre demande est envoyée");
  const request = await newest(yves);
  const henri = await stage.persona("Henri Delattre");
  await answer(henri, "academie", request, "transmettre", { reponse: "Erreur manifeste : avis favorable." });
  await henri.sees("La demande est transmise à l’équipe nationale");
  const claire = await stage.persona("Claire Fontaine");
  await claire.goto("/national/2024/demandes");
  await claire.check();
  await claire.screenshot("27-national");
  await claire.goto(`/national/2024/demandes/${request}`);
  await claire.sees("Erreur manifeste : avis favorable.");
  await claire.check();
  await claire.screenshot("27-national-demande");
  await answer(claire, "national", request, "accepter", { jusqu_a: "2024-01-20" });
  await claire.sees("La demande est acceptée");
  await yves.goto(course.path);
  await yves.sees("20 janvier 2024");
  equal(await yves.page.locator('[name="frais"]').isEnabled(), true, "the field of the dispensation is open");
  equal(await yves.page.locator('[name="presentation"]').count(), 0, "no other is");
  await yves.screenshot("27-champ-accorde");
  await stage.clock("2024-01-21T10:00");
  const late = await stage.persona("Yves Caron");
  await late.goto(course.path);
  equal(await late.page.locator('[name="frais"]').count(), 0, "the day after the last, it is closed again");
}

/** Whoever manages a course reads what was asked, and asks nothing. */
async function others(stage, course) {
  const emilie = await stage.persona("Émilie Wattel", { allow: [/403/] });
  await emilie.goto("/gestion/2024/demandes", { status: 403 });
  await emilie.goto("/academie/2024/demandes", { status: 403 });
  const henri = await stage.persona("Henri Delattre", { allow: [/403/] });
  await henri.goto(`${course.path}/demander`, { status: 403 });
  await henri.goto("/national/2024/demandes", { status: 403 });
}
