import { expect, test } from "vitest";
import { cutSection, readUnreleased } from "../../scripts/release/changelog.ts";

const HEAD = "# Changelog\n\n## Unreleased\n";

test.each([
  ["nothing", HEAD, ""],
  ["blank lines", `${HEAD}\n\n`, ""],
  ["nothing, and an older version", `${HEAD}\n## 0.1.0 (2026-01-31)\n\n- A.\n`, ""],
  ["two lines", `${HEAD}\n- A.\n- B.\n`, "- A.\n- B."],
  ["lines, and an older version", `${HEAD}\n- B.\n\n## 0.1.0 (2026-01-31)\n\n- A.\n`, "- B."],
])("the text under Unreleased is %s", (_, changelog, notes) => {
  expect(readUnreleased(changelog)).toBe(notes);
});

test("the first version gets the unreleased text, and an empty heading is left", () => {
  expect(cutSection(`${HEAD}\n- A.\n`, "0.1.0", "2026-01-31")).toBe(
    `${HEAD}\n## 0.1.0 (2026-01-31)\n\n- A.\n`,
  );
});

test("the next version is placed before the newest one", () => {
  const first = cutSection(`${HEAD}\n- A.\n`, "0.1.0", "2026-01-31");
  const withMore = first.replace(HEAD, `${HEAD}\n- B.\n`);
  expect(cutSection(withMore, "0.2.0", "2026-02-28")).toBe(
    `${HEAD}\n## 0.2.0 (2026-02-28)\n\n- B.\n\n## 0.1.0 (2026-01-31)\n\n- A.\n`,
  );
});

test("a changelog without the exact heading is refused", () => {
  expect(() => readUnreleased("# Changelog\n\n## Unreleased things\n\n- A.\n")).toThrow(
    'CHANGELOG.md has no heading "## Unreleased"',
  );
});
