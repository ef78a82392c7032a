import {
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  CORP_TOKEN,
  createSignedInHome,
  listCachedRoleFiles,
  parseOutput,
  type Home,
  type TokenFileJson,
} from "../support/home.ts";
import { sessionConfig } from "../support/session-config.ts";
import { leaveOutOnWindows } from "../support/windows.ts";

/** A session is identified by start URL, region and name. The AWS CLI's file names depend on only one of them. */

const ROLE = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
const HOT = ["credential-process", "--sso-session", "corp", ...ROLE];
const OTHER_URL = "https://other.awsapps.com/start";

const keyId = ({ stdout }: { readonly stdout: string }): string =>
  (JSON.parse(stdout) as { AccessKeyId: string }).AccessKeyId;

/** The config of a second customer, whose session has the same name. */
function writeOtherConfig(home: Home, startUrl = OTHER_URL): { AWS_CONFIG_FILE: string } {
  return {
    AWS_CONFIG_FILE: home.write("customer/config", sessionConfig("100000000001", startUrl)),
  };
}

describe("two config files with one session name", () => {
  test(
    "the second, never signed in, gets nothing of the first: exit 4 with the login command, and status reports signed out",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const first = await home.run(HOT);
      expect(first.exitCode, first.stderr).toBe(0);
      const env = writeOtherConfig(home);
      for (const argv of [HOT, ["credential-process", "--profile", "okta"], ["export", "okta"]]) {
        const second = await home.run(argv, { env });
        expect(second, second.stderr).toMatchObject({ exitCode: 4, stdout: "" });
        expect(second.stderr).toContain("https://emu.awsapps.com/start");
        expect(second.stderr).toContain("hint: latchkey login --sso-session corp");
      }
      const json = await home.run(["status", "--json"], { env });
      expect(json.exitCode).toBe(4);
      expect(parseOutput(json)).toMatchObject([{ session: "corp", state: "signed-out" }]);
      const text = await home.run(["status"], { env });
      expect(text.stdout).toContain(
        "another portal's (https://emu.awsapps.com/start in us-east-1)",
      );
      expect(text.stdout).not.toContain("unreadable");
      expect(keyId(await home.run(HOT))).toBe(keyId(first));
    },
  );

  test(
    "logout with the second keeps the first one's token and role credentials",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const first = await home.run(HOT);
      const logout = await home.run(["logout"], { env: writeOtherConfig(home) });
      expect(logout.exitCode).toBe(0);
      expect(logout.stderr).toContain("another portal's");
      expect(home.emulator.journal.count("Logout")).toBe(0);
      expect(home.exists(CORP_TOKEN)).toBe(true);
      expect(keyId(await home.run(HOT))).toBe(keyId(first));
    },
  );

  test(
    "login with the second replaces the token, reports that, and removes the first one's role credentials",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      await home.run(HOT);
      const env = writeOtherConfig(home);
      const login = await home.run(["login", "--no-browser"], { env });
      expect(login.exitCode, login.stderr).toBe(0);
      expect(login.stderr).toContain("another portal's (https://emu.awsapps.com/start");
      expect(home.readJson<TokenFileJson>(CORP_TOKEN).startUrl).toBe(OTHER_URL);
      expect(await home.run(HOT, { env })).toMatchObject({ exitCode: 0 });
      expect(await home.run(HOT)).toMatchObject({ exitCode: 4, stdout: "" });
    },
  );

  test(
    "both are hot if they use the same portal, each with its own entry",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const env = writeOtherConfig(home, "https://emu.awsapps.com/start");
      const first = await home.run(HOT);
      const second = await home.run(HOT, { env });
      expect(listCachedRoleFiles(home)).toHaveLength(2);
      expect(keyId(second)).not.toBe(keyId(first));
      const served = await Promise.all([home.run(HOT), home.run(HOT, { env })]);
      expect(served.map(keyId)).toEqual([keyId(first), keyId(second)]);
      expect(home.emulator.journal.count("GetRoleCredentials")).toBe(2);
    },
  );

  test(
    "a path relative to the current directory is resolved there, also with a tilde",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      for (const [folder, url] of [
        ["one", "https://emu.awsapps.com/start"],
        ["two", OTHER_URL],
      ] as const) {
        mkdirSync(join(home.path, folder, "work"), { recursive: true });
        writeFileSync(join(home.path, folder, "work/config"), sessionConfig("100000000001", url));
      }
      const runIn = (folder: string, file: string) =>
        home.run(HOT, { cwd: join(home.path, folder), env: { AWS_CONFIG_FILE: file } });
      const once = await runIn("one", "work/config");
      expect(once.exitCode, once.stderr).toBe(0);
      expect(await runIn("two", "work/config")).toMatchObject({ exitCode: 4, stdout: "" });
      expect(keyId(await runIn("one", "work/config"))).toBe(keyId(once));
      expect(await runIn("one", "~/one/work/config")).toMatchObject({ exitCode: 0 });
      expect(await runIn("one", "~/two/work/config")).toMatchObject({ exitCode: 4, stdout: "" });
    },
  );
});

describe("a config that changes", () => {
  test("costs one cold call without a request if the session is still the same", async () => {
    const home = await createSignedInHome();
    const first = await home.run(HOT);
    const [entry = ""] = listCachedRoleFiles(home);
    const markOf = () => home.readJson<{ config: unknown }>(entry).config;
    const before = markOf();
    home.write(".aws/config", `${home.read(".aws/config")}\n# a remark\n`);
    const offline = { env: { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:9" } };
    expect(keyId(await home.run(HOT, offline))).toBe(keyId(first));
    expect(markOf()).not.toEqual(before);
    const marked = home.read(entry);
    expect(keyId(await home.run(HOT, offline))).toBe(keyId(first));
    expect(home.read(entry)).toBe(marked);
    expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
  });

  test.each([
    ["start URL", (text: string) => text.replaceAll("emu.awsapps", "other.awsapps")],
    ["region", (text: string) => text.replace("sso_region = us-east-1", "sso_region = eu-west-1")],
  ])("serves nothing if the session's %s was changed", { tags: ["long"] }, async (_, edit) => {
    const home = await createSignedInHome();
    expect(await home.run(HOT)).toMatchObject({ exitCode: 0 });
    home.write(".aws/config", edit(home.read(".aws/config")));
    expect(await home.run(HOT)).toMatchObject({ exitCode: 4, stdout: "" });
  });

  test(
    "serves nothing if the file is gone, or a link points to another file",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write("one", home.read(".aws/config"));
      home.write("two", home.read(".aws/config").replaceAll("emu.awsapps", "other.awsapps"));
      leaveOutOnWindows("links");
      const link = join(home.path, "link");
      const env = { AWS_CONFIG_FILE: link };
      symlinkSync("one", link);
      expect(await home.run(HOT, { env })).toMatchObject({ exitCode: 0 });
      rmSync(link);
      expect(await home.run(HOT, { env })).toMatchObject({ exitCode: 7, stdout: "" });
      symlinkSync("two", link);
      expect(await home.run(HOT, { env })).toMatchObject({ exitCode: 4, stdout: "" });
    },
  );
});

test(
  "two legacy profiles with one start URL and two regions share a file, and each gets only its own credentials",
  { tags: ["long"] },
  async () => {
    const home = await createSignedInHome();
    const profile = (name: string, region: string): string =>
      `[profile ${name}]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = ${region}\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\n`;
    home.write(".aws/config", profile("here", "us-east-1") + profile("there", "eu-west-1"));
    await home.run(["login", "--profile", "here", "--no-browser"]);
    expect(await home.run(["export", "here"])).toMatchObject({ exitCode: 0 });
    const there = await home.run(["export", "there"]);
    expect(there).toMatchObject({ exitCode: 4, stdout: "" });
    expect(there.stderr).toContain(
      "latchkey login --start-url https://emu.awsapps.com/start --sso-region eu-west-1",
    );
    expect(parseOutput(await home.run(["status", "--json"]))).toMatchObject([
      { region: "us-east-1", state: "usable" },
      { region: "eu-west-1", state: "signed-out" },
    ]);
  },
);

test(
  "the cache of version 0.1.0 is served if its token is this session's, and not if it is another's",
  { tags: ["long"] },
  async () => {
    const home = await createSignedInHome();
    const first = await home.run(HOT);
    const [entry = ""] = listCachedRoleFiles(home);
    const {
      startUrl: _url,
      region: _region,
      config: _config,
      ...old
    } = home.readJson<Record<string, unknown>>(entry);
    home.write(entry, JSON.stringify(old));
    const config = home.read(".aws/config");
    home.write(".aws/config", config.replaceAll("emu.awsapps", "other.awsapps"));
    expect(await home.run(HOT)).toMatchObject({ exitCode: 4, stdout: "" });
    home.write(".aws/config", config);
    expect(keyId(await home.run(HOT))).toBe(keyId(first));
    expect(home.readJson(entry)).toMatchObject({ startUrl: "https://emu.awsapps.com/start" });
  },
);

test("a config with the same size and time in another file is a different config", async () => {
  const home = await createSignedInHome();
  expect(await home.run(HOT)).toMatchObject({ exitCode: 0 });
  const text = home.read(".aws/config").replaceAll("emu.awsapps", "ume.awsapps");
  const path = join(home.path, ".aws/config");
  const { atime, mtime } = statSync(path);
  const next = home.write(".aws/next", text);
  utimesSync(next, atime, mtime);
  renameSync(next, path);
  expect(await home.run(HOT)).toMatchObject({ exitCode: 4, stdout: "" });
});
