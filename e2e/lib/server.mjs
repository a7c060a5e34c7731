// The product, started for one story on a free port with a data folder of its own.

import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A port of 127.0.0.1 that nobody listens on right now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A folder by moment, filled once: filling one takes longer than most stories. */
const filled = new Map();

async function fill(moment, bin, patience) {
  const folder = await newFolder();
  try {
    const server = await startDemo({ moment, bin, donnees: folder, patience });
    await server.stop();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

const newFolder = () => mkdtemp(join(tmpdir(), "parcoursup-e2e-"));

/** A folder of its own for a story, copied from the one filled for its moment. */
async function folderAt(moment, bin, patience) {
  if (!filled.has(moment)) filled.set(moment, fill(moment, bin, patience));
  const source = await filled.get(moment);
  const folder = await newFolder();
  await cp(source, folder, { recursive: true });
  return folder;
}

/** Removes what the stories were copied from. */
export async function forgetFilled() {
  const folders = await Promise.allSettled(filled.values());
  filled.clear();
  await Promise.all(folders.map(({ value }) => value && rm(value, { recursive: true, force: true })));
}

/**
 * Starts `parcoursup demo` at a moment of the campaign and waits until it answers.
 * `donnees` is a folder to use, which no other server uses and which is kept; without it the server has its own, removed at its end.
 */
export async function startDemo({ moment, bin = process.env.PARCOURSUP_BIN, donnees, patience = 120_000 }) {
  if (!bin) throw new Error("PARCOURSUP_BIN does not say which binary to start (cargo xtask e2e sets it)");
  const folder = donnees ?? (await folderAt(moment, bin, patience));
  const port = await freePort();
  const said = [];
  const child = spawn(bin, ["demo", "--port", String(port), "--donnees", folder, "--moment", moment], {
    stdio: ["ignore", "pipe", "pipe"],
    // The product refuses settings it does not know: those of the stories are not its own.
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PARCOURSUP_"))),
      // A story does in seconds what takes a person an hour.
      PARCOURSUP_DEBITS_PAGES: "100000, 100000",
      PARCOURSUP_DEBITS_ECRITURES: "100000, 100000",
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => {
      said.push(text);
      if (said.length > 2000) said.shift();
    });
  }
  let ended = null;
  child.on("error", (error) => (ended = `cannot start ${bin}: ${error.message}`));
  child.on("exit", (code, signal) => (ended ??= `ended with ${signal ?? code}`));

  const server = {
    url: `http://localhost:${port}`,
    donnees: folder,
    output: () => said.join(""),
    async stop({ keep = donnees !== undefined } = {}) {
      if (ended === null) {
        child.kill("SIGTERM");
        for (let waited = 0; ended === null && waited < 5000; waited += 50) await pause(50);
        if (ended === null) child.kill("SIGKILL");
      }
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
  const until = Date.now() + patience;
  while (Date.now() < until) {
    if (ended !== null) {
      await server.stop();
      throw new Error(`the server ${ended}\n${server.output()}`);
    }
    if (await answers(server.url)) return server;
    await pause(100);
  }
  await server.stop();
  throw new Error(`the server does not answer on ${server.url} after ${patience / 1000} s\n${server.output()}`);
}

async function answers(url) {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) });
    await answer.arrayBuffer();
    return answer.status < 500;
  } catch {
    return false;
  }
}
