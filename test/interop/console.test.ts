import { expect, test } from "vitest";
import { browserForTest } from "../support/chromium.ts";
import { signedInHome } from "../support/home.ts";
import type { ConsoleJson } from "../../src/commands/console.ts";

test("the link that console prints signs a real browser in as the role, at the page that was asked for", async () => {
  const home = await signedInHome();
  const { url } = await home.runJson<ConsoleJson>(["console", "okta", "--service", "logs"]);
  const page = await (await browserForTest()).newPage();
  const response = await page.goto(url);
  expect(response?.status()).toBe(200);
  const shown = async (id: string): Promise<string | null> => page.locator(`#${id}`).textContent();
  expect([
    await shown("account"),
    await shown("role"),
    await shown("user"),
    await shown("destination"),
    await shown("issuer"),
  ]).toEqual([
    "100000000001",
    "ViewOnlyAccess",
    "okta.user@example.com",
    "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups",
    "https://emu.awsapps.com/start",
  ]);
  // The token is good for 15 minutes and no longer.
  home.emulator.clock.advance(15 * 60_000);
  expect((await page.goto(url))?.status()).toBe(400);
});
