import { isAccountId, isRoleName } from "./role.ts";
import { parseScopes } from "./sso-session.ts";
import { isClientRegion, isRegion, isStartUrl } from "./start-url.ts";

/** What each kind of value must be, wherever it comes from: a file, a flag, the environment. */

interface ValueKind {
  readonly isRight: (text: string) => boolean;
  /** What is said of one that is not, unless its characters say more. */
  readonly fault: string;
  readonly cure: string;
}

/** The AWS CLI's output formats: what `output` in a profile may say. */
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
    cure: "See the roles that you hold: latchkey roles",
  },
  output: {
    isRight: (text) => OUTPUT_FORMATS.includes(text),
    fault: "is no output format of the AWS CLI",
    cure: `It takes one of ${OUTPUT_FORMATS.join(", ")}.`,
  },
  /** STS: 15 minutes to 12 hours. */
  duration: {
    isRight: (text) => /^\d{3,5}$/.test(text) && Number(text) >= 900 && Number(text) <= 43_200,
    fault: "is not a number of seconds from 900 to 43200",
    cure: "An hour is 3600.",
  },
  /** STS: `RoleSessionName`. */
  sessionName: {
    isRight: (text) => /^[\w+=,.@-]{2,64}$/.test(text),
    fault: "is not 2 to 64 letters, digits and _ + = , . @ -",
    cure: "Write it without blanks and slashes.",
  },
  roleArn: {
    isRight: (text) => /^arn:[a-z-]+:iam::\d{12}:role\/[\u0021-\u007e]{1,512}$/.test(text),
    fault: "is not the ARN of a role",
    cure: "It looks like arn:aws:iam::123456789012:role/NAME",
  },
  url: {
    isRight: (text) =>
      /^[\x21-\x7e]+$/.test(text) && /^https?:$/.test(URL.parse(text)?.protocol ?? ""),
    fault: "is not a URL",
    cure: "It looks like https://HOST",
  },
} as const satisfies Record<string, ValueKind>;

export type ValueName = keyof typeof VALUES;

/** What is odd about a value's characters, whatever it is for; undefined for nothing. */
export function describeOddity(text: string): string | undefined {
  const found = ODDITIES.find(({ pattern }) => pattern.test(text));
  if (found === undefined) return undefined;
  const [character = ""] = found.pattern.exec(text) ?? [];
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return found.words.replace("U+", `U+${code}`);
}

const ODDITIES: ReadonlyArray<{ readonly pattern: RegExp; readonly words: string }> = [
  { pattern: /\r/, words: "has a carriage return in it" },
  { pattern: /\ufeff/, words: "has a byte order mark in it (U+)" },
  {
    pattern: /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/,
    words: "has a control character in it (U+)",
  },
  {
    pattern: /\p{Default_Ignorable_Code_Point}/u,
    words: "has an invisible character in it (U+)",
  },
  {
    pattern: /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/,
    words: "has a blank in it that is no space (U+)",
  },
  { pattern: /^(?=["']).*["']$/s, words: "has quotes around it" },
  {
    pattern: /^[\u2018-\u201f\u00ab\u00bb].*|[\u2018-\u201f\u00ab\u00bb]$/,
    words: "has typographic quotes around it (U+)",
  },
];

/** What is wrong with a value of a kind, for the words behind its name; undefined for a right one. */
export function describeFault(kind: ValueName, text: string): string | undefined {
  const { isRight, fault } = VALUES[kind];
  return isRight(text) ? undefined : (describeOddity(text) ?? fault);
}
