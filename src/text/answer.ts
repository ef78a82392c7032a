import { LatchkeyError } from "../errors.ts";
import { toInstant } from "./instant.ts";
import { isRecord, readText, readVisibleAscii, type PlainRecord } from "./json.ts";

/**
 * Reads the responses of services, which are not trusted. An error contains the operation and the path of the invalid
 * value, such as `roleCredentials.expiration`, but never the value.
 */

/** A response, and the operation that returned it. */
export interface Answer {
  readonly operation: string;
  readonly body: unknown;
}

/** Returns the value at a path without checking it; undefined if there is none. */
export function readMember({ body }: Answer, member: string): unknown {
  return member
    .split(".")
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), body);
}

/** Returns an identifier or a secret, which must be visible ASCII. @throws LatchkeyError BAD_RESPONSE */
export function requireText(answer: Answer, member: string, maxLength?: number): string {
  const text = readVisibleAscii(readMember(answer, member), maxLength);
  if (text === undefined) throw memberError(answer, member);
  return text;
}

/**
 * Returns an instant that a service sends as a number.
 * @param toMilliseconds converts the number to milliseconds since 1970.
 * @throws LatchkeyError BAD_RESPONSE
 */
export function requireInstant(
  answer: Answer,
  member: string,
  toMilliseconds: (value: number) => number,
): Date {
  const value = readMember(answer, member);
  const instant = typeof value === "number" ? toInstant(toMilliseconds(value)) : undefined;
  if (instant === undefined) throw memberError(answer, member);
  return instant;
}

/** The valid items of a list, and the number of invalid ones. */
export interface Narrowed<Item> {
  readonly items: readonly Item[];
  readonly leftOut: number;
}

/**
 * Returns the valid items of a list.
 * @param narrow returns undefined for an invalid item.
 * @throws LatchkeyError BAD_RESPONSE if there is no list, since a missing list is not an empty list, or if the list has
 * items but none is valid.
 */
export function narrowList<Item>(
  answer: Answer,
  member: string,
  narrow: (item: PlainRecord) => Item | undefined,
): Narrowed<Item> {
  const items = readEach(answer, member, (record) => {
    const item = narrow(record);
    return item === undefined ? [] : [item];
  });
  return { items, leftOut: readItems(answer, member).length - items.length };
}

/**
 * Returns the items made from the records of a list.
 * @param toItems returns an empty list for an invalid record.
 * @throws LatchkeyError BAD_RESPONSE as in `narrowList`
 */
export function readEach<Item>(
  answer: Answer,
  member: string,
  toItems: (record: PlainRecord) => readonly Item[],
): Item[] {
  return keepUsable(answer, member, (item) => (isRecord(item) ? toItems(item) : []));
}

/** Returns the non-empty texts of a list. @throws LatchkeyError BAD_RESPONSE as in `narrowList` */
export function readTexts(answer: Answer, member: string): string[] {
  return keepUsable(answer, member, (item) => {
    const text = readText(item);
    return text === undefined ? [] : [text];
  });
}

/**
 * Returns the first item.
 * @throws LatchkeyError BAD_RESPONSE if there is no item: an empty response does not show that the requested object no
 * longer exists.
 */
export function requireOne<Item>(answer: Answer, member: string, items: readonly Item[]): Item {
  const [first] = items;
  if (first === undefined) throw memberError(answer, member);
  return first;
}

function keepUsable<Item>(
  answer: Answer,
  member: string,
  toItems: (item: unknown) => readonly Item[],
): Item[] {
  const all = readItems(answer, member);
  const items = all.flatMap(toItems);
  if (items.length === 0 && all.length > 0) throw memberError(answer, member);
  return items;
}

/** The maximum length of a token. No service sends longer tokens, and a longer one would not fit into the next request. */
const MOST_TOKEN_CHARACTERS = 16_384;

/**
 * Returns the token of the next page; undefined on the last page.
 * @throws LatchkeyError BAD_RESPONSE for an invalid token. Without the error, the list would seem to end there.
 */
export function readPageToken(answer: Answer, member: string): string | undefined {
  const token = readMember(answer, member) ?? "";
  if (token === "") return undefined;
  // A text with a lone surrogate can't be sent in the next request.
  const isToken =
    typeof token === "string" && token.length <= MOST_TOKEN_CHARACTERS && token.isWellFormed();
  if (!isToken) throw memberError(answer, member);
  return token;
}

function readItems(answer: Answer, member: string): unknown[] {
  const list = readMember(answer, member);
  if (!Array.isArray(list)) throw memberError(answer, member);
  return list;
}

export function memberError({ operation }: Answer, member: string): LatchkeyError {
  return new LatchkeyError(
    "BAD_RESPONSE",
    `The answer of ${operation} has no usable "${member}".`,
    { hint: "Try again. If the error stays, report it with the output of --debug." },
  );
}
