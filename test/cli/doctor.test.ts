import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { build, CORP_TOKEN, PROFILE, SESSION, tokenText, type Machine } from "../doctor/machine.ts";
import {
  createHome,
  SESSION_CONFIG,
  type Home,
  type RunOptions,
  parseOutput,
} from "../support/home.ts";
import type { Diagnosis } from "../../src/doctor/findings.ts";

/** A home as the fixtures describe it, with the emulator's portal to ask. PATH has the home's own programs alone. */
async function createMachineHome(machine: Machine): Promise<{
  home: Home;
  runDoctor: (argv: readonly string[], options?: RunOptions) => ReturnType<Home["run"]>;
}> {
  const home = await createHome();
  build(home.path, machine);
  const env = { PATH: join(home.path, "bin"), ...machine.env?.(home.path) };
  return {
    home,
    runDoctor: (argv, options = {}) =>
      home.run(["doctor", ...argv], { ...options, env: { ...env, ...options.env } }),
  };
}

function listIds(stdout: string, list: "findings" | "notices" = "findings"): string[] {
  return parseOutput<Diagnosis>({ stdout })
    [list].map(({ id }) => id)
    .toSorted();
}

const TEN_DEFECTS: Machine = {
  config: `[default]
region = eu-west-1
[profile default]
region = eu-west-1
[profile okta]
sso_session = corp
sso_account_id = 100000000001
sso_role_name = ViewOnlyAccess
credential_process = /nope/gone
region = use-east-1
output = json # as always
[profile twice]
region = eu-west-1
region = eu-west-2
[profile lost]
sso_session = crop
[sso-session corp]
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scope = sso:account:access
`,
  token: tokenText(),
  modes: { [CORP_TOKEN]: 0o644 },
  env: () => ({ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "us-east-1" }),
};
const TEN_IDS = [
  "default-twice",
  "duplicate-key",
  "env-region-twice",
  "inline-comment",
  "key-misspelt",
  "process-gone",
  "profile-mixed",
  "region-misspelt",
  "session-missing",
  "token-exposed",
];

describe("latchkey doctor", () => {
  test("ten planted defects are exactly those ten ids, and it exits 1", async () => {
    const { runDoctor } = await createMachineHome(TEN_DEFECTS);
    const result = await runDoctor(["--json"]);
    expect(result).toMatchObject({ exitCode: 1, stderr: "" });
    expect(listIds(result.stdout)).toEqual(TEN_IDS);
    expect(parseOutput<Diagnosis>(result)).toMatchObject({
      ok: false,
      passed: expect.arrayContaining(["clock-wrong", "duplicate-section"]),
    });
    const text = await runDoctor([]);
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(
      / FAIL {2}session-missing +\[profile lost\].*\n.*line 16\n.*→ The nearest: corp\. latchkey configure --profile lost --sso-session corp\n/,
    );
    expect(text.stdout).toMatch(/the AWS CLI and Go take SSO, JavaScript runs the process/);
    expect(text.stdout).toMatch(/\n3 failed, 7 warnings, 1 notice, \d\d ok\n$/);
  });

  test("a clean home has no finding and exits 0, also where it has never signed in or has no config", async () => {
    for (const machine of [
      { config: SESSION_CONFIG, token: tokenText() },
      { config: SESSION_CONFIG },
      { config: "" },
    ]) {
      const { runDoctor } = await createMachineHome(machine);
      const result = await runDoctor(["--json", "--strict"]);
      expect(result).toMatchObject({ exitCode: 0, stderr: "" });
      expect(parseOutput<Diagnosis>(result)).toMatchObject({ ok: true, findings: [] });
      expect(new Set(listIds(result.stdout, "notices"))).toEqual(new Set(["endpoint-in-force"]));
    }
  });

  test("what is wrong in many profiles is one finding, and --all shows each, as text and as JSON", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `p${index}`);
    const config = names.map((name) => `[profile ${name}]\nregion = use-east-1\n`).join("");
    const { runDoctor } = await createMachineHome({ config });
    const text = await runDoctor(["--offline"]);
    expect(text.stdout).toContain("60 profiles: p0, p1, p2 … (latchkey doctor --all): ");
    expect(text.stdout.split("\n").length).toBeLessThan(12);
    expect((await runDoctor(["--offline", "--all"])).stdout).toContain(
      "[profile p59] has the region",
    );
    const { findings } = parseOutput<Diagnosis>(await runDoctor(["--offline", "--json"]));
    expect(findings).toMatchObject([{ id: "region-misspelt", profiles: names }]);
    const each = parseOutput<Diagnosis>(await runDoctor(["--offline", "--json", "--all"]));
    expect(each.findings.map(({ profiles }) => profiles)).toEqual(names.map((name) => [name]));
  });

  test("a warning exits 0, and 1 with --strict; a notice never counts", async () => {
    const warned = await createMachineHome({
      credentials: "",
      modes: { ".aws/credentials": 0o644 },
    });
    expect((await warned.runDoctor(["--offline"])).exitCode).toBe(0);
    expect((await warned.runDoctor(["--offline", "--strict"])).exitCode).toBe(1);
    const noticed = await createMachineHome({ modes: { ".aws/config": 0o644 } });
    expect(await noticed.runDoctor(["--offline", "--strict"])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(" note  config-readable"),
    });
  });

  test("a portal that accepts and never answers is a warning after some seconds", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    try {
      const { runDoctor } = await createMachineHome({});
      const before = performance.now();
      const result = await runDoctor(["--json"], {
        env: { AWS_ENDPOINT_URL_SSO: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` },
      });
      expect(listIds(result.stdout)).toEqual(["service-unreachable"]);
      expect(result.exitCode).toBe(0);
      expect(performance.now() - before).toBeLessThan(12_000);
    } finally {
      silent.close();
    }
  });

  test("a program on PATH that hangs is left out, and stdin is not waited for", async () => {
    const { home, runDoctor } = await createMachineHome({});
    home.write("bin/aws", "#!/bin/sh\nexec /bin/sleep 60\n", 0o700);
    const before = performance.now();
    expect(listIds((await runDoctor(["--json"])).stdout)).toEqual([]);
    expect(performance.now() - before).toBeLessThan(15_000);
  });
});

describe("latchkey doctor --fix", () => {
  const MENDABLE: Machine = {
    config: `# mine
[profile okta]
sso_session = corp
sso_start_url = https://emu.awsapps.com/start
sso_account_id = 100000000001
sso_role_name = ViewOnlyAccess
credential_process = /bin/cat
region = eu-west-1

[sso-session corp] # the company
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scope = sso:account:access

${SESSION.replace("corp", "bare")
  .replace("//emu", "//bare")
  .replace(/sso_registration_scopes.*\n/, "")}`,
  };

  test("mends the safe ones, changes nothing else, and profiles undo takes it back", async () => {
    const { home, runDoctor } = await createMachineHome(MENDABLE);
    expect(listIds((await runDoctor(["--json"])).stdout)).toEqual([
      "key-misspelt",
      "profile-mixed",
      // The comment behind [sso-session corp], which --fix leaves.
      "refused-by-some",
      "scopes-missing",
      "session-inline",
    ]);
    const before = home.read(".aws/config");
    const result = await runDoctor(["--fix", "--yes", "--json"]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(listIds(result.stdout)).toEqual(["refused-by-some"]);
    expect(result.stderr).toContain("- sso_registration_scope = sso:account:access");
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
credential_process = /bin/cat
region = eu-west-1
`);
    expect((await runDoctor(["--fix", "--yes", "--json"])).stderr).toBe("");
    expect(home.list(".aws/latchkey/backups")).toHaveLength(1);
    expect(await home.run(["profiles", "undo"])).toMatchObject({ exitCode: 0 });
    expect(home.read(".aws/config")).toBe(before);
  });

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

  test("leaves a section that another tool owns, says so, and mends the others", async () => {
    const owned = `[profile theirs]\ncommon_fate_generated_from = aws-sso\nsso_session = corp\nsso_region = us-east-1\n`;
    const { home, runDoctor } = await createMachineHome({
      config: owned + SESSION.replace("scopes =", "scope ="),
    });
    const result = await runDoctor(["--fix", "--yes", "--json"]);
    expect(listIds(result.stdout)).toEqual(["session-inline"]);
    expect(result.stderr).toMatch(/latchkey: notice: not mended: .*granted/);
    expect(home.read(".aws/config")).toBe(owned + SESSION);
  });

  test("leaves a misspelt key where the right one is there, too, and writes nothing over its value", async () => {
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

  test("keeps the mode of the config, and touches no other file", async () => {
    const { home, runDoctor } = await createMachineHome({
      ...MENDABLE,
      token: tokenText(),
      modes: { [CORP_TOKEN]: 0o644 },
    });
    chmodSync(join(home.path, ".aws/config"), 0o640);
    expect(listIds((await runDoctor(["--fix", "--yes", "--json"])).stdout)).toEqual([
      "refused-by-some",
      "token-exposed",
    ]);
    expect(statSync(join(home.path, ".aws/config")).mode & 0o777).toBe(0o640);
    expect(statSync(join(home.path, CORP_TOKEN)).mode & 0o777).toBe(0o644);
  });
});
