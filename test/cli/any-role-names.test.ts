import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG, type Home, type RunResult } from "../support/home.ts";
import { printVariables } from "../support/commands.ts";

/** Which account is selected if names are similar, odd, or in more than one session. */

const ACCOUNTS = [
  { accountId: "100000000001", accountName: "payments-prod", roles: ["Admin", "View"] },
  { accountId: "100000000003", accountName: "Data Lake", roles: ["Billing", "View"] },
  { accountId: "100000000012", accountName: "100000000001", roles: ["Confuse", "View"] },
  { accountId: "100000000016", accountName: "evil\nlatchkey: error: forged", roles: ["Evil"] },
  { accountId: "000000000042", accountName: "a/b/Größe 大", roles: ["Ops+X=1,@-.", "ops"] },
];
const SECOND = SESSION_CONFIG.slice(SESSION_CONFIG.indexOf("[sso-session")).replace(
  "[sso-session corp]",
  "[sso-session other]",
);

async function createNamesHome(config = SESSION_CONFIG): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, org: { accounts: ACCOUNTS } });
  home.write(".aws/config", config);
  await home.run(["login", "corp", "--no-browser"]);
  await home.run(["roles", "--sso-session", "corp"]);
  return home;
}

const toLine = ({ exitCode, stderr }: RunResult): string => `${exitCode} ${stderr}`;

/** The account that `export` selects for a word, as an argument and as --profile; or the exit code. */
async function findAccount(home: Home, word: string): Promise<string[]> {
  const results = [
    await home.run(["export", word, "--format", "dotenv"]),
    await home.run(["export", "--profile", word, "--format", "dotenv"]),
  ];
  return results.map(
    ({ exitCode, stdout }) => /AWS_ACCOUNT_ID=(\d+)/.exec(stdout)?.[1] ?? String(exitCode),
  );
}

describe("the selected account", () => {
  test(
    "an id never selects another account with that id as its name",
    { tags: ["long"] },
    async () => {
      const home = await createNamesHome();
      const view = await findAccount(home, "100000000001/View");
      expect(view).toEqual(["100000000001", "100000000001"]);
      expect(await findAccount(home, "100000000001/Confuse")).toEqual(["5", "5"]);
      const listed = await home.run(["export", "conf"]);
      expect(listed.stderr).toContain('"conf" means the role 100000000012/Confuse');
    },
  );

  test(
    "names with slashes, umlauts, CJK and each character of a role's name are accepted unchanged",
    { tags: ["long"] },
    async () => {
      const home = await createNamesHome();
      const role = "a/b/Größe 大/Ops+X=1,@-.";
      expect(await findAccount(home, role)).toEqual(["000000000042", "000000000042"]);
      expect(await findAccount(home, "000000000042/ops")).toEqual(["000000000042", "000000000042"]);
      expect(await findAccount(home, "GRÖßE 大/OPS+")).toEqual(["000000000042", "5"]);
    },
  );

  test("a name with a line break can't add a line to the output", { tags: ["long"] }, async () => {
    const home = await createNamesHome();
    const { stderr } = await home.run(["export", "evil/evil"]);
    expect(stderr.split("\n").filter((line) => line.startsWith("latchkey: error"))).toEqual([]);
  });

  test(
    "a part of a name lists the matching roles, and a part that is longer than any role name is not found",
    { tags: ["long"] },
    async () => {
      const home = await createNamesHome();
      expect(toLine(await home.run(["export", "lake/"]))).toMatch(
        /^2 [^]*fits 2 roles: Data Lake\/Billing, Data Lake\/View\.\nlatchkey: hint: Name one of them exactly as shown here/,
      );
      expect((await home.run(["export", "/bill"])).exitCode).toBe(0);
      expect(toLine(await home.run(["export", `lake/${"R".repeat(70)}`]))).toMatch(
        /^5 [^]*You have no role "R+" in Data Lake \(100000000003\)\.\n/,
      );
    },
  );
});

describe("an SDK's line", () => {
  test(
    "never selects another account that got the same name later, and lists the candidates",
    { tags: ["long"] },
    async () => {
      const home = await createNamesHome();
      const argv = ["credential-process", "--profile", "Data Lake/Billing"];
      expect((await home.run(argv)).exitCode).toBe(0);
      const others = ACCOUNTS.filter(({ accountName }) => accountName !== "Data Lake");
      const heir = { accountId: "100000000009", accountName: "Data Lake", roles: ["Billing"] };
      home.emulator.turn("org", { accounts: [heir, ...others] });
      await home.run(["roles"]);
      const result = await home.run(argv);
      expect(result.stdout).toBe("");
      expect(toLine(result)).toMatch(/^2 [^]*100000000009\/Billing, 100000000003\/Billing\./);
      const byId = ["credential-process", "--profile", "100000000009/Billing"];
      expect((await home.run(byId)).exitCode).toBe(0);
    },
  );

  test("does not depend on which of two sessions is signed in", { tags: ["long"] }, async () => {
    const home = await createNamesHome(SESSION_CONFIG + SECOND);
    const argv = ["credential-process", "--profile", "Data Lake/Billing"];
    expect(toLine(await home.run(argv))).toMatch(
      /^2 [^]*does not name a session, and other may have [^]*hint: Name the session: --sso-session corp\n/,
    );
    expect((await home.run([...argv, "--sso-session", "corp"])).exitCode).toBe(0);
    const byId = ["credential-process", "--profile", "100000000003/Billing"];
    expect((await home.run(byId)).exitCode).toBe(0);
    await home.run(["login", "other", "--no-browser"]);
    expect(toLine(await home.run(argv))).toMatch(
      /^2 [^]*--sso-session corp, [^]*--sso-session other/,
    );
    const elsewhere = ["credential-process", "--profile", "nosuch/Billing"];
    expect(toLine(await home.run(elsewhere))).toMatch(/^5 [^]*Use the full name/);
  });
});

describe("a role that the user had before", () => {
  test(
    "is refused with the date until which the user had it, also if the account is gone too",
    { tags: ["long"] },
    async () => {
      const home = await createNamesHome();
      const others = ACCOUNTS.filter(({ accountName }) => accountName !== "Data Lake");
      const left = { accountId: "100000000003", accountName: "Data Lake", roles: ["View"] };
      home.emulator.turn("org", { accounts: [left, ...others] });
      await home.run(["roles"]);
      for (const word of ["lake/bill", "Data Lake/Billing"])
        expect(toLine(await home.run(["export", word])), word).toMatch(
          /^5 [^]*The role Billing in 100000000003 \(Data Lake\)[^]*You had Billing there until \S+\.\n[^]*Your roles there: View/,
        );
      home.emulator.turn("org", { accounts: others });
      await home.run(["roles"]);
      for (const word of ["lake/view", "100000000003/View"])
        expect(toLine(await home.run(["export", word])), word).toMatch(
          /^5 [^]*You had View there until /,
        );
      expect(toLine(await home.run(["export", "nowhere/view"]))).toMatch(
        /^5 [^]*No account "nowhere"/,
      );
    },
  );
});

describe("a session that is missing or wrong", () => {
  test.each([
    ["no session", "", [], "No SSO session in"],
    [
      "a session with wrong values",
      "[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\n",
      [],
      "sso_region is missing (",
    ],
    ["an unknown session", SESSION_CONFIG, ["--sso-session", "nosuch"], 'No SSO session "nosuch"'],
    [
      "a profile's misspelt name with a slash",
      "[profile team/prod]\nregion = eu-west-1\n",
      [],
      "nearest names: team/prod",
    ],
  ] as const)("%s is what the error is about", async (_, config, flags, words) => {
    const home = await createHome();
    home.write(".aws/config", config);
    const word = config.includes("team") ? "team/prdo" : "lake/bill";
    const result = toLine(await home.run(["whoami", word, ...flags]));
    expect(result).toMatch(/^7 /);
    expect(result).toContain(words);
  });
});

test(
  "exec reads the first word as the command if flags name the role",
  { tags: ["long"] },
  async () => {
    const home = await createNamesHome(SESSION_CONFIG.replace(/region = eu-west-1\n/, ""));
    const role = ["--account-id", "100000000003", "--role-name", "Billing"];
    const result = await home.run(["exec", ...role, ...printVariables("AWS_ACCOUNT_ID")]);
    expect(result).toMatchObject({ exitCode: 0, stdout: "100000000003\n" });
    expect(result.stderr).toMatch(/the role "Data Lake\/Billing" has no region/);
    await home.run(["settings", "default-region", "eu-west-1"]);
    const cured = await home.run(["exec", ...role, ...printVariables("AWS_REGION")]);
    expect(cured).toMatchObject({ exitCode: 0, stdout: "eu-west-1\n", stderr: "" });
  },
);
