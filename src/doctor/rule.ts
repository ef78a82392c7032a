import type { ConfigDocument } from "../aws-config/document.ts";
import type { SectionEdit } from "../aws-config/edit.ts";
import type { SsoSession } from "../model/sso-session.ts";

/** What is wrong with a machine's AWS set-up: what was seen of it, and rules that judge that and nothing else. */

/** A notice is ordinary and worth knowing; a warning means that readers differ or that something will end; a failure is one already. */
export type Level = "notice" | "warn" | "fail";

export interface Finding {
  readonly id: string;
  readonly level: Level;
  /** What is so, and what each reader makes of it. */
  readonly summary: string;
  /** Where it stands: file and line, variable, path. Never a secret. */
  readonly evidence: string;
  /** The one command or act that cures it. */
  readonly hint: string;
}

const SUBJECTS = [
  "config",
  "profiles",
  "sessions",
  "processes",
  "credentials",
  "environment",
  "network",
  "tokens",
  "files",
  "tools",
] as const;
type Subject = (typeof SUBJECTS)[number];

/** A thing to look for. Its findings share id and level; docs/doctor.md is made of these. */
export interface Rule {
  readonly id: string;
  readonly level: Level;
  readonly subject: Subject;
  /** What is looked for, as a row of the table says it. */
  readonly looksFor: string;
  /** Which reader sees what. */
  readonly readers: string;
  readonly judge: (seen: Observations) => readonly RuleHit[];
  /** Edits that cure it without changing what is meant; each group is made whole or not at all. */
  readonly mend?: (seen: Observations) => ReadonlyArray<readonly SectionEdit[]>;
  /** Whether there was anything to judge by; without it, always. */
  readonly isApplicable?: (seen: Observations) => boolean;
}

/** One place where a rule found what it looks for. */
export interface RuleHit {
  readonly what: string;
  readonly evidence: string;
  readonly hint: string;
  /** Where it is more exact than the rule's own words. */
  readonly readers?: string;
}

export interface Observations {
  readonly now: Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: ObservedFile;
  readonly credentials: ObservedFile;
  readonly paths: readonly ObservedPath[];
  readonly tokens: readonly ObservedToken[];
  readonly bundles: readonly ObservedBundle[];
  /** Programs that a credential_process names → whether they can be run. */
  readonly programs: ReadonlyMap<string, boolean>;
  /** Empty where nothing was asked. */
  readonly services: readonly ObservedService[];
  readonly tools: readonly ObservedTool[];
}

export interface ObservedFile {
  readonly path: string;
  readonly exists: boolean;
  /** Why it could not be read, in the words of an error. */
  readonly refusal: string | undefined;
  /** Empty where there is no file, or none that can be read. */
  readonly document: ConfigDocument;
}

export interface ObservedPath {
  readonly path: string;
  readonly kind: "config" | "credentials" | "token" | "directory" | "own-directory";
  /** Permission bits; undefined where the platform has none. */
  readonly mode: number | undefined;
}

/** The token file of a configured session; sessions without one are not among them. */
export interface ObservedToken {
  readonly session: SsoSession;
  readonly path: string;
  /** "foreign": it names another start URL or region than the config. */
  readonly state: "usable" | "expired" | "foreign" | "unreadable";
  readonly refreshable: boolean;
  /** As written. */
  readonly expiresAt: string | undefined;
  readonly hasRegistrationDate: boolean;
}

export interface ObservedBundle {
  readonly path: string;
  /** `AWS_CA_BUNDLE`, or the section that names it. */
  readonly namedBy: string;
  readonly refusal: string | undefined;
}

export interface ObservedService {
  readonly region: string;
  /** Seconds by which its clock is ahead of this machine's. */
  readonly aheadSeconds: number | undefined;
  /** Why it did not answer. */
  readonly failure: { readonly message: string; readonly hint: string } | undefined;
}

export interface ObservedTool {
  readonly name: "aws" | "terraform";
  readonly version: readonly [major: number, minor: number];
}

export interface Diagnosis {
  /** True unless something failed. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly notices: readonly Finding[];
  /** Ids of the rules that found nothing, in the order of the table. */
  readonly passed: readonly string[];
}

export function diagnose(rules: readonly Rule[], seen: Observations): Diagnosis {
  const judged = rules
    .filter(({ isApplicable }) => isApplicable === undefined || isApplicable(seen))
    .map((rule) => ({ rule, found: rule.judge(seen).map((trace) => toFinding(rule, trace)) }));
  const all = judged.flatMap(({ found }) => found);
  return {
    ok: all.every(({ level }) => level !== "fail"),
    findings: all.filter(({ level }) => level !== "notice"),
    notices: all.filter(({ level }) => level === "notice"),
    passed: judged.filter(({ found }) => found.length === 0).map(({ rule }) => rule.id),
  };
}

function toFinding(
  { id, level, readers: ordinary }: Rule,
  { what, evidence, hint, readers = ordinary }: RuleHit,
): Finding {
  return { id, level, summary: `${what}: ${readers}`, evidence, hint };
}
