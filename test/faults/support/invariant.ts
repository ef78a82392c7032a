import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import type { Home, RunResult } from "../../support/home.ts";

/** All files below ~/.aws: path → bytes as Latin-1. */
type Snapshot = ReadonlyMap<string, string>;

export function takeSnapshot(home: Home): Snapshot {
  return new Map(
    listFiles(join(home.path, ".aws")).map((path) => [
      relative(home.path, path),
      readFileSync(path, "latin1"),
    ]),
  );
}

function listFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Expects what must hold after every fault: each file is unchanged or a complete new version, latchkey's files have
 * their modes, and no secret of the service or of the files is on stderr.
 */
export function expectInvariant(home: Home, before: Snapshot, result: RunResult): void {
  const after = takeSnapshot(home);
  for (const [path, bytes] of after) {
    if (path.endsWith(".tmp") || before.get(path) === bytes) continue;
    if (path.endsWith(".json")) expect(() => JSON.parse(bytes) as unknown, path).not.toThrow();
    const own = path.startsWith(".aws/latchkey/") && !path.includes("/cache/compiled/");
    if (own || path.startsWith(".aws/sso/"))
      expect(statSync(join(home.path, path)).mode & 0o077, path).toBe(0);
  }
  for (const secret of findSecrets([...before.values(), ...after.values()]))
    expect(result.stderr).not.toContain(secret);
}

const SECRET_KEYS =
  /"(?:accessToken|refreshToken|clientSecret|secretAccessKey|sessionToken)":\s*"([^"]{12,})"/g;

function findSecrets(texts: readonly string[]): Set<string> {
  return new Set(
    texts.flatMap((text) => [...text.matchAll(SECRET_KEYS)].map((match) => match[1] ?? "")),
  );
}
