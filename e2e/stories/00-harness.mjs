// The harness judged by a site of its own: a sound page passes, and each fault the harness must catch is caught.
// Without this a broken watch would let every story pass.

import { createServer } from "node:http";
import { access } from "node:fs/promises";
import { join } from "node:path";

import { PHONE } from "../lib/browser.mjs";
import { equal } from "../lib/story.mjs";
import { totp } from "../lib/totp.mjs";
import { OUT } from "../lib/visitor.mjs";

export const name = "the harness sees what it must see";

const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; script-src 'self'";

const page = (title, body, head = "") => `<!doctype html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>${head}</head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;

const SOUND = `<p>Tout va bien.</p>
<form method="post" action="/merci"><p><label for="nom">Nom <span class="fr-hint-text">comme à l’état civil</span></label> <input id="nom" name="nom" autocomplete="off"></p>
<p><input type="checkbox" id="oui" name="oui"> <label for="oui">J’accepte</label></p>
<p><label for="ville">Ville</label> <select id="ville" name="ville"><option>Lille</option><option>Brest</option></select></p>
<button>Envoyer</button></form><p id="script">sans script</p><script src="/script.js"></script>`;

const PAGES = {
  "/": page("Accueil", SOUND),
  "/sans-texte": page("Image", '<img src="/point.svg">'),
  "/en-ligne": page("En ligne", "<script>document.title = 'pris'</script>"),
  "/ailleurs": page("Ailleurs", '<img src="http://127.0.0.1:9/x.png" alt="ailleurs">'),
  "/large": page("Large", `<p>${"x".repeat(400)}</p>`),
  "/erreur": page("Erreur", '<script src="/casse.js"></script>'),
  "/manque": page("Manque", "", '<link rel="stylesheet" href="/absent.css">'),
};

export async function serve() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    response.setHeader("Content-Security-Policy", POLICY);
    if (request.method === "POST") {
      let body = "";
      for await (const part of request) body += part;
      const form = new URLSearchParams(body);
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(page("Merci", `<p>Bonjour ${form.get("nom")}, ${form.get("oui")}, ${form.get("ville")}</p>`));
    } else if (pathname === "/script.js") {
      response.setHeader("Content-Type", "text/javascript");
      response.end("document.getElementById('script').textContent = 'avec script';");
    } else if (pathname === "/casse.js") {
      response.setHeader("Content-Type", "text/javascript");
      response.end("throw new Error('cassé')");
    } else if (pathname === "/point.svg") {
      response.setHeader("Content-Type", "image/svg+xml");
      response.end('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4" cx="4" cy="4"/></svg>');
    } else if (pathname === "/favicon.ico") {
      response.statusCode = 204;
      response.end();
    } else if (PAGES[pathname]) {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(PAGES[pathname]);
    } else if (pathname === "/panne") {
      response.statusCode = 500;
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(page("Panne", "<p>Panne</p>"));
    } else {
      response.statusCode = 404;
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(page("Introuvable", "<p>Rien ici.</p>"));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${server.address().port}`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

export async function run(stage) {
  // RFC 6238, appendix B, last six digits.
  equal(totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59_000), "287082", "TOTP at 59 s");
  equal(totp("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", 1_111_111_109_000), "081804", "TOTP in 2005");

  for (const javaScript of [true, false]) {
    const lea = await stage.visitor({ name: javaScript ? "Léa" : "Léa without script", javaScript });
    await lea.goto("/");
    await lea.sees(javaScript ? "avec script" : "sans script");
    await lea.fill({ Nom: "Léa", "J’accepte": true, Ville: { option: "Brest" } });
    await lea.click("Envoyer");
    await lea.sees("Bonjour Léa, on, Brest");
    await lea.doesNotSee("Tout va bien");
    equal(lea.audited.size, 2, "pages audited");
    equal(lea.faults.join(), "", "faults of a sound site");
  }

  const keyboard = await stage.visitor({ name: "keyboard" });
  await keyboard.goto("/");
  await keyboard.tabTo("Envoyer");
  await keyboard.page.keyboard.press("Enter");
  await keyboard.sees("Bonjour");
  await keyboard.goto("/");
  await keyboard.screenshot("harness", { always: true });
  await access(join(OUT, "harness-1280.png"));
  await access(join(OUT, "harness-360.png"));

  for (const javaScript of [true, false]) await expectFault(stage, "/sans-texte", /axe: image-alt/, { javaScript });
  await expectFault(stage, "/en-ligne", /console: .*Content Security Policy/);
  await expectFault(stage, "/ailleurs", /request to another site: http:\/\/127\.0\.0\.1:9\/x\.png/);
  await expectFault(stage, "/large", /wider than the window/, { size: PHONE });
  await expectFault(stage, "/erreur", /script: cassé/);
  await expectFault(stage, "/manque", /missing stylesheet/);
  await expectFault(stage, "/panne", /answer 500/, {}, 500);

  const refused = await stage.visitor({ name: "refused" });
  const error = await refused.goto("/nulle-part").catch((reason) => reason);
  equal(error?.message, "/nulle-part: answer 404, expected 200", "an unexpected answer");
  const unseen = await refused.sees("ce texte n’existe pas").catch((reason) => reason);
  equal(/does not show « ce texte n’existe pas »/.test(unseen?.message), true, "an absent text is told");
}

/** The fault must be there, and only this kind; then it is taken off, for it was wanted. */
async function expectFault(stage, path, pattern, options = {}, status = 200) {
  const visitor = await stage.visitor({ name: `fault ${path}`, ...options });
  await visitor.goto(path, { status });
  await visitor.page.waitForTimeout(200);
  equal(visitor.faults.some((fault) => pattern.test(fault)), true, `${path}: ${pattern} among ${visitor.faults}`);
  visitor.faults.length = 0;
}
