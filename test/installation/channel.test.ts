import { expect, test } from "vitest";
import { decideChannel, type Traces } from "../../src/installation/channel.ts";

const rows: Array<[expected: string, program: string, around?: Partial<Traces>]> = [
  ["npm", "/usr/local/lib/node_modules/latchkey/node_modules/latchkey-linux-x64/bin/latchkey"],
  ["npm", "/usr/local/lib/node_modules/latchkey/bin/run.js"],
  ["npm", "/opt/homebrew/lib/node_modules/latchkey-darwin-arm64/bin/latchkey"],
  ["npm", "/home/ada/.nvm/versions/node/v24.21.0/lib/node_modules/latchkey/bin/run.js"],
  ["npm", "/usr/lib/node_modules/latchkey/bin/run.js", { owner: undefined }],
  [
    "npm",
    "C:\\Users\\ada\\AppData\\Roaming\\npm\\node_modules\\latchkey\\node_modules\\latchkey-windows-x64\\bin\\latchkey.exe",
  ],
  ["project", "/home/ada/work/node_modules/latchkey/bin/run.js", { project: "/home/ada/work" }],
  [
    "project",
    "/home/ada/work/node_modules/.pnpm/latchkey@0.1.0/node_modules/latchkey/bin/run.js",
    { project: "/home/ada/work" },
  ],
  [
    "pnpm",
    "/home/ada/.local/share/pnpm/global/5/.pnpm/latchkey@0.1.0/node_modules/latchkey/bin/run.js",
    { project: "/home/ada/.local/share/pnpm/global/5" },
  ],
  [
    "pnpm",
    "/home/ada/.local/share/pnpm/store/v11/links/@/latchkey-linux-x64/0.1.0/a58c/node_modules/latchkey-linux-x64/bin/latchkey",
  ],
  [
    "pnpm",
    "/home/ada/.local/share/pnpm/global/v11/7d8b-18ec-0/node_modules/.pnpm/latchkey@0.1.0/node_modules/latchkey/bin/run.js",
    { project: "/home/ada/.local/share/pnpm/global/v11/7d8b-18ec-0" },
  ],
  [
    "project",
    "/home/ada/work/.yarn/unplugged/latchkey-linux-x64-npm-0.1.0-a7/node_modules/latchkey-linux-x64/bin/latchkey",
    { project: "/home/ada/work" },
  ],
  [
    "npx",
    "/home/ada/.yarn/berry/cache/latchkey-npm-0.1.0-a7-10c0.zip/node_modules/latchkey/bin/run.js",
  ],
  [
    "mise",
    "/home/ada/.local/share/mise/installs/npm-latchkey/0.1.0/node_modules/.mise/latchkey@0.1.0/node_modules/latchkey/bin/run.js",
    { project: "/home/ada/.local/share/mise/installs/npm-latchkey/0.1.0" },
  ],
  ["mise", "/home/ada/.local/share/mise/installs/github-acme-latchkey/0.1.0/bin/latchkey"],
  [
    "yarn",
    "/home/ada/.config/yarn/global/node_modules/latchkey-linux-x64/bin/latchkey",
    { project: "/home/ada/.config/yarn/global" },
  ],
  [
    "yarn",
    "C:\\Users\\ada\\AppData\\Local\\Yarn\\Data\\global\\node_modules\\latchkey-windows-x64\\bin\\latchkey.exe",
  ],
  [
    "bun",
    "/home/ada/.bun/install/global/node_modules/latchkey-linux-x64/bin/latchkey",
    { project: "/home/ada/.bun/install/global" },
  ],
  ["volta", "/home/ada/.volta/tools/image/packages/latchkey/lib/node_modules/latchkey/bin/run.js"],
  [
    "npx",
    "/home/ada/.npm/_npx/0123456789abcdef/node_modules/latchkey-linux-x64/bin/latchkey",
    { project: "/home/ada/.npm/_npx/0123456789abcdef" },
  ],
  [
    "npx",
    "/home/ada/.cache/pnpm/dlx/abc/node_modules/.pnpm/latchkey@1/node_modules/latchkey/bin/run.js",
  ],
  ["homebrew", "/opt/homebrew/Cellar/latchkey/0.1.0/bin/latchkey"],
  ["homebrew", "/home/linuxbrew/.linuxbrew/Cellar/latchkey/0.1.0/bin/latchkey"],
  ["scoop", "C:\\Users\\ada\\scoop\\apps\\latchkey\\current\\latchkey.exe"],
  [
    "winget",
    "C:\\Users\\ada\\AppData\\Local\\Microsoft\\WinGet\\Packages\\x\\latchkey-0.1.0-windows-x64\\latchkey.exe",
  ],
  ["nix", "/nix/store/0123456789abcdefghijklmnopqrstuv-latchkey-0.1.0/bin/latchkey"],
  ["deb", "/usr/bin/latchkey", { owner: "deb" }],
  ["rpm", "/usr/bin/latchkey", { owner: "rpm" }],
  ["apk", "/usr/bin/latchkey", { owner: "apk" }],
  ["pacman", "/usr/bin/latchkey", { owner: "pacman" }],
  ["clone", "/home/ada/latchkey/bin/run.js", { clone: "/home/ada/latchkey" }],
  [
    "clone",
    "/home/ada/latchkey/dist-standalone/latchkey-linux-x64",
    { clone: "/home/ada/latchkey" },
  ],
  ["file", "/usr/local/bin/latchkey"],
  ["file", "/usr/bin/latchkey"],
  ["file", "C:\\tools\\latchkey.exe"],
];

test.each(rows)("%s: %s", (expected, program, ...[around]) => {
  expect(decideChannel({ program, ...around })).toBe(expected);
});
