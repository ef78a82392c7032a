import { chromium, type Browser } from "playwright-core";
import { onTestFinished } from "vitest";

export const CHROMIUM = "/usr/bin/chromium";

/** Debian's Chromium without a window, closed when the test ends. It reaches this machine alone. */
export async function browserForTest(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"] });
  onTestFinished(() => browser.close());
  return browser;
}
