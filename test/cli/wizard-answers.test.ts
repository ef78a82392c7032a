import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { CTRL_C, startSession, type Session } from "../support/pty.ts";
import { answerAll, createWizardHome } from "../support/wizard.ts";
import { expectMode } from "../support/windows.ts";

const URL_OF_EMU = "https://emu.awsapps.com/start";
const ANSWERS = ".aws/latchkey/answers.json";
const KEPT = "Your answers are kept as the defaults of the next run.";
const PLACE = [
  ["SSO session name", "corp"],
  ["SSO start URL", URL_OF_EMU],
  ["SSO region", "us-east-1"],
  ["SSO registration scopes", ""],
] as const;

function startConfigure(home: Home, ...flags: string[]): Session {
  return startSession(home, ["configure", "--no-browser", ...flags]);
}

async function cancel(session: Session, question: RegExp | string): Promise<void> {
  await session.see(question);
  session.type(CTRL_C);
  expect(await session.ended, session.readText()).toBe(130);
}

describe("the answers of a cancelled run", () => {
  test(
    "are stored for their owner only, are reused with one confirmation, and are deleted once the profile is written",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      const first = startConfigure(home);
      await answerAll(first, PLACE);
      await first.answer("AWS accounts available", "search");
      await cancel(first, "Default client Region");
      expect(first.readText()).toContain(KEPT);
      expect(first.readText()).toContain("You are signed in to corp, and the token is kept.");
      expect(first.readText()).toContain("Nothing was written to");
      expect(first.readText()).not.toContain("Nothing was changed");
      expect(home.exists(".aws/config")).toBe(false);
      expectMode(join(home.path, ANSWERS), 0o600);
      expect(home.readJson(ANSWERS)).toEqual({
        version: 1,
        answers: {
          ssoSession: "corp",
          startUrl: URL_OF_EMU,
          ssoRegion: "us-east-1",
          registrationScopes: "sso:account:access",
          accountId: "100000000002",
          roleName: "ViewOnlyAccess",
        },
        hasFailed: false,
      });

      const second = startConfigure(home);
      await answerAll(second, [
        ["Go on with them?", ""],
        ["Default client Region", ""],
        ["CLI default output format", ""],
        ["Profile name (ViewOnlyAccess-100000000002)", "okta"],
        ["Write this to", ""],
      ]);
      expect(await second.ended, second.readText()).toBe(0);
      expect(home.read(".aws/config")).toContain("[profile okta]\nsso_session = corp\n");
      expect(home.exists(ANSWERS)).toBe(false);
      expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(1);
    },
  );

  test(
    "are the default of each question if the user does not reuse them",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      const first = startConfigure(home);
      await answerAll(first, PLACE.slice(0, 3));
      await cancel(first, "SSO registration scopes");
      const second = startConfigure(home);
      await answerAll(second, [
        ["Go on with them?", "n"],
        ["SSO session name (Recommended) (corp)", "work"],
        [`SSO start URL (${URL_OF_EMU})`, ""],
        ["SSO region (us-east-1)", ""],
        ["SSO registration scopes", ""],
      ]);
      await cancel(second, "AWS accounts available");
      expect(home.readJson(ANSWERS)).toMatchObject({ answers: { ssoSession: "work" } });
    },
  );

  test(
    "are shown with the change at once if none is missing, and any of them can still be changed",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      const first = startConfigure(home, "--account-id", "100000000001", "--role-name", "Billing");
      const rest = [
        ["Default client Region", "eu-west-1"],
        ["CLI default output format", ""],
        ["Profile name", "okta"],
      ] as const;
      await answerAll(first, [...PLACE, ...rest, ["Write this to", "n"]]);
      expect(await first.ended).toBe(130);
      expect(first.readText()).toContain("Nothing was written.");
      const second = startConfigure(home);
      await second.see("Answers of your last run");
      await answerAll(second, [
        ["Write this to", "<"],
        ["Profile name (okta)", "<"],
        ["CLI default output format", "json"],
        ["Profile name (okta)", ""],
        ["Write this to", ""],
      ]);
      expect(await second.ended, second.readText()).toBe(0);
      expect(home.read(".aws/config")).toContain("region = eu-west-1\noutput = json\n");
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );

  test(
    "are asked again one by one after a failed sign-in, so that a wrong one can be corrected",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const first = startConfigure(home);
      await answerAll(first, PLACE);
      await first.see("Code   ");
      home.emulator.denyDevice(/Code +(\S+)/.exec(first.readText())?.[1] ?? "");
      await first.see("The sign-in was refused");
      await first.see("Start again: latchkey configure");
      expect(await first.ended).toBe(9);
      expect(first.readText()).toContain(KEPT);
      expect(first.readText()).not.toContain("latchkey login");
      const second = startConfigure(home);
      await second.answer("SSO session name (Recommended) (corp)", "");
      await cancel(second, `SSO start URL (${URL_OF_EMU})`);
    },
  );

  test.each([
    "{",
    "[]",
    '{"version": 1, "answers": {"ssoSession": "a b", "ssoRegion": "mars", "startUrl": "file:///etc"}}',
  ])("are ignored if the file contains %s", async (text) => {
    const home = await createWizardHome();
    home.write(ANSWERS, text);
    await cancel(startConfigure(home), "SSO session name (Recommended) (from the start URL)");
  });

  test(
    "are not used in a run for another profile, except those of the session",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      home.write(".aws/config", SESSION_CONFIG);
      const first = startConfigure(home, "--profile", "one", "--account-id", "100000000001");
      await first.answer("SSO session name (Recommended) (corp)", "");
      await first.answer("roles available", "Billing");
      await first.answer("Default client Region", "eu-west-3");
      await cancel(first, "CLI default output format");
      const second = startConfigure(home, "--profile", "two");
      await second.answer("SSO session name (Recommended) (corp)", "");
      await second.see("AWS accounts available");
      second.type(CTRL_C);
      expect(await second.ended).toBe(130);
      expect(second.readText()).not.toContain("Go on with them?");
    },
  );
});

describe("going back", () => {
  test("leads from every question to the previous one", { tags: ["long"] }, async () => {
    const home = await createWizardHome();
    const session = startConfigure(home);
    await answerAll(session, [
      ["SSO session name", "crop"],
      ["SSO start URL", "<"],
      ["SSO session name (Recommended) (crop)", "corp"],
      ["SSO start URL", URL_OF_EMU],
      ["SSO region", "us-east-1"],
      ["SSO registration scopes", ""],
      ["AWS accounts available", "search"],
      ["Default client Region", "<"],
      ["AWS accounts available", "search"],
      ["Default client Region", ""],
      ["CLI default output format", ""],
      ["Profile name (ViewOnlyAccess-100000000002)", "okta"],
      ["Write this to", ""],
      ["Add profiles for your other roles", ""],
    ]);
    expect(await session.ended, session.readText()).toBe(0);
    expect(home.read(".aws/config")).toContain("[profile okta]\nsso_session = corp\n");
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(1);
  });
});

describe("suggestions of the wizard", () => {
  test(
    "are a name from the start URL, which may be typed instead of the name",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      const session = startConfigure(home);
      await session.answer(
        "SSO session name (Recommended) (from the start URL)",
        "emu.awsapps.com",
      );
      await session.see(`Using the start URL ${URL_OF_EMU}`);
      await session.see('Using the session name "emu"');
      await session.answer("SSO region", "us-est-1");
      await session.see("Did you mean us-east-1?");
      session.type("\u0015us-east-1\r");
      await session.answer("SSO registration scopes", "");
      await cancel(session, "AWS accounts available");
      expect(home.readJson(ANSWERS)).toMatchObject({
        answers: { ssoSession: "emu", startUrl: URL_OF_EMU },
      });
    },
  );

  test(
    "never include the legacy form: Enter at the first question asks for the start URL, and names the session after it",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      const session = startConfigure(home, "--profile", "okta", "--region", "", "--output", "json");
      await session.answer("SSO session name", "");
      await session.answer("SSO start URL", "https://acme.okta.com/home/amazon_aws_sso/0oa1");
      await session.see("a page of Okta");
      session.type(`\u0015${URL_OF_EMU}\r`);
      await session.see('Using the session name "emu"');
      await answerAll(session, [
        ["SSO region", "us-east-1"],
        ["SSO registration scopes", ""],
        ["AWS accounts available", "search"],
        ["Write this to", ""],
        ["Add profiles for your other roles", ""],
      ]);
      expect(await session.ended, session.readText()).toBe(0);
      expect(home.read(".aws/config")).toContain("sso_session = emu\n");
    },
  );

  test("are the session of the config", { tags: ["long"] }, async () => {
    const home = await createWizardHome();
    home.write(".aws/config", SESSION_CONFIG);
    const session = startConfigure(home);
    await session.answer("SSO session name (Recommended) (corp)", "");
    await cancel(session, "AWS accounts available");
  });
});
