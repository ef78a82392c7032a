import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import xterm from "@xterm/headless";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  copyText,
  formatClipboardSequence,
  listClipboardPrograms,
} from "../../src/terminal/desktop/clipboard.ts";
import { isOnWindows, nameOnPosixOnly, testOnPosixOnly } from "../support/windows.ts";

const X = { DISPLAY: ":0" };
const WAYLAND = { WAYLAND_DISPLAY: "wayland-0" };
const SSH = { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" };
const TMUX = { TMUX: "/tmp/tmux-0/default,1,0" };

describe("the programs that set the clipboard", () => {
  test.each<[string, string, Record<string, string>, string]>([
    ["of macOS", "darwin", {}, "pbcopy"],
    ["of macOS inside tmux", "darwin", TMUX, "pbcopy tmux"],
    ["of Windows", "win32", {}, "clip.exe"],
    ["of WSL", "linux", { WSL_DISTRO_NAME: "Debian" }, "clip.exe"],
    [
      "of WSL with its own display",
      "linux",
      { WSL_INTEROP: "/run/1", ...WAYLAND, ...X },
      "clip.exe wl-copy xclip xsel",
    ],
    ["of Wayland with X beside it", "linux", { ...WAYLAND, ...X }, "wl-copy xclip xsel"],
    ["of Wayland alone", "linux", WAYLAND, "wl-copy"],
    ["of X", "freebsd", X, "xclip xsel"],
    ["of no display", "linux", {}, ""],
    ["of an empty display", "linux", { DISPLAY: "", WAYLAND_DISPLAY: "", TMUX: "" }, ""],
    ["over SSH to a Mac", "darwin", SSH, ""],
    ["over SSH with X brought along", "linux", { ...SSH, ...X, ...WAYLAND }, "xclip xsel"],
    ["over SSH inside tmux", "linux", { ...SSH, ...TMUX }, "tmux"],
    ["in an editor elsewhere", "linux", { REMOTE_CONTAINERS: "true", ...WAYLAND }, ""],
  ])("%s", { tags: ["long"] }, (_name, platform, env, expected) => {
    const programs = listClipboardPrograms({ env, platform, tmuxOverSsh: undefined });
    expect(programs.map(([program]) => program).join(" ")).toBe(expected);
  });

  test("inside tmux depend on how the person is attached, not on the pane's variables", () => {
    const list = (tmuxOverSsh: boolean): string =>
      listClipboardPrograms({ env: { ...TMUX, ...SSH }, platform: "darwin", tmuxOverSsh }).join();
    expect(list(false)).toContain("pbcopy");
    expect(list(true)).not.toContain("pbcopy");
  });
});

const LINE = "latchkey use 'Übung & Söhne/ViewOnlyAccess'";

/** The programs of these tests are scripts. */
const NO_SCRIPTS = "Windows starts no script of a POSIX shell";

/** A directory of programs that store what they read, or do something else. */
function createPrograms(scripts: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), "latchkey-clipboard-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  const written: string[] = [];
  return {
    written,
    read: (name: string) => readFileSync(join(directory, name)),
    copy: (platform: string, env: Readonly<Record<string, string>>) =>
      copyText(LINE, {
        env: { PATH: `${directory}:/usr/bin:/bin`, HOME: directory, ...env },
        platform,
        writeTerminal: (text) => written.push(text),
      }),
  };
}

const KEEP = 'cat >"$HOME/kept"; echo "$0 $*" | sed "s:.*/::" >"$HOME/called"';

describe("a text goes to the clipboard", () => {
  const testOnPosix = testOnPosixOnly(NO_SCRIPTS);

  test.skipIf(isOnWindows).each<[string, string, Record<string, string>, string]>([
    ["pbcopy", "darwin", {}, "pbcopy"],
    ["wl-copy", "linux", { ...WAYLAND, ...X }, "wl-copy"],
    ["xclip", "linux", X, "xclip -selection clipboard -in"],
  ])(
    nameOnPosixOnly(NO_SCRIPTS, "on stdin of %s, and the terminal is not asked"),
    async (name, platform, env, called) => {
      const programs = createPrograms({ [name]: KEEP });
      expect(await programs.copy(platform, env)).toBe(true);
      expect(String(programs.read("kept"))).toBe(LINE);
      expect(String(programs.read("called")).trim()).toBe(called);
      expect(programs.written).toEqual([]);
    },
  );

  testOnPosix("in UTF-16 for clip.exe, which reads other bytes in its own code page", async () => {
    const programs = createPrograms({ "clip.exe": KEEP });
    expect(await programs.copy("linux", { WSL_DISTRO_NAME: "Debian" })).toBe(true);
    expect(programs.read("kept").toString("utf16le")).toBe(LINE);
  });

  testOnPosix("by the next program if the first fails, reads nothing, or is missing", async () => {
    const programs = createPrograms({ "wl-copy": "exit 1", xsel: KEEP });
    expect(await programs.copy("linux", { ...WAYLAND, ...X })).toBe(true);
    expect(String(programs.read("called")).trim()).toBe("xsel --clipboard --input");
  });

  testOnPosix("by a program whose child stays to serve it, without waiting for that", async () => {
    const programs = createPrograms({ xclip: `${KEEP}\nsleep 20 &` });
    const started = performance.now();
    expect(await programs.copy("linux", X)).toBe(true);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  testOnPosix("by the terminal where programs hang, after two seconds", async () => {
    const programs = createPrograms({ "wl-copy": "exec sleep 20", xclip: "exec sleep 20" });
    const started = performance.now();
    expect(await programs.copy("linux", { ...WAYLAND, ...X, TERM: "xterm" })).toBe(true);
    expect(performance.now() - started).toBeGreaterThan(1_900);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(programs.written).toHaveLength(1);
  });

  test("nowhere if the terminal does not support the sequence, or there is no terminal", async () => {
    const programs = createPrograms({});
    expect(await programs.copy("linux", { TERM: "linux" })).toBe(false);
    expect(programs.written).toEqual([]);
    const noTerminal = { env: {}, platform: "linux", writeTerminal: undefined };
    expect(await copyText(LINE, noTerminal)).toBe(false);
  });
});

describe("the terminal's own sequence", () => {
  test("contains the text in the form that a terminal reads", async () => {
    const terminal = new xterm.Terminal({ allowProposedApi: true });
    const got = new Promise<string>((resolve) => {
      terminal.parser.registerOscHandler(52, (data) => {
        resolve(data);
        return true;
      });
    });
    terminal.write(formatClipboardSequence(LINE, { TERM: "xterm-256color" }) ?? "");
    const [selection, base64 = ""] = (await got).split(";");
    expect(selection).toBe("c");
    expect(Buffer.from(base64, "base64").toString()).toBe(LINE);
  });

  test.each([
    [{ TERM: "xterm" }, "\u001b]52;c;eA==\u0007"],
    [{ TERM: "tmux-256color", ...TMUX }, "\u001bPtmux;\u001b\u001b]52;c;eA==\u0007\u001b\\"],
    [{ TERM: "screen", STY: "1.pts-0" }, "\u001bP\u001b]52;c;eA==\u0007\u001b\\"],
    [{ TERM: "dumb" }, undefined],
  ])("is wrapped for tmux or screen if needed: %o", (env, expected) => {
    expect(formatClipboardSequence("x", env)).toBe(expected);
  });
});
