import { LatchkeyError } from "../errors.ts";
import { findSection } from "../aws-config/document.ts";
import { findValue, type ConfigSource } from "../profiles/profile.ts";
import type { ChainedRole } from "../model/role.ts";

/**
 * The role of a profile that stands on another profile of the config. undefined for every other kind, and where the
 * source is only in the credentials file or the profile itself: those are the SDK's to resolve.
 */
export function resolveChainedRole(
  { document }: ConfigSource,
  profile: string,
): ChainedRole | undefined {
  const section = findSection(document, "profile", profile);
  if (section === undefined) return undefined;
  const value = (key: string): string | undefined => findValue(section, key);
  const roleArn = value("role_arn");
  const sourceProfile = value("source_profile");
  if (roleArn === undefined || sourceProfile === undefined || sourceProfile === profile)
    return undefined;
  if (findSection(document, "profile", sourceProfile) === undefined) return undefined;
  const seconds = Number(value("duration_seconds"));
  return {
    roleArn,
    sourceProfile,
    sessionName: value("role_session_name"),
    externalId: value("external_id"),
    durationSeconds: Number.isInteger(seconds) ? seconds : undefined,
    mfaSerial: value("mfa_serial"),
  };
}

/** As deep as the AWS CLI follows its own chain of processes. */
const DEEPEST_CHAIN = 4;

/**
 * The chain of profiles with one more, in the form of `_AWS_CLI_PROFILE_CHAIN` (names parted by commas): it goes from
 * process to process, since a credential_process can name a profile that names the same process again.
 * @throws LatchkeyError CONFIG_INVALID where a profile leads back to itself, or too far.
 */
export function extendChain(chain: string | undefined, profile: string): string {
  const names = (chain ?? "").split(",").filter((name) => name !== "");
  if (names.includes(profile) || names.length >= DEEPEST_CHAIN) {
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `The profile "${profile}" leads ${names.includes(profile) ? "back to itself" : "through too many others"}: ${[...names, profile].join(" → ")}.`,
      { hint: "Mend source_profile or credential_process in one of them." },
    );
  }
  return [...names, profile].join(",");
}
