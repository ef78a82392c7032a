import { describe, expect, test } from "vitest";
import { clockTime } from "../../src/text/terminal.ts";

/** In the time zone of this process: 24 November 2026. */
const instantAt = (hour: number, minute: number, day = 24): Date =>
  new Date(2026, 10, day, hour, minute);

describe("a time of the clock", () => {
  test.each([
    [0, 5, "12:05 am"],
    [9, 0, "9:00 am"],
    [12, 0, "12:00 pm"],
    [18, 4, "6:04 pm"],
  ])("is shown with twelve hours: %i:%i", (hour, minute, expected) => {
    const now = Object.assign(instantAt(17, 4), { clock: "12h" } as const);
    expect(clockTime(instantAt(hour, minute), now)).toBe(expected);
  });

  test.each([
    ["an hour later", instantAt(18, 4), instantAt(17, 4), "18:04"],
    ["the first and the last minute of a day", instantAt(0, 0), instantAt(23, 59), "00:00"],
    [
      "half an hour later, which is tomorrow",
      instantAt(0, 30, 25),
      instantAt(23, 30),
      "2026-11-25 00:30",
    ],
    [
      "a minute ago, which was yesterday",
      instantAt(23, 59, 23),
      instantAt(0, 0),
      "2026-11-23 23:59",
    ],
    [
      "the same hour of another month",
      new Date(2027, 1, 24, 9, 5),
      instantAt(9, 5),
      "2027-02-24 09:05",
    ],
  ])("has a date only if it is another day: %s", (_, instant, now, expected) => {
    expect(clockTime(instant, now)).toBe(expected);
  });
});
