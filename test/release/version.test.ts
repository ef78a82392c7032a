import { describe, expect, test } from "vitest";
import { decideVersion } from "../../scripts/release/version.ts";

test.each([
  ["0.1.0", "0.1.0", "0.1.0"],
  ["0.1.0", "0.1.1", "0.1.1"],
  ["0.9.0", "0.10.0", "0.10.0"],
  ["1.9.9", "2.0.0", "2.0.0"],
  ["1.2.3", "major", "2.0.0"],
  ["1.2.3", "minor", "1.3.0"],
  ["1.2.9", "patch", "1.2.10"],
])("after %s, %s gives %s", (present, wanted, version) => {
  expect(decideVersion(present, wanted)).toBe(version);
});

describe("a release is refused for", () => {
  test.each(["0.0.9", "0.1", "1", "v1.0.0", "1.0.0-rc.1", "01.0.0", "1.0.0 ", "huge", ""])(
    "%o, after 0.1.0",
    (wanted) => {
      expect(() => decideVersion("0.1.0", wanted)).toThrow(/is lower than|is no version/);
    },
  );
});
