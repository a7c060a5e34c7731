// What a story receives: a server at a moment of the campaign, and persons to send to it.

import { Visitor } from "./visitor.mjs";
import { freshTotp } from "./totp.mjs";

export class Stage {
  constructor(browser, server) {
    this.browser = browser;
    this.server = server;
    this.visitors = [];
    this.codes = new Map();
  }

  get url() {
    return this.server.url;
  }

  /** An anonymous visitor; options as Visitor.open takes them. */
  async visitor(options = {}) {
    const visitor = await Visitor.open(this.browser, { url: this.server.url, ...options });
    this.visitors.push(visitor);
    return visitor;
  }

  /** A person of the demo, signed in through /dev. The name is the one of the table of personas. */
  async persona(name, options = {}) {
    const visitor = await this.visitor({ name, ...options });
    await visitor.goto("/dev");
    const row = visitor.page.locator("tr, li, .carte, .fr-card, .fr-tile", { hasText: name });
    await row.getByRole("button").or(row.getByRole("link")).first().click();
    await visitor.page.waitForLoadState("load");
    await visitor.check();
    return visitor;
  }

  /** Moves the clock of the campaign to a date and an hour of Paris: « 2024-02-01T10:00 ». */
  async clock(when) {
    const visitor = await this.visitor({ name: "clock" });
    await visitor.goto("/dev");
    await visitor.page.locator('[name="quand"]').fill(when);
    await visitor.click("Déplacer l’horloge");
    await visitor.sees("L’horloge de la campagne est déplacée");
  }

  /** What /dev tells of a person of the demonstration: address, and the authenticator's secret if there is one. */
  async card(name) {
    const tools = await this.visitor({ name: `card of ${name}` });
    await tools.goto("/dev");
    const card = tools.page.locator(".carte", { hasText: name });
    const address = (await card.innerText()).match(/\S+@\S+/)[0];
    return { address, secret: (await card.locator("code").last().innerText()).trim() };
  }

  /** The paths that begin so in the mails written to an address, newest first. */
  async links(address, prefix) {
    const box = await this.visitor({ name: `mails of ${address}` });
    await box.goto(`/dev/courriels?a=${encodeURIComponent(address)}`);
    const links = box.page.locator("details", { hasText: address }).locator(`a[href^="${prefix}"]`);
    return links.evaluateAll((found) => found.map((link) => link.getAttribute("href")));
  }

  /** A code for this secret that the server has not seen yet. */
  async code(secret) {
    const code = await freshTotp(secret, this.codes.get(secret));
    this.codes.set(secret, code);
    return code;
  }

  /** Closes every visitor; gives all that went wrong on the way. */
  async close() {
    const faults = [];
    for (const visitor of this.visitors) faults.push(...(await visitor.close()));
    return faults;
  }
}

/** Fails with what was expected and what was found. */
export function equal(found, expected, what) {
  if (found !== expected) throw new Error(`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

/** What is typed in a field, found by its label. */
export async function typed(visitor, label, options = {}) {
  return (await visitor.field(label, options.page)).inputValue();
}
