import { describe, expect, test } from "vitest";
import { listAccounts, listRoles } from "../../src/access/list.ts";
import { login } from "../../src/sign-in/login.ts";
import type { Context } from "../../src/context.ts";
import type { Route } from "../../src/emulator/routes.ts";
import {
  CORP_TOKEN,
  expireTokenFile,
  listCachedRoleFiles,
  makeRenewalsDue,
  type EmulatedHome,
} from "../support/emulated-home.ts";
import { CONFIG, CORP, createFullHome, fetchRole, readListings, sync, SYNC } from "./full-home.ts";

/** What is missing from an incomplete answer is neither removed nor overwritten. */

interface Act {
  readonly what: string;
  readonly route: Route;
  /** The member that should be a list or a text in the answer. */
  readonly member: string;
  readonly run: (context: Context) => Promise<unknown>;
  readonly prepare?: (home: EmulatedHome) => void;
  /** What must be unchanged. */
  readonly read: (home: EmulatedHome) => unknown;
}

const readConfig = (home: EmulatedHome): string => home.read(CONFIG);
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
  test("is unchanged after every incomplete answer", { tags: ["long"] }, async () => {
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
