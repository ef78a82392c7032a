import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start, waitUntil, type RunningProcess } from "../faults/support/child.ts";
import { CHROMIUM, launchChromium } from "../support/chromium.ts";
import { CORP_TOKEN, createHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { CLIENTS, fetchIdentity } from "./clients.ts";
import { patience } from "../support/patience.ts";

/** Debian's Chromium goes through the pages of a sign-in, and real clients use the resulting token. */

const ARN =
  /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function createConfiguredHome(options: Parameters<typeof createHome>[0] = {}): Promise<Home> {
  const home = await createHome(options);
  home.write(".aws/config", SESSION_CONFIG);
  return home;
}

const findUrl = (running: RunningProcess): Promise<string> =>
  waitUntil("the URL", () => /Open {3}(\S+)\n/.exec(running.readStderr())?.[1]);

/** Opens a page, and collects the errors in its console. */
async function openPage(url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 640, height: 400 } });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

/** Writes a screenshot for docs/ with `SCREENS=docs/screens npm run test:interop`. */
async function writeScreen(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function expectUsable(home: Home): Promise<void> {
  for (const client of CLIENTS) {
    const { exitCode, stdout, stderr } = await fetchIdentity(client, home, "okta");
    expect(exitCode, `${client}: ${stderr}`).toBe(0);
    expect(stdout.trim(), client).toMatch(ARN);
  }
}

describe("Chromium", () => {
  test(
    "approves a code on the device page, which shows what the terminal announces; every client uses the token",
    { timeout: patience(120_000) },
    async () => {
      const home = await createConfiguredHome();
      const login = start(home, ["login", "--no-browser"]);
      const { page } = await openPage(await findUrl(login));
      const [, code = ""] = /Code {3}(\S+)/.exec(login.readStderr()) ?? [];
      const [, name = ""] =
        /check that the page shows this code and "([^"]+)"/.exec(login.readStderr()) ?? [];
      const shown = await page.innerText("main");
      expect(shown).toContain(code);
      expect(shown).toContain(name);
      await writeScreen(page, "device-page");
      await page.getByRole("button", { name: "Allow" }).click();
      await page.getByText("You can close this page").waitFor();
      const ended = await login.ended;
      expect(ended, ended.stderr).toMatchObject({ exitCode: 0, stdout: "" });
      await expectUsable(home);
    },
  );

  test(
    "approves a redirect on the consent page and ends at a page that can be closed; every client uses the token",
    { timeout: patience(120_000) },
    async () => {
      const home = await createConfiguredHome();
      const login = start(home, ["login", "--use-pkce", "--no-browser"]);
      const { page, complaints } = await openPage(await findUrl(login));
      const [, name = ""] = /the page must name "([^"]+)"/.exec(login.readStderr()) ?? [];
      expect(await page.innerText("main")).toContain(name);
      await page.getByRole("button", { name: "Allow" }).click();
      await page.getByRole("heading", { name: "You can close this window" }).waitFor();
      await writeScreen(page, "close-this-window");
      // The content policy allows the page's own style, and the browser requests only its icon besides the page.
      expect(await page.evaluate("getComputedStyle(document.body).maxWidth")).toBe("512px");
      expect(complaints.filter((text) => !/favicon|404/.test(text))).toEqual([]);
      const ended = await login.ended;
      expect(ended, ended.stderr).toMatchObject({ exitCode: 0, stdout: "" });
      await expectUsable(home);
    },
  );

  test("denies on both pages: exit 9, and nothing is left", async () => {
    const home = await createConfiguredHome();
    for (const argv of [
      ["login", "--no-browser"],
      ["login", "--no-browser", "--use-pkce"],
    ]) {
      const login = start(home, argv);
      const { page } = await openPage(await findUrl(login));
      await page.getByRole("button", { name: "Deny" }).click();
      expect(await login.ended).toMatchObject({
        exitCode: 9,
        stdout: "",
        stderr: expect.stringContaining("refused"),
      });
      expect(home.exists(CORP_TOKEN)).toBe(false);
    }
  });

  test("is opened by latchkey, and returns to it automatically", async () => {
    const home = await createConfiguredHome({ authorize: { mode: "auto" } });
    const ended = await start(home, ["login", "--use-pkce"], {
      env: {
        BROWSER: `${CHROMIUM} --headless --no-sandbox --disable-gpu --user-data-dir=${home.path}/chromium --dump-dom`,
      },
    }).ended;
    expect(ended, ended.stderr).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("Your browser should open now."),
    });
  });

  test("completes the sign-in although a hostile page in another tab sends requests to the port", async () => {
    const home = await createConfiguredHome();
    const login = start(home, ["login", "--use-pkce", "--no-browser"]);
    const url = await findUrl(login);
    const callback = new URL(url).searchParams.get("redirect_uri") ?? "";
    const { page: hostile } = await openPage("data:text/html,<title>hostile</title>");
    await hostile.evaluate(`Promise.allSettled([
      fetch("${callback}?error=access_denied", { mode: "no-cors" }),
      fetch("${callback}?code=mine&state=guess", { mode: "no-cors" }),
      fetch("${callback}", { method: "POST", mode: "no-cors", body: "code=mine" }),
      new Promise((resolve) => Object.assign(new Image(), { onerror: resolve, onload: resolve }).src = "${callback}?error=x&state="),
    ])`);
    await hostile.goto(`${callback}?error=%3Cscript%3Edocument.title=%22owned%22%3C/script%3E`);
    expect([await hostile.title(), await hostile.innerText("main")]).toEqual([
      "Not for this sign-in",
      expect.not.stringContaining("script"),
    ]);
    const { page } = await openPage(url);
    await page.getByRole("button", { name: "Allow" }).click();
    expect(await login.ended).toMatchObject({ exitCode: 0 });
  });
});
