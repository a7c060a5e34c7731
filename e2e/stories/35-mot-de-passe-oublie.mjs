// A forgotten password: nothing tells whether an address has an account, the link serves once, the old sessions end, and the
// second factor of a course manager is still asked.

import { PHONE } from "../lib/browser.mjs";
import { equal, typed } from "../lib/story.mjs";

export const name = "a forgotten password is chosen again";
export const moment = "admission";

const FORMER = "Tilleul-Cascade-2024";
const FRESH = "Rivage-Mandarine-47";

export async function run(stage) {
  const elisa = await forgets(stage, "Elisa Guérin", { size: PHONE, javaScript: false });
  await elisa.sees("Mon espace candidat");

  const emilie = await forgets(stage, "Émilie Wattel", {});
  await emilie.sees("Double authentification");
  await emilie.screenshot("oubli-second-facteur");
  await emilie.goto("/gestion/2024");
  await emilie.sees("Double authentification");
  const { secret } = await stage.card("Émilie Wattel");
  await emilie.page.locator('input[autocomplete="one-time-code"]').fill(await stage.code(secret));
  await emilie.click("Valider le code");
  await emilie.sees("Mes formations");
}

/** Goes through it all for one person; gives the browser where the new password has just been accepted. */
async function forgets(stage, person, options) {
  const { address } = await stage.card(person);
  const elsewhere = await stage.persona(person);
  const space = new URL(elsewhere.page.url()).pathname;
  const visitor = await stage.visitor({ name: person, allow: [/410/], ...options });

  await visitor.goto("/connexion");
  await visitor.click("Mot de passe oublié ?");
  await visitor.fill({ "Adresse électronique": "adresse sans arobase" });
  await visitor.click("Recevoir le lien");
  await visitor.sees("Saisissez une adresse complète, sous la forme nom@domaine.fr");
  equal(await typed(visitor, "Adresse électronique"), "adresse sans arobase", "the refused address");

  // Known or unknown, the answer is the same to the letter; only the mail differs.
  const answers = [];
  for (const asked of [`inconnue.${stage.visitors.length}@courriel.example`, address]) {
    await visitor.fill({ "Adresse électronique": asked });
    await visitor.click("Recevoir le lien");
    await visitor.sees("Si cette adresse est connue, un courriel vient d’y être envoyé");
    answers.push(`${visitor.page.url()} ${await visitor.page.locator("main").innerText()}`);
    const links = await stage.links(asked, "/mot-de-passe/");
    equal(links.length, asked === address ? 1 : 0, `links mailed to ${asked}`);
  }
  equal(answers[0], answers[1], "the answers to an unknown and to a known address");
  await visitor.screenshot("oubli-demande");

  const [link] = await stage.links(address, "/mot-de-passe/");
  await visitor.goto(link);
  await visitor.screenshot("oubli-choix");
  for (const [first, second, reason] of [
    ["motdepasse2024", "motdepasse2024", "dans les listes de mots de passe courants"],
    ["court", "court", "au moins 12 caractères"],
    [FRESH, FORMER, "Les deux saisies du mot de passe sont différentes"],
  ]) {
    await choose(visitor, first, second);
    await visitor.sees(reason);
  }
  await visitor.screenshot("oubli-choix-refuse");
  await choose(visitor, FRESH, FRESH);
  await visitor.sees("Votre mot de passe est changé. Connectez-vous.");
  await visitor.screenshot("oubli-change");

  const again = await visitor.newTab();
  await visitor.goto(link, { page: again, status: 410 });
  await visitor.sees("Ce lien n’est plus valable", { page: again });
  await visitor.screenshot("oubli-lien-servi", { page: again });
  await again.close();

  await elsewhere.goto(space);
  await elsewhere.sees("réservée aux personnes connectées");

  await signIn(visitor, address, FORMER);
  await visitor.sees("L’adresse ou le mot de passe ne correspond pas");
  await signIn(visitor, address, FRESH);
  return visitor;
}

async function choose(visitor, first, second) {
  await visitor.fill({ "Nouveau mot de passe": first, "Le même, une seconde fois": second });
  await visitor.click("Changer le mot de passe");
}

async function signIn(visitor, address, password) {
  await visitor.fill({ "Adresse électronique": address, "Mot de passe": password });
  await visitor.click("Se connecter", { role: "button" });
}
