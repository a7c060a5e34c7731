// The administrator of an establishment gives a token to a program, with a fault first, then looks at it, changes it, renews it and
// takes it back; on a phone and without JavaScript too.

import { PHONE } from "../lib/browser.mjs";

export const name = "tokens of programs: given once, watched, changed, renewed, taken back";
export const moment = "parametrage";

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  await yves.goto("/gestion/2024");
  await yves.click("Accès des logiciels");
  await yves.sees("Aucun logiciel n’a reçu de jeton d’accès");
  await yves.screenshot("jetons-vide");
  await gives(yves, "SI scolarité");
  await yves.click("Voir les jetons de l’établissement");
  await yves.screenshot("jetons-liste");
  await yves.click("SI scolarité");
  await yves.screenshot("jetons-un");
  await yves.click("Modifier ce jeton");
  await yves.check();
  await yves.screenshot("jetons-modifier");
  await yves.fill({ "Nom du logiciel": "SI scolarité et stages" });
  await yves.click("Enregistrer les changements");
  await yves.sees("Le jeton d’accès est modifié");
  await yves.click("Renouveler ce jeton");
  await yves.check();
  await yves.screenshot("jetons-renouveler");
  await yves.click("Renouveler le jeton");
  await yves.sees("ouvre encore la même chose jusqu’au");
  await yves.screenshot("jetons-renouvele");
  await yves.click("Voir les jetons de l’établissement");
  await yves.click("SI scolarité et stages");
  await yves.click("Révoquer ce jeton");
  await yves.screenshot("jetons-revoquer");
  await yves.click("Révoquer le jeton");
  await yves.sees("Le jeton d’accès est révoqué");
  await yves.screenshot("jetons-revoque");
  const phone = await stage.persona("Yves Caron", { size: PHONE, javaScript: false });
  await phone.goto("/gestion/2024/interfaces");
  await gives(phone, "Site de l’établissement");
  await stage.visitor({ name: "reader" }).then(async (reader) => {
    await reader.goto("/documentation/interfaces");
    await reader.screenshot("guide-interfaces");
  });
}

async function gives(visitor, label) {
  await visitor.click("Donner un jeton d’accès");
  const suite = visitor.javaScript ? "" : "-telephone";
  await visitor.screenshot(`jetons-nouveau${suite}`);
  await visitor.fill({ "Nom du logiciel": label, "Durée": "365" });
  await visitor.page.locator('main input[value="publication"]').first().press("Space");
  await visitor.click("Donner le jeton");
  await visitor.sees("Un jeton de cette étendue dure");
  await visitor.screenshot(`jetons-refus${suite}`);
  await visitor.fill({ "Durée": "60" });
  await visitor.click("Donner le jeton");
  await visitor.sees("il ne sera plus jamais affiché");
  await visitor.screenshot(`jetons-donne${suite}`);
}
