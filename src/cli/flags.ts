import { Args, Flags, type Interfaces } from "@oclif/core";
import { usageError } from "../errors.ts";
import { awsFlags, formatFlags } from "./format-flags.ts";
import { describeCure, describeFault, OUTPUT_FORMATS, type ValueName } from "../model/values.ts";

/** Flags and arguments that several commands share: name, short form, help text, and conversion for the features. */

/** An optional flag with one value. */
export function textFlag(
  helpValue: string,
  description: string,
  char?: Interfaces.AlphabetLowercase,
) {
  return Flags.string({ description, helpValue, ...(char === undefined ? {} : { char }) });
}

/**
 * A flag for a value of one kind.
 * @throws LatchkeyError USAGE with the flag's name, if the value is not valid.
 */
export function valueFlag(
  kind: ValueName,
  name: string,
  texts: { readonly helpValue: string; readonly description: string },
  char?: Interfaces.AlphabetLowercase,
) {
  return Flags.string({
    ...texts,
    ...(char === undefined ? {} : { char }),
    parse: (text: string) => Promise.resolve(checkFlag(kind, name, text)),
  });
}

/** An empty value is valid: for `configure` it means "no value". */
function checkFlag(kind: ValueName, name: string, text: string): string {
  const fault = text === "" ? undefined : describeFault(kind, text);
  if (fault === undefined) return text;
  throw usageError(`--${name} ${fault}.`, describeCure(kind, text));
}

/** Returns the flags under a heading of their own in the help: `MORE FLAGS` for `MORE`. */
export function groupFlags<F extends Readonly<Record<string, object>>>(
  helpGroup: string,
  flags: F,
): F {
  const grouped = Object.entries(flags).map(([name, flag]) => [name, { ...flag, helpGroup }]);
  return Object.fromEntries(grouped) as F;
}

/** A flag with one value that may be given several times. */
export function namesFlag(helpValue: string, description: string) {
  return Flags.string({ description, helpValue, multiple: true });
}

/** The accounts of the organization, for administrators. */
export function accountsFlag(helpValue: string, description: string) {
  const spelling = { char: "a" as const, aliases: ["account-id"] };
  return Flags.string({ ...spelling, description, helpValue, multiple: true });
}

const PROFILE_WORD = "profile or ACCOUNT/ROLE (else --profile, else AWS_PROFILE)";

/** The profile as an argument. */
export const profileArg = Args.string({ description: PROFILE_WORD });

/** Returns one word or none as a list, for functions that take several. */
export function toWords(word: string | undefined): string[] {
  return word === undefined ? [] : [word];
}

/** @throws LatchkeyError USAGE for a name together with --all. */
export function refuseNameWithAll(words: readonly string[], flags: object): void {
  const [name] = [words.join(" "), ...Object.values(flags)].filter(Boolean);
  if (name === undefined) return;
  throw usageError(
    `"${name}" names one session, and --all means every session.`,
    "Give one of the two.",
  );
}

/** Returns a value that can be given as a word or by its flag. @throws LatchkeyError USAGE if they differ. */
export function readGivenTwice(
  flag: string,
  word: string | undefined,
  value: string | undefined,
): string | undefined {
  if (word === undefined || value === undefined || word === value) return word ?? value;
  throw usageError(`"${word}" and ${flag} ${value} contradict each other.`, "Give one of the two.");
}

/** The profile or role as an argument of one or more words. */
export const profileWordsArg = Args.string({
  description: "profile, ACCOUNT/ROLE, or words of its name (else AWS_PROFILE)",
  multiple: true,
});

/** The session argument of commands about signing in. */
export const sessionArg = Args.string({
  description: "SSO session, or a profile that uses it",
});

export const sessionWordsArg = Args.string({
  description: "SSO session, a profile that uses it, or words of its name",
  multiple: true,
});

export const profileFlag = textFlag("NAME", "profile of the AWS config (else AWS_PROFILE)", "p");

export const ssoSessionFlag = Flags.string({
  aliases: ["session"],
  description: "SSO session of the AWS config",
  helpValue: "NAME",
});

const startUrlFlag = Flags.string({
  aliases: ["sso-start-url"],
  description: "start URL of the access portal",
  helpValue: "URL",
});

const ssoRegionFlag = valueFlag("ssoRegion", "sso-region", {
  helpValue: "REGION",
  description: "region of IAM Identity Center",
});

const longAccountIdFlag = textFlag("ID", "12-digit AWS account id");

export const accountIdFlag = { ...longAccountIdFlag, char: "a" as const };

const longRoleNameFlag = valueFlag("roleName", "role-name", {
  helpValue: "NAME",
  description: "role (permission set) name",
});

export const roleNameFlag = { ...longRoleNameFlag, char: "r" as const };

export const regionFlag = valueFlag("region", "region", {
  helpValue: "REGION",
  description: "region to use (else AWS_REGION, else the profile's)",
});

/** Region of the Identity Center instance, for administrators. */
export const instanceRegionFlag = valueFlag("ssoRegion", "region", {
  helpValue: "REGION",
  description: "region of the Identity Center instance",
});

export const csvFlag = Flags.boolean({
  description: "print comma-separated values (RFC 4180)",
  exclusive: ["json"],
});

export const cachedFlag = Flags.boolean({
  description: "use the last listing; make no requests",
});

/** Has no default, because a team file may set the form. */
export const formFlag = Flags.option({
  options: ["sso-session", "legacy", "credential-process"] as const,
  description: "how a profile gets credentials (else sso-session)",
  env: "LATCHKEY_FORM",
})();

export const fromFlag = Flags.string({
  description: "team file: answers that your company shares",
  helpValue: "FILE",
  env: "LATCHKEY_FROM",
});

/** For profiles written by `configure` and `profiles sync`. */
export const outputFlag = Flags.string({
  description: "default output format of the AWS CLI",
  options: OUTPUT_FORMATS,
  env: "LATCHKEY_OUTPUT",
});

/** The flags that select a session. */
export const sessionFlags = {
  profile: profileFlag,
  "sso-session": ssoSessionFlag,
  "start-url": startUrlFlag,
  "sso-region": ssoRegionFlag,
};

/** The flags of lists of accounts and roles. */
export const listingFlags = {
  ...sessionFlags,
  cached: cachedFlag,
  csv: csvFlag,
  ...formatFlags,
  ...awsFlags,
};

/**
 * Lets `LATCHKEY_…` set a flag; only for `login`, `configure` and `profiles sync`. In other commands such a variable
 * could affect a credential_process that an SDK runs, and change which role it returns.
 */
export function allowEnvironment<Flag extends object>(
  flag: Flag,
  variable: `LATCHKEY_${string}`,
): Flag & { env: string } {
  return { ...flag, env: variable };
}

/** The session flags that `LATCHKEY_…` variables can set. */
export const answerableSessionFlags = {
  "sso-session": allowEnvironment(ssoSessionFlag, "LATCHKEY_SSO_SESSION"),
  "start-url": allowEnvironment(startUrlFlag, "LATCHKEY_START_URL"),
  "sso-region": allowEnvironment(ssoRegionFlag, "LATCHKEY_SSO_REGION"),
};

/** Returns only the flags from the command line, so that a typed word overrides a variable. */
export function keepTyped<F extends object>(
  flags: F,
  raw: ReadonlyArray<{ readonly type: string; readonly flag?: string }>,
): Partial<F> {
  const typed = new Set(raw.map(({ flag }) => flag));
  const kept = Object.entries(flags).filter(([name]) => typed.has(name));
  return Object.fromEntries(kept) as Partial<F>;
}

/**
 * The flags of commands about a profile, or about a role without one. They have no short forms, because other tools use
 * -a for the profile and -r for the Region in such commands.
 */
export const roleFlags = {
  profile: profileFlag,
  "sso-session": ssoSessionFlag,
  "account-id": longAccountIdFlag,
  "role-name": longRoleNameFlag,
};

/** Returns the parsed role flags under the names that the features use. */
export function toRoleFlags(flags: Interfaces.InferredFlags<typeof roleFlags>) {
  return {
    profile: flags.profile,
    ssoSession: flags["sso-session"],
    accountId: flags["account-id"],
    roleName: flags["role-name"],
  };
}

/** Returns the parsed session flags under the names that the features use. */
export function toSessionFlags(flags: Partial<Interfaces.InferredFlags<typeof sessionFlags>>) {
  return {
    profile: flags.profile,
    ssoSession: flags["sso-session"],
    startUrl: flags["start-url"],
    ssoRegion: flags["sso-region"],
  };
}

/** The flags of `federation` for the administrator's credentials and region. */
export const administratorFlags = {
  profile: textFlag(
    "NAME",
    "administrator's profile (else keys in the environment, else AWS_PROFILE)",
    "p",
  ),
  region: instanceRegionFlag,
  timeout: Flags.integer({
    description: "give up after this many seconds",
    helpValue: "SECONDS",
    min: 1,
  }),
};

export const strictFlag = Flags.boolean({ description: "treat warnings as failures" });

/** When the SCIM token was created or expires; AWS reports neither. */
export const scimTokenFlags = {
  "token-stdin": Flags.boolean({
    description: "read the SCIM token from stdin (else LATCHKEY_SCIM_TOKEN)",
  }),
  "token-created": Flags.string({
    description: "day the token was made; it is valid for a year",
    helpValue: "YYYY-MM-DD",
    exclusive: ["token-expires"],
  }),
  "token-expires": textFlag("YYYY-MM-DD", "day the token expires"),
};

/** The values that metadata and its URLs are compared with. */
export const metadataFlags = {
  "acs-url": textFlag("URL", "ACS URL entered in Okta"),
  "issuer-url": textFlag("URL", "issuer URL (audience) entered in Okta"),
  "min-days": Flags.integer({
    description: "warn if a certificate expires within this many days",
    helpValue: "DAYS",
    default: 60,
    min: 0,
  }),
  "okta-domain": textFlag("HOST", "host of your Okta sign-in page"),
};
