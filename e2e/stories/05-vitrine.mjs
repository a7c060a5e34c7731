// What everybody sees before signing in, the showcase of components and the error pages: in light and dark, from 320 px up, with
// letters twice as large. No fault for axe, no sideways scroll, a focus that is seen.

import { equal } from "../lib/story.mjs";

export const name = "ACC-1: the public pages in light and dark, small and large";
export const moment = "admission";

const PAGES = [
  "/",
  "/formations",
  "/aide",
  "/documentation",
  "/documentation?q=mot+de+passe",
  "/documentation/comptes",
  "/documentation/parametrage",
  "/accessibilite",
  "/mentions-legales",
  "/plan-du-site",
  "/dev/composants",
  ["/nulle-part", 404],
  ["/formations?famille=inconnue", 422],
  // A page of somebody else's: signed out, one is asked to sign in; an address that is none is a fault of the request.
  ["/recepisse?numero=FAUX", 404],
];
const SIZES = [
  { width: 1280, height: 900 },
  { width: 360, height: 740 },
  { width: 320, height: 640 },
];

export async function run(stage) {
  for (const dark of [false, true]) {
    const visitor = await stage.visitor({ name: dark ? "dark" : "light", dark });
    for (const entry of PAGES) {
      const [path, status] = Array.isArray(entry) ? entry : [entry, 200];
      await visitor.page.setViewportSize(SIZES[0]);
      await visitor.goto(path, { status });
      const scheme = await visitor.page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
      equal(scheme, dark, "scheme of the visitor");
      for (const size of SIZES) {
        await visitor.page.setViewportSize(size);
        await fits(visitor, `${path} at ${size.width} px`);
      }
      await largeLetters(visitor, path);
      const picture = `vitrine-${path.replace(/\W+/g, "-").replace(/^-$/, "-accueil")}${dark ? "-sombre" : ""}`;
      await visitor.screenshot(picture);
    }
    const [light] = await backgrounds(visitor);
    equal(brightness(light) < 128, dark, `background ${light} of the ${dark ? "dark" : "light"} page`);
    for (const path of ["/", "/dev/composants"]) await focusIsSeen(visitor, path);
  }
  await chosenByHand(stage);
}

/** Nothing wider than the window. */
async function fits(visitor, where) {
  const over = await visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) visitor.fault(`wider than the window by ${over} px`, where);
}

/** Text at 200 %, as a person sets it in the browser: the size of the root, on which everything is built. */
async function largeLetters(visitor, path) {
  await visitor.page.setViewportSize(SIZES[0]);
  await visitor.page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
  await fits(visitor, `${path} at 200 %`);
  await visitor.page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
}

/** Every element that Tab reaches is seen, and shows that it has the focus. */
async function focusIsSeen(visitor, path) {
  const { page } = visitor;
  await page.setViewportSize(SIZES[0]);
  await visitor.goto(path);
  await page.evaluate(() => document.activeElement?.blur());
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      // A checkbox of the design system shows its focus on its label.
      const shown = [element, element.labels?.[0]].filter(Boolean);
      const drawn = shown.some((one) =>
        [getComputedStyle(one), getComputedStyle(one, "::before"), getComputedStyle(one, "::after")].some(
          (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
        ),
      );
      const { width, height } = element.getBoundingClientRect();
      return { what: element.outerHTML.slice(0, 120), drawn, visible: width > 0 && height > 0 };
    });
    if (seen === null) break;
    if (!seen.drawn || !seen.visible) visitor.fault(`focus not seen on ${seen.what}`, path);
  }
}

const backgrounds = (visitor) => visitor.page.evaluate(() => [getComputedStyle(document.body).backgroundColor]);

function brightness(color) {
  const [red, green, blue] = color.match(/[\d.]+/g).map(Number);
  return (red * 299 + green * 587 + blue * 114) / 1000;
}

/** The appearance chosen on the site wins over that of the device, without script too. */
async function chosenByHand(stage) {
  for (const javaScript of [true, false]) {
    const visitor = await stage.visitor({ name: `chosen ${javaScript}`, javaScript });
    await visitor.goto("/apparence");
    await visitor.page.locator('input[name="apparence"][value="dark"]').press("Space");
    await visitor.click("Enregistrer ce choix");
    await visitor.goto("/");
    const [color] = await backgrounds(visitor);
    equal(brightness(color) < 128, true, `background ${color} once dark is chosen`);
  }
}
