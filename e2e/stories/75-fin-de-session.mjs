// SES-3: a page says that the session is about to end, holds it in one gesture, and says so too when no gesture can: at the end of
// its whole duration, then when it is over. The clock of the browser is moved, not that of the server.

import { equal } from "../lib/story.mjs";

export const name = "SES-3: the end of a session is told in the page, and held while it can be";
export const moment = "parametrage";

const SOON = "Sans action de votre part, votre session se ferme bientôt.";
const WHOLE = "Votre session a atteint sa durée totale";

export async function run(stage) {
  const yves = await stage.persona("Yves Caron");
  const { page } = yves;
  await page.clock.install();
  await yves.goto("/gestion/2024");
  const notice = page.getByRole("region", { name: "Fin de la session" });
  const [left, before] = await page.locator("[data-fin-session]").evaluate((e) => [Number(e.dataset.finSession), Number(e.dataset.avis)]);
  equal(left > before, true, "the session is longer than its notice");
  equal(await notice.isVisible(), false, "nothing is said too soon");
  await page.clock.fastForward((left - before + 1) * 1000);
  await notice.waitFor();
  await yves.sees(SOON);
  await yves.check();
  await yves.screenshot("fin-de-session");
  // One gesture, by the keyboard.
  await page.getByRole("button", { name: "Rester connecté" }).press("Enter");
  await notice.waitFor({ state: "hidden" });

  // The server says that the whole duration ends in two minutes: the gesture puts nothing off, and the page does not promise it.
  await page.route("**/compte/prolonger", (route) => route.fulfill({ json: { secondes: 120, totale: true } }));
  await page.clock.fastForward((left - before + 1) * 1000);
  await yves.sees(SOON);
  await page.getByRole("button", { name: "Rester connecté" }).click();
  await page.clock.runFor(1000);
  await yves.sees(WHOLE);
  equal(await page.getByRole("button", { name: "Rester connecté" }).count(), 0, "no button that does nothing");
  await yves.check();
  await yves.screenshot("fin-de-session-totale");
  await page.clock.runFor(120_000);
  await yves.sees("Votre session est terminée.");
  await yves.screenshot("fin-de-session-terminee");
}
