/** @module-tag long */
import { describe, expect, test } from "vitest";
import { parseOutput, type Home, type RunResult } from "../support/home.ts";
import { ACCOUNT, GROUP, PERMISSION_SET, TOKEN, USER, USER_ID } from "../support/federation.ts";
import {
  runAsAdministrator,
  findCheck,
  createFederatedHome,
  checkArgv,
  writeToken,
  parseStatuses,
} from "../support/federation-run.ts";
import type { ReportJson } from "../../src/federation/report.ts";
import { patience } from "../support/patience.ts";

const IDS = [
  "metadata",
  "sp-urls",
  "instance",
  "scim-reach",
  "scim-token",
  "user",
  "group",
  "member",
  "permission-set",
  "assignment",
  "portal",
  "identity",
];

/** Every step ok except the given ones. */
function statusesExcept(others: Readonly<Record<string, string>>): Record<string, string> {
  return { ...Object.fromEntries(IDS.map((id) => [id, "ok"])), ...others };
}

function toSkipped(...ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [id, "skip"]));
}

async function check(
  home: Home,
  more: readonly string[] = [],
  others: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  return runAsAdministrator(home, [...checkArgv(home, others), ...more], {
    LATCHKEY_SCIM_TOKEN: TOKEN,
  });
}

describe("a healthy federation", () => {
  test("is ok in all twelve steps, none skipped or doubtful, and exits 0 also with --strict", async () => {
    const home = await createFederatedHome();
    await writeToken(home);
    const result = await check(home, ["--strict"]);
    expect(result.exitCode, result.stdout + result.stderr).toBe(0);
    expect(parseStatuses(result)).toEqual(statusesExcept({}));
    expect(parseOutput<ReportJson>(result)).toMatchObject({
      schemaVersion: 1,
      ok: true,
      exitCode: 0,
    });
    expect(findCheck(result, "identity").summary).toMatch(
      /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/,
    );
  });

  test("with a SCIM token only, is checked in steps 4 to 8, and the others are skipped", async () => {
    const home = await createFederatedHome();
    const argv = [
      "federation",
      "check",
      "--json",
      "--user",
      USER,
      "--group",
      GROUP,
      "--account",
      ACCOUNT,
      "--permission-set",
      PERMISSION_SET,
      "--scim-endpoint",
      home.emulator.scimEndpoint.slice(0, -1),
      "--token-expires",
      "2099-01-01",
      "--token-stdin",
    ];
    const result = await home.run(argv, { input: `${TOKEN}\n` });
    expect(result.exitCode, result.stdout).toBe(0);
    expect(parseStatuses(result)).toEqual(
      statusesExcept(
        toSkipped(
          "metadata",
          "sp-urls",
          "instance",
          "permission-set",
          "assignment",
          "portal",
          "identity",
        ),
      ),
    );
    expect(findCheck(result, "user").evidence["source"]).toBe("scim");
  });

  test("with AWS credentials only, is checked in steps 3 and 6 to 10, and the others are skipped", async () => {
    const home = await createFederatedHome();
    const argv = [
      "federation",
      "check",
      "--json",
      "--user",
      USER,
      "--group",
      GROUP,
      "--account",
      ACCOUNT,
      "--permission-set",
      PERMISSION_SET,
    ];
    const result = await runAsAdministrator(home, argv);
    expect(result.exitCode, result.stdout).toBe(0);
    expect(parseStatuses(result)).toEqual(
      statusesExcept(
        toSkipped("metadata", "sp-urls", "scim-reach", "scim-token", "portal", "identity"),
      ),
    );
    expect(findCheck(result, "user").evidence["source"]).toBe("identitystore");
  });
});

describe("the usual fault: the user exists and the group does not", () => {
  test("fails in the group only, suggests Push Groups, and prints the checklist to a person", async () => {
    const home = await createFederatedHome({ groups: [] });
    const result = await check(home);
    expect(result.exitCode).toBe(1);
    expect(parseStatuses(result)).toEqual(
      statusesExcept({ group: "fail", ...toSkipped("member", "assignment", "portal", "identity") }),
    );
    const { code, summary, hint } = findCheck(result, "group");
    expect({ code, summary }).toEqual({
      code: "FED-GROUP-NOT-PUSHED",
      summary: `user present but group "${GROUP}" missing: configure Push Groups`,
    });
    expect(hint.join("\n")).toMatch(
      /Push Groups › Find groups by name.*\n.*Use a separate group for pushing/,
    );
    const text = (
      await runAsAdministrator(
        home,
        checkArgv(home).filter((word) => word !== "--json"),
        { LATCHKEY_SCIM_TOKEN: TOKEN },
      )
    ).stdout;
    expect(text).toMatch(
      /^ 7 group {11}FAIL {2}user present but group "aws-viewers" missing: configure Push Groups\n {25}→ Okta admin › /m,
    );
    expect(text).toMatch(
      /^10 assignment {6}skip {2}blocked by 7\n11 portal {10}skip {2}blocked by 10\n12 identity {8}skip {2}blocked by 11$/m,
    );
    expect(text).toMatch(/^1 failed, 7 ok, 4 skipped {3}exit 1\n$/m);
  });

  test("gives the same result with the SCIM token only", async () => {
    const home = await createFederatedHome({ groups: [] });
    const result = await home.run(
      [
        "federation",
        "check",
        "--json",
        "--user",
        USER,
        "--group",
        GROUP,
        "--scim-endpoint",
        home.emulator.scimEndpoint,
      ],
      { env: { LATCHKEY_SCIM_TOKEN: TOKEN } },
    );
    expect(result.exitCode).toBe(1);
    expect(findCheck(result, "group")).toMatchObject({
      code: "FED-GROUP-NOT-PUSHED",
      evidence: { source: "scim", userId: USER_ID },
    });
  });

  test("is ok as soon as Okta pushes the group while --watch runs", async () => {
    const home = await createFederatedHome({ groups: [] });
    const running = home.run(
      [
        "federation",
        "check",
        "--json",
        "--user",
        USER,
        "--group",
        GROUP,
        "--scim-endpoint",
        home.emulator.scimEndpoint,
        "--watch",
        "20s",
      ],
      { env: { LATCHKEY_SCIM_TOKEN: TOKEN } },
    );
    await home.emulator.journal.waitFor("Scim", 5, patience(20_000));
    const pushed = await fetch(`${home.emulator.scimEndpoint}Groups`, {
      method: "POST",
      headers: { Authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ displayName: GROUP, members: [{ value: USER_ID }] }),
    });
    expect(pushed.status).toBe(201);
    const result = await running;
    expect(result.exitCode, result.stdout).toBe(0);
    expect(parseStatuses(result)).toMatchObject({ group: "ok", member: "ok" });
  });
});

describe("results that are doubtful or unknown", () => {
  test("a token that ends within ninety days is a warning: exit 0, and 1 with --strict", async () => {
    const home = await createFederatedHome();
    const soon = {
      "token-expires": new Date(Date.now() + 45 * 86_400_000).toISOString().slice(0, 10),
      only: "scim-token,user",
    };
    const result = await check(home, [], soon);
    expect(result.exitCode, result.stdout).toBe(0);
    expect(parseStatuses(result)).toEqual({ "scim-token": "warn", user: "ok" });
    expect(findCheck(result, "scim-token").code).toBe("FED-SCIM-TOKEN-EXPIRES");
    expect((await check(home, ["--strict"], soon)).exitCode).toBe(1);
  });

  test("a token without a recorded expiry is a warning that explains how to record it", async () => {
    const home = await createFederatedHome();
    const result = await home.run(
      [
        "federation",
        "check",
        "--json",
        "--scim-endpoint",
        home.emulator.scimEndpoint.slice(0, -1),
        "--only",
        "scim-token",
      ],
      { env: { LATCHKEY_SCIM_TOKEN: TOKEN } },
    );
    expect(result.exitCode).toBe(0);
    expect(parseStatuses(result)).toEqual({ "scim-token": "warn" });
    expect(findCheck(result, "scim-token").hint.join(" ")).toContain(
      "latchkey federation scim --save --token-created DATE",
    );
  });

  test("a refusal by IAM is unknown and not failed: exit 3, dependent steps skipped, and the policy named", async () => {
    const home = await createFederatedHome(
      {},
      { faults: [{ route: "sso:ListInstances", error: "AccessDeniedException" }] },
    );
    const result = await runAsAdministrator(home, [
      "federation",
      "check",
      "--json",
      "--user",
      USER,
      "--group",
      GROUP,
      "--permission-set",
      PERMISSION_SET,
    ]);
    expect(result.exitCode).toBe(3);
    expect(parseStatuses(result)).toMatchObject({
      instance: "unknown",
      user: "skip",
      "permission-set": "skip",
    });
    expect(findCheck(result, "instance").hint.join(" ")).toContain("latchkey federation policy");
    expect(findCheck(result, "user").blockedBy).toBe("instance");
  });

  test("stdin can't be used for two values, and a mistyped step gets the nearest name: exit 2", async () => {
    const home = await createFederatedHome();
    expect(
      await home.run(["federation", "check", "--metadata", "-", "--token-stdin"]),
    ).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("stdin can't hold both") });
    expect(await home.run(["federation", "check", "--only", "usre"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("The nearest: user"),
    });
  });

  test("without a sign-in the portal is unknown, and the hint is to log in", async () => {
    const home = await createFederatedHome();
    const result = await check(home);
    expect(result.exitCode).toBe(3);
    expect(parseStatuses(result)).toEqual(statusesExcept({ portal: "unknown", identity: "skip" }));
    expect(findCheck(result, "portal").hint).toEqual(["latchkey login --sso-session corp"]);
  });
});
