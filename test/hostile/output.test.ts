import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { AccountJson } from "../../src/commands/accounts.ts";
import { createFederatedHome, runAsAdministrator } from "../support/federation-run.ts";
import { findRaw, HIDDEN } from "../support/hostile-texts.ts";
import { createHome, createSignedInHome, type Home } from "../support/home.ts";
import { startSession } from "../support/pty.ts";

/** Kind 5: external text on its way to a terminal, through the writers of stdout and stderr. */

const ID = "100000000001";
/** A name that forges a line, moves the cursor, sets the clipboard, hides text and reverses its direction. */
const NAME = `prod${HIDDEN}`;
const ORG = {
  accounts: [
    { accountId: ID, accountName: NAME, emailAddress: `a${HIDDEN}@x`, roles: ["ViewOnlyAccess"] },
    { accountId: "100000000002", accountName: "pro\u200bd", roles: ["ViewOnlyAccess", "Billing"] },
    { accountId: "100000000003", accountName: "prod", roles: ["ViewOnlyAccess"] },
    { accountId: "100000000004", accountName: "=1+1", roles: ["ViewOnlyAccess"] },
  ],
};

/** Every command that prints a name from the portal, in every format. */
const FORMATS = [[], ["--csv"], ["--json"], ["--output", "text"], ["--output", "yaml"]];
const LISTINGS: ReadonlyArray<readonly string[]> = [
  ...FORMATS.map((format) => ["accounts", ...format]),
  ["accounts", "--output", "table", "--query", "[].[accountName]"],
  ["accounts", "--query", "[].{n:accountName}"],
  ["sso", "list-accounts"],
  ...FORMATS.map((format) => ["roles", ...format]),
  ["profiles", "--all"],
  ["profiles", "--all", "--json"],
  ["access", "diff"],
  ["access", "diff", "--json"],
  ["whoami", "okta"],
  ["whoami", "okta", "--json"],
  ["profiles", "sync", "--dry-run", "--diff"],
  ["profiles", "sync", "--dry-run", "--diff", "--json"],
  ["favourite"],
  ["use", "prod", "view"],
  ["console", "prod", "view", "--print"],
  [],
  ["--json"],
  ["status"],
  ["doctor", "--offline"],
];

/** Commands whose output has the names of all accounts. */
const NAMING: ReadonlySet<string> = new Set(["accounts", "sso", "whoami"]);

/** One command for each layout, since each start of the program takes time. */
const AT_TERMINALS: ReadonlyArray<readonly string[]> = [
  ...FORMATS.map((format) => ["accounts", ...format]),
  ["roles"],
  ["profiles", "sync", "--dry-run", "--diff"],
  ["access", "diff"],
  ["whoami", "okta"],
  [],
];

test("5.1: no command prints control, hidden or bidirectional characters of an account name, in any format", async () => {
  const home = await createSignedInHome({ org: ORG });
  await home.run(["roles"]);
  for (const argv of LISTINGS) {
    const { stdout, stderr, exitCode } = await home.run(argv);
    expect(findRaw(stdout), `stdout of ${argv.join(" ")}`).toEqual([]);
    expect(findRaw(stderr), `stderr of ${argv.join(" ")}`).toEqual([]);
    if (NAMING.has(argv[0] ?? "")) {
      expect(exitCode, argv.join(" ")).toBe(0);
      expect(stdout + stderr, argv.join(" ")).toMatch(/\\u(?:\{202e\}|202e)/i);
    }
  }
});

test("5.2: none prints them at a terminal either", async () => {
  const home = await createSignedInHome({ org: ORG });
  await home.run(["roles"]);
  for (const argv of AT_TERMINALS) {
    const session = startSession(home, argv, 200, { NO_COLOR: "1" });
    await session.ended;
    const raw = session.readRaw().replaceAll("\r\n", "\n").replaceAll("\r\u001b[2K", "");
    expect(findRaw(raw), argv.join(" ")).toEqual([]);
    if (NAMING.has(argv[0] ?? "")) expect(raw, argv.join(" ")).toMatch(/\\u(?:\{202e\}|202e)/i);
  }
});

test("5.3: JSON and YAML of a hostile name have the same value, and tables distinguish look-alike names", async () => {
  const home = await createSignedInHome({ org: ORG });
  const names = (await home.runJson<AccountJson[]>(["accounts"])).map((one) => one.accountName);
  expect(names).toContain(NAME);
  expect(names).toContain("pro\u200bd");
  const yaml = await home.run(["accounts", "--output", "yaml"]);
  const parsed = parse(yaml.stdout, { version: "1.1" }) as AccountJson[];
  expect(parsed.map((one) => one.accountName)).toEqual(names);
  const { stdout } = await home.run(["accounts"]);
  expect(stdout).toContain("pro\\u{200b}d");
});

test("5.4: a cell that a spreadsheet would run is escaped at a terminal, and unchanged in a pipe", async () => {
  const home = await createSignedInHome({ org: ORG });
  expect((await home.run(["accounts", "--csv"])).stdout).toContain(",=1+1,");
  const session = startSession(home, ["accounts", "--csv"], 200);
  expect(await session.ended).toBe(0);
  expect(session.readText()).toContain(",'=1+1,");
});

test("5.5: credentials are printed unchanged, at a terminal and in a pipe", async () => {
  const home = await createSignedInHome();
  const piped = await home.run(["export", "okta", "--format", "env"]);
  expect(piped.stdout).toMatch(/^export AWS_ACCESS_KEY_ID=ASIA\w+\n/);
  const session = startSession(home, ["export", "okta", "--format", "env"], 2000);
  expect(await session.ended).toBe(0);
  expect(session.readText().replaceAll("\r", "")).toBe(piped.stdout);
});

test("5.6: names of users, groups and permission sets of the administrator's services are escaped in every format", async () => {
  const home = await createFederatedHome({
    users: [{ userId: "u-1", userName: `ada${HIDDEN}`, displayName: HIDDEN }],
    groups: [{ groupId: "g-1", displayName: `viewers${HIDDEN}`, members: ["u-1"] }],
    permissionSets: [{ id: "ps-1111111111111111", name: `View${HIDDEN}` }],
    assignments: [
      {
        accountId: ID,
        permissionSet: "ps-1111111111111111",
        principalType: "GROUP",
        principalId: "g-1",
      },
    ],
    events: [
      {
        eventName: "ExternalIdPDirectoryLogin",
        eventSource: "sso.amazonaws.com",
        eventTime: new Date().toISOString(),
        errorCode: "Failed",
        errorMessage: `says${HIDDEN}`,
        userName: `ada${HIDDEN}`,
      },
    ],
    assignmentFailure: `because${HIDDEN}`,
  });
  const assign = ["--group", `viewers${HIDDEN}`, "--permission-set", `View${HIDDEN}`];
  for (const argv of [
    ...FORMATS.map((format) => ["federation", "access", ...format]),
    ["federation", "why"],
    ["federation", "why", "--json"],
    ["federation", "check", "--user", "ada", "--group", "viewers"],
    ["federation", "check", "--user", "ada", "--json"],
    ["federation", "assign", ...assign, "--account", "100000000002", "--yes"],
    ["federation", "assign", ...assign, "--account", "100000000002", "--yes", "--json"],
  ]) {
    const { stdout, stderr } = await runAsAdministrator(home, argv);
    expect(stdout + stderr, argv.join(" ")).not.toBe("");
    expect(findRaw(stdout + stderr), argv.join(" ")).toEqual([]);
  }
});

test("5.7: SAML metadata with hostile ids and addresses is shown escaped", async () => {
  const home = await createHome();
  const hidden = HIDDEN.replaceAll(/[\u0000-\u001f]/g, "");
  const entity = (role: string): string =>
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="http://x/${hidden}"><${role} protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService index="0" Binding="${hidden}" Location="https://y/${hidden}"/><SingleSignOnService Binding="${hidden}" Location="https://y/${hidden}"/></${role}></EntityDescriptor>`;
  for (const role of ["IDPSSODescriptor", "SPSSODescriptor"])
    for (const more of [[], ["--json"]]) {
      writeFileSync(`${home.path}/x.xml`, entity(role));
      const { stdout, stderr } = await home.run(["federation", "metadata", "x.xml", ...more]);
      expect(findRaw(stdout + stderr), role).toEqual([]);
    }
});

describe("texts from a service during a sign-in", () => {
  const DEVICE = {
    deviceCode: "device-code-1",
    userCode: "ABCD-EFGH",
    verificationUri: "https://device.example/",
    expiresIn: 2,
    interval: 1,
  };

  test.each([
    ["userCode", { ...DEVICE, userCode: `A${HIDDEN}` }],
    ["verificationUri", { ...DEVICE, verificationUri: `https://x/${HIDDEN}` }],
    ["verificationUriComplete", { ...DEVICE, verificationUriComplete: `https://x/${HIDDEN}` }],
  ])("5.8: control characters in %s do not reach the terminal", async (_, body) => {
    const home = await createSignedInHome({
      faults: [
        { route: "StartDeviceAuthorization", body },
        { route: "CreateToken", error: "AccessDeniedException" },
      ],
    });
    for (const json of [[], ["--json"]]) {
      const argv = ["login", "--sso-session", "corp", "--force", "--no-browser", ...json];
      const { stdout, stderr } = await home.run([...argv, "--use-device-code"]);
      expect(findRaw(stdout + stderr), argv.join(" ")).toEqual([]);
    }
  });

  test("5.9: control characters in types, codes and texts of errors reach no terminal, also with --json", async () => {
    const error = { __type: `X${HIDDEN}`, error: `y${HIDDEN}`, message: HIDDEN, Message: HIDDEN };
    const home = await createSignedInHome({ faults: [{ route: "*", status: 400, body: error }] });
    for (const argv of [["accounts"], ["roles"], ["whoami", "okta"], ["login", "--force"]])
      for (const json of [[], ["--json"]]) {
        const { stdout, stderr } = await home.run([...argv, ...json, "--debug"]);
        expect(findRaw(stdout + stderr), argv.join(" ")).toEqual([]);
      }
  });
});

test("5.10: names from the config and typed words reach the terminal escaped", async () => {
  const home = await createSignedInHome();
  const hidden = HIDDEN.replaceAll(/[\n\r]/g, "");
  home.write(
    ".aws/config",
    `${home.read(".aws/config")}[profile a${hidden}]\nregion = x${hidden}\nsso_session = nope${hidden}\nrole_arn = ${hidden}\n[sso-session s${hidden}]\nsso_start_url = https://x/${hidden}\nsso_region = ${hidden}\n`,
  );
  for (const argv of [
    ["profiles"],
    ["profiles", "--json"],
    ["profiles", "--output", "text"],
    ["configure", "list-profiles"],
    ["sessions"],
    ["sessions", "--json"],
    ["status"],
    ["status", "--short"],
    [],
    ["doctor", "--offline"],
    ["doctor", "--offline", "--json"],
    ["doctor", "--all", "--offline"],
    ["whoami", `a${hidden}`, "--offline"],
    ["whoami", `a${hidden}`, "--clients"],
    ["accounts", "--sso-session", `s${hidden}`],
    ["use", `zzz${hidden}`],
    ["profiles", "rm", `zzz${hidden}`],
    [`nope${hidden}`],
    ["accounts", `--nope${hidden}`],
    ["accounts", "--query", `foo(${hidden}`],
    ["explain", `An error ${hidden} occurred`],
    ["settings", "default-region", hidden],
  ]) {
    const { stdout, stderr } = await home.run(argv);
    expect(findRaw(stdout + stderr), argv.join(" ")).toEqual([]);
  }
});

test("5.11: shell completion offers no name with such a character", async () => {
  const home = await createSignedInHome({ org: ORG });
  await home.run(["roles"]);
  for (const words of [
    ["roles", ""],
    ["configure", "--account-id", ""],
    ["use", "pro"],
  ]) {
    const { stdout } = await home.run(["__complete", "fish", ...words]);
    expect(stdout, words.join(" ")).toContain("prod");
    expect(stdout, words.join(" ")).not.toContain("\\u{");
    expect(findRaw(stdout), words.join(" ")).toEqual([]);
  }
});

async function pickerText(home: Home): Promise<string> {
  const session = startSession(home, ["use", "--console"], 120);
  await session.see("ViewOnlyAccess");
  session.type("\u0003");
  await session.ended;
  return session.readRaw();
}

test("5.12: the picker shows such names escaped", async () => {
  const home = await createSignedInHome({ org: ORG });
  await home.run(["roles"]);
  const raw = await pickerText(home);
  expect(raw).toContain("\\u{1b}");
  for (const hidden of ["\u001b]52", "\u009b", "\u202e", "\u200b", "\u3164", "\u{e0041}", "\u2028"])
    expect(raw).not.toContain(hidden);
});
