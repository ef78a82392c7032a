// Builds dist/: every module with tsc, then the fast path once more as one CommonJS file,
// since a minimal ES module start alone costs more than the whole hot path may (docs/decisions/0002).
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
execFileSync(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
if (existsSync(join(root, "src", "fast-path.ts"))) {
  await build({
    entryPoints: [join(root, "src", "fast-path.ts")],
    outfile: join(dist, "fast-path.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    logLevel: "warning",
  });
}
