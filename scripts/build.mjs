// Builds dist/: every module with tsc, then the fast path and the completion once more as one CommonJS file each,
// since a minimal ES module start alone costs more than the whole hot path may (docs/decisions/0002).
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
execFileSync(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
for (const door of ["fast-path", "completion"]) {
  await build({
    entryPoints: [join(root, "src", `${door}.ts`)],
    outfile: join(dist, `${door}.cjs`),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    logLevel: "warning",
  });
}
