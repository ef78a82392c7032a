import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { createHome, createSignedInHome, type Home, parseOutput } from "../support/home.ts";
import { startSession } from "../support/pty.ts";
import { leaveOutOnWindows } from "../support/windows.ts";

/** The change of the config as a unified diff that patch(1) accepts and that shows no secret. */

const CONFIG = ".aws/config";
const SESSION = `[sso-session corp]
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;
/** At the end of the file, so that the diff prints these lines as context of the added ones. */
const SECRETS = `[profile static]
aws_access_key_id = whisper
aws_secret_access_key = hush
aws_session_token = hush
`;
const MASKED = " aws_access_key_id = …\n aws_secret_access_key = …\n aws_session_token = …\n";
const ORG = {
  accounts: [
    {
      accountId: "000000000042",
      accountName: "Payments Prod",
      roles: ["ViewOnlyAccess", "Billing"],
    },
    { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
  ],
};

async function syncHome(config: string): Promise<Home> {
  const home = await createSignedInHome({ org: ORG });
  home.write(CONFIG, config);
  return home;
}

describe("profiles sync --diff", () => {
  test(
    "with --dry-run exits 0, writes nothing, and prints a patch with which patch(1) makes the same file",
    { tags: ["long"] },
    async () => {
      leaveOutOnWindows("patch, which Windows does not have");
      const home = await syncHome(`[default]\nregion = x\n${SESSION}`);
      const result = await home.run(["populate", "--dry-run", "--diff"]);
      expect(result.exitCode, result.stderr).toBe(0);
      expect(result.stdout).toMatch(
        /^--- .*config\n\+\+\+ .*config\n@@ -4,3 \+4,18 @@\n sso_start_url/,
      );
      expect(result.stdout.match(/^\+(?!\+)/gm)).toHaveLength(15);
      expect(home.read(CONFIG)).not.toContain("[profile");
      expect(home.exists(".aws/latchkey/managed")).toBe(false);
      const patched = home.write("patched", home.read(CONFIG));
      execFileSync("patch", [patched], { input: result.stdout });
      expect(await home.runJson(["profiles", "sync", "--dry-run"])).toMatchObject({
        add: [{ profile: "payments-prod-billing", accountId: "000000000042" }, {}, {}],
        applied: false,
      });
      await home.runJson(["profiles", "sync", "--yes"]);
      expect(home.read("patched")).toBe(home.read(CONFIG));
    },
  );

  test("shows a secret next to the change as …, with --json too", { tags: ["long"] }, async () => {
    const home = await syncHome(SESSION + SECRETS);
    const words = ["profiles", "sync", "--dry-run", "--diff"];
    const { exitCode, stdout, stderr } = await home.run(words);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(MASKED);
    expect(stdout + stderr).not.toMatch(/hush|whisper/);
    const printed = await home.run([...words, "--json"]);
    expect(parseOutput<SyncJson>(printed).diff).toBe(stdout);
    expect(printed.stdout + printed.stderr).not.toMatch(/hush|whisper/);
  });
});

describe("profiles undo at a terminal", () => {
  test("shows a secret next to the change as …", { tags: ["long"] }, async () => {
    const home = await createHome();
    home.write(CONFIG, SESSION + SECRETS);
    const role = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
    const configured = await home.run([
      "configure",
      "--profile",
      "okta",
      "--sso-session",
      "corp",
      ...role,
      "--yes",
    ]);
    expect(configured.exitCode, configured.stderr).toBe(0);
    const session = startSession(home, ["profiles", "undo"]);
    await session.answer("Put this back", "y");
    expect(await session.ended).toBe(0);
    expect(session.readText().replaceAll("\r", "")).toContain(MASKED);
    expect(session.readText()).not.toMatch(/hush|whisper/);
    expect(home.read(CONFIG)).toBe(SESSION + SECRETS);
  });
});
