import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Release } from "../package/repository.ts";
import { readUnreleased } from "./changelog.ts";
import { planFiles, writeFiles, type Step } from "./files.ts";
import { listRefusals, nameTag, REMOTE, type CheckoutState } from "./refusals.ts";

/** Makes a release of the checkout in a folder. Nothing is pushed or uploaded. */

export type Outcome =
  | { readonly kind: "refused"; readonly reasons: readonly string[] }
  | { readonly kind: "ready"; readonly files: ReadonlyMap<string, string> };

/** Returns whether the checkout can be released, and the files that would change. Writes nothing. */
export function prepareRelease(folder: string, release: Release, step: Step): Outcome {
  const reasons = listRefusals(readState(folder), step.to, release.repository);
  if (reasons.length > 0) return { kind: "refused", reasons };
  return { kind: "ready", files: planFiles(folder, step) };
}

/**
 * Writes and commits the files, and makes an annotated tag. The tag's text is the version's section of the changelog. If
 * git refuses (no user name, a hook, a signature), the checkout is reset to the commit before.
 * @throws Error of git, which has printed why
 */
export function makeRelease(folder: string, files: ReadonlyMap<string, string>, step: Step): void {
  const before = git(folder, "rev-parse", "HEAD").trim();
  try {
    commitAndTag(folder, files, step);
  } catch (thrown) {
    // There were no changes without a commit.
    git(folder, "reset", "--quiet", "--hard", before);
    throw thrown;
  }
}

function commitAndTag(folder: string, files: ReadonlyMap<string, string>, { to }: Step): void {
  const notes = readNotes(folder);
  writeFiles(folder, files);
  git(folder, "add", "--", ...files.keys());
  git(folder, "commit", "--quiet", "--message", `release: ${to}`);
  const message = `latchkey ${to}\n\n${notes}\n`;
  git(folder, "tag", "--annotate", "--cleanup=verbatim", "--message", message, nameTag(to));
}

function readState(folder: string): CheckoutState {
  return {
    changes: readLines(git(folder, "status", "--porcelain", "--untracked-files=normal")),
    branch: git(folder, "branch", "--show-current").trim(),
    remotes: listRemotes(folder),
    tags: readLines(git(folder, "tag", "--list")),
    notes: readNotes(folder),
  };
}

function readNotes(folder: string): string {
  return readUnreleased(readFileSync(join(folder, "CHANGELOG.md"), "utf8"));
}

/** Returns the URLs from which git fetches and to which it pushes, after git's URL rewriting. */
function listRemotes(folder: string): string[] {
  if (!readLines(git(folder, "remote")).includes(REMOTE)) return [];
  const list = (...options: string[]): string[] =>
    readLines(git(folder, "remote", "get-url", "--all", ...options, REMOTE));
  return [...new Set([...list(), ...list("--push")])];
}

function git(folder: string, ...argv: string[]): string {
  return execFileSync("git", ["-C", folder, ...argv], { encoding: "utf8" });
}

function readLines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
