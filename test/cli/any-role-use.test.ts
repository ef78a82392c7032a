import { describe, expect, test } from "vitest";
import type { UseJson } from "../../src/commands/use.ts";
import { createRolesHome } from "../support/any-role.ts";
import { SESSION_CONFIG, parseOutput, type Home } from "../support/home.ts";
import { runInBash } from "../support/shell.ts";
import { startTmuxShell } from "../support/tmux.ts";

const SHOW = 'echo "${AWS_PROFILE-none} ${AWS_REGION-none}"';

describe("use of a role that has no profile", () => {
  test("writes the profile that profiles sync would write, switches to it, and is undone byte for byte", async () => {
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
  });

  test("takes the profile that stands for the role already, and writes nothing", async () => {
    const home = await createRolesHome();
    const before = home.read(".aws/config");
    const { stdout } = await runInBash(home, `latchkey use payments-prod/ViewOnlyAccess; ${SHOW}`);
    expect(stdout).toBe("okta eu-west-1\n");
    expect(home.read(".aws/config")).toBe(before);
  });

  test("needs --yes where nobody is there to agree, and writes nothing without it", async () => {
    const home = await createRolesHome();
    const before = home.read(".aws/config");
    const { stdout, stderr } = await runInBash(
      home,
      `latchkey use lake/bill; echo "code $?"; ${SHOW}`,
    );
    expect(stdout).toBe("code 2\nnone none\n");
    expect(stderr).toContain("--yes");
    expect(home.read(".aws/config")).toBe(before);
  });

  test("refuses a role that is not theirs with what they hold, and a name that is another profile's", async () => {
    const home = await createRolesHome();
    const refused = await runInBash(home, 'latchkey use lake/Owner --yes; echo "code $?"');
    expect(refused.stdout).toBe("code 5\n");
    expect(refused.stderr).toContain("You hold there: Billing, ViewOnlyAccess");
    home.write(".aws/config", `${SESSION_CONFIG}[profile data-lake-billing]\nregion = eu-west-1\n`);
    const taken = await runInBash(home, 'latchkey use lake/bill --yes; echo "code $?"');
    expect(taken.stdout).toBe("code 2\n");
    expect(taken.stderr).toMatch(
      /"data-lake-billing" is a profile of yours, and stays as it is\.[^]*latchkey configure --profile NAME --sso-session corp --account-id 100000000003 --role-name Billing/,
    );
    const configured = await home.run([
      ...["configure", "--profile", "lake", "--sso-session", "corp", "--yes"],
      ...["--account-id", "100000000003", "--role-name", "Billing"],
    ]);
    expect(configured.exitCode).toBe(0);
    expect((await runInBash(home, "latchkey use lake/bill --json")).stdout).toBe(
      '{\n  "profile": "lake"\n}\n',
    );
  });

  test("--console opens the console as the role, and writes nothing", async () => {
    const home = await createRolesHome();
    const before = home.read(".aws/config");
    const { stdout } = await runInBash(home, "latchkey use lake/bill --console --json");
    expect(parseOutput<UseJson>({ stdout })).toMatchObject({ url: expect.stringMatching(/^http/) });
    expect(home.read(".aws/config")).toBe(before);
  });
});

/** A shell in tmux with everything listed. */
async function startPicking(home: Home) {
  await home.run(["roles"]);
  const shell = startTmuxShell(home, { columns: 100, rows: 24, hook: true });
  await shell.see("$");
  return shell;
}

describe("keys inside of the picker, counted behind `latchkey use` and Enter", () => {
  test("a role that was used yesterday is Enter away", async () => {
    const home = await createRolesHome();
    await home.run(["exec", "lake/bill", "--", "true"]);
    const usage = ".aws/latchkey/usage/profiles.json";
    const yesterday = new Date(Date.now() - 20 * 3_600_000).toISOString().replace(/\.\d+/, "");
    home.write(usage, home.read(usage).replace(/"usedAt":"[^"]*"/, `"usedAt":"${yesterday}"`));
    const shell = await startPicking(home);
    shell.run("latchkey use");
    await shell.see(/> +Data Lake +Billing/);
    shell.press("Enter");
    await shell.see("Write them?");
    shell.press("Enter");
    await shell.see("This shell uses data-lake-billing");
    expect(shell.keys).toBe(2);
  });

  test("any role is two words and two Enters away", async () => {
    const home = await createRolesHome();
    const shell = await startPicking(home);
    shell.run("latchkey use");
    await shell.see("of 7");
    shell.type("la vi");
    await shell.see(/> +Data Lake +ViewOnlyAccess/);
    shell.press("Enter");
    await shell.see("Write them?");
    shell.press("Enter");
    await shell.see("This shell uses data-lake-viewonlyaccess");
    expect(shell.keys).toBeLessThanOrEqual(8);
  });

  test("others open the console, copy the command, show whoami and mark a favourite; the last line says which", async () => {
    const home = await createRolesHome();
    const shell = await startPicking(home);
    shell.run("latchkey use lake");
    await shell.see(
      /Enter uses it · \^O console · \^Y copy · \^T whoami · \^R look again · \^S favourite|\^S favourite/,
    );
    shell.press("C-c");
    await shell.see(/use lake.* \$ *$/);

    shell.run("latchkey use");
    await shell.see("of 7");
    shell.type("la bi");
    await shell.see(/> +Data Lake +Billing/);
    shell.press("C-s");
    await shell.see("★");
    shell.press("C-t");
    await shell.see(/account +100000000003 +Data Lake/);

    shell.run("latchkey use");
    await shell.see(/★ +Data Lake +Billing/);
    shell.press("C-y");
    await shell.see("latchkey use 'Data Lake/Billing'");

    shell.run("latchkey use");
    await shell.see("of 7");
    shell.press("C-o");
    await shell.see(/Opening the console as|No browser could be opened/);
  });

  test("a favourite outlives a sign-in, and somebody else does not see it", async () => {
    const home = await createRolesHome();
    const shell = await startPicking(home);
    shell.run("latchkey use");
    await shell.see("of 7");
    shell.type("la bi");
    await shell.see(/> +Data Lake +Billing/);
    shell.press("C-s");
    await shell.see("★");
    shell.press("Escape");
    await home.run(["login", "--force", "--no-browser"]);
    shell.run("latchkey use");
    await shell.see(/★ +Data Lake +Billing/);
    shell.press("Escape");
  });

  test("^R looks again, with what was typed", async () => {
    const home = await createRolesHome();
    const shell = await startPicking(home);
    shell.run("latchkey use");
    await shell.see("of 7");
    home.emulator.assign("100000000002", "Deploy");
    shell.type("stag dep");
    await shell.see("0 of 7");
    shell.press("C-r");
    await shell.see("1 of 8");
    await shell.see(/> +payments-staging +Deploy .*new/);
    shell.press("Escape");
  });
});
