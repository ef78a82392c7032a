import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG } from "../support/home.ts";
import { CTRL_C, ENTER, startSession } from "../support/pty.ts";
import { answerAll, createWizardHome } from "../support/wizard.ts";

const OFFER = "Add profiles for your other roles";

describe("the wizard of configure, by keystrokes", () => {
  test.each([80, 40])(
    "writes the same bytes as the flags, %i columns wide",
    { tags: ["long"] },
    async (columns) => {
      const home = await createWizardHome();
      const session = startSession(home, ["configure", "--no-browser"], columns);
      await session.answer("SSO session name (Recommended)", "corp");
      await session.answer("SSO start URL", "https://emu.awsapps.com/start");
      await session.answer("SSO region", "us-east-1");
      await session.answer("SSO registration scopes", "");
      await session.answer(/There are 2 AWS accounts/, "pay prod");
      await session.answer(/There are 2 roles/, "view");
      await session.answer("Default client Region", "eu-west-1");
      await session.answer("CLI default output format", "json");
      await session.answer("Profile name", "okta");
      await session.answer("Write this to", "y");
      await session.answer(OFFER, "");
      expect(await session.ended, session.readText()).toBe(0);
      expect(home.read(".aws/config")).toBe(SESSION_CONFIG);
      expect(session.readText()).toContain("Using the account ID 100000000001 (payments-prod)");
    },
  );

  test(
    "asks in the order of aws configure sso, and suggests Role-AccountId",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      const session = startSession(home, ["configure", "--no-browser"]);
      await answerAll(session, [
        ["SSO session name (Recommended)", "corp"],
        ["SSO start URL", "https://emu.awsapps.com/start"],
        ["SSO region", "us-east-1"],
        ["SSO registration scopes", ""],
        ["AWS accounts available", "search"],
      ]);
      await session.see("The only role available to you is: ViewOnlyAccess");
      await answerAll(session, [
        ["Default client Region", ""],
        ["CLI default output format (json if not specified)", ""],
        ["ViewOnlyAccess-100000000002", ""],
        ["Write this to", "y"],
        [OFFER, ""],
      ]);
      expect(await session.ended).toBe(0);
      expect(home.read(".aws/config")).toMatch(
        /^\[profile ViewOnlyAccess-100000000002\]\nsso_session = corp\nsso_account_id = 100000000002\nsso_role_name = ViewOnlyAccess\n\[sso-session corp\]\n/,
      );
    },
  );

  test(
    "the legacy form is used only with its flag, with a notice that its token can't be refreshed",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      const argv = ["configure", "--no-browser", "--profile", "leg", "--form", "legacy"];
      const session = startSession(home, argv);
      await answerAll(session, [
        ["SSO start URL", "https://emu.awsapps.com/start"],
        ["SSO region", "us-east-1"],
        ["AWS accounts available", "search"],
        ["Default client Region", ""],
        ["CLI default output format", ""],
        ["Write this to", "y"],
      ]);
      await session.see("This form's tokens can't be renewed");
      expect(await session.ended).toBe(0);
      expect(home.read(".aws/config")).toBe(
        "[profile leg]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 100000000002\nsso_role_name = ViewOnlyAccess\n",
      );
    },
  );

  test(
    "a known session shows its values and answers the next three questions",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      home.write(".aws/config", SESSION_CONFIG);
      const session = startSession(home, [
        "configure",
        "--no-browser",
        "--account-id",
        "100000000002",
        "--role-name",
        "ViewOnlyAccess",
      ]);
      await session.see("SSO session name (Recommended)");
      session.type("corp");
      await session.see("corp  (https://emu.awsapps.com/start · us-east-");
      session.type(ENTER);
      await session.answer("Default client Region", "");
      await session.answer("CLI default output format", "");
      await session.answer("Profile name", "second");
      await session.answer("Write this to", "y");
      expect(await session.ended).toBe(0);
      expect(home.read(".aws/config")).toBe(
        `${SESSION_CONFIG}[profile second]\nsso_session = corp\nsso_account_id = 100000000002\nsso_role_name = ViewOnlyAccess\n`,
      );
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );

  test(
    "an existing profile's values are the defaults, and Enter all the way changes nothing else",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      home.write(".aws/config", SESSION_CONFIG);
      const session = startSession(home, ["configure", "--no-browser", "--profile", "okta"]);
      await answerAll(session, [
        ["SSO session name", ""],
        ["AWS accounts available", "payments"],
        ["roles available", "Billing"],
        ["eu-west-1", ""],
        ["json", ""],
        ["Write this to", "y"],
        [OFFER, ""],
      ]);
      expect(await session.ended).toBe(0);
      expect(home.read(".aws/config")).toBe(SESSION_CONFIG.replace("ViewOnlyAccess", "Billing"));
    },
  );

  test("a wrong answer is asked again, with the reason", async () => {
    const home = await createWizardHome();
    const session = startSession(home, ["configure", "session"]);
    await session.answer("SSO session name", "corp");
    await session.answer("SSO start URL", "http://emu.awsapps.com/start");
    await session.see("Not a valid start URL");
    session.type(CTRL_C);
    expect(await session.ended).toBe(130);
  });

  test.each([0, 1, 2, 3])(
    "Ctrl-C at question %i leaves everything as it was and exits 130",
    { tags: ["long"] },
    async (questions) => {
      const home = await createWizardHome();
      home.write(".aws/config", "# mine\n");
      const session = startSession(home, ["configure", "--no-browser"]);
      const script = [
        ["SSO session name", "corp"],
        ["SSO start URL", "https://emu.awsapps.com/start"],
        ["SSO region", "us-east-1"],
        ["SSO registration scopes", ""],
      ] as const;
      for (const [question, answer] of script.slice(0, questions))
        await session.answer(question, answer);
      await session.see(script[questions]?.[0] ?? "");
      session.type(CTRL_C);
      expect(await session.ended).toBe(130);
      expect(session.readText()).toContain("Nothing was changed.");
      expect(home.read(".aws/config")).toBe("# mine\n");
      // The answers are stored, and nothing else.
      expect(home.list(".aws")).toEqual(questions === 0 ? ["config"] : ["config", "latchkey"]);
      if (questions > 0) expect(home.list(".aws/latchkey")).toEqual(["answers.json"]);
    },
  );

  test("no at the last question writes nothing", async () => {
    const home = await createWizardHome();
    const session = startSession(home, [
      "configure",
      "--profile",
      "p",
      "--sso-session",
      "corp",
      "--start-url",
      "https://emu.awsapps.com/start",
      "--sso-region",
      "us-east-1",
      "--sso-registration-scopes",
      "sso:account:access",
      "--account-id",
      "100000000001",
      "--role-name",
      "R",
      "--region",
      "",
      "--output",
      "json",
    ]);
    await session.answer("Write this to", "n");
    expect(await session.ended).toBe(130);
    expect(home.exists(".aws/config")).toBe(false);
  });

  test(
    "hostile account names can't move the cursor or break the picker",
    { tags: ["long"] },
    async () => {
      const home = await createHome({
        autoApprove: { afterPolls: 0 },
        org: {
          accounts: [
            {
              accountId: "100000000001",
              accountName: "a\u001b]52;c;eA==\u0007\u001b[2J",
              roles: ["R"],
            },
            { accountId: "100000000002", accountName: `long-${"x".repeat(200)}`, roles: ["R"] },
          ],
        },
      });
      const session = startSession(
        home,
        [
          "configure",
          "--no-browser",
          "--form",
          "legacy",
          "--start-url",
          "https://emu.awsapps.com/start",
          "--sso-region",
          "us-east-1",
        ],
        40,
      );
      await session.see("AWS accounts available");
      await session.see("…");
      expect(session.readRaw()).not.toContain("\u001b]52");
      session.type(CTRL_C);
      expect(await session.ended).toBe(130);
    },
  );
});
