import { describe, expect, test } from "vitest";
import { type Home, type RunResult, parseOutput } from "../support/home.ts";
import { ACCOUNT, GROUP, GROUP_ID, PERMISSION_SET, USER } from "../support/federation.ts";
import {
  runAsAdministrator,
  createFederatedHome,
  parseStatuses,
} from "../support/federation-run.ts";
import type { AssignJson } from "../../src/commands/federation/assign.ts";

const TO_GROUP = ["federation", "assign", "--group", GROUP, "--permission-set", PERMISSION_SET];

function assign(home: Home, ...more: string[]): Promise<RunResult> {
  return runAsAdministrator(home, [...TO_GROUP, "--json", ...more]);
}

function parseStates(result: RunResult): string[] {
  return parseOutput<AssignJson>(result).assignments.map(
    ({ accountId, state }) => `${accountId} ${state}`,
  );
}

describe("federation assign", () => {
  test(
    "waits through two IN_PROGRESS answers, and the second run reports already assigned and changes nothing",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome({ assignments: [], assignmentPolls: 1 });
      const first = await assign(home, "--account", ACCOUNT, "--yes");
      expect(first.exitCode, first.stderr).toBe(0);
      expect(parseStates(first)).toEqual([`${ACCOUNT} assigned`]);
      // The creation and the first poll were answered IN_PROGRESS; the second poll found it done.
      expect(home.emulator.journal.count("sso:DescribeAccountAssignmentCreationStatus")).toBe(2);
      const second = await runAsAdministrator(home, [...TO_GROUP, "--account", ACCOUNT]);
      expect(second).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/100000000001 {2}payments?-?\w*|already assigned/),
      });
      expect(second.stdout).toContain("already assigned");
      expect(home.emulator.journal.count("sso:CreateAccountAssignment")).toBe(1);
    },
  );

  test(
    "prints AWS's reason unchanged if the assignment fails, and exits 1",
    { tags: ["long"] },
    async () => {
      const reason =
        "Received a 404 status error: Not supported in account {999999999999}: iam:CreateSAMLProvider is missing — a text that no table holds";
      const home = await createFederatedHome({
        assignments: [],
        assignmentPolls: 1,
        assignmentFailure: reason,
      });
      const result = await runAsAdministrator(home, [...TO_GROUP, "--account", ACCOUNT, "--yes"]);
      expect(result.exitCode).toBe(1);
      expect(result.stdout).toContain(`${ACCOUNT}  ${reason}\n`);
      const json = await assign(home, "--account", ACCOUNT, "--yes");
      expect(parseOutput<AssignJson>(json)).toMatchObject({
        ok: false,
        exitCode: 1,
        assignments: [{ state: "failed", reason }],
      });
    },
  );

  test.each<[string, readonly string[], RegExp]>([
    [
      "group",
      ["--group", "aws-viewer", "--permission-set", PERMISSION_SET, "--account", ACCOUNT],
      /There is no group "aws-viewer"\.\n.*The nearest: aws-viewers/,
    ],
    [
      "permission set",
      ["--group", GROUP, "--permission-set", "ViewOnlyAcces", "--account", ACCOUNT],
      /There is no permission set "ViewOnlyAcces"\.\n.*The nearest: ViewOnlyAccess/,
    ],
    [
      "account",
      ["--group", GROUP, "--permission-set", PERMISSION_SET, "--account", "999999999990"],
      /There is no account "999999999990"\./,
    ],
  ])("an unknown %s exits 5 with the nearest name", { tags: ["long"] }, async (_, argv, words) => {
    const home = await createFederatedHome();
    const result = await runAsAdministrator(home, ["federation", "assign", ...argv, "--yes"]);
    expect(result).toMatchObject({ exitCode: 5, stdout: "" });
    expect(result.stderr).toMatch(words);
  });

  test(
    "shows the plan and changes nothing with --dry-run, and without a terminal needs --yes",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome({ assignments: [] });
      const dry = await assign(home, "--account", ACCOUNT, "--dry-run");
      expect(dry.exitCode).toBe(0);
      expect(parseStates(dry)).toEqual([`${ACCOUNT} planned`]);
      expect(dry.stderr).toContain(`${PERMISSION_SET} to ${GROUP}: 1 to change`);
      expect(await runAsAdministrator(home, [...TO_GROUP, "--account", ACCOUNT])).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("Add --yes"),
      });
      expect(home.emulator.journal.count("sso:CreateAccountAssignment")).toBe(0);
    },
  );

  test(
    "removes existing assignments, reports missing ones, and removes those of a deleted group by its id",
    { tags: ["long"] },
    async () => {
      const gone = "04a1b2c3-1111-4222-8333-444455556666";
      const home = await createFederatedHome({
        assignments: [GROUP_ID, gone].map((principalId) => ({
          accountId: ACCOUNT,
          permissionSet: "ps-0a1b2c3d4e5f6071",
          principalType: "GROUP" as const,
          principalId,
        })),
      });
      expect(
        parseStates(
          await assign(
            home,
            "--account",
            ACCOUNT,
            "--account",
            "100000000002",
            "--remove",
            "--yes",
          ),
        ),
      ).toEqual([`${ACCOUNT} removed`, "100000000002 not-assigned"]);
      const stale = await runAsAdministrator(home, [
        "federation",
        "assign",
        "--remove",
        "--group",
        gone,
        "--permission-set",
        PERMISSION_SET,
        "--account",
        ACCOUNT,
        "--yes",
        "--json",
      ]);
      expect(parseStates(stale)).toEqual([`${ACCOUNT} removed`]);
    },
  );

  test("refuses a user without --allow-user", { tags: ["long"] }, async () => {
    const home = await createFederatedHome();
    const argv = [
      "federation",
      "assign",
      "--user",
      USER,
      "--permission-set",
      PERMISSION_SET,
      "--account",
      ACCOUNT,
      "--dry-run",
    ];
    expect((await runAsAdministrator(home, argv)).exitCode).toBe(2);
    expect((await runAsAdministrator(home, [...argv, "--allow-user"])).exitCode).toBe(0);
  });

  test(
    "reports one account's failure and the results of the others",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome({ assignments: [], closedAccounts: ["100000000002"] });
      const result = await assign(home, "--account", ACCOUNT, "--account", "100000000002", "--yes");
      expect(result.exitCode).toBe(1);
      expect(parseStates(result)).toEqual([`${ACCOUNT} assigned`, "100000000002 failed"]);
    },
  );

  test("gives the role in the portal: the check is ok afterwards", { tags: ["long"] }, async () => {
    const home = await createFederatedHome({ assignments: [] });
    await assign(home, "--account", ACCOUNT, "--yes");
    const check = await runAsAdministrator(home, [
      "federation",
      "check",
      "--group",
      GROUP,
      "--account",
      ACCOUNT,
      "--permission-set",
      PERMISSION_SET,
      "--only",
      "assignment",
      "--json",
    ]);
    expect(parseStatuses(check)).toEqual({ assignment: "ok" });
  });
});
