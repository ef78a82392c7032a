import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeSetting, SETTING_KEYS } from "../../src/settings/settings.ts";
import { CHECKOUT } from "../support/checkout.ts";

/** Tests that docs/environment.md has all variables and settings that `src` reads, and no others. */

const PAGE = readFileSync(join(CHECKOUT, "docs", "environment.md"), "utf8");

/** Names in `src` that look like variables but are not. */
const NO_VARIABLES: Readonly<Record<string, string>> = {
  AWS_ACCOUNT: "a target type of Identity Center's API",
  COMPLETED_WORDS: "a constant with the name of a variable",
};

/** Variables of the page whose full names are not in `src`. */
const BUILT_NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["SSO", "SSO_OIDC", "STS", "SSO_ADMIN", "IDENTITYSTORE", "ORGANIZATIONS", "CLOUDTRAIL"].map(
      (service) => [`AWS_ENDPOINT_URL_${service}`, "src/aws/endpoints.ts builds it from a Service"],
    ),
  ),
};

const OWN_PREFIX = "(?:AWS|AMAZON|LATCHKEY|AWSU|AWSUME|GRANTED|XDG|SSH|WSL|NODE)_";

/** The ways in which `src` names variables. The first group is a name or a list of names. */
const WAYS: readonly RegExp[] = [
  /\benv(?:ironment)?\??\.?\[\s*("\w+")\s*\]/g,
  /\{([^{}]*)\}\s*=\s*(?:\w+\.)?env\b/g,
  new RegExp(`("_?${OWN_PREFIX}[A-Z0-9_]*[A-Z0-9]")`, "g"),
  /\b\w+\((?:\w+\.)?env, ("\w+_proxy")/g,
  /\bhas\(("\w+")\)/g,
  /(\["all_proxy", "ALL_PROXY"\])/g,
  /VARIABLES\b[^=;]*=\s*\[([^;]*)\];/g,
];

/** A word that can be a variable: in capitals, or one of the few others. */
const NAME = /\b(_?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|\w+_proxy|bamboo_planKey|container|ComSpec)\b/g;

function listReadVariables(): string[] {
  const folder = join(CHECKOUT, "src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    // Messages of other programs, and the emulator: neither reads latchkey's environment.
    .filter((file) => file.endsWith(".ts") && !/^(?:explain\/messages|emulator)\//.test(file));
  const names = files
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .flatMap((source) => WAYS.flatMap((way) => [...source.matchAll(way)]))
    .flatMap(([whole, list = whole]) => [...list.matchAll(NAME)].map(([name]) => name));
  return [...new Set(names)].filter((name) => !(name in NO_VARIABLES)).toSorted();
}

/** Returns the names in the first column of the tables of variables. */
function listPageVariables(): string[] {
  const tables = PAGE.split(/\n{2,}/).filter((part) => part.startsWith("| variable |"));
  const cells = tables.flatMap((table) => [...table.matchAll(/^\| (`[^|]*`) \|/gm)]);
  const names = cells.flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names)].toSorted();
}

test("docs/environment.md has every variable that src reads, and no other", () => {
  const read = listReadVariables();
  expect(read.length).toBeGreaterThan(150);
  expect(listPageVariables()).toEqual([...read, ...Object.keys(BUILT_NAMES)].toSorted());
});

test("docs/environment.md has every setting with its default, in the program's order", () => {
  const rows = [...PAGE.matchAll(/^\| `([a-z-]+)` \|.*\| ([^|]*) \| (yes|no) \|$/gm)];
  expect(rows.map(([, key]) => key)).toEqual(SETTING_KEYS);
  for (const [, key, shown, perSession] of rows) {
    const { byDefault, otherwise, variable, isForAll } = describeSetting(
      key as (typeof SETTING_KEYS)[number],
    );
    const fallback = byDefault === undefined ? (otherwise ?? "none") : `\`${byDefault}\``;
    const before = variable === undefined ? "" : `\`${variable}\`, else `;
    expect(`${key}: ${shown}`).toBe(`${key}: ${before}${fallback}`);
    expect(perSession).toBe(isForAll === true ? "no" : "yes");
  }
});
