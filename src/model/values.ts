import type { Environment } from "../context.ts";
import { configError } from "../errors.ts";
import { findOddCharacter } from "../text/odd-character.ts";
import { isAccountId, isRoleName, isRoleSessionName } from "./role.ts";
import { parseScopes } from "./sso-session.ts";
import { isClientRegion, isRegion, isStartUrl, judgeRegion } from "./start-url.ts";

/** The valid values of each kind of setting, key, flag and variable. */

interface ValueKind {
  readonly isRight: (text: string) => boolean;
  /** The message for an invalid value. If the value has an unexpected character, that is reported instead. */
  readonly fault: string;
  readonly cure: string;
}

/** The AWS CLI's output formats: the valid values of `output` in a profile. */
export const OUTPUT_FORMATS: readonly string[] = [
  "json",
  "text",
  "table",
  "yaml",
  "yaml-stream",
  "off",
];

export const VALUES = {
  startUrl: {
    isRight: isStartUrl,
    fault: "is not an https URL",
    cure: "A start URL looks like https://my-company.awsapps.com/start",
  },
  ssoRegion: {
    isRight: isRegion,
    fault: "is not a region's name",
    cure: "A region looks like us-east-1: the one in which your company's IAM Identity Center runs.",
  },
  region: {
    isRight: isClientRegion,
    fault: "is not a region's name",
    cure: "A region looks like eu-west-1.",
  },
  scopes: {
    isRight: (text) => parseScopes(text) !== undefined,
    fault: "must be separated by commas",
    cure: "The usual value is sso:account:access",
  },
  accountId: {
    isRight: isAccountId,
    fault: "is not 12 digits",
    cure: "Write it with its leading zeros.",
  },
  roleName: {
    isRight: isRoleName,
    fault: "is not a role's name",
    cure: "List your roles: latchkey roles",
  },
  output: {
    isRight: (text) => OUTPUT_FORMATS.includes(text),
    fault: "is not an output format of the AWS CLI",
    cure: `Use one of ${OUTPUT_FORMATS.join(", ")}.`,
  },
  /** STS allows durations from 15 minutes to 12 hours. */
  duration: {
    isRight: (text) => /^\d{3,5}$/.test(text) && Number(text) >= 900 && Number(text) <= 43_200,
    fault: "is not a number of seconds from 900 to 43200",
    cure: "An hour is 3600.",
  },
  /** The `RoleSessionName` of STS. */
  sessionName: {
    isRight: isRoleSessionName,
    fault: "is not 2 to 64 letters, digits and _ + = , . @ -",
    cure: "Write it without blanks and slashes.",
  },
  roleArn: {
    // STS checks the account and the role's name, and reports errors in them.
    isRight: (text) => /^arn:[a-z-]+:iam::[\u0021-\u007e]{1,512}$/.test(text),
    fault: "is not the ARN of a role",
    cure: "It looks like arn:aws:iam::123456789012:role/NAME",
  },
  port: {
    isRight: (text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535,
    fault: "is not a port from 1 to 65535",
    cure: "Use one that no other program uses, such as 8765.",
  },
  url: {
    isRight: (text) =>
      /^[\x21-\x7e]+$/.test(text) && /^https?:$/.test(URL.parse(text)?.protocol ?? ""),
    fault: "is not a URL",
    cure: "It looks like https://HOST",
  },
} as const satisfies Record<string, ValueKind>;

export type ValueName = keyof typeof VALUES;

/** The kind of value of each key of a profile or a session. Clients use these values unchanged. */
export const KEY_VALUES: Readonly<Record<string, ValueName>> = {
  sso_start_url: "startUrl",
  sso_region: "ssoRegion",
  sso_registration_scopes: "scopes",
  sso_account_id: "accountId",
  sso_role_name: "roleName",
  region: "region",
  output: "output",
  duration_seconds: "duration",
  role_session_name: "sessionName",
  role_arn: "roleArn",
  endpoint_url: "url",
};

/** Checks a variable. @throws LatchkeyError CONFIG_INVALID with the variable's name if its value is not valid. */
export function checkVariable(env: Environment, variable: string, kind: ValueName): void {
  const text = env[variable] ?? "";
  const fault = text === "" ? undefined : describeFault(kind, text);
  if (fault !== undefined)
    throw configError(`${variable} ${fault}.`, `Set it again, or: unset ${variable}`);
}

/** Returns the end of a message that starts with the value's name; undefined if the value is valid. */
export function describeFault(kind: ValueName, text: string): string | undefined {
  const { isRight, fault } = VALUES[kind];
  const odd = findOddCharacter(text);
  if (isRight(text)) return undefined;
  return odd === undefined ? fault : `has ${odd}`;
}

/** Returns how to correct an invalid value. */
export function describeCure(kind: ValueName, text: string): string {
  const judged = kind === "region" || kind === "ssoRegion" ? judgeRegion(text) : undefined;
  if (judged?.kind === "slip") return `Did you mean ${judged.meant}?`;
  const odd = findOddCharacter(text);
  if (odd === undefined) return VALUES[kind].cure;
  return odd.endsWith("quotes around it") ? "Remove the quotes." : "Type it again.";
}
