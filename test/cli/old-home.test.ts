import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { fileVersion } from "../../src/model/role.ts";
import { SealedTokenStore } from "../../src/token/sealed-store.ts";
import { createHome, parseOutput, type Home } from "../support/home.ts";
import { isOnWindows } from "../support/windows.ts";

/**
 * A home as version 0.1.0 left it at commit 7b8d088, after `login`, `accounts`, `roles`, `configure`, `profiles sync` and
 * `credential-process` at its emulator; with made-up secrets, sealed with a made-up key. Its files are read or
 * skipped, without an error and without a loss.
 */
const FILES = JSON.parse(
  readFileSync(join(import.meta.dirname, "../support/fixtures/old-home.json"), "utf8"),
) as Record<string, string>;

const TOKEN = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
const ROLE = ["--sso-session", "corp", "--account-id", "100000000001"];
const CREDENTIALS = ["credential-process", ...ROLE, "--role-name", "ViewOnlyAccess"];
/** An address where nothing listens. */
const OFFLINE = { env: { AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_ENDPOINT_URL_SSO: "" } };

function formatFromNow(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

async function createOldHome(): Promise<Home> {
  const home = await createHome();
  const config = join(home.path, ".aws/config");
  const values: Record<string, string> = {
    "{HOME}": home.path.replaceAll("\\", "\\\\"),
    "{CONFIG_KEY}": createHash("sha256").update(config, "utf8").digest("hex").slice(0, 40),
    "{NOW}": formatFromNow(0),
    "{IN_AN_HOUR}": formatFromNow(3600),
    "{IN_A_MONTH}": formatFromNow(30 * 86_400),
  };
  const fill = (text: string): string =>
    Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(name, value), text);
  home.write(TOKEN, fill(FILES[TOKEN] ?? ""));
  values["{STAMP}"] = fileVersion(statSync(join(home.path, TOKEN)));
  for (const [path, text] of Object.entries(FILES))
    if (path !== TOKEN) home.write(moveSettings(fill(path)), fill(text));
  return home;
}

/** The path of the settings on this platform. */
function moveSettings(path: string): string {
  return isOnWindows
    ? path.replace(/^\.config\/latchkey\//, "AppData/Roaming/latchkey/Config/")
    : path;
}

describe("a home of the old build", () => {
  let home: Home;
  beforeEach(async () => void (home = await createOldHome()));

  test("has a sign-in that still works", async () => {
    const status = await home.run(["status", "--json"]);
    expect(parseOutput(status)).toMatchObject([
      { session: "corp", state: "usable", refreshable: true },
    ]);
  });

  test("has cached role credentials that are served hot, without a request", async () => {
    const { exitCode, stdout } = await home.run(CREDENTIALS, OFFLINE);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ AccessKeyId: "ASIAMADEUPKEYID00000" });
  });

  test(
    "has listings that belong to no sign-in any more: they are skipped, and their account names are used",
    { tags: ["long"] },
    async () => {
      for (const command of ["accounts", "roles"])
        expect(await home.run([command, "--cached"])).toMatchObject({
          exitCode: 5,
          stdout: "",
          stderr: expect.stringContaining("There is no stored listing of"),
        });
      const whoami = await home.run(["whoami", "one", "--offline", "--json"], OFFLINE);
      expect(parseOutput(whoami)).toMatchObject({ accountName: "identity-prod" });
    },
  );

  test("has settings that still apply", async () => {
    expect((await home.run(["settings"])).stdout).toContain("eu-central-1");
  });

  test("has profiles of sync that still belong to sync", async () => {
    expect(await home.run(["profiles", "--json"])).toMatchObject({ exitCode: 0 });
    expect((await home.run(["profiles"])).stdout).toContain("identity-prod-administratoraccess");
  });

  test("has an old undo record: undo skips it, names the backup, and loses nothing", async () => {
    const before = home.read(".aws/config");
    const undo = await home.run(["profiles", "undo", "--yes"]);
    expect(undo.exitCode, undo.stderr).toBe(0);
    expect(undo.stdout + undo.stderr).toContain("config.2026-11-29T051619Z.5ea3dd92");
    expect(home.read(".aws/config")).toBe(before);
    expect(home.list(".aws/latchkey/backups")).toEqual([
      "config.2026-11-29T051618Z.fd047006",
      "config.2026-11-29T051619Z.5ea3dd92",
    ]);
  });

  test("has secrets that logout finds and removes completely", { tags: ["long"] }, async () => {
    const logout = await home.run(["logout", "--forget"], OFFLINE);
    expect(logout.exitCode).toBe(0);
    expect(home.exists(TOKEN)).toBe(false);
    expect(home.list(".aws/latchkey/registrations")).toEqual([]);
    expect(home.list(".aws/latchkey/role-credentials")).toEqual([]);
    expect(home.list(".aws/latchkey/vault/tokens")).toEqual([]);
  });

  test("has sealed tokens and role credentials that open with their old key", async () => {
    const session = {
      name: "corp",
      startUrl: "https://emu.awsapps.com/start",
      region: "us-east-1",
      registrationScopes: undefined,
    };
    const store = new SealedTokenStore(home.path, session, Buffer.alloc(32, "made-up-key-"));
    expect(await store.read()).toMatchObject({ accessToken: "made-up-access-token" });
    const role = { session: "corp", accountId: "100000000001", roleName: "ViewOnlyAccess" };
    expect(store.readRole(role)).toMatchObject({ accessKeyId: "ASIAMADEUPKEYID00000" });
  });
});
