import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorsText } from "../../src/explain/errors-page.ts";

test("docs/errors.md has the messages of the table as they are now", () => {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  expect(page).toContain(`<!-- messages -->\n${errorsText()}`);
  expect(page.endsWith(errorsText())).toBe(true);
});
