import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ExportWriteJson } from "../../src/commands/export.ts";
import type { WhoamiJson } from "../../src/commands/whoami.ts";
import type { UndoStepJson } from "../../src/commands/profiles/undo.ts";
import { createSignedInHome, type Home } from "../support/home.ts";
import { ENTER, startSession } from "../support/pty.ts";
import { expectMode } from "../support/windows.ts";

const FILE = ".aws/credentials";
const WRITE = ["export", "okta", "--write", "--yes"];
const OTHERS =
  "# mine\n[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key=x/y  \n\n[b]\n";

/** No file under the home except the credentials file contains its secrets. */
function expectNoCopy(home: Home, text: string): void {
  const walk = (relative: string): string[] =>
    home
      .list(relative)
      .map((name) => join(relative, name))
      .flatMap((path) => (statSync(join(home.path, path)).isDirectory() ? walk(path) : [path]));
  const copies = walk(".aws").filter(
    (path) => path !== join(FILE) && home.read(path).includes(text),
  );
  expect(copies).toEqual([]);
}

const undo = (home: Home) => home.run(["profiles", "undo", "--yes"]);

describe("export --write", () => {
  test(
    "puts the role's credentials into a section of its own, with their expiry, for AWS clients",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const written = await home.runJson<ExportWriteJson>(WRITE);
      expect(written).toMatchObject({ profile: "okta-keys", of: "okta" });
      expect(home.read(FILE)).toMatch(
        /^\[okta-keys\]\n# good until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\naws_access_key_id = \w+\naws_secret_access_key = \S+\naws_session_token = \S+\naws_account_id = 100000000001\nlatchkey_exported = okta\n$/,
      );
      expectMode(join(home.path, FILE), 0o600);
      const identity = await home.runJson<WhoamiJson>(["whoami", "okta-keys"]);
      expect(identity).toMatchObject({ accountId: "100000000001", roleName: "ViewOnlyAccess" });
    },
  );

  test("changes no other byte of the file, keeps no copy of it, and undo removes that section only", async () => {
    const home = await createSignedInHome();
    home.write(FILE, OTHERS, 0o640);
    expect((await home.run(WRITE)).exitCode).toBe(0);
    expect(home.read(FILE).startsWith(OTHERS)).toBe(true);
    expectMode(join(home.path, FILE), 0o600);
    expectNoCopy(home, "x/y");
    home.write(FILE, home.read(FILE).replace("# mine", "# mine, changed meanwhile"), 0o640);
    const undone = await undo(home);
    expect(undone.stderr).toContain("Put back: [okta-keys] in");
    expect(home.read(FILE)).toBe(OTHERS.replace("# mine", "# mine, changed meanwhile"));
    expectNoCopy(home, "x/y");
  });

  test(
    "updates its own section in place, and undo restores the previous one",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      expect((await home.run([...WRITE, "--as", "tool"])).exitCode).toBe(0);
      const first = `${home.read(FILE)}\n[later]\r\nregion = x\r\n`;
      home.write(FILE, first);
      expect((await home.run(["login", "--force"])).exitCode).toBe(0);
      expect((await home.run([...WRITE, "--as", "tool"])).exitCode).toBe(0);
      expect(home.read(FILE)).not.toBe(first);
      expect(home.read(FILE).match(/^\[/gm)).toHaveLength(2);
      const steps = await home.runJson<UndoStepJson[]>(["profiles", "undo", "--list"]);
      expect(steps.map(({ command, state }) => [command, state])).toEqual([
        ["export", "undoable"],
        ["export", "undoable"],
      ]);
      expect((await undo(home)).exitCode).toBe(0);
      expect(home.read(FILE)).toBe(first);
    },
  );

  test(
    "undo reverts the latest change: of the config, or of this section",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const before = home.read(".aws/config");
      expect((await home.run(WRITE)).exitCode).toBe(0);
      expect((await home.run(["profiles", "rename", "okta", "new", "--yes"])).exitCode).toBe(0);
      const steps = await home.runJson<UndoStepJson[]>(["profiles", "undo", "--list"]);
      expect(steps.map(({ command }) => command)).toEqual(["profiles rename", "export"]);
      expect((await undo(home)).stderr).toContain("config is as it was before");
      expect(home.read(".aws/config")).toBe(before);
      expect((await undo(home)).stderr).toContain("[okta-keys]");
      expect(home.read(FILE)).toBe("");
      expect((await undo(home)).stderr).toContain("Nothing to put back");
    },
  );

  test(
    "a section that was edited since is not undone, and profiles rm removes it",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      expect((await home.run(WRITE)).exitCode).toBe(0);
      home.write(FILE, home.read(FILE).replace("= okta", "= okta\nregion = eu-west-1"));
      const refused = await undo(home);
      expect(refused).toMatchObject({ exitCode: 2 });
      expect(refused.stderr).toContain("latchkey profiles rm okta-keys");
      expect((await home.run(["profiles", "rm", "okta-keys", "--yes"])).exitCode).toBe(0);
      expect(home.read(FILE)).toBe("");
    },
  );

  const refusals: ReadonlyArray<readonly [words: string[], exitCode: number, says: RegExp]> = [
    [["--as", "b", "--yes"], 7, /line 6: \[b\] was not written by latchkey/],
    [["--as", "default", "--yes"], 7, /line 2: \[default\] was not written by latchkey/],
    [["--as", "okta", "--yes"], 2, /There is a profile "okta" in the config already/],
    [["--as", "a b", "--yes"], 2, /can't be the name of a profile/],
    [[], 2, /Add --yes/],
  ];
  for (const [words, exitCode, says] of refusals)
    test(`${words.join(" ") || "without --yes"} ends with ${exitCode}, and changes nothing`, async () => {
      const home = await createSignedInHome();
      home.write(FILE, OTHERS);
      const result = await home.run(["export", "okta", "--write", ...words]);
      expect(result, result.stderr).toMatchObject({ exitCode, stdout: "" });
      expect(result.stderr).toMatch(says);
      expect(home.read(FILE)).toBe(OTHERS);
    });

  test("does not copy keys that never expire", async () => {
    const home = await createSignedInHome();
    home.write(FILE, OTHERS);
    const result = await home.run(["export", "default", "--write", "--as", "x", "--yes"]);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(home.read(FILE)).toBe(OTHERS);
  });

  test("asks at a terminal, and Enter writes nothing", async () => {
    const home = await createSignedInHome();
    const session = startSession(home, ["export", "okta", "--write"]);
    await session.see("+ [okta-keys]  the credentials of okta, good until");
    await session.see("(y/N)");
    session.type(ENTER);
    expect(await session.ended).toBe(130);
    expect(home.exists(FILE)).toBe(false);
  });
});
