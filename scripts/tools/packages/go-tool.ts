// Builds tools with Go. The sources are pinned by go.mod and go.sum in the folder that has the tool's name.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { locateCache } from "../../cache.ts";
import { run } from "../platforms/apt.ts";

export interface GoTool {
  readonly name: string;
  /** The Go package that contains the main function. */
  readonly command: string;
}

/** Returns the tool's absolute path, even if it is not built yet. The path depends on the pinned sources. */
export function locateGoTool({ name }: GoTool): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"])
    hash.update(readFileSync(join(locateModule(name), file)));
  return join(locateCache(), name, hash.digest("hex").slice(0, 12), name);
}

/** Builds the tool if it is missing. That takes less than a minute, once for all checkouts of a user. */
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
    // Without C libraries the tool runs in any Debian root.
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
