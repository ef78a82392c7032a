import fc from "fast-check";
import {
  fetchDeviceToken,
  redeemCode,
  refreshAccessToken,
  registerClient,
  startDeviceAuthorization,
} from "../../src/aws/oidc.ts";
import { listAccountRoles, listAccounts, logout, probeToken } from "../../src/aws/portal.ts";
import { fetchRoleCredentials } from "../../src/aws/role-credentials.ts";
import { fetchCallerIdentity } from "../../src/aws/sts.ts";
import { fetchSignInToken } from "../../src/console/sign-in-endpoint.ts";
import { createScimSource } from "../../src/federation/directory-source.ts";
import { fetchScim } from "../../src/federation/scim/client.ts";
import { isAccountId } from "../../src/model/role.ts";
import { isRecord } from "../../src/text/json.ts";
import {
  arbitraryAnswers,
  checkCall,
  createAnswer,
  liar,
  openConnection,
  SECRET,
  type Call,
} from "./liar.ts";
import { createTarget } from "./target.ts";
import { arbitraryJson, arbitraryShape, arbitraryText } from "./values.ts";

/** Checks latchkey's clients with random answers of the services. */

const CLIENT = {
  clientId: "id",
  clientSecret: SECRET,
  expiresAt: new Date("2027-01-01T00:00:00Z"),
};
const PENDING = { redirectUri: "http://127.0.0.1/", state: "s", codeVerifier: SECRET };
const KEYS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: SECRET,
  sessionToken: SECRET,
  expiration: undefined,
  accountId: undefined,
};

const VISIBLE = /^[\x21-\x7e]+$/;
const isSecret = (value: unknown): boolean => typeof value === "string" && VISIBLE.test(value);
const isInstant = (value: unknown): boolean =>
  value instanceof Date && !Number.isNaN(value.getTime());

interface Issued {
  readonly kind: string;
  readonly token?: { accessToken: unknown; expiresAt: unknown; refreshToken?: unknown };
}

function isIssued({ token }: Issued): boolean {
  if (token === undefined) return true;
  const { accessToken, expiresAt, refreshToken } = token;
  return (
    isSecret(accessToken) &&
    isInstant(expiresAt) &&
    (refreshToken === undefined || isSecret(refreshToken))
  );
}

/** Mostly right values, because the last check runs only if all others before it have passed. */
const anySecret = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("abc", "eyJ.x-y_z") },
  { weight: 1, arbitrary: fc.constant("x".repeat(20_000)) },
  { weight: 1, arbitrary: arbitraryText(4) },
);
const anyNumber = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(3600, 60, 1) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1e300, 1.5, "3600") },
  { weight: 1, arbitrary: fc.integer() },
);

const OIDC: Readonly<Record<string, Call>> = {
  register: {
    call: (via) => registerClient(via, { clientName: "latchkey", scopes: ["sso:account:access"] }),
    isRight: ({ clientId, clientSecret, expiresAt }: Record<string, unknown>) =>
      isSecret(clientId) && isSecret(clientSecret) && isInstant(expiresAt),
  },
  device: {
    call: (via) => startDeviceAuthorization(via, CLIENT, "https://acme.awsapps.com/start"),
    isRight: ({ kind, device }: { kind: string; device?: Record<string, unknown> }) =>
      kind === "refused" ||
      (isSecret(device?.["deviceCode"]) &&
        isSecret(device?.["userCode"]) &&
        isSecret(device?.["verificationUriComplete"]) &&
        Number(device?.["intervalSeconds"]) >= 1 &&
        Number(device?.["expiresInSeconds"]) > 0),
  },
  poll: { call: (via) => fetchDeviceToken(via, CLIENT, SECRET), isRight: isIssued },
  code: { call: (via) => redeemCode(via, CLIENT, SECRET, PENDING), isRight: isIssued },
  refresh: {
    call: (via) => refreshAccessToken(via, { ...CLIENT, refreshToken: SECRET }),
    isRight: isIssued,
  },
};

const oidc = createTarget({
  name: "oidc-answers",
  values: fc.tuple(
    fc.constantFrom(...Object.keys(OIDC)),
    arbitraryAnswers(
      arbitraryShape({
        clientId: anySecret,
        clientSecret: anySecret,
        clientSecretExpiresAt: fc.oneof(fc.constant(1_798_000_000), anyNumber),
        deviceCode: anySecret,
        userCode: anySecret,
        verificationUri: fc.oneof(fc.constant("https://example.com/"), arbitraryText(4)),
        verificationUriComplete: arbitraryText(4),
        interval: anyNumber,
        expiresIn: anyNumber,
        accessToken: anySecret,
        refreshToken: anySecret,
        tokenType: arbitraryText(2),
      }),
    ),
  ),
  open: () => liar.open(),
  async check([name, answers]) {
    liar.tell(answers);
    await checkCall(OIDC[name]!);
  },
});

interface Listed {
  readonly kind: string;
  readonly value?: { items: ReadonlyArray<Record<string, unknown>>; leftOut: number };
}

function isListed({ value }: Listed, isItem: (item: Record<string, unknown>) => boolean): boolean {
  return value === undefined || (value.items.every(isItem) && value.leftOut >= 0);
}

const isAccount = ({ accountId }: Record<string, unknown>): boolean =>
  isAccountId(String(accountId));

const PORTAL: Readonly<Record<string, Call>> = {
  accounts: {
    call: (via) => listAccounts(via, SECRET, () => undefined),
    isRight: (listed: Listed) => isListed(listed, isAccount),
  },
  roles: {
    call: (via) => listAccountRoles(via, SECRET, "100000000001"),
    isRight: (listed: Listed) => isListed(listed, ({ roleName }) => typeof roleName === "string"),
  },
  probe: {
    call: (via) => probeToken(via, SECRET),
    isRight: (listed: Listed) => isListed(listed, isAccount),
  },
  logout: { call: (via) => logout(via, SECRET), isRight: () => true },
  credentials: {
    call: (via) => fetchRoleCredentials(via, SECRET, "100000000001", "Admin"),
    isRight: ({ value }: { value?: Record<string, unknown> }) =>
      value === undefined ||
      (["accessKeyId", "secretAccessKey", "sessionToken"].every((name) => isSecret(value[name])) &&
        isInstant(value["expiration"])),
  },
  identity: {
    call: (via) => fetchCallerIdentity(via, KEYS),
    isRight: ({ arn, userId }: Record<string, unknown>) => isSecret(arn) && isSecret(userId),
  },
  console: {
    call: (via) => fetchSignInToken(via, liar.url(), { ...KEYS, sessionToken: SECRET }, 900),
    isRight: (token: unknown) => isSecret(token),
  },
};

const items = fc.array(
  arbitraryShape({
    accountId: fc.constantFrom("100000000001", "42"),
    accountName: arbitraryText(4),
    emailAddress: arbitraryText(4),
    roleName: arbitraryText(4),
  }),
  { maxLength: 3 },
);

const portal = createTarget({
  name: "portal-answers",
  values: fc.tuple(
    fc.constantFrom(...Object.keys(PORTAL)),
    arbitraryAnswers(
      arbitraryShape({
        accountList: items,
        roleList: items,
        nextToken: fc.oneof(fc.constant(null), fc.constantFrom("1", "2", ""), arbitraryText(3)),
        SigninToken: anySecret,
        roleCredentials: arbitraryShape({
          accessKeyId: anySecret,
          secretAccessKey: anySecret,
          sessionToken: anySecret,
          expiration: fc.oneof(fc.constant(1_796_000_000_000), anyNumber),
        }),
      }),
    ),
  ),
  cases: [
    // Half a character can't be sent: the URL class's own error was not caught.
    ["accounts", [createAnswer({ accountList: [], nextToken: "\ud800" })]],
    // An incomplete list was accepted as complete.
    ["roles", [createAnswer({ roleList: [], nextToken: 5 })]],
  ],
  open: () => liar.open(),
  async check([name, answers]) {
    liar.tell(answers);
    await checkCall(PORTAL[name]!);
  },
});

const resources = arbitraryShape({
  id: arbitraryText(4),
  userName: arbitraryText(4),
  displayName: arbitraryText(4),
  active: fc.constantFrom(true, false, "true"),
  emails: arbitraryJson(),
  members: fc.array(arbitraryShape({ value: arbitraryText(3) }), { maxLength: 2 }),
  totalResults: fc.oneof(fc.constantFrom(0, 1, "0"), fc.integer()),
});

const scim = createTarget({
  name: "scim-answers",
  values: arbitraryAnswers(
    arbitraryShape({
      Resources: fc.array(resources, { maxLength: 3 }),
      totalResults: fc.oneof(fc.constantFrom(0, 1, "0"), fc.integer()),
      exceptionRequestId: fc.oneof(fc.constant(SECRET), arbitraryText(4)),
      members: arbitraryJson(),
    }),
  ),
  cases: [
    // The answer contained the token as the request id, which was printed.
    [{ status: 409, headers: {}, body: `{"exceptionRequestId":"${SECRET}"}`, isCut: false }],
    [{ status: 401, headers: { "x-amzn-requestid": "../../x" }, body: "", isCut: false }],
  ],
  open: () => liar.open(),
  async check(answers) {
    const access = {
      connection: { ...openConnection(), endpoint: undefined },
      base: `${liar.url()}/scim/v2`,
      token: SECRET,
    };
    const source = await createScimSource(access);
    const isName = (name: unknown): boolean => typeof name === "string";
    const calls: Call[] = [
      { call: () => fetchScim(access, "Users"), isRight: isRecord },
      { call: () => source.findUser('a"b'), isRight: isRecord },
      { call: () => source.findGroup("g"), isRight: isRecord },
      { call: () => source.isMember("u", "g"), isRight: (is: unknown) => typeof is === "boolean" },
      { call: () => source.listUserNames(), isRight: (names: unknown[]) => names.every(isName) },
    ];
    for (const call of calls) {
      liar.tell(answers);
      await checkCall(call);
    }
  },
});

export const SERVICE_TARGETS = [oidc, portal, scim];
