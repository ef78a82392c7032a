import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { settingsDirectory } from "../../src/fs/paths.ts";
import { changeSettings } from "../../src/settings/change.ts";
import { readSettings, writeSetting } from "../../src/settings/file.ts";
import { createContext } from "../support/context.ts";
import { createEmulatedHome } from "../support/emulated-home.ts";
import { expectMode, testOnPosixOnly } from "../support/windows.ts";

describe("settings", () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), "latchkey-settings-"))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  test("are empty if there is no file, and reading creates none", () => {
    expect(readSettings(home, {}, "corp")).toEqual({});
    expect(readdirSync(home)).toEqual([]);
  });

  test("are read back unchanged, and a session's own take precedence", async () => {
    await writeSetting(home, {}, { key: "storage", value: "keychain", session: undefined });
    await writeSetting(home, {}, { key: "storage", value: "file", session: "a.b" });
    await writeSetting(home, {}, { key: "browser", value: "firefox", session: "a.b" });
    expect(readSettings(home, {}, undefined)).toEqual({ storage: "keychain" });
    expect(readSettings(home, {}, "a")).toEqual({ storage: "keychain" });
    expect(readSettings(home, {}, "a.b")).toEqual({ storage: "file", browser: "firefox" });
    await writeSetting(home, {}, { key: "storage", value: undefined, session: "a.b" });
    expect(readSettings(home, {}, "a.b")).toEqual({ storage: "keychain", browser: "firefox" });
    expectMode(join(settingsDirectory(home, {}), "settings.json"), 0o600);
  });

  test("that are changed at the same time are all kept", async () => {
    const context = createContext(await createEmulatedHome());
    const change = (key: string, value: string) =>
      changeSettings(context, { key, value, unset: false, force: true });
    await Promise.all([
      change("storage", "keychain"),
      change("browser", "firefox"),
      change("default-region", "eu-west-1"),
    ]);
    expect(await changeSettings(context, { unset: false, force: false })).toEqual({
      storage: "keychain",
      browser: "firefox",
      "default-region": "eu-west-1",
    });
  });

  testOnPosixOnly("Windows has APPDATA for it")(
    "are in the directory of XDG_CONFIG_HOME, unless it is relative",
    async () => {
      if (process.platform === "darwin") return;
      const env = { XDG_CONFIG_HOME: join(home, "elsewhere") };
      await writeSetting(home, env, { key: "browser", value: "firefox", session: undefined });
      expect(readdirSync(join(home, "elsewhere", "latchkey"))).toEqual(["settings.json"]);
      expect(readSettings(home, {}, undefined)).toEqual({});
      expect(settingsDirectory(home, { XDG_CONFIG_HOME: "here" })).toBe(
        join(home, ".config", "latchkey"),
      );
    },
  );

  test("with an unknown storage are refused, never read as files; other unknown values are ignored", () => {
    const path = join(settingsDirectory(home, {}), "settings.json");
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, JSON.stringify({ browser: 1, "default-output": "xml", colour: "red" }));
    expect(readSettings(home, {}, undefined)).toEqual({});
    for (const storage of ["keychian", "", 1, null, ["file"]]) {
      writeFileSync(path, JSON.stringify({ storage }));
      expect(() => readSettings(home, {}, undefined), String(storage)).toThrow(
        expect.objectContaining({ code: "CONFIG_INVALID" }),
      );
      writeFileSync(path, JSON.stringify({ sessions: { corp: { storage } } }));
      expect(() => readSettings(home, {}, "corp"), String(storage)).toThrow(
        expect.objectContaining({ code: "CONFIG_INVALID" }),
      );
      expect(readSettings(home, {}, "other")).toEqual({});
    }
    writeFileSync(path, "{");
    expect(() => readSettings(home, {}, undefined)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });
});
