import { utimesSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { SharedTokenStore } from "../../src/token/shared-store.ts";
import {
  continueSignIn,
  findSignInId,
  claimSignIn,
  identifySignIn,
  startSignIn,
} from "../../src/token/sign-in-id.ts";
import type { TokenStore } from "../../src/token/store.ts";
import { CORP_TOKEN, createEmulatedHome, type EmulatedHome } from "../support/emulated-home.ts";

const CORP = {
  name: "corp",
  startUrl: "https://emu.awsapps.com/start",
  region: "us-east-1",
  registrationScopes: undefined,
};
const RECORD = ".aws/latchkey/access/ee0bfd2552fbd840c02cc48b6e823320543c450f/sign-in.json";

let home: EmulatedHome;
let store: TokenStore;
beforeEach(async () => {
  home = await createEmulatedHome();
  home.write(CORP_TOKEN, "first");
  store = new SharedTokenStore(home.path, CORP, async () => undefined);
});

/** Does what a login does. @returns the new id. */
function start(): string | undefined {
  startSignIn(home.path, CORP, store);
  return findSignInId(home.path, CORP, store);
}

test("a sign-in keeps its random id until another one starts", () => {
  const first = start();
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(identifySignIn(home.path, CORP, store).signInId).toBe(first);
  expect(start()).not.toBe(first);
});

test("a token file that latchkey did not write ends the id, even with the same text", () => {
  startSignIn(home.path, CORP, store);
  utimesSync(join(home.path, CORP_TOKEN), new Date(), new Date(Date.now() - 60_000));
  expect(findSignInId(home.path, CORP, store)).toBeUndefined();
});

test("a sign-in of another client gets an id when something is first stored for it", () => {
  const first = start();
  home.write(CORP_TOKEN, "another client's");
  const second = identifySignIn(home.path, CORP, store);
  expect(second.signInId).not.toBe(first);
  expect(findSignInId(home.path, CORP, store)).toBeUndefined();
  expect(claimSignIn(home.path, CORP, store, second)).toBe(true);
  expect(findSignInId(home.path, CORP, store)).toBe(second.signInId);
});

test("a sign-in that was replaced before anything was stored for it claims nothing, and does not change the next one's id", () => {
  const theirs = identifySignIn(home.path, CORP, store);
  home.write(CORP_TOKEN, "the next one's");
  expect(claimSignIn(home.path, CORP, store, theirs)).toBe(false);
  expect(home.exists(RECORD)).toBe(false);
  const next = start();
  expect(claimSignIn(home.path, CORP, store, theirs)).toBe(false);
  expect(findSignInId(home.path, CORP, store)).toBe(next);
});

test("a refresh by latchkey keeps the id", () => {
  const id = start();
  continueSignIn(home.path, CORP, store, () => store.open(0).commit("refreshed"));
  expect(home.read(CORP_TOKEN)).toBe("refreshed");
  expect(findSignInId(home.path, CORP, store)).toBe(id);
});

test("a refresh of another client's token creates no id", () => {
  startSignIn(home.path, CORP, store);
  home.write(CORP_TOKEN, "another client's");
  continueSignIn(home.path, CORP, store, () => store.open(0).commit("refreshed"));
  expect(findSignInId(home.path, CORP, store)).toBeUndefined();
});

test("a torn or missing record, or one of another version, gives no id", () => {
  startSignIn(home.path, CORP, store);
  const good = home.read(RECORD);
  for (const text of [good.slice(0, 20), good.replace('"version":2', '"version":1'), "[]", ""]) {
    home.write(RECORD, text);
    expect(findSignInId(home.path, CORP, store), text).toBeUndefined();
  }
});

test("the record contains no part of a token", () => {
  startSignIn(home.path, CORP, store);
  expect(Object.keys(JSON.parse(home.read(RECORD)) as object).toSorted()).toEqual([
    "signInId",
    "stamp",
    "version",
  ]);
});
