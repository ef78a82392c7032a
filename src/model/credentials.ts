import { LatchkeyError, usageError } from "../errors.ts";
import { formatInstant } from "../text/instant.ts";
import { toProcessJson } from "./role.ts";

/** Credentials of any kind, and the forms in which they are handed to shells, files and SDKs. */

/** Long-term keys have neither a session token nor an end. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly expiration: Date | undefined;
}

interface ExportedProfile {
  readonly profile: string;
  readonly region: string | undefined;
}

type Format = (credentials: AwsCredentials, exported: ExportedProfile) => string;

/** The first six are the AWS CLI's own, byte for byte (`aws configure export-credentials`): nothing is quoted. */
const FORMATS = {
  env: createFormat((name, value) => `export ${name}=${value}`),
  "env-no-export": createFormat((name, value) => `${name}=${value}`),
  fish: createFormat((name, value) => `set -gx ${name} "${value}"`),
  powershell: createFormat((name, value) => `$Env:${name}="${value}"`),
  "windows-cmd": createFormat((name, value) => `set ${name}=${value}`),
  process: (credentials) =>
    `${JSON.stringify(toProcessJson(credentials, pythonInstant), undefined, 2)}\n`,
  dotenv: createFormat((name, value) => `${name}=${value}`, "with-region"),
  "credentials-file": credentialsFileSection,
} satisfies Record<string, Format>;

export type ExportFormat = keyof typeof FORMATS;
export const EXPORT_FORMATS = Object.keys(FORMATS) as ExportFormat[];

/**
 * The text of a format; a value is refused where a shell could see more in it than a word.
 * @throws LatchkeyError BAD_RESPONSE for such a value, USAGE for a profile's name that no credentials file can hold.
 */
export function exportText(
  format: ExportFormat,
  credentials: AwsCredentials,
  exported: ExportedProfile,
): string {
  checkValues(credentials);
  return FORMATS[format](credentials, exported);
}

/** A line for each variable. */
function createFormat(
  formatLine: (name: string, value: string) => string,
  extent?: "with-region",
): Format {
  return (credentials, { region }) => {
    const regions =
      extent === undefined || region === undefined
        ? {}
        : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
    return Object.entries({ ...credentialVariables(credentials, pythonInstant), ...regions })
      .map(([name, value]) => `${formatLine(name, value)}\n`)
      .join("");
  };
}

/** Python's isoformat, which the AWS CLI prints. */
function pythonInstant(instant: Date): string {
  return formatInstant(instant).replace("Z", "+00:00");
}

/** The variables that every AWS client reads. */
export function credentialVariables(
  credentials: AwsCredentials,
  instant: (expiration: Date) => string = formatInstant,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    ...(expiration === undefined ? {} : { AWS_CREDENTIAL_EXPIRATION: instant(expiration) }),
  };
}

export interface ContainerCredentialsJson {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string | null;
  readonly Expiration: string | null;
}

/**
 * What the container credentials protocol answers.
 * Source: the AWS SDKs' and Tools Reference Guide, "Container credential provider".
 */
export function containerJson({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: AwsCredentials): string {
  const value: ContainerCredentialsJson = {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken ?? null,
    Expiration: expiration === undefined ? null : formatInstant(expiration),
  };
  return JSON.stringify(value);
}

function credentialsFileSection(
  { accessKeyId, secretAccessKey, sessionToken, expiration }: AwsCredentials,
  { profile }: ExportedProfile,
): string {
  if (!/^[A-Za-z0-9_.@+%:/-]+$/.test(profile)) {
    throw usageError(
      "That profile's name can't stand in a credentials file that every SDK reads.",
      "Use another format, or a profile named in letters, digits and _.@+%:/-",
    );
  }
  const lines = [
    `[${profile}]`,
    ...(expiration === undefined ? [] : [`# good until ${formatInstant(expiration)}`]),
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    ...(sessionToken === undefined ? [] : [`aws_session_token = ${sessionToken}`]),
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
        `The ${name} holds a character that no AWS credential has, and that a shell could take for more than a word.`,
        { hint: "Where does that profile's answer come from? latchkey whoami shows it." },
      );
    }
  }
}
