// Builds dist/. tsc compiles every module, for the tests and the manifest. The files that users run are bundled: the
// fast path, the handover and the completion as one file each, and the program with its packages in dist/bundle. They
// are CommonJS, because starting an ES module takes longer than the hot path may take in total (docs/decisions/0002).
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions } from "../options.ts";
import { bundleChunks, bundleFile } from "./bundle.ts";
import { findDate, writeManPages } from "./man/write.ts";
import { formatNotices } from "./notices.ts";

readOptions({
  help: `
Usage: npm run build

Builds dist/ again: every module with tsc, the bundles that are packed, and the
man pages.

  -h, --help  print this help`,
  options: {},
});

const DIST = join(CHECKOUT, "dist");

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
execFileSync(
  process.execPath,
  [join(CHECKOUT, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"],
  { cwd: CHECKOUT, stdio: "inherit" },
);

await bundleFile(locateSource("hot-path/fast-path.ts"), join(DIST, "fast-path.cjs"));
await bundleFile(locateSource("hot-path/handover.ts"), join(DIST, "handover.cjs"));
await bundleFile(locateSource("completion/entry.ts"), join(DIST, "completion.cjs"));
const chunks = await bundleChunks(
  { main: locateSource("main.ts"), "keychain-child": locateSource("terminal/keychain-child.ts") },
  { folder: join(DIST, "bundle"), format: "cjs" },
);
writeFileSync(
  join(DIST, "bundle", "THIRD-PARTY-NOTICES.txt"),
  formatNotices(Object.values(chunks).flat()),
);
// A test reads this list to check which modules a run loads.
writeFileSync(join(DIST, "chunks.json"), JSON.stringify(chunks));
writeManPages(findDate(process.env));

function locateSource(file: string): string {
  return join(CHECKOUT, "src", file);
}
