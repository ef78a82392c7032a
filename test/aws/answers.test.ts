import { describe, expect, test } from "vitest";
import { startHttpServer } from "../faults/support/raw-servers.ts";
import type { Connection } from "../../src/aws/send.ts";
import {
  fetchDeviceToken,
  redeemCode,
  refreshAccessToken,
  registerClient,
  startDeviceAuthorization,
} from "../../src/aws/oidc.ts";
import { listAccountRoles, listAccounts } from "../../src/aws/portal.ts";
import { fetchRoleCredentials } from "../../src/aws/role-credentials.ts";
import { fetchCallerIdentity } from "../../src/aws/sts.ts";
import { fetchSignInToken } from "../../src/console/sign-in-endpoint.ts";
import { fetchGroupPages, isMember } from "../../src/federation/aws/directory.ts";
import { fetchAssignmentStatus, listInstances } from "../../src/federation/aws/instance.ts";
import type { Instance } from "../../src/federation/aws/identity-center.ts";
import type { Administrator } from "../../src/federation/aws/send.ts";
import { createScimSource } from "../../src/federation/directory-source.ts";
import { createTestConnection } from "./connection.ts";

const SECRET = "TheSecretValue";
const KEYS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "s",
  sessionToken: undefined,
  expiration: undefined,
  accountId: undefined,
};
const CLIENT = {
  clientId: "id",
  clientSecret: "secret",
  expiresAt: new Date("2027-01-01T00:00:00Z"),
};
const PENDING = { redirectUri: "http://127.0.0.1/", state: "s", codeVerifier: "v" };

const ROLE = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: SECRET,
  sessionToken: SECRET,
  expiration: Date.parse("2026-11-29T13:00:00Z"),
};
const REGISTRATION = {
  clientId: "id",
  clientSecret: SECRET,
  clientSecretExpiresAt: Date.parse("2027-01-01T00:00:00Z") / 1000,
};
const DEVICE = {
  deviceCode: SECRET,
  userCode: "ABCD-EFGH",
  verificationUri: "https://example.com",
};
const TOKEN = { accessToken: SECRET, expiresIn: 3600 };

const fetchRole = (connection: Connection) =>
  fetchRoleCredentials(connection, "token", "100000000001", "Admin");
const register = (connection: Connection) =>
  registerClient(connection, { clientName: "latchkey", scopes: undefined });
const startDevice = (connection: Connection) =>
  startDeviceAuthorization(connection, CLIENT, "https://example.awsapps.com/start");
const refresh = (connection: Connection) =>
  refreshAccessToken(connection, { ...CLIENT, refreshToken: "r" });

type Row = readonly [
  operation: string,
  member: string,
  call: (connection: Connection) => Promise<unknown>,
  body: unknown,
];

const ROWS: readonly Row[] = [
  ["GetRoleCredentials", "roleCredentials.accessKeyId", fetchRole, {}],
  ["GetRoleCredentials", "roleCredentials.accessKeyId", fetchRole, { roleCredentials: null }],
  [
    "GetRoleCredentials",
    "roleCredentials.secretAccessKey",
    fetchRole,
    { roleCredentials: { ...ROLE, secretAccessKey: `${SECRET}\n` } },
  ],
  [
    "GetRoleCredentials",
    "roleCredentials.sessionToken",
    fetchRole,
    { roleCredentials: { ...ROLE, sessionToken: "" } },
  ],
  [
    "GetRoleCredentials",
    "roleCredentials.expiration",
    fetchRole,
    { roleCredentials: { ...ROLE, expiration: 1_795_000_000 } },
  ],
  [
    "ListAccounts",
    "accountList",
    (via) => listAccounts(via, "t", () => undefined),
    { accountList: SECRET },
  ],
  [
    "ListAccountRoles",
    "roleList",
    (via) => listAccountRoles(via, "t", "100000000001"),
    { roleList: { SECRET } },
  ],
  ["RegisterClient", "clientId", register, { ...REGISTRATION, clientId: undefined }],
  ["RegisterClient", "clientSecret", register, { ...REGISTRATION, clientSecret: `${SECRET} x` }],
  [
    "RegisterClient",
    "clientSecretExpiresAt",
    register,
    { ...REGISTRATION, clientSecretExpiresAt: 0 },
  ],
  ["StartDeviceAuthorization", "deviceCode", startDevice, { ...DEVICE, deviceCode: "" }],
  ["StartDeviceAuthorization", "userCode", startDevice, { ...DEVICE, userCode: SECRET.repeat(9) }],
  [
    "StartDeviceAuthorization",
    "verificationUri",
    startDevice,
    { ...DEVICE, verificationUri: null },
  ],
  [
    "CreateToken",
    "accessToken",
    (via) => fetchDeviceToken(via, CLIENT, "d"),
    { ...TOKEN, accessToken: "" },
  ],
  [
    "CreateToken",
    "expiresIn",
    (via) => redeemCode(via, CLIENT, "c", PENDING),
    { ...TOKEN, expiresIn: 0 },
  ],
  ["CreateToken", "expiresIn", refresh, { accessToken: SECRET }],
  ["getSigninToken", "SigninToken", signIn, { SigninToken: `${SECRET}\r` }],
  ["getSigninToken", "SigninToken", signIn, []],
  [
    "ListInstances",
    "Instances",
    (via) => listInstances(createAdministrator(via)),
    { Instances: SECRET },
  ],
  ["ListGroups", "Groups", listGroups, { Groups: 5 }],
  [
    "ListGroupMembershipsForMember",
    "GroupMemberships",
    askMember,
    { Results: 1, GroupMemberships: SECRET },
  ],
  [
    "DescribeAccountAssignmentCreationStatus",
    "AccountAssignmentCreationStatus.Status",
    (via) => askStatus(via, "create"),
    { AccountAssignmentCreationStatus: { RequestId: "r", Status: SECRET } },
  ],
  [
    "DescribeAccountAssignmentDeletionStatus",
    "AccountAssignmentDeletionStatus.RequestId",
    (via) => askStatus(via, "delete"),
    { AccountAssignmentDeletionStatus: { Status: "SUCCEEDED" } },
  ],
  ["Users", "Resources", findScimUser, { totalResults: 1, Resources: SECRET }],
];

function signIn(connection: Connection): Promise<string> {
  const credentials = { ...KEYS, sessionToken: "t" };
  return fetchSignInToken(connection, connection.endpoint ?? "", credentials, undefined);
}

async function listGroups(connection: Connection): Promise<unknown> {
  return fetchGroupPages(createInstance(connection)).next();
}

function askMember(connection: Connection): Promise<boolean> {
  return isMember(createInstance(connection), "user", "group");
}

function askStatus(connection: Connection, change: "create" | "delete"): Promise<unknown> {
  return fetchAssignmentStatus(createInstance(connection), change, "request");
}

function createAdministrator(connection: Connection): Administrator {
  return { region: connection.region, connect: () => ({ ...connection, credentials: KEYS }) };
}

function createInstance(connection: Connection): Instance {
  const names = { arn: "arn", id: "ssoins-1", identityStoreId: "d-1", status: "ACTIVE" };
  const unknown = { ownerAccountId: undefined, statusReason: undefined };
  return { admin: createAdministrator(connection), ...names, ...unknown };
}

async function findScimUser(connection: Connection): Promise<unknown> {
  const base = `${connection.endpoint}/scim/v2`;
  return (await createScimSource({ connection, base, token: "t" })).findUser("anna");
}

describe("an answer that lacks what it must have", () => {
  test.each(ROWS)("%s names %s, and never a value", async (operation, member, call, body) => {
    const server = await startHttpServer(() => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }));
    const failure: unknown = await call(createTestConnection(server.url)).catch(
      (thrown: unknown) => thrown,
    );
    expect(failure).toMatchObject({
      code: "BAD_RESPONSE",
      message: `The answer of ${operation} has no usable "${member}".`,
    });
    expect(JSON.stringify(failure)).not.toContain(SECRET);
  });

  test.each(["Account", "Arn", "UserId"])("GetCallerIdentity names %s", async (missing) => {
    const members = {
      Account: "100000000001",
      Arn: "arn:aws:iam::100000000001:user/a",
      UserId: "A",
    };
    const written = Object.entries(members)
      .filter(([name]) => name !== missing)
      .map(([name, value]) => `<${name}>${value}</${name}>`);
    const server = await startHttpServer(() => ({
      status: 200,
      headers: { "content-type": "text/xml" },
      body: `<GetCallerIdentityResponse><GetCallerIdentityResult>${written.join("")}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
    }));
    await expect(fetchCallerIdentity(createTestConnection(server.url), KEYS)).rejects.toMatchObject(
      {
        code: "BAD_RESPONSE",
        message: `The answer of GetCallerIdentity has no usable "${missing}".`,
      },
    );
  });
});
