import { findSection, type ConfigSection } from "../../aws-config/document.ts";
import { isRoleSessionName } from "../../model/role.ts";
import { describeFault } from "../../model/values.ts";
import { parseOwnProcess } from "../../clients/identity.ts";
import { findValue } from "../../profiles/profile.ts";
import { closestMatches } from "../../text/terminal.ts";
import type { Observations, ObservedSection } from "../observations.ts";
import { hit } from "../hit.ts";
import { eachProfile, fail, warn, type Rule } from "../rule.ts";
import { hasKeys } from "./credentials.ts";

/** Rules for profiles that assume a role, and for the source of their credentials. */

export const ROLE_RULES: readonly Rule[] = [
  warn("role-without-source", {
    looksFor:
      "a `role_arn` without `source_profile`, `credential_source` or `web_identity_token_file`",
    readers: "the AWS CLI refuses the profile; JavaScript does not assume the role",
    judge: eachProfile(
      (profile) =>
        profile.hasAny("role_arn") &&
        !profile.hasAny("source_profile", "credential_source", "web_identity_token_file") &&
        profile.hit(
          "role_arn",
          "has a role_arn and no source of credentials",
          "Add source_profile with the name of a profile that may assume the role.",
        ),
    ),
  }),
  fail("source-profile-missing", {
    looksFor: "a `source_profile` that is in neither the config nor the credentials file",
    readers: "every client fails with this profile",
    judge: eachProfile((profile, seen) => {
      const source = profile.value("source_profile");
      if (source === undefined || isKnownProfile(seen, source)) return undefined;
      const known = [...seen.profiles.map(({ name }) => name), ...seen.credentialsProfiles.keys()];
      return profile.hit(
        "source_profile",
        `has the source_profile "${source}", which does not exist`,
        suggestNearest(source, known, "Create that profile, or use another one."),
      );
    }),
  }),
  fail("source-profile-loop", {
    looksFor: "profiles whose `source_profile` leads back to themselves",
    readers: "the AWS CLI and the SDKs refuse the profile",
    judge: eachProfile((profile, seen) => {
      const loop = findLoop(seen, profile);
      if (loop === undefined) return undefined;
      return hit(
        `the source_profile of ${profile.header} leads back to itself (${loop.join(" → ")})`,
        profile.locate("source_profile"),
        "Set source_profile to the profile that has credentials.",
      );
    }),
  }),
  fail("role-duration", {
    looksFor:
      "a `duration_seconds` that STS does not accept: not 900 to 43200, or more than 3600 for a role that is assumed with another role's credentials",
    readers: "AWS refuses it for every client",
    judge: eachProfile((profile, seen) => {
      const seconds = profile.value("duration_seconds");
      if (seconds === undefined || !profile.hasAny("role_arn")) return undefined;
      if (describeFault("duration", seconds) !== undefined)
        return profile.hit(
          "duration_seconds",
          "has a duration_seconds that is not 900 to 43200",
          "Write the seconds as a number, or remove the line; the default is 3600.",
        );
      return (
        Number(seconds) > 3600 &&
        isChained(seen, profile) &&
        profile.hit(
          "duration_seconds",
          "has a duration_seconds over 3600, but another role assumes it, and role chaining is limited to 1 hour",
          "Set it to 3600 or less, or remove the line.",
        )
      );
    }),
  }),
  fail("role-session-name", {
    looksFor: "a `role_session_name` that STS does not accept",
    readers: "AWS refuses it for every client",
    judge: eachProfile((profile) => {
      const name = profile.value("role_session_name");
      return (
        name !== undefined &&
        !isRoleSessionName(name) &&
        profile.hit(
          "role_session_name",
          "has a role_session_name that is not 2 to 64 characters of A-Z, a-z, 0-9 and _+=,.@-",
          "Use only those characters, without blanks and slashes.",
        )
      );
    }),
  }),
];

const ROLE_SOURCES = ["sso_session", "sso_start_url", "role_arn"];

/** Whether the credentials that assume the role belong to a role: of Identity Center, of IAM, or of an instance. */
function isChained(seen: Observations, profile: ObservedSection): boolean {
  if (/^(Ec2InstanceMetadata|EcsContainer)$/.test(profile.value("credential_source") ?? ""))
    return true;
  const name = profile.value("source_profile");
  const source = seen.profiles.find((other) => other.name === name);
  if (name === undefined || source === undefined || name === profile.name) return false;
  const isOfRole =
    source.hasAny(...ROLE_SOURCES) ||
    parseOwnProcess(source.value("credential_process")) !== undefined;
  return isOfRole && !hasKeys(seen, name);
}

/** @param otherwise the hint if no known name is similar. */
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
/** Returns the loop of source profiles. A profile that also has access keys may be its own source. */
function findLoop(seen: Observations, start: ConfigSection): string[] | undefined {
  const visited = new Set<string>();
  for (let name = findValue(start, "source_profile"); name !== undefined && !visited.has(name);) {
    const section = findSection(seen.config.document, "profile", name);
    if (section === undefined || hasKeys(seen, name)) return undefined;
    if (name === start.name) return [start.name, ...visited, name];
    visited.add(name);
    name = findValue(section, "source_profile");
  }
  return undefined;
}
