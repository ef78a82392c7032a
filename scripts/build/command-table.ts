// Writes src/oclif/command-table.ts from oclif.manifest.json: the module of each command, as an import that a bundler
// can follow. Also sorts the manifest by command id, because oclif writes it in the order of the file system.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJson } from "../../src/text/json.ts";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions } from "../options.ts";

readOptions({
  help: `
Usage: node scripts/build/command-table.ts

Writes src/oclif/command-table.ts from oclif.manifest.json, and sorts the manifest.
A part of: npm run generate

  -h, --help  print this help`,
  options: {},
});

const manifestFile = join(CHECKOUT, "oclif.manifest.json");
const manifest = parseJson(readFileSync(manifestFile, "utf8"));
if (!isRecord(manifest)) throw new Error(`${manifestFile} is not a JSON object`);
const { commands, ...rest } = manifest;
if (!isRecord(commands)) throw new Error(`${manifestFile} has no commands`);
const entries = Object.entries(commands).toSorted(([one], [other]) => (one < other ? -1 : 1));
const rows = entries.map(
  ([id]) => `  "${id}": () => import("../commands/${id.replaceAll(":", "/")}.ts"),`,
);

writeFileSync(
  manifestFile,
  JSON.stringify({ commands: Object.fromEntries(entries), ...rest }, undefined, 2),
);
writeFileSync(
  join(CHECKOUT, "src", "oclif", "command-table.ts"),
  `import type { Command } from "@oclif/core";

/** The module of each command, by command id. Imported when the command runs. Written by \`npm run generate\`. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ readonly default: Command.Class }>>> = {
${rows.join("\n")}
};
`,
);
