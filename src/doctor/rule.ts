import type { SectionEdit } from "../aws-config/edit.ts";
import { listHits, type Hits } from "./hit.ts";
import { isLegacy, type Observations, type ObservedSection } from "./observations.ts";

/** The doctor's rules: their type, functions that build them, and their edits. */

/** A notice is useful to know; with a warning, clients differ or something will fail later; a failure fails now. */
export type Level = "notice" | "warn" | "fail";

/** A rule. Its hits become one finding (findings.ts); docs/doctor.md is generated from the rules. */
export interface Rule extends RuleBody {
  readonly id: string;
  readonly level: Level;
}

interface RuleBody {
  /** The problem, as in the table of docs/doctor.md. */
  readonly looksFor: string;
  /** The effect on each client. */
  readonly readers: string;
  readonly judge: Judge;
  /** Whether its hits have edits. */
  readonly isFixable?: true;
  /** Whether the rule has the facts that it needs; default: always. */
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
/** Sections with which a client signs in: sessions and legacy profiles. */
export const eachSignIn = each(listSignIns);

export function listSignIns({ profiles, sessions }: Observations): ObservedSection[] {
  return [...sessions, ...profiles.filter(isLegacy)];
}

/** Returns the edits of all hits, one group per hit. */
export function listFixes(
  rules: readonly Rule[],
  seen: Observations,
): Array<readonly SectionEdit[]> {
  return rules
    .filter(({ isFixable }) => isFixable)
    .flatMap(({ judge }) => listHits(judge(seen)))
    .flatMap(({ edits }) => (edits === undefined ? [] : [edits]));
}
