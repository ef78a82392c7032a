import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJson } from "../../src/text/json.ts";
import { cutSection } from "./changelog.ts";

/** Changes the files of a checkout that contain its version. */

/** A change from one version to the next. The day is written as 2026-01-31. */
export interface Step {
  readonly from: string;
  readonly to: string;
  readonly day: string;
}

/** Pages that contain names of a release's files, such as `latchkey-0.1.0.tgz`. */
const PAGES = ["README.md", "docs/*.md"];

/** Returns the new text of each file that changes, by the file's path in the folder. */
export function planFiles(folder: string, step: Step): ReadonlyMap<string, string> {
  const changes: ReadonlyArray<readonly [pattern: string, change: (text: string) => string]> = [
    ["package.json", (text) => setVersion(text, step.to)],
    ["package-lock.json", (text) => setVersion(text, step.to)],
    ["oclif.manifest.json", (text) => setVersion(text, step.to)],
    ["CHANGELOG.md", (text) => cutSection(text, step.to, step.day)],
    ...PAGES.map((pattern) => [pattern, (text: string) => renameFiles(text, step)] as const),
  ];
  const planned = changes.flatMap(([pattern, change]) =>
    globSync(pattern, { cwd: folder }).map((path) => {
      const text = readFileSync(join(folder, path), "utf8");
      return { path, text, changed: change(text) };
    }),
  );
  return new Map(
    planned
      .filter(({ text, changed }) => text !== changed)
      .map(({ path, changed }) => [path, changed]),
  );
}

export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) writeFileSync(join(folder, path), text);
}

/**
 * Returns package.json, its lock file or oclif's manifest with another version. All other bytes stay the same.
 * @throws Error if the text is none of these files
 */
export function setVersion(text: string, version: string): string {
  const manifest = parseJson(text);
  if (!isRecord(manifest) || typeof manifest["version"] !== "string")
    throw new Error("a file that must have a version has none");
  manifest["version"] = version;
  const packages = manifest["packages"];
  const own = isRecord(packages) ? packages[""] : undefined;
  if (isRecord(own)) own["version"] = version;
  return JSON.stringify(manifest, undefined, 2) + (text.endsWith("\n") ? "\n" : "");
}

/** Changes the version in the names of release files: `latchkey-0.1.0-linux-x64.tar.xz`, `latchkey_0.1.0-1_amd64.deb`. */
export function renameFiles(text: string, { from, to }: Step): string {
  const version = from.replaceAll(".", String.raw`\.`);
  const name = new RegExp(String.raw`\b(latchkey[-_])${version}(?=-1[_.]|[-_.][a-z])`, "g");
  return text.replace(name, (_, prefix: string) => prefix + to);
}
