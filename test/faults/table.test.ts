import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ROWS } from "./support/rows-reporter.ts";

test("every row of the table is run, or docs/faults.md has the reason why not", () => {
  const here = new URL(".", import.meta.url);
  const sources = readdirSync(here)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(new URL(name, here), "utf8"));
  const run = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/\b(?:row|nodeRow)\(\s*(\d+),|^ {4}\[\s*(\d+),\s+"/gm)].map((match) =>
        Number(match[1] ?? match[2]),
      ),
    ),
  );
  const left =
    readFileSync(new URL("../../docs/faults.md", import.meta.url), "utf8")
      .split("## Rows that are not run")[1]
      ?.split("## ")[0] ?? "";
  const leftOut = [...left.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap((match) =>
    (match[1] ?? "").split(",").map(Number),
  );
  expect(leftOut.filter((number) => run.has(number))).toEqual([]);
  expect([...run, ...leftOut].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: ROWS }, (_, index) => index + 1),
  );
});
