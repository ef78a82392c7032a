import { describe, expect, test } from "vitest";
import type { RemovedProfilesJson } from "../../src/commands/profiles/rm.ts";
import type { RenamedProfileJson } from "../../src/commands/profiles/rename.ts";
import type { SessionJson } from "../../src/commands/sessions.ts";
import type { RemovedSessionJson } from "../../src/commands/sessions/rm.ts";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { createHome, createSignedInHome, parseOutput, type Home } from "../support/home.ts";
import { ENTER, startSession } from "../support/pty.ts";

const CONFIG = ".aws/config";
const URL = "https://emu.awsapps.com/start";
const SESSION = `[sso-session corp]\nsso_start_url = ${URL}\nsso_region = us-east-1\n`;
const ROLE = "sso_session = corp\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\n";
/** Comments, odd spacing and profiles that use each other as their source. */
const TEXT = `# mine\n[profile okta]\n${ROLE}# behind okta\n\n[profile chained]\nrole_arn = arn:aws:iam::100000000002:role/x\nsource_profile=okta\n\n[profile  other]\n  region =eu-west-1\n\n${SESSION}; the end`;

async function createConfiguredHome(text = TEXT): Promise<Home> {
  const home = await createHome();
  home.write(CONFIG, text);
  return home;
}

const undo = (home: Home) => home.run(["profiles", "undo", "--yes"]);

describe("profiles rm", () => {
  test(
    "removes the named sections, keeps every other byte, and undo restores them",
    { tags: ["long"] },
    async () => {
      const home = await createConfiguredHome();
      const removed = await home.runJson<RemovedProfilesJson>([
        "profiles",
        "rm",
        "okta",
        "chained",
        "--yes",
      ]);
      expect(removed.removed).toEqual(["okta", "chained"]);
      expect(removed.changes).toContainEqual({
        section: "profile okta",
        key: "sso_session",
        before: "corp",
        after: null,
      });
      expect(home.read(CONFIG)).toBe(
        `# mine\n# behind okta\n\n\n[profile  other]\n  region =eu-west-1\n\n${SESSION}; the end`,
      );
      expect((await undo(home)).exitCode).toBe(0);
      expect(home.read(CONFIG)).toBe(TEXT);
    },
  );

  test("shows the plan and asks at a terminal, and Enter keeps the profile", async () => {
    const home = await createConfiguredHome();
    const session = startSession(home, ["profiles", "rm", "other"]);
    await session.see("- [profile other]");
    await session.see("Write this to");
    session.type(ENTER);
    expect(await session.ended).toBe(130);
    expect(home.read(CONFIG)).toBe(TEXT);
  });

  const refusals: ReadonlyArray<readonly [words: string[], exitCode: number, says: RegExp]> = [
    [["nosuch", "--yes"], 7, /No profile "nosuch"/],
    [["okt", "--yes"], 7, /The nearest names: okta/],
    [["other"], 2, /Add --yes/],
    [["okta", "--yes"], 2, /chained uses the profile "okta".*latchkey profiles rm okta chained/s],
    [["keys", "--yes"], 7, /is only in .*credentials \(line 1\)/],
    [[], 2, /NAME/],
  ];
  for (const [words, exitCode, says] of refusals)
    test(`${words.join(" ") || "without a name"} ends with ${exitCode}, and changes nothing`, async () => {
      const home = await createConfiguredHome();
      const keys = "[keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";
      home.write(".aws/credentials", keys);
      const result = await home.run(["profiles", "rm", ...words]);
      expect(result, result.stderr).toMatchObject({ exitCode, stdout: "" });
      expect(result.stderr).toMatch(says);
      expect(home.read(CONFIG)).toBe(TEXT);
      expect(home.read(".aws/credentials")).toBe(keys);
    });

  test("with --force removes one that another uses, and names the profiles that still use it", async () => {
    const home = await createConfiguredHome();
    const result = await home.run(["profiles", "rm", "okta", "--yes", "--force"], {
      env: { AWS_PROFILE: "okta" },
    });
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain("this shell still uses okta: latchkey use --unset");
  });

  test("removes a profile with wrong keys", async () => {
    const home = await createConfiguredHome(`[profile broken]\nsso_session = gone\n\n${SESSION}`);
    expect((await home.run(["profiles", "rm", "broken", "--yes"])).exitCode).toBe(0);
    expect(home.read(CONFIG)).toBe(`\n${SESSION}`);
  });

  test(
    "of a profile of sync reports that the next sync writes it again",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: { accounts: 1, roles: 2 } });
      const { add } = await home.runJson<SyncJson>(["profiles", "sync", "--yes"]);
      const name = add[0]?.profile ?? "";
      const result = await home.run(["profiles", "rm", name, "--yes"]);
      expect(result.stderr).toContain(`the next latchkey profiles sync writes ${name} again`);
      const again = await home.runJson<SyncJson>(["profiles", "sync", "--yes"]);
      expect(again.add.map(({ profile }) => profile)).toEqual([name]);
    },
  );
});

describe("profiles rename", () => {
  test(
    "changes the header and the profiles that refer to it, and undo reverts that",
    { tags: ["long"] },
    async () => {
      const home = await createConfiguredHome();
      const renamed = await home.runJson<RenamedProfileJson>([
        "profiles",
        "rename",
        "okta",
        "payments",
        "--yes",
      ]);
      expect(renamed).toMatchObject({ profile: "payments", from: "okta" });
      expect(home.read(CONFIG)).toBe(
        TEXT.replace("[profile okta]", "[profile payments]").replace("=okta", "=payments"),
      );
      expect((await undo(home)).exitCode).toBe(0);
      expect(home.read(CONFIG)).toBe(TEXT);
    },
  );

  test(
    "of a profile of sync keeps sync's record of it, so that sync still manages it",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: { accounts: 1, roles: 1 } });
      const sync = (...flags: string[]) =>
        home.runJson<SyncJson>(["profiles", "sync", "--yes", ...flags]);
      const { add } = await sync("--region", "eu-west-1");
      const name = add[0]?.profile ?? "";
      expect((await home.run(["profiles", "rename", name, "mine", "--yes"])).exitCode).toBe(0);
      const changed = await sync("--region", "eu-central-1");
      expect(changed).toMatchObject({ add: [], change: [{ profile: "mine" }] });
      expect(home.read(CONFIG)).toContain("region = eu-central-1");
    },
  );

  const refusals: ReadonlyArray<readonly [words: string[], exitCode: number, says: RegExp]> = [
    [["okta", "other"], 2, /There is a profile "other" already.*\n.*latchkey profiles rm other/],
    [["okta", "keys"], 2, /There is a profile "keys" already in .*\n.*Choose another name\.$/m],
    [["okta", "a b"], 2, /can't be the name of a profile/],
    [["nosuch", "new"], 7, /No profile "nosuch"/],
    [["okta"], 2, /NEW/],
  ];
  for (const [words, exitCode, says] of refusals)
    test(`${words.join(" → ")} ends with ${exitCode}, and changes nothing`, async () => {
      const home = await createConfiguredHome();
      home.write(".aws/credentials", "[keys]\n");
      const result = await home.run(["profiles", "rename", ...words, "--yes"]);
      expect(result, result.stderr).toMatchObject({ exitCode, stdout: "" });
      expect(result.stderr).toMatch(says);
      expect(home.read(CONFIG)).toBe(TEXT);
    });

  test(
    "does not separate a profile from keys of its name in the credentials file, unless forced",
    { tags: ["long"] },
    async () => {
      const home = await createConfiguredHome();
      home.write(".aws/credentials", "[other]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n");
      const words = ["profiles", "rename", "other", "new", "--yes"];
      expect(await home.run(words)).toMatchObject({ exitCode: 2 });
      expect(await home.run([...words, "--force"])).toMatchObject({ exitCode: 0 });
      expect(home.read(CONFIG)).toContain("[profile new]");
    },
  );
});

describe("sessions", () => {
  const LEGACY = `[profile old]\nsso_start_url = https://old.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 100000000001\nsso_role_name = A\n`;

  test(
    "are listed with the profiles that use them, and filtered by words",
    { tags: ["long"] },
    async () => {
      const home = await createConfiguredHome(`${TEXT}\n${LEGACY}`);
      const corp = { session: "corp", startUrl: URL, region: "us-east-1", profiles: 1 };
      const old = {
        session: null,
        startUrl: "https://old.awsapps.com/start",
        region: "eu-west-1",
        profiles: 1,
      };
      expect(await home.runJson<SessionJson[]>(["sessions"])).toEqual([corp, old]);
      expect(await home.runJson<SessionJson[]>(["sessions", "ls"])).toEqual([corp, old]);
      expect(await home.runJson<SessionJson[]>(["sessions", "OLD"])).toEqual([old]);
      const table = await home.run(["sessions"]);
      expect(table.stdout).toMatch(/^SESSION +START URL +REGION +PROFILES\ncorp /);
    },
  );

  test(
    "rm names the profiles that use the session, and keeps them if it is forced",
    { tags: ["long"] },
    async () => {
      const home = await createConfiguredHome();
      const refused = await home.run(["sessions", "rm", "corp", "--yes", "--json"]);
      expect(refused.exitCode).toBe(2);
      expect(parseOutput(refused)).toMatchObject({
        error: {
          code: "USAGE",
          message: 'okta uses the SSO session "corp" (--force keeps it).',
          hint: "latchkey profiles rm okta",
        },
      });
      const removed = await home.runJson<RemovedSessionJson>([
        "sessions",
        "rm",
        "corp",
        "--yes",
        "--force",
      ]);
      expect(removed).toMatchObject({ removed: ["corp"], profiles: ["okta"] });
      expect(home.read(CONFIG)).toBe(TEXT.replace(SESSION, ""));
      expect((await undo(home)).exitCode).toBe(0);
      expect(home.read(CONFIG)).toBe(TEXT);
    },
  );

  test("rm of a session with a sign-in gives the logout command", async () => {
    const home = await createSignedInHome();
    const result = await home.run(["sessions", "rm", "corp", "--yes", "--force"]);
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain(
      `You are still signed in there: latchkey logout --start-url ${URL}`,
    );
  });

  test("rm of a missing session names the nearest", async () => {
    const home = await createConfiguredHome();
    const result = await home.run(["sessions", "rm", "crop", "--yes"]);
    expect(result).toMatchObject({ exitCode: 7 });
    expect(result.stderr).toContain("The nearest names: corp");
  });
});
