// Builds dist/: every module with tsc, for the tests and the manifest; and what is packed and runs, all of it CommonJS, since
// a minimal ES module start alone costs more than the whole hot path may (docs/decisions/0002): the fast path and the
// completion as one file each, and the program with its packages in dist/bundle.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";
import { noticesFor } from "./notices.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const dist = join(root, "dist");
const source = (file) => join(root, "src", file);

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
execFileSync(
  process.execPath,
  [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"],
  { cwd: root, stdio: "inherit" },
);

for (const [door, module] of [
  ["fast-path", "hot-path/fast-path.ts"],
  ["completion", "completion/entry.ts"],
])
  await bundle(root, source(module), { format: "cjs", file: join(dist, `${door}.cjs`) });

const chunks = await bundle(
  root,
  { main: source("main.ts"), "keychain-child": source("terminal/keychain-child.ts") },
  {
    format: "cjs",
    dir: join(dist, "bundle"),
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
  },
);
writeFileSync(
  join(dist, "bundle", "THIRD-PARTY-NOTICES.txt"),
  noticesFor(root, Object.values(chunks).flat()),
);
// For the test of what a run loads.
writeFileSync(join(dist, "chunks.json"), JSON.stringify(chunks));
