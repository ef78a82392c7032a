import { describe, expect, test } from "vitest";
import { CHECK_IDS, type Check } from "../../src/federation/report.ts";
import { federationCheck } from "../../src/federation/check.ts";
import type { CheckOptions } from "../../src/federation/check-state.ts";
import { contextOf } from "../support/context.ts";
import type { Home } from "../support/home.ts";
import {
  ACCOUNT,
  ACS,
  awsMetadata,
  certificate,
  federatedHome,
  GROUP,
  GROUP_ID,
  HEALTHY,
  oktaMetadata,
  PERMISSION_SET,
  tokenFile,
  TOKEN,
  USER,
  USER_ID,
} from "../support/federation.ts";

/** The tables of failures, against the strict server: in process, since a program for each would take minutes. */

function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function healthy(home: Home): CheckOptions {
  return {
    user: USER,
    group: GROUP,
    account: ACCOUNT,
    permissionSet: PERMISSION_SET,
    metadataFile: home.write("okta.xml", oktaMetadata()),
    minDays: 60,
    serviceProviderFile: home.write("aws.xml", awsMetadata()),
    scimEndpoint: home.emulator.scimEndpoint.slice(0, -1),
    tokenStdin: false,
    tokenExpiresAt: inDays(200),
    loginProfile: "okta",
    why: false,
    provisioning: "scim",
    scimOnly: false,
    administrator: {},
  };
}

async function checked(
  home: Home,
  asked: Partial<CheckOptions> = {},
  token = TOKEN,
): Promise<Check[]> {
  await tokenFile(home);
  const context = contextOf(home, {
    ...home.emulator.administratorEnv,
    AWS_REGION: "us-east-1",
    LATCHKEY_SCIM_TOKEN: token,
  });
  return federationCheck(
    context,
    { ...healthy(home), ...asked },
    { only: CHECK_IDS, watchSeconds: 0, onStep: () => undefined },
  );
}

function statusesOf(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, status }) => [id, status]));
}

/** Every step ok but for those that are named. */
function allOkBut(others: Readonly<Record<string, string>>): Record<string, string> {
  return { ...Object.fromEntries(CHECK_IDS.map((id) => [id, "ok"])), ...others };
}

interface Failure {
  readonly what: string;
  readonly directory?: Parameters<typeof federatedHome>[0];
  readonly options?: Parameters<typeof federatedHome>[1];
  readonly asked?: (home: Home) => Partial<CheckOptions>;
  readonly token?: string;
  readonly step: string;
  readonly code: string;
  readonly hint: RegExp;
  readonly skips: readonly string[];
}

const AFTER_GROUP = ["member", "assignment", "portal", "identity"];
const [HEALTHY_USER] = HEALTHY.users ?? [];
const [HEALTHY_GROUP] = HEALTHY.groups ?? [];
const user = (change: object) => [{ userId: USER_ID, userName: USER, ...HEALTHY_USER, ...change }];
const group = (change: object) => [
  { groupId: GROUP_ID, displayName: GROUP, members: [USER_ID], ...HEALTHY_GROUP, ...change },
];

const FAILURES: readonly Failure[] = [
  {
    what: "Okta's certificate has expired",
    asked: (home) => ({
      metadataFile: home.write(
        "old.xml",
        oktaMetadata({
          certificates: [certificate({ from: "20200101000000Z", to: "20210101000000Z" })],
        }),
      ),
    }),
    step: "metadata",
    code: "META-CERT",
    hint: /Generate new certificate/,
    skips: [],
  },
  {
    what: "the issuer field holds the ACS URL",
    asked: () => ({ serviceProviderFile: undefined, acsUrl: ACS, issuerUrl: ACS }),
    step: "sp-urls",
    code: "SP-SWAPPED",
    hint: /the issuer has no \/acs\//,
    skips: [],
  },
  {
    what: "the region has no instance",
    directory: { instances: [] },
    step: "instance",
    code: "FED-NO-INSTANCE",
    hint: /one home region/,
    skips: ["permission-set", "assignment", "portal", "identity"],
  },
  {
    what: "the instance could not be made",
    directory: {
      instances: [
        {
          id: "ssoins-1",
          ownerAccountId: "999999999999",
          status: "CREATE_FAILED",
          statusReason: "Quota",
        },
      ],
    },
    step: "instance",
    code: "FED-INSTANCE-STATUS",
    hint: /console/,
    skips: ["permission-set", "assignment", "portal", "identity"],
  },
  {
    what: "the SCIM token is wrong",
    token: "wrong-token",
    step: "scim-reach",
    code: "FED-SCIM-UNAUTHORIZED",
    hint: /Compare the endpoint/,
    skips: ["scim-token"],
  },
  {
    what: "the tenant id is mistyped",
    asked: (home) => ({ scimEndpoint: home.emulator.scimEndpoint.replace("emu1", "emu2") }),
    step: "scim-reach",
    code: "FED-SCIM-UNAUTHORIZED",
    hint: /Compare the endpoint/,
    skips: ["scim-token"],
  },
  {
    what: "the SCIM path is cut",
    asked: (home) => ({ scimEndpoint: home.emulator.scimEndpoint.replace("/v2/", "") }),
    step: "scim-reach",
    code: "FED-SCIM-URL",
    hint: /TENANT\/scim\/v2/,
    skips: ["scim-token"],
  },
  {
    what: "a portal URL is given for the SCIM endpoint",
    asked: () => ({ scimEndpoint: "https://d-9367028abc.awsapps.com/start" }),
    step: "scim-reach",
    code: "FED-SCIM-URL",
    hint: /SCIM endpoint/,
    skips: ["scim-token"],
  },
  {
    what: "the SCIM endpoint answers with a web page",
    options: { faults: [{ route: "Scim", html: true }] },
    step: "scim-reach",
    code: "FED-SCIM-FOREIGN",
    hint: /path/,
    skips: ["scim-token"],
  },
  {
    what: "the token ends within thirty days",
    asked: () => ({ tokenExpiresAt: inDays(10) }),
    step: "scim-token",
    code: "FED-SCIM-TOKEN-EXPIRES",
    hint: /Generate token/,
    skips: [],
  },
  {
    what: "the token has ended by the recorded date",
    asked: () => ({ tokenExpiresAt: inDays(-10) }),
    step: "scim-token",
    code: "FED-SCIM-TOKEN-EXPIRED",
    hint: /Generate token/,
    skips: [],
  },
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
    what: "the group was made by hand",
    directory: { groups: [{ groupId: GROUP_ID, displayName: GROUP, members: [USER_ID] }] },
    step: "group",
    code: "FED-GROUP-NOT-PROVISIONED",
    hint: /link the push to the existing group/,
    skips: AFTER_GROUP,
  },
  {
    what: "the push failed over a name that is taken",
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
    asked: () => ({ why: true }),
    step: "group",
    code: "FED-GROUP-DUPLICATE-NAME",
    hint: /link the push to the existing group instead of creating one/,
    skips: AFTER_GROUP,
  },
  {
    what: "the group is empty",
    directory: { groups: group({ members: [] }) },
    step: "member",
    code: "FED-NOT-MEMBER",
    hint: /doesn't support the same group for app assignment and Group Push/,
    skips: ["portal", "identity"],
  },
  {
    what: "the permission set's name is mistyped",
    asked: () => ({ permissionSet: "ViewOnlyAcess" }),
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
    what: "the group was deleted and made again",
    directory: { groups: group({ groupId: "23a1b2c3-1111-4222-8333-444455556666" }) },
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
    what: "the account is not the organization's",
    asked: () => ({ account: "123456789012" }),
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
    hint: /Signed in as somebody else/,
    skips: ["identity"],
  },
  {
    what: "the portal does not list the account",
    options: { org: { accounts: [{ accountId: ACCOUNT, roles: [] }] } },
    step: "portal",
    code: "FED-PORTAL-ACCOUNT",
    hint: /Signed in as somebody else/,
    skips: ["identity"],
  },
  {
    what: "the profile names another role",
    asked: (home) => ({ loginProfile: otherRole(home) }),
    step: "identity",
    code: "FED-IDENTITY-ROLE",
    hint: /latchkey configure/,
    skips: [],
  },
];

function otherRole(home: Home): string {
  home.write(
    ".aws/config",
    `${home.read(".aws/config")}[profile other]\nsso_session = corp\nsso_account_id = ${ACCOUNT}\nsso_role_name = AdministratorAccess\n`,
  );
  return "other";
}

describe("one cause gives one failure", () => {
  test.each(FAILURES)(
    "$what: $step fails as $code",
    async ({ directory, options, asked, token, step, code, hint, skips }) => {
      const home = await federatedHome(directory, options);
      const checks = await checked(home, asked?.(home), token);
      expect(statusesOf(checks)).toEqual(
        allOkBut({ [step]: "fail", ...Object.fromEntries(skips.map((id) => [id, "skip"])) }),
      );
      const failed = checks.find(({ id }) => id === step);
      expect(failed?.code).toBe(code);
      expect(failed?.hint?.join("\n")).toMatch(hint);
    },
  );
});

describe("what is doubtful", () => {
  test.each<
    [
      string,
      Parameters<typeof federatedHome>[0],
      (home: Home) => Partial<CheckOptions>,
      string,
      string,
    ]
  >([
    [
      "a user name that differs by case",
      { users: user({ userName: USER.toUpperCase() }) },
      () => ({ user: USER }),
      "user",
      "FED-USER-CASE",
    ],
    [
      "a user without a last name",
      {
        users: [
          { userId: USER_ID, userName: USER, givenName: "Okta", displayName: "O", externalId: "x" },
        ],
      },
      () => ({}),
      "user",
      "FED-USER-NAMES",
    ],
    [
      "a token that ends within ninety days",
      {},
      () => ({ tokenExpiresAt: inDays(45) }),
      "scim-token",
      "FED-SCIM-TOKEN-EXPIRES",
    ],
    [
      "an endpoint with the console's trailing slash",
      {},
      (home) => ({ scimEndpoint: home.emulator.scimEndpoint }),
      "scim-reach",
      "FED-SCIM-URL",
    ],
    [
      "a certificate that ends within sixty days",
      {},
      () => ({ minDays: 36_500 }),
      "metadata",
      "META-CERT",
    ],
  ])("%s is a warning, and what follows is judged", async (_, directory, asked, step, code) => {
    const home = await federatedHome(directory);
    const checks = await checked(home, asked(home));
    expect(checks.find(({ id }) => id === step)).toMatchObject({ status: "warn", code });
    expect(statusesOf(checks)).toMatchObject({
      group: "ok",
      member: "ok",
      assignment: "ok",
      portal: "ok",
    });
  });

  test("a SCIM endpoint of another directory is told by the difference of the two witnesses", async () => {
    const home = await federatedHome();
    const other = await federatedHome({ users: [] });
    const checks = await checked(home, { scimEndpoint: other.emulator.scimEndpoint.slice(0, -1) });
    expect(checks.find(({ id }) => id === "user")).toMatchObject({
      status: "warn",
      code: "FED-WITNESSES-DIFFER",
    });
  });
});

test("names with quotes and backslashes are found by both witnesses, and permission sets that look like a role's suffix", async () => {
  const odd = 'a"b\\c d';
  const name = "A_B_0123456789abcdef";
  const home = await federatedHome(
    {
      groups: [{ groupId: GROUP_ID, displayName: odd, members: [USER_ID], externalId: "g" }],
      permissionSets: [{ id: "ps-0a1b2c3d4e5f6071", name }],
    },
    { org: { accounts: [{ accountId: ACCOUNT, roles: [name] }] } },
  );
  home.write(
    ".aws/config",
    home
      .read(".aws/config")
      .replace(`sso_role_name = ${PERMISSION_SET}`, `sso_role_name = ${name}`),
  );
  const checks = await checked(home, { group: odd, permissionSet: name });
  expect(statusesOf(checks)).toEqual(allOkBut({}));
  const scim = await checked(home, { group: odd, scimOnly: true });
  expect(statusesOf(scim)).toMatchObject({ user: "ok", group: "ok", member: "ok" });
});

test("of two instances the one that the management account owns counts, also past an empty first page", async () => {
  const instances = [
    { id: "ssoins-1111111111111111", ownerAccountId: "100000000002", status: "ACTIVE" as const },
    { id: "ssoins-7223a1b2c3d4e5f6", ownerAccountId: "999999999999", status: "ACTIVE" as const },
  ];
  const home = await federatedHome({ instances }, { paging: { pageSize: 1, emptyPages: true } });
  const checks = await checked(home);
  expect(checks.find(({ id }) => id === "instance")?.summary).toBe(
    "ssoins-7223a1b2c3d4e5f6 (us-east-1)",
  );
});
