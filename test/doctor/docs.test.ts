import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DOCTOR_RULES } from "../../src/doctor/rule-table.ts";
import { rulesTable } from "../../src/doctor/text.ts";

test("docs/doctor.md has the table of the current rules", () => {
  expect(readFileSync(new URL("../../docs/doctor.md", import.meta.url), "utf8")).toContain(
    `\n\n${rulesTable(DOCTOR_RULES)}\n`,
  );
});
