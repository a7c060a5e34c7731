// The guide to accounts: read without an account, searched without a script, walked with the keyboard, printed as one document. Then
// its pictures: the pages that they show are still those (`cargo xtask captures` takes them again).

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { PHONE, WIDE } from "../lib/browser.mjs";
import { Captures } from "../lib/captures.mjs";
import { equal } from "../lib/story.mjs";
import { OUT } from "../lib/visitor.mjs";

export const name = "the guide to accounts, read, searched, printed, and its pictures";
export const moment = "parametrage";

/** What is enough of a long form, of a long table. */
const FIELDS = [0, 1, 2];
const ROWS = [0, 1, 2];
/** The page of one's means, down to the SMS. */
const MEANS = ["h2 >> nth=0", "h3 >> nth=0", "form >> nth=0", "h3 >> nth=1", "h3 >> nth=2", 'form[action$="/mobile"]'].map(
  (part) => `main ${part}`,
);
const PASSWORD = "Tilleul-Cascade-2024";
const GUIDE = "/documentation/comptes";

export async function run(stage) {
  await reads(stage);
  await prints(stage);
  await pictures(stage);
}

async function reads(stage) {
  // Without a script, on a phone: from the sign-in page to the guide, then a search.
  const phone = await stage.visitor({ name: "reader", size: PHONE, javaScript: false });
  await phone.goto("/connexion");
  await phone.click("Le guide des comptes");
  await phone.sees("Sommaire");
  equal(await phone.page.locator("[data-imprimer]").isVisible(), false, "a button that needs a script");
  await phone.fill({ "Chercher dans la documentation": "DELEGUER formations" });
  await phone.click("Rechercher");
  await phone.sees("Déléguer deux formations à une personne");
  await phone.screenshot("guide-recherche");
  await phone.click("Déléguer deux formations à une personne");
  await phone.arrives((url) => url.hash === "#deleguer-des-formations", "the anchor of the answer");

  // The words of everybody, not those of the guide.
  for (const [asked, found] of [
    ["mon compte a été piraté", "Un seul compte semble volé"],
    ["quitté le lycée", "Suspendre ou supprimer ?"],
    ["telephone casse", "Je n’ai plus rien"],
    ["intérims", "Un remplaçant peut-il utiliser le compte de l’absent ?"],
  ]) {
    await phone.goto("/documentation");
    await phone.fill({ "Chercher dans la documentation": asked });
    await phone.click("Rechercher");
    await phone.sees(found);
  }
  await phone.screenshot("guide-mots-ordinaires");

  // With the keyboard alone: the menu, the guide, a chapter, and back.
  const keys = await stage.visitor({ name: "keyboard" });
  await keys.goto("/");
  await keys.tabTo("Informations – Documentation");
  await keys.enter();
  await keys.arrives((url) => url.pathname === "/documentation", "the documentation");
  await keys.tabTo("Lire ou imprimer le guide des comptes");
  await keys.enter();
  await keys.arrives((url) => url.pathname === GUIDE, "the guide");
  await keys.check();
  await keys.screenshot("guide");
  await keys.tabTo("Imprimer ce guide");
  await keys.tabTo("Le mot de passe");
  await keys.page.keyboard.press("Enter");
  await keys.arrives((url) => url.hash === "#mot-de-passe", "the chapter");

  // Everybody has it in the menu, once signed in.
  for (const who of ["Yves Caron", "Henri Delattre", "Claire Fontaine"]) {
    const visitor = await stage.persona(who);
    await visitor.click("Informations – Documentation");
    await visitor.sees("Guide des comptes");
  }
}

/** Ten pages or more, without the menus: looked at in out/guide.pdf. */
async function prints(stage) {
  const printer = await stage.visitor({ name: "printer" });
  await printer.goto(GUIDE);
  await printer.page.emulateMedia({ media: "print" });
  for (const hidden of [".navigation", ".pied", ".guide__outils", ".guide__retour"]) {
    const parts = await printer.page.locator(hidden).all();
    if (parts.length === 0) throw new Error(`${hidden}: nothing to hide`);
    for (const part of parts) {
      equal(await part.isVisible(), false, `${hidden} on paper`);
    }
  }
  // Every picture arrives, on screen as on paper.
  if ((await printer.page.locator(".capture img").count()) === 0) throw new Error("no picture");
  const missing = await printer.page.evaluate(() =>
    [...document.querySelectorAll(".capture img")].filter((image) => !image.complete || image.naturalWidth === 0).map((image) => image.src),
  );
  equal(missing.join(" "), "", "pictures that did not arrive");
  const pdf = await printer.page.pdf({ format: "A4", preferCSSPageSize: true, tagged: true });
  await writeFile(join(OUT, "guide.pdf"), pdf);
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  if (pages < 10) throw new Error(`the printed guide has ${pages} pages`);
}

async function pictures(stage) {
  const captures = new Captures();
  const reader = await stage.visitor({ name: "pictures" });
  await reader.goto("/connexion");
  await captures.take(reader, "connexion", ["main h1", "main form"]);

  const yves = await stage.persona("Yves Caron");
  await yves.goto("/comptes/inviter");
  await captures.take(yves, "inviter", ["main h1", ...FIELDS.map((n) => `main form .fr-input-group >> nth=${n}`), "main form fieldset"]);
  await yves.goto("/comptes");
  await yves.click("Thomas Leclercq");
  await captures.take(yves, "fiche-compte", ["main h1", "main .definitions", "main .fr-raw-list"]);
  await yves.goto("/comptes");
  await yves.click("Mise en sécurité");
  await captures.take(yves, "mise-en-securite", ["main h1", "main form"]);
  await yves.goto("/gestion/2024/delegations");
  await captures.take(yves, "delegations", ["main .tableau thead", ...ROWS.map((n) => `main .tableau tbody tr >> nth=${n}`)], { size: WIDE });
  await yves.goto("/comptes");
  await yves.click("Thomas Leclercq");
  await yves.click("Retirer le second facteur perdu");
  await captures.take(yves, "retirer-facteur", ["main h1", "main form"]);

  const brigitte = await stage.persona("Brigitte Morel");
  await brigitte.goto("/connexion/conformite");
  await captures.take(brigitte, "compte-reporte", ["main h1", "main form >> nth=0"]);
  const ines = await stage.persona("Inès Moreau");
  await ines.goto("/connexion/enrolement");
  await captures.take(ines, "enrolement", ["main h1", "main form >> nth=0"], { before: hideFactor });

  // Signed in with a code, as anybody: what is sensitive is then open for a while.
  const { address, secret } = await stage.card("Émilie Wattel");
  const emilie = await stage.visitor({ name: "Émilie Wattel" });
  await emilie.goto("/connexion");
  await emilie.fill({ "Adresse électronique": address, "Mot de passe": PASSWORD });
  await emilie.click("Se connecter", { role: "button" });
  await captures.take(emilie, "verification", ["main h1", "main form >> nth=0", "main form >> nth=1"]);
  await emilie.fill({ Code: await stage.code(secret) });
  await emilie.click("Valider le code");
  await emilie.click("Sécurité de mon compte");
  await captures.take(emilie, "securite-du-compte", ["main h1", ...MEANS]);
  await emilie.click("Obtenir de nouveaux codes de secours");
  await captures.take(emilie, "codes-de-secours", ["main h1", "main .codes-secours", "main .boutons"], { before: hideCodes });
  await captures.end();
}

/** An authenticator's secret has no place in a picture, even one of the demonstration. */
function hideFactor() {
  const grey = '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240"><rect width="240" height="240" fill="#bbb"/></svg>';
  document.querySelector("main img.qr").src = `data:image/svg+xml,${encodeURIComponent(grey)}`;
  document.querySelector("main form code").textContent = "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567";
}

function hideCodes() {
  const letters = "abcdefghijkl";
  document.querySelectorAll(".codes-secours code").forEach((code, n) => {
    code.textContent = `${letters[n].repeat(4)}-efgh-2345-6723`;
  });
}
