// Writes src/oclif/command-table.ts from oclif.manifest.json: which module holds which command, as imports that a bundler sees.
// The manifest itself is put in the order of its ids: oclif lists them as the file system does.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const manifestFile = join(root, "oclif.manifest.json");
const { commands, ...rest } = JSON.parse(readFileSync(manifestFile, "utf8"));
const ids = Object.keys(commands).toSorted();
const rows = ids.map(
  (id) => `  "${id}": () => import("../commands/${id.replaceAll(":", "/")}.ts"),`,
);

writeFileSync(
  manifestFile,
  JSON.stringify(
    { commands: Object.fromEntries(ids.map((id) => [id, commands[id]])), ...rest },
    undefined,
    2,
  ),
);
writeFileSync(
  join(root, "src", "oclif", "command-table.ts"),
  `import type { Command } from "@oclif/core";

/** Command id → its module, imported when it runs. Written by \`npm run generate\`. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ readonly default: Command.Class }>>> = {
${rows.join("\n")}
};
`,
);
