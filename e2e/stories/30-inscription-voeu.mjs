// On her phone, without scripts, a candidate registers, adds a wish and confirms it; the receipt proves it without naming her.

import { PHONE } from "../lib/browser.mjs";
import { equal, typed } from "../lib/story.mjs";

export const name = "WEB-6: a candidate registers, wishes and confirms on a phone without scripts";
export const moment = "voeux";

const ADDRESS = "nora.lefevre@courriel.example";
const PASSWORD = "Rivage-Mandarine-47";

export async function run(stage) {
  const nora = await stage.visitor({ name: "Nora", size: PHONE, javaScript: false, allow: [/410/] });
  const link = await register(stage, nora);

  // The link has served: it opens nothing any more, whoever holds it.
  await nora.goto(link, { status: 410 });
  await nora.sees("Ce lien n’est plus valable");
  await nora.screenshot("inscription-lien-perime");

  await nora.goto("/connexion");
  await nora.fill({ "Adresse électronique": ADDRESS, "Mot de passe": PASSWORD });
  await nora.click("Se connecter", { role: "button" });
  await nora.sees("Mon espace candidat");
  await nora.screenshot("candidat-accueil-vide");

  const sheet = await addWish(nora);
  const wish = await confirmWish(nora);

  const receipt = new URL(nora.page.url()).pathname.split("/").pop();
  await nora.click("Vérifier l’authenticité");
  await nora.sees("Ce récépissé est authentique");
  await nora.sees(receipt);
  const anyone = await stage.visitor({ name: "anyone", size: PHONE, allow: [/404/] });
  await anyone.goto(`/recepisse?numero=${receipt}`);
  await anyone.sees("Ce récépissé est authentique");
  await anyone.sees("Confirmation d’un vœu");
  for (const secret of ["Nora", "Lefèvre", ADDRESS]) await anyone.doesNotSee(secret);
  await anyone.screenshot("recepisse-verifie");
  await anyone.goto("/recepisse?numero=AAAA-BBBB-CCCC", { status: 404 });
  await anyone.sees("Aucun récépissé ne porte ce numéro");

  // The wish is hers alone, and the space of candidates is no place for a school.
  const emilie = await stage.persona("Émilie Wattel", { allow: [/404/] });
  for (const path of ["/candidat", "/candidat/voeux", wish]) {
    await emilie.goto(path, { status: 404 });
    await emilie.sees("Page introuvable");
    await emilie.doesNotSee("Lefèvre");
  }
  await emilie.screenshot("candidat-refuse");

  // Once the wishes are closed, nothing is added nor withdrawn any more.
  await stage.clock("2024-04-15T10:00");
  await nora.goto("/candidat/voeux");
  await nora.sees("est close depuis le");
  equal(await nora.page.getByRole("link", { name: /^Retirer/ }).count(), 0, "links to withdraw after the deadline");
  await nora.screenshot("candidat-voeux-clos");
  await nora.goto(wish.replace("/confirmer", "/retirer"));
  await nora.sees("est close depuis le");
  equal(await nora.page.locator("main form button").count(), 0, "buttons on the page of a closed act");
  await nora.goto(sheet);
  equal(await nora.page.getByRole("link", { name: "Ajouter à mes vœux" }).count(), 0, "links to add after the deadline");
  await nora.goto("/inscription");
  await nora.sees("est close depuis le");
  await nora.screenshot("inscription-close");
}

/** From the address to the account; gives the path of the link received by mail. */
async function register(stage, nora) {
  await nora.goto("/inscription");
  await nora.screenshot("inscription");
  await nora.fill({ "Adresse électronique": "nora.lefevre" });
  await nora.click("Recevoir le lien d’inscription");
  await nora.sees("Saisissez une adresse complète, sous la forme nom@domaine.fr");
  equal(await typed(nora, "Adresse électronique"), "nora.lefevre", "the refused address");
  await nora.fill({ "Adresse électronique": ADDRESS });
  await nora.click("Recevoir le lien d’inscription");
  await nora.sees("Un courriel vient d’être envoyé à cette adresse");
  await nora.screenshot("inscription-lien-envoye");

  const [link] = await stage.links(ADDRESS, "/inscription/");
  await nora.goto(link);
  await nora.screenshot("inscription-dossier");
  const right = {
    "Nom de famille": "Lefèvre",
    "Prénom": "Nora",
    "Date de naissance": "2006-05-14",
    "Département": { option: "59" },
    "Baccalauréat général": true,
    "Non": true,
  };
  await nora.fill({
    ...right,
    "Identifiant national élève (INE)": "123",
    "Commune": "Lille 59000",
    "Mot de passe": "motdepasse2024",
    "Le même, une seconde fois": "motdepasse2025",
  });
  await nora.click("Créer mon dossier");
  await nora.sees("L’INE compte 11 caractères");
  await nora.sees("Saisissez le nom de votre commune, sans chiffres");
  await nora.sees("Les deux saisies du mot de passe sont différentes");
  equal(await typed(nora, "Commune"), "Lille 59000", "the refused town");
  for (const label of ["Nom de famille", "Prénom", "Date de naissance"]) {
    equal(await typed(nora, label), right[label], `« ${label} » beside a fault`);
  }
  equal(await typed(nora, "Département"), "59", "the department beside a fault");
  equal(await (await nora.field("Baccalauréat général")).isChecked(), true, "the kind of baccalaureate beside a fault");
  equal(await typed(nora, "Mot de passe"), "", "the password after a refusal");
  await nora.screenshot("inscription-dossier-refuse");

  // A weak password is refused with the reason, here the name of the person.
  for (const [weak, reason] of [
    ["motdepasse2024", "dans les listes de mots de passe courants"],
    ["Nora-Lefevre-2006", "ne doit pas reposer sur"],
  ]) {
    await nora.fill({
      "Identifiant national élève (INE)": "",
      "Commune": "Lille",
      "Mot de passe": weak,
      "Le même, une seconde fois": weak,
    });
    await nora.click("Créer mon dossier");
    await nora.sees(reason);
  }
  await nora.fill({ "Mot de passe": PASSWORD, "Le même, une seconde fois": PASSWORD });
  await nora.click("Créer mon dossier");
  await nora.sees("Votre inscription est confirmée");
  await nora.screenshot("inscription-faite");
  return link;
}

/** Searches, reads the sheet, adds the wish; a second tab adds nothing. Gives the path of the sheet. */
async function addWish(nora) {
  await nora.goto("/formations");
  await nora.fill({ "Formation, établissement ou ville": "licence droit" });
  await nora.click("Rechercher", { role: "button" });
  await nora.screenshot("recherche-licence-droit");
  await nora.page.locator('main a[href^="/formations/"]').first().click();
  await nora.sees("L’essentiel");
  await nora.check();
  const sheet = new URL(nora.page.url()).pathname;
  await nora.click("Ajouter à mes vœux");
  await nora.sees("Ajouter un vœu");
  await nora.screenshot("voeu-ajouter");
  const second = await nora.newTab();
  await nora.goto(nora.page.url(), { page: second });
  await nora.click("Ajouter ce vœu");
  await nora.sees("Le vœu est ajouté");
  await nora.screenshot("voeu-ajoute");
  await nora.click("Ajouter ce vœu", { page: second });
  await nora.sees("Cette formation est déjà dans vos vœux", { page: second });
  await nora.screenshot("voeu-ajoute-deux-fois", { page: second });
  await second.close();
  return sheet;
}

/** Confirms, once the undertaking is ticked; a second tab confirms nothing twice. Gives the path of the act. */
async function confirmWish(nora) {
  await nora.click(/^Confirmer/, { role: "link" });
  await nora.sees("Un vœu qui n’est pas confirmé à la date limite est annulé");
  const path = new URL(nora.page.url()).pathname;
  await nora.screenshot("voeu-confirmer");
  const second = await nora.newTab();
  await nora.goto(path, { page: second });

  await nora.click("Confirmer ce vœu");
  await nora.sees("Cochez la case");
  await nora.screenshot("voeu-confirmer-refuse");
  const undertaking = "Je confirme ce vœu et certifie exactes les informations de mon dossier";
  await nora.fill({ [undertaking]: true });
  await nora.click("Confirmer ce vœu");
  await nora.sees("Votre vœu est confirmé");
  await nora.screenshot("voeu-confirme");

  await nora.fill({ [undertaking]: true }, { page: second });
  await nora.click("Confirmer ce vœu", { page: second });
  await nora.sees("Voici où il en est", { page: second });
  await nora.sees("cette action n’est plus possible", { page: second });
  await nora.screenshot("voeu-confirme-deux-fois", { page: second });
  await nora.goto("/candidat/voeux", { page: second });
  await nora.sees("Confirmé", { page: second });
  await nora.screenshot("candidat-voeux-confirme", { page: second });
  await second.close();
  return path;
}
