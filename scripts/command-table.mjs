// Writes src/command-table.ts from oclif.manifest.json: which module holds which command, as imports that a bundler sees.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { commands } = JSON.parse(readFileSync(join(root, "oclif.manifest.json"), "utf8"));
const rows = Object.keys(commands).toSorted().map((id) => `  "${id}": () => import("./commands/${id.replaceAll(":", "/")}.ts"),`);

writeFileSync(
  join(root, "src", "command-table.ts"),
  `import type { Command } from "@oclif/core";

/** Command id → its module, imported when it runs. Written by \`npm run generate\`. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ readonly default: Command.Class }>>> = {
${rows.join("\n")}
};
`,
);
