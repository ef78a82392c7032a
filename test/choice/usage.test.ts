import { describe, expect, test } from "vitest";
import { sortByUse, formatUsage, parseUsage, addUse } from "../../src/choice/usage.ts";

describe("the picker's order", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  const use = (profile: string, uses: number, hoursAgo: number) => ({
    profile,
    uses,
    usedAt: new Date(now.getTime() - hoursAgo * 3_600_000),
  });

  test("puts the most used and most recent first, and keeps the file's order for the rest", () => {
    const names = ["a", "b", "c", "d", "e"];
    expect(
      sortByUse(names, (name) => name, {
        usage: [use("d", 2, 0.5), use("b", 3, 12), use("e", 10, 1000)],
        now,
      }),
    ).toEqual(["d", "b", "e", "a", "c"]);
    expect(sortByUse(names, (name) => name, { usage: [], now })).toEqual(names);
  });

  test("puts favourites after what was used within a day and before the rest", () => {
    const names = ["never", "last-week", "star", "yesterday"];
    const usage = [use("yesterday", 1, 20), use("last-week", 1, 100)];
    const isFavourite = (name: string): boolean => name === "star";
    expect(sortByUse(names, (name) => name, { usage, now, isFavourite })).toEqual([
      "yesterday",
      "star",
      "last-week",
      "never",
    ]);
  });

  test("is the same after a round trip through its file, and ignores an invalid file", () => {
    const usage = addUse(addUse([], "__proto__", now), "__proto__", now);
    expect(parseUsage(JSON.parse(formatUsage(usage)))).toEqual([
      { profile: "__proto__", uses: 2, usedAt: now },
    ]);
    for (const damaged of [
      undefined,
      null,
      [],
      { version: 2 },
      {
        version: 1,
        profiles: [
          {},
          { profile: "a", uses: -1, usedAt: "2026-01-01T00:00:00Z" },
          { profile: 1 },
          null,
        ],
      },
    ])
      expect(parseUsage(damaged)).toEqual([]);
  });
});
