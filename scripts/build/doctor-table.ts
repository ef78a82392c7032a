// Writes the table of docs/doctor.md from the rules of `latchkey doctor`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DOCTOR_RULES } from "../../src/doctor/rule-table.ts";
import { rulesTable } from "../../src/doctor/text.ts";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions } from "../options.ts";

readOptions({
  help: `
Usage: node scripts/build/doctor-table.ts

Writes the table of rules in docs/doctor.md. A part of: npm run generate

  -h, --help  print this help`,
  options: {},
});

const path = join(CHECKOUT, "docs", "doctor.md");
const text = readFileSync(path, "utf8");
const table = /\| id \| level \|[^]*?\n(?=\n|$)/;
if (!table.test(text)) throw new Error("docs/doctor.md has no table to replace");
writeFileSync(
  path,
  text.replace(table, () => rulesTable(DOCTOR_RULES)),
);
