import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
  IdentitystoreClient,
} from "@aws-sdk/client-identitystore";
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import {
  CreatePermissionSetCommand,
  ListInstancesCommand,
  SSOAdminClient,
} from "@aws-sdk/client-sso-admin";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHome, type Home, type RunResult } from "../support/home.ts";
import { findCheck, parseStatuses } from "../support/federation-run.ts";
import { startMoto, type Moto } from "./moto.ts";
import { patience } from "../support/patience.ts";

/** moto's default account, which is the management account of its organization. */
const ACCOUNT = "123456789012";
const USER = "ada.okta@example.com";
const GROUP = "aws-viewers";
const NAMES = [
  "--user",
  USER,
  "--group",
  GROUP,
  "--account",
  ACCOUNT,
  "--permission-set",
  "ViewOnlyAccess",
];
const ASSIGN = [
  "federation",
  "assign",
  "--group",
  GROUP,
  "--permission-set",
  "ViewOnlyAccess",
  "--account",
  ACCOUNT,
  "--json",
];

let moto: Moto;

function createClientSettings() {
  return {
    endpoint: moto.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIAMOTO000000000000", secretAccessKey: "moto" },
  };
}

beforeAll(async () => {
  moto = await startMoto();
  const organizations = new OrganizationsClient(createClientSettings());
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  for (let number = 1; number <= 22; number += 1)
    await organizations.send(
      new CreateAccountCommand({
        AccountName: `team-${number}`,
        Email: `team-${number}@example.com`,
      }),
    );
  const admin = new SSOAdminClient(createClientSettings());
  const [instance] = (await admin.send(new ListInstancesCommand({}))).Instances ?? [];
  for (const Name of ["AdministratorAccess", "ViewOnlyAccess"])
    await admin.send(new CreatePermissionSetCommand({ InstanceArn: instance?.InstanceArn, Name }));
  const store = new IdentitystoreClient(createClientSettings());
  const IdentityStoreId = instance?.IdentityStoreId ?? "";
  const user = await store.send(
    new CreateUserCommand({
      IdentityStoreId,
      UserName: USER,
      DisplayName: "Ada Okta",
      Name: { GivenName: "Ada", FamilyName: "Okta" },
    }),
  );
  const group = await store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: GROUP }));
  await store.send(
    new CreateGroupMembershipCommand({
      IdentityStoreId,
      GroupId: group.GroupId,
      MemberId: { UserId: user.UserId ?? "" },
    }),
  );
}, patience(120_000));

afterAll(() => moto.close());

function run(home: Home, ...argv: string[]): Promise<RunResult> {
  return home.run(argv, { env: moto.env });
}

test("the whole path works against moto: check reports the missing assignment, assign makes it, and check finds it", async () => {
  const home = await createHome();
  const before = await run(
    home,
    "federation",
    "check",
    "--json",
    "--provisioning",
    "manual",
    ...NAMES,
  );
  expect(before.exitCode, before.stdout).toBe(1);
  expect(parseStatuses(before)).toMatchObject({
    instance: "ok",
    user: "ok",
    group: "ok",
    member: "ok",
    "permission-set": "ok",
    assignment: "fail",
  });
  const command = findCheck(before, "assignment").hint[0] ?? "";
  const assigned = await run(home, ...command.split(" ").slice(1), "--yes", "--json");
  expect(JSON.parse(assigned.stdout)).toMatchObject({
    ok: true,
    assignments: [{ state: "assigned" }],
  });
  expect(JSON.parse((await run(home, ...ASSIGN)).stdout)).toMatchObject({
    ok: true,
    exitCode: 0,
    assignments: [{ state: "already-assigned" }],
  });
  const access = await run(home, "federation", "access", "--user", USER, "--json");
  expect(JSON.parse(access.stdout)).toMatchObject({
    rows: [{ userName: USER, accountId: ACCOUNT, permissionSet: "ViewOnlyAccess", via: GROUP }],
  });
  home.write(".aws/credentials", await assumeRole());
  home.write(".aws/config", "[profile assumed]\nregion = eu-west-1\n");
  const after = await run(
    home,
    "federation",
    "check",
    "--json",
    "--provisioning",
    "manual",
    "--login-profile",
    "assumed",
    ...NAMES,
  );
  expect(after.exitCode, after.stdout).toBe(0);
  expect(parseStatuses(after)).toMatchObject({ assignment: "ok", portal: "skip", identity: "ok" });
  const removed = await run(home, ...ASSIGN, "--remove", "--yes");
  expect(JSON.parse(removed.stdout)).toMatchObject({ assignments: [{ state: "removed" }] });
});

/** Returns credentials of the role that Identity Center would have created, as the lines of a profile. */
async function assumeRole(): Promise<string> {
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/AWSReservedSSO_ViewOnlyAccess_0123456789abcdef`;
  const { Credentials } = await new STSClient(createClientSettings()).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: USER }),
  );
  return `[assumed]\naws_access_key_id = ${Credentials?.AccessKeyId}\naws_secret_access_key = ${Credentials?.SecretAccessKey}\naws_session_token = ${Credentials?.SessionToken}\n`;
}

test("accounts are found by name beyond the first page of twenty, and for unknown names the nearest are suggested", async () => {
  const home = await createHome();
  const found = await run(
    home,
    "federation",
    "assign",
    "--group",
    GROUP,
    "--permission-set",
    "ViewOnlyAccess",
    "--account",
    "team-22",
    "--dry-run",
    "--json",
  );
  expect(JSON.parse(found.stdout)).toMatchObject({
    assignments: [{ accountName: "team-22", state: "planned" }],
  });
  const unknown = await run(
    home,
    "federation",
    "assign",
    "--group",
    "aws-viewer",
    "--permission-set",
    "ViewOnlyAccess",
    "--account",
    ACCOUNT,
    "--yes",
  );
  expect(unknown).toMatchObject({
    exitCode: 5,
    stderr: expect.stringContaining("The nearest: aws-viewers"),
  });
});

test("a call that moto does not support, which it answers with a web page, is a bad answer and not a crash", async () => {
  const home = await createHome();
  const result = await run(home, "federation", "why", "login");
  expect(result).toMatchObject({ exitCode: 6, stdout: "" });
  expect(result.stderr).toMatch(/^latchkey: error: .*\nlatchkey: hint: .*\n$/);
});
