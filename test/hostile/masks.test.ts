import { describe, expect, test } from "vitest";
import type { ScimJson } from "../../src/commands/federation/scim.ts";
import { GROUP, USER } from "../support/federation.ts";
import { createFederatedHome, runAsAdministrator } from "../support/federation-run.ts";
import {
  CORP_TOKEN,
  createSignedInHome,
  expireTokenFile,
  parseOutput,
  SESSION_CONFIG,
  type Home,
  type TokenFileJson,
} from "../support/home.ts";
import { startSession } from "../support/pty.ts";
import { nameRole } from "../support/session-config.ts";

/** Kind 3, masking: secrets of other tools in the config, and secrets that a service sends back. */

/** Matches each secret. */
const SECRET = /hush-\w+/g;
const SECRETS = `# my old key: hush-comment1
; aws_secret_access_key = hush-comment2
vault_pass = hush-vault
mfa_pin = hush-pin
api_key = hush-key
X_Custom: hush-custom
external_id = hush-external
aws_secret_access_key = hush-aws
aws_session_token =
  hush-continued
    hush-further
s3 =
  addressing_style = path
  proxy_password = hush-nested
credential_process = get-creds --token hush-flag hush-word --pin=hush-pin2 -p hush-short
endpoint_url = https://me:hush-url@example.com/
cli_pager = less # password hush-behind
`;

/** Creates a home with secrets in lines that every diff shows: before, in and after the lines that latchkey writes. */
async function createTold(): Promise<Home> {
  const home = await createSignedInHome();
  home.write(
    ".aws/config",
    SESSION_CONFIG.replace("output = json\n", `output = json\n${SECRETS}`) +
      `[profile static]\n${SECRETS}[profile last]\n${SECRETS}`,
  );
  return home;
}

const OKTA = ["--profile", "okta", ...nameRole("100000000001", "Billing"), "--yes", "--force"];

describe("a plan, a diff and its JSON show no value of a key that is not known to be harmless", () => {
  test.each<[argv: readonly string[]]>([
    [["profiles", "sync", "--dry-run", "--diff", "--all"]],
    [["profiles", "sync", "--dry-run", "--diff", "--json"]],
    [["profiles", "sync", "--yes", "--diff", "--json"]],
    [["configure", ...OKTA]],
    [["configure", ...OKTA, "--json"]],
    [["configure", "--form", "credential-process", ...OKTA, "--json"]],
    [["configure", "session", "corp", "--sso-region", "eu-west-1", "--yes", "--force", "--json"]],
    [["profiles", "rm", "last", "static", "--yes"]],
    [["profiles", "rm", "last", "static", "--yes", "--json"]],
    [["profiles", "rename", "static", "other", "--yes", "--json"]],
    [["sessions", "rm", "corp", "--yes", "--force", "--json"]],
    [["doctor", "--fix", "--yes", "--offline"]],
    [["doctor", "--fix", "--yes", "--offline", "--json"]],
    [["doctor", "--all", "--offline"]],
    [["profiles"]],
    [["whoami", "static", "--clients"]],
  ])("3.14: %j", async (argv) => {
    const home = await createTold();
    const { stdout, stderr, exitCode } = await home.run(argv);
    expect(exitCode, stderr).toBe(argv[0] === "doctor" ? 1 : 0);
    expect((stdout + stderr).match(SECRET) ?? []).toEqual([]);
  });

  test("3.15: undo at a terminal masks lines that are removed, added or kept", async () => {
    const home = await createTold();
    const configured = await home.run(["configure", ...OKTA]);
    expect(configured.exitCode, configured.stderr).toBe(0);
    const session = startSession(home, ["profiles", "undo"], 200);
    await session.answer("Put this back", "y");
    expect(await session.ended).toBe(0);
    expect(session.readText()).toContain("+aws_secret_access_key = …");
    expect(session.readText().match(SECRET) ?? []).toEqual([]);
  });

  test("3.16: the diff of an import masks them too", async () => {
    const home = await createTold();
    home.write(
      ".aws/config",
      `${home.read(".aws/config")}[profile g]\ngranted_sso_start_url = https://emu.awsapps.com/start\ngranted_sso_region = us-east-1\ngranted_sso_account_id = 100000000001\ngranted_sso_role_name = Billing\ncredential_process = granted credential-process --profile g\n${SECRETS}`,
    );
    for (const json of [[], ["--json"]]) {
      const result = await home.run(["import", "granted", "--dry-run", "--diff", ...json]);
      expect(result.exitCode, result.stderr).toBe(0);
      expect(result.stdout).toContain("sso_role_name = Billing");
      expect((result.stdout + result.stderr).match(SECRET) ?? []).toEqual([]);
    }
  });
});

/** A token made of words, as another vendor's may be: no part of it looks random. */
const SCIM_TOKEN = "plain-token-of-a-scim-server";

async function runScim(home: Home, more: readonly string[]) {
  const argv = ["federation", "scim", "--endpoint", home.emulator.scimEndpoint, ...more];
  return home.run([...argv, "--user", USER, "--group", GROUP, "--debug"], {
    env: { LATCHKEY_SCIM_TOKEN: SCIM_TOKEN },
  });
}

describe("a SCIM server that sends the token back shows it nowhere", () => {
  test.each([
    ["in the header of its request id", { "x-amzn-RequestId": SCIM_TOKEN }, {}],
    ["in the body", { "x-amzn-RequestId": "" }, { exceptionRequestId: SCIM_TOKEN }],
    ["inside of a longer id", { "x-amzn-RequestId": `id-${SCIM_TOKEN}-1` }, {}],
    ["as a piece of it", { "x-amzn-RequestId": SCIM_TOKEN.slice(0, 16) }, {}],
    ["with controls", { "x-amzn-RequestId": "a b" }, { exceptionRequestId: "\u001b[2J" }],
  ])("3.17: as its request id, %s", async (_, headers, body) => {
    const home = await createFederatedHome({ tokens: [SCIM_TOKEN] });
    home.emulator.setFault({ route: "Scim", status: 401, headers, body });
    const text = await runScim(home, []);
    const json = await runScim(home, ["--json"]);
    for (const { stdout, stderr } of [text, json]) {
      expect(stdout).toContain("401");
      expect(stdout + stderr).not.toContain(SCIM_TOKEN.slice(0, 16));
      expect(stdout + stderr).not.toContain("a b)");
    }
    const [reach] = parseOutput<ScimJson>(json).checks;
    expect(reach).toMatchObject({ evidence: { status: 401, requestId: null } });
  });

  test("3.18: a real request id is shown", async () => {
    const home = await createFederatedHome({ tokens: [SCIM_TOKEN] });
    const requestId = "3b7ca7b3-0c1d-4d2e-8f3a-112233445566";
    home.emulator.setFault({
      route: "Scim",
      status: 401,
      headers: { "x-amzn-RequestId": requestId },
      body: {},
    });
    expect((await runScim(home, [])).stdout).toContain(`(request ${requestId})`);
  });

  test("3.19: as the id and the name of a user or a group", async () => {
    const home = await createFederatedHome({
      tokens: [SCIM_TOKEN],
      users: [{ userId: SCIM_TOKEN, userName: USER, displayName: SCIM_TOKEN }],
      groups: [{ groupId: `g-${SCIM_TOKEN}`, displayName: GROUP, members: [SCIM_TOKEN] }],
    });
    for (const more of [[], ["--json"]]) {
      const { stdout, stderr } = await runScim(home, more);
      expect(stdout).toContain("scim-reach");
      expect(stdout + stderr).not.toContain(SCIM_TOKEN);
    }
  });
});

test("3.20: secrets that a portal or sign-in service sends back as an error's name are shown nowhere", async () => {
  const home = await createSignedInHome();
  const { accessToken, clientSecret, refreshToken } = home.readJson<TokenFileJson>(CORP_TOKEN);
  for (const secret of [accessToken, clientSecret, refreshToken]) {
    // The client secret and the refresh token are sent only when the token is refreshed.
    if (secret !== accessToken) expireTokenFile(home, CORP_TOKEN);
    // The longest part of the secret that could be an error's name.
    const pieces = secret.match(/[A-Za-z]\w*/g) ?? [];
    const name = pieces.reduce((most, piece) => (piece.length > most.length ? piece : most), "");
    expect(name.length).toBeGreaterThan(7);
    home.emulator.setFault({
      route: "*",
      status: 400,
      headers: { "x-amzn-errortype": name },
      body: { __type: name, error: name, message: secret },
    });
    for (const argv of [
      ["accounts"],
      ["roles"],
      ["credential-process", ...nameRole("100000000001", "Billing")],
    ])
      for (const more of [[], ["--debug"]]) {
        const { stdout, stderr } = await home.run([...argv, ...more]);
        expect(stdout + stderr, argv.join(" ")).not.toContain(name);
      }
    home.emulator.clearFaults();
  }
});

const JWT = "eyJraWQiOiJrZXktMTU2NDAyODA5OSJ9.eyJzdWIiOiJ4In0.c2ln";
const SAID = `denied for refresh_token=abcdefgh123 of ${JWT}`;

describe("the last look: a message of AWS with a JWT and a named token in it", () => {
  const expectMasked = (text: string): void => {
    expect(text).toContain("denied for refresh_token=… of …");
    expect(text).not.toMatch(/eyJ|abcdefgh123/);
  };
  const fault = {
    status: 400,
    body: { __type: "AccessDeniedException", message: SAID, Message: SAID },
  } as const;

  test("3.21: is masked on stderr, and in an error's JSON", async () => {
    const home = await createFederatedHome();
    home.emulator.setFault({ route: "sso:ListInstances", ...fault });
    const argv = ["federation", "access"];
    expectMasked((await runAsAdministrator(home, argv)).stderr);
    expectMasked((await runAsAdministrator(home, [...argv, "--json"])).stdout);
  });

  test("3.22: is masked in a report on stdout, as text and as JSON", async () => {
    const home = await createFederatedHome({
      events: [
        {
          eventName: "ExternalIdPDirectoryLogin",
          eventSource: "sso.amazonaws.com",
          eventTime: new Date().toISOString(),
          errorCode: "Failed",
          errorMessage: SAID,
          userName: USER,
        },
      ],
      assignmentFailure: SAID,
    });
    const assign = ["--group", GROUP, "--permission-set", "ViewOnlyAccess", "--yes"];
    const account = ["--account", "100000000002"];
    for (const more of [[], ["--json"]]) {
      expectMasked((await runAsAdministrator(home, ["federation", "why", ...more])).stdout);
      const assigned = ["federation", "assign", ...assign, ...account, ...more];
      expectMasked((await runAsAdministrator(home, assigned)).stdout);
    }
    home.emulator.setFault({ route: "sso:ListInstances", ...fault });
    for (const more of [[], ["--json"]])
      expectMasked(
        (await runAsAdministrator(home, ["federation", "check", "--user", USER, ...more])).stdout,
      );
  });

  test("3.23: is masked in a hint, as text and as JSON", async () => {
    const home = await createSignedInHome();
    home.write(".aws/config", SESSION_CONFIG.replaceAll("corp", JWT));
    const argv = ["accounts", "--sso-session", JWT];
    const text = await home.run(argv);
    expect(text.stderr).toMatch(/hint: .*…/);
    const json = await home.run([...argv, "--json"]);
    const { error } = parseOutput<{ error: { hint: string } }>(json);
    expect(error.hint).toContain("…");
    expect(text.stdout + text.stderr + json.stdout + json.stderr).not.toContain(JWT);
  });

  test("3.24: is masked in the trace and in notices", async () => {
    const home = await createSignedInHome();
    home.write(".aws/config", SESSION_CONFIG.replaceAll("corp", JWT));
    const { stderr } = await home.run(["login", "--sso-session", JWT, "--debug", "--no-browser"]);
    const traced = stderr.split("\n").filter((line) => line.startsWith("latchkey: debug:"));
    expect(traced.join("\n")).toContain("sign-in to …");
    expect(traced.join("\n")).not.toContain(JWT);
    expect(stderr).toContain("Signed in to ….");
  });
});
