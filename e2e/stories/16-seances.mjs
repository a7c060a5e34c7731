// The DRAIO announces a webinar of one place; a manager takes it on her phone by the keyboard alone, a colleague waits, has the place
// when it is freed, finds the address on the day; the service notes who came and counts. A teacher registers on the public site.

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";

export const name = "a webinar is announced, filled, freed, held and counted; a teacher registers without an account";
export const moment = "parametrage";

const TITLE = "Vos questions sur les capacités d’accueil";
const TEXT = "Une heure de réponses en direct.\n\n- relisez le [guide du paramétrage](/documentation/parametrage) ;\n- préparez vos chiffres.";

export async function run(stage) {
  const henri = await stage.persona("Henri Delattre");
  await henri.goto("/mes-seances/2024");
  await henri.sees("Temps d’échange avec la région académique");
  await henri.check();
  await henri.screenshot("seances-liste");
  await henri.click("Annoncer une séance");
  await henri.fill({
    Titre: TITLE, Texte: TEXT, Jour: "2023-12-05", "Heure de début": "10:00", "Heure de fin": "09:00",
    "Lien de connexion": "http://visio.example.fr/capacites", "Nombre de places": "1", Lille: true, Amiens: true,
  });
  await henri.click("Annoncer la séance");
  await henri.sees("L’heure de fin doit suivre l’heure de début");
  equal(await (await henri.field("Texte")).inputValue(), TEXT, "the text is kept");
  await henri.fill({ "Heure de fin": "11:00" });
  await henri.click("Annoncer la séance");
  await henri.sees("commence par https://");
  await henri.check();
  await henri.screenshot("seances-refus");
  await henri.fill({ "Lien de connexion": "https://visio.example.fr/capacites" });
  await henri.click("Voir l’aperçu");
  await henri.sees(`Aperçu : ${TITLE}`);
  await henri.click("Annoncer la séance");
  await henri.sees("La séance est annoncée");
  await henri.check();
  await henri.screenshot("seances-organisation");

  const emilie = await stage.persona("Émilie Wattel", { size: PHONE });
  await emilie.goto("/mes-seances/2024");
  await emilie.check();
  await emilie.screenshot("seances-liste-telephone");
  await emilie.tabTo(TITLE);
  await emilie.enter();
  await emilie.sees("1 place libre");
  await emilie.tabTo("M’inscrire");
  await emilie.enter();
  await emilie.sees("Vous avez une place pour cette séance.");
  await emilie.sees("Récépissé nº");
  await emilie.check();
  await emilie.screenshot("seances-inscrite");

  const yves = await stage.persona("Yves Caron");
  await yves.goto("/mes-seances/2024");
  await yves.click(TITLE);
  await yves.click("M’inscrire sur la liste d’attente");
  await yves.sees("vous êtes en position 1 sur la liste d’attente");
  await yves.check();
  await yves.screenshot("seances-attente");
  const page = new URL(yves.page.url()).pathname;

  await emilie.click("Me désinscrire");
  await emilie.sees("Vous n’êtes plus inscrit");
  await yves.goto(page);
  await yves.sees("Vous avez une place pour cette séance.");
  const { address } = await stage.card("Yves Caron");
  equal((await stage.links(address, "/mes-seances/")).length > 0, true, "Yves is told by mail");

  await stage.clock("2023-12-05T07:30");
  await yves.goto(page);
  await yves.sees("Rejoindre la séance");
  await yves.check();
  await yves.screenshot("seances-jour");
  await emilie.goto(page);
  await emilie.doesNotSee("Rejoindre la séance");

  await stage.clock("2023-12-05T11:30");
  await henri.goto("/mes-seances/2024/organisation");
  await henri.click(TITLE);
  await henri.click("Présences et enregistrement");
  await henri.sees("1 inscrit, dont 0 présent");
  await henri.page.locator('main table input[type="checkbox"]').press("Space");
  await henri.click("Enregistrer les présences de cette page");
  await henri.sees("1 inscrit, dont 1 présent");
  await henri.check();
  await henri.screenshot("seances-presences");
  await henri.goto("/mes-seances/2024/organisation/statistiques");
  await henri.sees("Par département");
  await henri.check();
  await henri.screenshot("seances-statistiques");
  await yves.goto("/mes-seances/2024/organisation", { status: 403 });

  await stage.clock("2023-11-20T10:00");
  const teacher = await stage.visitor({ name: "teacher", size: PHONE });
  await teacher.goto("/seances");
  await teacher.sees("Accompagner ses élèves en terminale");
  await teacher.check();
  await teacher.screenshot("seances-public");
  const link = teacher.page.locator("section", { hasText: "Accompagner ses élèves" }).getByRole("link", { name: "S’inscrire à cette séance" });
  await link.click();
  await teacher.page.waitForLoadState("load");
  await teacher.fill({ "Adresse électronique": "professeur" });
  await teacher.click("Recevoir le lien d’inscription");
  await teacher.sees("Saisissez une adresse complète");
  await teacher.check();
  await teacher.screenshot("seances-public-refus");
  await teacher.fill({ Enseignant: true, "Votre département": { option: "59" }, "Adresse électronique": "professeur@lycee.example" });
  await teacher.click("Recevoir le lien d’inscription");
  await teacher.sees("un courriel vient de lui être envoyé");
  const [proof] = await stage.links("professeur@lycee.example", "/seances/inscription/");
  await teacher.goto(proof);
  await teacher.sees("Il reste à confirmer");
  await teacher.click("Confirmer mon inscription");
  await teacher.sees("Vous avez une place pour cette séance.");
  await teacher.check();
  await teacher.screenshot("seances-public-inscrit");
  await teacher.click("Me désinscrire");
  await teacher.sees("Vous n’êtes plus inscrit");
}
