import { trimEndOf } from "../text/json.ts";
import { usageError, type LatchkeyError } from "../errors.ts";
import type { Account } from "./account.ts";
import { closestMatches } from "../text/terminal.ts";

/**
 * Creates the profile names of `profiles sync` from a template, such as `{account.slug}-{role|lower}`. A template is
 * text with fields in braces; a field may have filters after bars. The syntax is described in docs/sync.md.
 */

/** The values from which a profile name is created. */
interface NameSource {
  readonly account: Account;
  readonly roleName: string;
  readonly session: string;
  /** The region of the profile; undefined if the profile has no region. */
  readonly region: string | undefined;
}

const FIELDS = {
  "account.id": ({ account }) => account.accountId,
  "account.name": ({ account }) => account.accountName ?? account.accountId,
  "account.slug": ({ account }) => accountSlug(account),
  role: ({ roleName }) => roleName,
  session: ({ session }) => session,
  email: ({ account }) => account.emailAddress ?? "",
  region: ({ region }) => region ?? "",
} satisfies Record<string, (source: NameSource) => string>;
const FILTERS = {
  lower: (text) => text.toLowerCase(),
  slug,
  trim: (text) => text.trim(),
  encode: encodeName,
} satisfies Record<string, (text: string) => string>;

type Field = keyof typeof FIELDS;
type Filter = keyof typeof FILTERS;

interface Placeholder {
  readonly field: Field;
  readonly filters: readonly Filter[];
}

export interface NameTemplate {
  readonly parts: ReadonlyArray<string | Placeholder>;
}

/**
 * Parses a template.
 * @throws LatchkeyError USAGE for a text that is not a template. For an unknown field or filter, the message lists the
 * known ones.
 */
export function parseTemplate(text: string): NameTemplate {
  const parts: Array<string | Placeholder> = [];
  for (const [piece] of text.matchAll(/\{[^{}]*\}|[^{}]+|[{}]/g)) {
    if (piece === "{" || piece === "}")
      throw templateError(`The template has an unmatched ${piece}.`);
    if (piece.startsWith("{")) parts.push(parsePlaceholder(piece.slice(1, -1)));
    else if (/^[A-Za-z0-9_.@+%:/-]+$/.test(piece)) parts.push(piece);
    else
      throw templateError(
        `The template has ${JSON.stringify(piece)} between its fields. Use only letters, digits and _ . @ + % : / - there.`,
      );
  }
  if (!parts.some((part) => typeof part !== "string"))
    throw templateError("The template has no field, so every profile would get the same name.");
  return { parts };
}

export function isTemplate(text: string): boolean {
  try {
    return parseTemplate(text).parts.length > 0;
  } catch {
    return false;
  }
}

function parsePlaceholder(text: string): Placeholder {
  const [field = "", ...filters] = text.split("|").map((word) => word.trim());
  return {
    field: requireWord("field", field, FIELDS),
    filters: filters.map((filter) => requireWord("filter", filter, FILTERS)),
  };
}

function requireWord<Word extends string>(
  kind: string,
  word: string,
  table: Readonly<Record<Word, unknown>>,
): Word {
  const known = Object.keys(table) as Word[];
  const found = known.find((name) => name === word);
  if (found !== undefined) return found;
  const [close] = closestMatches(word, known);
  throw templateError(
    `The template has no ${kind} ${JSON.stringify(word)}. There are: ${known.join(", ")}.`,
    close === undefined ? undefined : `The nearest: ${close}`,
  );
}

function templateError(
  message: string,
  hint = "For example: --template '{account.slug}-{role|lower}'",
): LatchkeyError {
  return usageError(message, hint);
}

export function hasField(template: NameTemplate, field: Field): boolean {
  return template.parts.some((part) => typeof part !== "string" && part.field === field);
}

/** Returns the name from a template. It contains names from AWS, so it may not be a valid profile name. */
export function renderTemplate({ parts }: NameTemplate, source: NameSource): string {
  return parts
    .map((part) => (typeof part === "string" ? part : renderPlaceholder(part, source)))
    .join("");
}

function renderPlaceholder({ field, filters }: Placeholder, source: NameSource): string {
  return filters.reduce((text, filter) => FILTERS[filter](text), FIELDS[field](source));
}

/** Returns the account's name as one word. If no characters of the name are allowed in it, returns the account's id. */
export function accountSlug({ accountId, accountName }: Account): string {
  const word = slug(accountName ?? "");
  return word === "" ? accountId : word;
}

const UTF_8 = new TextEncoder();

/**
 * Returns the text with each byte of a character that is not allowed in a profile name written as `%XX`. Different
 * texts give different results.
 */
export function encodeName(text: string): string {
  const encode = (character: string): string =>
    Array.from(UTF_8.encode(character), formatByte).join("");
  return text.replace(/[^A-Za-z0-9_.@+:/-]/gu, encode);
}

function formatByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/**
 * Returns the text in lower case without accents. Characters other than letters, digits, `_` and `.` become a hyphen,
 * and hyphens at the start and the end are removed.
 */
export function slug(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
  return trimEndOf(plain.replace(/[^a-z0-9_.]+/g, "-").replace(/^[-.]+/, ""), "-.");
}
