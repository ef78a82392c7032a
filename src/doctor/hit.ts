import type { SectionEdit } from "../aws-config/edit.ts";

/** One place where a rule found its problem. */
export interface RuleHit {
  /** The problem at this place; default: `looksFor` of the rule. */
  readonly what?: string;
  /** Where the problem is: a file and line (`locateLine`), a variable, or a path. The affected profiles are found from it. No secret. */
  readonly evidence: string;
  /** One command or action that fixes it. */
  readonly hint: string;
  /** The effect on clients if it is more exact than that of the rule. */
  readonly readers?: string;
  /** Edits that fix it without changing the meaning. They are made together or not at all. */
  readonly edits?: readonly SectionEdit[] | undefined;
}

/** The result of a rule: hits, or false or undefined if it finds nothing. */
export type Hits = RuleHit | false | undefined | Hits[];

export function hit(what: string, evidence: string, hint: string): RuleHit {
  return { what, evidence, hint };
}

export function hitLine(
  { path }: { readonly path: string },
  line: number,
  what: string,
  hint: string,
): RuleHit {
  return hit(what, locateLine(path, line), hint);
}

export function locateLine(path: string, line: number): string {
  return `${path}, line ${line}`;
}

/** Parses the output of `locateLine`; of several lines (`lines 3 and 7`), returns the first. */
export function parseLocation(
  evidence: string,
): { readonly path: string; readonly line: number } | undefined {
  const [, path, line] = /^(.*), lines? (\d+)[^,]*$/s.exec(evidence) ?? [];
  return path === undefined ? undefined : { path, line: Number(line) };
}

/** Returns a hit with an error's message, without its full stop. */
export function hitRefusal(message: string, evidence: string, hint: string): RuleHit {
  return hit(message.replace(/\.$/, ""), evidence, hint);
}

export function listHits(hits: Hits): RuleHit[] {
  if (Array.isArray(hits)) return hits.flatMap(listHits);
  return hits === false || hits === undefined ? [] : [hits];
}
