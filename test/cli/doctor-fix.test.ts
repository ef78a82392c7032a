import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SYSTEM_PROGRAM } from "../support/commands.ts";
import { createMachineHome, listDoctorIds as listIds } from "../doctor/machine-home.ts";
import { CORP_TOKEN, PROFILE, SESSION, tokenText, type Machine } from "../doctor/machine.ts";
import { expectMode, isOnWindows } from "../support/windows.ts";

describe("latchkey doctor --fix", () => {
  const MENDABLE: Machine = {
    config: `# mine
[profile okta]
sso_session = corp
sso_start_url = https://emu.awsapps.com/start
sso_account_id = 100000000001
sso_role_name = ViewOnlyAccess
credential_process = ${SYSTEM_PROGRAM}
region = eu-west-1

[sso-session corp] # the company
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scope = sso:account:access

${SESSION.replace("corp", "bare")
  .replace("//emu", "//bare")
  .replace(/sso_registration_scopes.*\n/, "")}`,
  };

  test(
    "applies the safe fixes, changes nothing else, and profiles undo reverts them",
    { tags: ["long"] },
    async () => {
      const { home, runDoctor } = await createMachineHome(MENDABLE);
      expect(listIds((await runDoctor(["--json"])).stdout)).toEqual([
        "key-misspelt",
        "profile-mixed",
        // The comment after [sso-session corp], which --fix keeps.
        "refused-by-some",
        "scopes-missing",
        "session-inline",
      ]);
      const before = home.read(".aws/config");
      const result = await runDoctor(["--fix", "--yes", "--json"]);
      expect(result).toMatchObject({ exitCode: 0 });
      expect(listIds(result.stdout)).toEqual(["refused-by-some"]);
      expect(result.stderr).toContain("- sso_registration_scope = …");
      expect(home.read(".aws/config")).toBe(`# mine
[profile okta]
sso_session = corp
sso_account_id = 100000000001
sso_role_name = ViewOnlyAccess
region = eu-west-1

[sso-session corp] # the company
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[sso-session bare]
sso_start_url = https://bare.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile okta-process]
credential_process = ${SYSTEM_PROGRAM}
region = eu-west-1
`);
      expect((await runDoctor(["--fix", "--yes", "--json"])).stderr).toBe("");
      expect(home.list(".aws/latchkey/backups")).toHaveLength(1);
      expect(await home.run(["profiles", "undo"])).toMatchObject({ exitCode: 0 });
      expect(home.read(".aws/config")).toBe(before);
    },
  );

  test("without --yes and without a terminal it exits 2 and changes nothing", async () => {
    const { home, runDoctor } = await createMachineHome(MENDABLE);
    const before = home.read(".aws/config");
    expect(await runDoctor(["--fix"])).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining("--yes"),
    });
    expect(home.read(".aws/config")).toBe(before);
    expect((await runDoctor(["--yes"])).exitCode).toBe(2);
  });

  test("skips a section that another tool owns, reports that, and fixes the others", async () => {
    const owned = `[profile theirs]\ncommon_fate_generated_from = aws-sso\nsso_session = corp\nsso_region = us-east-1\n`;
    const { home, runDoctor } = await createMachineHome({
      config: owned + SESSION.replace("scopes =", "scope ="),
    });
    const result = await runDoctor(["--fix", "--yes", "--json"]);
    expect(listIds(result.stdout)).toEqual(["session-inline"]);
    expect(result.stderr).toMatch(/latchkey: notice: not fixed: .*granted/);
    expect(home.read(".aws/config")).toBe(owned + SESSION);
  });

  test("keeps a misspelt key if the correct one exists too, and does not overwrite its value", async () => {
    const session = SESSION.replace(
      "sso_region",
      "so_start_url = https://wrong.example/start\nsso_region",
    );
    const both = `${PROFILE}regon = us-west-2\n${session}`;
    const misspelt = SESSION.replace("corp", "bare").replace("scopes =", "scope =");
    const { home, runDoctor } = await createMachineHome({ config: both + misspelt });
    const result = await runDoctor(["--fix", "--yes", "--json"]);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(home.read(".aws/config")).toBe(both + misspelt.replace("scope =", "scopes ="));
  });

  test.each([
    [
      "regions of other services",
      "[default]\nregion = us-west-1\ns3_region = us-west-1\nssm_region = us-west-2\n",
    ],
    [
      "a key of the user's own",
      "[default]\naws_access_key_id = a\naws_secret_access_key = b\nmy_region = us-east-1\n",
    ],
    [
      "keys of an older tool",
      '[profile "p"]\naws_access_key_id = a\naws_secret_access_key = b\naws_security_token = c\n',
    ],
    [
      "nested blocks",
      "[default]\nregion = us-east-1\ns3 =\n    addressing_style = path\n    regon = x\ncloudwatch =\n    signature_version = v4\n",
    ],
    [
      "sections of services",
      "[default]\nservices = mine\n[services mine]\ns3 =\n  endpoint_url = https://localhost:1234/\nsso_regoin = x\n",
    ],
    ["a section that no client reads", "[Credentials]\nregon = us-east-1\n"],
    ["a header with two names", '[profile "p" "q"]\nregon = us-east-1\n'],
    [
      "two misspellings of one key",
      `[sso-session s]\nsso_start_url = https://emu.awsapps.com/start\nsso_regoin = us-east-1\nsso_rgion = us-west-2\nsso_registration_scopes = sso:account:access\n`,
    ],
    [
      "a misspelling without another SSO key",
      "[profile p]\nsso_regoin = us-east-1\nregion = us-east-1\n",
    ],
    [
      "scopes under another name",
      "[sso-session s]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nscopes = a\n",
    ],
    [
      "a mixed profile with a role, too",
      `${PROFILE}credential_process = ${SYSTEM_PROGRAM}\nrole_arn = arn:aws:iam::100000000003:role/a\nsource_profile = okta\n${SESSION}`,
    ],
  ])("changes nothing in a file with %s", async (_, config) => {
    const { home, runDoctor } = await createMachineHome({ config });
    await runDoctor(["--fix", "--yes", "--offline"]);
    expect(home.read(".aws/config")).toBe(config);
  });

  test("keeps the mode of the config, and changes no other file", async () => {
    const { home, runDoctor } = await createMachineHome({
      ...MENDABLE,
      token: tokenText(),
      modes: { [CORP_TOKEN]: 0o644 },
    });
    chmodSync(join(home.path, ".aws/config"), 0o640);
    expect(listIds((await runDoctor(["--fix", "--yes", "--json"])).stdout)).toEqual([
      "refused-by-some",
      ...(isOnWindows ? [] : ["token-exposed"]),
    ]);
    expectMode(join(home.path, ".aws/config"), 0o640);
    expectMode(join(home.path, CORP_TOKEN), 0o644);
  });
});
