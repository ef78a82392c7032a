import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { CTRL_C, ENTER, startSession, type Session } from "../support/pty.ts";

const ORG = {
  accounts: [
    {
      accountId: "100000000001",
      accountName: "payments-prod",
      emailAddress: "aws+payments@example.com",
      roles: ["ViewOnlyAccess", "Billing"],
    },
    { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
  ],
};
const answerAll = async (
  session: Session,
  answers: ReadonlyArray<readonly [question: string, answer: string]>,
): Promise<void> => {
  for (const [question, answer] of answers) await session.answer(question, answer);
};
const wizardHome = (): Promise<Home> => createHome({ autoApprove: { afterPolls: 0 }, org: ORG });

describe("the wizard of configure, by keystrokes", () => {
  test.each([80, 40])("writes the same bytes as the flags, %i columns wide", async (columns) => {
    const home = await wizardHome();
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
    expect(await session.ended, session.text()).toBe(0);
    expect(home.read(".aws/config")).toBe(SESSION_CONFIG);
    expect(session.text()).toContain("Using the account ID 100000000001");
  });

  test("asks in the order of aws configure sso, and proposes Role-AccountId", async () => {
    const home = await wizardHome();
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
    ]);
    expect(await session.ended).toBe(0);
    expect(home.read(".aws/config")).toMatch(
      /^\[profile ViewOnlyAccess-100000000002\]\nsso_session = corp\nsso_account_id = 100000000002\nsso_role_name = ViewOnlyAccess\n\[sso-session corp\]\n/,
    );
  });

  test("without a session name it is the legacy form, said to be not renewable", async () => {
    const home = await wizardHome();
    const session = startSession(home, ["configure", "--no-browser", "--profile", "leg"]);
    await session.answer("SSO session name (Recommended)", "");
    await session.see("its tokens can't be renewed");
    await answerAll(session, [
      ["SSO start URL", "https://emu.awsapps.com/start"],
      ["SSO region", "us-east-1"],
      ["AWS accounts available", "search"],
      ["Default client Region", ""],
      ["CLI default output format", ""],
      ["Write this to", "y"],
    ]);
    expect(await session.ended).toBe(0);
    expect(home.read(".aws/config")).toBe(
      "[profile leg]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 100000000002\nsso_role_name = ViewOnlyAccess\n",
    );
  });

  test("a known session shows what it stands for and answers the next three questions", async () => {
    const home = await wizardHome();
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
  });

  test("an existing profile's values are the defaults, and Enter all the way changes nothing else", async () => {
    const home = await wizardHome();
    home.write(".aws/config", SESSION_CONFIG);
    const session = startSession(home, ["configure", "--no-browser", "--profile", "okta"]);
    await answerAll(session, [
      ["SSO session name", ""],
      ["AWS accounts available", "payments"],
      ["roles available", "Billing"],
      ["eu-west-1", ""],
      ["json", ""],
      ["Write this to", "y"],
    ]);
    expect(await session.ended).toBe(0);
    expect(home.read(".aws/config")).toBe(SESSION_CONFIG.replace("ViewOnlyAccess", "Billing"));
  });

  test("a bad answer is asked again, with what is wrong", async () => {
    const home = await wizardHome();
    const session = startSession(home, ["configure", "session"]);
    await session.answer("SSO session name", "corp");
    await session.answer("SSO start URL", "http://emu.awsapps.com/start");
    await session.see("Not a valid start URL");
    session.type(CTRL_C);
    expect(await session.ended).toBe(130);
  });

  test.each([0, 1, 2, 3])(
    "Ctrl-C at question %i leaves everything as it was and exits 130",
    async (questions) => {
      const home = await wizardHome();
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
      expect(session.text()).toContain("Nothing was changed.");
      expect(home.read(".aws/config")).toBe("# mine\n");
      expect(home.list(".aws")).toEqual(["config"]);
    },
  );

  test("no at the last question writes nothing", async () => {
    const home = await wizardHome();
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

  test("hostile account names can't move the cursor or break the picker", async () => {
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
    expect(session.raw()).not.toContain("\u001b]52");
    session.type(CTRL_C);
    expect(await session.ended).toBe(130);
  });
});

describe("the wizard of configure session", () => {
  test("writes one session, and its known values are the defaults the next time", async () => {
    const home = await wizardHome();
    const first = startSession(home, ["configure", "sso-session"]);
    for (const [question, answer] of [
      ["SSO session name", "corp"],
      ["SSO start URL", "https://emu.awsapps.com/start"],
      ["SSO region", "us-east-1"],
      ["SSO registration scopes", ""],
      ["Write this to", "y"],
    ] as const)
      await first.answer(question, answer);
    expect(await first.ended).toBe(0);
    expect(home.read(".aws/config")).toBe(
      "[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n",
    );
    const second = startSession(home, ["configure", "session"]);
    for (const [question, answer] of [
      ["SSO session name", "corp"],
      ["(https://emu.awsapps.com/start)", ""],
      ["(us-east-1)", ""],
      ["(sso:account:access)", "sso:account:access, a:b"],
      ["Write this to", "y"],
    ] as const)
      await second.answer(question, answer);
    expect(await second.ended).toBe(0);
    expect(home.read(".aws/config")).toContain(
      "sso_registration_scopes = sso:account:access, a:b\n",
    );
  });

  test("by flags it moves a session only with --force, and then drops its cached role credentials", async () => {
    const home = await wizardHome();
    home.write(".aws/config", SESSION_CONFIG);
    await home.run(["login", "--no-browser"]);
    await home.run(["credential-process", "--profile", "okta"]);
    const move = [
      "configure",
      "session",
      "--sso-session",
      "corp",
      "--sso-region",
      "eu-central-1",
      "--yes",
    ];
    expect(await home.run(move)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--force"),
    });
    expect(home.list(".aws/latchkey/role-credentials")).toHaveLength(1);
    expect(await home.runJson([...move, "--force"])).toMatchObject({
      session: "corp",
      changes: [
        {
          section: "sso-session corp",
          key: "sso_region",
          before: "us-east-1",
          after: "eu-central-1",
        },
      ],
    });
    expect(home.list(".aws/latchkey/role-credentials")).toEqual([]);
    expect(await home.run(["configure", "session", "--yes"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--sso-session"),
    });
  });

  test("--verify refuses a role that is not there, naming those that are", async () => {
    const home = await wizardHome();
    const flags = [
      "configure",
      "--profile",
      "p",
      "--sso-session",
      "corp",
      "--start-url",
      "https://emu.awsapps.com/start",
      "--sso-region",
      "us-east-1",
      "--account-id",
      "100000000001",
      "--yes",
      "--verify",
      "--no-browser",
    ];
    // Without a terminal nobody is made to sign in.
    expect(await home.run([...flags, "--role-name", "Billing"])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining(
        "Leave --verify away, sign in (latchkey login --sso-session corp)",
      ),
    });
    expect(home.emulator.journal.entries()).toEqual([]);
    home.write(".aws/config", SESSION_CONFIG);
    await home.run(["login", "--no-browser"]);
    const written = home.read(".aws/config");
    const refused = await home.run([...flags, "--role-name", "ViewOnlyAcces"]);
    expect(refused).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining("You hold there: ViewOnlyAccess"),
    });
    expect(home.read(".aws/config")).toBe(written);
    expect(await home.run([...flags, "--role-name", "Billing"])).toMatchObject({ exitCode: 0 });
  });
});
