import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRelease } from "../../scripts/package/repository.ts";
import { decideNewest, isNewer, locateNewest } from "../../src/installation/newest.ts";
import { adviseUpdate, updateText } from "../../src/installation/update.ts";

const { owner, name } = readRelease().repository;
const REPOSITORY = "github:acme/key";
const PAGE = locateNewest(REPOSITORY);

describe("the text of latchkey update", () => {
  const byNpm = adviseUpdate(
    { program: "/usr/local/lib/node_modules/latchkey/bin/run.js" },
    REPOSITORY,
  );
  const asDeb = adviseUpdate({ program: "/usr/bin/latchkey", owner: "deb" }, REPOSITORY);
  const asFile = adviseUpdate({ program: "/usr/local/bin/latchkey" }, REPOSITORY);

  test.each([
    [
      "by npm, without a check",
      byNpm,
      undefined,
      `latchkey 0.1.0, installed by npm: /usr/local/lib/node_modules/latchkey/bin/run.js
Update it:  npm install --global latchkey@latest
Is there a newer version?  latchkey update --check
`,
    ],
    [
      "by npm, with a newer one",
      byNpm,
      { version: "0.2.0", isNewer: true },
      `latchkey 0.2.0 is available. This is 0.1.0, installed by npm: /usr/local/lib/node_modules/latchkey/bin/run.js
Update it:  npm install --global latchkey@latest
What is new:  https://github.com/acme/key/releases/latest
`,
    ],
    [
      "by npm, the newest",
      byNpm,
      { version: "0.1.0", isNewer: false },
      `latchkey 0.1.0 is the newest version, installed by npm: /usr/local/lib/node_modules/latchkey/bin/run.js
`,
    ],
    [
      "as a Debian package",
      asDeb,
      undefined,
      `latchkey 0.1.0, installed by dpkg: /usr/bin/latchkey
Download the .deb package:  https://github.com/acme/key/releases/latest
Then:  sudo apt install ./latchkey_*.deb
Is there a newer version?  latchkey update --check
`,
    ],
    [
      "as a file",
      asFile,
      undefined,
      `latchkey 0.1.0, installed as a file: /usr/local/bin/latchkey
Download the archive for this system:  https://github.com/acme/key/releases/latest
Then:  replace /usr/local/bin/latchkey with the program in it
Is there a newer version?  latchkey update --check
`,
    ],
  ])("%s", (_, advice, newest, text) => {
    expect(updateText(advice, { version: "0.1.0", newest, page: PAGE })).toBe(text);
  });

  test("folders are quoted, and names come from package.json", () => {
    const project = "/home/ada/my work";
    const program = `${project}/node_modules/latchkey/bin/run.js`;
    expect(adviseUpdate({ program, project }, REPOSITORY).command).toBe(
      "npm install --prefix '/home/ada/my work' latchkey@latest",
    );
    const commands = (["npm", "pnpm", "yarn", "bun"] as const).map(
      (projectTool) => adviseUpdate({ program, project, projectTool }, REPOSITORY).command,
    );
    expect(commands).toEqual([
      "npm install --prefix '/home/ada/my work' latchkey@latest",
      "pnpm --dir '/home/ada/my work' add latchkey@latest",
      "yarn --cwd '/home/ada/my work' add latchkey@latest",
      "bun add --cwd '/home/ada/my work' latchkey@latest",
    ]);
    const winget = { program: "C:\\WinGet\\Packages\\x\\latchkey.exe" };
    expect(adviseUpdate(winget, REPOSITORY).command).toBe("winget upgrade acme.key");
  });
});

test.each([
  ["npm-latchkey", "npm:latchkey"],
  [`github-${owner}-${name}`, `github:${owner}/${name}`],
  [`ubi-${owner}-${name}`, `ubi:${owner}/${name}`],
  ["latchkey", "latchkey"],
])("mise's folder %s is of its tool %s", (folder, tool) => {
  const program = `/home/ada/.local/share/mise/installs/${folder}/0.1.0/bin/latchkey`;
  const { command } = adviseUpdate({ program }, `github:${owner}/${name}`);
  expect(command).toBe(`mise upgrade ${tool}`);
});

test.each([
  ["bin/run.js", `node '${join("/home/ada/my key", "scripts", "ensure.mjs")}'`],
  [
    "dist-standalone/latchkey-linux-x64",
    "npm --prefix '/home/ada/my key' run build:standalone -- --host",
  ],
])("in a clone %s is built again after the update", (file, build) => {
  const clone = "/home/ada/my key";
  const { command } = adviseUpdate({ program: `${clone}/${file}`, clone }, REPOSITORY);
  expect(command).toBe(`git -C '/home/ada/my key' pull && ${build}`);
});

describe("which version is newer", () => {
  test.each([
    ["0.1.1", "0.1.0", true],
    ["0.2.0", "0.1.9", true],
    ["1.0.0", "0.99.99", true],
    ["0.10.0", "0.9.0", true],
    ["0.1.0", "0.1.0", false],
    ["0.1.0", "0.1.1", false],
    ["0.9.0", "0.10.0", false],
    ["0.2.0", "0.2.0-rc.1", true],
    ["0.1.0", "0.2.0-rc.1", false],
  ])("%s against %s: %s", (version, than, expected) => {
    expect(isNewer(version, than)).toBe(expected);
  });
});

describe("the answer of the page of the newest release", () => {
  const asked = new URL(PAGE);
  const releases = "https://github.com/acme/key/releases";

  test.each([
    [302, `${releases}/tag/v0.2.0`, { kind: "release", version: "0.2.0" }],
    [302, "/acme/key/releases/tag/0.2.0", { kind: "release", version: "0.2.0" }],
    [
      301,
      "https://github.com/other/name/releases/tag/v0.2.0",
      { kind: "release", version: "0.2.0" },
    ],
    [302, releases, { kind: "none" }],
    [404, undefined, { kind: "none" }],
    [429, undefined, { kind: "throttled" }],
    [403, undefined, { kind: "throttled" }],
    [503, undefined, { kind: "trouble" }],
    [200, undefined, { kind: "foreign" }],
    [302, undefined, { kind: "foreign" }],
    [302, "https://portal.example/releases/tag/v9.9.9", { kind: "foreign" }],
    [302, "http://github.com/acme/key/releases/tag/v9.9.9", { kind: "foreign" }],
    [302, `${releases}/tag/v0.2.0;rm -rf`, { kind: "foreign" }],
    [302, `${releases}/tag/nightly`, { kind: "foreign" }],
    [302, `${releases}/tag/v${"9".repeat(400)}.0.0`, { kind: "foreign" }],
    [302, "https://[", { kind: "foreign" }],
  ])("%s to %s: %j", (status, location, expected) => {
    const headers: Record<string, string> = location === undefined ? {} : { location };
    expect(decideNewest({ status, headers }, asked)).toEqual(expected);
  });
});
