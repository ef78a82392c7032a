import { describe, expect, test } from "vitest";
import { listAccounts, listRoles } from "../../src/access/list.ts";
import { login } from "../../src/sign-in/login.ts";
import { syncProfiles } from "../../src/sync/sync.ts";
import { roleCredentials } from "../../src/credentials/role.ts";
import { NO_DEADLINE } from "../../src/token/time-budget.ts";
import type { Context } from "../../src/context.ts";
import type { Route } from "../../src/emulator/routes.ts";
import { createContext } from "../support/context.ts";
import {
  CORP_TOKEN,
  createSignedInHome,
  expireTokenFile,
  listCachedRoleFiles,
  makeRenewalsDue,
  type Home,
} from "../support/home.ts";

/** Absence is not emptiness: what an answer that is not whole does not say is neither removed nor written over. */

const CORP = {
  name: "corp",
  startUrl: "https://emu.awsapps.com/start",
  region: "us-east-1",
  registrationScopes: ["sso:account:access"],
};
const SESSION = `[sso-session corp]
sso_start_url = ${CORP.startUrl}
sso_region = ${CORP.region}
sso_registration_scopes = sso:account:access
`;
const CONFIG = ".aws/config";
const ORG = {
  accounts: [
    { accountId: "100000000001", accountName: "payments", roles: ["ViewOnlyAccess", "Admin"] },
    { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
  ],
};
const ROLE = { accountId: "100000000001", roleName: "ViewOnlyAccess" };

const SYNC = {
  dryRun: false,
  yes: true,
  cached: false,
  prune: true,
  rename: true,
  force: true,
  progress: undefined,
  show: () => undefined,
  openBrowser: false,
  flow: undefined,
  qr: false,
};

const sync = (context: Context): Promise<unknown> =>
  syncProfiles(context, { ssoSession: "corp" }, SYNC);
const fetchRole = (context: Context): Promise<unknown> =>
  roleCredentials(context, { session: CORP, ...ROLE }, NO_DEADLINE);

/** Signed in, with everything there that an answer could take away. */
async function createFullHome(): Promise<{ home: Home; context: Context }> {
  const home = await createSignedInHome({ org: ORG });
  home.write(CONFIG, SESSION);
  const context = createContext(home);
  await sync(context);
  await fetchRole(context);
  return { home, context };
}

/** What is kept of answers, by path. */
function readKept(home: Home, ...folders: readonly string[]): Record<string, string> {
  const paths = folders.flatMap((folder) =>
    home.list(folder).flatMap((name) => {
      const path = `${folder}/${name}`;
      return /\.(json|part)$/.test(name)
        ? [path]
        : home.list(path).map((file) => `${path}/${file}`);
    }),
  );
  return Object.fromEntries(paths.map((path) => [path, home.read(path)]));
}

interface Act {
  readonly what: string;
  readonly route: Route;
  /** The member that the answer should have as a list or a text. */
  readonly member: string;
  readonly run: (context: Context) => Promise<unknown>;
  readonly prepare?: (home: Home) => void;
  /** What must be as it was. */
  readonly read: (home: Home) => unknown;
}

const readConfig = (home: Home): string => home.read(CONFIG);
const readListings = (home: Home) => readKept(home, ".aws/latchkey/access");
const ACTS: readonly Act[] = [
  {
    what: "profiles sync --prune, by the accounts",
    route: "ListAccounts",
    member: "accountList",
    run: sync,
    read: readConfig,
  },
  {
    what: "profiles sync --prune, by the roles",
    route: "ListAccountRoles",
    member: "roleList",
    run: sync,
    read: readConfig,
  },
  {
    what: "the kept accounts",
    route: "ListAccounts",
    member: "accountList",
    run: (context) => listAccounts(context, CORP, {}),
    read: readListings,
  },
  {
    what: "the kept roles",
    route: "ListAccountRoles",
    member: "roleList",
    run: (context) => listRoles(context, CORP, {}),
    read: (home) =>
      Object.entries(readListings(home)).filter(([path]) => path.endsWith("/roles.json")),
  },
  {
    what: "the token that is refreshed",
    route: "CreateToken",
    member: "accessToken",
    prepare: (home) => expireTokenFile(home, CORP_TOKEN),
    run: (context) => listAccounts(context, CORP, {}),
    read: (home) => home.read(CORP_TOKEN),
  },
  {
    what: "cached role credentials",
    route: "GetRoleCredentials",
    member: "roleCredentials",
    prepare: makeRenewalsDue,
    run: fetchRole,
    read: (home) => listCachedRoleFiles(home).map((path) => home.read(path)),
  },
  {
    what: "the client registration",
    route: "RegisterClient",
    member: "clientId",
    prepare: (home) => home.emulator.invalidateClient(),
    run: (context) => login(context, CORP, { ...SYNC, force: true }),
    read: (home) => [home.read(CORP_TOKEN), readListings(home)],
  },
];

const MALFORMED: ReadonlyArray<readonly [what: string, body: (member: string) => unknown]> = [
  ["{}", () => ({})],
  ["[]", () => []],
  ["a text", () => '"x"'],
  ["null", () => "null"],
  ["no JSON", () => "x"],
  ["a message", () => ({ message: "Rate exceeded" })],
  ["nothing", () => ""],
  ["null in its place", (member) => ({ [member]: null })],
  ["a text in its place", (member) => ({ [member]: 'a "text"\n' })],
  ["a record in its place", (member) => ({ [member]: {} })],
  ["a list of nothing", (member) => ({ [member]: [null, 5, "x", [], {}] })],
];

describe.each(ACTS)("$what", ({ route, member, run, prepare, read }) => {
  test("stays as it was after every answer that is not whole", async () => {
    const { home, context } = await createFullHome();
    prepare?.(home);
    const before = read(home);
    for (const [what, toBody] of MALFORMED) {
      home.emulator.clearFaults();
      home.emulator.setFault({ route, status: 200, body: toBody(member) });
      const outcome = await run(context).then(
        () => "served",
        (thrown: unknown) => (thrown as { code?: unknown }).code ?? String(thrown),
      );
      expect({ what, outcome, after: read(home) }).toEqual({
        what,
        outcome: route === "GetRoleCredentials" ? "served" : "BAD_RESPONSE",
        after: before,
      });
    }
    home.emulator.clearFaults();
    home.emulator.setFault({ route, status: 204 });
    await run(context).catch(() => undefined);
    expect(read(home)).toEqual(before);
  });
});

test.each<[string, Route, unknown]>([
  [
    "an account",
    "ListAccounts",
    { accountList: [{ accountId: "100000000001", accountName: "payments" }, { accountId: 5 }] },
  ],
  ["a role", "ListAccountRoles", { roleList: [{ roleName: "ViewOnlyAccess" }, null] }],
])(
  "%s that can't be read is left out and said; the others are listed, and nothing is pruned or kept by it",
  async (_, route, body) => {
    const { home } = await createFullHome();
    const [config, kept] = [home.read(CONFIG), readListings(home)];
    home.emulator.setFault({ route, status: 200, body });
    const listed = await home.run(["roles", "--csv"]);
    expect(listed.exitCode).toBe(0);
    expect(listed.stdout).toContain("100000000001,payments,ViewOnlyAccess");
    expect(listed.stderr).toContain("the service's answer was not whole");
    const synced = await home.run(["profiles", "sync", "--prune", "--force", "--yes"]);
    expect(synced).toMatchObject({ exitCode: 0 });
    expect(synced.stderr).toContain("the service's answer was not whole");
    expect(home.read(CONFIG)).toBe(config);
    expect(readListings(home)).toEqual(kept);
  },
);

test("an account whose roles are refused loses no profile, and the listing with its gap is not kept", async () => {
  const { home } = await createFullHome();
  const [config, kept] = [home.read(CONFIG), readListings(home)];
  home.emulator.setFault({
    route: "ListAccountRoles",
    match: { accountId: "100000000002" },
    status: 403,
  });
  const synced = await home.run(["profiles", "sync", "--prune", "--force", "--yes"]);
  expect(synced).toMatchObject({ exitCode: 0 });
  expect(home.read(CONFIG)).toBe(config);
  expect(readListings(home)).toEqual(kept);
});
