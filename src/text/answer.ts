import { LatchkeyError } from "../errors.ts";
import { toInstant } from "./instant.ts";
import { isRecord, readText, readVisibleAscii, type PlainRecord } from "./json.ts";

/**
 * Reading of what a service answers: nothing of it is trusted. An error names the operation and the member that is wrong,
 * and never its value. A member is a path of names: `roleCredentials.expiration`.
 */

/** An answer, and the operation that gave it. */
export interface Answer {
  readonly operation: string;
  readonly body: unknown;
}

/** The value of a member, whatever it is; undefined where there is none. */
export function readMember({ body }: Answer, member: string): unknown {
  return member
    .split(".")
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), body);
}

/** An identifier or a secret: visible ASCII. @throws LatchkeyError BAD_RESPONSE */
export function requireText(answer: Answer, member: string, maxLength?: number): string {
  const text = readVisibleAscii(readMember(answer, member), maxLength);
  if (text === undefined) throw memberError(answer, member);
  return text;
}

/**
 * An instant that a service gives as a number.
 * @param toMilliseconds what that number is in milliseconds since 1970.
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

/** The items of a list that are what they should be, and how many of it are not. */
export interface Narrowed<Item> {
  readonly items: readonly Item[];
  readonly leftOut: number;
}

/**
 * A list whose items are narrowed each by itself.
 * @param narrow undefined for what is none.
 * @throws LatchkeyError BAD_RESPONSE where there is no list, or something in it and nothing of it usable: a list that is
 * left out is no empty one.
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
 * What the records of a list are.
 * @param toItems nothing for what is none.
 * @throws LatchkeyError BAD_RESPONSE as `narrowList`
 */
export function readEach<Item>(
  answer: Answer,
  member: string,
  toItems: (record: PlainRecord) => readonly Item[],
): Item[] {
  return keepUsable(answer, member, (item) => (isRecord(item) ? toItems(item) : []));
}

/** The same of texts. */
export function readTexts(answer: Answer, member: string): string[] {
  return keepUsable(answer, member, (item) => {
    const text = readText(item);
    return text === undefined ? [] : [text];
  });
}

/** An answer without what was asked for is none: the thing is not thereby gone. */
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

/** No token of a service is as long; it would have to fit into the next request. */
const MOST_TOKEN_CHARACTERS = 16_384;

/** The token of the next page. @throws LatchkeyError BAD_RESPONSE for one that is none: the list would seem to end there. */
export function readPageToken(answer: Answer, member: string): string | undefined {
  const token = readMember(answer, member) ?? "";
  if (token === "") return undefined;
  // Half a character can't be sent back.
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
    { hint: "Try again; if it stays so, report it with --debug." },
  );
}
