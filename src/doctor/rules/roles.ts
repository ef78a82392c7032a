import { findSection, type ConfigSection } from "../../aws-config/document.ts";
import { findValue } from "../../profiles/profile.ts";
import { closestMatches } from "../../text/terminal.ts";
import { listCredentialsProfiles, hasKeys } from "./credentials.ts";
import type { Observations, Rule } from "../rule.ts";
import { formatHeader, locateKey, listProfiles } from "../places.ts";

/** Profiles that assume a role: where their first credentials come from. */

export const ROLE_RULES: readonly Rule[] = [
  {
    id: "role-without-source",
    level: "warn",
    subject: "profiles",
    looksFor:
      "a `role_arn` without `source_profile`, `credential_source` or `web_identity_token_file`",
    readers: "the AWS CLI refuses the profile, JavaScript does not assume the role",
    judge: (seen) =>
      listProfiles(seen)
        .filter(
          (section) =>
            findValue(section, "role_arn") !== undefined &&
            ["source_profile", "credential_source", "web_identity_token_file"].every(
              (key) => findValue(section, key) === undefined,
            ),
        )
        .map((section) => ({
          what: `${formatHeader(section)} has a role_arn and no source of credentials`,
          evidence: locateKey(seen.config, section, "role_arn"),
          hint: "Add source_profile with the name of the profile that may assume it.",
        })),
  },
  {
    id: "source-profile-missing",
    level: "fail",
    subject: "profiles",
    looksFor: "a `source_profile` that neither the config nor the credentials file has",
    readers: "every client fails with this profile",
    judge: (seen) =>
      listProfiles(seen).flatMap((section) => {
        const source = findValue(section, "source_profile");
        if (source === undefined || isKnownProfile(seen, source)) return [];
        const close = closestMatches(source, [
          ...listProfiles(seen).map(({ name }) => name),
          ...listCredentialsProfiles(seen).keys(),
        ]);
        return [
          {
            what: `${formatHeader(section)} has the source_profile "${source}", which does not exist`,
            evidence: locateKey(seen.config, section, "source_profile"),
            hint:
              close.length === 0
                ? "Make that profile, or name another."
                : `The nearest: ${close.join(", ")}`,
          },
        ];
      }),
  },
  {
    id: "source-profile-loop",
    level: "fail",
    subject: "profiles",
    looksFor: "profiles whose `source_profile` leads back to themselves",
    readers: "the AWS CLI refuses the profile, and so do the SDKs",
    judge: (seen) =>
      listProfiles(seen)
        .filter((section) => hasLoop(seen, section))
        .map((section) => ({
          what: `the source_profile of ${formatHeader(section)} leads back to itself`,
          evidence: locateKey(seen.config, section, "source_profile"),
          hint: "Name the profile that has the first credentials.",
        })),
  },
];

export function isKnownProfile(seen: Observations, name: string): boolean {
  return (
    findSection(seen.config.document, "profile", name) !== undefined ||
    listCredentialsProfiles(seen).has(name)
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
