import { describe, test } from "vitest";
import type { EmulatedHome } from "../support/emulated-home.ts";
import { ACCOUNT, GROUP, GROUP_ID, HEALTHY, USER_ID } from "../support/federation.ts";
import { user } from "../support/federation-check.ts";
import { expectFailure, type Failure } from "./expect-failure.ts";

/** Failures of users, groups, assignments and the portal, against the emulator. */

const AFTER_GROUP = ["member", "assignment", "portal", "identity"];

const [HEALTHY_GROUP] = HEALTHY.groups ?? [];

const changeGroup = (change: object) => [
  { groupId: GROUP_ID, displayName: GROUP, members: [USER_ID], ...HEALTHY_GROUP, ...change },
];

const FAILURES: readonly Failure[] = [
  {
    what: "neither user nor group has arrived",
    directory: { users: [], groups: [] },
    step: "user",
    code: "FED-USER-MISSING",
    hint: /Assignments.*\n.*Create Users on/,
    skips: ["group", ...AFTER_GROUP],
  },
  {
    what: "the user is disabled",
    directory: { users: user({ active: false }) },
    step: "user",
    code: "FED-USER-DISABLED",
    hint: /assign the user again, or reactivate/,
    skips: ["member", "portal", "identity"],
  },
  {
    what: "the group was created by hand",
    directory: { groups: [{ groupId: GROUP_ID, displayName: GROUP, members: [USER_ID] }] },
    step: "group",
    code: "FED-GROUP-NOT-PROVISIONED",
    hint: /link the push to the existing group/,
    skips: AFTER_GROUP,
  },
  {
    what: "the push failed because the name already exists",
    directory: {
      groups: [],
      events: [
        {
          eventName: "CreateGroup",
          eventSource: "identitystore-scim.amazonaws.com",
          eventTime: new Date(Date.now() - 60_000).toISOString(),
          errorCode: "ConflictException",
          errorMessage: "Duplicate GroupDisplayName",
        },
      ],
    },
    toOptions: () => ({ why: true }),
    step: "group",
    code: "FED-GROUP-DUPLICATE-NAME",
    hint: /link the push to the existing group instead of creating one/,
    skips: AFTER_GROUP,
  },
  {
    what: "the group is empty",
    directory: { groups: changeGroup({ members: [] }) },
    step: "member",
    code: "FED-NOT-MEMBER",
    hint: /doesn't support the same group for app assignment and Group Push/,
    skips: ["portal", "identity"],
  },
  {
    what: "the permission set's name is mistyped",
    toOptions: () => ({ permissionSet: "ViewOnlyAcess" }),
    step: "permission-set",
    code: "FED-PERMISSION-SET-MISSING",
    hint: /ViewOnlyAccess/,
    skips: ["assignment", "portal", "identity"],
  },
  {
    what: "nothing is assigned",
    directory: { assignments: [] },
    step: "assignment",
    code: "FED-ASSIGNMENT-MISSING",
    hint: /^latchkey federation assign --group aws-viewers --permission-set ViewOnlyAccess --account 100000000001$/,
    skips: ["portal", "identity"],
  },
  {
    what: "the group was deleted and created again",
    directory: { groups: changeGroup({ groupId: "23a1b2c3-1111-4222-8333-444455556666" }) },
    step: "assignment",
    code: "FED-ASSIGNMENT-STALE",
    hint: new RegExp(`--remove --group ${GROUP_ID}`),
    skips: ["portal", "identity"],
  },
  {
    what: "the account is closed",
    directory: { closedAccounts: [ACCOUNT] },
    step: "assignment",
    code: "FED-ACCOUNT-CLOSED",
    hint: /another account/,
    skips: ["portal", "identity"],
  },
  {
    what: "the account does not belong to the organization",
    toOptions: () => ({ account: "123456789012" }),
    step: "assignment",
    code: "FED-ACCOUNT-MISSING",
    hint: /compared exactly/,
    skips: ["portal", "identity"],
  },
  {
    what: "the portal lists the account without the role",
    options: { org: { accounts: [{ accountId: ACCOUNT, roles: ["Billing"] }] } },
    step: "portal",
    code: "FED-PORTAL-ROLE",
    hint: /See who is signed in: latchkey whoami/,
    skips: ["identity"],
  },
  {
    what: "the portal does not list the account",
    options: { org: { accounts: [{ accountId: ACCOUNT, roles: [] }] } },
    step: "portal",
    code: "FED-PORTAL-ACCOUNT",
    hint: /See who is signed in: latchkey whoami/,
    skips: ["identity"],
  },
  {
    what: "the profile names another role",
    toOptions: (home) => ({ loginProfile: renameRole(home) }),
    step: "identity",
    code: "FED-IDENTITY-ROLE",
    hint: /latchkey configure/,
    skips: [],
  },
];

function renameRole(home: EmulatedHome): string {
  home.write(
    ".aws/config",
    `${home.read(".aws/config")}[profile other]\nsso_session = corp\nsso_account_id = ${ACCOUNT}\nsso_role_name = AdministratorAccess\n`,
  );
  return "other";
}

describe("one cause gives one failure", () => {
  test.each(FAILURES)("$what: $step fails as $code", { tags: ["long"] }, expectFailure);
});
