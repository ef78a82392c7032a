// Writes the messages of docs/errors.md from the tables of `latchkey explain`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorsText } from "../../src/explain/errors-page.ts";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions } from "../options.ts";

readOptions({
  help: `
Usage: node scripts/build/errors-page.ts

Writes the messages into docs/errors.md. A part of: npm run generate

  -h, --help  print this help`,
  options: {},
});

const path = join(CHECKOUT, "docs", "errors.md");
const [head, , ...more] = readFileSync(path, "utf8").split(/(<!-- messages -->\n)/);
if (head === undefined || more.length === 0)
  throw new Error("docs/errors.md has no place for the messages");
writeFileSync(path, `${head}<!-- messages -->\n${errorsText()}`);
