import { chromium, type Browser } from "playwright-core";
import { onTestFinished } from "vitest";
import { CHROMIUM, requireParts } from "./interop-parts.ts";

export { CHROMIUM } from "./interop-parts.ts";

/** How Debian's Chromium is started: without a sandbox of its own, since tests may run as root, and reaching this machine alone. */
const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Without a window; whoever launched it closes it. */
export function launchChromium(): Promise<Browser> {
  requireParts(CHROMIUM);
  return chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS });
}

/** Closed when the test ends. */
export async function openBrowserForTest(): Promise<Browser> {
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  return browser;
}
