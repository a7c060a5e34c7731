// axe-core on a page whose policy forbids foreign scripts.
//
// The page keeps its policy, so that its violations are seen. Through the debugging protocol axe runs in it all the same.
// Where the person runs no script axe cannot either: it then judges a copy, the same document and cookies in a context that
// runs scripts, without the page's own.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
let source;

/** WCAG 2.2 A and AA, plus axe's good practices: what RGAA asks and tools can see. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Documents without a violation, by all that axe sees of them: a page that several stories open as it was is judged once. */
const clean = new Set();
/** For the closing line of a run. */
export const audits = { judged: 0, again: 0, seconds: 0 };

/** The violations as text, empty when there are none. */
export async function audit(visitor, page) {
  const seen = await appearance(visitor, page);
  if (clean.has(seen)) {
    audits.again += 1;
    return [];
  }
  const started = Date.now();
  const found = await judge(visitor, page);
  audits.judged += 1;
  audits.seconds += (Date.now() - started) / 1000;
  // A fault is told each time, with the person and the page.
  if (found.length === 0) clean.add(seen);
  return found;
}

/**
 * The document and how it is shown. Only what no rule reads is left out: the values of hidden fields, the token and the seconds
 * left of the session. Words, figures, identifiers and classes stay: two landmarks of one name or one identifier twice are faults.
 */
async function appearance(visitor, page) {
  const seen = await page.evaluate(() => {
    const copy = document.documentElement.cloneNode(true);
    for (const hidden of copy.querySelectorAll('input[type="hidden"]')) hidden.removeAttribute("value");
    for (const end of copy.querySelectorAll("[data-fin-session]")) {
      end.removeAttribute("data-fin-session");
      end.removeAttribute("data-jeton");
    }
    // What the markup does not say: what is typed and ticked, what has the focus or the pointer, the window.
    const typed = [...document.querySelectorAll('input:not([type="hidden"]), select, textarea')].map((field) => field.value);
    const all = [...document.querySelectorAll("*")];
    const states = [":checked", ":focus", ":hover", ":modal", ":target"].map((state) =>
      [...document.querySelectorAll(state)].map((element) => all.indexOf(element)));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const shown = [innerWidth, innerHeight, scrollX, scrollY, dark, document.compatMode];
    return JSON.stringify([shown, typed, states, copy.outerHTML]);
  });
  return createHash("sha256").update(`${visitor.javaScript}|${seen}`).digest("base64");
}

async function judge(visitor, page) {
  source ??= await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
  const copy = visitor.javaScript ? undefined : await copyOf(visitor, page);
  const session = await (copy?.context ?? visitor.context).newCDPSession(copy?.page ?? page);
  try {
    const found = await withinSeconds(60, evaluate(session, source + AUDIT(RULES)));
    return found.map(
      ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `      ${node}`).join("\n")}`,
    );
  } finally {
    await session.detach();
    await copy?.context.close();
  }
}

async function copyOf(visitor, page) {
  const html = await page.content();
  const url = page.url();
  const context = await visitor.browser.newContext({
    viewport: page.viewportSize(),
    storageState: await visitor.context.storageState(),
    bypassCSP: true,
  });
  const copy = await context.newPage();
  await copy.route("**", (route) => {
    const request = route.request();
    if (request.isNavigationRequest()) return route.fulfill({ contentType: "text/html; charset=utf-8", body: html });
    return request.resourceType() === "script" ? route.abort() : route.continue();
  });
  await copy.goto(url);
  return { context, page: copy };
}

async function withinSeconds(seconds, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`axe: no answer after ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const AUDIT = (rules) => `
;axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ["violations"] }).then((result) =>
  result.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 300)) })))`;

async function evaluate(session, expression) {
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression,
    awaitPromise: true,
    returnByValue: true,
    allowUnsafeEvalBlockedByCSP: true,
  });
  if (exceptionDetails) throw new Error(`axe: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
  return result.value;
}
