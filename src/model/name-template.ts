import { trimEndOf } from "../text/json.ts";
import { usageError, type LatchkeyError } from "../errors.ts";
import type { Account } from "./account.ts";
import { closestMatches } from "../text/terminal.ts";

/**
 * How `profiles sync` names a profile: text with fields in braces, each with filters behind bars, as in
 * `{account.slug}-{role|lower}`. The syntax is on docs/sync.md.
 */

/** What a name is made of. */
interface NameSource {
  readonly account: Account;
  readonly roleName: string;
  readonly session: string;
  /** The region of the profile; undefined where it gets none. */
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

/** @throws LatchkeyError USAGE for an unknown field or filter, naming the known ones, and for anything else that is none. */
export function parseTemplate(text: string): NameTemplate {
  const parts: Array<string | Placeholder> = [];
  for (const [piece] of text.matchAll(/\{[^{}]*\}|[^{}]+|[{}]/g)) {
    if (piece === "{" || piece === "}")
      throw templateError(`The template has a ${piece} that belongs to no pair.`);
    if (piece.startsWith("{")) parts.push(parsePlaceholder(piece.slice(1, -1)));
    else if (/^[A-Za-z0-9_.@+%:/-]+$/.test(piece)) parts.push(piece);
    else
      throw templateError(
        `The template has ${JSON.stringify(piece)} between its fields: profile names take letters, digits and _ . @ + % : / - only.`,
      );
  }
  if (!parts.some((part) => typeof part !== "string"))
    throw templateError(
      "The template has no field, so that every profile would get the same name.",
    );
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

/** The name as the template makes it: names from the service are data, so it may be none that a profile can have. */
export function renderTemplate({ parts }: NameTemplate, source: NameSource): string {
  return parts
    .map((part) => (typeof part === "string" ? part : renderPlaceholder(part, source)))
    .join("");
}

function renderPlaceholder({ field, filters }: Placeholder, source: NameSource): string {
  return filters.reduce((text, filter) => FILTERS[filter](text), FIELDS[field](source));
}

/** The account's name as a word; its id where that leaves nothing. */
export function accountSlug({ accountId, accountName }: Account): string {
  const word = slug(accountName ?? "");
  return word === "" ? accountId : word;
}

const UTF_8 = new TextEncoder();

/** With whatever a profile's name can't have as `%XX`, byte by byte, so that no two texts become one. */
export function encodeName(text: string): string {
  const encode = (character: string): string =>
    Array.from(UTF_8.encode(character), formatByte).join("");
  return text.replace(/[^A-Za-z0-9_.@+:/-]/gu, encode);
}

function formatByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** Lower case, accents taken off, and a hyphen for whatever is no letter, digit, `_` or `.`; none at the ends. */
export function slug(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
  return trimEndOf(plain.replace(/[^a-z0-9_.]+/g, "-").replace(/^[-.]+/, ""), "-.");
}
