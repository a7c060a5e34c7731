// Runs the stories: `node run.mjs [PART OF A NAME…]`, two at a time. See `cargo xtask e2e`.
//
// A story is a module of stories/ with `name`, `moment` (of the campaign; null: it brings its own server, see `serve`) and
// `run(stage)`. Its faults (console, policy, other sites, accessibility) fail it even when it goes through to its end.

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { audits } from "./lib/axe.mjs";
import { launch } from "./lib/browser.mjs";
import { forgetFilled, startDemo } from "./lib/server.mjs";
import { Stage } from "./lib/story.mjs";
import { OUT } from "./lib/visitor.mjs";

const LANES = Number(process.env.PARCOURSUP_E2E_LANES ?? 2);
// Against what never ends: the tours of all screens take five minutes on a slow machine.
const LIMIT = Number(process.env.PARCOURSUP_E2E_LIMIT ?? 900) * 1000;

const folder = fileURLToPath(new URL("stories", import.meta.url));
const wanted = process.argv.slice(2);
const files = (await readdir(folder))
  .filter((file) => file.endsWith(".mjs") && (wanted.length === 0 || wanted.some((part) => file.includes(part))))
  .sort();
if (files.length === 0) {
  console.error(`no story whose name contains ${wanted.join(" or ")}`);
  process.exit(2);
}
if (wanted.length === 0) await rm(OUT, { recursive: true, force: true });

const browser = await launch();
const running = new Set();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await Promise.allSettled([...running].map((server) => server.stop()));
    await forgetFilled();
    process.exit(130);
  });
}

let passed = 0;
let failed = 0;
const queue = [...files];
await Promise.all(Array.from({ length: Math.max(1, LANES) }, lane));
await browser.close();
await forgetFilled();
console.log(`axe: ${audits.judged} pages judged in ${audits.seconds.toFixed(0)} s, ${audits.again} seen again as they were`);
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);

async function lane() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const started = Date.now();
    const told = await tell(file);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    if (told.faults.length === 0) {
      passed += 1;
      console.log(`ok      ${told.name} (${seconds} s)`);
    } else {
      failed += 1;
      console.log(`FAILED  ${told.name} (${file}, ${seconds} s)`);
      for (const fault of told.faults) console.log(`    ${fault.replaceAll("\n", "\n    ")}`);
    }
  }
}

async function tell(file) {
  let name = file;
  let server;
  let stage;
  const faults = [];
  try {
    const story = await import(join(folder, file));
    name = story.name ?? file;
    server = story.serve ? await story.serve() : await startDemo({ moment: story.moment });
    running.add(server);
    stage = new Stage(browser, server);
    await within(LIMIT, story.run(stage));
  } catch (error) {
    faults.push(error.stack ?? String(error));
    for (const visitor of stage?.visitors ?? []) {
      // What the person saw when it went wrong; a page already closed shows nothing.
      const picture = `failed-${file.replace(/\.mjs$/, "")}-${visitor.name.replace(/\W+/g, "_")}`;
      await visitor.screenshot(picture, { always: true }).catch(() => {});
    }
    const output = server?.output?.().trim();
    if (output) faults.push(`the server's last words:\n${output.split("\n").slice(-15).join("\n")}`);
  }
  if (stage) faults.push(...(await stage.close().catch((error) => [String(error)])));
  if (server) {
    await server.stop();
    running.delete(server);
  }
  return { name, faults };
}

function within(limit, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${limit / 1000} s`)), limit);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
