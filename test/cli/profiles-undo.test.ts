import { linkSync, lstatSync, mkdirSync, statSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, createSignedInHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { startSession } from "../support/pty.ts";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { expectMode, leaveOutOnWindows } from "../support/windows.ts";

const CONFIG = ".aws/config";
const CONFIGURE = [
  "configure",
  "--profile",
  "okta",
  "--sso-session",
  "corp",
  "--start-url",
  "https://emu.awsapps.com/start",
  "--sso-region",
  "us-east-1",
  "--account-id",
  "100000000001",
  "--role-name",
  "ViewOnlyAccess",
  "--region",
  "eu-west-1",
  "--output",
  "json",
  "--yes",
];
const undo = (home: Home, ...flags: string[]) => home.run(["profiles", "undo", ...flags]);

/** What a user's config can contain: comments, nested blocks, CRLF, odd sections, no last line break. */
const ODD =
  "# vim: ft=dosini\r\n\r\n[default]\r\nregion=eu-west-9\r\ns3 =\r\n    max = 20\r\n\r\n    addressing_style = path\r\n\r\n[profile  odd] ; note\r\n  output : text\r\n[preview]\r\ncloudfront=true\r\n[plugins]\r\ncli_legacy_plugin_path = x\r\n; dead: [profile old]\r\n# region = y";

describe("profiles undo", () => {
  test(
    "restores every byte after a sync of a config with odd content, and the sync changed only latchkey's sections",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: { accounts: 4, roles: 3 } });
      home.write(
        CONFIG,
        `${ODD}\r\n${SESSION_CONFIG.slice(SESSION_CONFIG.indexOf("[sso-session"))}`.trimEnd(),
        0o640,
      );
      const before = home.read(CONFIG);
      const mode = statSync(join(home.path, CONFIG)).mode;
      expect((await home.runJson<SyncJson>(["profiles", "sync", "--yes"])).add).toHaveLength(12);
      const after = home.read(CONFIG);
      expect(after.startsWith(before)).toBe(true);
      expect(
        after
          .slice(before.length)
          .replaceAll(
            /\[profile [a-z-]+\]\r\nsso_session = corp\r\nsso_account_id = \d{12}\r\nsso_role_name = \w+\r\nlatchkey_managed = corp\r\n/g,
            "",
          )
          .trim(),
      ).toBe("");
      expect((await undo(home)).exitCode).toBe(0);
      expect(home.read(CONFIG)).toBe(before);
      expect(statSync(join(home.path, CONFIG)).mode).toBe(mode);
    },
  );

  test(
    "undoes a configure, and removes a file that did not exist before, once",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      await home.run(CONFIGURE);
      expect(await home.runJson(["profiles", "undo"])).toEqual({ restored: true, from: null });
      expect(home.exists(CONFIG)).toBe(false);
      expect(await home.runJson(["profiles", "undo"])).toEqual({ restored: false, from: null });
      home.write(CONFIG, "");
      await home.run(CONFIGURE);
      expect(await undo(home)).toMatchObject({ exitCode: 0 });
      expect(home.read(CONFIG)).toBe("");
    },
  );

  test("undoes the last change, and then the one before it", { tags: ["long"] }, async () => {
    const home = await createHome();
    await home.run(CONFIGURE);
    const first = home.read(CONFIG);
    await home.run(CONFIGURE.map((word) => (word === "eu-west-1" ? "us-west-2" : word)));
    expect(await undo(home)).toMatchObject({ exitCode: 0 });
    expect(home.read(CONFIG)).toBe(first);
    expect(await undo(home)).toMatchObject({ exitCode: 0 });
    expect(home.exists(CONFIG)).toBe(false);
    expect((await undo(home)).stderr).toContain("Nothing to put back");
  });

  test(
    "is refused after an edit by another program, with the change named and none of its values, exit 2",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      home.write(CONFIG, "[default]\nregion = x\n");
      await home.run(CONFIGURE);
      const text = `${home.read(CONFIG)}[profile mine]\naws_secret_access_key = hush\n`;
      home.write(CONFIG, text);
      const result = await undo(home);
      expect(result).toMatchObject({ exitCode: 2, stdout: "" });
      expect(result.stderr).toMatch(
        /config has been changed since latchkey wrote it \(configure, \d\d:\d\d\)/,
      );
      expect(result.stderr).not.toContain("hush");
      expect(result.stderr).toMatch(/hint: .*backups[\\/]config\./);
      expect(home.read(CONFIG)).toBe(text);
      expect(JSON.parse((await undo(home, "--json")).stdout)).toMatchObject({
        error: { code: "USAGE" },
      });
      home.write(CONFIG, "[default]\nregion = x\n[profile okta]\n");
      expect(await undo(home)).toMatchObject({ exitCode: 2 });
    },
  );

  test(
    "does nothing if the file was restored by hand, and exits 8 if the backup is gone",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      home.write(CONFIG, "[default]\nregion = x\n");
      await home.run(CONFIGURE);
      const after = home.read(CONFIG);
      home.write(CONFIG, "[default]\nregion = x\n");
      expect(await home.runJson(["profiles", "undo"])).toEqual({ restored: false, from: null });
      home.write(CONFIG, after);
      for (const name of home.list(".aws/latchkey/backups"))
        unlinkSync(join(home.path, ".aws/latchkey/backups", name));
      expect(await undo(home)).toMatchObject({
        exitCode: 8,
        stderr: expect.stringContaining("is not available"),
      });
      expect(home.read(CONFIG)).toBe(after);
    },
  );

  test("keeps a symbolic link and a second name of the file", { tags: ["long"] }, async () => {
    const home = await createHome();
    mkdirSync(join(home.path, ".aws"));
    home.write("dotfiles/config", "[default]\nregion = x\n");
    leaveOutOnWindows("links");
    symlinkSync("../dotfiles/config", join(home.path, CONFIG));
    linkSync(join(home.path, "dotfiles/config"), join(home.path, "dotfiles/second"));
    await home.run(CONFIGURE);
    expect(await undo(home)).toMatchObject({ exitCode: 0 });
    expect(lstatSync(join(home.path, CONFIG)).isSymbolicLink()).toBe(true);
    expect([home.read("dotfiles/config"), home.read("dotfiles/second")]).toEqual([
      "[default]\nregion = x\n",
      "[default]\nregion = x\n",
    ]);
  });

  test(
    "keeps one record per path of a config, readable by the user only",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      await home.run(CONFIGURE);
      const other = { env: { AWS_CONFIG_FILE: join(home.path, "other") } };
      expect(await home.runJson(["profiles", "undo"], other)).toEqual({
        restored: false,
        from: null,
      });
      const [record, ...more] = home
        .list(".aws/latchkey/undo")
        .map((name) => `.aws/latchkey/undo/${name}`);
      expect(more).toEqual([]);
      expectMode(join(home.path, record!), 0o600);
    },
  );

  test(
    "ignores a record that is torn, points elsewhere, or no longer fits its backup",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      home.write(CONFIG, "[default]\nregion = x\n");
      await home.run(CONFIGURE);
      const after = home.read(CONFIG);
      const path = `.aws/latchkey/undo/${home.list(".aws/latchkey/undo")[0]}`;
      const record = home.read(path);
      const { steps } = home.readJson<{ steps: Array<{ backup: string }> }>(path);
      const replaceStep = (change: object): string =>
        JSON.stringify({ ...(JSON.parse(record) as object), steps: [{ ...steps[0], ...change }] });
      for (const text of [
        record.slice(0, -9),
        record.replace('"version":2', '"version":3'),
        replaceStep({ backup: "../../../etc/passwd" }),
        replaceStep({ backup: undefined }),
        replaceStep({ at: "yesterday" }),
        replaceStep({ command: 7 }),
        replaceStep({ after: "0" }),
        replaceStep({ after: null }),
        replaceStep({ before: 7 }),
        JSON.stringify({ version: 2, steps: [null] }),
        JSON.stringify({ version: 2, steps: {} }),
      ]) {
        home.write(path, text);
        expect(await home.runJson(["profiles", "undo"])).toEqual({ restored: false, from: null });
      }
      for (const change of [{ after: "0".repeat(64) }, { before: "0".repeat(64) }]) {
        home.write(path, replaceStep(change));
        expect((await undo(home)).exitCode).not.toBe(0);
      }
      home.write(path, record);
      const backup = `.aws/latchkey/backups/${steps[0]!.backup}`;
      home.write(backup, "[default]\nregion = y\n");
      expect(await undo(home)).toMatchObject({
        exitCode: 8,
        stderr: expect.stringContaining("was deleted or changed"),
      });
      expect(home.read(CONFIG)).toBe(after);
      home.write(backup, "[default]\nregion = x\n");
      expect(await undo(home)).toMatchObject({ exitCode: 0 });
      expect(home.read(CONFIG)).toBe("[default]\nregion = x\n");
    },
  );

  test("at a terminal it shows the difference and asks", { tags: ["long"] }, async () => {
    const home = await createHome();
    await home.run(CONFIGURE);
    const after = home.read(CONFIG);
    const refused = startSession(home, ["profiles", "undo"]);
    await refused.see("-[profile okta]");
    await refused.answer("Put this back", "n");
    expect(await refused.ended).toBe(130);
    expect(home.read(CONFIG)).toBe(after);
    const agreed = startSession(home, ["profiles", "undo"]);
    await agreed.answer("Put this back", "y");
    expect(await agreed.ended).toBe(0);
    expect(home.exists(CONFIG)).toBe(false);
  });
});
