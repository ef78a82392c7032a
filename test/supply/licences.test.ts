import { expect, test } from "vitest";
import { judgeLicences } from "../../scripts/tools/supply/licences.ts";

test.each([
  ["MIT", true, true],
  ["Apache-2.0 AND MIT", true, true],
  ["(MIT OR GPL-3.0-only)", true, true],
  ["MIT OR GPL-3.0-only AND ISC", true, true],
  ["(MIT OR GPL-3.0-only) AND MPL-2.0", false, true],
  ["MPL-2.0", false, true],
  ["MIT AND MPL-2.0", false, true],
  ["GPL-3.0-only", false, false],
  ["LGPL-2.1", false, false],
  ["AGPL-3.0-only OR SSPL-1.0", false, false],
  ["Apache-2.0 WITH LLVM-exception", false, false],
  ["(MIT", false, false],
  ["MIT)", false, false],
  ["MIT OR", false, false],
  ["SEE LICENSE IN x", false, false],
  ["UNLICENSED", false, false],
  ["", false, false],
  [undefined, false, false],
  [{ type: "MIT" }, false, false],
])("%j may be shipped: %j, used: %j", (license, isShippable, isUsable) => {
  const judge = (use: "shipped" | "development") =>
    judgeLicences([{ name: "a 1.0.0", license }], use).length === 0;
  expect([judge("shipped"), judge("development")]).toEqual([isShippable, isUsable]);
});

test("a refusal names the package and the licence", () => {
  expect(judgeLicences([{ name: "a 1.0.0", license: "GPL-3.0-only" }], "shipped")).toEqual([
    'a 1.0.0 is under "GPL-3.0-only", which is not allowed in what is shipped',
  ]);
});
