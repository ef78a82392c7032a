import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EVERY_COMMAND } from "../support/each-command.ts";
import { CORP_TOKEN, createHome, SESSION_CONFIG } from "../support/home.ts";
import { listOpen, runUnderUmask } from "../support/secrets.ts";

/** Kind 3: the access of other users after each command, under any umask. */

/** Commands beside the table: settings, the credentials file, and undo of a change to it. */
const MORE = [
  ["login", "--no-browser"],
  ["settings", "default-region", "eu-west-1"],
  ["settings", "--sso-session", "corp", "login-flow", "device"],
  ["export", "okta", "--write", "--yes"],
];

test.each(["0", "077", "0777"])(
  "3.1: under umask %s no command leaves a file or directory in HOME or TMPDIR that others can read or write",
  { timeout: 300_000 },
  async (umask) => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    const places = { TMPDIR: join(home.path, "tmp"), XDG_RUNTIME_DIR: join(home.path, "run") };
    for (const path of [...Object.values(places), join(home.path, ".aws")])
      mkdirSync(path, { mode: 0o700, recursive: true });
    const before = listOpen(home.path);
    const runs = [...MORE, ...EVERY_COMMAND.map(([id, words]) => [...id.split(":"), ...words])];
    for (const argv of runs) {
      const result = await runUnderUmask(home, umask, argv, places);
      expect(result.stderr, argv.join(" ")).not.toContain("Something went wrong");
      expect(listOpen(home.path), argv.join(" ")).toEqual(before);
    }
    expect(home.exists(CORP_TOKEN)).toBe(true);
    expect(home.list(".config/latchkey")).toEqual(["settings.json"]);
  },
);
