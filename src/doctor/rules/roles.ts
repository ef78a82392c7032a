import { findSection, type ConfigSection } from "../../aws-config/document.ts";
import { valueOf } from "../../profiles/profile.ts";
import { nearest } from "../../text/terminal.ts";
import { credentialsProfiles, hasKeys } from "./credentials.ts";
import type { Observations, Rule } from "../rule.ts";
import { headerOf, placeIn, profilesOf } from "../places.ts";

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
      profilesOf(seen)
        .filter(
          (section) =>
            valueOf(section, "role_arn") !== undefined &&
            ["source_profile", "credential_source", "web_identity_token_file"].every(
              (key) => valueOf(section, key) === undefined,
            ),
        )
        .map((section) => ({
          what: `${headerOf(section)} has a role_arn and no source of credentials`,
          evidence: placeIn(seen.config, section, "role_arn"),
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
      profilesOf(seen).flatMap((section) => {
        const source = valueOf(section, "source_profile");
        if (source === undefined || isKnownProfile(seen, source)) return [];
        const close = nearest(source, [
          ...profilesOf(seen).map(({ name }) => name),
          ...credentialsProfiles(seen).keys(),
        ]);
        return [
          {
            what: `${headerOf(section)} has the source_profile "${source}", which does not exist`,
            evidence: placeIn(seen.config, section, "source_profile"),
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
      profilesOf(seen)
        .filter((section) => loops(seen, section))
        .map((section) => ({
          what: `the source_profile of ${headerOf(section)} leads back to itself`,
          evidence: placeIn(seen.config, section, "source_profile"),
          hint: "Name the profile that has the first credentials.",
        })),
  },
];

export function isKnownProfile(seen: Observations, name: string): boolean {
  return (
    findSection(seen.config.document, "profile", name) !== undefined ||
    credentialsProfiles(seen).has(name)
  );
}

/** A profile may be its own source where it has keys, too. */
function loops(seen: Observations, start: ConfigSection): boolean {
  const visited = new Set<string>();
  for (let name = valueOf(start, "source_profile"); name !== undefined && !visited.has(name);) {
    const section = findSection(seen.config.document, "profile", name);
    if (section === undefined || hasKeys(seen, name)) return false;
    if (name === start.name) return true;
    visited.add(name);
    name = valueOf(section, "source_profile");
  }
  return false;
}
