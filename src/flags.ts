import { Flags } from "@oclif/core";

/** Flags that mean the same in every command, defined once: name, short form, words; and how doors read them. */

export const profileFlag = Flags.string({ char: "p", description: "profile of the AWS config (else AWS_PROFILE)", helpValue: "NAME" });

export const ssoSessionFlag = Flags.string({ description: "SSO session of the AWS config", helpValue: "NAME" });

export const startUrlFlag = Flags.string({ aliases: ["sso-start-url"], description: "start URL of the access portal", helpValue: "URL" });

export const ssoRegionFlag = Flags.string({ description: "region in which IAM Identity Center runs", helpValue: "REGION" });

export const accountIdFlag = Flags.string({ char: "a", description: "12-digit AWS account id", helpValue: "ID" });

export const roleNameFlag = Flags.string({ char: "r", description: "role (permission set) name", helpValue: "NAME" });

export const regionFlag = Flags.string({ description: "region to work in (else AWS_REGION, else the profile's)", helpValue: "REGION" });

export const csvFlag = Flags.boolean({ description: "print comma-separated values (RFC 4180)", exclusive: ["json"] });

/** How a command is told which sign-in it is about. */
export const sessionFlags = { profile: profileFlag, "sso-session": ssoSessionFlag, "start-url": startUrlFlag, "sso-region": ssoRegionFlag };

/**
 * A flag of `login` or `configure` that can be answered by `LATCHKEY_…`, too. Elsewhere such a variable would reach
 * into a credential_process that an SDK runs, and change which role it serves.
 */
export function answerable<Flag extends object>(flag: Flag, variable: `LATCHKEY_${string}`): Flag & { env: string } {
  return { ...flag, env: variable };
}

interface ParsedSessionFlags {
  readonly profile?: string | undefined;
  readonly "sso-session"?: string | undefined;
  readonly "start-url"?: string | undefined;
  readonly "sso-region"?: string | undefined;
}

/** The parsed session flags under the names that the workflows use. */
export function sessionChoice(flags: ParsedSessionFlags) {
  return { profile: flags.profile, ssoSession: flags["sso-session"], startUrl: flags["start-url"], ssoRegion: flags["sso-region"] };
}
