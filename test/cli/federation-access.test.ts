import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { POLICY_TOPICS, buildPolicy, type Policy } from "../../src/federation/policy.ts";
import { PROGRAM, type RunResult, parseOutput } from "../support/home.ts";
import {
  ACCOUNT,
  createBigOrganization,
  GROUP,
  GROUP_ID,
  HEALTHY,
  PERMISSION_SET,
  USER,
  USER_ID,
} from "../support/federation.ts";
import { runAsAdministrator, createFederatedHome } from "../support/federation-run.ts";
import type { AccessJson } from "../../src/commands/federation/access.ts";
import { isOnWindows } from "../support/windows.ts";

function parseRows(result: RunResult): AccessJson["rows"] {
  expect(result.exitCode, result.stderr).toBe(0);
  return parseOutput<AccessJson>(result).rows;
}

const SECOND = { userId: "b1b2c3d4-1111-4222-8333-444455556666", userName: "ada@example.com" };
const GONE = "04a1b2c3-1111-4222-8333-444455556666";
const DIRECTORY = {
  users: [...(HEALTHY.users ?? []), SECOND],
  groups: [
    ...(HEALTHY.groups ?? []),
    { groupId: "c0000000-1111-4222-8333-444455556666", displayName: "empty", members: [] },
  ],
  assignments: [
    ...(HEALTHY.assignments ?? []),
    {
      accountId: ACCOUNT,
      permissionSet: "ps-0a1b2c3d4e5f6072",
      principalType: "USER" as const,
      principalId: SECOND.userId,
    },
    {
      accountId: "100000000002",
      permissionSet: "ps-0a1b2c3d4e5f6071",
      principalType: "GROUP" as const,
      principalId: GONE,
    },
    {
      accountId: "100000000002",
      permissionSet: "ps-0a1b2c3d4e5f6071",
      principalType: "GROUP" as const,
      principalId: "c0000000-1111-4222-8333-444455556666",
    },
  ],
};

describe("federation access", () => {
  test(
    "joins users, groups, accounts and permission sets by name, and shows assignments that give nobody access",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome(DIRECTORY);
      const found = parseRows(await runAsAdministrator(home, ["federation", "access", "--json"]));
      expect(
        found.map(({ userName, accountId, permissionSet, via, note }) => [
          userName,
          accountId,
          permissionSet,
          via,
          note,
        ]),
      ).toEqual([
        [USER, ACCOUNT, PERMISSION_SET, GROUP, null],
        [SECOND.userName, ACCOUNT, "AdministratorAccess", null, null],
        [null, "100000000002", PERMISSION_SET, null, "deleted"],
        [null, "100000000002", PERMISSION_SET, "empty", "empty"],
      ]);
    },
  );

  test(
    "filters by user, group, account and permission set, and prints CSV",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome(DIRECTORY);
      const listAccounts = async (...argv: string[]) =>
        parseRows(await runAsAdministrator(home, ["federation", "access", "--json", ...argv])).map(
          ({ accountId, userName }) => `${userName} ${accountId}`,
        );
      expect(await listAccounts("--user", USER)).toEqual([`${USER} ${ACCOUNT}`]);
      expect(await listAccounts("--group", GROUP)).toEqual([`${USER} ${ACCOUNT}`]);
      expect(
        await listAccounts("--account", "100000000002", "--permission-set", PERMISSION_SET),
      ).toEqual(["null 100000000002", "null 100000000002"]);
      const csv = await runAsAdministrator(home, ["federation", "access", "--user", USER, "--csv"]);
      expect(csv.stdout.split("\r\n")).toEqual([
        "userName,accountId,accountName,permissionSet,via,userId,principalId,note",
        expect.stringMatching(
          new RegExp(
            `^${USER},${ACCOUNT},[\\w-]+,${PERMISSION_SET},${GROUP},${USER_ID},${GROUP_ID},$`,
          ),
        ),
        "",
      ]);
    },
  );

  test(
    "asks account by account if only the management account may ask by principal",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome(DIRECTORY, {
        faults: [
          { route: "sso:ListAccountAssignmentsForPrincipal", error: "AccessDeniedException" },
        ],
      });
      const found = parseRows(
        await runAsAdministrator(home, ["federation", "access", "--user", USER, "--json"]),
      );
      expect(found.map(({ accountId, via }) => [accountId, via])).toEqual([[ACCOUNT, GROUP]]);
    },
  );

  test(
    "with 200 users, 50 groups and 100 accounts shows its first rows within the first pages, below 20 requests per second",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome(createBigOrganization().directory, {
        org: createBigOrganization().org,
      });
      const child = spawn(PROGRAM[0], [...PROGRAM.slice(1), "federation", "access"], {
        env: { ...home.env, ...home.emulator.administratorEnv, AWS_REGION: "us-east-1" },
        stdio: ["ignore", "pipe", "ignore"],
      });
      const countRequests = () =>
        home.emulator.journal.entries().map(({ arrivedAtMs }) => arrivedAtMs);
      const atFirstRow = await new Promise<number>((resolve) =>
        child.stdout.once("data", () => resolve(countRequests().length)),
      );
      // The instance, one page of each list, and the requests of the four current accounts: no list was read to its end.
      expect(atFirstRow).toBeLessThanOrEqual(20);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      child.kill("SIGINT");
      expect(await new Promise((resolve) => child.once("close", resolve))).toBe(
        isOnWindows ? null : 130,
      );
      expect(countBusiestSecond(countRequests())).toBeLessThan(20);
    },
  );
});

/** The highest number of requests in any window of one second. */
function countBusiestSecond(times: readonly number[]): number {
  return Math.max(
    ...times.map((start) => times.filter((time) => time >= start && time < start + 1000).length),
  );
}

describe("federation policy", () => {
  test(
    "allows exactly the requests of check, access, assign and why",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome({
        ...DIRECTORY,
        groups: [
          ...DIRECTORY.groups,
          { groupId: "d0000000-1111-4222-8333-444455556666", displayName: "Other", members: [] },
        ],
      });
      const countUsed = async (...argv: string[][]) => {
        home.emulator.journal.clear();
        for (const words of argv)
          await runAsAdministrator(home, ["federation", ...words, "--json"]);
        return new Set(
          home.emulator.journal
            .entries()
            .map(({ route }) => String(route))
            .filter((route) => route.includes(":")),
        );
      };
      const all = ["--group", GROUP, "--permission-set", PERMISSION_SET];
      const made = {
        check: await countUsed(
          ["check", "--user", USER, ...all, "--account", ACCOUNT, "--why"],
          [
            "check",
            "--user",
            "nobody",
            "--group",
            "nothing",
            "--account",
            "payments",
            "--why",
            "--permission-set",
            "none",
          ],
        ),
        access: await countUsed(["access"], ["access", "--user", USER]),
        assign: await countUsed(
          ["assign", ...all, "--account", "100000000003", "--yes"],
          ["assign", ...all, "--account", "100000000003", "--remove", "--yes"],
        ),
        why: await countUsed(["why"]),
      };
      for (const topic of POLICY_TOPICS) {
        const allowed = new Set(
          buildPolicy([topic], topic === "assign", {
            accounts: [],
            instanceArn: undefined,
            permissionSetArns: [],
          }).Statement.flatMap(({ Action }) => Action),
        );
        expect(
          [...made[topic]].filter((action) => !allowed.has(action)),
          topic,
        ).toEqual([]);
      }
    },
  );

  test("limits write permissions to the named accounts", async () => {
    const home = await createFederatedHome();
    const policy = await home.runJson<Policy>([
      "federation",
      "policy",
      "assign",
      "--write",
      "--account",
      ACCOUNT,
      "--instance-arn",
      "arn:aws-cn:sso:::instance/ssoins-1",
    ]);
    expect(policy.Statement.at(-1)).toEqual({
      Sid: "AssignmentWrite",
      Effect: "Allow",
      Action: ["sso:CreateAccountAssignment", "sso:DeleteAccountAssignment"],
      Resource: [
        `arn:aws-cn:sso:::account/${ACCOUNT}`,
        "arn:aws-cn:sso:::permissionSet/ssoins-1/*",
        "arn:aws-cn:sso:::instance/ssoins-1",
      ],
    });
    expect(JSON.stringify(await home.runJson<Policy>(["federation", "policy"]))).not.toContain(
      "CreateAccountAssignment",
    );
  });
});
