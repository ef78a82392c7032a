import { describe, expect, test } from "vitest";
import {
  createHome,
  testOnNodeOnly,
  PROGRAM,
  runProgram,
  SESSION_CONFIG,
  createSignedInHome,
} from "../support/home.ts";
import {
  BASH,
  expectCompletions,
  expectNamesToStayData,
  loadShell,
} from "../support/shell-completion.ts";

async function complete(argv: readonly string[], config = SESSION_CONFIG): Promise<string[]> {
  const home = await createHome();
  home.write(".aws/config", config);
  const result = await home.run(["__complete", "zsh", ...argv]);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  return result.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t")[0] ?? "");
}

describe("completion in a real bash", () => {
  test(
    "completes commands, flags, profiles, sessions, accounts and roles without a request to AWS",
    { tags: ["long"] },
    async () => {
      await expectCompletions(await loadShell(BASH));
    },
  );

  test(
    "inserts a name from the config as one word and never evaluates it",
    { tags: ["long"] },
    async () => {
      await expectNamesToStayData(await loadShell(BASH));
    },
  );

  test("inserts the name correctly inside open quotes", async () => {
    const { complete, session } = await loadShell(BASH);
    expect(await complete(`latchkey whoami "ev3`)).toEqual([
      "latchkey",
      "whoami",
      "ev3 ;touch canary",
    ]);
    expect(await complete(`latchkey whoami 'ev1`)).toEqual([
      "latchkey",
      "whoami",
      "ev1$(touch${IFS}canary)",
    ]);
    expect(await complete("latchkey whoami ev6:a@")).toEqual(["latchkey", "whoami", "ev6:a@b"]);
    session.type("exit\r");
    await session.ended;
  });
});

describe("the completions offered", () => {
  test("are commands by their own names, with the words of the AWS CLI once a letter is typed", async () => {
    const all = await complete([""]);
    expect(all).toEqual(expect.arrayContaining(["login", "doctor", "completion", "configure"]));
    expect(all).not.toContain("sso");
    expect(await complete(["s"])).toContain("sso");
    expect(await complete(["sso", "l"])).toEqual(
      expect.arrayContaining(["login", "logout", "list-accounts"]),
    );
    expect(await complete(["configure", ""])).toContain("session");
  });

  test(
    "are flags not yet on the line, values after a flag that takes one, and nothing after --",
    { tags: ["long"] },
    async () => {
      const flags = await complete(["login", "--no-browser", "--"]);
      expect(flags).toContain("--sso-session");
      expect(flags).not.toContain("--no-browser");
      expect(await complete(["configure", "--form", ""])).toEqual([
        "sso-session",
        "legacy",
        "credential-process",
      ]);
      for (const command of ["login", "logout", "status"])
        expect(await complete([command, ""]), command).toEqual(["corp", "okta"]);
      expect(await complete(["login", "--start-url", ""])).toEqual([
        "https://emu.awsapps.com/start",
      ]);
      expect(await complete(["completion", ""])).toEqual(["bash", "zsh", "fish", "powershell"]);
      expect(await complete(["whoami", "okta", ""])).toEqual([]);
      expect(await complete(["whoami", "--", ""])).toEqual([]);
    },
  );

  test(
    "are settings' values, regions, services and formats; flags after words; nothing of exec's command",
    { tags: ["long"] },
    async () => {
      expect(await complete(["settings", "login-flow", ""])).toEqual(["device", "pkce", "auto"]);
      expect(await complete(["settings", "storage", ""])).toEqual(["file", "keychain"]);
      expect(await complete(["settings", "default-region", ""])).toContain("eu-central-1");
      expect(await complete(["settings", "browser", ""])).toEqual([]);
      expect(await complete(["settings", "nope", ""])).toEqual([]);
      expect(await complete(["console", "--service", ""])).toContain("dynamodb");
      expect(await complete(["exec", "okta", "--region", ""])).toContain("eu-west-1");
      expect(await complete(["login", "--sso-region", ""])).toContain("us-east-1");
      expect(await complete(["export", "okta", "--format", ""])).toContain("nushell");
      expect(await complete(["use", "okta", "--"])).toContain("--region");
      expect(await complete(["exec", "okta", "--"])).toContain("--server");
      expect(await complete(["exec", "okta", "aws", "--"])).toEqual([]);
      expect(await complete(["ass"])).toContain("assume");
      expect(await complete(["pop"])).toContain("populate");
    },
  );

  test("are profiles of both files; names with control characters are left out", async () => {
    const home = await createHome();
    home.write(".aws/config", `${SESSION_CONFIG}[profile "a\u001b]52;c;x\u0007"]\nregion = x\n`);
    home.write(
      ".aws/credentials",
      "[static]\naws_access_key_id = x\n[okta]\naws_access_key_id = x\n",
    );
    expect((await home.run(["__complete", "fish", "whoami", ""])).stdout).toBe(
      "okta\t100000000001 ViewOnlyAccess\nstatic\t\n",
    );
  });

  test(
    "are accounts and roles of the last listing, and roles of the account on the line",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      await home.runJson(["roles"]);
      const before = home.emulator.journal.entries().length;
      const complete = async (...argv: string[]): Promise<string> =>
        (await home.run(["__complete", "zsh", ...argv])).stdout;
      const accounts = (
        await complete("credential-process", "--sso-session", "corp", "--account-id", "")
      )
        .trim()
        .split("\n");
      expect(accounts).toHaveLength(3);
      expect(accounts[0]).toMatch(/^\d{12}\t\S/);
      expect(
        await complete("credential-process", "--account-id", "100000000001", "--role-name", ""),
      ).toMatch(/^ViewOnlyAccess\t$/m);
      expect(
        await complete("credential-process", "--sso-session", "other", "--account-id", ""),
      ).toBe("");
      expect(home.emulator.journal.entries()).toHaveLength(before);
    },
  );

  test(
    "are ACCOUNT/ROLE next to profiles if a profile is expected, of the session on the line",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({
        org: {
          accounts: [
            { accountId: "111122223333", accountName: "payments-prod", roles: ["Admin", "View"] },
            { accountId: "222233334444", accountName: "Data Lake", roles: ["View"] },
          ],
        },
      });
      await home.runJson(["roles"]);
      const before = home.emulator.journal.entries().length;
      const complete = async (...argv: string[]): Promise<string[]> =>
        (await home.run(["__complete", "fish", ...argv])).stdout.trimEnd().split("\n");
      const profile = "okta\t100000000001 ViewOnlyAccess";
      const roles = [
        "222233334444/View\tcorp Data Lake",
        "payments-prod/Admin\tcorp 111122223333",
        "payments-prod/View\tcorp 111122223333",
      ];
      const commands = [
        "use",
        "exec",
        "export",
        "console",
        "whoami",
        "credential-process",
        "favourite",
      ];
      for (const command of commands) {
        expect(await complete(command, ""), command).toEqual([profile, ...roles]);
        expect((await complete(command, "--profile", "")).slice(0, 4), command).toEqual([
          profile,
          ...roles,
        ]);
      }
      const byId = "111122223333/Admin\tcorp payments-prod";
      expect(await complete("whoami", "1")).toContain(byId);
      expect(await complete("credential-process", "--sso-session", "other", "")).toEqual([profile]);
      for (const command of ["profiles", "configure", "login"])
        expect((await complete(command, "")).join("\n"), command).not.toContain("payments-prod/");
      expect(home.emulator.journal.entries()).toHaveLength(before);
      for (const line of [...roles, byId]) {
        const [word = ""] = line.split("\t");
        expect(await home.run(["credential-process", word]), word).toMatchObject({ exitCode: 0 });
      }
    },
  );

  test(
    "are the rest, silently, if files are missing, the config is damaged or the listing is damaged",
    { tags: ["long"] },
    async () => {
      expect(await complete(["whoami", ""], "no section\n")).toEqual([]);
      const home = await createHome();
      home.write(".aws/latchkey/access/x/accounts.json", "{");
      expect(await home.run(["__complete", "bash", " =:", "latchkey roles "])).toEqual({
        stdout: "",
        stderr: "",
        exitCode: 0,
      });
      expect(await home.run(["__complete"])).toMatchObject({ stderr: "", exitCode: 0 });
    },
  );
});

testOnNodeOnly("its processor time is read by a file that Node loads before it")(
  "an answer takes less than 150 ms of processor time, also with a thousand profiles",
  async () => {
    const home = await createHome();
    home.write(
      ".aws/config",
      SESSION_CONFIG +
        Array.from(
          { length: 1000 },
          (_, index) =>
            `[profile p${index}]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = R${index}\n`,
        ).join(""),
    );
    // Processor time, not wall-clock time: other work of this machine must not count.
    const reporter = home.write(
      "cpu.cjs",
      'process.on("exit", () => { const { user, system } = process.cpuUsage(); require("node:fs").writeSync(2, String((user + system) / 1000)); });',
    );
    const [node, script = ""] = PROGRAM;
    let least = Infinity;
    for (let time = 0; time < 5; time += 1) {
      const result = await runProgram(
        [node, "--require", reporter, script, "__complete", "zsh", "whoami", "p9"],
        home.env,
      );
      expect(result.stdout.split("\n")).toHaveLength(1002);
      least = Math.min(least, Number(result.stderr));
    }
    expect(least).toBeLessThan(150);
  },
);

test(
  "completion prints a script for each shell and exits 2 for any other",
  { tags: ["long"] },
  async () => {
    const home = await createHome();
    for (const shell of ["bash", "zsh", "fish", "powershell"])
      expect(await home.run(["completion", shell])).toMatchObject({
        exitCode: 0,
        stderr: "",
        stdout: expect.stringContaining(`__complete ${shell}`),
      });
    const asJson = await home.run(["completion", "bash", "--json"]);
    expect(asJson).toMatchObject({ exitCode: 2, stderr: "" });
    expect(asJson.stdout).toContain("belongs to another program");
    expect(await home.run(["completion", "tcsh"])).toMatchObject({ exitCode: 2, stdout: "" });
    expect(await home.run(["completion"])).toMatchObject({ exitCode: 2, stdout: "" });
  },
);
