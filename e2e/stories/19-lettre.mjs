// The letter that opens a session: the DRAIO announces its two webinars, deposits the technical calendar that the site prints, and
// publishes the letter with its dates, its information sessions, its links and its contacts; the secretary of a lycée finds it on her
// home and follows it from top to bottom, on her phone. The dates go to her calendar, she takes a place in a webinar, and finds the
// recording of the session that she missed.

import { readFile } from "node:fs/promises";

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "the letter of the session goes from the DRAIO to a secretary, who follows it from top to bottom";
export const moment = "parametrage";

const TITLE = "Session 2024 : la lettre de la région académique";
const DOCUMENT = "Session 2024 : les dates à afficher dans votre bureau";
/** Deposited by the same service a few days before. */
const QUESTIONS = "Questions fréquentes de la région : sécurisation de l’accès";
const MILESTONES = "Ouverture de la procédure 2024 : premiers jalons";
const WEBINAR = "Webinaire de la DRAIO : ouvrir la session 2024";
const WEBINAR_TEXT = `Une heure avec les équipes d’Amiens et de Lille.

- ce qui change cette année ;
- vos questions, les plus fréquentes d’abord.`;
/** The days of the two webinars: for the form, as they are read, and when they begin and end in universal time. */
const WEBINARS = [
  { day: "2023-11-28", read: "mardi 28 novembre 2023, de 16 h 30 à 17 h 30", begins: "20231128T153000Z", ends: "20231128T163000Z" },
  { day: "2023-11-30", read: "jeudi 30 novembre 2023, de 16 h 30 à 17 h 30", begins: "20231130T153000Z", ends: "20231130T163000Z" },
];
const RECORDING = "https://video.example.fr/seances/premiers-jalons";
const EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

/** The five sessions of the national team: the last one is not for everybody. */
const NATIONAL = [
  ["lundi 20 novembre", "de 10 h à 14 h"],
  ["mardi 21 novembre", "de 14 h 30 à 16 h 30"],
  ["mercredi 22 novembre", "de 9 h 30 à 11 h 30"],
  ["jeudi 23 novembre", "de 14 h à 16 h"],
  ["vendredi 24 novembre", "de 12 h à 14 h"],
];

/** What is said of the session, and where each part of it leads. */
const TEXT = `Le site de gestion vous attend depuis le 13 novembre 2023. Ce que vous aviez saisi l’an dernier se lit dans les [archives de la session 2023](/gestion/archives), lien en haut à droite.

Participer engage chaque établissement : la [charte de la procédure](/informations/2024/charte) le dit, et le [calendrier technique](/informations/2024/calendrier), joint à cette lettre, donne toutes les dates.

## Vos comptes

Personne ne prête plus son compte :

- un nouveau mot de passe ;
- une adresse électronique à votre nom, pour vous seul ;
- un mobile pour l’administrateur du site ;
- un code après le mot de passe (application, courriel ou SMS), la première fois puis quand vous changez de réseau.

Le [guide des comptes](/documentation/comptes) montre chaque étape ; les questions qu’on nous pose le plus sont en pièce jointe.

L’administrateur du site peut [confier des opérations à d’autres](/documentation/comptes#deleguer) : décrire une formation, lire les candidatures, classer. Chacun tient à jour [ses propres coordonnées](/compte). Quelqu’un est parti : [son compte se ferme](/documentation/comptes#comptes-inactifs).

## Les séances d’information

L’équipe nationale présente le calendrier et les nouveautés en visioconférence, cinq fois :

${NATIONAL.map(([day, hours]) => `- ${day}, ${hours}`).join(" ;\n")}, pour les seuls IFSI et formations paramédicales.

Trois autres, entre le 28 novembre et le 1er décembre, parlent d’apprentissage. La DRAIO vous donne rendez-vous pour deux webinaires, les 28 et 30 novembre. Personne n’entre sans place : [choisissez votre séance](/mes-seances). Les enregistrements paraîtront ensuite au même endroit.

## Décrire, dans l’ordre

1. [Votre établissement](/gestion/2024/etablissements) d’abord : composantes, coordonnées, sites sur la carte, portes ouvertes, accessibilité. Les candidats le lisent sur la fiche de chaque formation.
2. Le [chef d’établissement](/documentation/parametrage#etablissement-chef) : ses coordonnées restent entre nous, mais il signe les refus adressés aux candidats et le rapport public, et c’est lui que la DRAIO appelle.
3. [Vos formations](/gestion/2024/formations) ensuite, jusqu’au **mercredi 13 décembre 2023** ; les capacités et les frais jusqu’au **vendredi 12 janvier 2024 inclus**.

Le [guide du paramétrage](/documentation/parametrage) suit les écrans ; les [notes de cadrage et les pas à pas](/informations/2024/documents) les précisent.

## Vos critères d’examen

Les candidats lisent votre grille sur la fiche : dites ce que vous regarderez, en accord avec ce que la formation enseigne et attend. La participation aux cordées de la réussite peut compter (loi du 24 décembre 2020, article 37). Les notes des épreuves terminales de spécialité ne vous seront pas transmises, n’en parlez donc pas : la [note sur les données des dossiers](/informations/2024/donnees) dit ce que vous recevrez. La lettre de motivation n’est demandée que si vous l’expliquez.

## Apprentissage

Déclarez ouvertures, fermetures et restructurations au [réseau des Carif-Oref](https://www.intercariforef.org/referencer-son-offre-de-formation). Nos services jugent de l’éligibilité sur le [catalogue national](https://catalogue-apprentissage.intercariforef.org/) ; [vos fiches du catalogue](/gestion/2024/apprentissage) disent où en est chacune. Ces formations se complètent ici, pour être lues des candidats le 20 décembre.

## Vos élèves, vos collègues

Les psychologues de la CRAOES publient [par thème](/assistance), tiennent des [visioconférences pour les lycéens](/seances) et proposent aux professeurs des journées de formation. Pour les joindre :

- à Amiens, [03 22 82 37 54](tel:+33322823754) ;
- à Lille, [03 20 15 61 80](tel:+33320156180) ;
- par courriel, [craoes@region-academique-hauts-de-france.fr](mailto:craoes@region-academique-hauts-de-france.fr).

Une question sur cette lettre trouve sa réponse par [aide et contact](/assistance).`;

/** Each link of the letter that leads to a page of the site, in its order, and what this page says. */
const WAY = [
  ["archives de la session 2023", "Session 2023"],
  ["charte de la procédure", "Dire la vérité des formations"],
  ["calendrier technique", "mercredi 13 décembre 2023 à 23 h 59"],
  ["guide des comptes", "second facteur"],
  ["confier des opérations à d’autres", "Ce qui se délègue"],
  ["ses propres coordonnées", "Tenez-les à jour vous-même"],
  ["son compte se ferme", "Comptes inactifs, départs"],
  ["choisissez votre séance", WEBINAR],
  ["Votre établissement", "Paramétrage de l’établissement"],
  ["chef d’établissement", "signe les notifications de refus"],
  ["Vos formations", "BTS"],
  ["guide du paramétrage", "Sommaire"],
  ["notes de cadrage et les pas à pas", "Note de cadrage : écrire les critères généraux d’examen des vœux"],
  ["note sur les données des dossiers", "Moyenne générale"],
  ["vos fiches du catalogue", "Ces fiches viennent du catalogue national"],
  ["par thème", "Lire une fiche de formation sans rien manquer"],
  ["visioconférences pour les lycéens", "Préparer ses vœux"],
  ["aide et contact", "03 20 15 61 80"],
];

/** Those that leave the site. */
const OUTSIDE = [
  ["réseau des Carif-Oref", "https://www.intercariforef.org/referencer-son-offre-de-formation"],
  ["catalogue national", "https://catalogue-apprentissage.intercariforef.org/"],
  ["03 22 82 37 54", "tel:+33322823754"],
  ["03 20 15 61 80", "tel:+33320156180"],
  ["craoes@region-academique-hauts-de-france.fr", "mailto:craoes@region-academique-hauts-de-france.fr"],
];

/** What is read without following anything. */
const SAID = [
  ...NATIONAL.map(([day, hours]) => `${day}, ${hours}`),
  "les 28 et 30 novembre",
  "un code après le mot de passe",
  "il signe les refus adressés aux candidats et le rapport public",
  "mercredi 13 décembre 2023",
  "vendredi 12 janvier 2024 inclus",
  "Les enregistrements paraîtront ensuite au même endroit",
];

export async function run(stage) {
  const henri = await stage.persona("Henri Delattre");
  await webinars(henri);
  const calendar = await deposit(henri);
  await publish(henri);

  const josiane = await stage.persona("Josiane Vasseur", { size: PHONE });
  await josiane.goto("/gestion/2024");
  await josiane.click(TITLE);
  await josiane.sees("Pièces jointes");
  for (const said of SAID) await josiane.sees(said);
  await josiane.check();
  await josiane.screenshot("lettre-lue");
  const item = new URL(josiane.page.url()).pathname;
  await attachments(josiane, calendar);
  await follow(josiane, item);
  await dates(josiane);
  await place(josiane);

  await henri.goto("/informations/2024/publication");
  equal(await henri.page.locator("tbody tr", { hasText: TITLE }).getByText(/^1 sur/).count(), 1, "one person read it");
  await henri.goto("/mes-seances/2024/organisation");
  const first = henri.page.locator("tbody tr", { hasText: WEBINAR }).first();
  equal((await first.locator("td").allInnerTexts()).some((cell) => cell.trim() === "1"), true, "one person has a place in the first webinar");
  await josiane.goto("/informations/2024/publication/documents", { status: 403 });
  await recording(stage, josiane);
}

/** The two webinars of the region, announced one after the other; the service reads all the sessions of its academies. */
async function webinars(henri) {
  for (const { day } of WEBINARS) {
    await henri.goto("/mes-seances/2024/organisation/nouvelle");
    await henri.fill({
      Titre: WEBINAR, Texte: WEBINAR_TEXT, Jour: day, "Heure de début": "16:30", "Heure de fin": "17:30",
      "Lien de connexion": `https://visio.example.fr/draio-${day}`, Amiens: true, Lille: true,
    });
    await henri.click("Annoncer la séance");
    await henri.sees("La séance est annoncée");
  }
  await henri.screenshot("lettre-webinaires");
  await henri.goto("/mes-seances/2024");
  for (const [day, hours] of NATIONAL) await henri.sees(`${day} 2023, ${hours}`);
  for (const { read } of WEBINARS) await henri.sees(read);
}

/** The calendar as the site prints it, deposited; what is not a document and what carries a virus are refused before. */
async function deposit(henri) {
  await henri.goto("/informations/2024/calendrier");
  const calendar = await fileOf(henri, "Télécharger (PDF)");
  equal(calendar.name, "calendrier-technique-2024.pdf", "the name of the calendar");
  for (const part of ["%PDF-1.7", "/Lang(fr-FR)", "/StructTreeRoot", "%%EOF"]) {
    equal(calendar.bytes.includes(part), true, `${part} in the calendar`);
  }

  await henri.goto("/informations/2024/documents");
  await henri.click("Déposer un document");
  const file = (buffer) => ({ files: { name: "Dates de la session.pdf", mimeType: "application/pdf", buffer } });
  await henri.fill({ Titre: DOCUMENT, "Pièce jointe d’une information": true, Amiens: true, Lille: true, Fichier: file(Buffer.from("PK")) });
  await henri.click("Déposer");
  await henri.sees("mais ce n’en est pas un");
  equal(await (await henri.field("Titre")).inputValue(), DOCUMENT, "the title is kept");
  await henri.screenshot("lettre-document-refus");
  await henri.fill({ Fichier: file(Buffer.concat([calendar.bytes, Buffer.from(`\n% ${EICAR}\n`)])) });
  await henri.click("Déposer");
  await henri.sees("L’antivirus refuse ce fichier");
  await henri.fill({ Fichier: file(calendar.bytes) });
  await henri.click("Déposer");
  await henri.sees("Le document est déposé");
  await henri.check();
  await henri.screenshot("lettre-documents");
  return calendar;
}

async function publish(henri) {
  await henri.goto("/informations/2024/publication/nouvelle");
  await henri.fill({ Titre: TITLE, Texte: TEXT, Amiens: true, Lille: true });
  for (const title of [DOCUMENT, QUESTIONS]) {
    const piece = henri.page.locator("label", { hasText: `${title} (` });
    await henri.page.locator(`[id="${await piece.getAttribute("for")}"]`).press("Space");
  }
  await henri.click("Voir l’aperçu");
  await henri.sees(`Aperçu : ${TITLE}`);
  await henri.check();
  await henri.screenshot("lettre-apercu");
  await henri.click("Publier");
  await henri.sees("L’information est enregistrée");
}

/** Both documents: the calendar is the file that was deposited, to the byte. */
async function attachments(josiane, calendar) {
  const received = await fileOf(josiane, DOCUMENT);
  equal(received.name, "Dates de la session.pdf", "the name of the file");
  equal(received.bytes.equals(calendar.bytes), true, "the calendar is the one that was deposited");
  const questions = await fileOf(josiane, QUESTIONS);
  equal(questions.name, "Hauts-de-France - sécurisation de l’accès.pdf", "the questions");
  equal(questions.bytes.subarray(0, 5).toString("latin1"), "%PDF-", "the questions are a PDF");
}

/** Every link in its order; those that leave the site are read, not followed. */
async function follow(josiane, item) {
  const letter = josiane.page.locator("main");
  for (const [link, address] of OUTSIDE) {
    equal(await letter.getByRole("link", { name: link, exact: true }).getAttribute("href"), address, link);
  }
  for (const [link, says] of WAY) {
    await josiane.goto(item);
    await josiane.click(link, { role: "link" });
    await josiane.arrives((url) => url.pathname !== item, `« ${link} » leads somewhere`);
    await josiane.sees(says);
  }
}

/** The dates of the letter, in her calendar program: a closing lasts its last minute. */
async function dates(josiane) {
  await josiane.goto("/informations/2024/calendrier");
  const file = await fileOf(josiane, "Mettre dans mon agenda (.ics)");
  equal(file.name, "calendrier-technique-2024.ics", "the name of the dates");
  const found = events(file);
  for (const [event, when, what] of [
    ["2024-parametrage-cloture@", "20231213T225900Z", "the last minute to describe courses"],
    ["2024-capacites_frais-cloture@", "20240112T225900Z", "the last minute for capacities and fees"],
    ["2024-consultation-ouverture@", "20231220T110000Z", "the hour when candidates read the offer"],
  ]) {
    equal(found.find(({ UID }) => UID.startsWith(event))?.DTSTART, when, what);
  }
}

/**
 * The sessions that concern her, those of the paramedical courses not being among them; a place in the first webinar, which goes to
 * her calendar without the address of the conference; then she asks who answers.
 */
async function place(josiane) {
  await josiane.goto("/mes-seances/2024");
  for (const [day, hours] of NATIONAL.slice(0, 4)) await josiane.sees(`${day} 2023, ${hours}`);
  await josiane.doesNotSee("IFSI et formations paramédicales");
  const rows = josiane.page.locator(".actualites li", { hasText: WEBINAR });
  equal(await rows.count(), WEBINARS.length, "the webinars that she is offered");
  for (const { read } of WEBINARS) equal(await rows.filter({ hasText: read }).count(), 1, read);
  await josiane.click(WEBINAR, { role: "link" });
  await josiane.sees(WEBINARS[0].read);
  await josiane.click("M’inscrire");
  await josiane.sees("Vous avez une place pour cette séance.");
  await josiane.check();
  await josiane.screenshot("lettre-inscrite");
  const file = await fileOf(josiane, "Ajouter à mon agenda");
  equal(file.name, "seance.ics", "the name of the session");
  const found = events(file);
  equal(found.length, 1, "one event");
  equal(found[0].SUMMARY, WEBINAR, "the title of the event");
  equal(`${found[0].DTSTART}/${found[0].DTEND}`, `${WEBINARS[0].begins}/${WEBINARS[0].ends}`, "the hours of the event");
  equal(file.bytes.includes("visio.example"), false, "no address of the conference in a file");
}

/** Once the sessions are over, the national team publishes a recording: whoever it was addressed to finds it, registered or not. */
async function recording(stage, josiane) {
  await stage.clock("2023-12-01T18:00");
  const claire = await stage.persona("Claire Fontaine");
  await claire.goto("/mes-seances/2024/organisation");
  await claire.sees("Formations paramédicales");
  await claire.sees("statut : En apprentissage");
  await claire.click(MILESTONES, { role: "link" });
  await claire.sees("lundi 20 novembre 2023");
  await claire.click("Présences et enregistrement");
  await claire.fill({ "Adresse de l’enregistrement": RECORDING });
  await claire.click("Publier l’enregistrement");
  await claire.sees("L’enregistrement est publié");
  await josiane.goto("/mes-seances/2024");
  const link = josiane.page.locator("main").getByRole("link", { name: /^Voir l’enregistrement/ });
  equal(await link.count(), 1, "one recording is published");
  equal(await link.getAttribute("href"), RECORDING, "where the recording is");
  await josiane.check();
  await josiane.screenshot("lettre-enregistrement");
}

/** The file behind a link of the page: its name and its bytes. */
async function fileOf(visitor, link) {
  const [download] = await Promise.all([
    // The first document that a server prints takes longer than the others.
    visitor.page.waitForEvent("download", { timeout: 60_000 }),
    visitor.page.getByRole("link", { name: link }).first().click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** The events of a calendar file, each by the names of its lines; long lines are unfolded. */
function events({ bytes }) {
  const text = bytes.toString("utf8").replaceAll("\r\n ", "");
  return [...text.matchAll(/BEGIN:VEVENT\r\n(.*?)END:VEVENT/gs)].map(([, event]) =>
    Object.fromEntries(event.trimEnd().split("\r\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1)];
    })));
}
