// Debian's Chromium, driven by playwright-core.

import { chromium } from "playwright-core";

/** The sizes every page is looked at. */
export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 360, height: 740 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.PARCOURSUP_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      // Without these the browser calls its maker at every start, and waits for an answer on a closed network.
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
    ],
  });
}
