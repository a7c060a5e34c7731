// The DRAIO publishes an item in the Fil info, having read it as its readers will; the administrator of a lycée of the region finds
// it on his home, reads it on his phone; the service corrects it, and sees who has opened it.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "an item of the Fil info goes from the academic service to a school";
export const moment = "parametrage";

const TITLE = "Permanence téléphonique du 6 décembre";
const TEXT = `Nos services répondent de 9 h à 17 h.

## Pour préparer votre appel

- relisez le [guide du paramétrage](/documentation/parametrage) ;
- notez le code UAI de votre établissement.`;

export async function run(stage) {
  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/informations/2024");
  await henri.sees("Le site de gestion est ouvert pour la session 2024");
  await henri.click("Publier une information");
  await henri.fill({ Titre: TITLE, Texte: TEXT });
  await henri.click("Publier");
  await henri.sees("Choisissez au moins une académie");
  equal(await (await henri.field("Texte")).inputValue(), TEXT, "the text is kept");
  await henri.screenshot("fil-info-refus");
  for (const academy of ["Amiens", "Lille"]) await henri.fill({ [academy]: true });
  await henri.click("Voir l’aperçu");
  await henri.sees(`Aperçu : ${TITLE}`);
  await henri.check();
  await henri.screenshot("fil-info-apercu");
  await henri.click("Publier");
  await henri.sees("L’information est enregistrée");
  await henri.check();
  await henri.screenshot("fil-info-publications");

  const yves = await stage.persona("Yves Caron", { size: PHONE });
  await yves.goto("/gestion/2024");
  await yves.sees("Fil info : à lire");
  await yves.screenshot("fil-info-accueil");
  await yves.click(TITLE);
  await yves.sees("Nos services répondent de 9 h à 17 h.");
  await yves.check();
  await yves.screenshot("fil-info-lecture");
  await yves.click("Revenir au Fil info");
  equal(await yves.page.locator(".actualites li", { hasText: TITLE }).getByText("Non lue").count(), 0, "it is read");
  await yves.check();
  await yves.screenshot("fil-info-liste");

  await henri.goto("/informations/2024/publication");
  await henri.click(TITLE);
  await henri.sees("Ouverte par 1 sur");
  await henri.fill({ Texte: `${TEXT}\n\nLa permanence est reportée au **7 décembre**.`, "À relire : l’information redevient non lue pour ceux qui l’avaient ouverte": true });
  await henri.click("Enregistrer la correction");
  await henri.sees("1 avant la dernière correction");
  await yves.goto("/informations/2024");
  equal(await yves.page.locator(".actualites li", { hasText: TITLE }).getByText("Non lue").count(), 1, "it is to be read again");
  await yves.click(TITLE);
  await yves.sees("reportée au 7 décembre");
  await yves.goto("/informations/2024/publication", { status: 403 });
}
