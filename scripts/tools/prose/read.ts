import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

/** A line of prose: from a page without its code blocks, or from the comments and texts of a module. */
export interface ProseLine {
  readonly path: string;
  /** The line number, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** Files that are not checked: tables of other programs' messages, and the list of old words itself. */
const FOREIGN = /^src\/explain\/messages\/(?!latchkey\.ts$)/;

/** Returns Markdown pages and modules of `src` as paths relative to the root, with `/`. */
export function listProseFiles(root: string): { pages: string[]; modules: string[] } {
  const list = (folder: string, ending: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name.replaceAll(sep, "/")}`)
      .filter((name) => name.endsWith(ending));
  const top = readdirSync(root).filter((name) => name.endsWith(".md"));
  return {
    pages: [...top, ...list("docs", ".md")].toSorted(),
    modules: list("src", ".ts")
      .filter((name) => !FOREIGN.test(name))
      .toSorted(),
  };
}

export function readProse(root: string, path: string): ProseLine[] {
  const lines = readFileSync(join(root, path), "utf8").split("\n");
  const texts = path.endsWith(".md") ? dropCode(lines) : lines.map(pickProse);
  return texts
    .map((text, index) => ({ path, line: index + 1, text: text.replace(/`[^`]*`/g, "``") }))
    .filter(({ text }) => text !== "");
}

/** Returns the lines of a page, with the lines of code blocks made empty. */
export function dropCode(lines: readonly string[]): string[] {
  let fence: string | undefined;
  return lines.map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    const isInside = fence !== undefined;
    if (mark !== undefined) fence = isInside && line.trim() === fence ? undefined : (fence ?? mark);
    return isInside || mark !== undefined ? "" : line;
  });
}

/** Returns the comment in a line. If there is none, returns the line's strings of more than one word. */
function pickProse(line: string): string {
  const comment = /^\s*(?:\/\*\*?|\*|\/\/)(.*)$/.exec(line)?.[1];
  if (comment !== undefined) return comment;
  const texts = line.matchAll(/"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`|\/\/ (.*)$/g);
  return [...texts]
    .map(([, quoted, template, trailing]) => quoted ?? template ?? trailing ?? "")
    .filter((text) => text.trim().includes(" "))
    .join(" … ");
}
