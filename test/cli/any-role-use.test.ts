import { describe, expect, test } from "vitest";
import type { UseJson } from "../../src/commands/use.ts";
import { createRolesHome } from "../support/any-role.ts";
import { SESSION_CONFIG, parseOutput } from "../support/home.ts";
import { runInBash } from "../support/shell.ts";

const SHOW = 'echo "${AWS_PROFILE-none} ${AWS_REGION-none}"';

describe("use of a role without a profile", () => {
  test(
    "writes the profile that profiles sync would write, switches to it, and undo restores every byte",
    { tags: ["long"] },
    async () => {
      const home = await createRolesHome();
      const before = home.read(".aws/config");
      const script = `latchkey use lake/bill --yes --sso-session corp; ${SHOW}; aws_profile=$AWS_PROFILE`;
      const { stdout, stderr } = await runInBash(home, script);
      expect(stdout, stderr).toBe("data-lake-billing eu-west-1\n");
      expect(stderr).toContain("+ data-lake-billing");
      const written = home.read(".aws/config");
      expect(written.slice(before.length)).toBe(
        "[profile data-lake-billing]\nsso_session = corp\nsso_account_id = 100000000003\nsso_role_name = Billing\nregion = eu-west-1\nlatchkey_managed = corp\n",
      );
      const synced = await home.run([
        "profiles",
        "sync",
        "--filter",
        "account:Data*",
        "--region",
        "eu-west-1",
        "--dry-run",
        "--json",
      ]);
      expect(parseOutput(synced)).toMatchObject({
        add: [{ profile: "data-lake-viewonlyaccess" }],
        change: [],
        kept: 1,
      });
      expect((await home.run(["profiles", "undo", "--yes"])).exitCode).toBe(0);
      expect(home.read(".aws/config")).toBe(before);
    },
  );

  test("uses an existing profile of the role, and writes nothing", { tags: ["long"] }, async () => {
    const home = await createRolesHome();
    const before = home.read(".aws/config");
    const { stdout } = await runInBash(home, `latchkey use payments-prod/ViewOnlyAccess; ${SHOW}`);
    expect(stdout).toBe("okta eu-west-1\n");
    expect(home.read(".aws/config")).toBe(before);
  });

  test(
    "needs --yes without a terminal, and writes nothing without it",
    { tags: ["long"] },
    async () => {
      const home = await createRolesHome();
      const before = home.read(".aws/config");
      const { stdout, stderr } = await runInBash(
        home,
        `latchkey use lake/bill; echo "code $?"; ${SHOW}`,
      );
      expect(stdout).toBe("code 2\nnone none\n");
      expect(stderr).toContain("--yes");
      expect(home.read(".aws/config")).toBe(before);
    },
  );

  test(
    "refuses a role that is not assigned, with the assigned ones, and a name of another profile",
    { tags: ["long"] },
    async () => {
      const home = await createRolesHome();
      const refused = await runInBash(home, 'latchkey use lake/Owner --yes; echo "code $?"');
      expect(refused.stdout).toBe("code 5\n");
      expect(refused.stderr).toContain("Your roles there: Billing, ViewOnlyAccess");
      home.write(
        ".aws/config",
        `${SESSION_CONFIG}[profile data-lake-billing]\nregion = eu-west-1\n`,
      );
      const taken = await runInBash(home, 'latchkey use lake/bill --yes; echo "code $?"');
      expect(taken.stdout).toBe("code 2\n");
      expect(taken.stderr).toMatch(
        /"data-lake-billing" is your own profile and is not changed\.[^]*latchkey configure --profile NAME --sso-session corp --account-id 100000000003 --role-name Billing/,
      );
      const configured = await home.run([
        ...["configure", "--profile", "lake", "--sso-session", "corp", "--yes"],
        ...["--account-id", "100000000003", "--role-name", "Billing"],
      ]);
      expect(configured.exitCode).toBe(0);
      expect((await runInBash(home, "latchkey use lake/bill --json")).stdout).toBe(
        '{\n  "profile": "lake"\n}\n',
      );
    },
  );

  test(
    "names the sign-in first if only a legacy profile describes it",
    { tags: ["long"] },
    async () => {
      const home = await createRolesHome();
      const url = "https://emu.awsapps.com/start";
      const legacy = `[profile old]\nsso_start_url = ${url}\nsso_region = us-east-1\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\n`;
      home.write(".aws/config", legacy);
      await home.run(["login", "old", "--no-browser"]);
      const { stdout, stderr } = await runInBash(
        home,
        'latchkey use lake/bill --yes; echo "code $?"',
      );
      expect(stdout).toBe("code 2\n");
      const [, cure = ""] =
        /has no name, which a profile needs\.\n.*: latchkey (.*)\n/.exec(stderr) ?? [];
      const named = cure.replace("NAME", "corp").split(" ");
      expect((await home.run([...named, "--yes"])).exitCode).toBe(0);
      await home.run(["login", "corp", "--no-browser"]);
      const used = await runInBash(
        home,
        `latchkey use lake/bill --yes --sso-session corp; ${SHOW}`,
      );
      expect(used.stdout, used.stderr).toMatch(/^data-lake-billing /);
    },
  );

  test(
    "--console opens the console as the role, and writes nothing",
    { tags: ["long"] },
    async () => {
      const home = await createRolesHome();
      const before = home.read(".aws/config");
      const { stdout } = await runInBash(home, "latchkey use lake/bill --console --json");
      expect(parseOutput<UseJson>({ stdout })).toMatchObject({
        url: expect.stringMatching(/^http/),
      });
      expect(home.read(".aws/config")).toBe(before);
    },
  );
});
