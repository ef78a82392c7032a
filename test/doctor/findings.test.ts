import { devNull } from "node:os";
import { describe, expect, test } from "vitest";
import { examine } from "../../src/doctor/examine.ts";
import type { Diagnosis, Finding } from "../../src/doctor/findings.ts";
import { RULES_BY_SUBJECT } from "../../src/doctor/rule-table.ts";
import { diagnosisText } from "../../src/doctor/text.ts";
import { SESSION, tokenText, visitMachine, type Machine } from "./machine.ts";
import { isOnWindows, nameOnPosixOnly, testOnPosixOnly } from "../support/windows.ts";

/** One finding per rule, with the affected profiles. */

function diagnoseKinds(machine: Machine, all = false): Promise<Diagnosis> {
  return visitMachine(machine, (context) => examine(context, { offline: true, all }));
}

async function find(machine: Machine, id: string): Promise<Finding> {
  const { findings, notices } = await diagnoseKinds(machine);
  const found = [...findings, ...notices].filter((finding) => finding.id === id);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** Sixty profiles, each with several problems. */
const SIXTY = Array.from(
  { length: 60 },
  (_, index) => `[profile p${index}]
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_account_id = 12345
region = use-east-1
output = json # why
Cli_Pager = less
cli_auto_prompt:
stray: value
ca_bundle = /nope/ca.pem
endpoint_url = https://emu.example
source_profile = gone
`,
).join("");

const LEGACY = `[profile NAME]
sso_start_url = https://legacy.example/start
sso_region = us-east-1
sso_account_id = 100000000001
sso_role_name = ViewOnlyAccess
`;

describe("one finding per rule", () => {
  test("lists the profiles of all places, the first three in its summary, and the evidence of the first place", async () => {
    const names = ["a", "b", "c", "d"];
    const config = names.map((name) => LEGACY.replace("NAME", name)).join("");
    expect(await find({ config }, "legacy-profile")).toMatchObject({
      level: "notice",
      profiles: names,
      summary:
        "4 profiles: a, b, c … (latchkey doctor --all): a legacy profile (start URL in the profile): every client can use its token, but none can refresh it",
      evidence: expect.stringMatching(/config, line 2$/),
      hint: expect.stringContaining("--profile a "),
    });
  });

  test("describes its only place", async () => {
    const { profiles, summary } = await find(
      { config: LEGACY.replace("NAME", "a") },
      "legacy-profile",
    );
    expect(profiles).toEqual(["a"]);
    expect(summary).toMatch(/^\[profile a\] is in legacy form: /);
  });

  test.each<[string, Machine, string[], RegExp]>([
    [
      "duplicate-key",
      { config: `${LEGACY.replace("NAME", "a")}region = a\nregion = b\n` },
      ["a"],
      /^region occurs twice/,
    ],
    [
      "key-case",
      { config: `${SESSION}[profile a]\nRegion = us-east-1\nOutput = json\n` },
      ["a"],
      /^2 places in \[profile a\] \(latchkey doctor --all\): /,
    ],
    [
      "scopes-missing",
      {
        config: ["x", "y"]
          .map(
            (name) =>
              `[sso-session ${name}]\nsso_start_url = https://${name}.awsapps.com/start\nsso_region = us-east-1\n[profile of-${name}]\nsso_session = ${name}\n`,
          )
          .join(""),
      },
      ["of-x", "of-y"],
      /^2 SSO sessions: x, y \(/,
    ],
    [
      "credentials-prefix",
      { credentials: "[profile a]\nregion = us-east-1\n[profile b]\nregion = us-east-1\n" },
      ["profile a", "profile b"],
      /^2 profiles: /,
    ],
    [
      "token-date-form",
      { token: tokenText({ expiresAt: "2090-01-01T00:00:00UTC" }) },
      ["okta"],
      /^the token of corp /,
    ],
    [
      "key-before-section",
      { config: `a = b\nc = d\n${SESSION}` },
      [],
      /^2 places: .*line 1, .*line 2 \(/,
    ],
    ["env-default-profile", { env: () => ({ AWS_DEFAULT_PROFILE: "okta" }) }, [], /^only /],
  ])("%s lists the right profiles", async (id, machine, profiles, summary) => {
    const finding = await find(machine, id);
    expect(finding.profiles).toEqual(profiles);
    expect(finding.summary).toMatch(summary);
  });

  test("eight endpoints are one notice, whose hint removes all of them", async () => {
    const names = ["", "_S3", "_SSO", "_STS", "_SQS", "_SNS", "_EC2", "_SSO_OIDC"].map(
      (service) => `AWS_ENDPOINT_URL${service}`,
    );
    const env = Object.fromEntries(names.map((name) => [name, "http://127.0.0.1:4566"]));
    const { hint, summary } = await find({ env: () => env }, "endpoint-in-force");
    expect(summary).toMatch(/^8 services are redirected to another endpoint/);
    expect(hint).toBe(`If you do not want that: unset ${names.toSorted().join(" ")}`);
  });

  test.each([
    [{ ALL_PROXY: "http://user:hunter2@proxy.corp" }, /latchkey do not read ALL_PROXY/],
    [
      { no_proxy: "*.a.test,10.0.0.0/8,b.test" },
      /do not read \*\.a\.test, 10\.0\.0\.0\/8 in no_proxy/,
    ],
  ])("the parts of %j that latchkey does not read are reported", async (env, summary) => {
    expect((await find({ env: () => env }, "proxy-unread")).summary).toMatch(summary);
  });

  test.each<[string, string | Buffer, RegExp]>([
    [
      "git-crypt",
      Buffer.from("\0GITCRYPT\0\x01\xff[a\n=\n\n  b\n", "latin1"),
      /encrypted by git-crypt/,
    ],
    ["UTF-16", Buffer.from(`\ufeff${SESSION}`, "utf16le"), /UTF-16/],
    [
      "a template",
      `{{ if .work }}\n[profile a]\nsso_account_id = {{ .id }}\n{{ end }}\n`,
      /is a template/,
    ],
    ["Jinja", `[profile a]\n{% for x in y %}\nregion\n{% endfor %}\n`, /is a template/],
  ])("a config or credentials file that is %s is one finding", async (_, content, summary) => {
    const config = await diagnoseKinds({ config: content });
    expect([...config.findings, ...config.notices]).toMatchObject([
      { id: "config-unreadable", summary: expect.stringMatching(summary), profiles: [] },
    ]);
    const credentials = await diagnoseKinds({ files: { ".aws/credentials": content } });
    expect([...credentials.findings, ...credentials.notices]).toMatchObject([
      { id: "credentials-unreadable", summary: expect.stringMatching(summary) },
    ]);
  });

  test("a template's fields are not reported, only the template", async () => {
    const config = `[profile a]\nsso_account_id = {{ .id }}\nregion = {{ .region }} # x\n`;
    const { findings, notices } = await diagnoseKinds({ config });
    expect([...findings, ...notices].map(({ id }) => id)).toEqual(["config-template"]);
  });

  test.skipIf(isOnWindows).each<[string, string, Machine]>([
    ["/dev/zero", "is not a regular file", {}],
    ["/dev/full", "is not a regular file", {}],
    ["/dev/random", "is not a regular file", {}],
    ["HOME/work", "is not a regular file", { directories: ["work"] }],
    ["C:\\Users\\Jane Doe\\config", "is a Windows path", {}],
  ])(
    nameOnPosixOnly(
      "there these are paths",
      "%s as the config or credentials file is one finding, whose hint moves nothing",
    ),
    async (path, words, machine) => {
      for (const [variable, id] of [
        ["AWS_CONFIG_FILE", "config-unreadable"],
        ["AWS_SHARED_CREDENTIALS_FILE", "credentials-unreadable"],
      ] as const) {
        const found = await diagnoseKinds({
          ...machine,
          env: (home) => ({ [variable]: path.replace("HOME", home) }),
        });
        const all = [...found.findings, ...found.notices];
        expect(all).toMatchObject([{ id, summary: expect.stringContaining(words) }]);
        expect(all[0]?.hint).not.toMatch(/chmod|chown|\bmv\b|move|ls -l/i);
      }
    },
  );

  testOnPosixOnly("there it is a path")(
    "a CA bundle with a Windows path is reported as such",
    async () => {
      const path = "C:\\Users\\Jane Doe\\ca.pem";
      for (const machine of [
        { env: () => ({ AWS_CA_BUNDLE: path }) },
        { config: `[default]\nca_bundle = ${path}\n` },
      ])
        expect((await find(machine, "ca-bundle-unusable")).summary).toContain("a Windows path");
    },
  );

  test("no hint changes /dev/null, or the mode of a file outside ~/.aws", async () => {
    const off = await diagnoseKinds({
      env: () => ({ AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull }),
    });
    expect([...off.findings, ...off.notices]).toEqual([]);
    // Files of Windows have no modes.
    if (isOnWindows) return;
    const elsewhere = await find(
      {
        files: { "work/config": SESSION },
        modes: { "work/config": 0o666 },
        env: (home) => ({ AWS_CONFIG_FILE: `${home}/work/config` }),
      },
      "file-writable",
    );
    expect(elsewhere.hint).not.toContain("chmod");
  });

  test.each([
    [
      "[sso-session corp]\n",
      "The only session: corp. latchkey configure --profile a --sso-session corp",
    ],
    [
      "[sso-session work]\n",
      "The nearest: work. latchkey configure --profile a --sso-session work",
    ],
    ["[sso-session x]\n[sso-session y]\n", "latchkey configure --profile a --sso-session wrok"],
    ["", "latchkey configure --profile a --sso-session wrok"],
  ])(
    "the hint for a missing session beside %j uses an existing session if one fits",
    async (rest, hint) => {
      const config = `[profile a]\nsso_session = wrok\n${rest}`;
      expect((await find({ config }, "session-missing")).hint).toBe(hint);
    },
  );

  test("with all, each place is a separate finding", async () => {
    const { findings, notices } = await diagnoseKinds({ config: SIXTY }, true);
    const legacy = notices.filter(({ id }) => id === "legacy-profile");
    expect(legacy.map(({ profiles }) => profiles)).toEqual(
      Array.from({ length: 60 }, (_, index) => [`p${index}`]),
    );
    expect(findings.length).toBeGreaterThan(300);
    expect(JSON.stringify(findings)).not.toContain("--all");
  });
});

describe("the text", () => {
  test("has at most 30 lines for sixty profiles with many problems, and contains every id", async () => {
    const diagnosis = await diagnoseKinds({ config: SIXTY });
    const text = diagnosisText(RULES_BY_SUBJECT, diagnosis, 30);
    const ids = [...diagnosis.findings, ...diagnosis.notices].map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(9);
    expect(new Set(ids).size).toBe(ids.length);
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
    for (const id of ids) expect(text).toContain(id);
    expect(text).toContain("60 profiles: p0, p1, p2 … (latchkey doctor --all): ");
    expect(text).toContain("evidence and hints of all: latchkey doctor --all\n");
    expect(diagnosisText(RULES_BY_SUBJECT, diagnosis)).not.toContain("evidence and hints of all");
  });

  test.each([1, 8, 9, 10, 28, 29, 60])(
    "of %i findings has at most 30 lines and contains each id",
    (count) => {
      const findings = Array.from({ length: count }, (_, index) => ({
        id: `kind-${index}`,
        level: "warn" as const,
        summary: "s",
        evidence: "e",
        hint: "h",
        profiles: [],
      }));
      const text = diagnosisText(
        RULES_BY_SUBJECT,
        { ok: true, findings, notices: [], passed: ["key-case"] },
        30,
      );
      expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
      for (const { id } of findings) expect(text).toMatch(new RegExp(`\\b${id}\\b`));
      expect(text.split("→").length - 1).toBe(
        count <= 9 ? count : Math.max(0, Math.floor((27 - Math.min(count, 27)) / 2)),
      );
    },
  );
});
