import fc from "fast-check";
import { expect, test } from "vitest";
import { createSignedInHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { SEED } from "../support/seed.ts";

/** Every value from a file, a flag or the environment is checked before use, and none causes an internal error. */

const PROFILE = `${SESSION_CONFIG}`;
const withRegion = (region: string): string =>
  `${PROFILE}\n[profile odd]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\nregion = ${region}\n`;

test.each([
  ['"us-east-1"', "has quotes around it"],
  ["'us-east-1'", "has quotes around it"],
  ["us_east_1", "is not a region's name"],
  ["us-\u200beast-1", "has a zero-width character"],
  ["us-east\u00a0-1", "has a no-break space"],
  ["x y", "is not a region's name"],
  ["us-east-1/../../x", "is not a region's name"],
])("the region %j of a profile: exit 7 with file and line", async (region, words) => {
  const home = await createSignedInHome();
  home.write(".aws/config", withRegion(region));
  const line = home.read(".aws/config").split("\n").indexOf(`region = ${region}`) + 1;
  for (const argv of [
    ["whoami", "odd"],
    ["exec", "odd", "--", "true"],
    ["console", "odd", "--print"],
  ]) {
    const result = await home.run(argv);
    expect(result, argv.join(" ")).toMatchObject({ exitCode: 7, stdout: "" });
    expect(result.stderr).toContain(`region ${words}`);
    expect(result.stderr).toMatch(RegExp(`aws[\\\\/]config, \\[profile odd\\], line ${line}`));
  }
});

test("commands that do not use the profile's region still work", async () => {
  const home = await createSignedInHome();
  home.write(".aws/config", withRegion('"us-east-1"'));
  expect(await home.run(["credential-process", "--profile", "odd"])).toMatchObject({ exitCode: 0 });
  expect(await home.run(["status"])).toMatchObject({ exitCode: 0 });
  expect(await home.run(["profiles"])).toMatchObject({ exitCode: 0 });
});

test.each([
  ["AWS_REGION", '"us-east-1"', "AWS_REGION has quotes around it"],
  ["AWS_REGION", "us-east-1\r", "AWS_REGION has a carriage return"],
  ["AWS_DEFAULT_REGION", "x y", "AWS_DEFAULT_REGION is not a region's name"],
])("%s=%j: exit 7 with the variable", async (variable, value, words) => {
  const home = await createSignedInHome();
  const result = await home.run(["whoami", "okta"], { env: { [variable]: value } });
  expect(result).toMatchObject({ exitCode: 7, stdout: "" });
  expect(result.stderr).toContain(words);
  expect(result.stderr).toContain(`unset ${variable}`);
});

test("a carriage return in AWS_PROFILE is reported", async () => {
  const home = await createSignedInHome();
  const result = await home.run(["whoami"], { env: { AWS_PROFILE: "okta\r" } });
  expect(result.exitCode).toBe(7);
  expect(result.stderr).toContain("carriage return");
});

test.each<readonly [string, ...string[]]>([
  ["--region", "federation", "check", "--region", "x y"],
  ["--region", "federation", "access", "--region", "us_east_1"],
  ["--region", "whoami", "okta", "--region", "x y"],
  ["--region", "exec", "okta", "--region", '"us-east-1"', "--", "true"],
  ["--region", "console", "okta", "--print", "--region", "a/b"],
  ["--sso-region", "login", "--start-url", "https://emu.awsapps.com/start", "--sso-region", "x y"],
  [
    "--sso-region",
    "accounts",
    "--start-url",
    "https://emu.awsapps.com/start",
    "--sso-region",
    "US",
  ],
  [
    "--role-name",
    "credential-process",
    "--role-name",
    "a b",
    "--account-id",
    "100000000001",
    "--sso-session",
    "corp",
  ],
  [
    "--account-id",
    "credential-process",
    "--role-name",
    "a",
    "--account-id",
    "1",
    "--sso-session",
    "corp",
  ],
  [
    "--start-url",
    "login",
    "--start-url",
    "https://acme.okta.com/home",
    "--sso-region",
    "us-east-1",
  ],
])("a wrong %s exits 2, in %s %s %s %s", async (flag, ...argv) => {
  const home = await createSignedInHome();
  const result = await home.run(argv);
  expect(result).toMatchObject({ exitCode: 2, stdout: "" });
  expect(result.stderr).toMatch(
    new RegExp(`^latchkey: error: ${flag} [^\\n]*\\.\nlatchkey: hint: `),
  );
});

/** Values as they look after copying, quoting or a wrong encoding. */
const odd = fc.oneof(
  fc.constantFrom(
    '"us-east-1"',
    "'x'",
    "us-east-1\r",
    "a\u00a0b",
    "\u200b",
    "\ufeffx",
    "x y",
    "__proto__",
    "constructor",
    "${HOME}",
    "~/x",
    "%zz",
    "https://",
    "http://[",
    "://",
    "-1",
    "1e999",
    "99999999999999999999",
    "NaN",
    "a".repeat(300),
    "\ud800".toWellFormed(),
    "é",
    "{{ x }}",
    "../..",
    "/dev/null",
    "[x]",
    "a=b",
    "#",
    ";",
  ),
  fc.string({ minLength: 1, maxLength: 20, unit: "binary" }),
);
const toArgument = (text: string): string => text.replaceAll("\0", "").toWellFormed();

const COMMANDS: ReadonlyArray<readonly string[]> = [
  ["accounts"],
  ["roles", "@"],
  ["roles", "--account-id", "@"],
  ["whoami", "@"],
  ["whoami", "okta", "--region", "@"],
  ["whoami", "okta", "--offline"],
  ["export", "okta", "--format", "@"],
  ["exec", "okta", "--region", "@", "--", "true"],
  ["console", "okta", "--print", "--service", "@"],
  ["console", "okta", "--print", "--duration", "@"],
  ["console", "okta", "--print", "--region", "@"],
  ["login", "--no-browser", "--start-url", "@", "--sso-region", "@"],
  ["login", "--no-browser", "--sso-session", "@"],
  ["logout", "--sso-session", "@"],
  ["status", "--sso-session", "@"],
  ["credential-process", "--sso-session", "@", "--account-id", "@", "--role-name", "@"],
  ["credential-process", "--profile", "@"],
  [
    "configure",
    "--profile",
    "@",
    "--sso-session",
    "corp",
    "--account-id",
    "@",
    "--role-name",
    "@",
    "--region",
    "@",
    "--output",
    "@",
    "--yes",
  ],
  [
    "configure",
    "session",
    "--sso-session",
    "@",
    "--start-url",
    "@",
    "--sso-region",
    "@",
    "--sso-registration-scopes",
    "@",
    "--yes",
  ],
  ["profiles", "sync", "--template", "@", "--dry-run"],
  ["profiles", "sync", "--filter", "@", "--set", "@", "--dry-run"],
  ["profiles", "sync", "--from", "@", "--dry-run"],
  ["settings", "@", "@"],
  ["settings", "default-region", "@"],
  ["federation", "check", "--region", "@", "--user", "@", "--timeout", "5"],
  ["federation", "metadata", "--acs-url", "@", "--issuer-url", "@", "--region", "@"],
  ["federation", "scim", "--endpoint", "@", "--token-created", "@"],
  ["doctor", "--offline"],
  ["shell-init", "@"],
];
const KEYS = [
  "region",
  "output",
  "role_arn",
  "source_profile",
  "duration_seconds",
  "role_session_name",
  "ca_bundle",
  "services",
  "endpoint_url",
  "sso_session",
  "sso_account_id",
  "sso_role_name",
  "sso_start_url",
  "sso_region",
  "sso_registration_scopes",
  "mfa_serial",
  "external_id",
  "web_identity_token_file",
  "credential_source",
  "aws_access_key_id",
];
const VARIABLES = [
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_PROFILE",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CA_BUNDLE",
  "HTTPS_PROXY",
  "NO_PROXY",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_ACCESS_KEY_ID",
  "LATCHKEY_FORM",
  "LATCHKEY_START_URL",
  "LATCHKEY_SSO_REGION",
  "BROWSER",
];

const scene = fc.record({
  command: fc.constantFrom(...COMMANDS),
  values: fc.infiniteStream(odd),
  key: fc.option(fc.constantFrom(...KEYS), { nil: undefined }),
  variable: fc.option(fc.constantFrom(...VARIABLES), { nil: undefined }),
  value: odd,
});

async function runScene(
  home: Home,
  {
    command,
    values,
    key,
    variable,
    value,
  }: {
    command: readonly string[];
    values: Iterator<string>;
    key: string | undefined;
    variable: string | undefined;
    value: string;
  },
) {
  const takeNext = (): string => toArgument(String(values.next().value));
  const line = toArgument(value).replaceAll(/[\r\n]/g, " ");
  home.write(
    ".aws/config",
    key === undefined
      ? PROFILE
      : PROFILE.replace("[profile okta]\n", `[profile okta]\n${key} = ${line}\n`),
  );
  const argv = command.map((word) => (word === "@" ? takeNext() : word));
  const env = {
    ...(variable !== undefined && { [variable]: toArgument(value) }),
    LATCHKEY_NO_BROWSER: "1",
  };
  return { argv, env, result: await home.run(argv, { env }) };
}

test("no odd value in a flag, the config or the environment causes an internal error in any command", async () => {
  const home = await createSignedInHome({ autoApprove: { afterPolls: 0 } });
  await fc.assert(
    fc.asyncProperty(scene, async (drawn) => {
      const { argv, env, result } = await runScene(home, drawn);
      const told = JSON.stringify({ argv, env, key: drawn.key, value: drawn.value, ...result });
      expect(result.stderr, told).not.toMatch(/inside latchkey|at .*\.js:\d|node:internal/);
      expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 126, 127], told).toContain(result.exitCode);
    }),
    { seed: SEED, numRuns: Number(process.env["FC_RUNS"] ?? 60), endOnFailure: true },
  );
}, 600_000);
