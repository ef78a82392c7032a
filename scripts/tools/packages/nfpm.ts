// nfpm, which makes packages for Linux distributions: built by Go from the sources that go.mod and go.sum here pin.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { locateCache } from "../../cache.ts";
import { run } from "../platforms/apt.ts";

const MODULE = join(import.meta.dirname, "nfpm");
const COMMAND = "github.com/goreleaser/nfpm/v2/cmd/nfpm";

/** Its absolute path, whether it is there or not; other sources have another one. */
export function locateNfpm(): string {
  const hash = createHash("sha256");
  for (const name of ["go.mod", "go.sum"]) hash.update(readFileSync(join(MODULE, name)));
  return join(locateCache(), "nfpm", hash.digest("hex").slice(0, 12), "nfpm");
}

/** Builds it where it is not there: a minute, once for all checkouts of a user. */
export function buildNfpm(): void {
  const program = locateNfpm();
  if (existsSync(program)) return;
  console.error("latchkey: building nfpm (once)");
  const folder = join(program, "..");
  mkdirSync(folder, { recursive: true });
  const workplace = mkdtempSync(join(folder, "build-"));
  try {
    const built = join(workplace, "nfpm");
    run(["go", "build", "-mod=readonly", "-trimpath", "-o", built, COMMAND], { cwd: MODULE });
    renameSync(built, program);
  } finally {
    rmSync(workplace, { recursive: true });
  }
}
