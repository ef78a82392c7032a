import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  CORP_TOKEN,
  createHome,
  createSignedInHome,
  expireTokenFile,
  SESSION_CONFIG,
  type Home,
} from "../support/home.ts";
import {
  CONFIGURE,
  createConfiguredHome,
  expectSuccess,
  EXPORT,
  listOpen,
  LOGIN,
  PROCESS,
  readMode,
  runUnderUmask,
  SETTING,
} from "../support/secrets.ts";
import { leaveOutOnWindows, NO_MODES } from "../support/windows.ts";

/** Kind 3: the modes, owners and links of files with secrets. */

const BACKUPS = ".aws/latchkey/backups";

/** Creates a home with every file that latchkey writes, such that the next call of each kind writes it again. */
async function createFullHome(): Promise<Home> {
  const home = await createConfiguredHome();
  for (const argv of [LOGIN, PROCESS, ["roles"], SETTING, EXPORT, CONFIGURE])
    await expectSuccess(home, argv);
  expireTokenFile(home, CORP_TOKEN, 60);
  return home;
}

describe("modes", () => {
  test.each(["644", "666"])(
    "3.2: a file with a secret whose mode is %s has mode 0600 after the next write",
    async (octal) => {
      const mode = parseInt(octal, 8);
      const home = await createFullHome();
      const files = listSecretFiles(home);
      expect(files.length).toBeGreaterThan(8);
      for (const file of files) chmodSync(file, mode);
      chmodSync(join(home.path, ".aws/config"), mode);
      for (const argv of [
        LOGIN,
        PROCESS,
        ["roles"],
        SETTING,
        EXPORT,
        ["profiles", "rm", "new", "--yes"],
      ])
        await expectSuccess(home, argv);
      expect(readMode(join(home.path, CORP_TOKEN))).toBe("600");
      expect(readMode(join(home.path, ".aws/credentials"))).toBe("600");
      expect(readMode(join(home.path, ".config/latchkey/settings.json"))).toBe("600");
      // The user's own file keeps its mode; copies of it do not.
      expect(readMode(join(home.path, ".aws/config"))).toBe(octal);
      const backups = home.list(BACKUPS).map((name) => join(home.path, BACKUPS, name));
      const added = backups.filter((backup) => !files.includes(backup));
      expect(added.map(readMode)).toEqual(["600"]);
    },
  );

  test("3.3: an open directory of an AWS client or the user is closed before a secret is written into it", async () => {
    const home = await createConfiguredHome();
    for (const folder of [".aws/sso/cache", ".aws/latchkey/registrations", ".config/latchkey"])
      mkdirSync(join(home.path, folder), { recursive: true });
    for (const folder of [".aws/sso", ".aws/sso/cache"]) chmodSync(join(home.path, folder), 0o777);
    for (const argv of [LOGIN, SETTING]) await expectSuccess(home, argv);
    expect(listOpen(home.path)).toEqual([
      "0755 .aws",
      "0755 .aws/sso",
      "0755 .aws/sso/cache",
      "0755 .config",
    ]);
  });

  test("3.4: a new config and a new credentials file have mode 0600 under any umask", async () => {
    const home = await createConfiguredHome();
    for (const argv of [LOGIN, EXPORT])
      expect(await runUnderUmask(home, "0", argv)).toMatchObject({ exitCode: 0 });
    expect(readMode(join(home.path, ".aws/credentials"))).toBe("600");
    const fresh = await createHome();
    const session = [
      "--sso-session",
      "corp",
      "--start-url",
      "https://corp.awsapps.com/start",
      "--sso-region",
      "us-east-1",
    ];
    expect(
      await runUnderUmask(fresh, "0", ["configure", "session", ...session, "--yes"]),
    ).toMatchObject({ exitCode: 0 });
    expect(listOpen(fresh.path)).toEqual([]);
  });

  test("3.5: a credentials file with two hard links is closed as well, since it is written in place", async () => {
    const home = await createConfiguredHome();
    await expectSuccess(home, LOGIN);
    home.write(".aws/credentials", "", 0o644);
    linkSync(join(home.path, ".aws/credentials"), join(home.path, "other-name"));
    await expectSuccess(home, EXPORT);
    expect(readMode(join(home.path, "other-name"))).toBe("600");
    expect(home.read("other-name")).toContain("ASIA");
  });
});

describe("links", () => {
  /** Creates a directory outside of ~/.aws, with a file in it. */
  function makeOutside(home: Home): string {
    home.write("outside/file", "another's");
    return join(home.path, "outside");
  }

  test("3.6: a link at the path of a secret is replaced, and its target is unchanged", async () => {
    const home = await createFullHome();
    const outside = makeOutside(home);
    const files = listSecretFiles(home).filter(
      (file) => !/settings\.json$|credentials$|\.lock$/.test(file),
    );
    expect(files.map((file) => basename(dirname(file)))).toContain("registrations");
    for (const file of files) {
      writeFileSync(file, "");
      renameSync(file, `${file}.was`);
      symlinkSync(join(outside, "file"), file);
    }
    for (const argv of [LOGIN, PROCESS, ["roles"], ["profiles", "rm", "new", "--yes"]])
      await expectSuccess(home, argv);
    expect(home.read("outside/file")).toBe("another's");
    expect(home.list("outside")).toEqual(["file"]);
    expect(lstatSync(join(home.path, CORP_TOKEN)).isFile()).toBe(true);
    expect(readMode(join(home.path, CORP_TOKEN))).toBe("600");
  });

  test("3.7: links at the paths of latchkey's folders do not redirect its files", async () => {
    leaveOutOnWindows(NO_MODES);
    const home = await createSignedInHome();
    const outside = makeOutside(home);
    for (const folder of [
      "role-credentials",
      "access",
      "access-history",
      "backups",
      "undo",
      "locks",
      "usage",
      "cache",
    ]) {
      const link = join(home.path, ".aws/latchkey", folder);
      rmSync(link, { recursive: true, force: true });
      symlinkSync(outside, link);
    }
    // The service is asked. What can't be cached is not cached.
    for (const argv of [PROCESS, ["roles"]]) await expectSuccess(home, argv);
    for (const argv of [CONFIGURE, ["favourite", "okta"], ["settings", "storage", "keychain"]])
      await home.run(argv);
    expect(home.list("outside")).toEqual(["file"]);
  });

  test("3.8: a link at the path of a latchkey folder is reported with its cure", async () => {
    const home = await createConfiguredHome();
    const link = join(home.path, ".aws/latchkey/registrations");
    mkdirSync(dirname(link), { recursive: true, mode: 0o700 });
    symlinkSync(makeOutside(home), link);
    const { exitCode, stderr } = await home.run(LOGIN);
    expect(exitCode).toBe(8);
    expect(stderr).toContain(`${link} is a link to another place`);
    expect(stderr).toContain(`rm ${link}`);
    expect(home.list("outside")).toEqual(["file"]);
  });

  test("3.9: the user's own links stay links: config and settings of a dotfiles manager, and ~/.aws itself", async () => {
    const home = await createConfiguredHome();
    home.write("dotfiles/aws/config", SESSION_CONFIG);
    home.write("dotfiles/settings.json", "{}");
    home.write("dotfiles/credentials", "");
    mkdirSync(join(home.path, ".config/latchkey"), { recursive: true });
    renameSync(join(home.path, ".aws"), join(home.path, "elsewhere"));
    symlinkSync(join(home.path, "elsewhere"), join(home.path, ".aws"));
    for (const [link, target] of [
      ["elsewhere/config", "dotfiles/aws/config"],
      ["elsewhere/credentials", "dotfiles/credentials"],
      [".config/latchkey/settings.json", "dotfiles/settings.json"],
    ] as const) {
      if (existsSync(join(home.path, link)))
        renameSync(join(home.path, link), join(home.path, `${link}.was`));
      symlinkSync(join(home.path, target), join(home.path, link));
    }
    for (const argv of [LOGIN, PROCESS, CONFIGURE, EXPORT, SETTING])
      await expectSuccess(home, argv);
    expect(home.read("dotfiles/aws/config")).toContain("[profile new]");
    expect(home.read("dotfiles/credentials")).toContain("ASIA");
    expect(home.read("dotfiles/settings.json")).toContain("eu-west-1");
    for (const link of [
      ".aws",
      "elsewhere/config",
      "elsewhere/credentials",
      ".config/latchkey/settings.json",
    ])
      expect(lstatSync(join(home.path, link)).isSymbolicLink(), link).toBe(true);
    expect(home.exists(CORP_TOKEN)).toBe(true);
  });
});

/** Lists latchkey's files that hold a secret, or determine how secrets are used. */
function listSecretFiles(home: Home): string[] {
  return [".aws/latchkey", ".aws/sso/cache", ".config/latchkey"]
    .flatMap((folder) =>
      readdirSync(join(home.path, folder), { recursive: true, withFileTypes: true }),
    )
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("/cache/compiled/"))
    .concat(join(home.path, ".aws/credentials"));
}
