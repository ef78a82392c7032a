import type { ConfigSection } from "../aws-config/document.ts";
import type { SectionName } from "../aws-config/header.ts";
import { isTemplateLine } from "../aws-config/foreign-format.ts";
import { sessionLabel } from "../model/sso-session.ts";
import { parseOwnProcess } from "../clients/identity.ts";
import { redact } from "../text/secrets/redact.ts";
import { truncate } from "../text/terminal.ts";
import { listHits, parseLocation, type RuleHit } from "./hit.ts";
import { formatHeader, type Observations, type ObservedFile } from "./observations.ts";
import type { Level, Rule } from "./rule.ts";

/** Turns the rules' hits into findings: one per rule, with the affected profiles. */

export interface Finding {
  readonly id: string;
  readonly level: Level;
  /** The places if there are several, the problem, and its effect on each client. */
  readonly summary: string;
  /** The first place. */
  readonly evidence: string;
  /** The cure for the first place. */
  readonly hint: string;
  /** Profiles that are affected, or use an affected session; empty if the whole machine is affected. */
  readonly profiles: readonly string[];
}

export interface Diagnosis {
  /** True unless something failed. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly notices: readonly Finding[];
  /** Ids of the rules that found nothing, in the order of the table. */
  readonly passed: readonly string[];
}

/**
 * Returns the findings of the rules.
 * @param each whether each place is a separate finding.
 */
export function diagnose(rules: readonly Rule[], seen: Observations, each = false): Diagnosis {
  const findPlace = createPlaceFinder(seen);
  const judged = rules
    .filter(({ isApplicable }) => isApplicable === undefined || isApplicable(seen))
    .map((rule) => {
      const places = listHits(rule.judge(seen))
        .filter((hit) => rule.id === TEMPLATE_RULE || !isInTemplate(seen.config, hit))
        .map(findPlace);
      return { id: rule.id, found: toFindings(rule, places, each) };
    });
  const all = judged.flatMap(({ found }) => found);
  return {
    ok: all.every(({ level }) => level !== "fail"),
    findings: all.filter(({ level }) => level !== "notice"),
    notices: all.filter(({ level }) => level === "notice"),
    passed: judged.filter(({ found }) => found.length === 0).map(({ id }) => id),
  };
}

/**
 * For a line of a template, only this rule reports a finding, because the values of the template's fields are not
 * known.
 */
const TEMPLATE_RULE = "config-template";

function isInTemplate({ path, document }: ObservedFile, { evidence }: RuleHit): boolean {
  const location = parseLocation(evidence);
  return location?.path === path && isTemplateLine(document.lines[location.line - 1] ?? "");
}

/** A hit, and the profiles that it affects. */
interface Place {
  readonly hit: RuleHit;
  /** The section that contains the evidence. */
  readonly section: SectionName | undefined;
  readonly profiles: readonly string[];
}

function toFindings(rule: Rule, places: readonly Place[], each: boolean): Finding[] {
  if (each) return places.flatMap((place) => toFindings(rule, [place], false));
  const [first] = places;
  if (first === undefined) return [];
  const { id, level, looksFor, readers } = rule;
  const where = places.length === 1 ? "" : `${describePlaces(places)} (latchkey doctor --all): `;
  const what = findCommon(places, ({ hit }) => hit.what ?? looksFor) ?? looksFor;
  const who = findCommon(places, ({ hit }) => hit.readers ?? readers) ?? readers;
  const { evidence, hint } = first.hit;
  const profiles = [...new Set(places.flatMap((place) => place.profiles))];
  const summary = redact(`${where}${what}: ${who}`);
  return [{ id, level, summary, evidence, hint: redact(hint), profiles }];
}

/** Returns the text if it is the same for all places. */
function findCommon(places: readonly Place[], read: (place: Place) => string): string | undefined {
  const different = new Set(places.map(read));
  return different.size === 1 ? [...different][0] : undefined;
}

/** Returns for example `48 profiles: a, b, c …`. */
function describePlaces(places: readonly Place[]): string {
  const sections = places.map(({ section }) => section).filter((section) => section !== undefined);
  const headers = [...new Set(sections.map(formatHeader))];
  if (sections.length < places.length) {
    const evidence = places.map(({ hit }) => keepEnd(hit.evidence));
    return listNames("places", evidence);
  }
  if (headers.length === 1) return `${places.length} places in ${headers[0]}`;
  const [type, ...others] = new Set(sections.map((section) => section.type));
  const noun = others.length === 0 && type !== undefined ? NOUNS[type] : undefined;
  return noun === undefined
    ? listNames("sections", headers)
    : listNames(
        noun,
        sections.map(({ name }) => name),
      );
}

const NOUNS: Readonly<Partial<Record<SectionName["type"], string>>> = {
  profile: "profiles",
  "sso-session": "SSO sessions",
};
const MOST_NAMES = 3;
const NAME_COLUMNS = 60;

/** Cuts a long path at its start, since the line number is at the end. */
function keepEnd(place: string): string {
  return place.length <= NAME_COLUMNS ? place : `…${place.slice(1 - NAME_COLUMNS)}`;
}

function listNames(noun: string, names: readonly string[]): string {
  const all = [...new Set(names)];
  const shown = all.slice(0, MOST_NAMES).map((name) => truncate(name, NAME_COLUMNS));
  return `${all.length} ${noun}: ${shown.join(", ")}${all.length > MOST_NAMES ? " …" : ""}`;
}

/** Returns a function that finds the profiles of a hit from its evidence: a line of a file, or the token of a session. */
function createPlaceFinder(seen: Observations): (hit: RuleHit) => Place {
  const users = groupUsers(seen);
  const listProfiles = ({ type, name }: SectionName): readonly string[] =>
    type === "profile"
      ? [name]
      : (users.get(`${type} ${name}`) ?? []).map(({ profile }) => profile);
  const tokens = new Map(
    seen.tokens.map(({ path, session }) => [
      path,
      { type: "sso-session", name: sessionLabel(session) } as const,
    ]),
  );
  const bareNames = new Map(
    [...seen.credentialsProfiles].map(([name, section]) => [section, name]),
  );
  const findInConfig = createSectionFinder(seen.config);
  const findInCredentials = createSectionFinder(seen.credentials);

  return (hit) => {
    const keys = findInCredentials(hit.evidence);
    const bareName = keys && bareNames.get(keys);
    const section =
      tokens.get(hit.evidence) ??
      (bareName === undefined
        ? findInConfig(hit.evidence)
        : { type: "profile" as const, name: bareName });
    return { hit, section, profiles: section === undefined ? [] : listProfiles(section) };
  };
}

/** Groups profiles by their session and `services` section; a legacy session's name is its start URL. */
function groupUsers({
  profiles,
}: Observations): ReadonlyMap<string, ReadonlyArray<{ readonly profile: string }>> {
  const uses = profiles.flatMap((profile) => {
    const session =
      profile.value("sso_session") ??
      parseOwnProcess(profile.value("credential_process"))?.session ??
      profile.value("sso_start_url");
    return [`sso-session ${session ?? ""}`, `services ${profile.value("services") ?? ""}`].map(
      (used) => ({ used, profile: profile.name }),
    );
  });
  return Map.groupBy(uses, ({ used }) => used);
}

/** Returns a function that finds the section with the line of the evidence. */
function createSectionFinder({
  path,
  document,
}: ObservedFile): (evidence: string) => ConfigSection | undefined {
  const sectionOf: Array<ConfigSection | undefined> = [];
  let current: ConfigSection | undefined;
  const headers = new Map(document.sections.map((section) => [section.line, section]));
  for (let line = 0; line <= document.lines.length; line += 1) {
    current = headers.get(line) ?? current;
    sectionOf.push(current);
  }
  return (evidence) => {
    const location = parseLocation(evidence);
    return location?.path === path ? sectionOf[location.line] : undefined;
  };
}
