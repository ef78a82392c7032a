import type { SectionEdit } from "../aws-config/edit.ts";

/** One place where a rule found what it looks for. */
export interface RuleHit {
  /** What is so there; without it, what the rule looks for. */
  readonly what?: string;
  /** File and line (`locateLine`), variable, path; whom the hit concerns is found by it. Never a secret. */
  readonly evidence: string;
  /** The one command or act that cures it. */
  readonly hint: string;
  /** Where it is more exact than the rule's own words. */
  readonly readers?: string;
  /** They cure it without changing what is meant; they are made together or not at all. */
  readonly edits?: readonly SectionEdit[] | undefined;
}

/** What a rule makes of one thing or of several; where it finds nothing, false or undefined. */
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

/** Reads what `locateLine` makes; of several lines (`lines 3 and 7`) the first. */
export function parseLocation(
  evidence: string,
): { readonly path: string; readonly line: number } | undefined {
  const [, path, line] = /^(.*), lines? (\d+)[^,]*$/s.exec(evidence) ?? [];
  return path === undefined ? undefined : { path, line: Number(line) };
}

/** Of an error's message, which ends in a full stop. */
export function hitRefusal(message: string, evidence: string, hint: string): RuleHit {
  return hit(message.replace(/\.$/, ""), evidence, hint);
}

export function listHits(hits: Hits): RuleHit[] {
  if (Array.isArray(hits)) return hits.flatMap(listHits);
  return hits === false || hits === undefined ? [] : [hits];
}
