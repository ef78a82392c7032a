import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHECKOUT } from "../support/checkout.ts";

/** Tests that each row of the hostile suite has its own number, and that docs/security.md names rows that exist. */

const SUITE = join(CHECKOUT, "test", "hostile");
const PAGE = readFileSync(join(CHECKOUT, "docs", "security.md"), "utf8");

/** A row: its file, without `.test.ts`, and its number, such as `3.14`. */
type Row = readonly [file: string, number: string];

function listRows(): Row[] {
  const files = readdirSync(SUITE).filter((file) => file.endsWith(".test.ts"));
  return files.flatMap((file) => {
    const text = readFileSync(join(SUITE, file), "utf8");
    return [...text.matchAll(/["`]([1-8]\.\d+): /g)].map(([, number = ""]): Row => [
      file.replace(".test.ts", ""),
      number,
    ]);
  });
}

/** Returns the rows that the page names, such as "`files` 3.2 to 3.5, `users` 3.44, 3.45". */
function listNamedRows(): Row[] {
  return [...PAGE.matchAll(/`([a-z-]+)` (\d\.\d+(?:(?:, | to )\d\.\d+)*)/g)].flatMap(
    ([, file = "", numbers = ""]) =>
      numbers.split(", ").flatMap((part) => spread(part).map((number): Row => [file, number])),
  );
}

/** Returns all numbers of `3.2 to 3.5`. */
function spread(part: string): string[] {
  const [first = "", last = first] = part.split(" to ");
  const [kind, from] = first.split(".");
  const to = Number(last.split(".")[1]);
  return Array.from(
    { length: to - Number(from) + 1 },
    (_, index) => `${kind}.${Number(from) + index}`,
  );
}

test("no two rows of the hostile suite have the same number", () => {
  const numbers = listRows().map(([, number]) => number);
  expect(numbers.length).toBeGreaterThan(60);
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});

test("docs/security.md names only rows that exist, in their files", () => {
  const rows = listRows().map((row) => row.join(" "));
  const named = listNamedRows().map((row) => row.join(" "));
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((row) => !rows.includes(row))).toEqual([]);
});
