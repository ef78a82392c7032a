import {
  findSection,
  listProfileNames,
  listSessionNames,
  type ConfigEntry,
  type ConfigSection,
} from "../aws-config/document.ts";
import { findValue } from "../profiles/profile.ts";
import type { Observations, ObservedFile } from "./rule.ts";

/** The sections that the doctor's rules look at, and how they name a place. */

/** Each profile of the config once, as it counts. */
export function listProfiles({ config }: Observations): ConfigSection[] {
  return listProfileNames(config.document).flatMap(
    (name) => findSection(config.document, "profile", name) ?? [],
  );
}

export function listSessions({ config }: Observations): ConfigSection[] {
  return listSessionNames(config.document).flatMap(
    (name) => findSection(config.document, "sso-session", name) ?? [],
  );
}

/** Profiles that carry start URL and region themselves. */
export function listLegacyProfiles(seen: Observations): ConfigSection[] {
  return listProfiles(seen).filter(
    (section) =>
      findValue(section, "sso_session") === undefined &&
      findValue(section, "sso_start_url") !== undefined,
  );
}

export function formatHeader({ type, name }: Pick<ConfigSection, "type" | "name">): string {
  if (type === "other") return `[${name}]`;
  return type === "profile" && name === "default" ? "[default]" : `[${type} ${name}]`;
}

export function findEntry(section: ConfigSection, key: string): ConfigEntry | undefined {
  return section.entries.find((entry) => entry.key === key);
}

/** The line of the first of these keys that is there, else of the header. */
export function locateKey(
  { path }: ObservedFile,
  section: ConfigSection,
  ...keys: readonly string[]
): string {
  const line =
    keys.map((key) => findEntry(section, key)?.line).find((found) => found !== undefined) ??
    section.line;
  return `${path}, line ${line}`;
}

export function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}
