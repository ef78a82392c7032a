import { describe, expect, test } from "vitest";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTerminal } from "../support/pty.ts";
import {
  expectCompletions,
  expectNamesToStayData,
  FISH,
  loadShell,
  writeListing,
  ZSH,
} from "../support/shell-completion.ts";

describe.each([ZSH, FISH])("in a real $name", (shell) => {
  test("commands, flags, profiles, sessions, accounts and roles are completed, and AWS is not asked", async () => {
    await expectCompletions(await loadShell(shell));
  });

  test("a name from the config is inserted as one word and never evaluated", async () => {
    await expectNamesToStayData(await loadShell(shell));
  });

  test("no blank follows an account chosen among many, since its role comes next", async () => {
    const { home, session, complete } = await loadShell(shell);
    const accounts = Array.from({ length: 60 }, (_, at) => ({
      accountId: String(600_000_000_000 + at),
      accountName: `team${at}-prod`,
      roleNames: ["Admin", "View"],
    }));
    writeListing(home, accounts);
    // The second Tab inserts the first of the list. Further typed characters follow it.
    expect(await complete("latchkey use team\t\tVi")).toEqual([
      "latchkey",
      "use",
      "team0-prod/View",
    ]);
    session.type("exit\r");
    await session.ended;
  });
});

test("zsh also loads the script from a directory of fpath", async () => {
  const { home } = await loadShell(ZSH);
  const script = (await home.run(["completion", "zsh"])).stdout;
  writeFileSync(join(home.path, "_latchkey"), script);
  const session = startTerminal(home, ZSH.argv, 200, {
    PATH: `${join(home.path, "bin")}:${home.env["PATH"] ?? ""}`,
    PS1: "ready> ",
  });
  session.type(
    `fpath=(${home.path} $fpath); autoload -Uz compinit && compinit -u -d ${home.path}/dump; printf 'loaded%s\\n' -now\r`,
  );
  await session.see("loaded-now");
  session.type("latchkey whoami ok\t\u0001printf '<%s>' \u0005 end\r");
  await session.see("<latchkey><whoami><okta><end>");
  session.type("exit\r");
  expect(await session.ended).toBe(0);
});
