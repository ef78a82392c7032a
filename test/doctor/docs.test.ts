import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DOCTOR_RULES } from "../../src/doctor/rule-table.ts";
import { rulesTable } from "../../src/doctor/text.ts";

test("the table in docs/doctor.md is what the rules say now", () => {
  expect(readFileSync(new URL("../../docs/doctor.md", import.meta.url), "utf8")).toContain(
    `\n\n${rulesTable(DOCTOR_RULES)}\n`,
  );
});
