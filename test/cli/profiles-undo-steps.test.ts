import { createHash } from "node:crypto";
import { unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, createSignedInHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import type { UndoStepJson } from "../../src/commands/profiles/undo.ts";
import { expectMode } from "../support/windows.ts";

const CONFIG = ".aws/config";
const PROFILE = ["--profile", "okta", "--account-id", "100000000001", "--role-name", "Admin"];
const configure = (home: Home, region: string) =>
  home.run(["configure", ...PROFILE, "--sso-session", "corp", "--region", region, "--yes"]);
const sync = (home: Home) => home.run(["profiles", "sync", "--yes"]);
const undo = (home: Home, ...flags: string[]) => home.run(["profiles", "undo", ...flags]);
const listSteps = (home: Home) => home.runJson<UndoStepJson[]>(["profiles", "undo", "--list"]);
const listBackups = (home: Home) => home.list(".aws/latchkey/backups");
const summarize = (steps: readonly UndoStepJson[]) =>
  steps.map(({ command, state }) => `${command}: ${state}`);

describe("profiles undo, several steps back", () => {
  test(
    "after three writes by two commands, with an edit by hand between: two undos work, the third is refused with its reason, and --list agrees",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: { accounts: 2, roles: 1 } });
      home.write(CONFIG, SESSION_CONFIG);
      expect(await configure(home, "eu-west-1")).toMatchObject({ exitCode: 0 });
      const edited = `${home.read(CONFIG)}# by hand\n`;
      home.write(CONFIG, edited);
      expect(await sync(home)).toMatchObject({ exitCode: 0 });
      const synced = home.read(CONFIG);
      expect(await configure(home, "us-west-2")).toMatchObject({ exitCode: 0 });

      const steps = await listSteps(home);
      expect(summarize(steps)).toEqual([
        "configure: undoable",
        "profiles sync: undoable",
        "configure: changed",
      ]);
      for (const { at, from } of steps) {
        expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(120_000);
        expectMode(from!, 0o600);
      }
      const shown = await undo(home, "--list");
      expect(shown.stdout).toMatch(/^WHEN +COMMAND +UNDO\n/);
      expect(shown.stdout).toMatch(/\d\d:\d\d +profiles sync +can be taken back\n/);
      expect(shown.stdout).toMatch(/configure +no: somebody else has changed the file since/);

      expect(await home.runJson(["profiles", "undo"])).toEqual({
        restored: true,
        from: steps[0]!.from,
      });
      expect(home.read(CONFIG)).toBe(synced);
      expect(summarize(await listSteps(home))).toEqual([
        "profiles sync: undoable",
        "configure: changed",
      ]);
      expect(await home.runJson(["profiles", "undo"])).toEqual({
        restored: true,
        from: steps[1]!.from,
      });
      expect(home.read(CONFIG)).toBe(edited);

      expect(summarize(await listSteps(home))).toEqual(["configure: changed"]);
      const refused = await undo(home);
      expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
      expect(refused.stderr).toMatch(
        /has been changed since latchkey wrote it \(configure, \d\d:\d\d\)/,
      );
      expect(refused.stderr).toContain(steps[2]!.from);
      expect(home.read(CONFIG)).toBe(edited);
    },
  );

  test(
    "an undo is not a change itself: the next one goes further back, and none redoes",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      home.write(CONFIG, SESSION_CONFIG);
      await configure(home, "eu-west-1");
      const first = home.read(CONFIG);
      await configure(home, "us-west-2");
      const backups = listBackups(home);
      await undo(home);
      expect(home.read(CONFIG)).toBe(first);
      expect(summarize(await listSteps(home))).toEqual(["configure: undoable"]);
      await undo(home);
      expect(home.read(CONFIG)).toBe(SESSION_CONFIG);
      expect(listBackups(home)).toEqual(backups);
      expect((await undo(home)).stderr).toContain("Nothing to put back");
      expect((await undo(home, "--list")).stderr).toContain("Nothing to put back");
      // A change after an undo is one step, on top of the remaining ones.
      await configure(home, "ap-east-1");
      expect(summarize(await listSteps(home))).toEqual(["configure: undoable"]);
    },
  );

  test("restores the record of each of three syncs, too", { tags: ["long"] }, async () => {
    const home = await createSignedInHome({ org: { accounts: 2, roles: 1 } });
    home.write(CONFIG, SESSION_CONFIG);
    const readMemory = () =>
      home.readJson<{ profiles: object; previous: object[] }>(
        `.aws/latchkey/managed/${home.list(".aws/latchkey/managed")[0]}`,
      );
    const flags: string[][] = [[], ["--region", "eu-west-1"], ["--region", "us-west-2"]];
    const memories: Array<[text: string, profiles: object]> = [[SESSION_CONFIG, {}]];
    for (const more of flags) {
      expect(await home.run(["profiles", "sync", "--yes", ...more])).toMatchObject({ exitCode: 0 });
      memories.push([home.read(CONFIG), readMemory().profiles]);
    }
    for (const [text, profiles] of memories.slice(0, 3).toReversed()) {
      expect(await home.runJson(["profiles", "undo"])).toMatchObject({ restored: true });
      expect([home.read(CONFIG), readMemory().profiles]).toEqual([text, profiles]);
    }
    expect(readMemory().previous).toEqual([]);
  });

  test(
    "skips a change that was reverted by hand, and one that was only recorded",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      home.write(CONFIG, SESSION_CONFIG);
      await configure(home, "eu-west-1");
      const first = home.read(CONFIG);
      await configure(home, "us-west-2");
      home.write(CONFIG, first);
      expect(summarize(await listSteps(home))).toEqual(["configure: undoable"]);
      expect(await undo(home)).toMatchObject({ exitCode: 0 });
      expect(home.read(CONFIG)).toBe(SESSION_CONFIG);
    },
  );

  test("shows in the list which version is gone", { tags: ["long"] }, async () => {
    const home = await createHome();
    home.write(CONFIG, SESSION_CONFIG);
    await configure(home, "eu-west-1");
    unlinkSync(join(home.path, ".aws/latchkey/backups", listBackups(home)[0]!));
    expect(summarize(await listSteps(home))).toEqual(["configure: no-backup"]);
    expect((await undo(home, "--list")).stdout).toContain("no: the version before is gone");
  });

  test("rejects --yes with --list", async () => {
    const home = await createHome();
    expect(await undo(home, "--list", "--yes")).toMatchObject({ exitCode: 2, stdout: "" });
  });
});

describe("the undo record of latchkey 0.1", () => {
  test(
    "is skipped: nothing is restored, the backup is named and kept, and the next change can be undone",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const before = "[default]\nregion = x\n";
      home.write(CONFIG, `${before}output = json\n`);
      const backup = "config.2026-11-24T073805Z.0123abcd";
      home.write(`.aws/latchkey/backups/${backup}`, before);
      const key = createHash("sha256").update(join(home.path, CONFIG)).digest("hex").slice(0, 40);
      const record = {
        version: 1,
        configFile: join(home.path, CONFIG),
        existed: true,
        backup,
        start: 21,
        gone: "",
        come: Buffer.from("output = json\n").toString("base64"),
      };
      home.write(`.aws/latchkey/undo/${key}.json`, JSON.stringify(record));
      const result = await undo(home, "--yes");
      expect(result).toMatchObject({ exitCode: 0, stdout: "" });
      expect(result.stderr).toContain(
        `was made by an older latchkey. The version before that change is in ${join(home.path, ".aws/latchkey/backups", backup)}.`,
      );
      expect(await home.runJson(["profiles", "undo"])).toEqual({ restored: false, from: null });
      expect(await listSteps(home)).toEqual([]);
      expect(home.read(CONFIG)).toBe(`${before}output = json\n`);

      home.write(CONFIG, SESSION_CONFIG);
      await configure(home, "eu-west-1");
      expect(await undo(home)).toMatchObject({ exitCode: 0 });
      expect(home.read(CONFIG)).toBe(SESSION_CONFIG);
      expect(home.read(`.aws/latchkey/backups/${backup}`)).toBe(before);
    },
  );
});
