import type { SectionEdit } from "../aws-config/edit.ts";
import { listHits, type Hits, type RuleHit } from "./hit.ts";
import { isLegacy, type Observations, type ObservedSection } from "./observations.ts";

/** The rules of the doctor: how one is made, what it finds, and what is said of it. */

/** A notice is ordinary and worth knowing; a warning means that readers differ or that something will end; a failure is one already. */
export type Level = "notice" | "warn" | "fail";

/** A thing to look for. Its findings share id and level; docs/doctor.md is made of these. */
export interface Rule extends RuleBody {
  readonly id: string;
  readonly level: Level;
}

interface RuleBody {
  /** What is looked for, as a row of the table says it. */
  readonly looksFor: string;
  /** Which reader sees what. */
  readonly readers: string;
  readonly judge: Judge;
  /** Whether its hits have edits. */
  readonly isFixable?: true;
  /** Whether there was anything to judge by; without it, always. */
  readonly isApplicable?: (seen: Observations) => boolean;
}

export type Judge = (seen: Observations) => Hits;

export function fail(id: string, body: RuleBody): Rule {
  return { id, level: "fail", ...body };
}

export function warn(id: string, body: RuleBody): Rule {
  return { id, level: "warn", ...body };
}

export function notice(id: string, body: RuleBody): Rule {
  return { id, level: "notice", ...body };
}

type SectionJudge = (section: ObservedSection, seen: Observations) => Hits;

function each(
  list: (seen: Observations) => readonly ObservedSection[],
): (judge: SectionJudge) => Judge {
  return (judge) => (seen) => list(seen).map((section) => judge(section, seen));
}

export const eachProfile = each(({ profiles }) => profiles);
export const eachLegacyProfile = each(({ profiles }) => profiles.filter(isLegacy));
export const eachSession = each(({ sessions }) => sessions);
export const eachSection = each(({ profiles, sessions }) => [...profiles, ...sessions]);
/** Sections that a client signs in by. */
export const eachSignIn = each(listSignIns);

export function listSignIns({ profiles, sessions }: Observations): ObservedSection[] {
  return [...sessions, ...profiles.filter(isLegacy)];
}

export interface Finding {
  readonly id: string;
  readonly level: Level;
  /** What is so, and what each reader makes of it. */
  readonly summary: string;
  readonly evidence: string;
  readonly hint: string;
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
    .map((rule) => ({
      id: rule.id,
      found: listHits(rule.judge(seen)).map((found) => toFinding(rule, found)),
    }));
  const all = judged.flatMap(({ found }) => found);
  return {
    ok: all.every(({ level }) => level !== "fail"),
    findings: all.filter(({ level }) => level !== "notice"),
    notices: all.filter(({ level }) => level === "notice"),
    passed: judged.filter(({ found }) => found.length === 0).map(({ id }) => id),
  };
}

/** The edits of all hits, a group for each. */
export function listFixes(
  rules: readonly Rule[],
  seen: Observations,
): Array<readonly SectionEdit[]> {
  return rules
    .filter(({ isFixable }) => isFixable)
    .flatMap(({ judge }) => listHits(judge(seen)))
    .flatMap(({ edits }) => (edits === undefined ? [] : [edits]));
}

function toFinding(
  { id, level, looksFor, readers: ordinary }: Rule,
  { what = looksFor, evidence, hint, readers = ordinary }: RuleHit,
): Finding {
  return { id, level, summary: `${what}: ${readers}`, evidence, hint };
}
