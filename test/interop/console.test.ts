import { expect, test } from "vitest";
import { openBrowserForTest } from "../support/chromium.ts";
import { createSignedInHome } from "../support/home.ts";
import type { ConsoleJson } from "../../src/commands/console.ts";

test("the link that console prints signs a real browser in as the role, at the requested page", async () => {
  const home = await createSignedInHome();
  const { url } = await home.runJson<ConsoleJson>(["console", "okta", "--service", "logs"]);
  const page = await (await openBrowserForTest()).newPage();
  const response = await page.goto(url);
  expect(response?.status()).toBe(200);
  const readShown = async (id: string): Promise<string | null> =>
    page.locator(`#${id}`).textContent();
  expect([
    await readShown("account"),
    await readShown("role"),
    await readShown("user"),
    await readShown("destination"),
    await readShown("issuer"),
  ]).toEqual([
    "100000000001",
    "ViewOnlyAccess",
    "okta.user@example.com",
    "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups",
    "https://emu.awsapps.com/start",
  ]);
  // The sign-in token is valid for 15 minutes.
  home.emulator.clock.advance(15 * 60_000);
  expect((await page.goto(url))?.status()).toBe(400);
});
