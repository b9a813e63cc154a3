/** A real browser for tests of the web client: Debian's Chromium, or the one that CHROMIUM_PATH names. */
import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const path = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

/** It sees nothing of this machine's screen and asks nobody on the network. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** The reason why tests that need it are skipped, for `test.skipIf` and the test's name; undefined: it is there. */
export function chromiumMissing(): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return `not installed: Chromium (looked for ${path}; CHROMIUM_PATH may name another)`;
  }
}

/** Headless. Close it, or hold it by `await using`. `further`: flags besides the usual ones. */
export function launchChromium(further: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: [...flags, ...further] });
}
