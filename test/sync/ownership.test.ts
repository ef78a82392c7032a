import { describe, expect, test } from "vitest";
import { isWhollyOurs, findManagedProfiles } from "../../src/sync/managed-profiles.ts";
import { reconcileKeys } from "../../src/sync/reconcile.ts";
import { parseConfig } from "../support/config-editor.ts";

/** What a sync may change or remove in one profile, given the file and the values that were written. */

type Pairs = ReadonlyArray<readonly [key: string, value: string]>;
const MARK = ["latchkey_managed", "corp"] as const;
const ROLE: Pairs = [
  ["sso_account_id", "100000000001"],
  ["sso_role_name", "ViewOnlyAccess"],
];
const SSO: Pairs = [["sso_session", "corp"], ...ROLE];
const LEGACY: Pairs = [
  ["sso_start_url", "https://emu.awsapps.com/start"],
  ["sso_region", "us-east-1"],
  ...ROLE,
];
const PROCESS: Pairs = [["credential_process", "latchkey credential-process"]];

const keysOf = (pairs: Pairs): string[] => pairs.map(([key]) => key);
const put = (pairs: Pairs, key: string, value: string): Pairs =>
  pairs.map((pair) => (pair[0] === key ? [key, value] : pair));
const linesOf = (pairs: Pairs): string =>
  pairs.map(([key, value]) => `${key} = ${value}\n`).join("");

/** The profile as a sync reads it. */
function findManaged(body: string, written: Pairs | undefined) {
  const memory = new Map(written === undefined ? [] : [["p", new Map([...written, MARK])]]);
  const [profile] = findManagedProfiles(
    parseConfig(Buffer.from(`[profile p]\n${body}latchkey_managed = corp\n`)),
    "corp",
    memory,
  );
  return profile!;
}

/** The changes of another form: `key: before → after`. */
function changesTo(
  form: Pairs,
  remove: readonly string[],
  there: Pairs,
  written: Pairs | undefined,
): string[] {
  const { changes } = reconcileKeys(findManaged(linesOf(there), written), {
    set: [...form, MARK],
    remove,
  });
  return changes.map(({ key, before, after }) => `${key}: ${before ?? ""} → ${after ?? ""}`);
}

describe("another form", () => {
  test.each<[string, Pairs, Pairs]>([
    ["sso-session", SSO, PROCESS],
    ["legacy", LEGACY, PROCESS],
    ["credential-process", PROCESS, SSO],
  ])("of %s removes the written keys and sets its own", (_, there, form) => {
    expect(changesTo(form, keysOf(there), there, there)).toEqual([
      ...there.map(([key, value]) => `${key}: ${value} → `),
      ...form.map(([key, value]) => `${key}:  → ${value}`),
    ]);
  });

  test.each<[string, Pairs, Pairs]>([
    ["sso_session", SSO, PROCESS],
    ["sso_account_id", SSO, PROCESS],
    ["sso_role_name", SSO, PROCESS],
    ["sso_start_url", LEGACY, SSO],
    ["sso_region", LEGACY, PROCESS],
    ["credential_process", PROCESS, SSO],
  ])(
    "that would remove %s, which the user has changed, changes nothing in the profile",
    (key, written, form) => {
      expect(changesTo(form, keysOf(written), put(written, key, "mine"), written)).toEqual([]);
    },
  );

  test("that would remove a key which the user has added or which is not recorded changes nothing", () => {
    const added: Pairs = [...PROCESS, ["sso_start_url", "https://mine.awsapps.com/start"]];
    expect(changesTo(SSO, keysOf(LEGACY), added, PROCESS)).toEqual([]);
    expect(changesTo(PROCESS, keysOf(SSO), SSO, undefined)).toEqual([]);
  });
});

describe("whether a profile is wholly latchkey's", () => {
  const text = linesOf(SSO);

  test.each<[string, boolean, string]>([
    ["as it was written", true, text],
    ["with spaces at the end of a line", true, text.replace("corp\n", "corp  \n")],
    ["with a value of the user's", false, text.replace("ViewOnlyAccess", "Billing")],
    ["with a key of the user's", false, `${text}color = red\n`],
    ["with a comment above the first key", false, `# mine\n${text}`],
    ["with a comment between two keys", false, text.replace("sso_role", "# mine\nsso_role")],
    ["with a key that is commented out", false, text.replace("sso_role", "# region = x\nsso_role")],
    ["with a comment above the mark", false, `${text}; mine\n`],
  ])("%s: %s", (_, expected, body) => {
    expect(isWhollyOurs(findManaged(body, SSO))).toBe(expected);
  });

  test("without recorded values: false", () => {
    expect(isWhollyOurs(findManaged(text, undefined))).toBe(false);
  });
});
