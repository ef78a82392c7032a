import { expect, test } from "vitest";
import { parseMinutes } from "../../scripts/tools/fuzz/minutes.ts";
import { SEED } from "../support/seed.ts";
import { createTarget, ensure } from "./target.ts";
import { TARGETS } from "./targets.ts";
import fc from "fast-check";

/** `npm run fuzz` does the same for several minutes. */
test.each(TARGETS)(
  "$name holds for the values that once broke it, and for a few others",
  { tags: ["long"] },
  async (target) => {
    const { failure } = await target.run({ seed: SEED, runs: 30 });
    expect(failure).toBeUndefined();
  },
);

test("every target has a unique name", () => {
  expect(new Set(TARGETS.map(({ name }) => name)).size).toBe(TARGETS.length);
});

test("a failure is reported in its smallest form, with the path that repeats it", async () => {
  const target = createTarget({
    name: "numbers",
    values: fc.nat(),
    check: (value) => ensure(value < 100, "too large"),
  });
  const { failure = "" } = await target.run({ seed: 1 });
  expect(failure).toMatch(/^--path [\d:]+\n100\nError: too large/);
  const [, path] = /^--path (\S+)/.exec(failure) ?? [];
  expect(await target.run({ seed: 1, path })).toMatchObject({
    failure: expect.stringContaining("\n100\n") as string,
  });
});

test("a value that takes too long is a failure", async () => {
  const target = createTarget({
    name: "slow",
    values: fc.constant(0),
    check: () => new Promise((resolve) => setTimeout(resolve, 20)),
    slowMilliseconds: 10,
  });
  expect((await target.run({ seed: 1, runs: 1 })).failure).toContain("ms");
});

test.each([
  ["1", 1],
  ["0.5", 0.5],
  [".5", 0.5],
  ["30s", 0.5],
  ["2m", 2],
  ["10min", 10],
  ["0", undefined],
  ["-1", undefined],
  ["1h", undefined],
  ["", undefined],
  ["1e9", undefined],
])("%j is %j minutes", (text, minutes) => {
  expect(parseMinutes(text)).toBe(minutes);
});
