// Records for each executable the sources that it was built from, so that suites which use the same executable build it
// only once.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJson } from "../../../src/text/json.ts";
import { CHECKOUT } from "../../../test/support/program.ts";
import { fetchKeyring, locateInCache } from "./parts.ts";
import { locateContents, locateExecutable, TARGETS, type Target } from "./targets.ts";

const NOTES = join(CHECKOUT, "dist-standalone", "built");

/** Returns whether the target's executable and the list of its contents exist and were built from the current sources. */
export function isCurrent(target: Target): boolean {
  const isListed = existsSync(join(CHECKOUT, locateContents(target.name)));
  return isListed && readNote(target)?.sources === hashSources();
}

/** Records that the executable was built from the current sources. @param modules the paths of all bundled modules */
export function noteBuilt(target: Target, modules: Iterable<string>): void {
  mkdirSync(NOTES, { recursive: true });
  writeFileSync(
    locateNote(target),
    JSON.stringify({ sources: hashSources(), modules: [...modules] }),
  );
}

/** Removes the record. Call this before the executable is replaced, so that an interrupted build does not look current. */
export function forgetBuilt(target: Target): void {
  rmSync(locateNote(target), { force: true });
}

/** Returns the paths of all modules in any of the built executables, which may have been built in another checkout. */
export function listBuiltModules(): string[] {
  const modules = TARGETS.flatMap((target) => {
    const note = readNote(target);
    if (note !== undefined) fetchKeyring(target);
    return note?.modules ?? [];
  });
  return [...new Set(modules.map(locateInCache))];
}

function readNote(target: Target): { sources: unknown; modules: readonly string[] } | undefined {
  const note = locateNote(target);
  if (!existsSync(note) || !existsSync(join(CHECKOUT, locateExecutable(target.name))))
    return undefined;
  const { sources, modules } = toRecord(parseJson(readFileSync(note, "utf8")));
  return { sources, modules: Array.isArray(modules) ? modules.map(String) : [] };
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function locateNote(target: Target): string {
  return join(NOTES, `${target.name}.json`);
}

/**
 * Returns a hash of bin/ and of the note in dist/ by scripts/ensure.mjs, which is a hash of src/, the build and the
 * locked packages.
 */
function hashSources(): string {
  const bin = join(CHECKOUT, "bin");
  const files = [
    join(CHECKOUT, "dist", ".latchkey-sources"),
    ...readdirSync(bin)
      .toSorted()
      .map((name) => join(bin, name)),
  ];
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}
