import { LatchkeyError, usageError } from "../errors.ts";
import { formatInstant } from "../text/instant.ts";
import { toProcessJson } from "./role.ts";

/** Formats credentials of any kind for shells, files and SDKs. */

/** Long-term keys have no session token and no expiration. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly expiration: Date | undefined;
  /** The account's 12 digits; undefined if unknown. */
  readonly accountId: string | undefined;
}

interface ExportedProfile {
  readonly profile: string;
  readonly region: string | undefined;
}

type Format = (credentials: AwsCredentials, exported: ExportedProfile) => string;

/**
 * The formats by name. All except nushell and the last three are exactly those of the AWS CLI
 * (`aws configure export-credentials`), so values are not quoted.
 */
const FORMATS = {
  env: createFormat((name, value) => `export ${name}=${value}`),
  "env-no-export": createFormat((name, value) => `${name}=${value}`),
  fish: createFormat((name, value) => `set -gx ${name} "${value}"`),
  powershell: createFormat((name, value) => `$Env:${name}="${value}"`),
  "windows-cmd": createFormat((name, value) => `set ${name}=${value}`),
  nushell: (credentials) => toText(credentialVariables({ ...credentials, accountId: undefined })),
  process: (credentials) =>
    toText(toProcessJson({ ...credentials, accountId: undefined }, pythonInstant)),
  dotenv: createFormat((name, value) => `${name}=${value}`, "whole"),
  "credentials-file": credentialsFileSection,
  sts: stsAnswer,
} satisfies Record<string, Format>;

export type ExportFormat = keyof typeof FORMATS;
export const EXPORT_FORMATS = Object.keys(FORMATS) as ExportFormat[];
/** Formats that a shell evaluates. */
export const SHELL_FORMATS: readonly ExportFormat[] = [
  "env",
  "env-no-export",
  "fish",
  "powershell",
  "windows-cmd",
  "nushell",
];

/**
 * Returns the credentials in a format. Refuses values that a shell could read as more than one word.
 * @throws LatchkeyError BAD_RESPONSE for such a value, USAGE for a profile name that is not valid in a credentials file.
 */
export function exportText(
  format: ExportFormat,
  credentials: AwsCredentials,
  exported: ExportedProfile,
): string {
  checkValues(credentials);
  return FORMATS[format](credentials, exported);
}

/** Returns the output of `--json`: the process format with the account id. */
export function exportJson(credentials: AwsCredentials): string {
  checkValues(credentials);
  return toText(toProcessJson(credentials, pythonInstant));
}

/** Creates a format with one line per variable. */
function createFormat(
  formatLine: (name: string, value: string) => string,
  extent: "as-the-aws-cli" | "whole" = "as-the-aws-cli",
): Format {
  return (credentials, { region }) => {
    const variables =
      extent === "whole"
        ? { ...credentialVariables(credentials, pythonInstant), ...regionVariables(region) }
        : credentialVariables({ ...credentials, accountId: undefined }, pythonInstant);
    return Object.entries(variables)
      .map(([name, value]) => `${formatLine(name, value)}\n`)
      .join("");
  };
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Formats an instant like Python's isoformat, as the AWS CLI prints it. */
function pythonInstant(instant: Date): string {
  return formatInstant(instant).replace("Z", "+00:00");
}

/** Returns the variables that every AWS client reads. */
export function credentialVariables(
  credentials: AwsCredentials,
  instant: (expiration: Date) => string = formatInstant,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    ...(expiration === undefined ? {} : { AWS_CREDENTIAL_EXPIRATION: instant(expiration) }),
    ...(accountId === undefined ? {} : { AWS_ACCOUNT_ID: accountId }),
  };
}

/** Returns both region variables: botocore reads only AWS_DEFAULT_REGION, other SDKs only AWS_REGION. */
export function regionVariables(region: string | undefined): Record<string, string> {
  return region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

export interface ContainerCredentialsJson {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string | null;
  readonly Expiration: string | null;
  readonly AccountId?: string;
}

/**
 * Returns a response of the container credentials protocol.
 * Source: the AWS SDKs and Tools Reference Guide, "Container credential provider".
 */
export function containerJson({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
  accountId,
}: AwsCredentials): string {
  const value: ContainerCredentialsJson = {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken ?? null,
    Expiration: expiration === undefined ? null : formatInstant(expiration),
    ...(accountId === undefined ? {} : { AccountId: accountId }),
  };
  return JSON.stringify(value);
}

/**
 * Formats credentials like the output of `aws sts assume-role`, which coding agents accept (Claude Code's
 * `awsCredentialExport`).
 */
function stsAnswer({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: AwsCredentials): string {
  return toText({
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration && formatInstant(expiration),
    },
  });
}

/**
 * Returns a section of the credentials file. The expiration is a comment in it.
 * @param marks further keys of the section, which no AWS client reads.
 * @throws LatchkeyError USAGE for a name that is not valid in a credentials file, BAD_RESPONSE as `exportText` does.
 */
export function formatMarkedSection(
  credentials: AwsCredentials,
  profile: string,
  marks: Readonly<Record<string, string>>,
): string {
  checkValues(credentials);
  const own = Object.entries(marks).map(([key, value]) => `${key} = ${value}\n`);
  const text = credentialsFileSection(credentials, { profile, region: undefined });
  return text + own.join("");
}

function credentialsFileSection(
  { accessKeyId, secretAccessKey, sessionToken, expiration, accountId }: AwsCredentials,
  { profile }: ExportedProfile,
): string {
  if (!/^[A-Za-z0-9_.@+%:/-]+$/.test(profile)) {
    throw usageError(
      "Not every SDK can read that profile's name in a credentials file.",
      "Use another format, or a profile named in letters, digits and _.@+%:/-",
    );
  }
  const lines = [
    `[${profile}]`,
    ...(expiration === undefined ? [] : [`# good until ${formatInstant(expiration)}`]),
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    ...(sessionToken === undefined ? [] : [`aws_session_token = ${sessionToken}`]),
    ...(accountId === undefined ? [] : [`aws_account_id = ${accountId}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function checkValues({ accessKeyId, secretAccessKey, sessionToken = "-" }: AwsCredentials): void {
  const named = {
    "access key id": accessKeyId,
    "secret access key": secretAccessKey,
    "session token": sessionToken,
  };
  for (const [name, value] of Object.entries(named)) {
    if (!/^[A-Za-z0-9/+=._-]+$/.test(value)) {
      throw new LatchkeyError(
        "BAD_RESPONSE",
        `The ${name} contains a character that AWS credentials never have and that a shell could misread.`,
        { hint: "See where these credentials come from: latchkey whoami" },
      );
    }
  }
}
