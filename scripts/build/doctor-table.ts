// Writes the table of docs/doctor.md from the doctor's own rules, as built.
import { readFileSync, writeFileSync } from "node:fs";
import { DOCTOR_RULES } from "../../dist/doctor/rule-table.js";
import { rulesTable } from "../../dist/doctor/text.js";

const path = new URL("../../docs/doctor.md", import.meta.url);
const text = readFileSync(path, "utf8");
const table = /\| id \| level \|[^]*?\n(?=\n|$)/;
if (!table.test(text)) throw new Error("docs/doctor.md has no table to replace");
writeFileSync(
  path,
  text.replace(table, () => rulesTable(DOCTOR_RULES)),
);
