// The pictures of the guides, and how an outdated one is noticed.
//
// Beside each picture (crates/web/ui/guide) stands the accessible tree of the region it was taken from (e2e/guide): roles, names,
// states, texts. The story goes there again each time and compares; `cargo xtask captures` takes picture and tree again. What only
// changes the look (a colour, a margin) is not noticed: the trees are the same.

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const IMAGES = fileURLToPath(new URL("../../crates/web/ui/guide", import.meta.url));
const TREES = fileURLToPath(new URL("../guide", import.meta.url));
const SIZES = join(IMAGES, "captures.json");
const MARGIN = 8;
/** Of the window, as wide as the guide's own column leads to: the words of a picture are as large as those around it. */
const WINDOW = { width: 736, height: 900 };
/** Bytes. A page of text weighs 20 to 50 KiB. */
const HEAVIEST = 60 * 1024;
const QUALITIES = [82, 70, 55, 40];

export const taking = process.env.PARCOURSUP_E2E_CAPTURES === "1";

const digest = (content) => createHash("sha256").update(content).digest("hex");

/** What differs from one day to the next in the same page: dates, numbers, and what is drawn at random. */
function steady(tree) {
  const days = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche";
  const months = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre";
  return `${tree}\n`
    .replace(new RegExp(`(${days})\\s+`, "g"), "")
    .replace(new RegExp(`\\d+(er)?\\s+(${months})\\s+\\d{4}`, "g"), "DATE")
    .replace(/DATE( à |, )\d+\s*h(\s*\d+)?/g, "DATE")
    .replace(/\d{2}\/\d{2}\/\d{4}/g, "DATE")
    .replace(/^\s*- \/url:.*\n/gm, "")
    // An empty place for messages: the design system puts a comma or a full stop there, that nobody sees.
    .replace(/^\s*- status: "?[,.]"?\n/gm, "")
    .trimEnd() + "\n";
}

/** Where an element stands in the document; a heading is as wide as its words. */
function frame(element) {
  const words = document.createRange();
  words.selectNodeContents(element);
  const { x, y, width, height } = (/^H\d$/.test(element.tagName) ? words : element).getBoundingClientRect();
  return { x: x + scrollX, y: y + scrollY, width, height };
}

/** Numbers the largest elements that are wholly in the picture: together they are all that it shows. Gives how many. */
function mark(box) {
  let count = 0;
  const visit = (parent) => {
    for (const element of parent.children) {
      const { x, y, width, height } = element.getBoundingClientRect();
      const [left, top] = [x + scrollX, y + scrollY];
      if (width === 0 || height === 0 || top >= box.y + box.height || top + height <= box.y) continue;
      const inside =
        left >= box.x - 1 && left + width <= box.x + box.width + 1 && top >= box.y - 1 && top + height <= box.y + box.height + 1;
      if (inside) element.dataset.capture = String(count++);
      else visit(element);
    }
  };
  visit(document.querySelector("main"));
  return count;
}

export class Captures {
  constructor() {
    this.sizes = {};
    this.faults = [];
  }

  /**
   * Pictures the smallest rectangle that holds every region (selectors, the first element of each), or compares.
   * `size` is that of the window, for what needs a wide one. `before` runs in the page first: it replaces what must not be in a picture (a secret) or cannot be twice the same.
   */
  async take(visitor, name, regions, { before, size = WINDOW } = {}) {
    const { page } = visitor;
    const usual = page.viewportSize();
    await page.setViewportSize(size);
    if (before) await page.evaluate(before);
    const parts = regions.map((selector) => page.locator(selector).first());
    const box = await this.#box(page, parts);
    const count = await page.evaluate(mark, box);
    const trees = [];
    for (let n = 0; n < count; n += 1) trees.push(await page.locator(`[data-capture="${n}"]`).ariaSnapshot());
    const tree = steady(trees.filter((text) => text !== "").join("\n"));
    if (taking) await this.#keep(visitor, name, box, tree);
    else await this.#compare(name, tree);
    await page.setViewportSize(usual);
  }

  async #keep(visitor, name, box, tree) {
    const image = await this.#picture(visitor, box, name);
    await mkdir(IMAGES, { recursive: true });
    await mkdir(TREES, { recursive: true });
    await writeFile(join(IMAGES, `${name}.webp`), image);
    await writeFile(join(TREES, `${name}.txt`), `image: ${digest(image)}\n${tree}`);
    this.sizes[name] = { largeur: box.width, hauteur: box.height };
  }

  async #compare(name, tree) {
    const again = "take the pictures again with `cargo xtask captures`, and read the guide where it shows this one";
    const kept = await readFile(join(TREES, `${name}.txt`), "utf8").catch(() => "");
    const image = await readFile(join(IMAGES, `${name}.webp`)).catch(() => null);
    if (image === null || kept === "") {
      this.faults.push(`the picture « ${name} » was never taken: ${again}`);
      return;
    }
    const [first, ...rest] = kept.split("\n");
    if (first !== `image: ${digest(image)}`) this.faults.push(`the picture « ${name} » is not the one of its tree: ${again}`);
    const before = rest.join("\n");
    if (before !== tree) {
      this.faults.push(`the page of the picture « ${name} » changed: ${again}\n${difference(before, tree)}`);
    }
  }

  async #box(page, parts) {
    const boxes = [];
    for (const part of parts) boxes.push(await part.evaluate(frame));
    const left = Math.max(0, Math.floor(Math.min(...boxes.map((b) => b.x)) - MARGIN));
    const top = Math.max(0, Math.floor(Math.min(...boxes.map((b) => b.y)) - MARGIN));
    const right = Math.min(page.viewportSize().width, Math.ceil(Math.max(...boxes.map((b) => b.x + b.width)) + MARGIN));
    const bottom = Math.ceil(Math.max(...boxes.map((b) => b.y + b.height)) + MARGIN);
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  /** WebP, which playwright does not make: asked of the browser itself, at the best quality that is light enough. */
  async #picture(visitor, box, name) {
    const session = await visitor.context.newCDPSession(visitor.page);
    try {
      for (const quality of QUALITIES) {
        const { data } = await session.send("Page.captureScreenshot", {
          format: "webp",
          quality,
          clip: { ...box, scale: 1 },
          captureBeyondViewport: true,
        });
        const image = Buffer.from(data, "base64");
        if (image.length < HEAVIEST) return image;
      }
      throw new Error(`the picture « ${name} » is too heavy (${box.width} × ${box.height}): choose a smaller region`);
    } finally {
      await session.detach();
    }
  }

  /** Those of the other stories too: each guide has its own, taken one after the other. */
  async #all() {
    const kept = JSON.parse(await readFile(SIZES, "utf8").catch(() => "{}"));
    return { ...kept, ...this.sizes };
  }

  /** Writes the sizes, or fails with all that differs. */
  async end() {
    if (taking) {
      const sorted = Object.fromEntries(Object.entries(await this.#all()).sort(([a], [b]) => (a < b ? -1 : 1)));
      await writeFile(SIZES, `${JSON.stringify(sorted, null, 2)}\n`);
      return;
    }
    if (this.faults.length > 0) throw new Error(this.faults.join("\n"));
  }
}

/** The lines that only one of two texts has. */
function difference(before, after) {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `  - ${line.trim()}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `  + ${line.trim()}`),
  ].join("\n");
}
