// Tools that Go builds from the sources which the go.mod and go.sum in a folder of their name pin.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { locateCache } from "../../cache.ts";
import { run } from "../platforms/apt.ts";

export interface GoTool {
  readonly name: string;
  /** The package that holds its main function. */
  readonly command: string;
}

/** Its absolute path, whether it is there or not; other sources have another one. */
export function locateGoTool({ name }: GoTool): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"])
    hash.update(readFileSync(join(locateModule(name), file)));
  return join(locateCache(), name, hash.digest("hex").slice(0, 12), name);
}

/** Builds it where it is not there: less than a minute, once for all checkouts of a user. */
export function buildGoTool(tool: GoTool): void {
  const program = locateGoTool(tool);
  if (existsSync(program)) return;
  console.error(`latchkey: building ${tool.name} (once)`);
  const folder = join(program, "..");
  mkdirSync(folder, { recursive: true });
  const workplace = mkdtempSync(join(folder, "build-"));
  try {
    const built = join(workplace, tool.name);
    const options = ["-mod=readonly", "-trimpath", "-o", built];
    // Without C: it then runs in any root.
    const env = { ...process.env, CGO_ENABLED: "0" };
    run(["go", "build", ...options, tool.command], { cwd: locateModule(tool.name), env });
    renameSync(built, program);
  } finally {
    rmSync(workplace, { recursive: true });
  }
}

function locateModule(name: string): string {
  return join(import.meta.dirname, name);
}
