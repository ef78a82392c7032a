import { trimEndOf } from "../text/json.ts";
import { redact } from "../text/secrets/redact.ts";

/** Finds the names in a message: first in its placeholders, then in text that looks like an account, a Region or a URL. */

export interface Names {
  readonly profile: string | null;
  readonly session: string | null;
  readonly account: string | null;
  readonly role: string | null;
  readonly region: string | null;
  readonly url: string | null;
  readonly arn: string | null;
  /** The refused action: `s3:ListBucket`. */
  readonly action: string | null;
  /** Unparsed, as in the text. */
  readonly time: string | null;
  readonly requestId: string | null;
  /** HTTP status. */
  readonly status: number | null;
}

export type NamedBy = Partial<Record<keyof Names, string>>;

const REGION = String.raw`(?:us|eu|ap|sa|ca|af|me|il|mx|cn)(?:-(?:gov|iso[a-z]?|isof))?-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d`;
/** Excludes NAME, the placeholder in a usage line. */
const NAME = String.raw`(?!NAME\b|PROFILE\b)[\w.@+=,/:-]{1,128}`;
const QUOTED = String.raw`["'\`“‘]([^"'\`”’\n]{1,128})["'\`”’]`;

/** The first group is the name. The first pattern that matches is used. */
const PATTERNS: Readonly<Record<keyof Names, readonly RegExp[]>> = {
  profile: [
    new RegExp(String.raw`(?:--profile[ =]|AWS_PROFILE[=:] ?|-ProfileName )["']?(${NAME})`, "i"),
    new RegExp(String.raw`\bprofile (?:name )?${QUOTED}`, "i"),
    /\bprofile \[([^\]\n]{1,128})\]/i,
    /\[profile ["']?([^\]\n"']{1,128})["']?\]/i,
    new RegExp(String.raw`ProfileCredentialsProvider\(profileName=([^,)\n]{1,128})`),
  ],
  session: [
    new RegExp(String.raw`--sso-session[ =]["']?(${NAME})`, "i"),
    new RegExp(String.raw`\bsso[-_ ]session (?:name )?${QUOTED}`, "i"),
  ],
  account: [
    // The caller's account comes first, since a refusal may also contain other accounts.
    /\barn:[\w-]{1,20}:sts:[\w-]{0,20}:(\d{12}):assumed-role\//,
    /\barn:[\w-]{1,20}:[\w-]{1,40}:[\w-]{0,20}:(\d{12}):/,
    /\b(?:account(?:[ _-]?id)?|--account-id|accountId)["']?[ =:]{1,3}["']?(\d{12})\b/i,
    /\b(\d{12})\.dkr\.ecr\./,
    /(?<![\w.-])(\d{12})(?![\w.-])/,
  ],
  role: [
    /:(?:assumed-)?role\/(?:aws-reserved\/[\w./-]{1,64}\/)?AWSReservedSSO_([\w+=,.@-]{1,64}?)_[0-9a-f]{4,16}\b/,
    /:assumed-role\/([\w+=,.@-]{1,64})/,
    /:role\/(?:[\w./-]{1,128}\/)?([\w+=,.@-]{1,64})/,
    /(?:--role-name[ =]["']?|[?&]role_name=)([\w+=,.@-]{1,64})/,
  ],
  region: [
    new RegExp(String.raw`\bregion["']?[ =:]{1,3}["'\[]?(${REGION})\b`, "i"),
    new RegExp(String.raw`\b(${REGION})\b`),
  ],
  url: [/\b(https?:\/\/[^\s"'<>\\)\]}]{1,2000})/],
  arn: [/\b(arn:aws[\w-]{0,20}:[\w-]{1,40}:[\w-]{0,20}:\d{0,12}:[\w+=,.@:/*-]{1,200})/],
  action: [/\bauthorized to perform:?\s{1,8}([a-z0-9-]{1,40}:[A-Za-z]{1,80})\b/],
  time: [
    /\b(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|UTC| UTC|[+-]\d\d:?\d\d)?)/,
    /\b(\d{8}T\d{6}Z)\b/,
  ],
  requestId: [/\brequest[ _-]?id["']?[ =:>]{1,3}["']?([0-9a-f][0-9a-f-]{15,63})/i],
  status: [
    /\b(?:http(?:[ _-]?status)?(?:[ _-]?code)?|status(?:[ _-]?code)?|statuscode|https response error statuscode)["']?[ =:]{1,3}["']?([1-5]\d\d)\b/i,
  ],
};

/**
 * Returns the names with secrets masked; null for each that is not found.
 * @param around the message and the text around it.
 * @param named the names in the message's placeholders, which take precedence.
 */
export function readNames(around: string, named: NamedBy): Names {
  const read = (key: keyof Names): string | null => named[key] ?? findName(around, PATTERNS[key]);
  const status = read("status");
  const url = read("url");
  return {
    profile: mask(read("profile")),
    session: mask(read("session")),
    account: read("account"),
    role: mask(read("role")),
    region: read("region"),
    url: url === null ? null : maskUrl(url),
    arn: mask(read("arn")),
    action: read("action"),
    time: mask(read("time")),
    requestId: mask(read("requestId")),
    status: status === null ? null : Number(status),
  };
}

/** Returns the last match: it is the closest to the failure. */
function findName(text: string, patterns: readonly RegExp[]): string | null {
  for (const pattern of patterns) {
    const all = [...text.matchAll(new RegExp(pattern, `g${pattern.flags}`))];
    const found = all.at(-1)?.[1];
    if (found !== undefined) return trimEndOf(found, ".,:;)");
  }
  return null;
}

/** AWS key ids can be recognised only by their prefix. */
const ACCESS_KEY = /\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{12,}\b/g;
/** AWS secret keys: 40 characters with upper case, lower case and digits; `/`, `+` and `=` may occur. */
const SECRET_KEY =
  /(?<![\w/+=])(?=[\w/+=]*[A-Z])(?=[\w/+=]*[a-z])(?=[\w/+=]*\d)[A-Za-z0-9/+=]{40}(?![\w/+=])/g;
/** The secret parameters of a presigned URL, and the user part of a URL. */
const SIGNED = /([?&]X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']{1,4000}/gi;
const USER_OF_URL = /(:\/\/)[^/@\s]{1,400}@/g;

/** Returns the text without credentials, signatures and other secrets. */
export function mask(text: string): string;
export function mask(text: string | null): string | null;
export function mask(text: string | null): string | null {
  if (text === null) return null;
  const plain = text
    .replace(SIGNED, "$1…")
    .replace(USER_OF_URL, "$1")
    .replace(ACCESS_KEY, "…")
    .replace(SECRET_KEY, "…");
  return redact(plain);
}

/** Keeps only host and path of a URL. */
function maskUrl(url: string): string {
  return mask(url.replace(/[?#].*$/s, ""));
}

/** What a name looks like in the text of its placeholder, by kind. */
const FORMS: Readonly<Record<string, RegExp>> = {
  account: /(\d{12})/,
  region: /([a-z]{2}(?:-[a-z]+){1,3}-\d)/,
  url: /(https?:\/\/[^\s"'<>\\)\]}]+)/,
  role: /([\w+=,.@-]{1,64})/,
  time: /(\S.{0,60}?)\s*(?:["'),]|$)/s,
  requestId: /([\w-]{8,64})/,
};
/**
 * Names of profiles and sessions may contain blanks. A quoted name ends at its quote, an unquoted one at the end of its
 * line.
 */
const QUOTED_NAME = /^\s*["'`“‘]([^"'`”’]{1,128})["'`”’]/;
const ANY_NAME = /^[\s│"'`([{“‘]*([^\n]{1,128}?)[\s"'`)\]}”’.,:;]*(?:\n|$)/;

/**
 * Returns the names in the placeholders; line breaks in a wrapped name become blanks.
 * @param slots the placeholders with their text.
 */
export function readSlots(slots: ReadonlyArray<readonly [name: string, text: string]>): NamedBy {
  return Object.fromEntries(
    slots.flatMap(([name, text]) => {
      if (name === "…") return [];
      const found = findSlotName(name, text);
      return found === undefined ? [] : [[name, found.replace(/\s+/g, " ")]];
    }),
  ) as NamedBy;
}

function findSlotName(name: string, text: string): string | undefined {
  const form = FORMS[name];
  if (form !== undefined) return form.exec(text.split(/\n\s*\n/)[0] ?? "")?.[1];
  return (QUOTED_NAME.exec(text) ?? ANY_NAME.exec(text))?.[1];
}
