import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  findLastingPath,
  isOfOneVersion,
  listLastingPaths,
} from "../../src/installation/lasting-path.ts";
import { NO_LINKS, testOnPosixOnly } from "../support/windows.ts";

const PATH = "/home/ada/.nix-profile/bin:/nix/store/abc-node/bin:bin:/usr/bin";

describe("a folder of one version has a permanent path", () => {
  test.each([
    [
      "/opt/homebrew/Cellar/latchkey/0.1.0/bin/latchkey",
      ["/opt/homebrew/opt/latchkey/bin/latchkey"],
    ],
    ["/usr/local/Cellar/node/24.1.0/bin/node", ["/usr/local/opt/node/bin/node"]],
    [
      "/home/ada/.local/share/pnpm/global/5/.pnpm/latchkey-linux-x64@0.1.0/node_modules/latchkey-linux-x64/bin/latchkey",
      [
        "/home/ada/.local/share/pnpm/global/5/node_modules/latchkey-linux-x64/bin/latchkey",
        "/home/ada/.local/share/pnpm/global/5/.pnpm/node_modules/latchkey-linux-x64/bin/latchkey",
      ],
    ],
    [
      "C:\\Users\\ada\\AppData\\Local\\pnpm\\global\\5\\.pnpm\\latchkey@0.1.0\\node_modules\\latchkey\\bin\\run.js",
      [
        "C:\\Users\\ada\\AppData\\Local\\pnpm\\global\\5\\node_modules\\latchkey\\bin\\run.js",
        "C:\\Users\\ada\\AppData\\Local\\pnpm\\global\\5\\.pnpm\\node_modules\\latchkey\\bin\\run.js",
      ],
    ],
    [
      "C:\\Users\\ada\\scoop\\apps\\latchkey\\0.1.0\\latchkey.exe",
      ["C:\\Users\\ada\\scoop\\apps\\latchkey\\current\\latchkey.exe"],
    ],
    [
      "C:\\Users\\ada\\AppData\\Local\\Microsoft\\WinGet\\Packages\\latchkey_x\\latchkey-0.1.0-windows-x64\\latchkey.exe",
      ["C:\\Users\\ada\\AppData\\Local\\Microsoft\\WinGet\\Links\\latchkey.exe"],
    ],
    [
      "/nix/store/abc-latchkey-0.1.0/bin/latchkey",
      ["/home/ada/.nix-profile/bin/latchkey", "/usr/bin/latchkey"],
    ],
  ])("%s", (path, expected) => {
    expect(listLastingPaths(path, PATH)).toEqual(expected);
  });

  test.each([
    "/usr/bin/latchkey",
    "/usr/local/lib/node_modules/latchkey/node_modules/latchkey-linux-x64/bin/latchkey",
    "/home/ada/.config/yarn/global/node_modules/latchkey-linux-x64/bin/latchkey",
    "/home/ada/.bun/install/global/node_modules/latchkey-darwin-arm64/bin/latchkey",
    "/opt/homebrew/opt/latchkey/bin/latchkey",
    "C:\\Users\\ada\\scoop\\apps\\latchkey\\current\\latchkey.exe",
  ])("%s is not changed", (path) => {
    expect(listLastingPaths(path, PATH)).toEqual([]);
  });
});

test.each([
  ["/opt/homebrew/Cellar/latchkey/0.1.0/bin/latchkey", true],
  ["/nix/store/abc-latchkey-0.1.0/bin/latchkey", true],
  ["/opt/homebrew/opt/latchkey/bin/latchkey", false],
  [
    "/home/ada/.cache/pnpm/dlx/a/node_modules/.pnpm/latchkey@1/node_modules/latchkey/bin/run.js",
    false,
  ],
])("whether %s belongs to one version: %s", (path, expected) => {
  expect(isOfOneVersion(path)).toBe(expected);
});

testOnPosixOnly(NO_LINKS)("a path is used only if it points to this program", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "latchkey-lasting-")));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const cellar = join(root, "Cellar", "latchkey", "0.1.0", "bin", "latchkey");
  mkdirSync(dirname(cellar), { recursive: true });
  writeFileSync(cellar, "");
  expect(findLastingPath(cellar, "")).toBe(cellar);
  mkdirSync(join(root, "opt"));
  symlinkSync("../Cellar/latchkey/0.1.0", join(root, "opt", "latchkey"));
  expect(findLastingPath(cellar, "")).toBe(join(root, "opt", "latchkey", "bin", "latchkey"));
  const older = join(root, "Cellar", "latchkey", "0.0.9", "bin", "latchkey");
  mkdirSync(dirname(older), { recursive: true });
  writeFileSync(older, "");
  expect(findLastingPath(older, "")).toBe(older);
  expect(findLastingPath("latchkey", "")).toBe("latchkey");
});
