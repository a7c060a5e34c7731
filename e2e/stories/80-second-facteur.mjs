// The second step by each of its means, on a phone, with and without scripts: authenticator, mail, SMS, recovery code,
// passkey. Then one's sessions, and a sensitive act that asks for a confirmation.

import { PHONE } from "../lib/browser.mjs";
import { Passkeys } from "../lib/passkey.mjs";
import { equal } from "../lib/story.mjs";

export const name = "SEC-4: a second step by authenticator, mail, SMS, recovery code and passkey";
export const moment = "examen";

const PASSWORD = "Tilleul-Cascade-2024";
const WHO = "Émilie Wattel";
const BY_MAIL = "Josiane Vasseur";

export async function run(stage) {
  const desk = await stage.visitor({ name: "desk" });
  const { address, secret } = await stage.card(WHO);
  // Codes leave once a minute for each account (SEC-10): another person receives hers by mail.
  const other = await stage.card(BY_MAIL);

  const lastCode = async () => {
    await desk.page.goto("/dev/courriels");
    const text = await desk.page.locator("main").innerText();
    return text.match(/\b\d{4} \d{4}\b/)[0];
  };
  const signIn = async (visitor, email = address) => {
    await visitor.goto("/connexion");
    await visitor.fill({ "Adresse électronique": email, "Mot de passe": PASSWORD });
    await visitor.click("Se connecter", { role: "button" });
  };
  const signedIn = async (visitor) => {
    await visitor.sees("Sécurité de mon compte");
    await visitor.sees("Se déconnecter");
  };

  // Authenticator, without a script.
  const plain = await stage.visitor({ name: "plain", size: PHONE, javaScript: false });
  await signIn(plain);
  await plain.sees("Double authentification");
  await plain.screenshot("second-facteur-360");
  await plain.fill({ Code: "000000" });
  await plain.click("Valider le code");
  await plain.sees("il vous reste 4 essais");
  await plain.fill({ Code: await stage.code(secret) });
  await plain.click("Valider le code");
  await signedIn(plain);

  // Mail, without a script either.
  const mail = await stage.visitor({ name: "mail", size: PHONE, javaScript: false });
  await signIn(mail, other.address);
  await mail.click(/^Recevoir un code par courriel/);
  await mail.sees("Un code vient de partir par courriel.");
  await mail.fill({ Code: await lastCode() });
  await mail.click("Valider le code");
  await signedIn(mail);

  // With a script: a number, recovery codes, a passkey.
  const phone = await stage.visitor({ name: "phone", size: PHONE, allow: [/answer 4/] });
  await signIn(phone);
  await phone.fill({ Code: await stage.code(secret) });
  await phone.click("Valider le code");
  await signedIn(phone);
  await phone.goto("/compte/securite");
  await phone.sees("Aucun numéro vérifié.");
  await phone.fill({ "Numéro de mobile": "06 12 34 56 78" });
  await phone.click("Recevoir un code par SMS");
  await phone.fill({ "Code reçu par SMS": await lastCode() });
  await phone.click("Vérifier ce numéro");
  await phone.sees("Numéro vérifié : •• •• 56 78.");
  await phone.click("Obtenir de nouveaux codes de secours");
  await phone.sees("Vos codes de secours");
  await phone.screenshot("codes-de-secours-360");
  const codes = await phone.page.locator(".codes-secours code").allInnerTexts();
  equal(codes.length, 10, "recovery codes");
  await phone.click("J’ai noté ces codes : continuer");

  const passkeys = new Passkeys(phone.page);
  await passkeys.plug();
  // The browser asks the server, then the device, then sends: more than one step before the next page.
  const usePasskey = async () => {
    await passkeys.plug();
    await phone.page.getByRole("button", { name: "Utiliser ma clé d’accès" }).click();
    await phone.page.waitForURL((url) => url.pathname !== "/connexion/verification", { timeout: 30_000 });
  };
  await phone.fill({ "Nom de la nouvelle clé": "Téléphone" });
  await phone.page.getByRole("button", { name: "Ajouter une clé d’accès" }).click();
  await phone.sees("La clé d’accès est ajoutée.");
  await phone.sees("Téléphone, ajoutée le");
  await phone.check();
  await phone.screenshot("securite-du-compte-360");

  // The browser is known now; forgotten, it is asked again: the passkey answers.
  await passkeys.unplug();
  await phone.click("Oublier mes navigateurs et mes réseaux");
  await phone.click("Se déconnecter");
  await signIn(phone);
  await phone.sees("Utiliser ma clé d’accès");
  await phone.screenshot("cle-d-acces-360");
  await usePasskey();
  await signedIn(phone);
  // Signed out and back from the same place, the password is enough (SEC-1).
  await phone.click("Se déconnecter");
  await signIn(phone);
  await signedIn(phone);

  // What was not confirmed lately is asked again before a sensitive act, and the form comes back (HAB-7).
  await phone.goto("/compte/securite");
  await phone.page.getByRole("button", { name: "Obtenir de nouveaux codes de secours" }).click();
  await phone.sees("Confirmer que c’est bien vous");
  await phone.check();
  await phone.screenshot("confirmation-360");
  await usePasskey();
  await phone.sees("Vos codes de secours");
  const renewed = await phone.page.locator(".codes-secours code").allInnerTexts();

  // A recovery code, without a script.
  const lost = await stage.visitor({ name: "lost", size: PHONE, javaScript: false });
  await signIn(lost);
  const said = await lost.page.locator("main noscript").evaluate((element) => element.textContent);
  equal(said.includes("Une clé d’accès demande JavaScript"), true, "what the page says without scripts");
  equal(await lost.page.getByRole("button", { name: "Utiliser ma clé d’accès" }).count(), 0, "buttons that need a script");
  await lost.fill({ "Un de vos codes de secours": codes[0] });
  await lost.click("Valider le code de secours");
  await lost.sees("il vous reste 4 essais");
  await lost.fill({ "Un de vos codes de secours": renewed[0] });
  await lost.click("Valider le code de secours");
  await signedIn(lost);

  // One’s sessions: the others are seen and closed.
  await phone.goto("/compte/securite");
  await phone.sees("(cette session)");
  await phone.click("Me déconnecter partout");
  await phone.sees("Vous êtes déconnecté, ici et partout ailleurs.");
  await lost.goto("/compte/securite");
  await lost.sees("Connexion");
}
