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
      "/home/ada/work/node_modules/.pnpm/latchkey-linux-x64@0.1.0/node_modules/latchkey-linux-x64/bin/latchkey",
      [
        "/home/ada/work/node_modules/latchkey-linux-x64/bin/latchkey",
        "/home/ada/work/node_modules/.pnpm/node_modules/latchkey-linux-x64/bin/latchkey",
      ],
    ],
    [
      "/home/ada/.local/share/mise/installs/npm-latchkey/0.1.0/node_modules/.mise/latchkey-linux-x64@0.1.0/node_modules/latchkey-linux-x64/bin/latchkey",
      [
        "/home/ada/.local/share/mise/installs/npm-latchkey/latest/node_modules/latchkey-linux-x64/bin/latchkey",
        "/home/ada/.local/share/mise/installs/npm-latchkey/latest/node_modules/.mise/node_modules/latchkey-linux-x64/bin/latchkey",
      ],
    ],
    [
      "/home/ada/.local/share/mise/installs/github-acme-latchkey/0.1.0/bin/latchkey",
      ["/home/ada/.local/share/mise/installs/github-acme-latchkey/latest/bin/latchkey"],
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
    "/home/ada/.local/share/mise/installs/npm-latchkey/latest/bin/latchkey",
    // Nothing links to these.
    "/home/ada/work/.yarn/unplugged/latchkey-linux-x64-npm-0.1.0-a72077df48/node_modules/latchkey-linux-x64/bin/latchkey",
  ])("%s is not changed", (path) => {
    expect(listLastingPaths(path, PATH)).toEqual([]);
  });
});

test.each([
  ["/opt/homebrew/Cellar/latchkey/0.1.0/bin/latchkey", true],
  ["/nix/store/abc-latchkey-0.1.0/bin/latchkey", true],
  ["/opt/homebrew/opt/latchkey/bin/latchkey", false],
  ["/home/ada/.local/share/mise/installs/npm-latchkey/0.1.0/bin/latchkey", true],
  ["/home/ada/.local/share/mise/installs/npm-latchkey/latest/bin/latchkey", false],
  [
    "/home/ada/work/.yarn/unplugged/latchkey-linux-x64-npm-0.1.0-a7/node_modules/latchkey-linux-x64/bin/latchkey",
    true,
  ],
  [
    "/home/ada/.local/share/pnpm/store/v11/links/@/latchkey/0.1.0/c9c2/node_modules/latchkey/bin/run.js",
    true,
  ],
  ["/home/ada/.local/share/pnpm/global/v11/7d8b-18ec-0/node_modules/latchkey/bin/run.js", true],
  [
    `/home/ada/.local/share/pnpm/global/v11/${"0a".repeat(32)}/node_modules/latchkey/bin/run.js`,
    false,
  ],
  ["/home/ada/work/.yarn/cache/latchkey-npm-0.1.0-a7.zip/node_modules/latchkey/bin/run.js", false],
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

describe("pnpm's folder of a global installation has a new name after each update, and a link that stays,", () => {
  const link = "0a".repeat(32);

  /** Makes what `pnpm add --global` makes. @param store the folder of the store. */
  function install(store: string): { home: string; program: string; script: string } {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "latchkey-pnpm-")));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const home = join(root, "pnpm");
    const links = join(root, store, "v11", "links", "@");
    const place = (name: string): string => join(links, name, "0.1.0", "c9c241cf", "node_modules");
    const [program, script] = [
      join(place("latchkey-linux-x64"), "latchkey-linux-x64", "bin", "latchkey"),
      join(place("latchkey"), "latchkey", "bin", "run.js"),
    ];
    for (const file of [program, script]) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, "");
    }
    symlinkSync(
      join(place("latchkey-linux-x64"), "latchkey-linux-x64"),
      join(place("latchkey"), "latchkey-linux-x64"),
    );
    const modules = join(home, "global", "v11", "7d8b-18ec-0", "node_modules");
    mkdirSync(modules, { recursive: true });
    symlinkSync(join(place("latchkey"), "latchkey"), join(modules, "latchkey"));
    symlinkSync("7d8b-18ec-0", join(home, "global", "v11", link));
    return { home, program, script };
  }

  testOnPosixOnly(NO_LINKS)("with the store in its own folder", () => {
    const { home, program, script } = install("pnpm/store");
    const modules = join(home, "global", "v11", link, "node_modules");
    expect(findLastingPath(script, "")).toBe(join(modules, "latchkey", "bin", "run.js"));
    expect(findLastingPath(program, "")).toBe(
      `${modules}/latchkey/../latchkey-linux-x64/bin/latchkey`,
    );
  });

  testOnPosixOnly(NO_LINKS)("with the store on another disk, and its programs in PATH", () => {
    const { home, program } = install("disk/.pnpm-store/store");
    expect(findLastingPath(program, "/usr/bin")).toBe(program);
    expect(findLastingPath(program, `/usr/bin:${home}/bin`)).toBe(
      `${home}/global/v11/${link}/node_modules/latchkey/../latchkey-linux-x64/bin/latchkey`,
    );
  });

  testOnPosixOnly(NO_LINKS)("without a shared store", () => {
    const { home } = install("pnpm/store");
    const inside = "node_modules/.pnpm/latchkey@0.1.0/node_modules/latchkey/bin/run.js";
    const script = join(home, "global", "v11", "7d8b-18ec-0", inside);
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(script, "");
    rmSync(join(home, "global", "v11", link, "node_modules", "latchkey"));
    symlinkSync(
      ".pnpm/latchkey@0.1.0/node_modules/latchkey",
      join(home, "global", "v11", link, "node_modules", "latchkey"),
    );
    expect(findLastingPath(script, "")).toBe(
      join(home, "global", "v11", link, "node_modules", "latchkey", "bin", "run.js"),
    );
  });
});
