// A person at a browser: one context (own cookies), watched all the time.
// Faults are collected, not thrown at once: the story ends, then every one is told.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { audit } from "./axe.mjs";
import { PHONE, WIDE } from "./browser.mjs";

export const OUT = fileURLToPath(new URL("../out", import.meta.url));
const PICTURES = !process.env.CI;

export class Visitor {
  static async open(browser, { url, name = "visitor", size = WIDE, javaScript = true, dark = false, allow = [] }) {
    const context = await browser.newContext({
      baseURL: url,
      viewport: size,
      javaScriptEnabled: javaScript,
      colorScheme: dark ? "dark" : "light",
      locale: "fr-FR",
      timezoneId: "Europe/Paris",
      // Nothing may hide behind a worker of an earlier visit.
      serviceWorkers: "block",
    });
    context.setDefaultTimeout(15_000);
    const visitor = new Visitor(context, { url, name, javaScript, allow });
    visitor.page = await visitor.newTab();
    return visitor;
  }

  constructor(context, { url, name, javaScript, allow }) {
    this.context = context;
    this.browser = context.browser();
    this.origin = new URL(url).origin;
    this.name = name;
    this.javaScript = javaScript;
    this.allow = allow;
    this.faults = [];
    this.audited = new Set();
    context.on("request", (request) => this.#watchRequest(request));
    context.on("response", (response) => this.#watchResponse(response));
  }

  /** Another tab of the same person: same cookies, same watch. */
  async newTab() {
    const page = await this.context.newPage();
    page.on("console", (message) => {
      // The browser itself reports refused contents (CSP) as errors; answers ≥ 400 are judged by the story.
      if (message.type() === "error" && !/Failed to load resource/.test(message.text())) {
        this.fault(`console: ${message.text()}`, page.url());
      }
    });
    page.on("pageerror", (error) => this.fault(`script: ${error.message}`, page.url()));
    return page;
  }

  fault(what, where) {
    if (!this.allow.some((pattern) => pattern.test(what))) this.faults.push(`[${this.name}] ${what} (${where})`);
  }

  #watchRequest(request) {
    const url = request.url();
    if (/^(data|blob|about):/.test(url)) return;
    if (new URL(url).origin !== this.origin) this.fault(`request to another site: ${url}`, request.frame()?.url() ?? "");
  }

  #watchResponse(response) {
    if (response.status() >= 500) this.fault(`answer ${response.status()}`, response.url());
    const type = response.request().resourceType();
    if (response.status() === 404 && type !== "document") this.fault(`missing ${type}`, response.url());
  }

  /** Goes to an address of the site and checks accessibility there. Gives the answer's status. */
  async goto(path, { status = 200, page = this.page } = {}) {
    const answer = await page.goto(path);
    if (answer && answer.status() !== status) {
      throw new Error(`${path}: answer ${answer.status()}, expected ${status}`);
    }
    await this.check(page);
    return answer?.status();
  }

  /** Clicks a link or a button by its name, waits for what follows, checks it. */
  async click(name, { page = this.page, role } = {}) {
    const exact = typeof name === "string";
    const target = role
      ? page.getByRole(role, { name, exact })
      : page.getByRole("button", { name, exact }).or(page.getByRole("link", { name, exact }));
    await target.first().click();
    await page.waitForLoadState("load");
    await this.check(page);
  }

  /** Waits until the address is the one that `at` recognises: the browser tells it some time after the key or the click. */
  async arrives(at, what, { page = this.page } = {}) {
    await page.waitForURL((url) => at(url)).catch(() => {
      throw new Error(`${what}: still at ${page.url()}`);
    });
  }

  /** Presses Enter on what has the focus, a link or a button that leads to a page. */
  async enter({ page = this.page } = {}) {
    const arrived = page.waitForNavigation({ waitUntil: "load" });
    await page.keyboard.press("Enter");
    await arrived;
  }

  /** Fills fields by their label. Values: text, true/false for a checkbox, {option} for a list, {files} for a file. */
  async fill(fields, { page = this.page } = {}) {
    for (const [label, value] of Object.entries(fields)) {
      const field = await this.field(label, page);
      if (value === true || value === false) {
        // The design system hides the box itself and shows the label: act as a keyboard would.
        if ((await field.isChecked()) !== value) await field.press("Space");
      } else if (value?.option !== undefined) {
        await field.selectOption(value.option);
      } else if (value?.files !== undefined) {
        await field.setInputFiles(value.files);
      } else {
        await field.fill(String(value));
      }
    }
  }

  /** The field that a label names. The hint and « (facultatif) » stand inside the label: they do not count. */
  async field(label, page = this.page) {
    const id = await page.evaluate((wanted) => {
      for (const element of document.querySelectorAll("label")) {
        const own = element.cloneNode(true);
        for (const aside of own.querySelectorAll(".fr-hint-text, .facultatif")) aside.remove();
        if (own.textContent.trim().replace(/\s+/g, " ") === wanted) return element.htmlFor || null;
      }
      return null;
    }, label);
    if (id === null) throw new Error(`${page.url()}: no field labelled « ${label} »`);
    return page.locator(`[id="${id}"]`);
  }

  /** Fails unless the page shows a text. */
  async sees(text, { page = this.page } = {}) {
    const found = page.locator("body").filter({ hasText: text });
    await found.waitFor({ timeout: 5000 }).catch(async () => {
      const body = (await page.locator("body").innerText()).slice(0, 1500);
      throw new Error(`${page.url()} does not show « ${text} ». It shows:\n${body}`);
    });
  }

  async doesNotSee(text, { page = this.page } = {}) {
    if ((await page.locator("body").filter({ hasText: text }).count()) > 0) {
      throw new Error(`${page.url()} shows « ${text} », which it must not`);
    }
  }

  /** Presses Tab until the element with this name has the focus: what cannot be reached so cannot be used by many. */
  async tabTo(name, { page = this.page, limit = 80 } = {}) {
    const matches = (text) => (typeof name === "string" ? text === name : name.test(text));
    for (let presses = 0; presses < limit; presses += 1) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return { name: "", visible: true };
        const label = element.labels?.[0]?.textContent ?? "";
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        return {
          name: (element.getAttribute("aria-label") ?? (label || element.textContent || element.value || "")).trim(),
          visible: style.visibility !== "hidden" && box.width > 0 && box.height > 0,
        };
      });
      if (matches(focused.name)) {
        if (!focused.visible) this.fault(`focus on the invisible element « ${focused.name} »`, page.url());
        return;
      }
    }
    throw new Error(`${page.url()}: « ${name} » is not reached by ${limit} presses of Tab`);
  }

  /** Fails unless what a selector finds has the focus, in sight. */
  async focuses(selector, { page = this.page } = {}) {
    const focused = page.locator(`${selector}:focus`);
    await focused.waitFor({ timeout: 5000 }).catch(async () => {
      const other = await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200));
      throw new Error(`${page.url()}: « ${selector} » has no focus, which is on ${other}`);
    });
    const seen = await focused.evaluate((element) => {
      const box = element.getBoundingClientRect();
      return box.bottom > 0 && box.top < innerHeight;
    });
    if (!seen) throw new Error(`${page.url()}: « ${selector} » has the focus, out of sight`);
  }

  /** Accessibility of the page as it is now, and no sideways scroll. Once per address and heading. */
  async check(page = this.page) {
    const key = await this.#key(page);
    if (this.audited.has(key)) return;
    this.audited.add(key);
    const overflow = await this.#overflow(page);
    if (overflow > 0) this.fault(`wider than the window by ${overflow} px`, page.url());
    for (const violation of await audit(this, page)) this.fault(`axe: ${violation}`, page.url());
  }

  async #key(page) {
    const { pathname } = new URL(page.url());
    // Same address after an error, other page: the title and the alerts tell them apart.
    return `${pathname}|${await page.title()}|${await page.locator(".fr-alert, [role=alert]").count()}`;
  }

  async #overflow(page) {
    return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  /**
   * Keeps what is seen at both sizes: out/NAME-1280.png and out/NAME-360.png. Where nobody is there to look (CI), the widths are
   * checked and no picture is kept.
   */
  async screenshot(name, { page = this.page, always = false } = {}) {
    await mkdir(OUT, { recursive: true });
    const before = page.viewportSize();
    for (const size of [WIDE, PHONE]) {
      await page.setViewportSize(size);
      const overflow = await this.#overflow(page);
      if (overflow > 0) this.fault(`at ${size.width} px: wider than the window by ${overflow} px`, page.url());
      if (PICTURES || always) await page.screenshot({ path: join(OUT, `${name}-${size.width}.png`), fullPage: true });
    }
    await page.setViewportSize(before);
  }

  async close() {
    await this.context.close();
    return this.faults;
  }
}
