import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { createMachineHome, listDoctorIds as listIds } from "../doctor/machine-home.ts";
import { CORP_TOKEN, tokenText, type Machine } from "../doctor/machine.ts";
import { SESSION_CONFIG, parseOutput } from "../support/home.ts";
import type { Diagnosis } from "../../src/doctor/findings.ts";
import { isOnWindows, testOnPosixOnly } from "../support/windows.ts";

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
  // Files on Windows have no modes.
  ...(isOnWindows ? [] : ["token-exposed"]),
];

describe("latchkey doctor", () => {
  test(
    "reports ten planted defects with exactly those ten ids, and exits 1",
    { tags: ["long"] },
    async () => {
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
      expect(text.stdout).toMatch(
        /JavaScript runs the process; the AWS CLI, Go, Java, Rust and \.NET use SSO/,
      );
      expect(text.stdout).toMatch(/\n3 failed, [67] warnings, 1 notice, \d+ ok\n$/);
    },
  );

  test(
    "reports nothing for a clean home and exits 0, also without any sign-in or config",
    { tags: ["long"] },
    async () => {
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
    },
  );

  test(
    "reports the same fault in many profiles once, and --all shows each, as text and as JSON",
    { tags: ["long"] },
    async () => {
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
    },
  );

  test(
    "exits 0 for a warning, and 1 with --strict; a notice never counts",
    { tags: ["long"] },
    async () => {
      const warned = await createMachineHome({
        config: `${SESSION_CONFIG}output = json # as always\n`,
      });
      expect((await warned.runDoctor(["--offline"])).exitCode).toBe(0);
      expect((await warned.runDoctor(["--offline", "--strict"])).exitCode).toBe(1);
      const noticed = await createMachineHome({});
      expect(await noticed.runDoctor(["--strict"])).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(" note  endpoint-in-force"),
      });
    },
  );

  test(
    "reports a portal that accepts and never answers as a warning after some seconds",
    { tags: ["long"] },
    async () => {
      const silent = createServer(() => undefined).listen(0, "127.0.0.1");
      await new Promise((resolve) => silent.once("listening", resolve));
      try {
        const { runDoctor } = await createMachineHome({});
        const before = performance.now();
        const result = await runDoctor(["--json"], {
          env: {
            AWS_ENDPOINT_URL_SSO: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
          },
        });
        expect(listIds(result.stdout)).toEqual(["service-unreachable"]);
        expect(result.exitCode).toBe(0);
        expect(performance.now() - before).toBeLessThan(12_000);
      } finally {
        silent.close();
      }
    },
  );

  testOnPosixOnly("a program that is a script of sh")(
    "a program on PATH that hangs is left out, and stdin is not read",
    async () => {
      const { home, runDoctor } = await createMachineHome({});
      home.write("bin/aws", "#!/bin/sh\nexec /bin/sleep 60\n", 0o700);
      const before = performance.now();
      expect(listIds((await runDoctor(["--json"])).stdout)).toEqual([]);
      expect(performance.now() - before).toBeLessThan(15_000);
    },
  );
});
