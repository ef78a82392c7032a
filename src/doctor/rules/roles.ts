import { findSection, type ConfigSection } from "../../aws-config/document.ts";
import { findValue } from "../../profiles/profile.ts";
import { closestMatches } from "../../text/terminal.ts";
import type { Observations } from "../observations.ts";
import { hit } from "../hit.ts";
import { eachProfile, fail, warn, type Rule } from "../rule.ts";
import { hasKeys } from "./credentials.ts";

/** Profiles that assume a role: where their first credentials come from. */

export const ROLE_RULES: readonly Rule[] = [
  warn("role-without-source", {
    looksFor:
      "a `role_arn` without `source_profile`, `credential_source` or `web_identity_token_file`",
    readers: "the AWS CLI refuses the profile, JavaScript does not assume the role",
    judge: eachProfile(
      (profile) =>
        profile.hasAny("role_arn") &&
        !profile.hasAny("source_profile", "credential_source", "web_identity_token_file") &&
        profile.hit(
          "role_arn",
          "has a role_arn and no source of credentials",
          "Add source_profile with the name of the profile that may assume it.",
        ),
    ),
  }),
  fail("source-profile-missing", {
    looksFor: "a `source_profile` that neither the config nor the credentials file has",
    readers: "every client fails with this profile",
    judge: eachProfile((profile, seen) => {
      const source = profile.value("source_profile");
      if (source === undefined || isKnownProfile(seen, source)) return undefined;
      const known = [...seen.profiles.map(({ name }) => name), ...seen.credentialsProfiles.keys()];
      return profile.hit(
        "source_profile",
        `has the source_profile "${source}", which does not exist`,
        suggestNearest(source, known, "Make that profile, or name another."),
      );
    }),
  }),
  fail("source-profile-loop", {
    looksFor: "profiles whose `source_profile` leads back to themselves",
    readers: "the AWS CLI refuses the profile, and so do the SDKs",
    judge: eachProfile(
      (profile, seen) =>
        hasLoop(seen, profile) &&
        hit(
          `the source_profile of ${profile.header} leads back to itself`,
          profile.locate("source_profile"),
          "Name the profile that has the first credentials.",
        ),
    ),
  }),
];

/** @param otherwise the hint where no known name is near. */
export function suggestNearest(name: string, known: readonly string[], otherwise: string): string {
  const close = closestMatches(name, known);
  return close.length === 0 ? otherwise : `The nearest: ${close.join(", ")}`;
}

export function isKnownProfile(seen: Observations, name: string): boolean {
  return (
    findSection(seen.config.document, "profile", name) !== undefined ||
    seen.credentialsProfiles.has(name)
  );
}
/** A profile may be its own source where it has keys, too. */
function hasLoop(seen: Observations, start: ConfigSection): boolean {
  const visited = new Set<string>();
  for (let name = findValue(start, "source_profile"); name !== undefined && !visited.has(name);) {
    const section = findSection(seen.config.document, "profile", name);
    if (section === undefined || hasKeys(seen, name)) return false;
    if (name === start.name) return true;
    visited.add(name);
    name = findValue(section, "source_profile");
  }
  return false;
}
