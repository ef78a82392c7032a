import { join } from "node:path";
import { expect, test } from "vitest";
import { readAccessHistory } from "../../../src/access/history/store.ts";
import {
  learnUserName,
  setFavourite,
  settleHistory,
} from "../../../src/access/history/user-name.ts";
import { listRoles } from "../../../src/access/list.ts";
import type { Context } from "../../../src/context.ts";
import { readSession } from "../../../src/profiles/profile.ts";
import { readConfig } from "../../../src/profiles/select.ts";
import { openTokenRequest } from "../../../src/token/token.ts";
import { createContext } from "../../support/context.ts";
import {
  createSignedInEmulatedHome,
  listCachedRoleFiles,
  type EmulatedHome,
} from "../../support/emulated-home.ts";
import { expectMode } from "../../support/windows.ts";

const USER = "okta.user@example.com";
const ROOT = ".aws/latchkey/access-history";
const KEY = "ee0bfd2552fbd840c02cc48b6e823320543c450f";
const PENDING = `.aws/latchkey/access/${KEY}/pending.json`;
const ORG = {
  accounts: [
    { accountId: "100000000001", accountName: "payments", roles: ["Admin", "ReadOnlyAccess"] },
    { accountId: "100000000002", accountName: "search", roles: ["Admin"] },
  ],
};

async function openHome() {
  const home = await createSignedInEmulatedHome({ org: ORG });
  const context = createContext(home);
  const session = readSession(readConfig(context), "corp");
  const readHistory = async (now: Context = context) =>
    readAccessHistory(home.path, await openTokenRequest(now, session));
  return { home, context, session, readHistory };
}

function countAsked({ emulator: { journal } }: EmulatedHome): readonly number[] {
  return [journal.count("GetRoleCredentials"), journal.count("GetCallerIdentity")];
}

function listFiles(home: EmulatedHome): string[] {
  return home.list(`${ROOT}/${KEY}`).map((name) => `${ROOT}/${KEY}/${name}`);
}

test("a listing makes no request for the user's name; it joins that user's history once the name is known", async () => {
  const { home, context, session, readHistory } = await openHome();
  await listRoles(context, session, {});
  expect(countAsked(home)).toEqual([0, 0]);
  expect(await readHistory()).toBeUndefined();
  expect(home.exists(PENDING)).toBe(true);
  expect(await learnUserName(context, session)).toBe(USER);
  expect(home.exists(PENDING)).toBe(false);
  const history = await readHistory();
  expect(history).toMatchObject({ userName: USER, favourites: [] });
  expect(history?.spans).toHaveLength(3);
  expect(history?.beganAt).toEqual(history?.listedAt);
});

test("the name is requested once per sign-in, with a read-only role whose credentials are not stored", async () => {
  const { home, context, session } = await openHome();
  await listRoles(context, session, {});
  for (let time = 0; time < 2; time += 1) expect(await learnUserName(context, session)).toBe(USER);
  await settleHistory(context, session);
  expect(countAsked(home)).toEqual([1, 1]);
  const [asked] = home.emulator.journal.entries({ route: "GetCallerIdentity" });
  expect(asked?.arn).toContain("ReadOnlyAccess");
  expect(listCachedRoleFiles(home)).toEqual([]);
  const [file = ""] = listFiles(home);
  expectMode(join(home.path, file), 0o600);
  expectMode(join(home.path, ROOT, KEY), 0o700);
  expect(home.read(file)).not.toMatch(/token|secret|key/i);
});

test("a name that can't be found is requested once in the background, and again by a caller that needs it", async () => {
  const { home, context, session, readHistory } = await openHome();
  await listRoles(context, session, {});
  home.emulator.setFault({ route: "GetCallerIdentity", status: 403 });
  for (let time = 0; time < 2; time += 1)
    expect(await learnUserName(context, session)).toBeUndefined();
  expect(countAsked(home)).toEqual([1, 1]);
  const role = { accountId: "100000000002", roleName: "Admin" };
  await expect(setFavourite(context, session, role, true)).rejects.toMatchObject({
    message: expect.stringContaining("does not accept"),
  });
  home.emulator.clearFaults();
  await setFavourite(context, session, role, true);
  expect(await readHistory()).toMatchObject({ favourites: [role], spans: expect.any(Array) });
  expect((await readHistory())?.spans).toHaveLength(3);
});

test("latchkey gives up on a silent service within 3 s", { tags: ["long"] }, async () => {
  const { home, context, session } = await openHome();
  await listRoles(context, session, {});
  home.emulator.setFault({ route: "GetCallerIdentity", delayMs: 20_000 });
  const started = performance.now();
  expect(await learnUserName(context, session)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(4_000);
});

test("without a known role no request is made, and marking a favourite fails with a hint", async () => {
  const { home, context, session } = await openHome();
  expect(await learnUserName(context, session)).toBeUndefined();
  expect(countAsked(home)).toEqual([0, 0]);
  const notHeld = { accountId: "100000000009", roleName: "Admin" };
  await expect(setFavourite(context, session, notHeld, true)).rejects.toMatchObject({
    code: "NOT_FOUND",
    hint: expect.stringContaining("latchkey roles --sso-session corp"),
  });
});

test("favourites are stored before the first listing, each once, and stay when roles are listed", async () => {
  const { context, session, readHistory } = await openHome();
  const roles = ["Admin", "ReadOnlyAccess"].map((roleName) => ({
    accountId: "100000000001",
    roleName,
  }));
  for (const role of [...roles, ...roles]) await setFavourite(context, session, role, true);
  expect(await readHistory()).toMatchObject({ favourites: roles, listedAt: undefined, spans: [] });
  await listRoles(context, session, {});
  await setFavourite(context, session, { accountId: "100000000001", roleName: "Admin" }, false);
  const history = await readHistory();
  expect(history?.favourites).toEqual(roles.slice(1));
  expect(history?.spans).toHaveLength(3);
});

test("nothing is lost when two listings and a favourite are written at once", async () => {
  const { home, context, session, readHistory } = await openHome();
  await setFavourite(context, session, { accountId: "100000000001", roleName: "Admin" }, true);
  home.emulator.assign("100000000003", "Billing");
  await Promise.all([
    listRoles(context, session, {}),
    listRoles(context, session, {}),
    setFavourite(context, session, { accountId: "100000000002", roleName: "Admin" }, true),
  ]);
  const history = await readHistory();
  expect(history?.spans.map(({ roleName }) => roleName).sort()).toEqual([
    "Admin",
    "Admin",
    "Billing",
    "ReadOnlyAccess",
  ]);
  expect(history?.favourites).toHaveLength(2);
});

test("an incomplete listing records nothing", async () => {
  const { home, context, session, readHistory } = await openHome();
  await listRoles(context, session, {});
  await learnUserName(context, session);
  const before = await readHistory();
  home.emulator.setFault({ route: "ListAccountRoles", status: 403, times: 1 });
  expect(await listRoles(context, session, {})).toMatchObject({ isWhole: false });
  expect(await readHistory()).toEqual(before);
});

test("if nothing can be written, roles are still listed, and marking a favourite fails with the reason", async () => {
  const { home, context, session, readHistory } = await openHome();
  home.write(ROOT, "");
  expect(await listRoles(context, session, {})).toMatchObject({ isWhole: true });
  expect(await learnUserName(context, session)).toBe(USER);
  expect((await listRoles(context, session, {})).items).toHaveLength(3);
  expect(await readHistory()).toBeUndefined();
  await expect(
    setFavourite(context, session, { accountId: "100000000001", roleName: "Admin" }, true),
  ).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});

test("a damaged file is ignored, and the next listing starts a new history", async () => {
  const { home, context, session, readHistory } = await openHome();
  await listRoles(context, session, {});
  await learnUserName(context, session);
  const [file = ""] = listFiles(home);
  home.write(file, home.read(file).slice(0, 40));
  expect(await readHistory()).toBeUndefined();
  await listRoles(context, session, {});
  expect((await readHistory())?.spans).toHaveLength(3);
});
