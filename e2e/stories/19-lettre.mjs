// The letter that opens a session: the DRAIO deposits the document that goes with it and publishes it with its dates, its information
// sessions, its links and its contacts; the secretary of a lycée finds it on her home and follows it from top to bottom, on her phone.

import { readFile } from "node:fs/promises";

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "the letter of the session goes from the DRAIO to a secretary, who follows it from top to bottom";
export const moment = "parametrage";

const TITLE = "Session 2024 : la lettre de la région académique";
const DOCUMENT = "Session 2024 : le courrier de la région";

/** What is said of the session, and where each part of it leads. */
const TEXT = `Le site de gestion est ouvert depuis le 13 novembre 2023. Ce que vous aviez saisi l’an dernier se lit dans les [archives de la session 2023](/gestion/archives), lien en haut à droite.

Participer engage chaque établissement : la [charte de la procédure](/informations/2024/charte) le dit, et le [calendrier technique](/informations/2024/calendrier) donne toutes les dates.

## Vos comptes

Un compte par personne, une adresse nominative, un nouveau mot de passe et un second facteur ; un mobile pour l’administrateur du site. Le [guide des comptes](/documentation/comptes) et la pièce jointe répondent à vos questions.

## Les séances d’information

L’équipe nationale en tient cinq du 20 au 24 novembre, dont celle du vendredi réservée aux IFSI et aux formations paramédicales, puis trois pour l’apprentissage. La DRAIO vous propose deux temps d’échange, les 28 et 30 novembre. L’inscription est obligatoire : [choisissez votre séance](/mes-seances).

## Décrire, dans l’ordre

1. [Votre établissement](/gestion/2024/etablissements) d’abord : composantes, sites sur la carte, portes ouvertes, accessibilité, chef d’établissement.
2. [Vos formations](/gestion/2024/formations) ensuite, jusqu’au **mercredi 13 décembre 2023** ; les capacités et les frais jusqu’au **vendredi 12 janvier 2024 inclus**.

Le [guide du paramétrage](/documentation/parametrage) suit les écrans ; les [notes de cadrage](/informations/2024/documents) les précisent.

## Vos critères d’examen

La participation aux cordées de la réussite peut compter. Les notes des épreuves terminales de spécialité ne vous seront pas transmises : la [note sur les données des dossiers](/informations/2024/donnees) dit ce que vous recevrez. La lettre de motivation n’est demandée que si vous l’expliquez.

## Apprentissage

Déclarez ouvertures, fermetures et restructurations au réseau des Carif-Oref ; [vos fiches du catalogue](/gestion/2024/apprentissage) disent où en est chacune. Ces formations se complètent ici avant le 20 décembre.

## Nous joindre

La CRAOES, ses deux lignes à Amiens et à Lille, ses publications et ses journées de formation : [aide et contact](/assistance).`;

/** Each link of the letter, in its order, and what its page says. */
const WAY = [
  ["archives de la session 2023", "Session 2023"],
  ["charte de la procédure", "Dire la vérité des formations"],
  ["calendrier technique", "Étapes de la procédure"],
  ["guide des comptes", "second facteur"],
  ["choisissez votre séance", "Temps d’échange avec la région académique"],
  ["Votre établissement", "Lycée"],
  ["Vos formations", "BTS"],
  ["guide du paramétrage", "Sommaire"],
  ["notes de cadrage", "Note de cadrage : écrire les critères généraux d’examen des vœux"],
  ["note sur les données des dossiers", "Moyenne générale"],
  ["vos fiches du catalogue", "catalogue"],
  ["aide et contact", "03 20 15 61 80"],
];

export async function run(stage) {
  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/informations/2024/documents");
  await henri.click("Déposer un document");
  const letter = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n";
  const file = (content) => ({ files: { name: "Courrier de la région.pdf", mimeType: "application/pdf", buffer: Buffer.from(content) } });
  await henri.fill({ Titre: DOCUMENT, "Pièce jointe d’une information": true, Amiens: true, Lille: true, Fichier: file("PK") });
  await henri.click("Déposer");
  await henri.sees("mais ce n’en est pas un");
  equal(await (await henri.field("Titre")).inputValue(), DOCUMENT, "the title is kept");
  await henri.screenshot("lettre-document-refus");
  await henri.fill({ Fichier: file(letter.replace("%%EOF", "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*\nstartxref\n%%EOF")) });
  await henri.click("Déposer");
  await henri.sees("L’antivirus refuse ce fichier");
  await henri.fill({ Fichier: file(letter) });
  await henri.click("Déposer");
  await henri.sees("Le document est déposé");
  await henri.check();
  await henri.screenshot("lettre-documents");

  await henri.goto("/informations/2024/publication/nouvelle");
  const piece = henri.page.locator("label", { hasText: `${DOCUMENT} (` });
  await henri.fill({ Titre: TITLE, Texte: TEXT, Amiens: true, Lille: true });
  await henri.page.locator(`[id="${await piece.getAttribute("for")}"]`).press("Space");
  await henri.click("Voir l’aperçu");
  await henri.sees(`Aperçu : ${TITLE}`);
  await henri.check();
  await henri.screenshot("lettre-apercu");
  await henri.click("Publier");
  await henri.sees("L’information est enregistrée");

  const josiane = await stage.persona("Josiane Vasseur", { size: PHONE });
  await josiane.goto("/gestion/2024");
  await josiane.click(TITLE);
  await josiane.sees("Pièces jointes");
  await josiane.check();
  await josiane.screenshot("lettre-lue");
  const item = new URL(josiane.page.url()).pathname;

  const download = josiane.page.waitForEvent("download");
  await josiane.page.getByRole("link", { name: DOCUMENT }).click();
  const received = await download;
  equal(received.suggestedFilename(), "Courrier de la région.pdf", "the name of the file");
  equal((await readFile(await received.path(), "utf8")), letter, "the file");

  for (const [link, says] of WAY) {
    await josiane.goto(item);
    await josiane.click(link, { role: "link" });
    await josiane.sees(says);
  }

  // She takes a place in one of the two regional sessions, and asks to be called back to the service that wrote.
  await josiane.goto("/mes-seances/2024");
  await josiane.page.getByRole("link", { name: "Temps d’échange avec la région académique" }).first().click();
  await josiane.page.waitForLoadState("load");
  await josiane.click("M’inscrire");
  await josiane.sees("Vous avez une place pour cette séance.");
  await josiane.check();
  await josiane.screenshot("lettre-inscrite");

  await henri.goto("/informations/2024/publication");
  equal(await henri.page.locator("tbody tr", { hasText: TITLE }).getByText(/^1 sur/).count(), 1, "one person read it");
  await josiane.goto("/informations/2024/publication/documents", { status: 403 });
}
