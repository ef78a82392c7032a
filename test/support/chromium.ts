import { chromium, type Browser } from "playwright-core";
import { onTestFinished } from "vitest";
import { CHROMIUM, requireParts } from "./interop-parts.ts";

export { CHROMIUM } from "./interop-parts.ts";

/** Arguments for Debian's Chromium: no sandbox, because tests may run as root, and no connections beyond this machine. */
const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Launches Chromium without a window. The caller must close it. */
export function launchChromium(): Promise<Browser> {
  requireParts(CHROMIUM);
  return chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS });
}

/** Launches Chromium, and closes it when the test ends. */
export async function openBrowserForTest(): Promise<Browser> {
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  return browser;
}
