import { expect, test } from "vitest";
import { readSince } from "../../../src/access/history/since.ts";

/** A Wednesday. */
const NOW = new Date(2026, 10, 18, 15, 30, 20, 500);

test.each<[text: string | undefined, wanted: readonly [number, number, number, ...number[]]]>([
  [undefined, [2026, 9, 19, 15, 30, 20, 500]],
  ["today", [2026, 10, 18]],
  ["yesterday", [2026, 10, 17]],
  ["wednesday", [2026, 10, 18]],
  ["last wednesday", [2026, 10, 11]],
  ["Monday", [2026, 10, 16]],
  ["last monday", [2026, 10, 16]],
  ["thu", [2026, 10, 12]],
  ["tues", [2026, 10, 17]],
  ["3d", [2026, 10, 15, 15, 30, 20, 500]],
  ["3d ago", [2026, 10, 15, 15, 30, 20, 500]],
  ["1 day ago", [2026, 10, 17, 15, 30, 20, 500]],
  ["2w", [2026, 10, 4, 15, 30, 20, 500]],
  ["2 weeks", [2026, 10, 4, 15, 30, 20, 500]],
  ["1m", [2026, 9, 18, 15, 30, 20, 500]],
  ["9 months ago", [2026, 1, 18, 15, 30, 20, 500]],
  ["1y", [2025, 10, 18, 15, 30, 20, 500]],
  ["5h", [2026, 10, 18, 10, 30, 20, 500]],
  ["last week", [2026, 10, 11]],
  ["  Last   Month ", [2026, 9, 18]],
  ["2026-11-03", [2026, 10, 3]],
  ["3 November", [2026, 10, 3]],
  ["nov 3", [2026, 10, 3]],
  ["24 December", [2025, 11, 24]],
  ["24 Dec 2024", [2024, 11, 24]],
  ["2026-11-03 10:04", [2026, 10, 3, 10, 4]],
  ["2026-11-03T10:04:05", [2026, 10, 3, 10, 4, 5]],
])("--since %s is a time in the past", (text, wanted) => {
  expect(readSince(text, NOW)).toEqual(new Date(...wanted));
});

test("a time with a zone means the same everywhere", () => {
  for (const text of ["2026-11-03T10:04:05Z", "2026-11-03T11:04:05+01:00", "2026-11-03t10:04:05z"])
    expect(readSince(text, NOW)).toEqual(new Date(Date.UTC(2026, 10, 3, 10, 4, 5)));
});

test("a shorter month yields its last day", () => {
  expect(readSince("1m", new Date(2026, 2, 31, 12))).toEqual(new Date(2026, 1, 28, 12));
});

test.each([
  "",
  "mondy",
  "-3d",
  "3x",
  "next week",
  "2026-13-01",
  "2026-02-30",
  "30 february",
  "soon",
])("%j is refused with examples", (text) => {
  expect(() => readSince(text, NOW)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: expect.stringContaining("--since"),
      hint: expect.stringContaining("--since monday"),
    }),
  );
});

test.each(["2026-11-19", "2026-11-18T15:30:21", "2027-01-01T00:00:00Z"])(
  "%s, which is in the future, is refused",
  (text) => {
    expect(() => readSince(text, NOW)).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringContaining("future") }),
    );
  },
);
