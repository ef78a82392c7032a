import { describe, expect, test } from "vitest";
import { createRolesHome } from "../support/any-role.ts";
import type { Home } from "../support/home.ts";
import { startTmuxShell } from "../support/tmux.ts";

/** Starts a shell in tmux after all roles were listed. */
async function startPicking(home: Home) {
  await home.run(["roles"]);
  const shell = startTmuxShell(home, { columns: 100, rows: 24, hook: true });
  await shell.see("$");
  return shell;
}

describe("keys in the picker, counted after `latchkey use` and Enter", () => {
  test("a role that was used yesterday takes one Enter", async () => {
    const home = await createRolesHome();
    await home.run(["exec", "lake/bill", "--", "true"]);
    const usage = ".aws/latchkey/usage/profiles.json";
    const yesterday = new Date(Date.now() - 20 * 3_600_000).toISOString().replace(/\.\d+/, "");
    home.write(usage, home.read(usage).replace(/"usedAt":"[^"]*"/, `"usedAt":"${yesterday}"`));
    const shell = await startPicking(home);
    shell.run("latchkey use");
    await shell.see(/> +Data Lake +Billing/);
    shell.press("Enter");
    await shell.see("Write it?");
    shell.press("Enter");
    await shell.see("This shell uses data-lake-billing");
    expect(shell.keys).toBe(2);
  });

  test("any role takes two words and two Enters", async () => {
    const home = await createRolesHome();
    const shell = await startPicking(home);
    shell.run("latchkey use");
    await shell.see("of 7");
    shell.type("la vi");
    await shell.see(/> +Data Lake +ViewOnlyAccess/);
    shell.press("Enter");
    await shell.see("Write it?");
    shell.press("Enter");
    await shell.see("This shell uses data-lake-viewonlyaccess");
    expect(shell.keys).toBeLessThanOrEqual(8);
  });

  test("other keys open the console, copy the command, show whoami and mark a favourite; the last line lists them", async () => {
    const home = await createRolesHome();
    const shell = await startPicking(home);
    shell.run("latchkey use lake");
    await shell.see("Enter uses · ^O console · ^Y copy · ^T whoami · ^S favourite · ^R refresh");
    shell.press("C-c");
    await shell.see(/use lake.* \$ *$/);

    shell.run("latchkey use");
    await shell.see("of 7");
    await shell.see("Enter uses · ^O console · ^Y copy · ^T whoami · ^S favourite · ^R refresh");
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

  test("a favourite is kept after a new sign-in", async () => {
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

  test("^R loads the list again and keeps the typed words", async () => {
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
