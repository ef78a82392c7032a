import type { SectionEdit } from "../aws-config/edit.ts";
import { listHits, type Hits } from "./hit.ts";
import { isLegacy, type Observations, type ObservedSection } from "./observations.ts";

/** The rules of the doctor: how one is made, and what it would mend. */

/** A notice is ordinary and worth knowing; a warning means that readers differ or that something will end; a failure is one already. */
export type Level = "notice" | "warn" | "fail";

/** A thing to look for. Its hits become one finding (findings.ts); docs/doctor.md is made of these. */
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
