import {
  findSection,
  profileNames,
  sessionNames,
  type ConfigEntry,
  type ConfigSection,
} from "../aws-config/document.ts";
import { valueOf } from "../profiles/profile.ts";
import type { Observations, ObservedFile } from "./rule.ts";

/** The sections that the doctor's rules look at, and how they name a place. */

/** Each profile of the config once, as it counts. */
export function profilesOf({ config }: Observations): ConfigSection[] {
  return profileNames(config.document).flatMap(
    (name) => findSection(config.document, "profile", name) ?? [],
  );
}

export function sessionsOf({ config }: Observations): ConfigSection[] {
  return sessionNames(config.document).flatMap(
    (name) => findSection(config.document, "sso-session", name) ?? [],
  );
}

/** Profiles that carry start URL and region themselves. */
export function legacyProfilesOf(seen: Observations): ConfigSection[] {
  return profilesOf(seen).filter(
    (section) =>
      valueOf(section, "sso_session") === undefined &&
      valueOf(section, "sso_start_url") !== undefined,
  );
}

export function headerOf({ type, name }: Pick<ConfigSection, "type" | "name">): string {
  if (type === "other") return `[${name}]`;
  return type === "profile" && name === "default" ? "[default]" : `[${type} ${name}]`;
}

export function entryOf(section: ConfigSection, key: string): ConfigEntry | undefined {
  return section.entries.find((entry) => entry.key === key);
}

/** The line of the first of these keys that is there, else of the header. */
export function placeIn(
  { path }: ObservedFile,
  section: ConfigSection,
  ...keys: readonly string[]
): string {
  const line =
    keys.map((key) => entryOf(section, key)?.line).find((found) => found !== undefined) ??
    section.line;
  return `${path}, line ${line}`;
}

export function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}
