// A real Chromium, alone: its own empty profile, nothing in the background, and no network but what a page asks for.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Why the browser cannot be used, or nothing. */
export function missing() {
  return existsSync(CHROMIUM) ? undefined : `no browser at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM`;
}

/** Runs something with a browser, and cleans up after it. */
export async function withBrowser(run) {
  const home = mkdtempSync(join(tmpdir(), "kpi-audit-browser-"));
  const flags = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ];
  // Its own home keeps settings and caches of the user out of the test, and the test out of theirs.
  const env = { ...process.env, HOME: home };
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: flags, env });
  try {
    return await run(browser);
  } finally {
    await browser.close();
    rmSync(home, { recursive: true, force: true });
  }
}
